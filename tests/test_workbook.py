"""The raw reader sees every cell as it stands in the file, however oddly the file is written."""

from __future__ import annotations

import pytest
from oddities import SAME
from plain_workbook import (
    LINKS,
    PACKAGE_LINKS,
    SHEET,
    STYLES,
    VALUES,
    links,
    pack,
    parts,
    plain,
    with_cells,
    with_parts,
    workbook_xml,
    worksheet,
)

from supervise.ooxml import marks
from supervise.ooxml.addresses import column_letters, column_number
from supervise.ooxml.contents import read_contents
from supervise.ooxml.formats import BUILT_IN
from supervise.ooxml.guard import open_package
from supervise.read.raw import RawCell, RawSheet, RawWorkbook
from supervise.read.workbook import read_workbook


def cells_of(rows: str, before: str = "", after: str = "") -> dict[str, RawCell]:
    return dict(read_workbook(with_cells(rows, before, after), "a.xlsx").sheets[0].cells)


def styled(styles: str) -> RawCell:
    data = with_parts(
        {
            SHEET: worksheet('<row r="1"><c r="A1" s="0"><v>0.5</v></c></row>'),
            "xl/styles.xml": parts()["xl/styles.xml"].replace(STYLES.encode(), styles.encode()),
        }
    )
    return read_workbook(data, "a.xlsx").sheets[0].cells["A1"]


@pytest.mark.parametrize("oddity", SAME)
def test_an_odd_but_good_file_reads_like_the_plain_one(oddity: str) -> None:
    sheet = read_workbook(SAME[oddity](), "a.xlsx").sheets[0]
    assert sheet.name == "G01"
    assert {at: (cell.kind, cell.text) for at, cell in sheet.cells.items()} == VALUES
    assert [(c.address, c.row, c.column) for c in sheet.cells.values()][-1] == ("C3", 3, 3)
    assert sheet.cells["C2"].formula == "B2*2"
    assert sheet.cells["B2"].is_percent
    assert not sheet.cells["B2"].is_date
    assert sheet.cells["C3"].is_date
    assert sheet.cells["C3"].number_format == 'yyyy"年"m"月"d"日"'
    assert sheet.duplicates == ()


def test_the_file_is_named_and_hashed() -> None:
    book = read_workbook(plain(), "/incoming/甲.xlsx")
    assert book.file == "甲.xlsx"
    assert len(book.sha256) == 64
    assert not book.macros
    assert not book.date1904
    assert book.external_links == ()
    assert book.sheet("G01") is book.sheets[0]


def test_a_formula_never_calculated_is_not_blank_and_not_zero() -> None:
    cells = cells_of('<row><c><f>1+1</f></c><c><f>A1</f><v></v></c><c s="1"><f/><v>3</v></c></row>')
    assert (cells["A1"].kind, cells["A1"].text, cells["A1"].formula) == ("none", "", "1+1")
    assert (cells["B1"].kind, cells["B1"].formula) == ("none", "A1")
    assert (cells["C1"].kind, cells["C1"].text, cells["C1"].formula) == ("number", "3", "")


def test_a_member_of_a_shared_formula_has_an_empty_formula_text() -> None:
    cells = cells_of(
        '<row><c><f t="shared" ref="A1:B1" si="0">C1+1</f><v>1</v></c>'
        '<c><f t="shared" si="0"/><v>2</v></c></row>'
    )
    assert [cells[at].formula for at in ("A1", "B1")] == ["C1+1", ""]
    assert cells["B1"].text == "2"


def test_a_formula_that_gives_an_empty_text_is_calculated() -> None:
    cell = cells_of('<row><c t="str"><f>""</f><v></v></c></row>')["A1"]
    assert (cell.kind, cell.text, cell.formula) == ("text", "", '""')


def test_cells_that_hold_nothing_are_left_out() -> None:
    rows = '<row><c s="1"/><c t="s"/><c t="inlineStr"><is><t></t></is></c><c><v> </v></c></row>'
    assert cells_of(rows) == {}


