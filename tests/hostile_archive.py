"""Makers of hostile and broken archives from the filled template; standard library only.

Each must be refused with the reason it stands under, by the guard and not as a wrong template.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable

from filled_template import BOOK, FILLED, STYLES, TYPES, filled, parts, sheets
from hostile import compound, duplicate_in
from plain_workbook import pack, worksheet

Maker = Callable[[], bytes]
LOCAL, ENTRY, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
S71 = "xl/worksheets/sheet5.xml"


def good() -> bytes:
    """The filled template as it was saved."""
    return FILLED.read_bytes()


def entry_changed(name: str, offset: int, value: bytes, data: bytes | None = None) -> bytes:
    """The filled workbook with bytes overwritten in one entry of its zip directory."""
    changed = bytearray(filled() if data is None else data)
    at = changed.rfind(name.encode()) - 46
    assert changed[at : at + 4] == ENTRY
    changed[at + offset : at + offset + len(value)] = value
    return bytes(changed)


def size_of(name: str) -> bytes:
    """The place in the directory where a member begins, for lies about it."""
    data = filled()
    at = data.rfind(name.encode()) - 46
    return data[at + 42 : at + 46]


def noise(size: int) -> str:
    """Text that packs badly, so that the limit meant is met and not the one on the ratio."""
    return random.Random(size).randbytes(size // 2 + 1).hex()[:size]


def one_byte_turned() -> bytes:
    """A stored part with one digit changed: the checksum no longer agrees."""
    data = bytearray(pack(parts(), zipfile.ZIP_STORED))
    data[data.find(b"<v>13927.53") + 4] ^= 1
    return bytes(data)


def size_understated() -> bytes:
    """A part declared as 100 bytes that inflates to 16 MB."""
    part = parts()[S71] + (b"<!--" + noise(4_000).encode() + b"-->") * 4_000
    return entry_changed(S71, 24, struct.pack("<L", 100), filled({S71: part}))


def size_overstated() -> bytes:
    """Five parts declared as 60 MiB each, packed plausibly."""
    data = pack({**parts(), **{f"m{n}": b"x" * 400_000 for n in range(5)}}, zipfile.ZIP_STORED)
    for n in range(5):
        data = entry_changed(f"m{n}", 24, struct.pack("<L", 60 << 20), data)
    return data


def two_directories() -> bytes:
    """A second workbook in the comment of the first: which one is meant?"""
    first = bytearray(filled())
    other = filled({STYLES: None})
    struct.pack_into("<H", first, len(first) - 2, 22)
    at = other.rfind(END)
    return bytes(first) + other[at:]


def inside_folder() -> bytes:
    """The workbook unpacked and packed again with its folder."""
    return pack({f"报送表/{name}": data for name, data in parts().items()})


def zipped(name: str) -> bytes:
    """The workbook inside an archive."""
    return pack({name: good()})


def mixed_methods() -> bytes:
    """One sheet packed with bzip2."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts().items():
            archive.writestr(name, data, zipfile.ZIP_BZIP2 if name == S71 else None)
    return stream.getvalue()


def dbase() -> bytes:
    """A dBASE table of one field."""
    header = struct.pack("<4BLHH20x", 3, 126, 10, 14, 1, 65, 11)
    return header + b"BALANCE".ljust(11, b"\0") + b"N" + bytes(20) + b"\r" + b" 1234567890\x1a"


ODS = b"application/vnd.oasis.opendocument.spreadsheet"

