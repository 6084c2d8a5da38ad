"""Copies of the filled template with one fault each, the check it must fail, and its cell."""

from __future__ import annotations

import re
from typing import NamedTuple

from filled_template import (
    BOOK,
    BOOK_LINKS,
    cell_xml,
    edited,
    filled,
    parts,
    reworked,
    with_cell,
    with_rows,
    with_sheet,
    with_value,
)
from hostile_archive import Maker
from odd_template import COVER
from plain_workbook import worksheet


class Judged(NamedTuple):
    """A copy, the check that it must fail, and in which cell."""

    maker: Maker
    check: str
    cell: str


def styled(style: int) -> bytes:
    """The first cell of S71_I 1.2 under another cell format."""
    return with_cell("S71_I", "C10", f'<c r="C10" s="{style}"><v>13927.53</v></c>')


def calculated(formula: str, value: str) -> bytes:
    """The same cell with a formula."""
    kind = "str" if value.startswith("=") else "n"
    cell = f'<c r="C10" s="20" t="{kind}"><f>{formula}</f><v>{value}</v></c>'
    return with_cell("S71_I", "C10", cell)


def twice(xml: str) -> str:
    """The same cell once more, with another value."""
    cell = cell_xml(xml, "C10")
    return xml.replace(cell, f'{cell}<c r="C10"><v>1</v></c>')


def pushed_down(xml: str) -> str:
    """A row inserted in front of row 10."""

    def moved(found: re.Match[str]) -> str:
        return f'{found[1]}{int(found[2]) + (int(found[2]) > 9)}"'

    return re.sub(r'(r="[A-Z]*)(\d+)"', moved, xml)


def own_hidden(name: str) -> bytes:
    """A hidden sheet of the bank's own with one figure."""
    return with_sheet(worksheet("<row><c><v>5</v></c></row>"), name=name, state="veryHidden")


def without_sheet(name: str) -> bytes:
    """The filled workbook with a sheet no longer listed."""
    entry = re.search(f'<sheet name="{name}"[^>]*>', parts()[BOOK].decode())
    assert entry is not None
    return edited(BOOK, (entry[0], ""))


def valued(value: str, kind: str = "n") -> Maker:
    """The first cell of S71_I 1.2 with another stored value."""
    return lambda: with_value("S71_I", "C10", value, kind)


def opened_on(value: str) -> Maker:
    """The cover with another date of opening."""
    return lambda: with_value(COVER, "C13", value)


CHART = (
    b'/worksheet" Target="/xl/worksheets/sheet5.xml"',
    b'/chartsheet" Target="/xl/worksheets/sheet5.xml"',
)
GREY = '<row r="11"><c r="M11"><v>5</v></c></row>'
C10 = "S71_I!C10"
OPENED = "封面!C13"
FILE = "报送表.xlsx"
JUDGED: dict[str, Judged] = {
    "not_a_number": Judged(valued("NaN"), "R_005", C10),
    "infinite": Judged(valued("-INF"), "R_005", C10),
    "beyond_float": Judged(valued("1e309"), "R_033", C10),
    "beyond_exponent": Judged(valued("1e99999999"), "R_033", C10),
    "forty_digits": Judged(valued("9" * 40, "str"), "R_033", C10),
    "hexadecimal": Judged(valued("0x10"), "R_005", C10),
    "arabic_digit": Judged(valued("٣"), "R_005", C10),
    "two_signs": Judged(valued("--5"), "R_005", C10),
    "words": Judged(valued("约两万", "str"), "R_005", C10),
    "formula_as_text": Judged(valued("=1+1", "str"), "R_005", C10),
    "truth": Judged(valued("1", "b"), "R_005", C10),
    "thousands": Judged(valued("13,927.53", "str"), "R_006", C10),
    "full_width": Judged(valued("１３９２７．５３", "str"), "R_006", C10),
    "unknown_type": Judged(valued("13927.53", "zzz"), "R_006", C10),
    "hidden_marks": Judged(valued("&#x202e;13927.53&#x200b;", "str"), "R_006", C10),
    "error": Judged(valued("#REF!", "e"), "R_009", C10),
    "new_error": Judged(valued("#SPILL!", "e"), "R_009", C10),
    "error_as_text": Judged(valued("#DIV/0!", "str"), "R_009", C10),
    "iso_date": Judged(valued("2026-09-30", "d"), "R_014", C10),
    "date_format": Judged(lambda: styled(13), "R_014", C10),
    "percent_format": Judged(lambda: styled(24), "R_008", C10),
    "twice": Judged(lambda: reworked("S71_I", twice), "R_013", C10),
    "never_calculated": Judged(
        lambda: with_cell("S71_I", "C18", '<c r="C18"><f>C7+C13</f></c>'), "R_010", "S71_I!C18"
    ),
    "other_workbook": Judged(lambda: calculated("[1]Sheet1!B2", "13927.53"), "R_012", C10),
    "picture": Judged(lambda: calculated("_xlfn.DISPIMG(1)", "=DISPIMG(1)"), "R_011", C10),
    "grey": Judged(
        lambda: with_rows("S71_I", '<row r="11"><c r="M11"><v>5</v></c></row>'),
        "R_022",
        "S71_I!M11",
    ),
    "reference_overwritten": Judged(
        lambda: with_value("XW3不良处置与核销", "D7", "1"), "R_027", "XW3不良处置与核销!D7"
    ),
    "the_29th_of_february_1900": Judged(opened_on("60"), "R_015", OPENED),
    "negative_date": Judged(opened_on("-1"), "R_015", OPENED),
    "date_after_9999": Judged(opened_on("2958466"), "R_015", OPENED),
    "date_beyond_all": Judged(opened_on("1e10"), "R_015", OPENED),
    "pushed_down": Judged(lambda: reworked("S71_I", pushed_down), "R_003", "S71_I!A10"),
    "label": Judged(
        lambda: reworked("S71_I", lambda xml: xml.replace("<t>6.1</t>", "<t>六点一</t>", 1)),
        "R_004",
        "S71_I!A19",
    ),
    "sheet_removed": Judged(lambda: without_sheet("S71_I"), "R_001", "S71_I"),
    "sheet_renamed": Judged(lambda: edited(BOOK, ('"S71_I"', '"S71-I"')), "R_002", "S71_I"),
    "sheet_is_a_chart": Judged(
        lambda: filled({BOOK_LINKS: parts()[BOOK_LINKS].replace(*CHART)}),
        "R_003",
        "S71_I!A1",
    ),
    "hidden_sheet": Judged(
        lambda: edited(BOOK, ('sheetId="5" state="visible"', 'sheetId="5" state="veryHidden"')),
        "R_025",
        "S71_I!C7",
    ),
    "hidden_row": Judged(
        lambda: reworked("S71_I", lambda xml: xml.replace('<row r="10"', '<row hidden="1" r="10"')),
        "R_026",
        C10,
    ),
    "hidden_column": Judged(
        lambda: reworked(
            "S71_I", lambda xml: xml.replace("<cols>", '<cols><col hidden="1" min="3" max="3"/>')
        ),
        "R_026",
        "S71_I!C7",
    ),
    "own_hidden": Judged(lambda: own_hidden("底稿"), "R_025", "底稿!A1"),
    "own_hidden_command": Judged(
        lambda: own_hidden("=cmd|&lt;script&gt;"), "R_025", "=cmd|<script>!A1"
    ),
    "macros": Judged(lambda: filled({"xl/vbaProject.bin": b"x"}), "R_029", FILE),
    "macro_sheet": Judged(lambda: with_sheet(b"<x/>", kind="xlMacrosheet"), "R_029", FILE),
}
