"""A workbook file with some parts replaced, added or taken away, all others as they were packed.

What is not touched is copied as it lies in the archive, the same compressed bytes under the same
name, date and attributes. New members bear the oldest date a zip knows: no clock, same bytes.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

from supervise.ooxml.directory import locate
from supervise.ooxml.package import Package

_ENTRY: Final = struct.Struct("<4s6H3L5H2L")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_END: Final = struct.Struct("<4s4H2LH")
_STORED, _DEFLATED = 0, 8
_UTF8: Final = 0x800
_SIZES_FOLLOW: Final = 0x8
_ZIP_VERSION: Final = 20
_OLDEST_DATE: Final = 0x21
_WIDE_SIZES: Final = 1


class _Entry(NamedTuple):
    """An entry of the directory as it is written."""

    made_by: int
    flags: int
    method: int
    time: int
    date: int
    crc: int
    size: int
    attributes: tuple[int, int]
    name: bytes
    extra: bytes
    comment: bytes

    @property
    def part(self) -> str:
        """The part's name as ``Package`` knows it."""
        return self.name.decode("utf-8" if self.flags & _UTF8 else "cp437").replace("\\", "/")


class Rewrite:
    """Changes to the parts of a package, and the file that comes of them."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._written: dict[str, bytes] = {}
        self._names: dict[str, str] = {}
        self._dropped: set[str] = set()

    def has(self, part: str) -> bool:
        """Whether there is such a part now."""
        key = part.casefold()
        return key in self._written or (key not in self._dropped and self.package.has(part))

    def read(self, part: str) -> bytes:
        """The bytes of a part as they are now.

        Raises:
            WorkbookUnreadable: No such part, or it is damaged or takes too long to parse.
        """
        written = self._written.get(part.casefold())
        return self.package.read_as_written(part) if written is None else written

    def write(self, part: str, content: bytes) -> None:
        """Replace a part, or add one."""
        key = part.casefold()
        self._dropped.discard(key)
        if self.package.has(part) and self.package.read(part) == content:
            self._written.pop(key, None)
            return
        self._written[key] = content
        self._names[key] = part

    def drop(self, part: str) -> None:
        """Take a part away."""
        key = part.casefold()
        self._written.pop(key, None)
        self._dropped.add(key)

    def free(self, pattern: str) -> str:
        """The first name that no part bears; ``{}`` in the pattern is a number from 1."""
        number = 1
        while self.has(pattern.format(number)):
            number += 1
        return pattern.format(number)

    def changed(self) -> bool:
        """Whether anything differs from the package."""
        return bool(self._written or self._dropped)

    def finish(self) -> bytes:
        """The whole file: old members in their order, new ones behind them."""
        body: list[bytes] = []
        directory: list[bytes] = []
        offset = 0
        for entry, packed in self._members():
            record = _header(entry, len(packed)) + packed
            directory.append(_directory_entry(entry, len(packed), offset))
            body.append(record)
            offset += len(record)
        listed = b"".join(directory)
        count = len(directory)
        remark = _remark(self.package.data)
        end = _END.pack(b"PK\5\6", 0, 0, count, count, len(listed), offset, len(remark))
        return b"".join((*body, listed, end, remark))

    def _members(self) -> Iterator[tuple[_Entry, bytes]]:
        left = dict(self._written)
        for entry in _entries(self.package):
            key = entry.part.casefold()
            if key in left:
                yield _packed(entry, left.pop(key))
            elif key not in self._dropped:
                member = self.package.members.get(key)  # none for a folder
                start, length = (member.start, member.packed) if member else (0, 0)
                yield entry, self.package.data[start : start + length]
        for key, content in left.items():
            yield _packed(_new(self._names[key]), content)


def _entries(package: Package) -> Iterator[_Entry]:
    data = package.data
    count, _, at = locate(data, package.name)
    for _ in range(count):
        fields = _ENTRY.unpack_from(data, at)
        texts = []
        at += _ENTRY.size
        for length in fields[10:13]:
            texts.append(data[at : at + length])
            at += length
        yield _entry(fields, texts, package)


def _entry(fields: tuple[int, ...], texts: list[bytes], package: Package) -> _Entry:
    name, extra, comment = texts
    entry = _Entry(
        made_by=fields[1],
        flags=fields[3] & ~_SIZES_FOLLOW,
        method=fields[4],
        time=fields[5],
        date=fields[6],
        crc=fields[7],
        size=0,
        attributes=(fields[14], fields[15]),
        name=name,
        extra=_without_wide_sizes(extra),
        comment=comment,
    )
    member = package.members.get(entry.part.casefold())
    return entry._replace(size=member.size) if member else entry


def _without_wide_sizes(extra: bytes) -> bytes:
    """Extra fields but the one that repeats sizes: ours are never that large."""
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind != _WIDE_SIZES:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return kept


def _remark(data: bytes) -> bytes:
    """What stands behind the directory: a remark on the archive as a whole."""
    at = data.rfind(b"PK\5\6")
    length = int.from_bytes(data[at + _END.size - 2 : at + _END.size], "little")
    return data[at + _END.size : at + _END.size + length]


def _new(part: str) -> _Entry:
    return _Entry(
        _ZIP_VERSION,
        0 if part.isascii() else _UTF8,
        _DEFLATED,
        0,
        _OLDEST_DATE,
        0,
        0,
        (0, 0),
        part.encode(),
        b"",
        b"",
    )


def _packed(entry: _Entry, content: bytes) -> tuple[_Entry, bytes]:
    deflater = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = deflater.compress(content) + deflater.flush()
    made = entry._replace(method=_DEFLATED, crc=zlib.crc32(content), size=len(content))
    return made, packed


def _header(entry: _Entry, packed: int) -> bytes:
    sizes = (entry.crc, packed, entry.size, len(entry.name), len(entry.extra))
    fields = (_ZIP_VERSION, entry.flags, entry.method, entry.time, entry.date, *sizes)
    return _LOCAL.pack(b"PK\3\4", *fields) + entry.name + entry.extra


def _directory_entry(entry: _Entry, packed: int, offset: int) -> bytes:
    fields = (
        *(entry.made_by, _ZIP_VERSION, entry.flags, entry.method, entry.time, entry.date),
        *(entry.crc, packed, entry.size),
        *(len(entry.name), len(entry.extra), len(entry.comment), 0),
        *(entry.attributes[0], entry.attributes[1], offset),
    )
    return _ENTRY.pack(b"PK\1\2", *fields) + entry.name + entry.extra + entry.comment
