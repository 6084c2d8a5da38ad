"""What a bank keeps in the workbook beside the forms: notes, working columns, sheets of its own.

Passed through untouched as ``Submission.reference``; never judged.
"""

from __future__ import annotations

from collections.abc import Iterable

from supervise.core.layout import BANNER, Form, FormSet
from supervise.core.model import Cell
from supervise.read.raw import RawCell, RawSheet, RawWorkbook
from supervise.read.sheets import find_sheet, other_sheets
from supervise.read.text import clean, fold

CAP = 2000
GUIDE = "填报说明"


def own_cells(raw: RawWorkbook, forms: FormSet) -> tuple[dict[str, str], int]:
    """Cell to text of the first 2,000 cells that no form knows, and how many there are."""
    kept: dict[str, str] = {}
    total = 0
    for sheet, cell in _own(raw, forms):
        total += 1
        if len(kept) < CAP:
            kept[str(Cell(sheet, cell.address))] = clean(cell.text)
    return kept, total


def hidden_figures(raw: RawWorkbook, forms: FormSet) -> tuple[Cell, ...]:
    """The first figure on each hidden sheet of the bank's own; lists of words do not count."""
    return tuple(
        Cell(sheet.name, figures[0])
        for sheet in other_sheets(raw, forms)
        if sheet.state != "visible" and (figures := _figures(sheet))
    )


def _figures(sheet: RawSheet) -> list[str]:
    return [address for address, cell in sheet.cells.items() if cell.kind == "number"]


def _own(raw: RawWorkbook, forms: FormSet) -> Iterable[tuple[str, RawCell]]:
    for form in forms.forms:
        sheet = find_sheet(raw, form.sheet)
        if sheet is not None and (form.placed or form.tables):
            known, said, longest = _of_the_form(form)
            if sheet.cells.keys() <= known:
                continue
            for address, cell in sheet.cells.items():
                new = address not in known and not _in_table(form, cell)
                if new and clean(cell.text) and not _is_one_of(cell.text, said, longest):
                    yield form.sheet, cell
    for sheet in other_sheets(raw, forms):
        if fold(sheet.name) != GUIDE and (sheet.state == "visible" or _figures(sheet)):
            yield from ((sheet.name, cell) for cell in sheet.cells.values() if clean(cell.text))


def _is_one_of(text: str, said: frozenset[str], longest: int) -> bool:
    """A long text is told from the form's own without folding it."""
    return len(text) <= longest and fold(text) in said


def _of_the_form(form: Form) -> tuple[frozenset[str], frozenset[str], int]:
    """A form's own addresses, its texts, and how long one of them may be; made once."""
    try:
        known: tuple[frozenset[str], frozenset[str], int] = form.own
    except AttributeError:
        placed = (entry.address for entry in form.placed)
        said = frozenset([fold(text) for text in (form.title, *form.notes)])
        addresses = frozenset([*placed, *form.undefined, *form.labels, BANNER])
        known = addresses, said, 2 * max(map(len, said))
        object.__setattr__(form, "own", known)  # no part of the value, so not frozen
    return known


def _in_table(form: Form, cell: RawCell) -> bool:
    column = cell.address.rstrip("0123456789")
    return any(
        column in table.columns and (cell.row >= table.first_row or cell.row == table.header_row)
        for table in form.tables
    )
