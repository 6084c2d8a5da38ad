"""Facts × rulebook → indicator results: applicability, parts, requirements, provenance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from supervise.core.compute import compute
from supervise.core.context import PeerStat
from supervise.core.evaluation import (
    IndicatorResult,
    Measure,
    PartResult,
    RequirementResult,
    RequirementStatus,
)
from supervise.core.exact import total
from supervise.core.formula import Expression
from supervise.core.frame import UNTRACED, Absent, Frame, Result
from supervise.core.law import Indicator, Requirement
from supervise.core.measures import NOT_MEASURED, measure
from supervise.core.model import Provenance
from supervise.core.peers import among
from supervise.core.scoring import NOT_THERE, holds, score_part
from supervise.core.world import Book
from supervise.record import replace

NO_BUSINESS = "no_such_business"
PARENT_LEVEL = "parent_level"
"""Why an indicator does not apply that only a legal person has."""
_WORST: tuple[Provenance, ...] = ("provisional", "extracted", "confirmed")


def measure_indicators(
    book: Book, only: frozenset[str] | None = None
) -> tuple[IndicatorResult, ...]:
    """Measure and score the indicators of the rulebook, in its order.

    Args:
        book: The world of one submission.
        only: Ids of those that are wanted; None: all.
    """
    results: dict[str, IndicatorResult] = {}
    running: set[str] = set()
    laws = {law.id: law for law in book.rulebook.indicators}

    def result_of(indicator: str) -> IndicatorResult:
        if indicator not in results:
            running.add(indicator)
            results[indicator] = measure_indicator(laws[indicator], book)
            running.discard(indicator)
        return results[indicator]

    def measured(indicator: str, part: str) -> Result:
        if indicator not in laws or indicator in running:
            return Absent("unknown_name", (indicator,))
        result = result_of(indicator)
        found = result.measure
        if part:
            found = next((p.measure for p in result.parts if p.law.id == part), found)
        return _as_result(found)

    book.measured = measured
    wanted = laws if only is None else [one for one in laws if one in only]
    every = tuple([result_of(one) for one in wanted])
    book.measured = _known(every)
    return every


def _known(results: tuple[IndicatorResult, ...]) -> Callable[[str, str], Result]:
    """What ``measure(…)`` gives once all is measured.

    It holds values alone: the workings of a measure hold the book, and a book that held them in
    turn would stay in memory until Python searches for such circles.
    """
    values: dict[tuple[str, str], Result] = {}
    for result in results:
        values[result.law.id, ""] = _as_result(result.measure)
        for part in result.parts:
            values[result.law.id, part.law.id] = _as_result(part.measure)

    def measured(indicator: str, part: str) -> Result:
        whole = values.get((indicator, ""), Absent("unknown_name", (indicator,)))
        return values.get((indicator, part), whole)

    return measured


def measure_indicator(law: Indicator, book: Book) -> IndicatorResult:
    """One indicator: its own value, its parts, its requirements, its points."""
    why_not = _why_not(law, book)
    parent = book.context.parent
    if why_not == PARENT_LEVEL and parent is not None and law.id in parent.results:
        return parent.results[law.id]  # its province may have replaced the indicator
    if why_not:
        return _not_applicable(law, NOT_MEASURED, why_not)
    local: dict[str, Result] = {"indicator": law.id}
    value = measure(law.value, book, local)
    parts = tuple(_parts(law, book, local, value))
    scored = [p for p in parts if p.applies and p.points is not None and p.law.curve is not None]
    owned = [p for p in law.parts if p.curve is not None]
    requirements = tuple(_require(r, value, book) for r in law.requirements)
    if owned and not scored and law.kind != "monitored":
        unscored = _not_applicable(law, value, _reason_of(parts, law, book), parts=parts)
        return replace(unscored, requirements=requirements)
    points = _sum(p.points for p in scored) if scored else None
    sure = all(p.low is p.points and p.high is p.points for p in scored)
    return IndicatorResult(
        law=law,
        applies=True,
        why_not="",
        measure=value,
        parts=parts,
        requirements=requirements,
        points=points,
        max=_sum(p.law.curve.high for p in scored if p.law.curve) if scored else None,
        low=points if sure else _sum(p.low for p in scored),
        high=points if sure else _sum(p.high for p in scored),
        provenance=_provenance(law, scored),
        peer=_peer(law.id, value, law, book),
        memo=measure(law.memo, book) if law.memo is not None else None,
    )


def _parts(
    law: Indicator, book: Book, local: dict[str, Result], value: Measure
) -> Iterator[PartResult]:
    """The parts, scored; the first one is often the indicator's own value."""
    for part in law.parts:
        known = value if part is law.parts[0] and part.value is law.value else None
        yield _with_peer(score_part(part, law, book, local, known), law, book)


