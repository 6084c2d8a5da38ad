"""Worlds that are not filed: some figures otherwise, or the next period 下一期.

What is not known of the next period stays as it is in this one; a comparison base that is not
known yet is either missing or, where it is asked for, this period's own.
"""

from __future__ import annotations

from fractions import Fraction

from supervise.core.compute import compute
from supervise.core.exact import as_decimal
from supervise.core.frame import Absent, Frame, Result
from supervise.core.law import Rulebook
from supervise.core.model import Fact, Row, Value
from supervise.core.whatif.reach import reach_of
from supervise.core.world import Book
from supervise.record import replace


class Supposed(Book):
    """A submission with some figures otherwise than filed; names are looked up once.

    Args:
        book: What the bank filed; it stays as it is.
        rulebook: The law of this world.
    """

    remembers = False

    def __init__(self, book: Book, rulebook: Rulebook) -> None:
        self._filed = book.submission
        self._facts = dict(self._filed.facts)
        self._tables = dict(self._filed.tables)
        own = replace(self._filed, facts=self._facts, tables=self._tables)
        super().__init__(own, rulebook, book.context)
        self._corrected = dict(self._adjusted)
        self._changed: set[str] = set()
        self._seen: dict[tuple[str, str], Result] = {}
        self._read_in = reach_of(rulebook).definitions

    def lookup(self, name: str, frame: Frame) -> Result:
        """See ``compute.World.lookup``."""
        if name in frame.local:
            return frame.local[name]
        if frame.row is not None:
            return self._in_row(name, frame)
        key = name, frame.as_of
        found = self._seen.get(key)
        if found is None:
            definition = self.rulebook.definitions.get(name)
            if definition is not None:
                found = compute(definition.tree, self, frame)
            else:
                found = super().lookup(name, frame)
            if not isinstance(found, Absent):
                self._seen[key] = found
        return found

    def _in_row(self, name: str, frame: Frame) -> Result:
        definition = self.rulebook.definitions.get(name)
        if definition is None or name in (frame.row or ()):
            return super().lookup(name, frame)
        return compute(definition.tree, self, frame)

    def suppose(self, item: str, value: Fraction) -> None:
        """Let a number of this period be another one; base units."""
        self._adjusted[item] = value
        self._unsee(item)

    def answer(self, item: str, value: Value) -> None:
        """Let a cell hold something else, as if it had been filed so."""
        self.place(Fact(item, value, "given", self._facts[item].cell))

    def correct(self, item: str, cell: str, value: Fraction) -> None:
        """Let a number stand in a cell, of an open table as well; base units."""
        self.place(replace(self.fact_at(item, cell), value=as_decimal(value), state="given"))

    def fact_at(self, item: str, cell: str) -> Fact:
        """What stands in the cell of an item.

        Raises:
            KeyError: The item has no such cell.
        """
        if item in self._facts:
            return self._facts[item]
        table = self.rulebook.forms.columns[item]
        for row in self._tables.get(table, ()):
            if str(row[item].cell) == cell:
                return row[item]
        raise KeyError(cell)

    def place(self, fact: Fact) -> None:
        """Let something else stand where a fact has its cell."""
        item = fact.item
        if item in self._facts:
            self._facts[item] = fact
            self._adjusted.pop(item, None)
            self._unsee(item)
        else:
            table = self.rulebook.forms.columns[item]
            rows = self._tables[table]
            self._tables[table] = tuple(
                {**row, item: fact} if row[item].cell == fact.cell else row for row in rows
            )
        self._seen.clear()

    def list_rows(self, table: str, rows: tuple[Row, ...]) -> None:
        """Let an open table have other rows."""
        self._tables[table] = rows
        self._seen.clear()

    def _unsee(self, item: str) -> None:
        """What was looked up of this period's figure no longer counts."""
        self._known.pop(item, None)
        self._changed.add(item)
        for name in (item, *self._read_in.get(item, ())):
            self._seen.pop((name, "now"), None)

    def forget(self) -> None:
        """Take back whatever was supposed."""
        for item in self._changed:
            self._facts[item] = self._filed.facts[item]
            self._known.pop(item, None)
            self._adjusted.pop(item, None)
            if item in self._corrected:
                self._adjusted[item] = self._corrected[item]
        self._changed.clear()
        self._tables.update(self._filed.tables)
        self._seen.clear()


class NextBook(Supposed):
    """The next period, all figures being this period's until they are supposed otherwise.

    Year-start figures stay within the year; after a fourth quarter they are this period's own
    closings. Year-ago figures come from history; for a fourth quarter also from the full year
    that the form carries.

    Attributes:
        present: This period, as filed.
        missed: Some year-ago figure was asked for and is not known.
    """

    def __init__(self, book: Book) -> None:
        self.present = book
        self.stands_in = False
        self.missed = False
        super().__init__(book, replace(book.rulebook, period=book.rulebook.period.next))

    @property
    def new_year(self) -> bool:
        """Whether cumulative figures begin anew."""
        return self.rulebook.period.quarter == 1

    def stand_in(self, *, stands_in: bool) -> None:
        """Whether this period's year-ago figures stand in for those of the next one."""
        self.stands_in = stands_in
        self.missed = False
        self._seen.clear()

    def _earlier(self, name: str, frame: Frame) -> Result:
        if frame.as_of == "year_ago":
            return self._year_ago(name)
        if self.new_year:
            return self.present.lookup(name, Frame())
        return super()._earlier(name, frame)

    def _year_ago(self, name: str) -> Result:
        if self.stands_in:
            return self.present.lookup(name, Frame("year_ago"))
        period = self.period_of("year_ago")
        past = self.context.history.get(str(period))
        if past is not None and name in past.facts:
            return past.facts[name]
        if period.quarter == 4:
            full_year = self.present.lookup(name, Frame("last_year"))
            if not isinstance(full_year, Absent):
                return full_year
        self.missed = True
        return Absent("no_history", (name,))
