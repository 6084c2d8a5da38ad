"""Policy requirements 政策要求: a duty or a guidance, apart from any score.

In: an indicator's mapping. Out: the requirements in force on the day, each knowing whether it
addresses the bank type.
"""

from __future__ import annotations

from typing import Literal, cast, get_args

from supervise.core.formula import Expression
from supervise.core.law import Requirement, RequirementKind
from supervise.read.law_dated import basis, in_force, one_of, provenance
from supervise.read.law_reading import Reading
from supervise.read.yaml import YamlMap

TESTS: tuple[Literal["at_least", "at_most", "holds"], ...] = ("at_least", "at_most", "holds")
ENTRY_KEYS = (*TESTS, "value", "applies_to", "when", "provenance", "basis")


def read_requirements(
    data: YamlMap, value: Expression | None, parts: tuple[str, ...], at: Reading
) -> tuple[Requirement, ...]:
    """The requirements in force.

    Args:
        data: The indicator.
        value: The indicator's own formula, tested by default.
        parts: Ids of its parts, which a requirement may name.
        at: Day, bank type and known words.

    Raises:
        RulebookError: A fault, with file and line.
    """
    found = []
    seen: set[str] = set()
    for block in data.maps("requirements"):
        block.only(("id", "name", "kind", "mend", "in_force"))
        if block.text("id") in seen:
            block.fail(f"要求 {block.text('id')!r} 写了两次", key="id", fix="改用另一个 id。")
        seen.add(block.text("id"))
        entries = block.map("in_force")
        if not entries:
            block.fail("要求没有 in_force", expected="按日期书写的要求", fix="补上 in_force。")
        start = in_force(entries, at.day)
        if start is not None:
            local: dict[str, str | None] = {**dict.fromkeys(parts), "value": data.text("unit")}
            found.append(_requirement(block, entries.map(start), value, local, at))
    return tuple(found)


def _requirement(
    block: YamlMap,
    entry: YamlMap,
    value: Expression | None,
    local: dict[str, str | None],
    at: Reading,
) -> Requirement:
    entry.only(ENTRY_KEYS)
    tests = [test for test in TESTS if test in entry]
    if len(tests) != 1:
        entry.fail(
            f"要求应恰有一种写法，现有 {len(tests)} 种",
            expected="at_least、at_most、holds 三者之一",
            fix="只保留一种。",
        )
    test = tests[0]
    if test == "holds":
        tested, limit = at.formula(entry, "holds", "condition", local=local), None
    else:
        tested = _tested(entry, value, local, at)
        limit = at.formula(entry, test, "any", local=local)
    return Requirement(
        id=block.text("id"),
        name=block.text("name"),
        kind=cast(RequirementKind, one_of(block, "kind", get_args(RequirementKind))),
        test=test,
        value=tested,
        limit=limit,
        applies=at.addressed(entry, "applies_to"),
        applies_when=at.formula(entry, "when", "condition") if "when" in entry else None,
        basis=basis(entry, at.sources),
        provenance=provenance(entry),
        mend=block.text("mend", ""),
    )


def _tested(
    entry: YamlMap, value: Expression | None, local: dict[str, str | None], at: Reading
) -> Expression:
    if "value" in entry:
        return at.formula(entry, "value", "any", local=local)
    if value is None:
        entry.fail(
            "要求没有可检验的值",
            expected="指标有 formula，或要求自带 value",
            fix="补上 value。",
        )
    return value
