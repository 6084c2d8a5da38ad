"""Which worksheet of a workbook is which form, by name, order and width of characters aside."""

from __future__ import annotations

from supervise.core.layout import Form, FormSet
from supervise.read.labels import RECOGNISED, compare_labels
from supervise.read.raw import RawSheet, RawWorkbook
from supervise.read.text import fold

COVER = "COVER"
STATUS = {"正常": "normal", "零报送": "nil", "不适用": "not_applicable"}


def find_sheet(raw: RawWorkbook, name: str) -> RawSheet | None:
    """The sheet of that name; the exact name wins over one that only looks the same."""
    exact = raw.sheet(name)
    if exact is not None:
        return exact
    wanted = fold(name)
    return next((sheet for sheet in raw.sheets if fold(sheet.name) == wanted), None)


def filed_forms(forms: FormSet) -> tuple[Form, ...]:
    """Forms that hold data: the guidance sheet is left out."""
    return tuple(form for form in forms.forms if form.placed or form.tables)


def other_sheets(raw: RawWorkbook, forms: FormSet) -> tuple[RawSheet, ...]:
    """Sheets that are no form's, the bank's own."""
    known = {fold(form.sheet) for form in forms.forms}
    return tuple(sheet for sheet in raw.sheets if fold(sheet.name) not in known)


def find_renamed(raw: RawWorkbook, forms: FormSet, form: Form) -> RawSheet | None:
    """A sheet of another name that bears the form's labels in their places."""
    for sheet in other_sheets(raw, forms):
        if form.labels and compare_labels(form.labels, sheet).stands >= RECOGNISED:
            return sheet
    return None
