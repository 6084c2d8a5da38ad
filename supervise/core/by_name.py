"""What the names of the law stand for in one submission, by themselves: no trace, no reasons.

Whole numbers stay whole here, for they are reckoned with some twenty times as fast as fractions.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING
from weakref import ref

from supervise.core.compute import compute
from supervise.core.formula import Name
from supervise.core.frame import UNTRACED, Frame
from supervise.core.model import Row

if TYPE_CHECKING:
    from supervise.core.world import Book

Exact = int | Fraction
_ANSWERED = ("given", "zero")


class Unsettled(LookupError):
    """Only the general way can tell."""


class Figures(dict[str, Exact]):
    """The numbers of this period that names stand for; ``Unsettled`` for any other name.

    Args:
        book: The submission and its law; nothing in it changes any more.
        row: Open-table row whose columns come before all other names; None: none.
    """

    def __init__(self, book: Book, row: Row | None = None) -> None:
        self._asked = ref(book)  # which holds this in turn
        self._row = row
        self._rows: dict[int, Figures] = {}
        for name, fact in (book.submission.facts if row is None else row).items():
            value = fact.value
            if type(value) is Decimal and fact.state in _ANSWERED:
                numerator, denominator = value.as_integer_ratio()
                self[name] = numerator if denominator == 1 else Fraction(numerator, denominator)
        if row is None:
            self.update((one.item, one.adjusted) for one in book.context.adjustments)
            for name in book.rulebook.definitions:
                self.pop(name, None)

    @property
    def _book(self) -> Book:
        book = self._asked()
        assert book is not None  # whoever asks for figures has it
        return book

    def of_row(self, row: Row | None) -> Figures:
        """The same with the columns of a row; made once for all checks."""
        if row is None:
            return self
        known = self._rows.get(id(row))
        if known is None:
            known = self._rows[id(row)] = Figures(self._book, row)
        return known

    def __missing__(self, name: str) -> Exact:
        """A definition or a parameter; a definition may read the row, which only compute knows."""
        book = self._book
        defined = name in book.rulebook.definitions
        if self._row is not None:
            if defined or name in self._row:
                raise Unsettled(name)
            return book.figures[name]
        if not defined and name in book.submission.facts:
            raise Unsettled(name)
        value = compute(Name(name), book, Frame(trace=UNTRACED))
        if type(value) is not Fraction:
            raise Unsettled(name)
        self[name] = found = whole(value)
        return found

    def truth(self, name: str) -> bool:
        """What a yes or no says."""
        value = self._filed(name)
        if type(value) is not bool:
            raise Unsettled(name)
        return value

    def word(self, name: str) -> str:
        """What a text says, one of the bank or of the law."""
        value = self._filed(name)
        if type(value) is not str:
            raise Unsettled(name)
        return value

    def _filed(self, name: str) -> object:
        """What stands in a cell; for a parameter what the law says."""
        book = self._book
        fact = (self._row or {}).get(name)
        if fact is None and name not in book.rulebook.definitions:
            fact = book.submission.facts.get(name)
            if fact is None:
                return compute(Name(name), book, Frame(trace=UNTRACED))
        return fact.value if fact is not None and fact.state in _ANSWERED else None

    def answered(self, name: str) -> bool:
        """Whether a datum was given; see ``compute.World.answered``."""
        fact = (self._row or {}).get(name)
        if fact is not None:
            return fact.state in _ANSWERED
        fact = self._book.submission.facts.get(name)
        if fact is None:
            raise Unsettled(name)
        return fact.state in _ANSWERED or name in self._book.figures


def whole(value: Fraction) -> Exact:
    """A number, as a whole one if it is one."""
    return value.numerator if value.denominator == 1 else value
