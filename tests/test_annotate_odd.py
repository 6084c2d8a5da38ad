"""Marking workbooks that banks really have: full of other things, or written by other programs."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from marked import (
    BLOCKED,
    OURS,
    RED,
    SOUND,
    changed,
    document,
    evaluated,
    marked,
    opened,
    packed_parts,
    parts_of,
    saved,
    through_libreoffice,
    unmarked,
)
from oddities import SAME
from openpyxl import load_workbook
from plain_workbook import CELLS, SHEET, links, with_cells, with_parts, worksheet
from rich_workbook import BANK, CELL_IMAGES, OWN, SPARKLINES, THREADS, repacked, rich, sheet_part

from supervise.ooxml import marks
from supervise.ooxml.rewriting.book import Book
from supervise.ooxml.rewriting.comments import Line, Note
from supervise.ooxml.rewriting.marking import mark_sheet
from supervise.ooxml.rewriting.sheet_patch import SheetPatch
from supervise.read.workbook import read_workbook

FORM = "S71_I"
NOTES = {a: Note("blocking", (Line("数 < 应有 & 不对"),)) for a in ("A1", "B2", "C1", "D2", "B5")}
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
Change = Callable[[str], str]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(tmp_path_factory.mktemp("rich"), rich(BLOCKED), BLOCKED)


def put(data: bytes, notes: Mapping[str, Note] = NOTES) -> bytes:
    """The plain workbook's sheet marked."""
    book = Book(data, "x.xlsx")
    book.keep_styles_apart(book.sheets())
    for entry in book.sheets():
        mark_sheet(book, entry, notes)
    return book.finish()


def seen(data: bytes) -> list[Any]:
    """What the reader makes of a file."""
    names = ("text", "kind", "number_format", "is_date", "is_percent", "formula", "hidden")
    return [
        (sheet.name, {a: [getattr(c, n, None) for n in names] for a, c in sheet.cells.items()})
        for sheet in read_workbook(data, "x.xlsx").sheets
    ]


def sheet_text(data: bytes) -> str:
    return parts_of(data)[SHEET].decode()


@pytest.mark.parametrize("oddity", SAME)
def test_an_oddly_written_file_reads_the_same_when_marked(oddity: str) -> None:
    data = SAME[oddity]()
    after = put(data)
    assert seen(after) == seen(data)
    book = Book(after, "x.xlsx")
    coloured = book.styles.colours(tuple(marks.COLOURS.values()))
    patch = SheetPatch(book.rewrite.read(book.sheets()[0].part), "")
    assert {a for a, (_, s) in patch.scan.cells.items() if int(s) in coloured} == set(NOTES)
    before = SheetPatch(Book(data, "x.xlsx").rewrite.read(book.sheets()[0].part), "")
    places = [a for a in patch.scan.cells if a in before.scan.cells]
    assert places == list(before.scan.cells)


@pytest.mark.parametrize("oddity", SAME)
def test_an_oddly_written_file_comes_back_when_the_marks_are_taken_out(oddity: str) -> None:
    data = SAME[oddity]()
    back = unmarked(put(data))
    assert seen(back) == seen(data)
    assert {n.lower() for n in parts_of(back)} == {n.lower() for n in parts_of(data)}
    again = put(back)
    assert put(unmarked(again)) == again


def test_a_utf_16_sheet_stays_one() -> None:
    assert parts_of(put(SAME["utf16_sheet"]()))[SHEET].startswith(b"\xff\xfe<\0?\0")


def test_a_cell_that_is_not_in_the_file_is_put_where_it_belongs() -> None:
    rows = (
        '<row r="2" spans="1:2"><c r="A2"/><c r="C2"/></row><row r="4" s="1" customFormat="1"/>'
        '<row r="7"><c r="B7"/></row>'
    )
    data = with_cells(rows, before='<cols><col min="4" max="5" style="2"/></cols>')
    notes = dict.fromkeys(("B2", "D2", "A1", "C4", "A5", "D9", "A7"), Note("advisory"))
    text = sheet_text(put(data, notes))
    body = re.sub(r' s="\d+"', "", text[text.index("<sheetData>") :])
    assert body.startswith(
        '<sheetData><row r="1"><c r="A1"/></row><row r="2"><c r="A2"/><c r="B2"/><c r="C2"/>'
        '<c r="D2"/></row><row r="4" customFormat="1"><c r="C4"/></row><row r="5"><c r="A5"/></row>'
        '<row r="7"><c r="A7"/><c r="B7"/></row><row r="9"><c r="D9"/></row></sheetData>'
    )


