"""One sheet turned into facts and rows: status, obstacles, then cell by cell.

In: a form, its sheet and the status on the cover. Out: a ``Fact`` for every placed item and the
rows of every open table; what went wrong stands in the ``FindingList`` of the job.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from supervise.core.layout import NUMERIC, Form, FormSet, Item, OpenTable, Placed
from supervise.core.model import Cell, Fact, FactState, Row
from supervise.ooxml import limits
from supervise.ooxml.refusals import refusal
from supervise.read import findings as f
from supervise.read.amounts import ZERO
from supervise.read.cells import Manner, Reading, has_data, is_blank, read_cell
from supervise.read.findings import FindingList, Remark
from supervise.read.labels import compare_labels
from supervise.read.locked import locked_remark, read_locked
from supervise.read.ordinary import ordinary_figure
from supervise.read.raw import RawCell, RawSheet, RawWorkbook
from supervise.read.sheets import COVER, find_renamed, find_sheet
from supervise.read.text import EMPTY, clean, fold
from supervise.record import field, record, replace

_TYPED = ("input", "total")
_Places = tuple[tuple[str, Cell, str, Placed], ...]
_DASHES = frozenset({"-", "--", "—", "——", "/", "×", "x"})


class Job:
    """What every sheet of one workbook is read with."""

    def __init__(self, raw: RawWorkbook, forms: FormSet, findings: FindingList) -> None:
        self.raw = raw
        self.forms = forms
        self.findings = findings
        self._typed_in = _typed_in(forms)
        self._statuses = frozenset(form.status_item for form in forms.forms)

    def keeps(self, placed: Placed) -> bool:
        """Whether the fact comes from this place: a reference yields to the input it shows."""
        return placed.kind != "reference" or placed.item not in self._typed_in

    def owes(self, item: Item, placed_kind: str) -> bool:
        """Whether leaving the item blank is a fault; a status on the cover defaults to 正常."""
        return item.required and placed_kind in _TYPED and item.id not in self._statuses


@record(frozen=False)
class SheetFacts:
    """What one sheet yields."""

    facts: dict[str, Fact] = field(default_factory=dict)
    tables: dict[str, tuple[Row, ...]] = field(default_factory=dict)


def read_sheet(job: Job, form: Form, status: str) -> SheetFacts:
    """Read one form; ``status`` is ``normal``, ``nil`` or ``not_applicable``."""
    sheet = find_sheet(job.raw, form.sheet)
    reader = _SheetReader(job, form, sheet, status)
    if status == "not_applicable":
        return reader.not_applicable()
    if sheet is None:
        return reader.missing()
    if reader.misplaced():
        return reader.without("invalid")
    return reader.read()


class _SheetReader:
    def __init__(self, job: Job, form: Form, sheet: RawSheet | None, status: str) -> None:
        self._job = job
        self._form = form
        self._nil = status == "nil"
        self._sheet = sheet or RawSheet(form.sheet, "visible", {})
        self._manner = Manner(form.money_scale, form.blank == "zero", job.raw.date1904)
        self._scale = form.money_scale
        self._cells = self._sheet.cells
        self._twice = frozenset(self._sheet.duplicates)
        self._closely = self._nil or self._sheet.state != "visible"

    def without(self, state: FactState) -> SheetFacts:
        """Every item in ``state``, no rows."""
        facts = {
            placed.item: Fact(placed.item, None, state, self._cell(placed.address))
            for placed in self._form.placed
            if self._job.keeps(placed)
        }
        return SheetFacts(facts, {table.id: () for table in self._form.tables})

    def missing(self) -> SheetFacts:
        renamed = find_renamed(self._job.raw, self._job.forms, self._form)
        check = f.SHEET_RENAMED if renamed else f.SHEET_MISSING
        words = {"text": renamed.name if renamed else "", "expected": self._form.sheet}
        self._note(Remark(check, words), "")
        return self.without("blank")

    def misplaced(self) -> bool:
        """Whether figures stand at addresses of other items; says so."""
        drift = compare_labels(self._form.labels, self._sheet)
        if drift.misplaced:
            words = {"row": str(drift.row), "text": drift.how}
            self._note(Remark(f.CELLS_MOVED, words), drift.changed[0])
            return True
        for address in drift.changed:
            words = {"text": self._text(address) or EMPTY, "expected": self._form.labels[address]}
            self._note(Remark(f.LABEL_CHANGED, words), address)
        return False

    def not_applicable(self) -> SheetFacts:
        inputs = [placed.address for placed in self._form.placed if placed.kind == "input"]
        for address in [*inputs, *self._table_addresses()]:
            if has_data(self._sheet.cells.get(address)):
                self._note(Remark(f.NOT_APPLICABLE_FILLED), address)
        return self.without("not_applicable")

    def read(self) -> SheetFacts:
        """Every placed item and every open table."""
        result = SheetFacts()
        facts, cells, scale, plainly = result.facts, self._cells, self._scale, not self._closely
        for item, cell, unit, placed in _places(self._form, self._job.forms):
            raw_cell = cells.get(cell.address)
            if unit and plainly and raw_cell is not None and not raw_cell.hidden:
                value = ordinary_figure(raw_cell, unit, scale)
                if value is not None and cell.address not in self._twice:
                    facts[item] = Fact(item, value, "given", cell, raw_cell.text.strip())
                    continue
            fact = self._placed(placed)  # which notes what is wrong with it
            if self._job.keeps(placed):
                facts[item] = fact
        for table in self._form.tables:
            rows = self._rows(table)
            result.tables[table.id] = () if self._nil else rows
        for address in self._form.undefined:
            raw_cell = self._sheet.cells.get(address)
            if has_data(raw_cell) and fold(self._text(address)) not in _DASHES:
                self._note(Remark(f.GREY_FILLED, {"text": self._text(address)}), address)
        return result

    def _placed(self, placed: Placed) -> Fact:
        item = self._job.forms.items[placed.item]
        raw_cell = self._sheet.cells.get(placed.address)
        reading = self._reading(raw_cell, item, placed)
        if self._nil and item.unit in NUMERIC:
            reading = self._nil_figure(reading)
        elif placed.address in self._twice:
            reading = _refused(f.CELL_TWICE, reading)
        return self._fact(item, placed.address, reading, self._job.owes(item, placed.kind))

    def _reading(self, raw_cell: RawCell | None, item: Item, placed: Placed) -> Reading:
        if placed.kind == "reference":
            return read_locked(self._job.raw, self._job.forms, placed, raw_cell, self._manner)
        reading = read_cell(raw_cell, item, self._manner)
        remark = locked_remark(placed, reading.text)
        return replace(reading, remarks=(*reading.remarks, remark)) if remark else reading

    @staticmethod
    def _nil_figure(reading: Reading) -> Reading:
        waiting = any(remark.check == f.NEVER_CALCULATED for remark in reading.remarks)
        nothing = reading.value is None and reading.state != "invalid"
        if nothing or waiting or reading.value == ZERO:
            return Reading("zero", ZERO, reading.text)
        return _refused(f.NIL_FILLED, reading)

    def _fact(self, item: Item, address: str, reading: Reading, owed: bool) -> Fact:
        raw_cell = self._sheet.cells.get(address)
        unseen = self._sheet.state != "visible"
        for remark in reading.remarks:
            self._note(remark, address, item.name)
        if reading.state == "blank" and owed and not self._nil:
            check = f.COVER_BLANK if self._form.id == COVER else f.REQUIRED_BLANK
            self._note(Remark(check), address, item.name)
        if raw_cell is not None and (unseen or raw_cell.hidden) and has_data(raw_cell):
            self._note(Remark(f.SHEET_HIDDEN if unseen else f.CELLS_HIDDEN), address)
        return Fact(item.id, reading.value, reading.state, self._cell(address), reading.text)

    def _rows(self, table: OpenTable) -> tuple[Row, ...]:
        numbers = sorted({self._sheet.cells[a].row for a in self._table_cells(table)})
        if len(numbers) > limits.TABLE_ROWS:
            where = f"{self._job.raw.file} · {self._form.sheet}"
            raise refusal("too_many_rows", where, f"填有 {len(numbers):,} 行明细")
        return tuple(self._row(table, number) for number in numbers)

    def _row(self, table: OpenTable, number: int) -> Row:
        row: dict[str, Fact] = {}
        for column, item_id in table.columns.items():
            address = f"{column}{number}"
            item = self._job.forms.items[item_id]
            reading = read_cell(self._sheet.cells.get(address), item, self._manner)
            if address in self._twice:
                reading = _refused(f.CELL_TWICE, reading)
            if self._nil and reading.text:
                reading = replace(reading, remarks=(Remark(f.NIL_FILLED, {"text": reading.text}),))
            owed = item.required and item_id != table.key
            row[item_id] = self._fact(item, address, reading, owed)
        if row[table.key].state != "given" and not self._nil:
            remark = Remark(f.ROW_WITHOUT_KEY, {"row": str(number)})
            key = row[table.key]
            self._note(remark, key.cell.address, self._job.forms.items[key.item].name)
        return row

    def _table_addresses(self) -> Iterable[str]:
        for table in self._form.tables:
            yield from self._table_cells(table)

    def _table_cells(self, table: OpenTable) -> Iterable[str]:
        taken = {placed.address for placed in self._form.placed} | set(self._form.labels)
        for address, raw_cell in self._sheet.cells.items():
            column = address.rstrip("0123456789")
            inside = raw_cell.row >= table.first_row and column in table.columns
            if inside and address not in taken and not is_blank(raw_cell):
                yield address

    def _text(self, address: str) -> str:
        raw_cell = self._sheet.cells.get(address)
        return clean(raw_cell.text) if raw_cell else ""

    def _cell(self, address: str) -> Cell:
        return _cell(self._form.sheet, address)

    def _note(self, remark: Remark, address: str, item: str = "") -> None:
        self._job.findings.add(remark, self._cell(address), item)


def _typed_in(forms: FormSet) -> frozenset[str]:
    """Items that have a place of their own on some form; made once."""
    try:
        known: frozenset[str] = forms.typed_in
    except AttributeError:
        every = [placed for form in forms.forms for placed in form.placed]
        known = frozenset([p.item for p in every if p.kind != "reference"])
        object.__setattr__(forms, "typed_in", known)  # no part of the value, so not frozen
    return known


def _places(form: Form, forms: FormSet) -> _Places:
    """Every place: its item, its cell, the unit of a number that is typed in; made once."""
    try:
        known: _Places = form.places
    except AttributeError:
        known = tuple([_place(form, placed, forms) for placed in form.placed])
        object.__setattr__(form, "places", known)  # no part of the value, so not frozen
    return known


def _place(form: Form, placed: Placed, forms: FormSet) -> tuple[str, Cell, str, Placed]:
    unit = forms.items[placed.item].unit
    figure = placed.kind in _TYPED and unit in NUMERIC
    return placed.item, _cell(form.sheet, placed.address), unit if figure else "", placed


@lru_cache(maxsize=4096)
def _cell(sheet: str, address: str) -> Cell:
    """A place on a form, made once for all workbooks that are read."""
    return Cell(sheet, address)


def _refused(check: str, reading: Reading) -> Reading:
    return Reading("invalid", None, reading.text, (Remark(check, {"text": reading.text}),))
