"""Locked cells: references that show another cell, and fixed texts.

Protection is no security: the reader compares every locked cell with what it should show.
"""

from __future__ import annotations

import re

from supervise.core.layout import Form, FormSet, Placed
from supervise.core.model import Value
from supervise.read import findings as f
from supervise.read.cells import Manner, Reading, is_blank, read_cell
from supervise.read.findings import Remark
from supervise.read.raw import RawCell, RawWorkbook
from supervise.read.sheets import find_sheet
from supervise.read.text import EMPTY, fold
from supervise.record import replace

JUDGED_BY_COVER = frozenset({"COVER_period", "COVER_template_version"})
_SIMPLE = re.compile(r"=?(?:'(?P<quoted>[^']+)'|(?P<plain>[^'!=]+))!(?P<address>[A-Z]{1,3}[0-9]+)")


def locked_remark(placed: Placed, text: str) -> Remark | None:
    """A remark if a fixed text is not the form's; period and version are the cover's matter."""
    if placed.kind != "fixed" or not placed.formula or placed.item in JUDGED_BY_COVER:
        return None
    if fold(text) == fold(placed.formula):
        return None
    return Remark(f.LOCKED_CHANGED, {"text": text or EMPTY, "expected": placed.formula})


def read_locked(
    raw: RawWorkbook, forms: FormSet, placed: Placed, cell: RawCell | None, manner: Manner
) -> Reading:
    """Read a reference and hold it against the cell it shows.

    A reference that no program has calculated yet takes the value of its source, which is what
    it would show.
    """
    item = forms.items[placed.item]
    source = _source(raw, forms, placed)
    if source is None:
        return read_cell(cell, item, manner)
    source_cell, source_manner = source
    shows = read_cell(source_cell, item, source_manner)
    if cell is not None and cell.kind == "none" and cell.formula is not None:
        return replace(shows, remarks=())
    reading = read_cell(cell, item, manner)
    if _same(reading, shows) or (shows.value is None and is_blank(cell)):
        return replace(reading, remarks=())
    words = {"text": reading.text or EMPTY, "expected": shows.text or "空白"}
    return replace(reading, remarks=(*reading.remarks, Remark(f.LOCKED_CHANGED, words)))


def _same(reading: Reading, shows: Reading) -> bool:
    return _comparable(reading) == _comparable(shows)


def _comparable(reading: Reading) -> Value | str | None:
    if reading.state == "invalid":
        return reading.text
    return reading.value or None


def _source(
    raw: RawWorkbook, forms: FormSet, placed: Placed
) -> tuple[RawCell | None, Manner] | None:
    match = _SIMPLE.fullmatch(placed.formula.replace("$", "").strip())
    if match is None:
        return None
    form = _form_of(forms, match["quoted"] or match["plain"])
    sheet = find_sheet(raw, form.sheet) if form else None
    if form is None or sheet is None:
        return None
    manner = Manner(form.money_scale, form.blank == "zero", raw.date1904)
    return sheet.cells.get(match["address"]), manner


def _form_of(forms: FormSet, sheet: str) -> Form | None:
    return next((form for form in forms.forms if fold(form.sheet) == fold(sheet)), None)
