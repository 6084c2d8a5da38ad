"""Makers of odd but good files: each must read like the one of ``plain_workbook.py``."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable

from hostile import Maker, patched
from plain_workbook import (
    CELLS,
    HEAD,
    LINKS,
    MAIN,
    SHEET,
    STRICT_LINKS,
    STRICT_MAIN,
    pack,
    parts,
    plain,
    with_cells,
    with_parts,
    worksheet,
)


def _strict() -> bytes:
    return pack(
        {
            name: data.replace(MAIN.encode(), STRICT_MAIN.encode()).replace(
                LINKS.encode(), STRICT_LINKS.encode()
            )
            for name, data in parts().items()
        }
    )


def _prefixed() -> bytes:
    text = worksheet().decode().replace(HEAD, "").replace(f' xmlns="{MAIN}"', "")
    text = re.sub(r"<(/?)(\w)", r"<\1x:\2", text)
    return with_parts(
        {SHEET: text.replace("<x:worksheet", f'<x:worksheet xmlns:x="{MAIN}"', 1).encode()}
    )


def _replaced(part: str, *pairs: tuple[str, str]) -> bytes:
    text = parts()[part].decode()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return with_parts({part: text.encode()})


def _without_references() -> bytes:
    return with_cells(re.sub(r' r="[A-Z]*\d+"', "", CELLS))


def _spaced() -> bytes:
    return with_cells(CELLS.replace("><", ">\n   <"))


def _renamed(rename: Callable[[str], str]) -> bytes:
    return pack({rename(name): data for name, data in parts().items()})


def _target(target: str) -> bytes:
    return _replaced("xl/_rels/workbook.xml.rels", ("worksheets/sheet1.xml", target))


SAME: dict[str, Maker] = {
    "plain": plain,
    "stored": lambda: pack(parts(), zipfile.ZIP_STORED),
    "no_references": _without_references,
    "lower_case_references": lambda: with_cells(CELLS.replace('r="B2"', 'r="b2"')),
    "prefixed": _prefixed,
    "strict": _strict,
    "pretty_printed": _spaced,
    "utf16_sheet": lambda: with_parts(
        {SHEET: worksheet().decode().replace("UTF-8", "UTF-16").encode("utf-16")}
    ),
    "utf16_unmarked": lambda: with_parts(
        {SHEET: worksheet().decode().replace(HEAD, "").encode("utf-16-be")}
    ),
    "utf8_marked": lambda: with_parts({SHEET: b"\xef\xbb\xbf" + worksheet()}),
    "backslash_parts": lambda: _renamed(lambda name: name.replace("/", "\\")),
    "upper_case_parts": lambda: _renamed(lambda name: name.replace("worksheets", "WorkSheets")),
    "absolute_target": lambda: _target("/xl/worksheets/sheet1.xml"),
    "backslash_target": lambda: _target("worksheets\\sheet1.xml"),
    "dotted_target": lambda: _target("./../xl/worksheets/sheet1.xml"),
    "escaped_target": lambda: _target("work%73heets/sheet1.xml"),
    "dimension_small": lambda: with_cells(CELLS, before='<dimension ref="A1"/>'),
    "dimension_large": lambda: with_cells(CELLS, before='<dimension ref="A1:XFD1048576"/>'),
    "empty_fill": lambda: _replaced(
        "xl/styles.xml", ("<cellXfs", "<fills><fill/></fills><cellXfs")
    ),
    "differential_formats": lambda: _replaced(
        "xl/styles.xml",
        ("</cellXfs>", '</cellXfs><dxfs><dxf><numFmt numFmtId="10" formatCode="@"/></dxf></dxfs>'),
    ),
    "phonetic": lambda: _replaced(
        "xl/sharedStrings.xml",
        (
            "<t>项目</t>",
            '<t>项目</t><rPh sb="0" eb="2"><t>xiangmu</t></rPh><phoneticPr fontId="1"/>',
        ),
    ),
    "rich_text": lambda: _replaced(
        "xl/sharedStrings.xml",
        (
            "<t>期末 余额</t>",
            '<r><rPr><b/></rPr><t xml:space="preserve">期末 </t></r><r><t>余额</t></r>',
        ),
    ),
    "inline_strings": lambda: with_cells(
        CELLS.replace(
            '<c r="A1" t="s"><v>0</v></c>',
            '<c r="A1" t="inlineStr"><is><r><t>项</t></r><rPh><t>x</t></rPh>'
            "<r><t>目</t></r></is></c>",
        )
    ),
    "formula_text": lambda: with_cells(CELLS.replace('t="s"><v>2</v>', 't="str"><v>占比</v>')),
    "empty_styled_cells": lambda: with_cells(
        CELLS.replace("</row>", '<c r="ZZ9" s="1"/></row>', 1)
        + '<row r="1048576"><c r="XFD1048576" s="2"/></row>'
    ),
    "cell_extensions": lambda: with_cells(
        CELLS.replace(
            "<v>0.1234</v>",
            '<v>0.1234</v><extLst><ext><y:v xmlns:y="urn:y">junk</y:v></ext></extLst>',
        )
    ),
    "extension_behind": lambda: with_cells(
        CELLS, after='<extLst><ext><y:c xmlns:y="urn:y" r="A9"><y:v>5</y:v></y:c></ext></extLst>'
    ),
    "bad_style_index": lambda: with_cells(CELLS.replace('r="A1" t', 'r="A1" s="999" t')),
    "macros": lambda: with_parts({"xl/vbaProject.bin": b"macro"}),
    "zip_comment": lambda: patched(b"PK\x05\x06", 20, struct.pack("<H", 5)) + b"hello",
}
