"""One template, cut up once, filled for each bank: what openpyxl does in half a second in two ms.

The template itself is written by ``supervise``; the values of its cells, totals and references
included, are worked out by the same code that fills a template. Only the writing is our own, so
a workbook from the mould reads like one from the template (``tests/test_quarter.py``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple
from xml.sax.saxutils import escape

from samples.parts import unpack
from samples.workbook import forms_of

from quarter.archive import Packed, archive, packed
from supervise.core.layout import BANNER, FormSet
from supervise.core.model import Value
from supervise.core.period import Period
from supervise.write.sheet_values import CellValue, Contents, Tables, fill
from supervise.write.sheets import write_template

_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"((?: s="[0-9]+")?)[^>]*?(?:/>|>(.*?)</c>)', re.DOTALL)
_SPELLED = re.compile(r"&#([1-9][0-9]{3,4});")
_FORMULA = re.compile(r"<f>.*?</f>", re.DOTALL)
_DAY_ZERO = date(1899, 12, 30)


class ErrorValue(str):
    """An error that a spreadsheet shows, such as ``#REF!``."""


class Slot(NamedTuple):
    """A cell that differs from bank to bank.

    Attributes:
        before: All that stands between the slot before and this one.
        head: ``<c r="C7" s="20"``.
        formula: With its tags; empty if the cell has none.
        blank: The cell as the blank template has it.
    """

    address: str
    before: str
    head: str
    formula: str
    blank: str


class Sheet(NamedTuple):
    """A worksheet part cut at its slots."""

    part: str
    name: str
    slots: tuple[Slot, ...]
    after: str


class Mould:
    """The template of one period.

    Args:
        period: ``2026Q3``.
    """

    def __init__(self, period: str) -> None:
        self.forms: FormSet = forms_of(period)
        self.period = Period.parse(period)
        blank = unpack(write_template(self.forms, period=self.period))
        self._sheets: dict[str, Sheet] = {}
        self._fixed: dict[str, Packed] = {}
        wanted = _slots_of(self.forms)
        names = {f"xl/worksheets/sheet{n}.xml": f.sheet for n, f in enumerate(self.forms.forms, 1)}
        for part, content in blank.items():
            if wanted.get(names.get(part, "")):
                name = names[part]
                self._sheets[part] = _cut(part, name, _as_saved(content).decode(), wanted[name])
            else:
                self._fixed[part] = packed(part, _as_saved(content))
        self._order = tuple(blank)
        self._spots = {(s.name, slot.address) for s in self._sheets.values() for slot in s.slots}
        self._usual: dict[str, Value] = {
            form.status_item: "正常" for form in self.forms.forms if form.status_item
        }

    def contents(self, values: Mapping[str, Value], tables: Tables) -> Contents:
        """What each cell holds; a value for a total or a reference replaces its formula."""
        return fill(self.forms, self.period, {**self._usual, **values}, tables)

    def spot(self, item: str) -> tuple[str, str]:
        """Sheet and address of an item."""
        return next(
            (form.sheet, placed.address)
            for form in self.forms.forms
            for placed in form.placed
            if placed.item == item and placed.kind != "reference"
        )

    def parts(self, contents: Contents) -> list[Packed]:
        """The parts of the filled workbook, in order.

        Raises:
            ValueError: A value for a cell that the blank template does not offer.
        """
        if lost := contents.values.keys() - self._spots:
            raise ValueError(f"no room in the template: {sorted(lost)[:5]}")
        return [self._packed(part, contents) for part in self._order]

    def workbook(self, contents: Contents) -> bytes:
        """The bytes of the filled workbook."""
        return archive(self.parts(contents))

    def _packed(self, part: str, contents: Contents) -> Packed:
        if part in self._fixed:
            return self._fixed[part]
        sheet = self._sheets[part]
        pieces: list[str] = []
        for slot in sheet.slots:
            pieces += (slot.before, _filled(slot, (sheet.name, slot.address), contents))
        pieces.append(sheet.after)
        return packed(part, "".join(pieces).encode())


@cache
def mould_of(period: str) -> Mould:
    """The mould of a period, made once in a process."""
    return Mould(period)


def _slots_of(forms: FormSet) -> dict[str, set[str]]:
    """Addresses, by sheet, that may differ from bank to bank."""
    found: dict[str, set[str]] = {}
    for form in forms.forms:
        here = {placed.address for placed in form.placed}
        for table in form.tables:
            rows = range(table.first_row, table.first_row + table.template_rows)
            here |= {f"{letter}{row}" for letter in table.columns for row in rows}
        if here:
            found[form.sheet] = here | {BANNER}
    return found


def _as_saved(content: bytes) -> bytes:
    """A part in UTF-8, as Excel and WPS save it; openpyxl beside lxml spells it in ASCII."""
    if b"&#" not in content:
        return content
    return _SPELLED.sub(lambda found: chr(int(found[1])), content.decode()).encode()


def _cut(part: str, name: str, xml: str, wanted: set[str]) -> Sheet:
    slots: list[Slot] = []
    at = 0
    for found in _CELL.finditer(xml):
        address, style, inner = found.groups()
        if address in wanted:
            formula = _FORMULA.match(inner or "")
            head, shown = f'<c r="{address}"{style}', formula[0] if formula else ""
            slots.append(Slot(address, xml[at : found.start()], head, shown, found[0]))
            at = found.end()
    missing = wanted - {slot.address for slot in slots}
    if missing:
        raise ValueError(f"{name}: the template has no cell {sorted(missing)}")
    return Sheet(part, name, tuple(slots), xml[at:])


def _filled(slot: Slot, spot: tuple[str, str], contents: Contents) -> str:
    if spot in contents.values:
        return slot.head + _typed(contents.values[spot], "")
    if spot in contents.formulas:
        return slot.head + _typed(contents.results[spot], slot.formula)
    return slot.blank


def _stored(value: Decimal) -> str:
    """A number as Excel stores it: binary, 17 digits, 908.56 as 908.55999999999995."""
    return f"{float(value):.17g}"


def _typed(value: CellValue, formula: str) -> str:
    """The rest of a cell: what kind it is, what it holds."""
    if isinstance(value, Decimal):
        return f' t="n">{formula}<v>{_stored(value)}</v></c>'
    if isinstance(value, date):
        return f' t="n">{formula}<v>{(value - _DAY_ZERO).days}</v></c>'
    if isinstance(value, ErrorValue):
        return f' t="e">{formula}<v>{value}</v></c>'
    if formula:
        return f' t="str">{formula}<v>{escape(value)}</v></c>'
    return f' t="inlineStr"><is><t>{escape(value)}</t></is></c>'
