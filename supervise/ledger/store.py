"""The original bytes of submissions, each under its digest: nothing is kept twice or changed."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from supervise.errors import LedgerError
from supervise.record import record

_ABOUT = "store:"
_NAME = re.compile(r"[0-9a-f]{64}")


@record
class Store:
    """A folder that only grows.

    Attributes:
        folder: Made when it is needed.
    """

    folder: Path

    def require(self) -> None:
        """Make the folder if need be, so that a wrong one is told before the work begins.

        Raises:
            LedgerError: ``store_failed``.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _failed(self.folder, error) from error

    def keep(self, data: bytes) -> str:
        """Keep these bytes, whole or not at all.

        Returns:
            The address to write into the ledger: ``store:`` and the digest.

        Raises:
            LedgerError: ``store_failed``: the folder cannot be written.
        """
        name = hashlib.sha256(data).hexdigest()
        place = self._place(name)
        try:
            if not place.exists():
                _write_whole(place, data)
        except OSError as error:
            raise _failed(place, error) from error
        return _ABOUT + name

    def has(self, sha256: str) -> bool:
        """Whether bytes of this digest are kept."""
        return self._place(sha256).is_file()

    def fetch(self, address: str) -> bytes:
        """The bytes at an address, proven to be the ones that were kept.

        Raises:
            LedgerError: ``store_failed`` or ``store_changed``.
        """
        place = self.place(address)
        name = place.name
        try:
            data = place.read_bytes()
        except OSError as error:
            raise _failed(place, error) from error
        if hashlib.sha256(data).hexdigest() != name:
            raise LedgerError(
                "存档的报送件与其摘要不符",
                where=str(place),
                expected=f"SHA-256 {name}",
                fix="保留现场，从备份恢复此文件。",
                code="store_changed",
            )
        return data

    def place(self, address: str) -> Path:
        """The file that holds the bytes at an address.

        Raises:
            LedgerError: ``store_failed``: it is no address.
        """
        name = address.removeprefix(_ABOUT)
        if not _NAME.fullmatch(name):
            raise _failed(self.folder, OSError(0, f"{address!r} 不是存档地址"))
        return self._place(name)

    def _place(self, name: str) -> Path:
        return self.folder / name[:2] / name


def _write_whole(place: Path, data: bytes) -> None:
    """On the disk before it has its name, so that a crash leaves no half of a file under it."""
    try:
        handle, beside = tempfile.mkstemp(dir=place.parent)
    except FileNotFoundError:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(place)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _failed(place: Path, error: OSError) -> LedgerError:
    return LedgerError(
        "报送件存档读写失败",
        where=str(place),
        expected=f"可以读写的存档文件夹（{error.strerror}）",
        fix="检查文件夹、权限和磁盘空间。",
        code="store_failed",
    )
