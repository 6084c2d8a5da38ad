"""An office package: parts by name, inflated one at a time, and the links between them.

In: an archive the guard has passed. Out: the bytes of a part, checked against the declared size
and checksum; part names are compared without regard to case, as the format demands.
"""

from __future__ import annotations

import posixpath
import re
import zlib
from collections.abc import Mapping
from typing import Final

from supervise.deflate import crc32, inflated
from supervise.ooxml import limits
from supervise.ooxml.directory import Member
from supervise.ooxml.refusals import refusal, shown
from supervise.record import field, record

_UTF16_STARTS: Final = {
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}

_LONG_NAMESPACE: Final = re.compile(
    # the prefix, the spaces about the sign or the name: none is followed further than allowed
    rb"xmlns(?::[^\s=<>\"']{%(most)d}|(?::[^\s=<>\"']{0,%(most)d}+)?+\s{0,%(most)d}+"
    rb"(?:\s|=\s{0,%(most)d}+(?:\s|\"[^\"]{%(most)d}|'[^']{%(most)d})))"
    % {b"most": limits.NAMESPACE_BYTES}
)
"""A declaration longer than anybody writes."""

_FEWEST: Final = min(limits.MARKUP, limits.ATTRIBUTES)
"""Bytes that cannot hold too many marks, so that nobody need count them."""


@record(frozen=False)
class Package:
    """An open workbook file.

    Attributes:
        name: File name without folders, for messages.
        data: The whole file.
        members: Parts by lower-cased name.
    """

    name: str
    data: bytes
    members: Mapping[str, Member]
    _parsed: int = 0
    _markup: int = 0
    _attributes: int = 0
    _uncounted: list[bytes] = field(default_factory=list)

    def has(self, part: str) -> bool:
        """Whether the package holds that part."""
        return part.casefold() in self.members

    def read(self, part: str) -> bytes:
        """The bytes of a part.

        Raises:
            WorkbookUnreadable: ``missing_part``; ``damaged`` if size or checksum do not agree
                with the directory.
        """
        member = self.members.get(part.casefold())
        if member is None:
            raise refusal("missing_part", self.name, shown(part))
        packed = memoryview(self.data)[member.start : member.start + member.packed]
        content = bytes(packed) if member.method == 0 else self._inflate(packed, member)
        if len(content) != member.size or crc32(content) != member.crc:
            raise refusal("damaged", self.where(part), "校验和或长度不符")
        return content

    def read_xml(self, part: str) -> bytes:
        """The bytes of a part that is to be parsed, in UTF-8; what it costs counts.

        Raises:
            WorkbookUnreadable: As ``read``; ``part_too_large``, ``too_many_cells`` or
                ``string_too_long`` if parsing it would take too long.
        """
        member = self.members.get(part.casefold())
        self._parsed += 0 if member is None else member.size
        if self._parsed > limits.XML_BYTES:
            raise refusal("part_too_large", self.where(part), f"已达 {self._parsed >> 20} MB")
        content = self._in_utf8(self.read(part), part)
        self._uncounted.append(content)
        if self._markup or sum(map(len, self._uncounted)) > _FEWEST:
            self._count(part)
        self._require_short(content, part)
        return content

    def read_as_written(self, part: str) -> bytes:
        """The bytes of an XML part that is to be changed, in the encoding it came in.

        Raises:
            WorkbookUnreadable: As ``read``; ``string_too_long``.
        """
        content = self.read(part)
        self._require_short(self._in_utf8(content, part), part)
        return content

    def _require_short(self, content: bytes, part: str) -> None:
        """Refuse what the parser would go over again and again."""
        if len(content) > limits.PIECES_FROM_BYTES and has_long_piece(content):
            size = limits.PIECE_BYTES >> 10
            raise refusal("string_too_long", self.where(part), f"一处文字或标记超过 {size} KB")
        if _LONG_NAMESPACE.search(content):
            size = limits.NAMESPACE_BYTES
            raise refusal("string_too_long", self.where(part), f"名称空间超过 {size} 字节")

    def _count(self, part: str) -> None:
        """Count the marks of what was read since the last time."""
        for content in self._uncounted:
            self._markup += content.count(b"<")
            self._attributes += content.count(b"=")
        self._uncounted.clear()
        if self._markup > limits.MARKUP or self._attributes > limits.ATTRIBUTES:
            raise refusal("too_many_cells", self.where(part), "内部标记过多")

    def _in_utf8(self, content: bytes, part: str) -> bytes:
        """UTF-16, which the format allows and nobody writes, would hide marks from a search."""
        encoding = _UTF16_STARTS.get(content[:2])
        if encoding is None:
            return content
        try:
            return content.decode(encoding).encode()
        except UnicodeError as error:
            raise refusal("damaged", self.where(part), "文字编码有误") from error

    def where(self, part: str) -> str:
        """File and part, for messages."""
        return f"{self.name} · {shown(part)}"

    def _inflate(self, packed: memoryview, member: Member) -> bytes:
        try:
            return inflated(packed, member.size, member.crc)
        except zlib.error as error:
            raise refusal("damaged", self.where(member.name), "无法解压") from error


def has_long_piece(content: bytes) -> bool:
    """Whether one text, tag or comment is longer than ``limits.PIECE_BYTES``.

    A window without ``<`` lies inside one piece; comments and instructions may hold that sign.
    """
    size = limits.PIECE_BYTES
    windows = range(0, len(content) - size + 1, size)
    if any(content.find(b"<", at, at + size) < 0 for at in windows):
        return True
    for opening, closing in ((b"<!--", b"-->"), (b"<?", b"?>")):
        at = content.find(opening)
        while at >= 0:
            end = content.find(closing, at)
            if end < 0 or end - at > size:
                return True
            at = content.find(opening, end)
    return False


def resolve(base: str, target: str) -> str:
    """The part a link leads to.

    Args:
        base: The part the link stands in; empty for the package itself.
        target: As written: absolute or relative, with slashes either way.

    Returns:
        The part's name; ``..`` never leads out of the package.
    """
    path = target.replace("\\", "/")
    if "%" in path:
        from urllib.parse import unquote

        path = unquote(path)
    if not path.startswith("/"):
        path = posixpath.join("/", posixpath.dirname(base), path)
    return posixpath.normpath(path).lstrip("/")
