"""A folder of entries that several processes add to, each at the end of a file of its own.

To make a file costs far more than to add to one. In: bytes, under whose and what they are. Out: the
places of all entries that are whole, and their bytes. What a killed process or a full disk left
unfinished, or what is damaged, is passed over; all before and behind it counts.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress
from errno import ENOSPC
from functools import cache
from io import FileIO
from pathlib import Path

from supervise.deflate import crc32
from supervise.pipeline.saving import put
from supervise.record import record

ENDING = ".entries"
_SIGN = b"\x89SVE"
NAME = 16
"""Bytes of a label's name."""
_HEAD = struct.Struct(f">4s{NAME}s32s32sIIII")
_CHECK = struct.Struct(">I")
_START = _HEAD.size + _CHECK.size
_UNSAFE = re.compile(r"[^A-Za-z0-9]+")


@record
class Label:
    """Under what an entry is found.

    Attributes:
        name: ``NAME`` bytes: what it is, and of which file by its name.
        sha256: Of that file's bytes.
        key: Digest of all that it rests on.
    """

    name: bytes
    sha256: bytes
    key: bytes


@record
class Place:
    """Where a whole entry lies.

    Attributes:
        file: In the folder.
        start: Of its first byte in the file, behind its head.
        sizes: Of its two parts.
        sums: Their CRC-32.
    """

    file: str
    start: int
    sizes: tuple[int, int]
    sums: tuple[int, int]
    label: Label

    @property
    def end(self) -> int:
        """Where the next entry begins."""
        return self.start + sum(self.sizes)


@record
class Entries:
    """Such a folder.

    Attributes:
        folder: Made when it is needed.
    """

    folder: Path

    def add(self, label: Label, part: bytes, more: bytes = b"") -> None:
        """Add an entry, whole or not at all; other processes and machines see it at once.

        Args:
            label: Under what it is found.
            part: Its bytes.
            more: Others, which are read alone and dropped by ``keep``.

        Raises:
            OSError: It cannot be written.
        """
        path = self.folder / _own_file(os.getpid())
        try:
            file = path.open("ab", buffering=0)
        except FileNotFoundError:
            self.folder.mkdir(parents=True, exist_ok=True)
            file = path.open("ab", buffering=0)
        with file:
            _append(file, _entry(label, part, more))

    def places(self) -> list[Place]:
        """Where all whole entries lie, those of the file that was added to last at the end."""
        found: list[Place] = []
        for path in self._files():
            with suppress(OSError), path.open("rb", buffering=0) as file:
                found += _places(file, path.name)
        return found

    def read(self, place: Place, part: int = 0) -> bytes | None:
        """The first or the second part of an entry; None: it is damaged, or there no more."""
        start = place.start + sum(place.sizes[:part])
        try:
            with (self.folder / place.file).open("rb", buffering=0) as file:
                file.seek(start)
                data = file.read(place.sizes[part])
        except OSError:
            return None
        return data if crc32(data) == place.sums[part] else None

    def keep(self, wanted: Sequence[Place]) -> None:
        """Keep the first parts of these entries alone, in a single file.

        Only at the end of a run: what another adds meanwhile may be lost.

        Raises:
            OSError: The folder cannot be written.
        """
        files = self._files()
        if len(files) == 1 and _is_all(wanted, files[0]):
            return
        parts = ((one.label, self.read(one)) for one in wanted)
        whole = b"".join([_entry(label, part) for label, part in parts if part is not None])
        if whole:
            put(self.folder / f"kept-{secrets.token_hex(8)}{ENDING}", whole)
        for path in files:
            path.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        """The one that was added to last at the end."""
        found: list[tuple[int, str]] = []
        for path in self.folder.glob(f"*{ENDING}"):
            with suppress(OSError):
                found.append((path.stat().st_mtime_ns, path.name))
        return [self.folder / name for _, name in sorted(found)]


@cache
def _own_file(process: int) -> str:
    host = _UNSAFE.sub("", socket.gethostname())
    return f"{host}-{process}-{secrets.token_hex(8)}{ENDING}"


def _entry(label: Label, part: bytes, more: bytes = b"") -> bytes:
    told = (len(part), len(more), crc32(part), crc32(more))
    head = _HEAD.pack(_SIGN, label.name, label.sha256, label.key, *told)
    return b"".join((head, _CHECK.pack(crc32(head)), part, more))


def _append(file: FileIO, entry: bytes) -> None:
    start = file.tell()
    try:
        if file.write(entry) < len(entry):
            raise OSError(ENOSPC, os.strerror(ENOSPC))
    except BaseException:
        file.truncate(start)
        raise


def _places(file: FileIO, name: str) -> Iterator[Place]:
    """The entries of a file; behind what is damaged the next one is looked for by its sign."""
    size = os.fstat(file.fileno()).st_size
    at = 0
    while at + _START <= size:
        file.seek(at)
        place = _place(file.read(_START), name, at + _START)
        if place is not None and place.end <= size:
            yield place
            at = place.end
        else:
            file.seek(at + 1)
            further = file.read().find(_SIGN)
            at = at + 1 + further if further >= 0 else size


def _place(head: bytes, file: str, start: int) -> Place | None:
    told, check = head[: _HEAD.size], head[_HEAD.size :]
    if check != _CHECK.pack(crc32(told)):
        return None
    sign, name, sha256, key, size, more, first, second = _HEAD.unpack(told)
    label = Label(name, sha256, key)
    return Place(file, start, (size, more), (first, second), label) if sign == _SIGN else None


def _is_all(wanted: Sequence[Place], file: Path) -> bool:
    """Whether there is nothing else in a file than the first parts of these entries."""
    used = sum(_START + one.sizes[0] for one in wanted)
    return used == file.stat().st_size
