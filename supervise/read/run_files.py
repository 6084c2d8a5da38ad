"""The output folders of runs as a store of files by digest: what was signed off is found in it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from supervise.errors import DispatchError, why_not
from supervise.read.run_papers import SIGNED_END, read_papers


class RunFiles:
    """Documents of runs.

    Args:
        folders: Where ``evaluate -o`` wrote.
        period: Such as ``2026Q3``.

    Raises:
        DispatchError: ``run_unreadable``.
    """

    def __init__(self, folders: Sequence[Path], period: str) -> None:
        self._places: dict[tuple[str, str], Path] = {}
        for folder in folders:
            for papers in read_papers(folder, period):
                for path, digest in papers.digests.items():
                    self._places[papers.bank, digest] = folder / path

    def of(self, bank: str, digest: str) -> tuple[str, bytes]:
        """Name and bytes of the file of a bank that has this digest.

        Args:
            bank: Its code.
            digest: What was signed off.

        Raises:
            DispatchError: ``file_missing`` or ``file_altered``.
        """
        path = self._places.get((bank, digest))
        if path is None:
            raise _fault("找不到所签发的文件", f"{bank} {digest[:12]}", "file_missing")
        try:
            data = path.read_bytes()
        except OSError as error:
            told = f"所签发的文件不能打开（{why_not(error)}）"
            raise _fault(told, str(path), "file_missing") from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise _fault("文件在签发之后被改动过", str(path), "file_altered")
        return path.name, data

    def signed_copy(self, bank: str, digest: str) -> tuple[str, bytes] | None:
        """The electronically signed copy beside a report; None: there is none."""
        path = self._places[bank, digest]
        copy = path.with_name(path.stem + SIGNED_END)
        return (copy.name, copy.read_bytes()) if copy.is_file() else None


def _fault(what: str, where: str, code: str) -> DispatchError:
    return DispatchError(
        what,
        where=where,
        expected="签发时的那一份，逐字节相同",
        fix="用 --reports 指明签发时的结果文件夹；或重新签发。",
        code=code,
    )
