"""What a search for shared mistakes knows: the relations weighed, every correction accepted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from functools import cached_property

from supervise.core.diagnosis import Slip
from supervise.core.mistakes.filed_figures import FiledFigures
from supervise.core.mistakes.relations import Relation, Weighed, relations, weigh
from supervise.core.model import Submission
from supervise.core.world import Book

MOST_WEIGHED = 12_000
"""Relations weighed before the search for one kind of mistake gives up; some 10 µs each."""
FIGURES_EACH = 8
"""Figures that cost as much as a relation: one over an open table rests on thousands."""


class SpentError(Exception):
    """The search has weighed all that it may."""


class _AsFiled(dict[int, Weighed]):
    """Relations by their places, weighed as filed when first asked for.

    Most searches end with the few in which a mistake would show. Before a correction is accepted
    all have been weighed, to know which rest on its cells.
    """

    def __init__(self, book: Book, some: tuple[Relation, ...], figures: FiledFigures) -> None:
        self._book = Book(book.submission, book.rulebook, book.context)
        self._relations = some
        self._figures = figures

    def __missing__(self, place: int) -> Weighed:
        self[place] = one = weigh(self._relations[place], self._book, self._figures)
        return one


class Inquiry:
    """A book's relations as they stand, corrections found so far included.

    Args:
        book: The submission as filed.
        suspects: Checks of which something failed as filed.

    Attributes:
        submission: As filed, with the corrections made.
        now: The relations weighed, by their places.
        times: How many times what was filed a cell should hold, where that is known.
        taken: The cells of one kind of mistake, each with its slip.
    """

    def __init__(self, book: Book, suspects: Collection[str]) -> None:
        self.book = book
        self._suspects = suspects
        self.submission = book.submission
        self.figures = FiledFigures(book)
        self.relations: tuple[Relation, ...] = tuple(relations(book))
        self.times: dict[str, Decimal] = {}
        self.taken: dict[str, Slip] = {}
        self._left = MOST_WEIGHED
        self.now: dict[int, Weighed] = _AsFiled(book, self.relations, self.figures)

    @cached_property
    def at(self) -> Mapping[str, list[int]]:
        """Cell to the places of the relations that rest on it."""
        found: dict[str, list[int]] = {}
        for place in range(len(self.relations)):
            for cell in self.now[place].cells:
                found.setdefault(cell, []).append(place)
        return found

    def begin(self) -> None:
        """Look for another kind of mistake; corrections of the kinds before stay made."""
        self.taken.clear()
        self._left = MOST_WEIGHED

    def failing_of(self, checks: Collection[str]) -> list[int]:
        """Places of the relations of some checks that fail with the corrections made."""
        return [
            place
            for place, one in enumerate(self.relations)
            if one.check in checks and (one.check in self._suspects or place in self.now)
            if self.now[place].failed
        ]

    @property
    def failing(self) -> int:
        """Relations that fail with the corrections made."""
        return sum(self.now[place].failed for place in range(len(self.relations)))

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
