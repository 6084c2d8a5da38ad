"""Which files a run is about: those named, and every workbook in the folders named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from supervise.errors import UsageError

SUFFIXES = (".xlsx", ".xlsm")
OTHER_SUFFIXES = (".xls", ".et", ".ods", ".xlsb", ".csv")


def some_workbooks(paths: Sequence[Path]) -> list[Path]:
    """Every workbook below ``paths``.

    Raises:
        UsageError: A path that does not exist, or nothing found.
    """
    files = list(find_workbooks(paths))
    if files:
        return files
    raise UsageError(
        "没有找到报送件",
        where="、".join(str(path) for path in paths),
        expected=f"{'、'.join(SUFFIXES)} 文件，或含有它们的文件夹",
        fix="检查路径。",
        code="nothing_to_evaluate",
    )


def find_workbooks(paths: Sequence[Path]) -> Iterator[Path]:
    """Every file named, and every workbook in every folder named, once, in path order.

    Raises:
        UsageError: A path that does not exist.
    """
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise UsageError(
                "路径不存在",
                where=str(path),
                expected="报送件或文件夹",
                fix="检查路径。",
                code="path_missing",
            )
        found = [path]
        if path.is_dir():
            suffixes = SUFFIXES + OTHER_SUFFIXES
            found = sorted(p for p in path.rglob("*") if p.suffix.lower() in suffixes)
        for file in found:
            if file not in seen and not file.name.startswith("~$"):
                seen.add(file)
                yield file
