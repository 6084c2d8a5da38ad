"""Scoring curves 评分规则: one dated ``score`` block → ``Curve``.

In: dated ``score`` entries and the names known to the curve. Out: the curve on the day.
"""

from __future__ import annotations

from supervise.core.formula import Expression
from supervise.core.law import Case, Curve, Deduction
from supervise.core.model import Provenance
from supervise.read.law_dated import basis, in_force, number, provenance
from supervise.read.law_reading import Reading
from supervise.read.yaml import YamlMap

SCORE_KEYS = (
    "max", "min", "full_if", "cases", "otherwise", "deductions", "provenance", "basis",
)  # fmt: skip
CASE_KEYS = ("if", "points", "provenance", "label")
Local = dict[str, str | None]


def read_curve(entries: YamlMap, local: Local, at: Reading) -> Curve | None:
    """The curve in force.

    Args:
        entries: Score blocks by date.
        local: Names that only the curve knows, with their unit.
        at: Day, bank type and known words.

    Returns:
        None for a part that is shown and not scored.

    Raises:
        RulebookError: A fault, with file and line.
    """
    start = in_force(entries, at.day)
    if start is None:
        return None
    block = entries.map(start)
    block.only(SCORE_KEYS)
    high, low = number(block, "max"), number(block, "min", "0")
    if low > high:
        block.fail("min 大于 max", key="min", expected=f"不大于 {high}", fix="改小 min。")
    return Curve(
        high=high,
        low=low,
        cases=_cases(block, {**local, "max": "points", "min": "points"}, at),
        deductions=tuple(_deduction(entry, local, at) for entry in block.maps("deductions")),
        provenance=_mark(block, "max"),
        basis=basis(block, at.sources),
    )


def _cases(block: YamlMap, local: Local, at: Reading) -> tuple[Case, ...]:
    cases = []
    if "full_if" in block:
        condition = at.formula(block, "full_if", "condition", local=local)
        cases.append(Case(condition, _name("max"), _mark(block, "full_if"), "full_if"))
    for entry in block.maps("cases"):
        entry.only(CASE_KEYS)
        cases.append(
            Case(
                at.formula(entry, "if", "condition", local=local),
                at.formula(entry, "points", "points", local=local),
                provenance(entry),
                entry.text("label", ""),
            )
        )
    if "otherwise" not in block:
        block.fail(
            "评分缺少 'otherwise'",
            expected="其余情形的得分，例如 otherwise: 0",
            fix="补上 otherwise。",
        )
    points = at.formula(block, "otherwise", "points", local=local)
    return (*cases, Case(None, points, _mark(block, "otherwise"), "otherwise"))


def _deduction(entry: YamlMap, local: Local, at: Reading) -> Deduction:
    entry.only(CASE_KEYS)
    condition = at.formula(entry, "if", "condition", local=local)
    return Deduction(condition, number(entry, "points"), provenance(entry), entry.text("label", ""))


def _mark(block: YamlMap, row: str) -> Provenance:
    """Provenance of one row; one word may stand for all rows."""
    if isinstance(block.get("provenance"), str):
        return provenance(block)
    if "provenance" not in block:
        return provenance(block)
    marks = block.map("provenance")
    marks.only(("max", "min", "full_if", "otherwise"))
    return provenance(marks, row)


def _name(word: str) -> Expression:
    from supervise.core.formula import Name

    return Expression(word, Name(word))
