"""Bytes deflated, inflated and summed up: what is read is the same, whichever library is at work.

The standard library works. A process that goes on to more than a few banks calls ``quicken`` once:
then ISA-L does, which inflates in half of the time, compresses in a tenth and sums in a tenth. What
it compresses has other bytes, and on other processors others again, of the same length: so nothing
may depend on them, and what does is not compressed here.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache

_LEVEL = 1
"""Higher ones take up to three times as long to save a tenth."""
Data = bytes | memoryview


class _Library:
    def __init__(
        self,
        compress: Callable[[Data], bytes],
        inflate: Callable[[Data, int, int], bytes],
        crc32: Callable[[Data], int],
    ) -> None:
        self.compress = compress
        self.inflate = inflate
        self.crc32 = crc32


def compressed(data: Data) -> bytes:
    """As a zlib stream, whose bytes differ between libraries; for ``zlib.decompress``."""
    return _AT_WORK[-1].compress(data)


def inflated(data: Data, size: int, crc: int) -> bytes:
    """What a raw deflate stream holds.

    Args:
        data: The stream; what stands behind its end is passed over.
        size: Bytes that it should hold; it stops one behind.
        crc: Their checksum. Where either is another, the answer is the standard library's.

    Raises:
        zlib.error: It is no such stream.
    """
    return _AT_WORK[-1].inflate(data, size, crc)


def crc32(data: Data) -> int:
    """The checksum of zip archives."""
    return _AT_WORK[-1].crc32(data)


@cache
def quicken() -> None:
    """From now on this process works with ISA-L."""
    _AT_WORK.append(_quick_library())


def _inflated(data: Data, size: int, crc: int) -> bytes:
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, size + 1)


def _quick_library() -> _Library:
    from isal import igzip_lib, isal_zlib

    def compress(data: Data) -> bytes:
        return isal_zlib.compress(data, _LEVEL)

    def inflate(data: Data, size: int, crc: int) -> bytes:
        """ISA-L follows some streams further that zlib refuses."""
        with suppress(igzip_lib.IsalError):  # type: ignore[arg-type]  # stubs: a value
            reader = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_DEFLATE)
            found = reader.decompress(data, size + 1)
            if len(found) == size and isal_zlib.crc32(found) == crc:
                return found
        return _inflated(data, size, crc)

    return _Library(compress, inflate, isal_zlib.crc32)


def _compressed(data: Data) -> bytes:
    return zlib.compress(data, _LEVEL)


_AT_WORK = [_Library(_compressed, _inflated, zlib.crc32)]
"""The libraries of this process; the last one works."""
