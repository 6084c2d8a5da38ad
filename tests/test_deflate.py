"""Either library at work: the same comes out, and the same faults."""

from __future__ import annotations

import re
import subprocess
import sys
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from supervise import deflate
from supervise.deflate import compressed, crc32, inflated

BYTES = st.one_of(
    st.binary(max_size=3000),
    st.builds(lambda piece, times: piece * times, st.binary(max_size=40), st.integers(0, 2000)),
)


@pytest.fixture(scope="module", params=[False, True], ids=["plainly", "quickly"], autouse=True)
def quick(request: pytest.FixtureRequest) -> Iterator[None]:
    """All of it twice, with either library, whatever this process used before."""
    before = deflate._AT_WORK[:]
    deflate._AT_WORK[:] = [deflate._quick_library()] if request.param else before[:1]
    yield
    deflate._AT_WORK[:] = before


def raw(data: bytes, level: int = 6) -> bytes:
    """As a zip archive holds it."""
    made = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return made.compress(data) + made.flush()


@given(data=BYTES)
def test_what_is_compressed_is_read_back_by_the_standard_library(data: bytes) -> None:
    assert zlib.decompress(compressed(data)) == data
    assert crc32(data) == crc32(memoryview(data)) == zlib.crc32(data)


@given(data=BYTES, level=st.integers(0, 9), behind=st.binary(max_size=9))
def test_a_stream_is_inflated_whatever_stands_behind_it(
    data: bytes, level: int, behind: bytes
) -> None:
    stream = memoryview(raw(data, level) + behind)
    assert inflated(stream, len(data), zlib.crc32(data)) == data


@given(data=BYTES, size=st.integers(0, 5000))
def test_no_more_is_inflated_than_one_byte_over_the_size(data: bytes, size: int) -> None:
    assert inflated(raw(data), size, zlib.crc32(data)) == data[: size + 1]


def test_a_bomb_costs_no_more_than_what_is_wanted_of_it() -> None:
    assert inflated(raw(bytes(50_000_000)), 1000, zlib.crc32(bytes(1000))) == bytes(1001)


@given(data=BYTES, cut=st.integers(1, 50))
def test_of_a_stream_that_is_cut_there_is_what_is_there(data: bytes, cut: int) -> None:
    whole = raw(data)
    assert data.startswith(inflated(whole[:-cut], len(data), zlib.crc32(data)))


@given(data=BYTES, level=st.integers(0, 9), at=st.integers(0), bit=st.integers(0, 7))
@example(data=b"abcd" * 9, level=9, at=0, bit=1)
def test_a_spoilt_stream_is_told_as_the_standard_library_tells_it(
    data: bytes, level: int, at: int, bit: int
) -> None:
    spoilt = bytearray(raw(data, level))
    spoilt[at % len(spoilt)] ^= 1 << bit
    size, crc = len(data), zlib.crc32(data)
    try:
        told = zlib.decompressobj(-zlib.MAX_WBITS).decompress(spoilt, size + 1)
    except zlib.error as error:
        with pytest.raises(zlib.error, match=re.escape(str(error))):
            inflated(bytes(spoilt), size, crc)
    else:
        assert inflated(bytes(spoilt), size, crc) == told


def test_the_quick_library_is_imported_only_when_it_is_asked_for() -> None:
    script = """
import sys
from supervise import deflate
assert deflate.crc32(b"x") == 2363233923
assert "isal" not in sys.modules
deflate.quicken()
assert "isal" in sys.modules
assert deflate.crc32(b"x") == 2363233923
"""
    subprocess.run([sys.executable, "-c", script], check=True)
