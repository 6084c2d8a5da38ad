"""A part read by one search gives what the general reader gives, or is left to that one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oddities import SAME
from plain_workbook import CELLS, HEAD, MAIN, worksheet
from sample_files import HOME

from supervise.errors import WorkbookUnreadable
from supervise.ooxml import limits
from supervise.ooxml.contents import read_contents
from supervise.ooxml.formats import NumberFormat
from supervise.ooxml.grid import SheetContent, SheetSource
from supervise.ooxml.guard import open_package
from supervise.ooxml.package import Package
from supervise.ooxml.plain_sheet import read_plain
from supervise.ooxml.plain_strings import read_plain_strings
from supervise.ooxml.sheet import read_any
from supervise.ooxml.strings import read_any_strings, read_strings
from supervise.ooxml.styles import read_formats

STRINGS = ("项目", "期末 余额", "占比")
FORMATS = (NumberFormat(), NumberFormat("0.00%", False, True), NumberFormat("yyyy", True))
NO_FILE = Package("a.xlsx", b"", {})
FILES = sorted(Path(HOME).glob("*/*.xlsx"))


def source(*, concealed: bool = False) -> SheetSource:
    return SheetSource("xl/worksheets/sheet1.xml", "G01", lambda: STRINGS, FORMATS, concealed)


def plainly(content: bytes, cells_left: int = limits.CELLS) -> SheetContent | None:
    return again(source(), content, cells_left)


def again(where: SheetSource, content: bytes, cells_left: int) -> SheetContent | None:
    """As the first of its template is read, as the next one is, and as all others are."""
    first, *others = (read_plain(where, content, cells_left) for _ in range(3))
    for other in others:
        assert other == first
        assert first is None or other is None or [*other.cells] == [*first.cells]
    return first


def generally(content: bytes) -> SheetContent | None:
    """What the general reader gives; None if it refuses."""
    try:
        return read_any(NO_FILE, source(), content, limits.CELLS)
    except WorkbookUnreadable:
        return None


def sheets(path: Path) -> Iterator[tuple[Package, SheetSource, bytes]]:
    package = open_package(path.read_bytes(), path.name)
    contents = read_contents(package)
    strings = read_strings(package, contents.strings) if contents.strings else []
    formats = read_formats(package, contents.styles)
    for entry in contents.sheets:
        where = SheetSource(
            entry.part, entry.name, lambda: strings, formats, entry.state != "visible"
        )
        yield package, where, package.read(entry.part)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_sheet_of_a_sample_is_plain_and_reads_alike(path: Path) -> None:
    read = 0
    for package, where, content in sheets(path):
        plain = again(where, content, limits.CELLS)
        general = read_any(package, where, content, limits.CELLS)
        assert plain == general
        assert plain is not None
        assert list(plain.cells) == list(general.cells)
        read += len(plain.cells)
    assert read > 1_000


PLAIN = {
    "as_excel": '<row r="1" spans="1:3" x14ac:dyDescent="0.25"><c r="A1" s="1" t="s"><v>1</v></c>'
    '<c r="B1" s="2"/><c r="C1"><v>-1.5E-3</v></c></row>',
    "as_libreoffice": '<row r="2" customFormat="false" ht="12.8" hidden="true"><c r="A2" s="0" '
    't="n"><f aca="false">B2+1</f><v>3</v></c></row>',
    "as_openpyxl": '<row r="3"><c r="A3" t="inlineStr"><is><t xml:space="preserve"> 甲 &amp; 乙'
    '</t></is></c><c r="B3"><f>A3&amp;"&lt;"</f><v></v></c><c r="C3" s="1" /></row>',
    "shared_formula": '<row r="4"><c r="A4"><f t="shared" ref="A4:B4" si="0">C4+1</f><v>1</v></c>'
    '<c r="B4"><f t="shared" si="0"/><v>2</v></c></row>',
    "no_values": '<row r="5" ht="0"><c r="A5" t="s"></c><c r="B5"><f>1+1</f></c></row><row r="6"/>',
    "every_type": '<row r="7"><c r="A7" t="b"><v>1</v></c><c r="B7" t="e"><v>#REF!</v></c>'
    '<c r="C7" t="d"><v>2026-09-30</v></c><c r="D7" t="str"><f>X</f><v> 是 \n</v></c></row>',
    "odd_numbers": '<row r="8"><c r="A8"><v>1e5</v></c><c r="B8"><v>NaN</v></c>'
    '<c r="C8"><v>１</v></c><c r="D8"><v> 7 </v></c><c r="SR8" t="x"><v>1</v></c></row>',
    "escapes": '<row r="9"><c r="A9" t="inlineStr"><is><t>a_x000A_b</t></is></c>'
    '<c r="B9" t="str"><v>&apos;&quot;&gt;_x4E00_</v></c></row>',
    "spelled": '<row r="10"><c r="A10" t="inlineStr"><is><t>&#22635;&amp;#22635;</t></is></c>'
    '<c r="B10" t="str"><f>&#30002;!A1</f><v>&#160;&#65533;</v></c></row>',
}
OTHER = {
    "spaces": '<row r="1"> <c r="A1"><v>1</v></c></row>',
    "no_reference": '<row r="1"><c><v>1</v></c></row>',
    "no_row_number": '<row><c r="A1"><v>1</v></c></row>',
    "small_letters": '<row r="1"><c r="a1"><v>1</v></c></row>',
    "cell_of_another_row": '<row r="1"><c r="A2"><v>1</v></c></row>',
    "twice": '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
    "outside_a_row": '<c r="A1"><v>1</v></c>',
    "other_order": '<row r="1"><c s="1" r="A1"><v>1</v></c></row>',
    "comment": '<row r="1"><c r="A1"><v>1</v></c><!-- x --></row>',
    "section": '<row r="1"><c r="A1" t="str"><v><![CDATA[<v>]]></v></c></row>',
    "reference_to_a_character": '<row r="1"><c r="A1"><v>&#49;</v></c></row>',
    "far_character": '<row r="1"><c r="A1" t="str"><v>&#128512;</v></c></row>',
    "rich_text": '<row r="1"><c r="A1" t="inlineStr"><is><r><t>a</t></r></is></c></row>',
    "prefix": f'<x:row xmlns:x="{MAIN}" r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>',
    "carriage_return": '<row r="1"><c r="A1" t="str"><v>a\rb</v></c></row>',
    "text_in_a_number_cell": '<row r="1"><c r="A1"><is><t>x</t></is></c></row>',
}
BROKEN = {
    "open_row": '<row r="1"><c r="A1"><v>1</v></c>',
    "attribute_twice": '<row r="1" ht="1" ht="2"></row>',
    "unknown_prefix": '<row r="1" y:z="1"></row>',
    "end_of_a_section": '<row r="1"><c r="A1" t="str"><v>]]></v></c></row>',
    "unknown_entity": '<row r="1"><c r="A1"><v>&x;</v></c></row>',
    "half_of_a_pair": '<row r="1"><c r="A1" t="str"><v>&#55296;</v></c></row>',
    "control": '<row r="1"><c r="A1" t="str"><v>\x01</v></c></row>',
    "no_character": '<row r="1"><c r="A1" t="str"><v>\uffff</v></c></row>',
    "far_right": '<row r="1"><c r="ZZZ1"><v>1</v></c></row>',
    "far_below": '<row r="20001"><c r="A20001"><v>1</v></c></row>',
    "row_zero": '<row r="0"></row>',
    "no_such_string": '<row r="1"><c r="A1" t="s"><v>3</v></c></row>',
    "long_text": f'<row r="1"><c r="A1" t="str"><v>{"x" * 32_768}</v></c></row>',
    "mixed_tags": '<row r="1"><c r="A1" t="inlineStr"><is><t>x</v></c></row>',
}
X14 = 'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'


def excel(rows: str, before: str = "", after: str = "") -> bytes:
    body = f"{before}<sheetData>{rows}</sheetData>{after}"
    return f'{HEAD}<worksheet xmlns="{MAIN}" {X14}>{body}</worksheet>'.encode()


@pytest.mark.parametrize("name", PLAIN)
def test_what_programs_write_is_plain(name: str) -> None:
    plain = plainly(excel(PLAIN[name]))
    assert plain is not None
    assert plain == generally(excel(PLAIN[name]))


def test_all_of_it_together_reads_alike_on_a_hidden_sheet_too() -> None:
    content = excel("".join(PLAIN.values()), '<cols><col min="2" max="3" hidden="1"/></cols>')
    for concealed in (False, True):
        where = source(concealed=concealed)
        plain = again(where, content, limits.CELLS)
        assert plain == read_any(NO_FILE, where, content, limits.CELLS)
        assert plain is not None
        hidden = {address for address, cell in plain.cells.items() if cell.hidden}
        columns = {address for address in plain.cells if address[0] in "BC"}
        assert hidden == (set(plain.cells) if concealed else {"A2"} | columns)


@pytest.mark.parametrize("name", OTHER)
def test_any_other_form_is_left_to_the_general_reader(name: str) -> None:
    assert plainly(excel(OTHER[name])) is None
    assert generally(excel(OTHER[name])) is not None


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_to_be_refused_is_left_to_the_general_reader(name: str) -> None:
    assert plainly(excel(BROKEN[name])) is None
    assert generally(excel(BROKEN[name])) is None


@pytest.mark.parametrize(
    "content",
    [
        worksheet().replace(b"</worksheet>", b""),
        worksheet().replace(b"</sheetData>", b"</sheetData><x>"),
        worksheet(after='<f y="&bad;"/>'),
        worksheet(before="<!DOCTYPE x>"),
        b"<!DOCTYPE x>" + worksheet().replace(HEAD.encode(), b""),
        worksheet().replace(b"<worksheet", b"<sheet").replace(b"/worksheet", b"/sheet"),
        worksheet() + b"x",
        worksheet("<row>\xff".encode("latin-1").decode("latin-1")).replace(b"\xc3", b"\xff"),
    ],
)
def test_what_is_wrong_around_the_cells_is_found(content: bytes) -> None:
    assert plainly(content) is None
    assert generally(content) is None


@pytest.mark.parametrize(
    "content",
    [
        excel(CELLS, before=f'<x xmlns="urn:x"><sheetData>{CELLS}</sheetData></x>'),
        excel(CELLS, before="<!-- <sheetData> -->"),
        excel(CELLS, after='<row r="9"><c r="A9"><v>1</v></c></row>'),
        excel(CELLS, after=f'<x:c xmlns:x="{MAIN}" r="A9"><x:v>1</x:v></x:c>'),
        excel(CELLS).replace(b"<sheetData>", b"<sheetData >"),
        worksheet().decode().replace(HEAD, "").encode("utf-16"),
    ],
)
def test_a_sheet_with_cells_elsewhere_is_left_to_the_general_reader(content: bytes) -> None:
    assert plainly(content) is None
    assert generally(content) is not None


def test_an_extension_that_names_its_elements_alike_is_plain() -> None:
    after = '<extLst><ext xmlns:xm="urn:x"><xm:f>A1</xm:f><xm:v>1</xm:v></ext></extLst>'
    assert plainly(excel(CELLS, after=after)) == generally(excel(CELLS)) != None  # noqa: E711


def test_more_cells_than_are_left_are_for_the_general_reader_to_refuse() -> None:
    content = excel(CELLS)
    plain = plainly(content)
    assert plain is not None
    assert plain.elements == CELLS.count("<c ")
    assert plainly(content, plain.elements) == plain
    assert plainly(content, plain.elements - 1) is None


FIGURES = '<row r="1"><c r="A1"><v>{}</v></c><c r="B1" t="s"><v>{}</v></c></row>'


def test_what_is_known_of_a_template_is_its_figures_only_by_their_place() -> None:
    for figure, string in ((1, 0), (2, 1), ("-3.5E+2", 2), ("x", 1), ("", 0), (4, 2)):
        content = excel(FIGURES.format(figure, string))
        assert plainly(content) == generally(content) != None  # noqa: E711
    assert plainly(excel(FIGURES.format(1, 3))) is None


def test_rows_of_a_template_may_be_hidden_in_one_workbook_alone() -> None:
    shown = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
    for rows in (shown, shown.replace('r="1">', 'r="1" hidden="1">'), shown):
        content = excel(rows, "<!-- hidden in one alone -->")
        assert plainly(content) == generally(content) != None  # noqa: E711


@pytest.mark.parametrize("oddity", SAME)
def test_an_odd_file_reads_alike_by_both_readers(oddity: str) -> None:
    package = open_package(SAME[oddity](), "a.xlsx")
    entry = read_contents(package).sheets[0]
    content = package.read_xml(entry.part)
    plain = plainly(content)
    assert plain is None or plain == generally(content)


TAGS = (
    "<v>",
    "</v>",
    "<c r='A1'>",
    "</c>",
    "<f>",
    "</row>",
    '<row r="2">',
    "<is><t>",
    "<!--",
    "-->",
)
SIGNS = (
    *TAGS,
    "&amp;",
    "&",
    "<",
    ">",
    '"',
    " ",
    "\n",
    "]]>",
    "0",
    "A",
    "_x000A_",
    "甲",
    "\r",
    "t=",
)
EDITS = st.lists(
    st.tuples(st.integers(0, 2_000), st.integers(0, 9), st.sampled_from(("", *SIGNS))), max_size=3
)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(sorted(PLAIN)), min_size=1, unique=True), EDITS)
def test_whatever_is_changed_in_a_sheet_both_readers_agree(
    names: list[str], edits: list[tuple[int, int, str]]
) -> None:
    text = excel("".join(PLAIN[name] for name in sorted(names))).decode()
    for at, cut, sign in edits:
        place = len(text) - 1 - at % len(text)
        text = text[:place] + sign + text[place + cut :]
    plain = plainly(text.encode())
    if plain is not None:
        assert plain == generally(text.encode())


def sst(strings: str, root: str = "sst") -> bytes:
    return f'{HEAD}<{root} xmlns="{MAIN}" count="3">{strings}</{root}>'.encode()


@pytest.mark.parametrize(
    ("strings", "texts"),
    [
        ("<si><t>项目</t></si><si><t/></si><si><t></t></si>", ["项目", "", ""]),
        ('<si><t xml:space="preserve"> a &lt;b&gt; </t></si>', [" a <b> "]),
        ("<si><r><t>a</t></r><r><rPr></rPr><t>b</t></r></si>", ["ab"]),
        (
            '<si><r><rPr><b/><sz val="9"/></rPr><t>1 &amp; </t></r><r><t>\n2</t></r></si>',
            ["1 & \n2"],
        ),
        ('<si><r><rPr><sz val="9\n" /></rPr><t>_x00</t></r><r><t>41_</t></r></si>', ["A"]),
        (
            '<si><t>项目</t><phoneticPr fontId="1" type="x"/></si><si><t>_x0041_</t></si>',
            ["项目", "A"],
        ),
    ],
)
def test_plain_strings_read_alike(strings: str, texts: list[str]) -> None:
    assert read_plain_strings(NO_FILE, "s.xml", sst(strings)) == texts
    assert read_any_strings(NO_FILE, "s.xml", sst(strings)) == texts


def test_strings_spelled_in_ascii_are_read_at_once_and_alike() -> None:
    content = sst("<si><t>&#22635;&#25253;</t></si><si><r><t>a&#8212;</t></r></si>")
    assert read_plain_strings(NO_FILE, "s.xml", content) == ["填报", "a—"]
    assert read_any_strings(NO_FILE, "s.xml", content) == ["填报", "a—"]


@pytest.mark.parametrize(
    ("strings", "texts"),
    [
        ("", []),
        ("<si/><si><t>a</t></si>", ["", "a"]),
        ('<si><r><rPr><sz val="9"> </sz></rPr><t>a</t></r></si>', ["a"]),
        ("<si><t>a</t><rPh><t>x</t></rPh></si>", ["a"]),
        ("<si>\n<t>a</t>\n</si>", ["a"]),
        ("<si><t>&#97;</t></si>", ["a"]),
        ("<!-- --><si><t>a</t></si>", ["a"]),
        ("<si><t>a</t></si><x><si><t>b</t></si></x>", ["a", "b"]),
        ('<x xmlns="urn:x"><si><t>a</t></si></x>', []),
    ],
)
def test_other_strings_are_left_to_the_general_reader(strings: str, texts: list[str]) -> None:
    found = read_plain_strings(NO_FILE, "s.xml", sst(strings))
    assert found is None or found == texts
    assert read_any_strings(NO_FILE, "s.xml", sst(strings)) == texts


@pytest.mark.parametrize(
    "content",
    [
        sst("<si><t>a</t></si>").replace(b"</sst>", b""),
        sst("<si><t>a</t></si>", "ssx"),
        sst("<si><t>]]></t></si>"),
        sst("<si><t>\x02</t></si>"),
        sst(f"<si><t>{'x' * 32_768}</t></si>"),
        sst("<si><t>a</t></si>").replace(b"a<", b"\xff<"),
        sst('<si><r><rPr><sz val="9" val="9"/></rPr><t>a</t></r></si>'),
        sst(f"<si>{f'<r><t>{chr(120) * 20_000}</t></r>' * 2}</si>"),
    ],
)
def test_broken_strings_are_left_to_the_general_reader(content: bytes) -> None:
    assert read_plain_strings(NO_FILE, "s.xml", content) is None
    with pytest.raises(WorkbookUnreadable):
        read_any_strings(NO_FILE, "s.xml", content)
