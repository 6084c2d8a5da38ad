"""The league table as a workbook: every bank, every indicator, formatted for people.

Two rows of headings that stay, a filter, fitted widths, units in the number formats. A text is a
text whatever it looks like: a bank named ``=1+1`` is a name. The same bytes for the same region.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from copy import copy
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

from supervise.core.region.region import Region
from supervise.write.league_sheets import sheets
from supervise.write.numbers import Words
from supervise.write.sheet_pack import finish
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
from supervise.write.summary_phrases import RegionPhrases
from supervise.write.tables import Column, Kind, Sheet, Value
from supervise.write.visible import one_line

_NO_DAY = date(1980, 1, 1)
_FIGURE = Context(prec=15)
_FORMATS: dict[Kind, str] = {
    "text": "@",
    "long": "@",
    "points": "0.00",
    "signed": "+0.00;-0.00;0.00",
    "whole": "#,##0",
    "ratio": "0.00%",
    "pp": "0.00",
    "bp": "0.00",
    "yuan": "#,##0.00",
    "count": "#,##0",
    "days": "0.0",
    "flag": "@",
}
_SCALES: dict[Kind, Fraction] = {"pp": Fraction(100), "yuan": Fraction(1, 10_000)}
_GROUP = Look(fill=NAVY, colour="FFFFFF", bold=True, across="left", wrap=False, indent=1)
_LOOKS = {
    "title": TITLE,
    "note": BANNER_LOOK,
    "secret": Look(colour="A32D28", size=10, bold=True, wrap=False, border=False),
    "group": _GROUP,
    "head": HEAD,
    "none": HINT,
    "text": Look(locked=False, wrap=False, indent=1),
    "long": Look(locked=False, indent=1),
    "number": Look(across="right", wrap=False, locked=False),
}
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_HEAD = 5
_NARROWEST, _WIDEST, _LONGEST = 9.0, 34.0, 90.0
_MARGIN = 3
_LINE = 15.0


def league_workbook(region: Region, words: Words) -> bytes:
    """The league table of one period 排名表.

    Args:
        region: What is told.
        words: Wordings of headings and notes.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    pen, p = _Pen(words), RegionPhrases(region, words)
    heading = words("check.list.heading")
    title = heading.format(title=p.say("sheet.title"), table=p.period)
    for sheet in sheets(region, words):
        above = heading.format(title=title, table=sheet.name), p.say("secrecy_text")
        _draw(book.create_sheet(sheet.name), sheet, above, pen)
    properties = book.properties
    properties.creator, properties.title = "supervise", title
    target = io.BytesIO()
    book.save(target)
    day = region.period.last_day if region.period else _NO_DAY
    return finish(target.getvalue(), {}, day)


class _Pen:
    """Writes cells in a look; the style of a look and format is made once."""

    def __init__(self, words: Words) -> None:
        self._painter = Painter()
        self._styles: dict[tuple[str, str], Any] = {}
        self._yes, self._no = words("units.yes"), words("units.no")

    def text(self, cell: Any, text: str, look: str = "text") -> None:
        """Write a text as a text, whatever it looks like."""
        if text:
            cell.value = text
            cell.data_type = "s"
        self._paint(cell, look, "@")
        if text.startswith(_RISKY):
            cell.quotePrefix = True

    def value(self, cell: Any, value: Value, kind: Kind) -> None:
        """Write a value of a frame as its column says."""
        if isinstance(value, str):
            lines = (one_line(line) for line in value.split("\n"))
            self.text(cell, "\n".join(lines), "long" if kind == "long" else "text")
        elif value is None or kind == "flag":
            shown = "" if value is None else self._yes if value else self._no
            self.text(cell, shown)
        else:
            cell.value = figure(Fraction(value), kind)
            self._paint(cell, "number", _FORMATS[kind])

    def _paint(self, cell: Any, look: str, number_format: str) -> None:
        known = self._styles.get((look, number_format))
        if known is None:
            self._painter.paint(cell, _LOOKS[look], number_format)
            self._styles[look, number_format] = copy(cell._style)
        else:
            cell._style = copy(known)


