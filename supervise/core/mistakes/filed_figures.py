"""The figures of a submission, and the same submission with some of them corrected.

In: a ``Book``. Out: every number above or below zero that the bank typed, by its cell, and books
in which some cells hold a multiple of what was filed. Nothing filed is ever changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from supervise.core.finding import in_cell_unit
from supervise.core.layout import NUMERIC, Form, FormSet
from supervise.core.mistakes.totals import Total, Totals, agrees
from supervise.core.model import Fact, Submission
from supervise.core.world import Book
from supervise.record import record, replace

_ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")
_CENTS = 2
CURRENT, PAST = ("", "now"), ("", "past")
Block = tuple[str, str]
"""This period's sheets, those of comparatives, a sheet, or a column or row of one."""


@record
class Figure:
    """A number in its cell.

    Attributes:
        unit: Unit of its item.
        signed: Whether a negative figure can be right.
        scale: Base units per unit typed.
        table: Open table that it stands in; empty: none.
        row: Place of its row in that table.
        sheet: The sheet that it is on.
        lines: Its column and its row.
    """

    fact: Fact
    unit: str
    signed: bool
    scale: Fraction
    table: str
    row: int
    sheet: Block
    lines: tuple[Block, ...]

    @property
    def value(self) -> Decimal:
        """As filed; base units, never zero."""
        assert isinstance(self.fact.value, Decimal)
        return self.fact.value


