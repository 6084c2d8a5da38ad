"""The grid of a layout: rows × columns × tiers, written once and expanded here.

``grid.item`` is a pattern such as ``S71_I_{row}_{col}{tier}``; a combination that no item
defines is a grey cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from supervise.core.layout import Item
from supervise.read.yaml import YamlList, YamlMap, nearest
from supervise.record import field, record

_GRID_KEYS = ("item", "from", "headings", "across", "rows", "totals")


@record
class Cell:
    """An address and the entry that puts an item there."""

    address: str
    source: YamlMap
    key: str

    def where(self) -> str:
        """``file:line`` of the entry."""
        return self.source.where(self.key)


@record(frozen=False)
class Grid:
    """An expanded grid; ``totals`` maps an item to the items it adds up."""

    labels: list[tuple[str, str, YamlMap]] = field(default_factory=list)
    cells: dict[str, Cell] = field(default_factory=dict)
    totals: dict[str, tuple[str, ...]] = field(default_factory=dict)
    undefined: list[str] = field(default_factory=list)


def column_letter(number: int) -> str:
    """``1`` → ``A``, ``28`` → ``AB``."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """``A`` → ``1``, ``AB`` → ``28``."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def read_grid(block: YamlMap, items: Mapping[str, Item]) -> Grid:
    """Expand one grid.

    Raises:
        RulebookError: A total names a row or tier that is not there, a row defines nothing, or
            an item of the family is left out.
    """
    block.only(_GRID_KEYS)
    grid = Grid()
    across = block.map("across")
    axes = {name: tuple(across.map(name)) for name in across}
    slots = [dict(zip(axes, keys, strict=True)) for keys in product(*axes.values())]
    first = column_number(block.text("from"))
    letters = [column_letter(first + index) for index in range(len(slots))]
    _headings(block, grid, slots, letters)
    pattern = block.text("item")
    for row in block.maps("rows"):
        _row(row, grid, pattern, list(zip(letters, slots, strict=True)), items)
    known = {**axes, "row": tuple(row.text("row") for row in block.maps("rows"))}
    for rule in block.maps("totals"):
        _totals(rule, grid, pattern, known)
    return grid


def _headings(block: YamlMap, grid: Grid, slots: list[dict[str, str]], letters: list[str]) -> None:
    """A heading wherever its axis changes; the first axis spans the ones below it."""
    headings, across = block.map("headings"), block.map("across")
    for name in across:
        texts, at, before = across.map(name), headings.text(name), ""
        innermost = name == tuple(across)[-1]
        for letter, slot in zip(letters, slots, strict=True):
            if innermost or slot[name] != before:
                grid.labels.append((f"{letter}{at}", texts.text(slot[name]), texts))
            before = slot[name]


def _row(
    row: YamlMap,
    grid: Grid,
    pattern: str,
    slots: list[tuple[str, dict[str, str]]],
    items: Mapping[str, Item],
) -> None:
    row.only(("at", "row", "no", "label"))
    at, key = row.text("at"), row.text("row")
    if not at.isdigit():
        row.fail("at 应为行号", key="at", expected="1 以上的整数", fix="改写行号。")
    grid.labels.append((f"A{at}", row.text("no"), row))
    grid.labels.append((f"B{at}", row.text("label"), row))
    found = False
    for letter, slot in slots:
        item = pattern.format_map({**slot, "row": key})
        address = letter + at
        if item in items:
            found = True
            grid.cells[item] = Cell(address, row, "at")
        else:
            grid.undefined.append(address)
    if not found:
        near = nearest(pattern.format_map({**slots[0][1], "row": key}), items)
        row.fail(
            f"行 {key!r} 没有任何数据项",
            key="row",
            expected=f"items.yaml 中形如 {pattern} 的数据项",
            fix=f"改为 {near!r} 所在的行。",
        )


def _totals(rule: YamlMap, grid: Grid, pattern: str, axes: Mapping[str, tuple[str, ...]]) -> None:
    """Make totals of the cells that ``when`` picks; an earlier rule wins."""
    rule.only(("when", "over", "sum"))
    when, over, parts = rule.map("when"), rule.text("over"), rule.texts("sum")
    picked = {name: _picked(when, name, axes) for name in axes}
    unknown = [part for part in parts if part not in axes.get(over, ())]
    if unknown:
        rule.fail(
            f"合计引用了未知的 {over} {unknown[0]!r}",
            key="sum",
            expected=f"可用：{'、'.join(axes.get(over, ()))}",
            fix="改写 over 或 sum。",
        )
    for keys in product(*picked.values()):
        slot = dict(zip(picked, keys, strict=True))
        item = pattern.format_map(slot)
        if item in grid.cells and item not in grid.totals:
            grid.totals[item] = tuple(pattern.format_map({**slot, over: part}) for part in parts)


def _picked(when: YamlMap, name: str, axes: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    value = when.get(name)
    if value is None:
        return axes[name]
    return tuple(value) if isinstance(value, YamlList) else (str(value),)
