"""A parcel 送达件 at hand → for whom it is and which files it lists; a folder, or a zip of one.

Both may come from anywhere: a zip is unpacked only as far as a parcel can be large, and a manifest
names plain files beside itself.
"""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from supervise.core.proof import seal_of
from supervise.errors import NotIntact, UsageError
from supervise.read.told import MALFORMED, optional, short, text, whole
from supervise.record import record

PARCEL = "supervise/parcel/1"
MANIFEST = "manifest.json"
MOST_FILES = 32
LARGEST = 64 * 1024 * 1024
LARGEST_IN_ALL = 256 * 1024 * 1024
_PLAIN = frozenset("/\\:")


@record
class ToldFile:
    """One file of a parcel: what it is, its name, its digest."""

    kind: str
    name: str
    sha256: str


@record(kw_only=True)
class ToldParcel:
    """What a parcel's manifest says.

    Attributes:
        parcel: Its name.
        bank: Code of the addressee.
        submission: Digest of the workbook that was judged.
        document: Digest of the evaluation document, as the office's ledger knows it.
        supersedes: The parcel whose report it replaces.
        intact: Whether the manifest agrees with its own digest.
    """

    parcel: str
    bank: str
    name: str
    period: str
    sequence: int
    submission: str
    document: str
    supersedes: str | None
    files: tuple[ToldFile, ...]
    intact: bool

    def of_kind(self, kind: str) -> str:
        """Name of its only file of a kind; empty if there is none."""
        return next((one.name for one in self.files if one.kind == kind), "")


def read_told_parcel(document: Any, where: str) -> ToldParcel:
    """The manifest of a parcel.

    Raises:
        NotIntact: ``document_incomplete``: it is not what this program writes, or names files
            elsewhere, or one twice.
    """
    try:
        found = _parcel(document)
        names, kinds = [one.name for one in found.files], [one.kind for one in found.files]
        if len({*names}) < len(names) or len({*kinds}) < len(kinds) or len(names) > MOST_FILES:
            raise ValueError("files")
        if not all(map(_is_plain, names)):
            raise ValueError("path")
        return found
    except MALFORMED as error:
        raise NotIntact(
            "送达清单的内容不完整或写法不对",
            where=where,
            expected=f"{PARCEL} 的全部内容，只列与清单在一起的文件",
            fix="重新解压；仍不相符的，向送达单位索取原件。",
            code="document_incomplete",
        ) from error


def _parcel(document: Mapping[str, Any]) -> ToldParcel:
    return ToldParcel(
        parcel=short(document["parcel"]),
        bank=short(document["bank"]["code"]),
        name=short(document["bank"]["name"]),
        period=short(document["period"]),
        sequence=whole(document["sequence"]),
        submission=short(document["submission"]),
        document=short(document["document"]),
        supersedes=optional(short, document["supersedes"]),
        files=tuple(
            ToldFile(short(one["kind"]), text(one["path"]), short(one["sha256"]))
            for one in document["files"]
        ),
        intact=document["digest"] == seal_of(document),
    )


def _is_plain(name: str) -> bool:
    return name.isprintable() and not _PLAIN & {*name} and name not in ("", ".", "..", MANIFEST)


def is_zip(path: Path) -> bool:
    """Whether a file is a zip with a manifest at its top; an unreadable one is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            return MANIFEST in archive.namelist()
    except (OSError, zipfile.BadZipFile, *MALFORMED):
        return False


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """A zip unpacked into a folder that is gone afterwards.

    Raises:
        UsageError: ``zip_encrypted``.
        NotIntact: ``zip_damaged``: it is damaged, too large, or holds more than plain files.
    """
    with tempfile.TemporaryDirectory(prefix="supervise-parcel-") as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                _unpack(archive, Path(folder), path)
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError, *MALFORMED) as error:
            raise _damaged(path) from error
        yield Path(folder)


def _unpack(archive: zipfile.ZipFile, folder: Path, path: Path) -> None:
    entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise UsageError(
            "送达件是加密的压缩包",
            where=str(path),
            expected="解压后的文件夹，或其中的 manifest.json",
            fix="用约定的口令解压（7-Zip、WinRAR 等），再核验其中的 manifest.json。",
            code="zip_encrypted",
        )
    names = [entry.filename for entry in entries]
    if len(names) > MOST_FILES or len({*names}) < len(names):
        raise ValueError("entries")
    left = LARGEST_IN_ALL
    for entry in entries:
        if entry.filename != MANIFEST and not _is_plain(entry.filename):
            raise ValueError("path")
        with archive.open(entry) as stream:
            data = stream.read(min(LARGEST, left) + 1)
        left -= len(data)
        if left < 0 or len(data) > LARGEST:
            raise ValueError("size")
        (folder / entry.filename).write_bytes(data)


def _damaged(path: Path) -> NotIntact:
    return NotIntact(
        "压缩包已损坏，或不是送达件",
        where=str(path),
        expected=f"不多于 {MOST_FILES} 个文件、没有子文件夹的完好压缩包",
        fix="重新下载或复制；仍不相符的，告知送达单位重送。",
        code="zip_damaged",
    )