def test_a_new_cell_is_born_with_the_look_of_its_row_or_column() -> None:
    data = with_cells(
        '<row r="4" s="1" customFormat="1"/>',
        before='<cols><col min="4" max="5" style="2"/></cols>',
    )
    after = put(data, dict.fromkeys(("B4", "D4", "D5", "A5"), Note("advisory")))
    formats = re.findall(r'<xf numFmtId="(\d+)"', parts_of(after)["xl/styles.xml"].decode())
    styles = dict(re.findall(r'<c r="(\w+)" s="(\d+)"/>', sheet_text(after)))
    born = {address: formats[int(style)] for address, style in styles.items()}
    assert born == {"B4": "10", "D4": "10", "D5": "31", "A5": "0"}


def test_an_empty_sheet_takes_marks() -> None:
    data = with_parts(
        {
            SHEET: worksheet().replace(
                b"<sheetData>" + CELLS.encode() + b"</sheetData>", b"<sheetData/>"
            )
        }
    )
    assert '<sheetData><row r="1"><c r="A1"' in sheet_text(put(data))


def test_what_merged_cells_hide_is_marked_at_their_corner() -> None:
    merged = '<mergeCells count="1"><mergeCell ref="B2:C3"/></mergeCells>'
    data = with_cells(CELLS, after=merged)
    notes = {"C3": Note("explain", (Line("甲"),)), "B2": Note("blocking", (Line("乙"),))}
    after = put(data, notes)
    comments = parts_of(after)["xl/comments1.xml"].decode()
    assert re.findall(r'ref="(\w+)"', comments) == ["B2"]
    assert "甲" in comments
    assert "乙" in comments
    assert "C3" not in re.findall(r'<c r="(\w+)" s="[^12]"', sheet_text(after))


@pytest.mark.parametrize(
    "behind",
    [
        "<tableParts/>",
        "<legacyDrawingHF/>",
        "<extLst/>",
        '<mc:AlternateContent xmlns:mc="urn:x"><mc:Choice><controls/></mc:Choice>'
        "</mc:AlternateContent>",
        "",
    ],
)
def test_the_drawing_of_the_comments_stands_where_the_format_wants_it(behind: str) -> None:
    rule = '<conditionalFormatting sqref="A1"><extLst/></conditionalFormatting>'
    data = with_cells(CELLS, after=f'{rule}<pageMargins left="1"/>{behind}')
    text = sheet_text(put(data))
    link = re.search(r"<legacyDrawing [^>]*/>", text)
    assert link is not None
    assert text[: link.start()].endswith('<pageMargins left="1"/>')
    assert text[link.end() :].startswith(behind or "</worksheet>")


def test_nothing_that_the_bank_keeps_in_the_workbook_is_lost(full: Path) -> None:
    data = marked(full)
    before, after = parts_of(full.read_bytes()), parts_of(data)
    shared = {"[Content_Types].xml", "xl/styles.xml", "xl/workbook.xml"}
    named = {c.rpartition("!")[0] for f in evaluated(full).findings for c in f.cells}
    sheets = {sheet_part(full.read_bytes(), tab) for tab in named}
    remarks = {n for n in before if "comment" in n.lower() and "thread" not in n}
    differing = {n for n in before if after[n] != before[n]}
    assert differing == {*shared, "xl/_rels/workbook.xml.rels", *sheets, *remarks}
    assert after["xl/cellimages.xml"] == CELL_IMAGES
    assert after["xl/threadedComments/t1.xml"] == THREADS
    form = after[sheet_part(full.read_bytes(), FORM)].decode()
    assert SPARKLINES in form
    assert form.count("<conditionalFormatting") == 2
    for kind in ("chart1", "image1", "table1"):
        assert any(kind in name for name in after)


