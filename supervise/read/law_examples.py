"""Worked examples of indicators: read by people, run by the tests and ``rules test``.

In: the ``examples`` of every indicator file and of the provinces' own indicators. Out:
``Example`` values; running them needs the whole pipeline and happens there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path, PurePosixPath

from supervise.core.period import Period
from supervise.read.law_dated import number
from supervise.read.law_provinces import as_file
from supervise.read.overlay import LawTree
from supervise.read.yaml import YamlList, YamlMap, nearest
from supervise.record import record

STATUSES = ("met", "unmet", "not_applicable", "not_computable")
EXPECTED = ("value", "points", "requirement", "not_computable", "parts", "not_applicable")
EXAMPLE_KEYS = ("name", "period", "type", "level", "province", "given", *EXPECTED)
DEFAULT_TYPE = "rural_commercial"


@record
class Example:
    """One worked example of an indicator.

    Attributes:
        province: Code, or empty for any.
        given: Item id to text as a clerk would type it in base units (``1.5亿``, ``10%``, 是);
            a tuple for an open-table column. What is not given is blank.
        value: Expected value, None if none is stated.
        points: Expected points, None if none are stated.
        parts: Expected points by part id.
        requirements: Expected status by requirement id; ``""`` stands for the only one.
        not_computable: Item, parameter or reason that must be named as the cause; empty if the
            value must be there.
        not_applicable: The indicator must not apply.
        where: ``file:line``.
    """

    indicator: str
    period: Period
    bank_type: str
    level: str
    province: str
    given: Mapping[str, str | tuple[str, ...]]
    value: Fraction | None
    points: Fraction | None
    parts: Mapping[str, Fraction]
    requirements: Mapping[str, str]
    not_computable: str
    not_applicable: bool
    where: str


def read_examples(
    directory: Path | None = None, *, overlay: Path | None = None
) -> tuple[Example, ...]:
    """Every example of the law tree.

    Raises:
        RulebookError: An example that is not well formed, with file and line.
    """
    tree = LawTree.open(directory, overlay)
    return tuple(
        read_example(entry, indicator, province)
        for indicator, province, data in example_files(tree)
        for entry in data.maps("examples")
    )


def example_files(tree: LawTree) -> Iterator[tuple[str, str, YamlMap]]:
    """Indicator id, province code (empty: any) and mapping of every indicator."""
    for path in tree.paths("indicators"):
        yield PurePosixPath(path).stem, "", tree.read(path)
    for path in tree.paths("provinces"):
        table = tree.read(path).map("replace_element")
        for element in table:
            for entry in table.maps(element):
                yield entry.text("id"), PurePosixPath(path).stem, as_file(entry, element)


def read_example(entry: YamlMap, indicator: str, province: str) -> Example:
    """Read one example.

    Raises:
        RulebookError: Not well formed.
    """
    entry.only(EXAMPLE_KEYS)
    if not any(key in entry for key in EXPECTED):
        entry.fail("例子没有预期结果", expected="、".join(EXPECTED), fix="至少写明一项预期。")
    return Example(
        indicator=indicator,
        period=_period(entry),
        bank_type=entry.text("type", DEFAULT_TYPE),
        level=entry.text("level", "legal_person"),
        province=entry.text("province", province),
        given=_given(entry.map("given")),
        value=number(entry, "value") if "value" in entry else None,
        points=number(entry, "points") if "points" in entry else None,
        parts=_parts(entry.map("parts")),
        requirements=_requirements(entry),
        not_computable=entry.text("not_computable", ""),
        not_applicable=entry.flag("not_applicable"),
        where=entry.where(),
    )


def _period(entry: YamlMap) -> Period:
    try:
        return Period.parse(entry.text("period"))
    except ValueError:
        entry.fail("报告期写错", key="period", expected="例如 2026Q3", fix="改写报告期。")


def _given(table: YamlMap) -> dict[str, str | tuple[str, ...]]:
    return {
        key: table.texts(key) if isinstance(table[key], YamlList) else table.text(key)
        for key in table
    }


def _parts(table: YamlMap) -> dict[str, Fraction]:
    return {key: number(table, key) for key in table}


def _requirements(entry: YamlMap) -> dict[str, str]:
    if "requirement" not in entry:
        return {}
    if isinstance(entry["requirement"], YamlMap):
        table = entry.map("requirement")
        found = {key: table.text(key) for key in table}
    else:
        found = {"": entry.text("requirement")}
    for status in found.values():
        if status not in STATUSES:
            entry.fail(
                f"要求的预期结果 {status!r} 无效",
                key="requirement",
                expected="、".join(STATUSES),
                fix=f"改为 {nearest(status, STATUSES) or 'met'!r}。",
            )
    return found
