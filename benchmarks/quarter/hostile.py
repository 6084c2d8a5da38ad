"""Files that must be refused by name: damaged, bombs, entities, paths; each a different bank's.

Every maker gets the parts of an honest workbook and gives bytes; ``HOSTILE`` names the reason code
that must come of it. Most of the large content is packed once and shared by all files.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from quarter.archive import Packed, archive, packed

Parts = list[Packed]
Maker = Callable[[Parts], bytes]
SHEET = "xl/worksheets/sheet5.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _replaced(parts: Parts, part: Packed | None, name: str = SHEET) -> bytes:
    kept = (part if each.name == name.encode() else each for each in parts)
    return archive(each for each in kept if each is not None)


def _sheet(rows: str) -> str:
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'


@cache
def _spaces() -> Packed:
    return packed(SHEET, _sheet("").encode() + b" " * (30 << 20))


@cache
def _laughs() -> Packed:
    entities = '<!ENTITY a "哈哈哈哈">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    return packed(SHEET, f"<!DOCTYPE x [{entities}]>{_sheet('')}".encode())


@cache
def _cells() -> Packed:
    # Changing style numbers keep the ratio honest, so that the limit on cells is what is met.
    row = "".join(f'<c s="{n * 7919 % 99991}"/>' for n in range(5_000))
    return packed(SHEET, _sheet(f"<row>{row}</row>" * 101).encode())


def _wrong_sum(parts: Parts) -> bytes:
    part = next(each for each in parts if each.name == SHEET.encode())
    return _replaced(parts, part._replace(crc=part.crc ^ 1))


def _understated(parts: Parts) -> bytes:
    part = next(each for each in parts if each.name == SHEET.encode())
    return _replaced(parts, part._replace(size=100))


def _twice(parts: Parts) -> bytes:
    part = next(each for each in parts if each.name == SHEET.encode())
    return archive([*parts, part._replace(name=part.name.upper())])


def _far_row() -> str:
    return _sheet('<row r="20001"><c r="A20001"><v>1</v></c></row>')


def _long_text() -> str:
    text = "长" * 40_000
    return _sheet(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>')


def _with_sheet(xml: str) -> Maker:
    return lambda parts: _replaced(parts, packed(SHEET, xml.encode()))


HOSTILE: dict[str, tuple[str, Maker]] = {
    "zip_bomb": ("ratio_too_high", lambda parts: _replaced(parts, _spaces())),
    "entity_bomb": ("doctype", lambda parts: _replaced(parts, _laughs())),
    "path_upwards": (
        "unsafe_member",
        lambda parts: archive([*parts, packed("../../evil.xml", b"x")]),
    ),
    "part_twice": ("duplicate_member", _twice),
    "many_parts": (
        "too_many_members",
        lambda parts: archive([*parts, *(packed(f"xl/media/{n}.png", b"") for n in range(501))]),
    ),
    "many_cells": ("too_many_cells", lambda parts: _replaced(parts, _cells())),
    "far_row": ("too_many_rows", _with_sheet(_far_row())),
    "long_text": ("string_too_long", _with_sheet(_long_text())),
    "wrong_sum": ("damaged", _wrong_sum),
    "size_understated": ("damaged", _understated),
    "broken_xml": ("damaged", _with_sheet(_sheet("")[:-20])),
    "part_missing": ("missing_part", lambda parts: _replaced(parts, None)),
    "web_page": ("other_carrier", lambda _: b"<html><table><tr><td>1</td></tr></table></html>"),
}
"""By kind: the reason code of the refusal, and how the file is made."""