def figure(value: Fraction, kind: Kind) -> Decimal:
    """A value in the unit of its column, to the 15 digits that a spreadsheet holds."""
    scaled = value * _SCALES.get(kind, 1)
    return _FIGURE.divide(Decimal(scaled.numerator), Decimal(scaled.denominator))


def _draw(sheet: Any, table: Sheet, title: tuple[str, str], pen: _Pen) -> None:
    pen.text(sheet.cell(1, 1), title[0], "title")
    pen.text(sheet.cell(2, 1), title[1], "secret")
    pen.text(sheet.cell(3, 1), table.note, "note")
    sheet.row_dimensions[1].height = 28
    rows = list(table.frame.itertuples(index=False, name=None))
    widths = [_width(column, [row[at] for row in rows]) for at, column in enumerate(table.columns)]
    _heads(sheet, table.columns, widths, pen)
    for number, row in enumerate(rows, _HEAD + 1):
        for at, (column, value) in enumerate(zip(table.columns, row, strict=True), 1):
            pen.value(sheet.cell(number, at), value, column.kind)
        lines = max(_lines(v, c, w) for v, c, w in zip(row, table.columns, widths, strict=True))
        sheet.row_dimensions[number].height = lines * _LINE + 4
    if not rows:
        pen.text(sheet.cell(_HEAD + 1, 1), "—", "none")
    _page(sheet, table, len(rows))


def _heads(sheet: Any, columns: Sequence[Column], widths: Sequence[float], pen: _Pen) -> None:
    """Two rows of headings: groups over as many columns as they hold, then the columns."""
    at = 1
    for name, members in groupby(columns, key=lambda column: column.group):
        n = len(list(members))
        for place in range(at, at + n):
            pen.text(sheet.cell(_HEAD - 1, place), name if place == at else "", "group")
        if n > 1:
            sheet.merge_cells(
                start_row=_HEAD - 1, end_row=_HEAD - 1, start_column=at, end_column=at + n - 1
            )
        at += n
    for at, (column, width) in enumerate(zip(columns, widths, strict=True), 1):
        cell = sheet.cell(_HEAD, at)
        pen.text(cell, column.heading, "head")
        sheet.column_dimensions[cell.column_letter].width = width
    lines = max(text_lines(c.heading, w - 1) for c, w in zip(columns, widths, strict=True))
    sheet.row_dimensions[_HEAD - 1].height = 20
    sheet.row_dimensions[_HEAD].height = lines * _LINE + 8


def _width(column: Column, values: Sequence[Value]) -> float:
    """As wide as the longest value wants; a heading may take three lines."""
    if column.kind == "long":
        return _LONGEST
    texts = [v for v in values if isinstance(v, str)]
    figures = [v for v in values if isinstance(v, int | Fraction)]
    wanted = max((text_width(text) for text in texts), default=0)
    if figures:
        wanted = max(wanted, max(len(_shown(Fraction(v), column.kind)) for v in figures))
    heading = max(text_width(line) for line in column.heading.split("\n"))
    return min(max(wanted + _MARGIN, heading / 2 + 6, _NARROWEST), _WIDEST)


def _shown(value: Fraction, kind: Kind) -> str:
    """About what the cell will show, for its width."""
    places = 0 if kind in ("whole", "count") else 2
    return f"{figure(value, kind) * (100 if kind == 'ratio' else 1):,.{places}f} "


def _lines(value: Value, column: Column, width: float) -> int:
    """Lines that a value takes: only long texts are wrapped."""
    if column.kind != "long" or not isinstance(value, str):
        return 1
    return text_lines(value, width - _MARGIN)


def _page(sheet: Any, table: Sheet, n: int) -> None:
    """Headings and names stay in view and on each printed page; the table can be filtered."""
    sheet.freeze_panes = sheet.cell(_HEAD + 1, table.kept + 1).coordinate
    last = sheet.cell(_HEAD + max(n, 1), len(table.columns)).coordinate
    sheet.auto_filter.ref = f"A{_HEAD}:{last}"
    sheet.print_title_rows = f"{_HEAD - 1}:{_HEAD}"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = NAVY
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
