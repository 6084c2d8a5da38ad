"""For every reading check a workbook that fails it and one that only just does not.

Made from the model filing with openpyxl or, where that cannot write it, in the XML. ``KIT``
maps the check to an ``Edit``: how to fail, the nearest thing that passes, what else must fail.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
from model_workbook import workbook_of
from openpyxl.drawing.image import Image

from supervise.core.period import Period
from supervise.pipeline.law.model_filing import model_case
from supervise.record import record

Book = Any
S71, G01, XW2, XW4, XW5 = "S71_I", "G01", "XW2分支机构", "XW4尽职免责与容忍度", "XW5合规与服务"
COVER, BQ = "封面", "BQ比较期"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63000100"
    "000500010d0a2db40000000049454e44ae426082"
)


@record
class Edit:
    """How a workbook comes to fail a check.

    Attributes:
        fails: Change after which it fails.
        passes: The nearest change after which it does not; None where there is none.
        also: Checks that fail besides, of necessity.
        raw: The changes are made to the bytes, after saving.
    """

    fails: Callable[[Any], Any]
    passes: Callable[[Any], Any] | None = None
    also: tuple[str, ...] = ()
    also_passing: tuple[str, ...] = ()
    raw: bool = False


def model() -> bytes:
    """The model filing as a workbook."""
    return workbook_of(model_case(Period(2026, 3)))


def workbook(edit: Callable[[Any], Any] | None, *, raw: bool = False) -> bytes:
    """The model filing with a change made to it."""
    data = model()
    if edit is None:
        return data
    if raw:
        changed: bytes = edit(data)
        return changed
    book = openpyxl.load_workbook(io.BytesIO(data))
    edit(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def put(sheet: str, address: str, value: object, number_format: str = "") -> Callable[[Book], None]:
    """Put a value, perhaps with a number format."""

    def edit(book: Book) -> None:
        cell = book[sheet][address]
        cell.value = value
        if number_format:
            cell.number_format = number_format

    return edit


def all_of(*edits: Callable[[Book], None]) -> Callable[[Book], None]:
    """Several changes."""

    def edit(book: Book) -> None:
        for one in edits:
            one(book)

    return edit


def _rename(old: str, new: str) -> Callable[[Book], None]:
    def edit(book: Book) -> None:
        book[old].title = new

    return edit


def _remove(sheet: str) -> Callable[[Book], None]:
    def edit(book: Book) -> None:
        del book[sheet]

    return edit


def _hide(sheet: str, *, row: int = 0) -> Callable[[Book], None]:
    def edit(book: Book) -> None:
        if row:
            book[sheet].row_dimensions[row].hidden = True
        else:
            book[sheet].sheet_state = "hidden"

    return edit


def _hide_empty(book: Book) -> None:
    book.create_sheet("备注").sheet_state = "hidden"


def _insert_row(sheet: str, at: int) -> Callable[[Book], None]:
    def edit(book: Book) -> None:
        book[sheet].insert_rows(at)

    return edit


def _own_columns(rows: int) -> Callable[[Book], None]:
    def edit(book: Book) -> None:
        sheet = book.create_sheet("自用")
        for row in range(1, rows + 1):
            sheet.cell(row, 1, f"底稿{row}")

    return edit


def _picture_beside(book: Book) -> None:
    book[XW5].add_image(Image(io.BytesIO(PIXEL)), "H3")


def in_sheet(sheet: str, old: str, new: str) -> Callable[[bytes], bytes]:
    """Replace a pattern, once, in the XML of one sheet."""

    def edit(data: bytes) -> bytes:
        source = zipfile.ZipFile(io.BytesIO(data))
        wanted = part_of(source, sheet)
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
            for name in source.namelist():
                part = source.read(name)
                if name == wanted:
                    text, count = re.subn(old, new, part.decode(), count=1)
                    assert count == 1, f"{old} not in {sheet}"
                    part = text.encode()
                made.writestr(name, part)
        return target.getvalue()

    return edit


def part_of(source: zipfile.ZipFile, sheet: str) -> str:
    """The member that holds a sheet of a workbook written by us."""
    listed = re.findall(r'<sheet [^>]*name="([^"]+)"', source.read("xl/workbook.xml").decode())
    return f"xl/worksheets/sheet{listed.index(sheet) + 1}.xml"


def _cell(address: str) -> str:
    return rf'<c r="{address}"([^>]*?)(?: t="\w+")?(?:/>|>.*?</c>)'


def as_cell(sheet: str, address: str, inner: str, kind: str = "") -> Callable[[bytes], bytes]:
    """Write a cell's XML: its kind and what stands inside."""
    attribute = f' t="{kind}"' if kind else ""
    return in_sheet(sheet, _cell(address), rf'<c r="{address}"\1{attribute}>{inner}</c>')


