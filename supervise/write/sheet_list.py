"""Tables of texts as worksheets: fitted columns, wrapped rows, headings that stay, a filter.

Every cell is written as what it is: a text is never read as a formula, an error or a date.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import copy
from decimal import Decimal
from typing import Any

from supervise.record import record
from supervise.write.sheet_style import (
    BANNER_LOOK,
    HEAD,
    HINT,
    NAVY,
    TITLE,
    Look,
    Painter,
    text_lines,
    text_width,
)

_FIGURE = re.compile(r"[+-]?(0|[1-9][0-9]*)(\.[0-9]+)?")
_MOST_DIGITS = 15
_NARROWEST = 9.0
_ARROW = 4
_MARGIN = 4
_LINE = 15.0
_TALLEST = 400.0
_AIR = 6.0
_EDGE = 0.4
_LOOKS = {
    "title": TITLE,
    "note": BANNER_LOOK,
    "head": HEAD,
    "none": HINT,
    "text": Look(locked=False, indent=1),
    "number": Look(across="right", locked=False),
    "refused": Look(fill="F8D7DA", colour="8B1A1A", bold=True, across="center", locked=False),
    "blocking": Look(fill="FBE3E4", colour="8B1A1A", bold=True, across="center", locked=False),
    "explain": Look(fill="FFF1D6", colour="7A4B00", across="center", locked=False),
    "advisory": Look(fill="EEF1F5", across="center", locked=False),
}


@record
class Column:
    """A column of a table.

    Attributes:
        widest: The most it may be wide, in characters of half width.
        figures: Plain figures in it are numbers; all else is text.
        toned: Its cells have the colour of their row's severity.
    """

    heading: str
    widest: float
    figures: bool = False
    toned: bool = False


@record
class Table:
    """One worksheet: lines above the table, the table, and what to say where it is empty.

    Attributes:
        tones: Severity of each row.
    """

    name: str
    notes: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    tones: tuple[str, ...]
    none: str


def draw_tables(tables: Sequence[Table], title: str, heading: str) -> Any:
    """An openpyxl workbook with one sheet per table.

    Args:
        tables: The sheets.
        title: Of the workbook.
        heading: How ``{title}`` and ``{table}`` stand above a table.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    pen = _Pen()
    for table in tables:
        above = heading.format(title=title, table=table.name)
        _draw(book.create_sheet(table.name), table, above, pen)
    properties = book.properties
    properties.creator, properties.title = "supervise", title
    return book


class _Pen:
    """Writes cells in a look; the style of a look is made once for the whole workbook."""

    def __init__(self) -> None:
        self._painter = Painter()
        self._styles: dict[str, Any] = {}

    def text(self, cell: Any, text: str, look: str = "text") -> None:
        """Write a text as a text, whatever it looks like."""
        if text:
            cell.value = text
            cell.data_type = "s"
        self._paint(cell, look, "@")

    def figure(self, cell: Any, text: str) -> None:
        """Write a figure that a spreadsheet keeps exactly as a number, any other as a text."""
        digits = sum(letter.isdigit() for letter in text)
        if _FIGURE.fullmatch(text) and digits <= _MOST_DIGITS:
            cell.value = Decimal(text)
            self._paint(cell, "number", "General")
        else:
            self.text(cell, text)

    def _paint(self, cell: Any, look: str, number_format: str) -> None:
        if look in self._styles:
            cell._style = copy(self._styles[look])
        else:
            self._painter.paint(cell, _LOOKS[look], number_format)
            self._styles[look] = cell._style


def _draw(sheet: Any, table: Table, heading: str, pen: _Pen) -> None:
    pen.text(sheet.cell(1, 1), heading, "title")
    sheet.row_dimensions[1].height = 28
    for number, note in enumerate(table.notes, 2):
        pen.text(sheet.cell(number, 1), note, "note")
    head = len(table.notes) + 2
    widths = [_width(table, n) for n in range(len(table.columns))]
    for n, (column, width) in enumerate(zip(table.columns, widths, strict=True), 1):
        cell = sheet.cell(head, n)
        pen.text(cell, column.heading, "head")
        sheet.column_dimensions[cell.column_letter].width = width
    headings = [column.heading for column in table.columns]
    sheet.row_dimensions[head].height = _AIR + _height(headings, widths)
    for n, row in enumerate(table.rows):
        _row(sheet, head + 1 + n, table, n, pen)
        sheet.row_dimensions[head + 1 + n].height = _height(row, widths)
    if not table.rows:
        pen.text(sheet.cell(head + 1, 1), table.none, "none")
    _page(sheet, head, table)


def _row(sheet: Any, number: int, table: Table, n: int, pen: _Pen) -> None:
    for at, (column, text) in enumerate(zip(table.columns, table.rows[n], strict=True), 1):
        cell = sheet.cell(number, at)
        if column.figures:
            pen.figure(cell, text)
        else:
            pen.text(cell, text, table.tones[n] if column.toned else "text")


def _width(table: Table, n: int) -> float:
    """As wide as the longest text wants, within the column's limit."""
    column = table.columns[n]
    wanted = max(text_width(column.heading) + _ARROW, _NARROWEST)
    for row in table.rows:
        if wanted >= column.widest:
            return max(column.widest, _NARROWEST)
        wanted = max(wanted, text_width(row[n][: int(column.widest) + 1]) + _MARGIN)
    return min(wanted, column.widest)


def _height(texts: Sequence[str], widths: Sequence[float]) -> float:
    lines = max(text_lines(t, width - _MARGIN) for t, width in zip(texts, widths, strict=True))
    return min(lines * _LINE + 4, _TALLEST)


def _page(sheet: Any, head: int, table: Table) -> None:
    """Headings stay in view and on each printed page; the table can be filtered."""
    last = sheet.cell(head + max(len(table.rows), 1), len(table.columns)).coordinate
    sheet.freeze_panes = f"B{head + 1}"
    sheet.auto_filter.ref = f"A{head}:{last}"
    sheet.print_title_rows = f"{head}:{head}"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = NAVY
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = _EDGE
    sheet.page_margins.top = sheet.page_margins.bottom = _EDGE
