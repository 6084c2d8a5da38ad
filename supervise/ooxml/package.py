"""An office package: parts by name, inflated one at a time, and the links between them.

In: an archive the guard has passed. Out: the bytes of a part, checked against the declared size
and checksum; part names are compared without regard to case, as the format demands.
"""

from __future__ import annotations

import posixpath
import zlib
from collections.abc import Mapping

from supervise.ooxml import limits
from supervise.ooxml.directory import Member
from supervise.ooxml.refusals import refusal, shown
from supervise.record import record


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
    _markup: int = 0

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
        if len(content) != member.size or zlib.crc32(content) != member.crc:
            raise refusal("damaged", self.where(part), "校验和或长度不符")
        return content

    def read_xml(self, part: str) -> bytes:
        """The bytes of a part that is to be parsed; its markup counts against the limit.

        Raises:
            WorkbookUnreadable: As ``read``; ``too_many_cells`` if there is too much markup.
        """
        content = self.read(part)
        self._markup += content.count(b"<")
        if self._markup > limits.MARKUP:
            raise refusal("too_many_cells", self.where(part), "内部标记过多")
        return content

    def where(self, part: str) -> str:
        """File and part, for messages."""
        return f"{self.name} · {shown(part)}"

    def _inflate(self, packed: memoryview, member: Member) -> bytes:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            return inflater.decompress(packed, member.size + 1)
        except zlib.error as error:
            raise refusal("damaged", self.where(member.name), "无法解压") from error


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