@pytest.mark.parametrize(
    "text", ["NaN", "INF", "-1.#IND", "0x10", "1,234", "1e9999", "1_000", "９", "1" * 65, "1 2"]
)
def test_what_is_no_number_is_text(text: str) -> None:
    cell = cells_of(f"<row><c><v>{text}</v></c></row>")["A1"]
    assert (cell.kind, cell.text) == ("text", text)


@pytest.mark.parametrize(
    "text", ["0", "-0", "0.30000000000000004", "1E-7", "+5", ".5", "5.", "1.5e+300"]
)
def test_a_number_keeps_its_digits_as_written(text: str) -> None:
    cell = cells_of(f"<row><c><v> {text}\n</v></c></row>")["A1"]
    assert (cell.kind, cell.text) == ("number", text)


def test_an_iso_date_cell_keeps_its_text_even_if_impossible() -> None:
    cells = cells_of('<row><c t="d"><v>2026-09-30</v></c><c t="d"><v>2026-13-01</v></c></row>')
    assert [(c.kind, c.text) for c in cells.values()] == [
        ("date", "2026-09-30"),
        ("date", "2026-13-01"),
    ]


def test_any_error_code_is_kept_as_written() -> None:
    cells = cells_of('<row><c t="e"><v>#SPILL!</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c></row>')
    assert [(c.kind, c.text) for c in cells.values()] == [
        ("error", "#SPILL!"),
        ("error", "#DIV/0!"),
    ]


def test_escaped_characters_are_decoded_and_controls_stay_spelled_out() -> None:
    cells = cells_of(
        '<row><c t="inlineStr"><is><t>a_x000A_b_x005F_x000D_</t></is></c>'
        '<c t="str"><v>a_x001B_[2J_xD800__x4E00_</v></c></row>'
    )
    assert cells["A1"].text == "a\nb_x000D_"
    assert cells["B1"].text == "a_x001B_[2J_xD800_一"


def test_white_space_of_a_text_is_kept() -> None:
    cell = cells_of(
        '<row>\n<c t="inlineStr"><is>\n<t xml:space="preserve"> 是 </t>\n</is></c>\n</row>'
    )["A1"]
    assert cell.text == " 是 "


def test_white_space_of_a_formula_result_is_kept_and_the_indent_behind_it_is_not() -> None:
    rows = '<row>\n<c t="str"><f> A2 </f>\n<v> 是 </v>\n  </c>\n<c t="n"><v>1</v>\n</c></row>'
    cells = cells_of(rows)
    assert (cells["A1"].text, cells["A1"].formula) == (" 是 ", "A2")
    assert (cells["B1"].kind, cells["B1"].text) == ("number", "1")


def test_a_value_outside_any_cell_belongs_to_none() -> None:
    assert cells_of('<row><v>5</v><f>1+1</f><c s="1"/></row>') == {}


def test_hidden_rows_columns_and_sheets_are_seen() -> None:
    columns = '<cols><col min="2" max="2" hidden="1"/><col min="3" max="16384" width="0"/></cols>'
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c><c r="C1"><v>1</v></c></row>'
        '<row r="2" hidden="1"><c r="A2"><v>1</v></c></row>'
        '<row r="3" ht="0" customHeight="1"><c r="A3"><v>1</v></c></row>'
    )
    hidden = {at for at, cell in cells_of(rows, columns).items() if cell.hidden}
    assert hidden == {"B1", "C1", "A2", "A3"}
    for state in ("hidden", "veryHidden"):
        sheet = f'<sheet name="G01" sheetId="1" state="{state}" r:id="rId1"/>'
        book = read_workbook(with_parts({"xl/workbook.xml": workbook_xml(sheet)}), "a.xlsx")
        assert book.sheets[0].state == state
        assert all(cell.hidden for cell in book.sheets[0].cells.values())


def test_of_a_duplicate_cell_the_first_is_kept_and_the_address_listed() -> None:
    rows = '<row r="1"><c r="B1"><v>1</v></c><c r="B1"><v>2</v></c><c r="B1"><v>3</v></c></row>'
    sheet = read_workbook(with_cells(rows), "a.xlsx").sheets[0]
    assert sheet.cells["B1"].text == "1"
    assert sheet.duplicates == ("B1",)


