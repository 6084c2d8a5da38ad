"""The same figure over up to eight quarters 趋势, and what changed since the last evaluation.

Comes in: an ``Evaluation`` with the history it was judged with. Goes out: points of consecutive
quarters, oldest first, with gaps where nothing is known; nothing is filled in or estimated.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from supervise.core.context import PastEvaluation
from supervise.core.evaluation import Evaluation, Measure
from supervise.core.period import Kind, Period
from supervise.core.restated import restated
from supervise.record import record, replace

LONGEST = 8
"""Quarters that a trend shows at most: two years."""


@record
class Point:
    """One quarter of a trend.

    Attributes:
        period: As ``2026Q3``.
        value: In the unit of the indicator, or points of a score; None: a gap.
        kind: ``annual`` or ``monitoring``: which run the quarter belongs to.
        broken: From here on the figures rest on another basis than those before it: the bank
            restated a comparative and said why (standing rule 6).
        high: Of a total that is not fully known: what it would be if everything unknown turned
            out best. The value itself counts the unknown as nothing.
    """

    period: str
    value: Fraction | None
    kind: Kind
    broken: bool = False
    high: Fraction | None = None


@record
class ElementChange:
    """What an element gained or lost; points after scaling."""

    id: str
    name: str
    before: Fraction
    now: Fraction

    @property
    def difference(self) -> Fraction:
        """Points now less points before."""
        return self.now - self.before


@record
class Change:
    """The total beside that of an earlier evaluation.

    Attributes:
        period: The earlier one, as ``2026Q2``.
        alike: Both are annual evaluations, or both monitoring runs; if not, annual-only items
            count on one side alone and the difference is to be read with care.
        elements: The largest change first, up or down; ties in the order of the law.
    """

    period: str
    alike: bool
    before: Fraction
    now: Fraction
    elements: tuple[ElementChange, ...]

    @property
    def difference(self) -> Fraction:
        """The total now less the total before."""
        return self.now - self.before


def series(evaluation: Evaluation, indicator_id: str, part_id: str = "") -> tuple[Point, ...]:
    """An indicator's value, or that of one of its parts, over the quarters.

    Args:
        evaluation: The last quarter, with its history.
        indicator_id: Which indicator.
        part_id: Which part of it; empty: its own value.

    Returns:
        At most eight consecutive quarters that end with the evaluated one, oldest first, from
        the first that has a value; empty if none has.

    Raises:
        KeyError: The rulebook has no such indicator, or it has no such part.
    """
    measured = _measure(evaluation, indicator_id, part_id)
    key = (indicator_id, part_id)
    points = _points(evaluation, measured.value, lambda past: past.parts.get(key))
    return _with_breaks(points, evaluation, frozenset(t.item for t in measured.terms))


def total_series(evaluation: Evaluation) -> tuple[Point, ...]:
    """The total over the quarters; see ``series``."""
    points = _points(evaluation, evaluation.score.total, lambda past: past.total)
    return tuple(_open(point, evaluation) for point in points)


def element_series(evaluation: Evaluation, element_id: str) -> tuple[Point, ...]:
    """Points of an element over the quarters, after scaling; see ``series``."""
    now = next((e.points for e in evaluation.elements if e.id == element_id), None)
    return _points(evaluation, now, lambda past: past.elements.get(element_id))


def change(evaluation: Evaluation) -> Change | None:
    """What became of the total since the last evaluation that is known.

    An annual evaluation stands beside the last annual one, where that is known: the quarter
    before leaves annual-only items out. All else stands beside the latest earlier quarter.

    Returns:
        None if none of the seven quarters before has a total.
    """
    past = _last(evaluation)
    if past is None or past.total is None:
        return None
    changes = [
        ElementChange(e.id, e.name, past.elements[e.id], e.points)
        for e in evaluation.elements
        if e.id in past.elements
    ]
    changes.sort(key=lambda each: -abs(each.difference))
    alike = past.kind == evaluation.kind
    return Change(past.period, alike, past.total, evaluation.score.total, tuple(changes))


def _last(evaluation: Evaluation) -> PastEvaluation | None:
    history = evaluation.history
    *earlier, _ = _quarters(evaluation.rulebook.period)
    known = [history[p] for p in map(str, reversed(earlier)) if p in history]
    known = [past for past in known if past.total is not None]
    if evaluation.kind == "annual":
        known.sort(key=lambda past: past.kind != "annual")
    return known[0] if known else None


def _measure(evaluation: Evaluation, indicator_id: str, part_id: str) -> Measure:
    result = evaluation.indicator(indicator_id)
    if not part_id:
        return result.measure
    for part in result.parts:
        if part.law.id == part_id:
            return part.measure
    if any(law.id == part_id for law in result.law.parts):  # not measured where not applicable
        return Measure(None)
    raise KeyError(f"{indicator_id}.{part_id}")


def _quarters(last: Period) -> list[Period]:
    periods = [last]
    while len(periods) < LONGEST:
        periods.append(periods[-1].previous)
    return periods[::-1]


def _points(
    evaluation: Evaluation,
    now: Fraction | None,
    known: Callable[[PastEvaluation], Fraction | None],
) -> tuple[Point, ...]:
    """All quarters from the first that has a value."""
    *earlier, last = _quarters(evaluation.rulebook.period)
    found: list[Point] = []
    for period in earlier:
        past = evaluation.history.get(str(period))
        value = None if past is None else known(past)
        if value is not None or found:
            found.append(Point(str(period), value, period.kind))
    if now is not None or found:
        found.append(Point(str(last), now, last.kind))
    return tuple(found)


def _open(point: Point, evaluation: Evaluation) -> Point:
    """With the highest total that was possible, where that was not the total itself."""
    past = evaluation.history.get(point.period)
    now = point.period == str(evaluation.rulebook.period)
    high = evaluation.score.high if now else past.high if past is not None else None
    known = high is None or point.value is None or high <= point.value
    return point if known else replace(point, high=high)


def _with_breaks(
    points: tuple[Point, ...], evaluation: Evaluation, items: frozenset[str]
) -> tuple[Point, ...]:
    """A mark on the first quarter of a year whose filing restated one of the items."""
    marked: list[Point] = []
    known: set[tuple[int, str]] = set()
    for place, point in enumerate(points):
        period = Period.parse(point.period)
        here = {(period.year, item) for item in restated(evaluation, period, items)}
        broken = place > 0 and point.value is not None and not here <= known
        known |= here
        marked.append(replace(point, broken=True) if broken else point)
    return tuple(marked)
