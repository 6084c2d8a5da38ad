"""The total if some figures were otherwise: only the parts that they reach are scored again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from weakref import proxy

from supervise.core.evaluation import ElementResult, IndicatorResult, Score
from supervise.core.exact import minus, plus, times, total
from supervise.core.frame import Absent, Result
from supervise.core.grading import joined, stretch
from supervise.core.indicators import measure_indicator
from supervise.core.scoring import holds, names_of, points_of, result_of
from supervise.core.whatif.ahead import Supposed
from supervise.core.whatif.reach import reach_of
from supervise.core.world import Book
from supervise.record import replace

Fixed = Mapping[tuple[str, str], Fraction]
"""Points by (indicator, part) that are known beforehand."""

NOTHING_FIXED: Fixed = MappingProxyType({})
ZERO = Fraction(0)


class Rescoring:
    """What an evaluation's total would be under other figures.

    Args:
        book: The world that was judged.
        indicators: Its results.
        elements: Their sums.
        score: The total as it stands.
    """

    def __init__(
        self,
        book: Book,
        indicators: tuple[IndicatorResult, ...],
        elements: tuple[ElementResult, ...],
        score: Score,
    ) -> None:
        self._book = book
        self._indicators = indicators
        self._elements = elements
        self._score = score
        self._touched = reach_of(book.rulebook).touched
        self._running: set[str] = set()

    @cached_property
    def supposed(self) -> Supposed:
        """The world in which figures are to be otherwise."""
        world = Supposed(self._book, self._book.rulebook)
        mine = proxy(self)  # which holds the world in turn
        world.measured = lambda indicator, part: mine._measured(indicator, part)
        return world

    def reaches(self, items: Iterable[str]) -> bool:
        """Whether any scored part of this bank reads one of the items."""
        own = {result.law.id for result in self._indicators if self._is_own(result)}
        return any(place[0] in own for item in items for place in self._touched.get(item, ()))

    def gain(self, items: Iterable[str], fixed: Fixed = NOTHING_FIXED) -> Fraction:
        """Points of the total more than now.

        Args:
            items: Those that are otherwise in ``supposed``; what they reach is scored again.
            fixed: Points of parts that are known beforehand.
        """
        again: dict[str, set[str]] = {indicator: set() for indicator, _ in fixed}
        for item in items:
            for indicator, part in self._touched.get(item, ()):
                if (indicator, part) not in fixed:
                    again.setdefault(indicator, set()).add(part)
        moved: dict[str, tuple[Fraction, Fraction]] = {}
        for result in self._indicators:
            if result.law.id in again and self._is_own(result):
                points, most = self._rescored(result, again[result.law.id], fixed)
                before = moved.get(result.law.element, (ZERO, ZERO))
                moved[result.law.element] = plus(before[0], points), plus(before[1], most)
        return minus(self._total(moved), self._score.total) if moved else ZERO

    def _total(self, moved: Mapping[str, tuple[Fraction, Fraction]]) -> Fraction:
        """The total with some elements having so many raw points and so large a maximum more."""
        elements = list(self._elements)
        for place, element in enumerate(elements):
            if element.id in moved:
                points, most = moved[element.id]
                raw_max = plus(element.raw_max, most)
                raw = times(plus(element.raw, points), stretch(element, raw_max))
                elements[place] = replace(element, points=raw, raw_max=raw_max)
        each = [element.points for element in elements]
        return plus(*joined(elements, each, self._book.rulebook.bonus_cap))

    def _is_own(self, result: IndicatorResult) -> bool:
        """Not one that a branch takes from its parent (standing rule 8)."""
        return self._book.submission.bank.level in result.law.levels

    def _rescored(
        self, result: IndicatorResult, again: set[str], fixed: Fixed
    ) -> tuple[Fraction, Fraction]:
        """Points and maximum more than now, some parts being scored again."""
        law = result.law
        local: dict[str, Result] = {"indicator": law.id}
        points, most = [-(result.points or ZERO)], [-(result.max or ZERO)]
        there = not again or holds(law.applies_when, self.supposed, {}) is not False
        known = {part.law.id: part for part in result.parts}
        for each in law.parts if there else ():
            part = known.get(each.id)
            if part is None or each.id in again:
                names = names_of(each, self.supposed, local)
                own = points_of(each, law, self.supposed, names)
            else:
                own = part.points if part.applies else None
                local[each.id] = result_of(part.measure)
            own = fixed.get((law.id, each.id), own)
            if own is not None and each.curve is not None:
                points.append(own)
                most.append(each.curve.high)
        return total(points), total(most)

    def _measured(self, indicator: str, part: str) -> Result:
        """What ``measure(…)`` gives here; never of an indicator that needs itself."""
        laws = {law.id: law for law in self._book.rulebook.indicators}
        if indicator not in laws or indicator in self._running:
            return Absent("unknown_name", (indicator,))
        self._running.add(indicator)
        found = measure_indicator(laws[indicator], self.supposed)
        self._running.discard(indicator)
        measures = {each.law.id: each.measure for each in found.parts}
        return result_of(measures.get(part, found.measure))
