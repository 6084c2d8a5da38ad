"""The gate in front of every file: nothing is inflated or parsed before it has passed here.

In: the bytes of a file from outside. Out: a ``Package``, or a refusal with a stable reason code
(``refusals.REASONS``), in a fraction of a millisecond either way.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from supervise.ooxml import limits
from supervise.ooxml.directory import Member, read_directory
from supervise.ooxml.package import Package
from supervise.ooxml.refusals import refusal, shown
from supervise.ooxml.sniff import require_zip

_UNSAFE: Final = re.compile(r"^/|^[A-Za-z]:|(^|/)\.\.(/|$)|[\x00-\x1f]")
_METHODS: Final = (0, 8)


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
    _require_workbook(parts, label)
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
        data = stream.read(limits.FILE_BYTES + 1)
    if len(data) > limits.FILE_BYTES:
        raise _file_too_large(path.stat().st_size, path.name)
    return data


def base_name(name: str) -> str:
    """The last step of a path, whichever system wrote it, fit for messages."""
    return shown(name.replace("\\", "/").rpartition("/")[2], 120)


def _file_too_large(size: int, label: str) -> Exception:
    return refusal("too_large", label, f"文件 {size / (1 << 20):.1f} MB")


def _require_sound(member: Member, label: str) -> None:
    where = f"{label} · {shown(member.name)}"
    if _UNSAFE.search(member.name):
        raise refusal("unsafe_member", where)
    if member.encrypted:
        raise refusal("encrypted", where)
    if member.method not in _METHODS:
        raise refusal("unsupported_compression", where, f"方法 {member.method}")
    if member.size > limits.PART_BYTES:
        raise refusal("part_too_large", where, f"{member.size >> 20} MB")
    if member.size > limits.RATIO_FROM_BYTES and member.size > limits.RATIO * member.packed:
        raise refusal("ratio_too_high", where, f"{member.size // max(member.packed, 1)} 倍")


def _require_workbook(parts: dict[str, Member], label: str) -> None:
    """Other office files are zip archives too."""
    if "xl/workbook.bin" in parts:
        raise refusal("other_carrier", label, "Excel 二进制工作簿（.xlsb）")
    if "content.xml" in parts and "meta-inf/manifest.xml" in parts:
        raise refusal("other_carrier", label, "OpenDocument 文件（.ods）")
    if "[content_types].xml" not in parts:
        raise refusal("not_a_workbook", label, "普通压缩包")
    if "word/document.xml" in parts or "ppt/presentation.xml" in parts:
        raise refusal("not_a_workbook", label, "Word 或 PowerPoint 文件")
