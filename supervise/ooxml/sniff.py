"""What a file is by its first bytes, whatever its name says.

In: the bytes. Out: nothing if a zip archive stands there, a refusal otherwise.
"""

from __future__ import annotations

from typing import Final

from supervise.ooxml.refusals import refusal

_ZIP_MEMBER: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STARTS: Final = (
    ((b"PK\x05\x06",), "not_a_workbook", "空的压缩包"),
    (
        (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x10\x00"),
        "old_xls",
        "",
    ),
    (
        (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf"),
        "not_a_workbook",
        "",
    ),
)
_MARKUP: Final = {
    b"urn:schemas-microsoft-com:office:spreadsheet": "Excel 2003 XML 文件",
    b"<html": "网页（HTML）文件",
    b"<!doctype html": "网页（HTML）文件",
    b"<table": "网页（HTML）文件",
}
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_LOOK_AT: Final = 4096


def require_zip(data: bytes, where: str) -> None:
    """Pass over a zip archive.

    Raises:
        WorkbookUnreadable: Anything else: ``empty_file``, ``encrypted``, ``old_xls``,
            ``other_carrier``, ``truncated``, ``damaged`` or ``not_a_workbook``.
    """
    if data.startswith(_ZIP_MEMBER):
        return
    code, detail = _what_else(data)
    raise refusal(code, where, detail)


def _what_else(data: bytes) -> tuple[str, str]:
    if not data:
        return "empty_file", ""
    if _ZIP_MEMBER.startswith(data) or _COMPOUND.startswith(data):
        return "truncated", f"只有 {len(data)} 字节"
    if data.startswith(_COMPOUND):
        return _compound(data)
    if not data[:_LOOK_AT].strip(b"\0"):
        return "damaged", "内容全为零字节"
    for starts, code, detail in _STARTS:
        if data.startswith(starts):
            return code, detail
    return _text(data[:_LOOK_AT])


def _compound(data: bytes) -> tuple[str, str]:
    """A compound file is told by the names in its directory."""
    if _stream(data, "EncryptedPackage"):
        return "encrypted", ""
    if _stream(data, "Workbook") or _stream(data, "Book"):
        return "old_xls", ""
    if len(data) < 1536:
        return "truncated", f"只有 {len(data)} 字节"
    return "not_a_workbook", "复合文档中没有工作簿"


def _stream(data: bytes, name: str) -> bool:
    return f"{name}\0".encode("utf-16-le") in data


def _text(head: bytes) -> tuple[str, str]:
    plain = head.replace(b"\0", b"") if head.startswith(_UTF16_MARKS) else head
    start = plain.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith(b"mime-version:"):
        return "other_carrier", "单个文件网页（MHTML）"
    if start.startswith(b"<"):
        for mark, detail in _MARKUP.items():
            if mark in start:
                return "other_carrier", detail
    elif b"\0" not in plain and any(mark in plain for mark in (b",", b"\t", b";")):
        return "other_carrier", "文本（CSV）文件"
    return "not_a_workbook", ""