def three_sheets(name: str = marks.NAME) -> bytes:
    content = parts()
    sheets = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId{n}"/>' for n in (3, 1, 2))
    names = (
        "<definedNames><definedName name='版本'>S1!$A$1</definedName>"
        f"<definedName name='{name}'>'校核结果'!$A$1</definedName>"
        "<definedName name='区域' localSheetId='0'>S3!$A$1:$B$2</definedName></definedNames>"
    )
    content["xl/workbook.xml"] = workbook_xml(sheets, '<workbookPr date1904="1"/>', names)
    content["xl/_rels/workbook.xml.rels"] = links(
        *((f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in (1, 2)),
        ("rId3", "chartsheet", "chartsheets/sheet1.xml"),
        ("rId4", "externalLink", "externalLinks/externalLink1.xml"),
        ("rId5", "sharedStrings", "sharedStrings.xml"),
    )
    content["xl/worksheets/sheet2.xml"] = b"not read, never parsed"
    content["xl/chartsheets/sheet1.xml"] = b"<chartsheet/>"
    content["xl/externalLinks/externalLink1.xml"] = b"<externalLink/>"
    content["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE_LINKS}"><Relationship Id="rId1" '
        f'Type="{LINKS}/externalLinkPath" Target="file:///D:/去年.xlsx" TargetMode="External"/>'
        "</Relationships>"
    ).encode()
    content["xl/vbaProject.bin"] = b"macro"
    return pack(content)


def test_only_the_wanted_sheets_are_parsed_and_all_are_listed() -> None:
    book = read_workbook(three_sheets(), "a.xlsm", only_sheets=frozenset({"S1", "S3"}))
    assert [(sheet.name, len(sheet.cells)) for sheet in book.sheets] == [
        ("S3", 0),
        ("S1", len(VALUES)),
        ("S2", 0),
    ]


def test_settings_macros_and_links_to_other_workbooks_are_said() -> None:
    book: RawWorkbook = read_workbook(three_sheets(), "a.xlsm", only_sheets=frozenset())
    assert book.date1904
    assert book.macros
    assert book.external_links == ("file:///D:/去年.xlsx",)
    assert all(isinstance(sheet, RawSheet) and not sheet.cells for sheet in book.sheets)


def test_names_are_read_if_ours_is_among_them() -> None:
    assert read_contents(open_package(three_sheets(), "a.xlsm")).names == {
        "版本": "S1!$A$1",
        marks.NAME: "'校核结果'!$A$1",
        "S3!区域": "S3!$A$1:$B$2",
    }
    assert read_contents(open_package(three_sheets("其他"), "a.xlsm")).names == {}


@pytest.mark.parametrize("number", [*range(27, 37), *range(50, 59)])
def test_built_in_east_asian_formats_are_dates(number: int) -> None:
    cell = styled(f'<cellXfs><xf numFmtId="{number}"/></cellXfs>')
    assert cell.is_date
    assert cell.number_format == BUILT_IN[number]


def test_a_format_in_the_file_wins_over_the_built_in_one() -> None:
    cell = styled(
        '<numFmts><numFmt numFmtId="31" formatCode="0.0%"/></numFmts>'
        '<cellXfs><xf numFmtId="31"/></cellXfs>'
    )
    assert cell.number_format == "0.0%"
    assert cell.is_percent
    assert not cell.is_date


def test_an_unknown_format_is_general() -> None:
    assert styled('<cellXfs><xf numFmtId="999"/></cellXfs>').number_format == "General"
    assert styled('<cellXfs><xf numFmtId="x"/></cellXfs>').number_format == "General"


@pytest.mark.parametrize(("letters", "number"), [("A", 1), ("Z", 26), ("AA", 27), ("SR", 512)])
def test_columns_count_from_one(letters: str, number: int) -> None:
    assert column_number(letters) == number
    assert column_letters(number) == letters
