"""Suppositions: these cells are wrong by that factor; what do the relations say to it?

A supposition starts from one cell and takes in whatever must share its mistake: an equation that
held and would not hold any more drags its other figures along, a part that would outgrow its
whole drags the whole, an item that would lie far off its earlier value drags that. It ends
consistent, or refuted: then the cell was not wrong by that factor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from supervise.core.diagnosis import Diagnosis, Slip
from supervise.core.mistakes.inquiry import Inquiry
from supervise.core.mistakes.relations import Relation, Weighed

MILD = 3
"""A limit overstepped by less may be what the bank reports; by more it speaks of a slip."""
FAR = 10
"""A figure so many times its earlier value is out of the ordinary."""


class Supposition:
    """Cells that share one slip, growing; what they touch is weighed again at each step.

    Attributes:
        cells: The cells, in the order in which they were taken in.
        seen: The relations that they touch, weighed with the cells corrected.
    """

    def __init__(self, inquiry: Inquiry, diagnosis: Diagnosis, slip: Slip) -> None:
        self._inquiry = inquiry
        self._diagnosis = diagnosis
        self.slip = slip
        self.multiplier = Decimal(slip.factor.denominator) / Decimal(slip.factor.numerator)
        size = max(abs(slip.factor), 1 / abs(slip.factor))
        self._size = size.numerator
        self._strained = _strain(self._size)
        self._filed = inquiry.submission
        self.cells: dict[str, None] = {}
        self.seen: dict[int, Weighed] = {}
        self._marks: tuple[dict[int, None], ...] = ({}, {}, {}, {})

    @property
    def times(self) -> Mapping[str, Decimal]:
        """How many times what was filed each of the cells should hold."""
        return self._times(self.cells)

    def _times(self, cells: Iterable[str]) -> dict[str, Decimal]:
        known = self._inquiry.times
        return {cell: known.get(cell, Decimal(1)) * self.multiplier for cell in cells}

    def add(self, cells: Iterable[str]) -> None:
        """Correct some cells more."""
        new = [cell for cell in cells if cell not in self.cells]
        self.cells.update(dict.fromkeys(new))
        self._filed = self._inquiry.figures.corrected(self._filed, self._times(new))
        over = [total.cell for total in self._inquiry.figures.totals_over(new)]
        touched = dict.fromkeys(p for cell in (*new, *over) for p in self._inquiry.at.get(cell, ()))
        weighed = self._inquiry.weighed(self._filed, touched)
        self.seen.update(weighed)
        for place, one in weighed.items():
            self._mark(place, self._inquiry.now[place], one)

    def _mark(self, place: int, before: Weighed, after: Weighed) -> None:
        """Note what the corrections do to a relation."""
        far_before, far_after = self._far(place, before), self._far(place, after)
        pair = self._relation(place).kind == "pair"
        usual = self._apart(before, after) if pair else not before.failed and not far_before
        verdicts = (
            after.failed and not before.failed,
            before.failed and not after.failed,
            far_before and not far_after,
            far_after and usual,
        )
        for marked, verdict in zip(self._marks, verdicts, strict=True):
            if verdict:
                marked[place] = None
            else:
                marked.pop(place, None)

    @property
    def broken(self) -> tuple[int, ...]:
        """Relations that failed not and would fail."""
        return tuple(self._marks[0])

    @property
    def mended(self) -> tuple[int, ...]:
        """Relations that failed and would not fail."""
        return tuple(self._marks[1])

    @property
    def parted(self) -> tuple[int, ...]:
        """Relations whose figures the corrections would part beyond what is usual."""
        return tuple(self._marks[3])

    @property
    def gain(self) -> int:
        """Relations that are the better for it: mended, or no longer strained."""
        return len(self._marks[1]) + len(self._marks[2])

    def without(self, cells: Iterable[str]) -> Supposition:
        """The same with some cells left out."""
        left = set(cells)
        other = Supposition(self._inquiry, self._diagnosis, self.slip)
        other.add([cell for cell in self.cells if cell not in left])
        return other

    def with_all(self, cells: Iterable[str]) -> Supposition:
        """The same with more cells."""
        other = Supposition(self._inquiry, self._diagnosis, self.slip)
        other.cells, other.seen, other._filed = dict(self.cells), dict(self.seen), self._filed
        other._marks = tuple(dict(marked) for marked in self._marks)
        other.add(cells)
        return other

    def fits(self, cell: str) -> bool:
        """Whether a cell may hold this mistake: it has not been found to hold one of its kind."""
        if cell in self._inquiry.taken:
            return False
        figure = self._inquiry.figures.by_cell[cell]
        if self.slip.factor < 0 and (figure.signed or figure.value > 0):
            return False
        return figure.unit in self._diagnosis.units

    def mends(self, place: int, cell: str) -> bool:
        """Whether a relation that fails would not fail with a cell corrected."""
        tried = self._inquiry.figures.corrected(self._filed, self._times((cell,)))
        return not self._inquiry.weighed(tried, (place,))[place].failed

    def close(self, most: int) -> bool | None:
        """Take in all that must share the mistake.

        Args:
            most: Cells after which to pause.

        Returns:
            True: consistent. False: contradicted. None: paused, to be closed further.
        """
        while not self._refuted():
            owed = self._owed()
            if not owed:
                return not self.contradicted()
            if len(self.cells) > most:
                return None
            self.add(owed)
        return False

    def appeased(self) -> Supposition:
        """The same with what would be overstepped mildly, if that shares the mistake as well."""
        mild = self._drawn_by(self.broken)
        if not mild:
            return self
        wider = self.with_all(mild)
        agrees = wider.close(len(self.cells) * 2)
        return wider if agrees and len(wider.broken) < len(self.broken) else self

    def contradicted(self) -> bool:
        """Whether a relation speaks plainly against the corrections."""
        return any(self._serious(place) for place in self.broken) or bool(self._marks[3])

    def confirmed(self) -> bool:
        """Whether the slip, and no lesser change, is what the relations ask for.

        An equation that comes out or an earlier value that is met outweighs a limit that is
        overstepped then; a limit or a condition alone does not. An equation that no longer
        comes out by a little was wrong before, and too small to be seen.
        """
        if not self._agrees():
            return False
        if self.balanced() or any(self._met(place, one) for place, one in self.seen.items()):
            return True
        overstepped = any(self._relation(p).kind != "equation" for p in self.broken)
        return not overstepped and any(self._speaks(place) for place in self.mended)

    def balanced(self) -> bool:
        """Whether an equation comes out by the corrections, and would not by nothing there."""
        equations = (p for p in self.mended if self._relation(p).kind == "equation")
        return any(not self._idle(place) for place in equations)

    def _agrees(self) -> bool:
        """Equations that are corrected in part must come out, unless others hold either way."""
        still = settled = 0
        now = self._inquiry.now
        for place, one in self.seen.items():
            if self._relation(place).kind != "equation":
                continue
            if one.failed and one.gap * now[place].gap < 0 and abs(one.gap) * 2 > 1:
                return False  # corrected beyond what the other side says
            together = sum(cell in self.cells for cell in one.cells) > 1
            still += one.failed
            settled += not one.failed and (now[place].failed or together)
        return not still or bool(settled)

    def _speaks(self, place: int) -> bool:
        """Whether a limit or a condition failed as only a slip of this size makes it fail."""
        relation, before = self._relation(place), self._inquiry.now[place]
        if relation.kind == "condition":
            return relation.check in self._diagnosis.anchors
        least = self._diagnosis.evident_at.get(relation.check, self._diagnosis.evident)
        return before.beyond is None or before.beyond > least

    def _met(self, place: int, after: Weighed) -> bool:
        """Whether an item lies by the slip nearer to its earlier value."""
        before = self._inquiry.now[place]
        if self._relation(place).kind != "pair" or before.beyond is None or after.beyond is None:
            return False
        return after.beyond < FAR <= before.beyond and not self._apart(before, after)

    def _idle(self, place: int) -> bool:
        """Whether the equation would hold as well if the cells held nothing."""
        if abs(self.multiplier) >= 1:
            return False
        nothing = dict.fromkeys(self.cells, Decimal(0))
        empty = self._inquiry.figures.corrected(self._inquiry.submission, nothing)
        return not self._inquiry.weighed(empty, (place,))[place].failed

    def _refuted(self) -> bool:
        """Whether one speaks against the corrections that no further cell could change."""
        against = [*filter(self._serious, self.broken), *self.parted]
        return any(not any(map(self.open, self.seen[place].cells)) for place in against)

    def _owed(self) -> list[str]:
        """Cells that must share the mistake, by the plainest kind of evidence there is."""
        broken = self.broken
        for kind in ("equation", "limit"):
            serious = [p for p in broken if self._relation(p).kind == kind and self._serious(p)]
            owed = self._drawn_by(serious)
            if owed:
                return owed
        return self._drawn_by(self.parted)

    def _drawn_by(self, places: Iterable[int]) -> list[str]:
        return list(dict.fromkeys(cell for place in places for cell in self._drawn(place)))

    def _drawn(self, place: int) -> list[str]:
        """Figures of a relation that are not corrected and could be."""
        outside = [cell for cell in self.seen[place].cells if self.open(cell)]
        return outside if self._relation(place).plain or len(outside) == 1 else []

    def open(self, cell: str) -> bool:
        """Whether a cell may yet be taken in."""
        return cell not in self.cells and self.fits(cell)

    def _relation(self, place: int) -> Relation:
        return self._inquiry.relations[place]

    def _serious(self, place: int) -> bool:
        """Whether a relation fails by more than figures of a bank differ by themselves."""
        one = self.seen[place]
        if self._relation(place).kind == "equation":
            return abs(one.gap) * MILD > 1 or any(map(self.open, one.cells))
        return one.beyond is None or _reaches(one.beyond, MILD)

    def _apart(self, before: Weighed, after: Weighed) -> bool:
        """Whether corrections bring a pair together by less than half the slip's digits."""
        if before.beyond is None or after.beyond is None:
            return False
        near, far = before.beyond, after.beyond
        left, right = near.numerator * far.denominator, far.numerator * near.denominator
        return left * left < right * right * self._size

    def _far(self, place: int, one: Weighed) -> bool:
        """Whether the figures of a relation lie unusually far apart, though it does not fail."""
        relation = self._relation(place)
        if one.failed or one.beyond is None or not relation.plain:
            return False
        if relation.kind == "pair":
            return _reaches(one.beyond, FAR)
        strained = self._strained
        return bool(strained) and one.beyond.numerator * strained <= one.beyond.denominator


def _reaches(value: Fraction, least: int) -> bool:
    """Whether a number is at least another; some hundred thousand times in a search."""
    return value.numerator >= least * value.denominator


def _strain(size: int) -> int:
    """How many times less than it may be a figure is, to be unusually small; 0: no telling."""
    digits = len(str(size)) - 1
    return int(10 ** (digits * 3 // 4)) if digits > 2 else 0
