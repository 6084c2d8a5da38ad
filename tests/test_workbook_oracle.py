"""Held against openpyxl: what it writes, both read alike (dates apart, which it gets wrong)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from decimal import Decimal

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from supervise.read.raw import RawCell
from supervise.read.workbook import read_workbook

# What XML can hold; a carriage return is a line feed after any XML parser.
TEXTS = st.text(
    st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1
).filter(lambda text: not text.startswith("=") and "_x" not in text and text.strip() == text)
NUMBERS = st.one_of(
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False, width=64),
    st.decimals(-1_000_000, 1_000_000, places=4),
)
FORMULAS = st.sampled_from(["=A1+1", "=SUM(A1:B9)", '=IF(A1="是",1,0)', "=Sheet!A1*10%"])
FORMATS = st.sampled_from(
    ["General", "0", "0.00", "#,##0.00", "0.00%", "0%", "@", '0.0"万元"', "[Red]0.00;-0.00"]
)
PLACES = st.tuples(st.integers(1, 60), st.integers(1, 40))
ENTRIES = st.tuples(st.one_of(TEXTS, NUMBERS, st.booleans(), FORMULAS), FORMATS)
NAMES = st.lists(
    st.text("甲乙丙丁ABC123 _-", min_size=1, max_size=12).filter(lambda name: name.strip() == name),
    min_size=1,
    max_size=4,
    unique_by=str.casefold,
)


@dataclass
class Plan:
    """A workbook to write: cells by sheet name, and what is hidden in every sheet."""

    sheets: dict[str, dict[tuple[int, int], tuple[object, str]]]
    hidden_rows: set[int]
    hidden_columns: set[int]
    hidden_sheet: bool


PLANS = st.builds(
    Plan,
    sheets=NAMES.flatmap(
        lambda names: st.fixed_dictionaries(
            {name: st.dictionaries(PLACES, ENTRIES, max_size=12) for name in names}
        )
    ),
    hidden_rows=st.sets(st.integers(1, 60), max_size=5),
    hidden_columns=st.sets(st.integers(1, 40), max_size=5),
    hidden_sheet=st.booleans(),
)


def written(plan: Plan) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, cells in plan.sheets.items():
        sheet = book.create_sheet(name)
        for (row, column), (value, code) in cells.items():
            cell = sheet.cell(row, column, value)
            cell.number_format = code
        for row in plan.hidden_rows:
            sheet.row_dimensions[row].hidden = True
        for column in plan.hidden_columns:
            sheet.column_dimensions[get_column_letter(column)].hidden = True
    if plan.hidden_sheet and len(plan.sheets) > 1:
        book.worksheets[-1].sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def agrees(ours: RawCell, theirs: object) -> bool:
    if isinstance(theirs, bool):
        return ours.kind == "bool" and ours.text == str(theirs).upper()
    if isinstance(theirs, str) and theirs.startswith("="):
        return ours.kind == "none" and ours.formula == theirs[1:]
    if isinstance(theirs, str):
        return ours.kind == "text" and ours.text == theirs
    return ours.kind == "number" and float(Decimal(ours.text)) == float(str(theirs))


@settings(max_examples=50)
@given(PLANS)
def test_openpyxl_and_the_own_reader_agree(plan: Plan) -> None:
    data = written(plan)
    oracle = openpyxl.load_workbook(io.BytesIO(data))
    book = read_workbook(data, "a.xlsx")
    assert [(sheet.name, sheet.state) for sheet in book.sheets] == [
        (sheet.title, sheet.sheet_state) for sheet in oracle.worksheets
    ]
    for ours, theirs in zip(book.sheets, oracle.worksheets, strict=True):
        full = {c.coordinate: c for row in theirs.iter_rows() for c in row if c.value is not None}
        assert set(ours.cells) == set(full)
        for address, cell in ours.cells.items():
            other = full[address]
            assert agrees(cell, other.value), (address, cell, other.value)
            assert (cell.row, cell.column) == (other.row, other.column)
            assert cell.number_format == other.number_format
            assert cell.is_percent == ("%" in other.number_format)
            concealed = cell.row in plan.hidden_rows or cell.column in plan.hidden_columns
            assert cell.hidden == (concealed or theirs.sheet_state != "visible")
