"""Bytes of a bank's file, never more than the limit; and its digest."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from supervise.errors import WorkbookUnreadable, why_not
from supervise.ooxml.guard import read_limited

_DIGEST_BYTES: Final = 1 << 30


def read_file(path: Path) -> bytes:
    """The whole file.

    Raises:
        WorkbookUnreadable: ``cannot_open`` or ``too_large``.
    """
    try:
        return read_limited(path)
    except OSError as error:
        raise WorkbookUnreadable(
            "文件不能打开",
            where=path.name,
            expected=f"可以读取的 .xlsx 文件（{why_not(error)}）",
            fix="检查路径和权限；若正在 Excel 或 WPS 中打开，请先关闭。",
            code="cannot_open",
        ) from error


def digest_of(path: Path) -> str:
    """SHA-256 of a file, empty if it cannot be read or is so large that it would take seconds."""
    digest = hashlib.sha256()
    left = _DIGEST_BYTES
    try:
        if path.stat().st_size > left:
            return ""
        with path.open("rb") as stream:
            while left >= 0 and (block := stream.read(1 << 20)):
                digest.update(block)
                left -= len(block)
    except OSError:
        return ""
    return digest.hexdigest() if left >= 0 else ""
