"""The judging workbook 评分工作簿: what is to be judged of each bank, and room for the answers.

In: the rows that the program knows, as texts. Out: the bytes of an ``.xlsx``, the same for the same
rows. What the program tells is locked; a text is a text whatever it looks like.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from copy import copy
from decimal import Decimal
from typing import Any

from supervise.core.judge_book import SHEETS, Column, Sheet
from supervise.core.period import Period
from supervise.write import sheet_style as style
from supervise.write.sheet_form import protect
from supervise.write.sheet_judge_guide import Known, draw_guide, draw_items
from supervise.write.sheet_judge_rules import add_rules
from supervise.write.sheet_pack import finish

HEAD_ROW = 3
_LINE, _AIR, _TALLEST, _EDGE = 15.0, 6.0, 120.0, 0.4
_FORMATS = {"date": "yyyy-mm-dd", "points": "0.##", "figure": "General"}
_ACROSS = {"long": "left", "text": "left", "choice": "center", "date": "center"}
Row = Mapping[str, str]


def judging_workbook(
    period: Period, rows: Mapping[str, Sequence[Row]], items: Sequence[Known]
) -> bytes:
    """The workbook for one period.

    Args:
        period: Of the evaluations.
        rows: By sheet id: column key to text; what is not there is blank.
        items: Figures that may be corrected.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    draw_guide(book, period)
    pen = _Pen()
    for sheet in SHEETS:
        _draw(book.create_sheet(sheet.name), sheet, period, rows.get(sheet.id, ()), pen)
    draw_items(book, items)
    properties = book.properties
    properties.creator, properties.title = "supervise", f"评分工作簿 {period}"
    target = io.BytesIO()
    book.save(target)
    return finish(target.getvalue(), {}, period.last_day)


class _Pen:
    """Writes cells; the style of each kind of cell is made once for the whole workbook."""

    def __init__(self) -> None:
        self._painter = style.Painter()
        self._styles: dict[tuple[Column, bool], Any] = {}

    def datum(self, cell: Any, column: Column, text: str, *, locked: bool) -> None:
        """A cell of a column; exact decimals are numbers where the column holds figures."""
        if text and column.kind in ("figure", "points") and _is_number(text):
            cell.value = Decimal(text)
        elif text:
            cell.value = text
            cell.data_type = "s"
        key = (column, locked)
        if key in self._styles:
            cell._style = copy(self._styles[key])
        else:
            self._painter.paint(cell, _look(column, locked), _FORMATS.get(column.kind, "@"))
            self._styles[key] = cell._style

    def words(self, cell: Any, text: str, look: style.Look) -> None:
        """A title, note or heading."""
        cell.value = text
        cell.data_type = "s"
        self._painter.paint(cell, look, "@")


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-").replace(".", "", 1)
    return digits.isdigit() and len(digits) <= 15


def _look(column: Column, locked: bool) -> style.Look:
    """A long digest keeps to its cell (``fill``) instead of running over the blank ones beside."""
    long = column.key == "seen"
    across = "fill" if long else _ACROSS.get(column.kind, "right")
    return style.Look(
        fill=style.PAPER if locked else style.INPUT,
        across=across,
        locked=locked,
        indent=int(across == "left"),
        wrap=not long,
    )


def _draw(sheet: Any, plan: Sheet, period: Period, rows: Sequence[Row], pen: _Pen) -> None:
    pen.words(sheet.cell(1, 1), f"{plan.name}　{period}", style.TITLE)
    pen.words(sheet.cell(2, 1), plan.note, style.BANNER_LOOK)
    sheet.row_dimensions[1].height = 28
    for at, column in enumerate(plan.columns, 1):
        cell = sheet.cell(HEAD_ROW, at)
        pen.words(cell, column.heading, style.HEAD)
        sheet.column_dimensions[cell.column_letter].width = column.width
    sheet.row_dimensions[HEAD_ROW].height = 2 * _LINE + _AIR
    for number, row in enumerate(rows, HEAD_ROW + 1):
        for at, column in enumerate(plan.columns, 1):
            locked = column.fill != "always"
            pen.datum(sheet.cell(number, at), column, row.get(column.key, ""), locked=locked)
        sheet.row_dimensions[number].height = _height(plan, row)
    first = HEAD_ROW + 1 + len(rows)
    for number in range(first, first + plan.blank_rows):
        for at, column in enumerate(plan.columns, 1):
            pen.datum(sheet.cell(number, at), column, "", locked=column.fill == "never")
    add_rules(sheet, plan, HEAD_ROW + 1, first + plan.blank_rows - 1)
    _page(sheet, plan)


def _height(plan: Sheet, row: Row) -> float:
    lines = max(
        style.text_lines(row.get(column.key, ""), column.width - 2)
        for column in plan.columns
        if column.kind == "long" or not row.get(column.key)
    )
    return min(lines * _LINE + _AIR, _TALLEST)


def _page(sheet: Any, plan: Sheet) -> None:
    """Headings stay in view and on each printed page; rows can be filtered while protected."""
    last = sheet.cell(max(sheet.max_row, HEAD_ROW + 1), len(plan.columns)).coordinate
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 3).coordinate
    sheet.auto_filter.ref = f"A{HEAD_ROW}:{last}"
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = style.NAVY
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = _EDGE
    sheet.page_margins.top = sheet.page_margins.bottom = _EDGE
    footer = sheet.oddFooter.right
    footer.text, footer.size, footer.font = "第 &P 页，共 &N 页", 8, style.FONT
    protect(sheet)
    sheet.protection.autoFilter = False
    sheet.protection.sort = False
