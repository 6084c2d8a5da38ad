"""Figures that a later filing restated with a reason 追溯调整 (standing rule 6).

Comes in: an ``Evaluation`` with its history. Goes out: the items for which a filing compares with
another figure than was filed at the time, so that a trend across it carries a break mark.
"""

from __future__ import annotations

from fractions import Fraction

from supervise.core.context import PastEvaluation
from supervise.core.evaluation import Evaluation
from supervise.core.period import Period
from supervise.core.world import read_fact

_SEEN = Fraction(1, 10_000)
"""A comparative that differs by less than this share was rounded, not restated."""


def restated(evaluation: Evaluation, period: Period, items: frozenset[str]) -> frozenset[str]:
    """Which of some items the filing of one period restated.

    Of the evaluated filing the bank's own statement is known. An earlier one is known by its
    document alone: a comparative that differs, and that no check found fault with, was stated
    with a reason.

    Args:
        evaluation: The evaluated period, with its history.
        period: The evaluated one, or an earlier one.
        items: Items or their comparatives.
    """
    now = period == evaluation.rulebook.period
    past = evaluation.history.get(str(period))
    if now and _stated(evaluation):
        return _differing(evaluation, period, None, items)
    return frozenset() if now or past is None else _differing(evaluation, period, past, items)


def _differing(
    evaluation: Evaluation, period: Period, past: PastEvaluation | None, items: frozenset[str]
) -> frozenset[str]:
    """Items whose comparative is another figure than the one filed at the time."""
    found: set[str] = set()
    faulted = frozenset() if past is None else _faulted(past)
    for (item, word), comparative in evaluation.rulebook.forms.bases.items():
        if item not in items and comparative not in items:
            continue
        filed = _filed(evaluation, comparative) if past is None else past.facts.get(comparative)
        base = period.year_ago if word == "year_ago" else period.year_start
        before = evaluation.history.get(str(base))
        known = None if before is None else before.facts.get(item)
        if filed is None or known is None or abs(filed - known) <= _SEEN * abs(known):
            continue
        if _cell(evaluation, comparative) not in faulted:
            found.add(item)
    return frozenset(found)


def _stated(evaluation: Evaluation) -> bool:
    """Whether the bank says with a reason that a comparative was revised."""
    facts = evaluation.submission.facts
    flag, reason = facts.get("BQ_restated"), facts.get("BQ_restated_reason")
    return bool(flag and flag.value is True and reason and reason.state == "given")


def _filed(evaluation: Evaluation, item: str) -> Fraction | None:
    fact = evaluation.submission.facts.get(item)
    value = read_fact(fact) if fact is not None else None
    return value if isinstance(value, Fraction) else None


def _cell(evaluation: Evaluation, item: str) -> str:
    fact = evaluation.submission.facts.get(item)
    return str(fact.cell) if fact is not None else ""


def _faulted(past: PastEvaluation) -> frozenset[str]:
    """Cells that a check of that time found fault with."""
    return frozenset(cell for found in past.findings for cell in found.get("cells", ()))