def test_the_comments_of_the_bank_stay_and_ours_follow(full: Path) -> None:
    form = opened(marked(full))[FORM]
    assert form["B9"].comment.text == "见底稿"
    assert form["C8"].comment.text == "【监管自查】已核"
    assert form["F10"].comment.author == BANK
    assert form["F10"].comment.text.startswith("合计由系统取数\n\n【监管自查】\n[阻断]")
    assert form["C10"].comment.author == marks.AUTHOR


def test_buttons_and_boxes_of_the_bank_stay_in_the_drawing(full: Path) -> None:
    part = next(n for n in parts_of(full.read_bytes()) if n.endswith(".vml"))
    before, after = (parts_of(d)[part].decode() for d in (full.read_bytes(), marked(full)))
    shape = re.compile(r"<(\w+):shape .*?</\1:shape>", re.DOTALL)
    old = [m[0] for m in shape.finditer(before)]
    new = [m[0] for m in shape.finditer(after)]
    assert len(new) == len(old) + 3
    kept = [re.sub(r"height:[0-9.]+px", "", text) for text in new[: len(old)]]
    assert kept == [re.sub(r"height:[0-9.]+px", "", text) for text in old]
    numbers = re.findall(r'id="_x0000_s(\d+)"', after)
    assert len(numbers) == len(set(numbers))


def test_a_full_workbook_gives_the_same_verdict_and_the_same_bytes_again(
    full: Path, tmp_path: Path
) -> None:
    copy = saved(tmp_path, marked(full), full)
    assert document(copy) == document(full)
    assert marked(copy) == copy.read_bytes()
    back = opened(unmarked(copy.read_bytes()))[FORM]
    assert {c.coordinate: c.comment.text for r in back.iter_rows() for c in r if c.comment} == {
        "B9": "见底稿",
        "C8": "【监管自查】已核",
        "F10": "合计由系统取数",
    }


def test_the_names_of_the_banks_sheets_move_along(full: Path) -> None:
    before, after = opened(full.read_bytes()), opened(marked(full))
    assert after.active.title == before.active.title == "S63"
    assert after[OWN].print_area == before[OWN].print_area
    assert after["参数"].sheet_state == "hidden"


def test_what_a_clerk_writes_behind_our_words_is_kept(tmp_path: Path) -> None:
    once = saved(tmp_path, marked(BLOCKED), BLOCKED)
    told = evaluated(BLOCKED).findings[-1].cells[0]
    sheet, _, address = told.rpartition("!")
    comments = next(
        n
        for n, c in parts_of(once.read_bytes()).items()
        if f'ref="{address}"'.encode() in c and "comments" in n
    )
    answered = changed(
        once,
        comments,
        lambda text: re.sub(
            rf'(ref="{address}".*?)</text>',
            r"\1<r><t>已请信贷部核对</t></r></text>",
            text,
            count=1,
            flags=re.DOTALL,
        ),
    )
    once.write_bytes(answered)
    said = opened(marked(once))[sheet][address].comment.text
    assert said.startswith("已请信贷部核对")
    assert said.count(marks.BEGIN) == 1
    left = opened(unmarked(marked(once)))[sheet][address].comment
    assert left.text == "已请信贷部核对"


def test_a_sheet_of_the_bank_that_bears_our_name_is_no_sheet_of_ours(tmp_path: Path) -> None:
    book = load_workbook(SOUND)
    book.create_sheet(OURS)["A1"] = "本行自己的校核结果"
    path = tmp_path / SOUND.name
    book.save(path)
    once = saved(tmp_path, marked(path), path)
    for data in (once.read_bytes(), marked(once)):
        after = opened(data)
        assert after.sheetnames[0] == f"{OURS}(2)"
        assert after[OURS]["A1"].value == "本行自己的校核结果"
        assert after.sheetnames.count(OURS) == 1


