"""What a search for shared mistakes knows: every relation weighed, every correction accepted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from supervise.core.diagnosis import Slip
from supervise.core.mistakes.filed_figures import FiledFigures
from supervise.core.mistakes.relations import Relation, Weighed, relations, weigh
from supervise.core.model import Submission
from supervise.core.world import Book

MOST_WEIGHED = 12_000
"""Relations weighed before the search for one kind of mistake gives up; some 10 µs each."""
UNBOUNDED = 1 << 60
FIGURES_EACH = 8
"""Figures that cost as much as a relation: one over an open table rests on thousands."""


class SpentError(Exception):
    """The search has weighed all that it may."""


class Inquiry:
    """A book's relations as they stand, corrections found so far included.

    Args:
        book: The submission as filed.

    Attributes:
        submission: As filed, with the corrections made.
        now: The relations weighed, in their order.
        at: Cell to the places of the relations that rest on it.
        times: How many times what was filed a cell should hold, where that is known.
        taken: The cells of one kind of mistake, each with its slip.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self.submission = book.submission
        self.figures = FiledFigures(book)
        self.relations: tuple[Relation, ...] = tuple(relations(book))
        self.times: dict[str, Decimal] = {}
        self.taken: dict[str, Slip] = {}
        self._left = UNBOUNDED
        places = range(len(self.relations))
        self.now = list(self.weighed(book.submission, places).values())
        self.at: dict[str, list[int]] = {}
        for place, one in enumerate(self.now):
            for cell in one.cells:
                self.at.setdefault(cell, []).append(place)

    def begin(self) -> None:
        """Look for another kind of mistake; corrections of the kinds before stay made."""
        self.taken.clear()
        self._left = MOST_WEIGHED

    @property
    def failing(self) -> int:
        """Relations that fail with the corrections made."""
        return sum(one.failed for one in self.now)

    def weighed(self, submission: Submission, places: Iterable[int]) -> dict[int, Weighed]:
        """Some relations under a submission.

        Raises:
            SpentError: Too many were weighed before.
        """
        book = Book(submission, self.book.rulebook, self.book.context)
        found = {}
        for place in places:
            if self._left <= 0:
                raise SpentError
            found[place] = one = weigh(self.relations[place], book, self.figures)
            self._left -= 1 + len(one.cells) // FIGURES_EACH
        return found

    def accept(
        self, slip: Slip, multipliers: Mapping[str, Decimal], seen: Mapping[int, Weighed]
    ) -> None:
        """Take corrections as made.

        Args:
            slip: What was wrong.
            multipliers: Its cells, and how many times what was filed each should hold.
            seen: The relations that they touch, weighed with them.
        """
        self.times.update(multipliers)
        self.taken.update(dict.fromkeys(multipliers, slip))
        self.submission = self.figures.corrected(self.submission, multipliers)
        for place, one in seen.items():
            self.now[place] = one

    def share_totals(self) -> None:
        """Name the totals, too, that follow figures which all hold the same mistake."""
        for total in self.figures.totals.ordered:
            if total.cell in self.figures.by_cell and self.figures.follows(total.cell):
                parts = self.figures.parts(total)
                shared = {(self.taken.get(part), self.times.get(part)) for part in parts}
                slip, multiplier = shared.pop() if len(shared) == 1 else (None, None)
                if slip is not None and multiplier is not None and total.cell not in self.taken:
                    self.taken[total.cell] = slip
                    self.times[total.cell] = multiplier
