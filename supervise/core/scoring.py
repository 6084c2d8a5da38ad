"""Measures × curves → points 评分, under the standing rules 3, 4, 6, 8 and 10.

A datum that the bank owes and left out scores 0. Anything else that cannot be computed scores
0 in ``low`` and the maximum in ``high``. What does not apply leaves both sides.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from supervise.core.compute import compute
from supervise.core.context import Judgement
from supervise.core.evaluation import Measure, PartResult
from supervise.core.exact import within
from supervise.core.formula import Expression
from supervise.core.frame import UNTRACED, Absent, Frame, Result
from supervise.core.law import Curve, Indicator, PartLaw
from supervise.core.measures import as_fraction, base_of, measure, value_of
from supervise.core.model import Provenance
from supervise.core.world import Book
from supervise.record import record, replace

NOT_THERE = frozenset({"not_applicable", "base_absent"})
ZERO = Fraction(0)
_COUNTED = {"supervisor_marked": "supervisor", "self_assessed": "self"}


@record
class Marks:
    """Points with their span and the case that gave them."""

    points: Fraction
    low: Fraction
    high: Fraction
    case: str = ""
    provenance: Provenance | None = None
    note: str = ""


def holds(expression: Expression | None, book: Book, local: Mapping[str, Result]) -> Result:
    """Whether a condition holds; True without a condition."""
    if expression is None:
        return True
    return compute(expression.tree, book, Frame(local=local, trace=UNTRACED))


def score_part(
    law: PartLaw,
    indicator: Indicator,
    book: Book,
    local: dict[str, Result],
    known: Measure | None = None,
) -> PartResult:
    """Measure and score one part.

    Args:
        law: The part.
        indicator: The indicator it belongs to.
        book: The world.
        local: Values of the indicator's earlier parts by id; this part's is added.
        known: Its value, if it was measured before.
    """
    found = known or measure(law.value, book, local)
    local[law.id] = result_of(found)
    based = _base(law, book, local)
    scored = _NOT_SCORED
    names = {**local, "value": local[law.id], "base": result_of(based[0])}
    applies = _applies(law, indicator, book, local) and not _is_not_there(law, names)
    if applies and law.curve is not None:
        scored = _scored(law, indicator, book, names)
        applies = scored.marks is not None
    return _told(law, found, based, scored, applies=applies)


def _base(law: PartLaw, book: Book, local: Mapping[str, Result]) -> tuple[Measure | None, str, str]:
    """What a part is compared with, its period and its source."""
    if law.base is None:
        return None, "", ""
    base = measure(law.base, book, local)
    return base, *base_of(law.base, base, book)


def _told(
    law: PartLaw,
    found: Measure,
    based: tuple[Measure | None, str, str],
    scored: _Scored,
    *,
    applies: bool,
) -> PartResult:
    marks = scored.marks
    return PartResult(
        law=law,
        applies=applies,
        measure=found,
        base=based[0],
        base_period=based[1],
        base_source=based[2],
        points=marks.points if marks else None,
        low=marks.low if marks else None,
        high=marks.high if marks else None,
        case=marks.case if marks else "",
        case_provenance=marks.provenance if marks else None,
        peer=None,
        self_points=scored.own,
        supervisor=scored.supervisor,
        counted=_counted(marks),
        note=marks.note if marks else "",
    )


def names_of(law: PartLaw, book: Book, local: dict[str, Result]) -> dict[str, Result]:
    """The names that a part's curve knows: earlier parts, its ``value``, its ``base``.

    Args:
        law: The part.
        book: The world.
        local: Values of the indicator's earlier parts by id; this part's is added.
    """
    local[law.id] = value = value_of(law.value, book, local)
    return {**local, "value": value, "base": value_of(law.base, book, local)}


def points_of(
    law: PartLaw, indicator: Indicator, book: Book, names: dict[str, Result]
) -> Fraction | None:
    """The points of a part as ``score_part`` gives them, without showing how they come about.

    Args:
        law: The part.
        indicator: The indicator it belongs to.
        book: The world.
        names: Those of its curve.

    Returns:
        None if the part does not apply.
    """
    if law.curve is None or not _applies(law, indicator, book, names) or _is_not_there(law, names):
        return None
    marks = _scored(law, indicator, book, names).marks
    return marks.points if marks is not None else None


@record
class _Scored:
    """Points of a part with whose marks they rest on; no marks: it does not apply."""

    marks: Marks | None = None
    own: Fraction | None = None
    supervisor: Judgement | None = None


_NOT_SCORED = _Scored()


def _scored(law: PartLaw, indicator: Indicator, book: Book, names: dict[str, Result]) -> _Scored:
    assert law.curve is not None
    marks = _read_curve(law.curve, book, names)
    if not law.judged or marks is None:
        return _Scored(marks)
    known = _Scored(marks, _self_points(law, book), _judgement(indicator.id, law.id, book))
    monitoring = book.rulebook.period.kind == "monitoring"
    return replace(known, marks=_judged(known, law.curve, monitoring=monitoring))


def _applies(law: PartLaw, indicator: Indicator, book: Book, local: Mapping[str, Result]) -> bool:
    """Whether a part counts in this kind of run and for this bank."""
    yearly = law.curve is not None and (law.annual_only or indicator.annual_only)
    if yearly and book.rulebook.period.kind == "monitoring":
        return False
    return holds(law.applies, book, local) is not False


def _is_not_there(law: PartLaw, names: Mapping[str, Result]) -> bool:
    """Whether value or base do not exist for this bank (no such business, no base yet)."""
    return _is_none(law.value, names["value"]) or _is_none(law.base, names["base"])


def _is_none(expression: Expression | None, found: Result) -> bool:
    return expression is not None and isinstance(found, Absent) and found.reason in NOT_THERE


def result_of(found: Measure | None) -> Result:
    """A measure as a name of a formula; None does not apply."""
    if found is None:
        return Absent("not_applicable")
    if found.value is None:
        return Absent(found.reason or "missing", found.about)
    return found.value


def _read_curve(curve: Curve, book: Book, names: dict[str, Result]) -> Marks | None:
    """Points off a curve; None if the part turns out not to apply."""
    names["max"], names["min"] = curve.high, curve.low
    frame = Frame(local=names, trace=UNTRACED)
    for case in curve.cases:
        condition = True if case.when is None else compute(case.when.tree, book, frame)
        if isinstance(condition, Absent):
            return _unknown(condition, curve)
        if condition is not True:
            continue
        points = compute(case.points.tree, book, frame)
        if isinstance(points, Absent):
            return _unknown(points, curve)
        kept = within(as_fraction(points) or ZERO, curve.low, curve.high)
        marks = Marks(kept, kept, kept, case.label, case.provenance, "")
        return _deducted(marks, curve, book, names)
    return Marks(ZERO, ZERO, ZERO)


def _deducted(marks: Marks, curve: Curve, book: Book, names: dict[str, Result]) -> Marks:
    """The worst deduction that holds replaces the points, in an annual run only."""
    if book.rulebook.period.kind != "annual":
        return marks
    for deduction in sorted(curve.deductions, key=lambda d: d.points):
        if holds(deduction.when, book, names) is True:
            points = deduction.points
            return Marks(points, points, points, deduction.label, deduction.provenance, "deduction")
    return marks


def _unknown(absent: Absent, curve: Curve) -> Marks | None:
    if absent.reason in NOT_THERE:
        return None
    low = min(curve.low, ZERO)
    if absent.reason == "missing":
        return Marks(ZERO, ZERO, ZERO, note="owed_and_missing")
    return Marks(low, low, curve.high, note=absent.reason)


def _judged(known: _Scored, curve: Curve, *, monitoring: bool) -> Marks:
    """Standing rule 10: a supervisor's mark counts; a self score only while monitoring.

    A self score never counts for more than the filed facts support.
    """
    supported = known.marks
    assert supported is not None
    if known.supervisor is not None:
        points = within(known.supervisor.points, curve.low, curve.high)
        return Marks(points, points, points, "", supported.provenance, "supervisor_marked")
    if not monitoring:
        return Marks(curve.low, curve.low, curve.high, note="awaiting_judgement")
    if known.own is None:
        return Marks(ZERO, ZERO, ZERO, note="owed_and_missing")
    if supported.note:
        return supported
    points = max(min(known.own, supported.points), curve.low)
    return Marks(points, points, points, supported.case, supported.provenance, "self_assessed")


def _counted(marks: Marks | None) -> str | None:
    return _COUNTED.get(marks.note) if marks is not None else None


def _self_points(law: PartLaw, book: Book) -> Fraction | None:
    value = book.lookup(law.self_item, Frame()) if law.self_item else Absent("missing")
    return value if isinstance(value, Fraction) else None


def _judgement(indicator: str, part: str, book: Book) -> Judgement | None:
    for judgement in book.context.judgements:
        if (judgement.indicator, judgement.part) == (indicator, part):
            return judgement
    return None
