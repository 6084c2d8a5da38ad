"""The gate in front of every file: nothing is inflated or parsed before it has passed here.

In: the bytes of a file from outside. Out: a ``Package``, or a refusal with a stable reason code
(``refusals.REASONS``), in a fraction of a millisecond either way.
"""

from __future__ import annotations

import re
from os import fstat
from pathlib import Path
from typing import Final

from supervise.ooxml import limits
from supervise.ooxml.directory import Member, read_directory
from supervise.ooxml.package import Package
from supervise.ooxml.refusals import refusal, shown
from supervise.ooxml.sniff import require_zip

_UNSAFE: Final = re.compile(r"^/|^[A-Za-z]:|(^|/)\.\.(/|$)|[\x00-\x1f]")
_METHODS: Final = (0, 8)
_WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls", ".et", "xl/workbook.xml")


def open_package(data: bytes, name: str) -> Package:
    """Open a workbook file after judging it from the outside.

    Args:
        data: The whole file.
        name: Its path or name, for messages.

    Raises:
        WorkbookUnreadable: The file is refused; ``code`` says why.
    """
    label = base_name(name)
    if len(data) > limits.FILE_BYTES:
        raise _file_too_large(len(data), label)
    require_zip(data, label)
    members = read_directory(data, label)
    parts: dict[str, Member] = {}
    for member in members:
        _require_sound(member, label)
        key = member.name.casefold()
        if key in parts:
            raise refusal("duplicate_member", label, shown(member.name))
        parts[key] = member
    total = sum(member.size for member in members)
    if total > limits.TOTAL_BYTES:
        raise refusal("too_large", label, f"展开后 {total >> 20} MB")
    _require_workbook(data, parts, label)
    return Package(label, data, parts)


def load_package(path: Path) -> Package:
    """Open a workbook file on disk; a file over the size limit is never read into memory.

    Raises:
        WorkbookUnreadable: The file is refused.
        OSError: It cannot be opened.
    """
    return open_package(read_limited(path), path.name)


def read_limited(path: Path) -> bytes:
    """The bytes of a file from outside, unless it is too large.

    Raises:
        WorkbookUnreadable: ``too_large``.
        OSError: It cannot be opened.
    """
    with path.open("rb") as stream:
        size = fstat(stream.fileno()).st_size
        data = stream.read(min(size, limits.FILE_BYTES) + 1)  # room for no more than there is
        if len(data) > size:  # it grew just now, or is a pipe
            data += stream.read(limits.FILE_BYTES + 1 - len(data))
    if len(data) > limits.FILE_BYTES:
        raise _file_too_large(path.stat().st_size, path.name)
    return data


def base_name(name: str) -> str:
    """The last step of a path, whichever system wrote it, fit for messages."""
    return shown(name.replace("\\", "/").rpartition("/")[2], 120)


def _file_too_large(size: int, label: str) -> Exception:
    return refusal("too_large", label, f"文件 {size / (1 << 20):.1f} MB")


def _require_sound(member: Member, label: str) -> None:
    if _UNSAFE.search(member.name):
        raise refusal("unsafe_member", _where(member, label))
    if member.encrypted:
        from supervise.ooxml.carriers import carrier_refusal

        raise carrier_refusal("zip_locked", _where(member, label))
    if member.method not in _METHODS:
        raise refusal("unsupported_compression", _where(member, label), f"方法 {member.method}")
    if member.size > limits.PART_BYTES:
        raise refusal("part_too_large", _where(member, label), f"{member.size >> 20} MB")
    if member.size > limits.RATIO_FROM_BYTES and member.size > limits.RATIO * member.packed:
        times = f"{member.size // max(member.packed, 1)} 倍"
        raise refusal("ratio_too_high", _where(member, label), times)


def _where(member: Member, label: str) -> str:
    return f"{label} · {shown(member.name)}"


def _require_workbook(data: bytes, parts: dict[str, Member], label: str) -> None:
    """Other office files are zip archives too."""
    if "[content_types].xml" in parts and "xl/workbook.bin" not in parts:
        known = ("word/document.xml", "docx"), ("ppt/presentation.xml", "pptx")
        kind = next((kind for part, kind in known if part in parts), "")
    else:
        kind = _archive(data, parts)
    if kind:
        from supervise.ooxml.carriers import carrier_refusal

        raise carrier_refusal(kind, label)
    if "[content_types].xml" not in parts:
        raise refusal("missing_part", label, "[Content_Types].xml")


def _archive(data: bytes, parts: dict[str, Member]) -> str:
    """What kind of archive this is; empty for a workbook that only lacks its list of parts."""
    if "xl/workbook.bin" in parts:
        return "xlsb"
    if "content.xml" in parts and "meta-inf/manifest.xml" in parts:
        text = data[:200].find(b"application/vnd.oasis.opendocument.") > 0
        return "odf" if text and b"opendocument.spreadsheet" not in data[:200] else "ods"
    if "ofd.xml" in parts:
        return "ofd"
    if "index.zip" in parts or any(part.endswith((".iwa", "index.apxl")) for part in parts):
        return "numbers"
    if "xl/workbook.xml" in parts:
        return ""
    return "zipped" if any(part.endswith(_WORKBOOKS) for part in parts) else "zip"
