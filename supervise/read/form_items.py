"""``items.yaml`` of a form → ``Item``: single items, families of items, comparatives.

A family stands for the product of its variables, so that a grid of some five hundred data is
written once. In: parsed mappings. Out: items by id, each with the place that defines it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any, get_args

from supervise.core.layout import Item, ItemUnit
from supervise.read.yaml import YamlMap, nearest
from supervise.record import field, record

AS_OF = {"year_start": "年初", "year_ago": "上年同期", "last_year": "上年全年"}
_UNITS = get_args(ItemUnit)
_ITEM_KEYS = ("name", "unit", "signed", "choices", "code", "required", "what")
_FAMILY_KEYS = ("id", "each", *_ITEM_KEYS)
_VALUE_KEYS = ("name", "unit", "what", "with")
_LIST_VALIDATION_LIMIT = 255


@record(frozen=False)
class ItemBook:
    """Items while they are being gathered.

    Attributes:
        items: By id, in file order.
        origin: Where each is defined: the mapping and its key.
    """

    items: dict[str, Item] = field(default_factory=dict)
    origin: dict[str, tuple[YamlMap, str]] = field(default_factory=dict)

    def add(self, item: Item, source: YamlMap, key: str) -> None:
        """Take an item in.

        Raises:
            RulebookError: The id is taken, or is no name.
        """
        if item.id in self.items:
            other, other_key = self.origin[item.id]
            source.fail(
                f"数据项 {item.id!r} 定义了两次",
                key=key,
                expected=f"编号不重复；已见于 {other.where(other_key)}",
                fix="改用新的编号。",
            )
        if not (item.id.isidentifier() and item.id.isascii()):
            source.fail(
                f"数据项编号 {item.id!r} 不合规则",
                key=key,
                expected="字母、数字、下划线，不以数字开头",
                fix="改写编号。",
            )
        self.items[item.id] = item
        self.origin[item.id] = (source, key)


def read_items(sources: Iterable[YamlMap]) -> ItemBook:
    """All items of all forms; comparatives come last, since they may belong to another form.

    Raises:
        RulebookError: A definition is wrong.
    """
    book = ItemBook()
    files = tuple(sources)
    for source in files:
        source.only(("items", "families", "comparatives"))
        entries = source.map("items")
        for key, entry in entries.items():
            book.add(_item(_mapping(entries, key, entry), key), entries, key)
        for family in source.maps("families"):
            _expand(family, book)
    for source in files:
        _compare(source.map("comparatives"), book)
    return book


def _mapping(parent: YamlMap, key: str, entry: Any) -> YamlMap:
    if not isinstance(entry, YamlMap):
        parent.fail(f"{key!r} 应为键值对", key=key, expected="{name, unit, what}", fix="改写。")
    return entry


def _item(entry: YamlMap, key: str) -> Item:
    entry.only(_ITEM_KEYS)
    unit = _unit(entry, entry.text("unit"))
    return Item(
        key,
        entry.text("name"),
        unit,
        entry.flag("signed"),
        _choices(entry, unit),
        "",
        "now",
        entry.text("code", ""),
        entry.flag("required", True),
        entry.text("what"),
    )


def _unit(entry: YamlMap, unit: str) -> ItemUnit:
    if unit not in _UNITS:
        entry.fail(
            f"未知的单位 {unit!r}",
            key="unit",
            expected=f"可用：{'、'.join(_UNITS)}",
            fix=f"改为 {nearest(unit, _UNITS)!r}。",
        )
    return unit  # type: ignore[return-value]


def _choices(entry: YamlMap, unit: str) -> tuple[str, ...]:
    choices = entry.texts("choices")
    if (unit == "choice") != bool(choices):
        entry.fail("choices 与 unit 不符", key="unit", expected="choice 须列 choices", fix="改写。")
    if len(",".join(choices)) > _LIST_VALIDATION_LIMIT or any("," in each for each in choices):
        entry.fail(
            "选项写不进下拉列表",
            key="choices",
            expected=f"连同逗号不超过 {_LIST_VALIDATION_LIMIT} 个字符，选项内无逗号",
            fix="缩短选项。",
        )
    return choices


def _expand(family: YamlMap, book: ItemBook) -> None:
    family.only(_FAMILY_KEYS)
    each = family.map("each")
    variables = tuple(each)
    axes = [tuple(_axis(each, family, name)) for name in variables]
    identity, name, what, code = (
        _pattern(family.text(key, ""), variables) for key in ("id", "name", "what", "code")
    )
    unit = _unit(family, family.text("unit"))
    signed, required = family.flag("signed"), family.flag("required", True)
    choices = family.texts("choices")
    for values in product(*axes):
        if any(value.limits and not value.meets(variables, values) for value in values):
            continue
        item = Item(
            identity.format(*[value.key for value in values]),
            name.format(*[value.name for value in values]),
            next((value.unit for value in values if value.unit), unit),
            signed,
            choices,
            "",
            "now",
            code.format(*[value.dotted for value in values]),
            required,
            what.format(*[value.what for value in values]),
        )
        book.add(item, family, "id")


def _pattern(text: str, variables: tuple[str, ...]) -> str:
    """``{row}`` → ``{0}``: patterns are filled some thousand times."""
    for index, variable in enumerate(variables):
        text = text.replace(f"{{{variable}}}", f"{{{index}}}")
    return text


@record
class _Value:
    """One value of a family's variable; ``limits`` says which values of others it goes with."""

    key: str
    dotted: str
    name: str
    unit: ItemUnit | None
    what: str
    limits: Mapping[str, tuple[str, ...]]

    def meets(self, variables: tuple[str, ...], values: tuple[_Value, ...]) -> bool:
        """Whether it goes with the other values."""
        return all(
            values[variables.index(variable)].key in allowed
            for variable, allowed in self.limits.items()
        )


