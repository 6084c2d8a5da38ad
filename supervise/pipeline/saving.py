"""Bytes → a file, whole or not at all."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from supervise.errors import UsageError, why_not

_PART = re.compile(r"\.[0-9]+\.part$")
_DATABASE = b"SQLite format 3\0"
"""How a file begins that SQLite wrote."""


def save(path: Path, data: bytes | Iterable[bytes], *, what: str, expected: str, fix: str) -> None:
    """Write a file beside its place, then move it there; its folder is made if need be.

    Args:
        path: Where it belongs.
        data: All of it, or piece by piece; each is written as it comes.
        what: What could not be done, for the message.
        expected: What the place should be.
        fix: What to do.

    Raises:
        UsageError: ``cannot_write``; ``over_ledger``: a ledger lies there.
    """
    _require_no_database(path)
    partial = part_of(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as target:
            target.writelines((data,) if isinstance(data, bytes) else data)
        partial.replace(path)
    except OSError as error:
        raise UsageError(
            what,
            where=str(path),
            expected=f"{expected}（{why_not(error)}）",
            fix=fix,
            code="cannot_write",
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _require_no_database(path: Path) -> None:
    """No result of ours is a database, and a ledger is never made again."""
    with suppress(OSError), path.open("rb") as file:
        if file.read(len(_DATABASE)) == _DATABASE:
            raise UsageError(
                "结果不能写在台账上",
                where=str(path),
                expected="另一个文件：台账原样保留",
                fix="另写一个文件名。",
                code="over_ledger",
            )


def write_output(target: Path, data: bytes | Iterable[bytes], read: Sequence[Path] = ()) -> Path:
    """Write what a command was asked for, never over a file that it read.

    Raises:
        UsageError: ``over_submission``, ``over_ledger`` or ``cannot_write``.
    """
    keep_apart(read, [target])
    save(
        target,
        data,
        what="结果写不进文件",
        expected="可以写入的文件",
        fix="检查路径和权限；若正在 Excel 或 WPS 中打开，请先关闭。",
    )
    return target


def put(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; its folder is made if it is not there yet.

    Raises:
        OSError: It cannot be written.
    """
    partial = part_of(path)
    try:
        partial.write_bytes(data)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(data)
    partial.replace(path)


def part_of(path: Path) -> Path:
    """Where a file is written before it has its name; no other process writes there.

    Of a cluster two workers may be at one file, when one was taken for lost.
    """
    return path.with_name(f"{path.name}.{os.getpid()}.part")


def sweep(folder: Path) -> None:
    """Take away what was left half written where a process was killed."""
    for path in folder.rglob("*.part"):
        if _PART.search(path.name):
            with suppress(OSError):
                path.unlink()


def keep_apart(read: Sequence[Path], written: Iterable[Path]) -> None:
    """See that no result goes over a file that is read, nor over another result.

    Raises:
        UsageError: ``over_submission`` or ``same_output``.
    """
    before: list[Path] = []
    for target in written:
        if any(_is_same(target, path) for path in read):
            raise UsageError(
                "结果不能写在报送件上",
                where=str(target),
                expected="另一个文件：报送件原样保留",
                fix="另写一个文件名。",
                code="over_submission",
            )
        if any(_is_same(target, path) for path in before):
            raise UsageError(
                "两项结果不能写到同一个文件",
                where=str(target),
                expected="标注件、凭证、清单各写一个文件",
                fix="另写一个文件名。",
                code="same_output",
            )
        before.append(target)


def _is_same(one: Path, other: Path) -> bool:
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()
