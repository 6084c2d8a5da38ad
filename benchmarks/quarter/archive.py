"""A zip archive written at once: parts that never change are packed one time for all files."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from typing import NamedTuple

_LOCAL = struct.Struct("<4s5H3L2H")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_DEFLATED, _VERSION = 8, 20
_NEW_YEAR_1980 = (1980 - 1980) << 9 | 1 << 5 | 1
_LEVEL = 1
"""A third quicker than the usual level, a quarter larger."""


class Packed(NamedTuple):
    """One part as it stands in an archive."""

    name: bytes
    crc: int
    size: int
    data: bytes


def packed(name: str, content: bytes) -> Packed:
    """Deflate one part."""
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
    data = deflate.compress(content) + deflate.flush()
    return Packed(name.encode(), zlib.crc32(content), len(content), data)


def archive(parts: Iterable[Packed]) -> bytes:
    """The archive of these parts, in order, without a clock."""
    body, directory = bytearray(), bytearray()
    count = 0
    for part in parts:
        count += 1
        sizes = (part.crc, len(part.data), part.size)
        method = (0, _DEFLATED, 0, _NEW_YEAR_1980)
        directory += _ENTRY.pack(
            b"PK\x01\x02", _VERSION, _VERSION, *method, *sizes,
            len(part.name), 0, 0, 0, 0, 0, len(body),
        ) + part.name  # fmt: skip
        body += _LOCAL.pack(b"PK\x03\x04", _VERSION, *method, *sizes, len(part.name), 0)
        body += part.name + part.data
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory + end)
