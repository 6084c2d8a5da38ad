"""The directory of a zip archive, read strictly.

Own code rather than ``zipfile``: every entry is judged before anything is inflated, a crafted
directory cannot make a million objects, and importing this costs nothing.
In: the bytes. Out: ``Member`` entries whose packed bytes lie inside the file and do not overlap.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from supervise.ooxml import limits
from supervise.ooxml.refusals import refusal, shown
from supervise.record import record

_END: Final = struct.Struct("<4s4H2LH")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64: Final = struct.Struct("<4sLQL")
_ENTRY: Final = struct.Struct("<4s6H3L5H2L")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_END_SIGN: Final = b"PK\x05\x06"
_COMMENT_MAX: Final = 65_535
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_UTF8: Final = 0x800
_FULL: Final = 0xFFFFFFFF


@record
class Member:
    """One entry of the archive.

    Attributes:
        name: Path with ``/``, as the archive spells it otherwise.
        method: 0 stored, 8 deflated; others are refused later.
        encrypted: Packed under a password.
        crc: CRC-32 of the inflated bytes, as declared.
        packed: Bytes in the file.
        size: Bytes when inflated, as declared.
        start: Where the packed bytes begin.
    """

    name: str
    method: int
    encrypted: bool
    crc: int
    packed: int
    size: int
    start: int


def read_directory(data: bytes, where: str) -> tuple[Member, ...]:
    """All entries in the order of the directory, folders left out.

    Raises:
        WorkbookUnreadable: ``truncated``, ``damaged`` or ``too_many_members``.
    """
    count, size, offset = locate(data, where)
    if count > limits.MEMBERS:
        raise refusal("too_many_members", where, f"{count} 个")
    if offset + size > len(data):
        raise refusal("truncated", where)
    members = tuple(_entries(data, where, (count, offset, offset + size)))
    _refuse_overlap(members, where, offset)
    return tuple(member for member in members if not member.name.endswith("/"))


def locate(data: bytes, where: str) -> tuple[int, int, int]:
    """Number of entries, size and offset of the directory.

    Raises:
        WorkbookUnreadable: ``truncated`` or ``damaged``.
    """
    first = max(0, len(data) - _END.size - _COMMENT_MAX)
    at = data.rfind(_END_SIGN, first)
    if at < 0 or at + _END.size > len(data):
        raise refusal("truncated", where)
    if _ends_a_directory(data, data.rfind(_END_SIGN, first, at)):
        raise refusal("damaged", where, "有两个压缩目录，无法确定以哪一个为准")
    _, disk, first_disk, here, count, size, offset, _ = _END.unpack_from(data, at)
    if count == 0xFFFF or _FULL in (size, offset):
        return _end_64(data, where, at - _LOCATOR_64.size)
    if disk or first_disk or here != count:
        raise refusal("damaged", where, "分卷压缩的文件")
    return count, size, offset


def _ends_a_directory(data: bytes, at: int) -> bool:
    """Whether an earlier end record counts too, so that programs may disagree on the content."""
    if at < 0:
        return False
    size, offset = _END.unpack_from(data, at)[5:7]
    return bool(size and offset + size == at)


def _end_64(data: bytes, where: str, locator: int) -> tuple[int, int, int]:
    if locator < 0 or not data.startswith(b"PK\x06\x07", locator):
        raise refusal("damaged", where, "压缩目录不完整")
    at = _LOCATOR_64.unpack_from(data, locator)[2]
    if at + _END_64.size > locator or not data.startswith(b"PK\x06\x06", at):
        raise refusal("damaged", where, "压缩目录不完整")
    count, size, offset = _END_64.unpack_from(data, at)[7:10]
    return count, size, offset


def _entries(data: bytes, where: str, span: tuple[int, int, int]) -> Iterator[Member]:
    count, at, end = span
    for _ in range(count):
        if at + _ENTRY.size > end or not data.startswith(b"PK\x01\x02", at):
            raise refusal("damaged", where, "压缩目录与内容不符")
        fields = _ENTRY.unpack_from(data, at)
        name_length, extra_length, comment_length = fields[10:13]
        name_at = at + _ENTRY.size
        extra_at = name_at + name_length
        at = extra_at + extra_length + comment_length
        if at > end:
            raise refusal("damaged", where, "压缩目录与内容不符")
        raw_name = data[name_at:extra_at]
        sizes = _sizes((fields[9], fields[8], fields[16]), data[extra_at : extra_at + extra_length])
        if sizes is None:
            raise refusal("damaged", where, "压缩目录的长度字段不完整")
        size, packed, header = sizes
        yield Member(
            name=_name(raw_name, fields[3], where),
            method=fields[4],
            encrypted=bool(fields[3] & _ENCRYPTED),
            crc=fields[7],
            packed=packed,
            size=size,
            start=_start(data, where, header, raw_name),
        )
    if data.startswith(b"PK\x01\x02", at):
        raise refusal("damaged", where, "压缩目录的条目多于所声明的数目")


def _sizes(narrow: tuple[int, int, int], extra: bytes) -> tuple[int, int, int] | None:
    """Inflated size, packed size and offset, wide ones taken from the zip64 field."""
    if _FULL not in narrow:
        return narrow
    wide = _extra_64(extra)
    values = []
    for value in narrow:
        if value == _FULL:
            if len(wide) < 8:
                return None
            value, wide = int.from_bytes(wide[:8], "little"), wide[8:]
        values.append(value)
    return values[0], values[1], values[2]


def _extra_64(extra: bytes) -> bytes:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            return extra[at + 4 : at + 4 + length]
        at += 4 + length
    return b""


def _name(raw: bytes, flags: int, where: str) -> str:
    try:
        name = raw.decode("utf-8" if flags & _UTF8 else "cp437")
    except UnicodeDecodeError as error:
        raise refusal("damaged", where, "内部文件名不是有效文字") from error
    return name.replace("\\", "/")


def _start(data: bytes, where: str, header: int, raw_name: bytes) -> int:
    """Where the packed bytes begin: behind the entry's second header, which must agree."""
    if header + _LOCAL.size > len(data) or not data.startswith(b"PK\x03\x04", header):
        raise refusal("damaged", where, "压缩目录与内容不符")
    name_length, extra_length = _LOCAL.unpack_from(data, header)[9:11]
    name_at = header + _LOCAL.size
    if data[name_at : name_at + name_length] != raw_name:
        label = shown(raw_name.decode("utf-8", "replace"))
        raise refusal("damaged", where, f"两处内部文件名不一致（{label}）")
    return int(name_at + name_length + extra_length)


def _refuse_overlap(members: tuple[Member, ...], where: str, directory: int) -> None:
    """Overlapping entries let a small file inflate to any size."""
    last = 0
    for member in sorted(members, key=lambda member: member.start):
        if member.start < last or member.start + member.packed > directory:
            raise refusal("damaged", where, f"内部文件相互重叠或越界（{shown(member.name)}）")
        last = member.start + member.packed
