"""A filled submission workbook taken apart, and ways to change it; standard library only.

It is the sample that passes every check, so whatever a changed copy meets comes from the change.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from plain_workbook import LINKS, MAIN, pack

FILLED = Path(__file__).parents[1] / "sample_submissions" / "2026Q3" / "rc03-yanxi.xlsx"
BOOK = "xl/workbook.xml"
BOOK_LINKS = "xl/_rels/workbook.xml.rels"
STYLES = "xl/styles.xml"
STRINGS = "xl/sharedStrings.xml"
TYPES = "[Content_Types].xml"
INLINE = re.compile(r' t="inlineStr"><is><t(?: xml:space="preserve")?>([^<]*)</t></is>')

Parts = dict[str, bytes]


@cache
def _parts() -> Parts:
    with zipfile.ZipFile(io.BytesIO(FILLED.read_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def parts() -> Parts:
    """The parts of the filled workbook by name."""
    return dict(_parts())


@cache
def sheets() -> dict[str, str]:
    """Part of each sheet by its name, in tab order."""
    names = re.findall(r'<sheet name="([^"]+)"', _parts()[BOOK].decode())
    return {name: f"xl/worksheets/sheet{n}.xml" for n, name in enumerate(names, 1)}


def filled(changes: Mapping[str, bytes | None] | None = None) -> bytes:
    """The filled workbook with parts replaced, added or (None) taken away."""
    content: dict[str, bytes | None] = {**_parts(), **(changes or {})}
    return pack({name: data for name, data in content.items() if data is not None})


def edited(part: str, *pairs: tuple[str, str]) -> bytes:
    """The filled workbook with texts in one part replaced, each where it first stands."""
    return filled({part: replaced(_parts()[part], *pairs)})


def replaced(data: bytes, *pairs: tuple[str, str]) -> bytes:
    """A part with texts replaced; a text that is not there is a mistake of the test."""
    text = data.decode()
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.encode()


def reworked(name: str, work: Callable[[str], str]) -> bytes:
    """The filled workbook with the XML of one sheet put through a function."""
    part = sheets()[name]
    before = _parts()[part].decode()
    after = work(before)
    assert after != before
    return filled({part: after.encode()})


def cell_xml(xml: str, address: str) -> str:
    """The element of one cell, as it stands in a sheet."""
    found = re.search(rf'<c r="{address}"(?: [^>]*/>|[^>]*>.*?</c>)', xml)
    assert found is not None, address
    return found[0]


def with_cell(name: str, address: str, cell: str) -> bytes:
    """The filled workbook with the element of one cell replaced."""
    return reworked(name, lambda xml: xml.replace(cell_xml(xml, address), cell, 1))


def with_value(name: str, address: str, value: str, kind: str = "n") -> bytes:
    """The filled workbook with one stored value, its style kept."""

    def work(xml: str) -> str:
        old = cell_xml(xml, address)
        style = re.search(r' s="\d+"', old)
        new = f'<c r="{address}"{style[0] if style else ""} t="{kind}"><v>{value}</v></c>'
        return xml.replace(old, new, 1)

    return reworked(name, work)


def with_rows(name: str, rows: str) -> bytes:
    """The filled workbook with rows added at the end of one sheet."""
    return reworked(name, lambda xml: xml.replace("</sheetData>", f"{rows}</sheetData>", 1))


def with_sheet(
    xml: bytes, name: str = "底稿", kind: str = "worksheet", state: str = "visible"
) -> bytes:
    """The filled workbook with a sheet of the bank's own behind the others."""
    return filled(
        {
            "xl/worksheets/own.xml": xml,
            BOOK: replaced(_parts()[BOOK], ("</sheets>", own_entry(name, state))),
            BOOK_LINKS: replaced(_parts()[BOOK_LINKS], ("</Relationships>", own_link(kind))),
        }
    )


def own_entry(name: str = "底稿", state: str = "visible") -> str:
    """One more sheet in the list of sheets, and the end of the list."""
    return f'<sheet name="{name}" sheetId="99" state="{state}" r:id="own"/></sheets>'


def own_link(kind: str, target: str = "worksheets/own.xml") -> str:
    """The link of one more part, and the end of the list of links."""
    link = f'<Relationship Id="own" Type="{LINKS}/{kind}" Target="{target}"/>'
    return f"{link}</Relationships>"


def with_shared_strings() -> Parts:
    """The parts as Excel and WPS save them: texts in one table, cells point into it."""
    table: dict[str, int] = {}

    def pointing(found: re.Match[str]) -> str:
        return f' t="s"><v>{table.setdefault(found[1], len(table))}</v>'

    content = parts()
    for part in sheets().values():
        content[part] = INLINE.sub(pointing, content[part].decode()).encode()
    items = "".join(f'<si><t xml:space="preserve">{text}</t></si>' for text in table)
    content[STRINGS] = f'<sst xmlns="{MAIN}">{items}</sst>'.encode()
    content[BOOK_LINKS] = replaced(
        content[BOOK_LINKS], ("</Relationships>", own_link("sharedStrings", "sharedStrings.xml"))
    )
    return content