def test_a_marked_copy_whose_list_was_moved_is_marked_anew(tmp_path: Path) -> None:
    book = "xl/workbook.xml"
    once = saved(tmp_path, marked(BLOCKED), BLOCKED)
    ours = re.search(r"<sheet name=\"校核结果\".*?/>", parts_of(once.read_bytes())[book].decode())
    assert ours is not None

    def moved(text: str) -> str:
        text = text.replace(ours[0], "").replace("</sheets>", f"{ours[0]}</sheets>")
        text = text.replace('activeTab="1"', 'activeTab="0"')
        last = text.count("<sheet ") - 1
        return re.sub(
            r'localSheetId="(\d+)"',
            lambda m: f'localSheetId="{(int(m[1]) - 1) % (last + 1)}"',
            text,
        )

    once.write_bytes(changed(once, book, moved))
    assert document(once) == document(BLOCKED)
    assert parts_of(marked(once))[book] == parts_of(marked(BLOCKED))[book]


def test_fills_are_taken_back_even_if_the_list_was_deleted(tmp_path: Path) -> None:
    once = saved(tmp_path, marked(BLOCKED), BLOCKED)

    def without_list(text: str) -> str:
        text = re.sub(r"<sheet name=\"校核结果\".*?/>", "", text)
        text = re.sub(r'<definedName [^>]*localSheetId="0"[^>]*>[^<]*</definedName>', "", text)
        text = text.replace("'校核结果'!$A$1", "#REF!$A$1").replace('activeTab="1"', "")
        return re.sub(r'localSheetId="(\d+)"', lambda m: f'localSheetId="{int(m[1]) - 1}"', text)

    once.write_bytes(changed(once, "xl/workbook.xml", without_list))
    again = marked(once)
    assert parts_of(again)["xl/workbook.xml"].count(marks.NAME.encode()) == 1
    clean, before = opened(unmarked(again)), load_workbook(BLOCKED)
    for told in evaluated(BLOCKED).findings:
        for named in told.cells:
            sheet, _, address = named.rpartition("!")
            assert repr(clean[sheet][address].fill) == repr(before[sheet][address].fill)


def test_a_tab_written_in_full_width_is_the_tab_that_is_meant(tmp_path: Path) -> None:
    data = changed(
        BLOCKED, "xl/workbook.xml", lambda t: t.replace('name="S71_I"', 'name="Ｓ７１_Ｉ"')
    )
    path = saved(tmp_path, data, BLOCKED)
    book = opened(marked(path))
    cells = [c for f in evaluated(path).findings for c in f.cells if c.startswith(f"{FORM}!")]
    assert cells
    for named in cells:
        assert book["Ｓ７１_Ｉ"][named.rpartition("!")[2]].fill.fgColor.rgb == RED
    links_there = [row[0].hyperlink for row in book[OURS].iter_rows(7, min_col=3, max_col=3)]
    targets = [link.location for link in links_there if link is not None]
    assert any(target.startswith("'Ｓ７１_Ｉ'!") for target in targets)


def test_a_workbook_with_macros_stays_one(tmp_path: Path) -> None:
    kind = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    parts = parts_of(BLOCKED.read_bytes())
    types = parts["[Content_Types].xml"].decode()
    types = types.replace(f"{SPREADSHEET}.sheet.main+xml", kind)
    project = {
        "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 macros",
        "[Content_Types].xml": types.encode(),
    }
    path = tmp_path / "rc09-chengyan.xlsm"
    path.write_bytes(repacked(BLOCKED.read_bytes(), project))
    after = marked(path)
    assert kind in parts_of(after)["[Content_Types].xml"].decode()
    assert (
        packed_parts(after)["xl/vbaProject.bin"]
        == packed_parts(path.read_bytes())["xl/vbaProject.bin"]
    )
    copy = saved(tmp_path, after, path)
    assert document(copy)["findings"] == document(path)["findings"]


