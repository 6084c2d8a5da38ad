"""One small valid workbook, and ways to change it; standard library only."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_LINKS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET = "xl/worksheets/sheet1.xml"

Parts = dict[str, bytes]

CELLS = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" s="1"><v>0.1234</v></c>'
    '<c r="C2"><f>B2*2</f><v>0.2468</v></c></row>'
    '<row r="3"><c r="A3" t="b"><v>1</v></c><c r="B3" t="e"><v>#REF!</v></c>'
    '<c r="C3" s="2"><v>46112</v></c></row>'
)
VALUES = {
    "A1": ("text", "项目"),
    "B1": ("text", "期末 余额"),
    "A2": ("text", "占比"),
    "B2": ("number", "0.1234"),
    "C2": ("number", "0.2468"),
    "A3": ("bool", "TRUE"),
    "B3": ("error", "#REF!"),
    "C3": ("number", "46112"),
}
STRINGS = "<si><t>项目</t></si><si><t>期末 余额</t></si><si><t>占比</t></si>"
STYLES = '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="31"/></cellXfs>'


def worksheet(cells: str = CELLS, before: str = "", after: str = "") -> bytes:
    """A sheet part with these rows."""
    body = f"{before}<sheetData>{cells}</sheetData>{after}"
    return f'{HEAD}<worksheet xmlns="{MAIN}">{body}</worksheet>'.encode()


def workbook_xml(sheets: str, before: str = "", after: str = "") -> bytes:
    """The workbook part listing these sheets."""
    body = f"{before}<sheets>{sheets}</sheets>{after}"
    return f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{body}</workbook>'.encode()


def links(*entries: tuple[str, str, str]) -> bytes:
    """A list of links: id, kind, target."""
    body = "".join(
        f'<Relationship Id="{id_}" Type="{LINKS}/{kind}" Target="{target}"/>'
        for id_, kind, target in entries
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE_LINKS}">{body}</Relationships>'.encode()


def parts(cells: str = CELLS) -> Parts:
    """The parts of the plain workbook."""
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{types}"/>'.encode(),
        "_rels/.rels": links(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": workbook_xml('<sheet name="G01" sheetId="1" r:id="rId1"/>'),
        "xl/_rels/workbook.xml.rels": links(
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId2", "sharedStrings", "sharedStrings.xml"),
            ("rId3", "styles", "styles.xml"),
        ),
        SHEET: worksheet(cells),
        "xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{MAIN}">{STRINGS}</sst>'.encode(),
        "xl/styles.xml": f'{HEAD}<styleSheet xmlns="{MAIN}">{STYLES}</styleSheet>'.encode(),
    }


def pack(content: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The parts as a zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in content.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return stream.getvalue()


def plain() -> bytes:
    """The small valid workbook everything here starts from."""
    return pack(parts())


def with_parts(changes: Mapping[str, bytes | None]) -> bytes:
    """The plain workbook with parts replaced, added or (None) taken away."""
    content: dict[str, bytes | None] = {**parts(), **changes}
    return pack({name: data for name, data in content.items() if data is not None})


def with_cells(cells: str, before: str = "", after: str = "") -> bytes:
    """The plain workbook with other rows."""
    return with_parts({SHEET: worksheet(cells, before, after)})


def with_sheets(count: int, one_part: bool = False) -> bytes:
    """A workbook of many sheets."""
    numbers = range(1, count + 1)
    content = parts()
    content["xl/workbook.xml"] = workbook_xml(
        "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    )
    content["xl/_rels/workbook.xml.rels"] = links(
        *((f"rId{n}", "worksheet", f"worksheets/sheet{1 if one_part else n}.xml") for n in numbers)
    )
    for n in numbers if not one_part else ():
        content[f"xl/worksheets/sheet{n}.xml"] = worksheet("")
    return pack(content)