class FiledFigures:
    """Every figure of a book that can be wrong by a factor.

    Zero and blank cells are no figures, nor are figures that a supervisor adjusted. A locked
    cell that shows another one is not typed: it goes with the one that it shows. A total is a
    figure, but goes with its parts as long as it agrees with them.

    Attributes:
        by_cell: Every figure by its cell.
        inside: The cells of each block, in the order of the sheets.
        source: Locked cell to the one that it shows.
        totals: Those of the forms.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self.by_cell: dict[str, Figure] = {}
        self.inside: dict[Block, list[str]] = {}
        self._shown: dict[str, list[Fact]] = {}
        self.source: dict[str, str] = {}
        self._of: dict[tuple[str, Decimal], Fact] = {}
        self.totals = Totals(book.rulebook.forms)
        forms = book.rulebook.forms.forms
        self._scales = {form.sheet: Fraction(form.money_scale) for form in forms}
        self._past = {form.sheet for form in forms if _is_of_the_past(form, book.rulebook.forms)}
        adjusted = {one.item for one in book.context.adjustments}
        facts = [f for f in book.submission.facts.values() if f.item not in adjusted]
        for fact in facts:
            self._add(fact)
        for table, rows in book.submission.tables.items():
            for place, row in enumerate(rows):
                for fact in row.values():
                    self._add(fact, table, place)
        self._follow()

    def time_of(self, cell: str) -> Block:
        """Whether a cell is on a sheet of this period's figures, or on one of comparatives."""
        return PAST if self.by_cell[cell].sheet[0] in self._past else CURRENT

    def corrected(self, submission: Submission, times: Mapping[str, Decimal]) -> Submission:
        """A submission in which each of the cells holds that many times what was filed.

        Args:
            submission: The one that was filed, perhaps with other cells corrected.
            times: Multiplier by cell.
        """
        facts = dict(submission.facts)
        typed: dict[str, Fact] = {}
        rows: dict[str, list[dict[str, Fact]]] = {}
        for cell, multiplier in times.items():
            figure = self.by_cell[cell]
            made = self._made(figure, multiplier)
            if figure.table:
                filed = submission.tables[figure.table]
                known = rows.setdefault(figure.table, [dict(row) for row in filed])
                known[figure.row][made.item] = made
            else:
                typed[made.item] = made
        for total, value in tuple(self.totals.carried(submission.facts, typed)):
            text = self.written(total.item, value)
            typed[total.item] = replace(facts[total.item], value=value, text=text)
        for made in typed.values():
            facts[made.item] = made
            for shown in self._shown.get(str(made.cell), ()):
                facts[shown.item] = replace(shown, value=made.value, text=made.text)
        if not rows:
            return replace(submission, facts=facts)
        tables = {**submission.tables, **{table: tuple(known) for table, known in rows.items()}}
        return replace(submission, facts=facts, tables=tables)

    def shown(self, cell: str, multiplier: Decimal) -> str:
        """What the bank should type in a cell."""
        figure = self.by_cell[cell]
        value = figure.value * multiplier
        if figure.unit == "yuan":
            typed = value / Decimal(int(figure.scale))
            return in_cell_unit(round(Fraction(typed), _CENTS), "", Fraction(1))
        return in_cell_unit(Fraction(value), figure.unit, figure.scale)

    def written(self, item: str, value: Decimal) -> str:
        """What a cell of this period's figures shows, holding a value in base units."""
        cell = self._book.submission.facts[item].cell
        unit = self._book.rulebook.forms.items[item].unit
        scale = self._scales.get(cell.sheet, Fraction(1)) if unit == "yuan" else Fraction(1)
        return in_cell_unit(Fraction(value), unit, scale)

    def totals_over(self, cells: Iterable[str]) -> tuple[Total, ...]:
        """The totals that rest on some cells and are there."""
        facts = self._book.submission.facts
        over = self.totals.over(self.by_cell[cell].fact.item for cell in cells)
        return tuple(total for total in over if total.item in facts)

    def follows(self, cell: str) -> bool:
        """Whether a cell holds a total that agrees with its parts."""
        total = self.totals.of.get(self.by_cell[cell].fact.item)
        return total is not None and agrees(total, self._book.submission.facts)

    def under(self, cell: str) -> Iterator[str]:
        """The figures that a total adds up, and those that these add up."""
        yield from self._cells_of(self.totals.under(self.by_cell[cell].fact.item))

    def parts(self, total: Total) -> tuple[str, ...]:
        """The figures that a total adds up."""
        return tuple(self._cells_of(total.parts))

    def _cells_of(self, items: Iterable[str]) -> Iterator[str]:
        facts = self._book.submission.facts
        cells = (str(facts[item].cell) for item in items if item in facts)
        return (cell for cell in cells if cell in self.by_cell)

    def filed(self, cell: str) -> str:
        """What stands in a cell, in its unit."""
        figure = self.by_cell[cell]
        return in_cell_unit(Fraction(figure.value), figure.unit, figure.scale)

    def _made(self, figure: Figure, multiplier: Decimal) -> Fact:
        key = (str(figure.fact.cell), multiplier)
        if key not in self._of:
            value = figure.value * multiplier
            text = self.shown(*key)
            self._of[key] = replace(figure.fact, value=value, text=text)
        return self._of[key]

    def _add(self, fact: Fact, table: str = "", place: int = 0) -> None:
        item = self._book.rulebook.forms.items.get(fact.item)
        if item is None or item.unit not in NUMERIC or fact.state != "given" or not fact.value:
            return
        match = _ADDRESS.fullmatch(fact.cell.address)
        sheet = fact.cell.sheet
        column, row = match.groups() if match else ("", "")
        lines = ((sheet, column), (sheet, row))
        scale = self._scales.get(sheet, Fraction(1)) if item.unit == "yuan" else Fraction(1)
        whole = (sheet, "")
        cell = str(fact.cell)
        self.by_cell[cell] = Figure(fact, item.unit, item.signed, scale, table, place, whole, lines)

    def _follow(self) -> None:
        """Take out the locked cells that show what another cell holds."""
        for form in self._book.rulebook.forms.forms:
            for placed in form.placed:
                if placed.kind != "reference":
                    continue
                cell = f"{form.sheet}!{placed.address}"
                origin = placed.formula.replace("$", "").replace("'", "").lstrip("=").strip()
                here, there = self.by_cell.get(cell), self.by_cell.get(origin)
                if here is not None and there is not None and here.value == there.value:
                    self.source[cell] = origin
                    self._shown.setdefault(origin, []).append(here.fact)
                    del self.by_cell[cell]
        for cell, figure in self.by_cell.items():
            for block in (self.time_of(cell), figure.sheet, *figure.lines):
                self.inside.setdefault(block, []).append(cell)


def _is_of_the_past(form: Form, forms: FormSet) -> bool:
    """Whether most figures of a form are comparatives."""
    times = [forms.items[placed.item].as_of != "now" for placed in form.placed]
    return 2 * sum(times) > len(times)