def _twice(sheet: str, address: str, again: str) -> Callable[[bytes], bytes]:
    return in_sheet(sheet, rf"({_cell(address)})", rf'\1<c r="{again}"><v>7</v></c>')


def _with_macros(data: bytes) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(data))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            part = source.read(name)
            if name == "[Content_Types].xml":
                part = part.replace(
                    b"officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
                )
            made.writestr(name, part)
        made.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    return target.getvalue()


DAY = datetime.date(2026, 9, 30)
KIT: dict[str, Edit] = {
    "R_001": Edit(_remove("XW9其他监测")),
    "R_002": Edit(_rename("XW9其他监测", "附表九"), _rename("XW9其他监测", " XW9其他监测 ")),
    "R_003": Edit(_insert_row("XW9其他监测", 8)),
    "R_004": Edit(put(G01, "B6", "各项贷款（含贴现）"), put(G01, "B6", " 各项 贷款 ")),
    "R_005": Edit(put(XW5, "D9", "约两万元")),
    "R_006": Edit(put(XW5, "D9", "1.86"), put(XW5, "D9", 1.86)),
    "R_007": Edit(put(XW2, "E17", "12"), put(XW2, "E17", 0.12)),
    "R_008": Edit(put(XW5, "D9", 1.86, "0.00%"), put(XW2, "E17", 0.12, "General")),
    "R_009": Edit(as_cell(XW5, "D9", "<v>#REF!</v>", "e"), raw=True),
    "R_010": Edit(
        as_cell(XW5, "D9", "<f>1+1</f>"), as_cell(XW5, "D9", "<f>1+1</f><v>2</v>"), raw=True
    ),
    "R_011": Edit(as_cell(XW5, "D9", '<f>DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v>', "str"),
                  raw=True),
    "R_012": Edit(
        as_cell(XW5, "D9", "<f>[1]Sheet1!B2</f><v>1.86</v>"),
        as_cell(XW5, "D9", "<f>封面!C4+1.86</f><v>1.86</v>"),
        raw=True,
    ),
    "R_013": Edit(_twice(XW5, "D9", "D9"), raw=True),
    "R_014": Edit(put(XW5, "D9", DAY, "yyyy-mm-dd"), put(XW5, "D9", 1.86)),
    "R_015": Edit(put(XW4, "D12", "去年年底"), put(XW4, "D12", DAY, "yyyy-mm-dd")),
    "R_016": Edit(put(XW4, "D12", 46022, "General"), put(XW4, "D12", 46022, "yyyy-mm-dd")),
    "R_017": Edit(put(XW4, "D11", "大概"), put(XW4, "D11", "是")),
    "R_018": Edit(put(XW4, "D11", "√"), put(XW4, "D11", " 是 ")),
    "R_019": Edit(put(XW4, "D17", "相对值"), put(XW4, "D17", "较全行加点")),
    "R_020": Edit(put(XW4, "D15", 13.5), put(XW4, "D15", 14)),
    "R_021": Edit(put(XW5, "D9", 1.865), put(XW5, "D9", 1.86)),
    "R_022": Edit(put(S71, "M11", 5), put(S71, "M11", None)),
    "R_023": Edit(put(COVER, "C32", "零报送")),
    "R_024": Edit(put(COVER, "C44", "不适用")),
    "R_025": Edit(_hide(XW5), _hide_empty),
    "R_026": Edit(_hide(XW5, row=9), _hide(XW5, row=3)),
    "R_027": Edit(put(COVER, "C29", "境内外")),
    "R_028": Edit(put(XW2, "B17", None), also=("XW2_003",)),
    "R_029": Edit(_with_macros, raw=True),
    "R_030": Edit(put(COVER, "C20", None)),
    "R_031": Edit(put(XW5, "D9", None), put(XW5, "D9", 0)),
    "R_032": Edit(put(COVER, "C7", "B9001H23301000X1")),
    "R_033": Edit(as_cell(XW5, "D9", "<v>1E+300</v>"), raw=True),
    "R_034": Edit(_own_columns(2001), _own_columns(2000)),
}  # fmt: skip
