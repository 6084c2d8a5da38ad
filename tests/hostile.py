"""Makers of hostile and broken files, from one small valid workbook; standard library only.

``REFUSED`` maps each reason code to makers of files that must be refused with it.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable

from plain_workbook import (
    CELLS,
    HEAD,
    MAIN,
    SHEET,
    Parts,
    links,
    pack,
    parts,
    plain,
    with_cells,
    with_parts,
    with_sheets,
    workbook_xml,
    worksheet,
)


def patched(signature: bytes, offset: int, value: bytes, data: bytes | None = None) -> bytes:
    """The plain workbook with bytes overwritten in every zip record of one kind."""
    changed = bytearray(plain() if data is None else data)
    at = changed.find(signature)
    while at >= 0:
        changed[at + offset : at + offset + len(value)] = value
        at = changed.find(signature, at + len(signature))
    return bytes(changed)


def directory_entry(name: str, offset: int, value: bytes) -> bytes:
    """The plain workbook with one entry of the zip directory falsified."""
    changed = bytearray(plain())
    entry = changed.rfind(name.encode()) - 46
    changed[entry + offset : entry + offset + len(value)] = value
    return bytes(changed)


def duplicate_of(name: str, again: str) -> bytes:
    """The plain workbook with a second member."""
    return duplicate_in(parts(), name, again)


def duplicate_in(content: Parts, name: str, again: str) -> bytes:
    """A package with a second member, of the same or a like name."""
    placeholder = "?" * len(again)
    data = pack({**content, placeholder: content[name]})
    return data.replace(placeholder.encode(), again.encode())


def compound(stream_name: str) -> bytes:
    """A compound file (OLE2) whose directory names one stream."""
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0"))
    struct.pack_into("<5H", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<2L", header, 44, 1, 1)
    table = struct.pack("<2l", -3, -2).ljust(512, b"\xff")
    names = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<HBB3l", 2 * len(name) + 2, kind, 1, -1, -1, child).ljust(64, b"\0")
        for name, kind, child in (("Root Entry", 5, 1), (stream_name, 2, -1))
    )
    return bytes(header) + table + names.ljust(512, b"\0")


def laughing(part: str) -> bytes:
    """Entities that multiply, declared in one part."""
    entities = '<!ENTITY a "哈哈哈哈">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    doctype = f"<!DOCTYPE x [{entities}]>\n<".encode()
    data = parts()[part]
    head, _, rest = data.partition(b"?>\n<")
    return with_parts({part: head + b"?>\n" + doctype + rest})


def hidden_doctype() -> bytes:
    """A DOCTYPE in UTF-16, which a search for its bytes would not find."""
    text = f'<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/passwd">]>{worksheet().decode()}'
    return with_parts({SHEET: text.replace(HEAD, "").encode("utf-16")})


def huge(size: int) -> bytes:
    """White space of that size inside the sheet."""
    return with_cells(CELLS, after=" " * size)


def _cut(fraction: float) -> bytes:
    data = plain()
    return data[: int(len(data) * fraction)]


def _broken_bytes() -> bytes:
    """One byte of a stored part turned over: the checksum no longer agrees."""
    data = bytearray(pack(parts(), zipfile.ZIP_STORED))
    data[data.find(b"0.1234") + 3] ^= 1
    return bytes(data)


def _lying_size() -> bytes:
    """A part declared far smaller than it is."""
    content = parts()
    content[SHEET] = worksheet(CELLS, after=" " * 500_000)
    data = bytearray(pack(content))
    entry = data.rfind(SHEET.encode()) - 46
    struct.pack_into("<L", data, entry + 24, 100)
    return bytes(data)


def _many_cells() -> bytes:
    # Changing style numbers keep the ratio honest, so that the cell limit is what is met.
    row = "".join(f'<c s="{n * 7919 % 99991}"/>' for n in range(5_000))
    return with_cells(f"<row>{row}</row>" * 101)


def _declared_total() -> bytes:
    """Five parts that declare 60 MiB each and are packed plausibly."""
    data = bytearray(
        pack({**parts(), **{f"m{n}": b"x" * 400_000 for n in range(5)}}, zipfile.ZIP_STORED)
    )
    for n in range(5):
        entry = data.rfind(f"m{n}".encode()) - 46
        struct.pack_into("<L", data, entry + 24, 60 << 20)
    return bytes(data)


def _noise(count: int) -> bytes:
    block = b"".join(b"<a n='%d'/>" % (n * 7919 % 99991) for n in range(5_000))
    return f'<styleSheet xmlns="{MAIN}">'.encode() + block * (count // 5_000) + b"</styleSheet>"


def _long_string() -> bytes:
    return f'{HEAD}<sst xmlns="{MAIN}"><si><t>{"长" * 32_768}</t></si></sst>'.encode()


Maker = Callable[[], bytes]

REFUSED: dict[str, dict[str, Maker]] = {
    "empty_file": {"nothing": lambda: b""},
    "not_a_workbook": {
        "picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(100),
        "pdf": lambda: b"%PDF-1.7\n1,2,3\n",
        "empty_zip": lambda: pack({}),
        "plain_zip": lambda: pack({"readme.txt": b"hello"}),
        "word": lambda: with_parts({"word/document.xml": b"<x/>"}),
        "other_root": lambda: with_parts({"xl/workbook.xml": b"<document/>"}),
        "no_sheets": lambda: with_parts({"xl/workbook.xml": workbook_xml("")}),
        "word_97": lambda: compound("WordDocument"),
        "words": lambda: "一段没有分隔符的文字".encode(),
    },
    "truncated": {
        "two_bytes": lambda: b"PK",
        "half": lambda: _cut(0.5),
        "almost": lambda: plain()[:-10],
        "middle_lost": lambda: plain()[:400] + plain()[-400:],
        "compound_head": lambda: compound("Workbook")[:600],
    },
    "encrypted": {
        "password": lambda: compound("EncryptedPackage"),
        "zip_password": lambda: directory_entry(SHEET, 8, b"\x01\0"),
    },
    "old_xls": {
        "biff8": lambda: compound("Workbook"),
        "biff5": lambda: compound("Book"),
        "biff4": lambda: b"\x09\x04\x06\x00" + bytes(60),
    },
    "other_carrier": {
        "csv": lambda: "项目,余额\n各项贷款,12\n".encode("gb18030"),
        "csv_bom": lambda: "\ufeff项目,余额\n".encode(),
        "text_utf16": lambda: "项目\t余额\n".encode("utf-16"),
        "html": lambda: b"\r\n<html><table><tr><td>1</td></tr></table></html>",
        "xml_2003": lambda: (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
        ),
        "mhtml": lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related\n",
        "xlsb": lambda: with_parts({"xl/workbook.xml": None, "xl/workbook.bin": b"\0"}),
        "ods": lambda: pack({"content.xml": b"<x/>", "META-INF/manifest.xml": b"<x/>"}),
    },
    "too_large": {
        "on_disk": lambda: plain() + bytes(64 << 20),
        "inflated": _declared_total,
    },
    "too_many_members": {
        "501": lambda: with_parts({f"xl/media/{n}.png": b"" for n in range(501)}),
    },
    "duplicate_member": {
        "same": lambda: duplicate_of(SHEET, SHEET),
        "other_case": lambda: duplicate_of(SHEET, SHEET.upper()),
        "backslash": lambda: duplicate_of(SHEET, SHEET.replace("/", "\\")),
    },
    "unsafe_member": {
        "upwards": lambda: with_parts({"../../evil.xml": b"x"}),
        "backslash": lambda: with_parts({"xl\\..\\..\\evil.xml": b"x"}),
        "absolute": lambda: with_parts({"/etc/cron.d/evil": b"x"}),
        "drive": lambda: with_parts({"C:/evil.xml": b"x"}),
    },
    "part_too_large": {"spaces": lambda: huge((64 << 20) + 1)},
    "ratio_too_high": {"spaces": lambda: huge(8 << 20)},
    "unsupported_compression": {
        "bzip2": lambda: pack(parts(), zipfile.ZIP_BZIP2),
        "lzma": lambda: pack(parts(), zipfile.ZIP_LZMA),
    },
    "damaged": {
        "zeros": lambda: bytes(5000),
        "checksum": _broken_bytes,
        "lying_size": _lying_size,
        "deflate": lambda: patched(b"PK\x03\x04", 60, b"\xff\xff\xff\xff\xff"),
        "headers_differ": lambda: directory_entry(SHEET, 46 + 3, b"X"),
        "overlap": lambda: directory_entry(SHEET, 20, struct.pack("<L", 2000)),
        "bad_xml": lambda: with_parts({SHEET: worksheet()[:-20]}),
        "bad_xml_strings": lambda: with_parts({"xl/sharedStrings.xml": b"<sst"}),
        "gbk_xml": lambda: with_parts({"xl/styles.xml": "<样式/>".encode("gbk")}),
        "string_index": lambda: with_cells('<row><c t="s"><v>99</v></c></row>'),
        "string_index_odd": lambda: with_cells('<row><c t="s"><v>-1</v></c></row>'),
        "bad_reference": lambda: with_cells('<row r="1"><c r="1A"><v>1</v></c></row>'),
        "bad_row": lambda: with_cells('<row r="0"><c><v>1</v></c></row>'),
        "one_part_twice": lambda: with_sheets(2, one_part=True),
        "hidden_entries": lambda: patched(
            b"PK\x05\x06", 8, struct.pack("<2H", len(parts()) - 1, len(parts()) - 1)
        ),
    },
    "doctype": {
        "laughs_in_sheet": lambda: laughing(SHEET),
        "laughs_in_strings": lambda: laughing("xl/sharedStrings.xml"),
        "laughs_in_links": lambda: laughing("_rels/.rels"),
        "utf16": hidden_doctype,
    },
    "missing_part": {
        "sheet": lambda: with_parts({SHEET: None}),
        "strings": lambda: with_parts({"xl/sharedStrings.xml": None}),
        "workbook": lambda: with_parts({"xl/workbook.xml": None}),
        "links": lambda: with_parts({"_rels/.rels": None}),
        "outside": lambda: with_parts(
            {"xl/_rels/workbook.xml.rels": links(("rId1", "worksheet", "../../../etc/passwd"))}
        ),
        "no_link": lambda: with_parts({"xl/workbook.xml": workbook_xml('<sheet name="G01"/>')}),
    },
    "too_many_sheets": {
        "65": lambda: with_sheets(65),
        "5000_on_one_part": lambda: with_sheets(5_000, one_part=True),
    },
    "too_many_cells": {
        "empty": _many_cells,
        "markup": lambda: with_parts({"xl/styles.xml": _noise(2_500_000)}),
    },
    "too_many_rows": {"far": lambda: with_cells('<row r="20001"><c r="A20001"><v>1</v></c></row>')},
    "too_many_columns": {
        "far": lambda: with_cells('<row r="1"><c r="XFD1"><v>1</v></c></row>'),
        "next": lambda: with_cells('<row r="1"><c r="SS1"><v>1</v></c></row>'),
    },
    "string_too_long": {
        "shared": lambda: with_parts({"xl/sharedStrings.xml": _long_string()}),
        "inline": lambda: with_cells(
            f'<row><c t="inlineStr"><is>{"<r><t>" + "长" * 20_000 + "</t></r>"}'
            f"{'<r><t>' + '长' * 20_000 + '</t></r>'}</is></c></row>"
        ),
        "number": lambda: with_cells(f"<row><c><v>{'1' * 40_000}</v></c></row>"),
        "formula": lambda: with_cells(f"<row><c><f>{'1+' * 20_000}1</f></c></row>"),
    },
}
