"""Parts that many workbooks share are understood once.

All workbooks that one program made from one template have the same links and styles, and the same
everything around the cells of a sheet: a run over a thousand banks meets a handful of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, TypeVar

from supervise.errors import WorkbookUnreadable
from supervise.ooxml.markup import PartParser
from supervise.ooxml.package import Package

Parser = TypeVar("Parser", bound=PartParser)
Found = TypeVar("Found")
NOWHERE: Final = Package("", b"", {})
"""Stands for the file of a part that is read by its bytes alone."""

_KEPT = 128
_LARGEST = 1 << 18


def once(understand: Callable[..., Found]) -> Callable[..., Found]:
    """A function of bytes that is not called again for bytes it was called for of late.

    Args:
        understand: What comes of some bytes and of nothing else; what it gives is never changed.
            If it raises, it is called again.
    """
    known = lru_cache(maxsize=_KEPT)(understand)

    def found(*pieces: Any) -> Found:
        large = sum(len(piece) for piece in pieces if isinstance(piece, bytes)) > _LARGEST
        return understand(*pieces) if large else known(*pieces)

    return found


def parsed(make: Callable[..., Parser], package: Package, part: str, *more: str) -> Parser:
    """The parser of a part, done: of a part with the same bytes if there was one of late.

    Args:
        make: Makes the parser of a package, a part and whatever else there is; what it keeps
            depends on the part's bytes and the rest alone, and is never changed.
        package: The open file.
        part: The part.
        more: What else the parser is told.

    Raises:
        WorkbookUnreadable: The part is refused.
    """
    content = package.read_xml(part)
    known = _sound(make, content, *more)
    if known is not None:
        return known  # type: ignore[return-value]  # it is what ``make`` makes
    parser = make(package, part, *more)
    parser.parse(content)
    return parser


@once
def _sound(make: Callable[..., PartParser], content: bytes, *more: str) -> PartParser | None:
    """The parser of some bytes, done; None if they are to be refused, in the file's own name."""
    parser = make(NOWHERE, "", *more)
    try:
        parser.parse(content)
    except WorkbookUnreadable:
        return None
    parser.release()
    return parser