def strictly(data: bytes) -> bytes:
    """The file as Strict Open XML."""
    transitional = "http://schemas.openxmlformats.org/"
    return repacked(
        data,
        {
            name: content.decode()
            .replace(
                f"{transitional}spreadsheetml/2006/main",
                "http://purl.oclc.org/ooxml/spreadsheetml/main",
            )
            .replace(
                f"{transitional}officeDocument/2006/relationships",
                "http://purl.oclc.org/ooxml/officeDocument/relationships",
            )
            .encode()
            for name, content in parts_of(data).items()
            if name.endswith((".xml", ".rels"))
        },
    )


def test_a_strict_workbook_is_marked_in_its_own_namespaces(tmp_path: Path) -> None:
    path = saved(tmp_path, strictly(BLOCKED.read_bytes()), BLOCKED)
    copy = saved(tmp_path, marked(path), path)
    assert document(copy) == document(BLOCKED)
    for name, content in parts_of(copy.read_bytes()).items():
        if not name.endswith((".vml", "theme1.xml", "core.xml", "app.xml", "_Types].xml")):
            text = content.decode().replace("schemas.openxmlformats.org/package", "")
            assert "schemas.openxmlformats.org" not in text, name


def test_a_file_written_as_a_stream_is_rewritten_soundly() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    out = Pipe()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("xl/"), b"")
        for name, content in parts_of(SAME["plain"]()).items():
            archive.writestr(name, content, zipfile.ZIP_DEFLATED)
    data = out.getvalue()
    after = put(data)
    assert seen(after) == seen(data)
    assert "xl/" in parts_of(after)
    untouched = "xl/sharedStrings.xml"
    assert packed_parts(after)[untouched] == packed_parts(data)[untouched]


def test_a_drawing_that_nobody_can_add_to_costs_the_comments_not_the_file() -> None:
    data = with_parts(
        {
            SHEET: worksheet(CELLS, after='<legacyDrawing xmlns:r="urn:x" r:id="v"/>').replace(
                b'"urn:x"', b'"http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
            ),
            "xl/worksheets/_rels/sheet1.xml.rels": links(("v", "vmlDrawing", "../odd.vml")),
            "xl/odd.vml": "<xml/>".encode("utf-16"),
        }
    )
    after = parts_of(put(data))
    assert not any("comments" in name for name in after)
    assert after["xl/odd.vml"] == "<xml/>".encode("utf-16")
    assert seen(put(data)) == seen(data)


def test_a_cell_whose_style_the_file_lacks_does_not_take_one_of_ours() -> None:
    rows = '<row r="1"><c r="A1" s="3"><v>1</v></c><c r="B1" s="5"><v>2</v></c></row>'
    data = with_cells(rows)
    after = put(data, {"A1": Note("blocking")})
    assert seen(after) == seen(data)
    formats = re.findall(r"<xf [^>]*>", parts_of(after)["xl/styles.xml"].decode())
    assert formats[3:6] == ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'] * 3
    without = with_parts(
        {
            SHEET: worksheet(rows),
            "xl/styles.xml": None,
            "xl/_rels/workbook.xml.rels": links(("rId1", "worksheet", "worksheets/sheet1.xml")),
        }
    )
    assert seen(put(without, {"A1": Note("blocking")})) == seen(without)


@pytest.mark.real
@pytest.mark.parametrize("written", ["full", "strict"])
def test_libreoffice_opens_an_odd_workbook_that_was_marked(
    full: Path, tmp_path: Path, written: str
) -> None:
    path = full if written == "full" else saved(tmp_path, strictly(BLOCKED.read_bytes()), BLOCKED)
    theirs = opened(through_libreoffice(marked(path), tmp_path))
    assert theirs.sheetnames[0] == OURS
    assert OURS not in theirs.sheetnames[1:]
    for told in evaluated(path).findings:
        for named in told.cells:
            sheet, _, address = named.rpartition("!")
            assert theirs[sheet][address].fill.fgColor.rgb == RED
            assert marks.BEGIN in theirs[sheet][address].comment.text
    if written == "full":
        assert theirs[FORM]["F10"].comment.text.startswith("合计由系统取数")
        assert theirs[FORM]["B9"].comment.text == "见底稿"
        assert len(theirs[FORM]._charts) == 1
        assert len(theirs[FORM]._images) == 1
        assert len(theirs[FORM].conditional_formatting) == 2
