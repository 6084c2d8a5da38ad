"""What a file is by its content, whatever its name says.

In: the bytes. Out: nothing if a zip archive stands there, a refusal otherwise.
"""

from __future__ import annotations

import re
from typing import Final

from supervise.errors import WorkbookUnreadable
from supervise.ooxml.refusals import refusal

_ZIP_MEMBER: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STARTS: Final = (
    ((b"PK\x05\x06",), "zip"),
    ((b"\x09\0\4\0", b"\x09\2\6\0", b"\x09\4\6\0", b"\x09\x08"), "xls_95"),
    ((b"%PDF",), "pdf"),
    ((b"{\\rtf",), "rtf"),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*"), "picture"),
    ((b"Rar!", b"7z\xbc\xaf"), "archive"),
    ((b"\x1f\x8b",), "gzip"),
    ((b"\0\5\x16\7",), "apple_double"),
    ((b"ID;P", b"TABLE\r\n0,1", b"TABLE\n0,1"), "slk"),
)
_STREAMS: Final = (
    ("workbook", "xls_or_et"),
    ("book", "xls_or_et"),
    ("worddocument", "doc"),
    ("powerpoint document", "ppt"),
    ("__properties_version1.0", "msg"),
)
_MARKUP: Final = (
    (b"urn:schemas-microsoft-com:office:spreadsheet", "xml_2003"),
    (b"urn:oasis:names:tc:opendocument", "ods"),
    (b"<uof:", "uof"),
    (b"<!doctype html", "html"),
)
_HTML_TAG: Final = re.compile(rb"<(?:html|table|meta|style|head|body)[\s>]")
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS: Final = (b",", b"\t", b";", b"\n", b"\r", b"|")
_CONTROLS: Final = re.compile(rb"[\0-\x08\x0e-\x19]")
_LOCK_SIZE: Final = 165
_DBF_VERSIONS: Final = b"\x02\x03\x04\x05\x30\x31\x32\x43\x63\x83\x8b\x8c\xcb\xf5\xfb"
_LOCKED: Final = re.compile(
    rb"\x09\x08(?:\x10\0\0\x06.{14}|\x08\0\0\x05.{6})(?:\x86\0\0\0)?\x2f\0", re.DOTALL
)
_LOOK_AT: Final = 4096


def require_zip(data: bytes, where: str) -> None:
    """Pass over a zip archive.

    Raises:
        WorkbookUnreadable: Anything else: ``empty_file``, ``encrypted``, ``old_xls``,
            ``other_carrier``, ``truncated``, ``damaged`` or ``not_a_workbook``.
    """
    if not data.startswith(_ZIP_MEMBER):
        raise _no_zip(data, where)


def _no_zip(data: bytes, where: str) -> WorkbookUnreadable:
    if not data:
        return refusal("empty_file", where)
    if _ZIP_MEMBER.startswith(data) or _COMPOUND.startswith(data):
        return refusal("truncated", where, f"只有 {len(data)} 字节")
    if not data[:_LOOK_AT].strip(b"\0"):
        return refusal("damaged", where, "内容全为零字节")
    if data.startswith(_COMPOUND):
        return _compound(data, where)
    if b"PK\1\2" in data[-(1 << 20) :] and b"[Content_Types].xml" in data:
        return refusal("damaged", where, f"开头多出 {max(data.find(_ZIP_MEMBER), 0)} 字节")
    from supervise.ooxml.carriers import carrier_refusal

    return carrier_refusal(_kind(data), where)


def _compound(data: bytes, where: str) -> WorkbookUnreadable:
    """A compound file is told by the names in its directory."""
    from supervise.ooxml.carriers import carrier_refusal
    from supervise.ooxml.compound import top_names

    names = top_names(data)
    if "encryptedpackage" in names:
        return refusal("encrypted", where)
    kind = next((kind for name, kind in _STREAMS if name in names), "compound")
    if kind == "xls_or_et" and _LOCKED.search(data):
        kind = "xls_locked"
    if not names:
        return refusal("truncated", where, f"只有 {len(data)} 字节")
    return carrier_refusal(kind, where)


def _kind(data: bytes) -> str:
    """A key of ``carriers.CARRIERS``."""
    for starts, kind in _STARTS:
        if data.startswith(starts):
            return kind
    if len(data) == _LOCK_SIZE and 0 < data[0] < 55:
        return "lock"
    return "dbf" if _is_dbf(data) else _text(data[:_LOOK_AT])


def _is_dbf(data: bytes) -> bool:
    """No signature tells dBASE: a version, a date, and a header of 32 bytes for each field."""
    header = int.from_bytes(data[8:10], "little")
    return (
        data[0] in _DBF_VERSIONS
        and 1 <= data[2] <= 12
        and 1 <= data[3] <= 31
        and header >= 65
        and data[header - 1 : header] in (b"\r", b"\0")
    )


def _text(head: bytes) -> str:
    plain = head.replace(b"\0", b"") if head.startswith(_UTF16_MARKS) else head
    start = plain.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith(b"mime-version:"):
        return "mhtml"
    if start.startswith(b"<"):
        page = "html" if _HTML_TAG.search(start) else "xml"
        return next((kind for mark, kind in _MARKUP if mark in start), page)
    separated = any(mark in plain for mark in _SEPARATORS)
    return "csv" if separated and not _CONTROLS.search(plain) else "unknown"