def _axis(each: YamlMap, family: YamlMap, name: str) -> Iterable[_Value]:
    if f"{{{name}}}" not in family.text("id"):
        family.fail(
            f"变量 {name!r} 没有用在 id 中",
            key="each",
            expected=f"id 含 {{{name}}}",
            fix="改写 id，或删去该变量。",
        )
    for key, entry in each.map(name).items():
        dotted = key.replace("_", ".")
        if isinstance(entry, str):
            yield _Value(key, dotted, entry, None, entry, {})
            continue
        entry.only(_VALUE_KEYS)
        label = entry.text("name")
        limits = entry.map("with")
        yield _Value(
            key,
            dotted,
            label,
            _unit(entry, entry.text("unit")) if "unit" in entry else None,
            entry.text("what", label),
            {variable: limits.texts(variable) for variable in limits},
        )


def _compare(comparatives: YamlMap, book: ItemBook) -> None:
    for base_id in comparatives:
        base = book.items.get(base_id)
        if base is None:
            comparatives.fail(
                f"比较期引用了未知的数据项 {base_id!r}",
                key=base_id,
                expected="已定义的数据项",
                fix=f"改为 {nearest(base_id, book.items)!r}。",
            )
        for as_of in comparatives.texts(base_id):
            if as_of not in AS_OF:
                comparatives.fail(
                    f"未知的比较期 {as_of!r}",
                    key=base_id,
                    expected=f"可用：{'、'.join(AS_OF)}",
                    fix=f"改为 {nearest(as_of, AS_OF)!r}。",
                )
            book.add(_comparative(base, as_of), comparatives, base_id)


def _comparative(base: Item, as_of: str) -> Item:
    return Item(
        f"{base.id}_{as_of}",
        f"{base.name}（{AS_OF[as_of]}）",
        base.unit,
        base.signed,
        base.choices,
        base.id,
        as_of,  # type: ignore[arg-type]  # one of AS_OF, as the caller saw to
        "",
        base.required,
        f"{base.what}取{AS_OF[as_of]}数。",
    )
