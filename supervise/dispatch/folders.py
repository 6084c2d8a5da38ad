"""The channel that puts parcels into folders, one folder a bank: 0700, its files 0600.

Whatever was there under the same name is the same parcel, whole or broken off: putting it there
again is no second delivery.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from supervise.dispatch.outbox import Consignment, Outcome
from supervise.errors import DispatchError, why_not

FOLDER_MODE, FILE_MODE = 0o700, 0o600


class Folders:
    """Delivers into ``root/<bank>/``.

    Args:
        root: Where the banks' folders are.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def ready(self) -> None:
        """See that the folder can be written to.

        Raises:
            DispatchError: ``cannot_deliver``.
        """
        try:
            private_folder(self._root)
        except OSError as error:
            raise DispatchError(
                "送达文件夹不能写入",
                where=str(self._root),
                expected=f"可以写入的文件夹（{why_not(error)}）",
                fix="检查 -o、权限和磁盘空间。",
                code="cannot_deliver",
            ) from error

    def deliver(self, one: Consignment) -> Outcome:
        """Move what was prepared to its place, in one step."""
        assert one.prepared is not None
        folder = self._root / one.place
        target = folder / one.prepared.name
        try:
            private_folder(folder)
            if target.is_dir():
                shutil.rmtree(target)
            one.prepared.replace(target)
        except OSError as error:
            return Outcome("deferred", why_not(error))
        return Outcome("accepted", target.relative_to(self._root).as_posix())

    def close(self) -> None:
        """Nothing is open."""


def private_folder(folder: Path) -> None:
    """A folder for its owner alone; one that is there keeps the rights that the office gave it."""
    if not folder.is_dir():
        folder.mkdir(parents=True, mode=FOLDER_MODE)


def private_file(path: Path, data: bytes) -> None:
    """A file for its owner alone, written whole."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as stream:
        stream.write(data)