def is_parents(law: Indicator, level: str) -> bool:
    """Whether a bank of this level takes the indicator from its legal person (standing rule 8)."""
    return law.applies and level not in law.levels


def _why_not(law: Indicator, book: Book) -> str:
    """Id of the reason why the indicator does not apply; empty if it does."""
    if not law.applies:
        return "bank_type"
    if is_parents(law, book.submission.bank.level):
        return PARENT_LEVEL
    if holds(law.applies_when, book, {}) is False:
        return NO_BUSINESS
    return ""


def _reason_of(parts: tuple[PartResult, ...], law: Indicator, book: Book) -> str:
    """Why none of the scored parts applies."""
    reasons = [p.measure.reason or (p.base.reason if p.base else None) for p in parts]
    known = next((r for r in reasons if r in NOT_THERE), None)
    if known is not None:
        return known
    yearly = law.annual_only or any(p.law.annual_only for p in parts)
    return "annual_only" if yearly and book.rulebook.period.kind == "monitoring" else NO_BUSINESS


def _not_applicable(
    law: Indicator, value: Measure, why: str, parts: tuple[PartResult, ...] = ()
) -> IndicatorResult:
    return IndicatorResult(
        law=law,
        applies=False,
        why_not=why,
        measure=value,
        parts=parts,
        requirements=tuple(
            RequirementResult(r, "not_applicable", None, None) for r in law.requirements
        ),
        points=None,
        max=None,
        low=None,
        high=None,
        provenance=law.provenance,
    )


def _require(law: Requirement, value: Measure, book: Book) -> RequirementResult:
    """Whether a requirement is met; a datum that was left out leaves it unanswered."""
    when = holds(law.applies_when, book, {})
    if not law.applies or when is False:
        return RequirementResult(law, "not_applicable", None, None)
    given: dict[str, Result] = {"value": _as_result(value)}
    found = _computed(law.value, book, given)
    if law.test == "holds":
        status = _verdict(found)
        return RequirementResult(law, status, _number(found), None)
    limit = _computed(law.limit, book, given) if law.limit is not None else Absent("missing")
    if isinstance(found, Fraction) and isinstance(limit, Fraction):
        met = found >= limit if law.test == "at_least" else found <= limit
        return RequirementResult(law, "met" if met else "unmet", found, limit)
    absent = found if isinstance(found, Absent) else limit
    return RequirementResult(law, _verdict(absent), _number(found), _number(limit))


def _verdict(result: Result) -> RequirementStatus:
    if isinstance(result, Absent):
        return "not_applicable" if result.reason in NOT_THERE else "not_computable"
    return "met" if result is True else "unmet"


def _computed(expression: Expression, book: Book, given: dict[str, Result]) -> Result:
    return compute(expression.tree, book, Frame(local=given, trace=UNTRACED))


def _as_result(value: Measure) -> Result:
    if value.value is None:
        return Absent(value.reason or "missing", value.about)
    return value.value


def _number(result: Result) -> Fraction | None:
    return result if isinstance(result, Fraction) else None


def _sum(values: Iterable[Fraction | None]) -> Fraction:
    known = [value for value in values if value is not None]
    return known[0] if len(known) == 1 else total(known)


def worst(provenances: Iterable[Provenance]) -> Provenance:
    """The least certain of several provenances; ``confirmed`` of none."""
    return min(provenances, key=_WORST.index, default="confirmed")


def _provenance(law: Indicator, scored: list[PartResult]) -> Provenance:
    used: list[Provenance] = []
    for part in scored:
        if part.law.curve is not None:
            used.append(part.law.curve.provenance)
        if part.case_provenance is not None:
            used.append(part.case_provenance)
    return worst(used) if used else law.provenance


def _with_peer(part: PartResult, law: Indicator, book: Book) -> PartResult:
    peer = _peer(f"{law.id}.{part.law.id}", part.measure, law, book)
    return replace(part, peer=peer) if peer is not None else part


def _peer(key: str, value: Measure, law: Indicator, book: Book) -> PeerStat | None:
    return among(book.context, key, value.value, law.better)
