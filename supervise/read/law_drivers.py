"""``driver`` of an advisable part: what a bank may be told to raise or put in place.

In: a part's mapping; later the resolved law. Out: ``Driver``; and the faults that only the
whole shows: a driver that comes down to no item, that the part does not read, or that advice
must never name (standing rule 13).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from supervise.core.driver import Driver, may_be_advised
from supervise.core.formula import Call, Expression, Name
from supervise.core.law import PartLaw, Rulebook
from supervise.core.layout import NUMERIC
from supervise.core.whatif.reach import formulas_of, reads
from supervise.errors import RulebookError
from supervise.read.law_reading import Reading, Use
from supervise.read.yaml import YamlMap

DRIVER_KEYS = ("name", "item", "cumulative", "where", "establish")


def read_driver(block: YamlMap, place: str, at: Reading) -> Driver | None:
    """The driver of a part; None if advice has nothing to say of it.

    Args:
        block: The part.
        place: ``indicator.part``, under which faults of the whole find its line.
        at: Day, bank type and known words.

    Raises:
        RulebookError: A fault, with file and line.
    """
    data = block.map("driver")
    if block.flag("advisable") != bool(data):
        block.fail(
            "advisable 与 driver 应同时有或同时没有",
            key="driver" if data else "advisable",
            expected="driver: {name: …, item: 数据项}，或 {name: …, establish: {数据项: 值}}",
            fix="补上 driver 和 advisable: true，或两者都删去。",
        )
    if not data:
        return None
    data.only(DRIVER_KEYS)
    if not {"item", "establish"} & data.keys():
        data.fail("driver 没有说明做什么", expected="item 或 establish", fix="补上其一。")
    at.places[f"driver {place}"] = block.where("driver")
    item = data.text("item", "")
    if item:
        at.uses.append(Use(Expression(item, Name(item)), data.where("item"), "any"))
    return Driver(
        name=data.text("name"),
        item=item,
        cumulative=data.flag("cumulative"),
        where=at.formula(data, "where", "condition") if "where" in data else None,
        establish=tuple(_established(data.map("establish"), at)),
    )


def _established(table: YamlMap, at: Reading) -> Iterator[tuple[str, Expression]]:
    for item in table:
        at.uses.append(Use(Expression(item, Name(item)), table.where(item), "any"))
        yield item, at.formula(table, item, "any")


def driver_faults(rulebook: Rulebook, places: Mapping[str, str]) -> Iterator[RulebookError]:
    """Drivers that advice could not or must not follow."""
    for indicator in rulebook.indicators:
        for part in indicator.parts:
            if part.driver is None:
                continue
            where = places.get(f"driver {indicator.id}.{part.id}", "")
            for what, expected, fix in _faults(part, part.driver, rulebook):
                yield RulebookError(
                    f"部分“{part.name}”的 driver：{what}",
                    where=where,
                    expected=expected,
                    fix=fix,
                    code="rulebook_invalid",
                )


def _faults(part: PartLaw, driver: Driver, rulebook: Rulebook) -> Iterator[tuple[str, str, str]]:
    items = _items_of(driver.item, rulebook) if driver.item else frozenset()
    established = frozenset(item for item, _ in driver.establish)
    if items is None:
        yield (
            f"{driver.item!r} 不归结为一个数据项",
            "数据项，或只在数据项之间选择的定义",
            "改写 item。",
        )
        return
    known = rulebook.forms.items
    read = {name for each in formulas_of(part) for name in reads(each, rulebook.definitions).all}
    for name in sorted((items | established) & known.keys()):
        if not may_be_advised(known[name]):
            yield (
                f"不得建议数据项 {name!r}",
                "通则第 13 条：不建议不良、违规、免责、核销、各项贷款、比较期和自评，以免引出假数",
                "改用别的数据项，或删去 advisable 和 driver。",
            )
        elif name not in read:
            yield f"公式没有用到 {name!r}", "本部分公式或评分用到的数据项", "改正数据项。"
    yield from _misfits(part, driver, items, rulebook)


def _misfits(
    part: PartLaw, driver: Driver, items: frozenset[str], rulebook: Rulebook
) -> Iterator[tuple[str, str, str]]:
    known, columns = rulebook.forms.items, rulebook.forms.columns
    listed = {name in columns for name in items}
    if (driver.where is not None) != (listed == {True}):
        yield "where 只与可变行表的列同用", "列必有 where，其余没有", "补上或删去 where。"
    wanted = NUMERIC | {"flag"} if True in listed else NUMERIC
    if any(name in known and known[name].unit not in wanted for name in items):
        yield "item 不是数", "数字项；可变行表的列也可以是是否项", "是否、文号等写入 establish。"
    if items and part.better != "higher":
        yield "better 不是 higher", "提高 item 才能多得分", "改正 better，或改用 establish。"
    if any(name in columns for name, _ in driver.establish):
        yield "establish 不能是可变行表的列", "单个数据项", "改用 item 和 where。"


def _items_of(name: str, rulebook: Rulebook) -> frozenset[str] | None:
    """Every item that a name can come down to; None if it comes down to anything else."""
    definition = rulebook.definitions.get(name)
    if definition is None:
        return frozenset({name})
    found: set[str] = set()
    nodes = [definition.tree]
    while nodes:
        node = nodes.pop()
        if isinstance(node, Call) and node.name == "if":
            nodes += node.args[1:]
            continue
        below = _items_of(node.id, rulebook) if isinstance(node, Name) else None
        if below is None:
            return None
        found |= below
    return frozenset(found)