ARCHIVES: dict[str, dict[str, Maker]] = {
    "empty_file": {"nothing": bytes},
    "truncated": {
        "half": lambda: good()[: len(good()) // 2],
        "last_byte": lambda: good()[:-1],
        "no_directory": lambda: good()[: good().rfind(END) - 4_000],
        "first_bytes": lambda: good()[:3],
        "old_head": lambda: compound("Workbook")[:600],
    },
    "not_a_workbook": {
        "zip": lambda: pack({"说明.txt": b"x"}),
        "word": lambda: filled({"word/document.xml": b"<x/>"}),
        "slides": lambda: filled({"ppt/presentation.xml": b"<x/>"}),
        "wps_writer": lambda: compound("WordDocument"),
        "dps": lambda: compound("PowerPoint Document"),
        "pdf": lambda: b"%PDF-1.7\n" + bytes(99),
        "ofd": lambda: pack({"OFD.xml": b"<x/>"}),
        "picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(99),
        "rar": lambda: b"Rar!\x1a\x07\0" + bytes(99),
        "lock": lambda: (b"\x06abcdef".ljust(55) + "示例".encode("utf-16-le")).ljust(165, b" "),
        "apple": lambda: b"\0\5\x16\7" + bytes(99),
        "odt": lambda: pack(
            {
                "mimetype": b"application/vnd.oasis.opendocument.text",
                "content.xml": b"<x/>",
                "META-INF/manifest.xml": b"<x/>",
            },
            zipfile.ZIP_STORED,
        ),
    },
    "encrypted": {
        "password": lambda: compound("EncryptedPackage"),
        "zip_password": lambda: entry_changed(S71, 8, b"\x01\0"),
        "strong": lambda: entry_changed(S71, 8, b"\x40\0"),
    },
    "old_xls": {
        "xls_or_et": lambda: compound("Workbook"),
        "capitals": lambda: compound("WORKBOOK"),
        "excel_95": lambda: compound("Book"),
        "excel_4": lambda: b"\x09\x04\x06\x00" + bytes(60),
    },
    "other_carrier": {
        "csv": lambda: "项目,余额\n各项贷款,12\n".encode("gb18030"),
        "one_column": lambda: b"12\n13\n",
        "html_in_upper_case": lambda: b"<BODY BGCOLOR=white><TABLE\n><TR><TD>1</TABLE>",
        "html": lambda: b"<html><table><tr><td>1</td></tr></table></html>",
        "html_without_head": lambda: b'<meta charset="gbk"><table><tr><td>1</td></tr></table>',
        "mhtml": lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related\n",
        "xml_2003": lambda: (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
        ),
        "flat_ods": lambda: (
            b'<?xml version="1.0"?><o:document xmlns:o="urn:oasis:names:tc:opendocument"/>'
        ),
        "xlsb": lambda: filled({BOOK: None, "xl/workbook.bin": b"\0"}),
        "ods": lambda: pack(
            {"mimetype": ODS, "content.xml": b"<x/>", "META-INF/manifest.xml": b"<x/>"},
            zipfile.ZIP_STORED,
        ),
        "dbf": dbase,
        "numbers": lambda: pack({"Index/Document.iwa": b"x", "Metadata/a.plist": b"x"}),
        "slk": lambda: b"ID;PWXL;N;E\r\n",
        "gnumeric": lambda: b"\x1f\x8b\x08" + bytes(60),
        "zipped": lambda: zipped("报送.xlsx"),
        "repacked_with_folder": inside_folder,
    },
    "too_large": {
        "on_disk": lambda: good() + bytes(64 << 20),
        "inflated": size_overstated,
    },
    "too_many_members": {
        "501": lambda: filled({f"xl/media/{n}.png": b"" for n in range(501)}),
    },
    "duplicate_member": {
        "same": lambda: duplicate_in(parts(), S71, S71),
        "other_case": lambda: duplicate_in(parts(), S71, S71.upper()),
        "backslash": lambda: duplicate_in(parts(), S71, S71.replace("/", "\\")),
    },
    "unsafe_member": {
        "upwards": lambda: filled({"../../evil.xml": b"x"}),
        "backslash": lambda: filled({"xl\\..\\..\\evil.xml": b"x"}),
        "absolute": lambda: filled({"/etc/cron.d/evil": b"x"}),
        "drive": lambda: filled({"C:/evil.xml": b"x"}),
        "control": lambda: filled({"xl/\x1b[2J.xml": b"x"}),
    },
    "ratio_too_high": {
        "spaces": lambda: filled({S71: parts()[S71] + b" " * (30 << 20)}),
        "empty_rows": lambda: filled({S71: worksheet("<row/>" * 900_000)}),
    },
    "unsupported_compression": {"bzip2": mixed_methods},
    "damaged": {
        "zeros": lambda: bytes(70_000),
        "checksum": one_byte_turned,
        "size_understated": size_understated,
        "names_differ": lambda: entry_changed(S71, 46 + 3, b"X"),
        "overlap": lambda: entry_changed(S71, 42, size_of(sheets()["G01"])),
        "packed_beyond": lambda: entry_changed(S71, 20, struct.pack("<L", 1 << 30)),
        "prefix": lambda: b"HTTP/1.1 200 OK\r\n\r\n" + good(),
        "two_directories": two_directories,
        "several_disks": lambda: good()[:-18] + b"\1\0" + good()[-16:],
        "entries_hidden": lambda: good()[:-14] + b"\5\0\5\0" + good()[-10:],
        "symlink": lambda: filled({S71: b"../../../etc/passwd"}),
    },
    "part_too_large": {
        "picture": lambda: entry_changed(
            "a.png",
            24,
            struct.pack("<L", 65 << 20),
            pack({**parts(), "a.png": b"x" * 400_000}, zipfile.ZIP_STORED),
        ),
    },
    "missing_part": {"types": lambda: filled({TYPES: None})},
}
