"""Whether a workbook that we have added to is still within the limits of our own reader."""

from __future__ import annotations

from typing import Final

from supervise.ooxml import limits
from supervise.ooxml.contents import Contents
from supervise.ooxml.guard import open_package
from supervise.ooxml.refusals import refusal
from supervise.ooxml.rewriting.sheet_scan import scan_sheet
from supervise.ooxml.rewriting.source import Source

_SMALLEST_CELL: Final = len("<c/>")


def require_room(data: bytes, name: str, contents: Contents, *, born: int) -> None:
    """Hold the file against every limit that our additions can bring it over.

    Args:
        data: The whole file.
        name: Its name, for messages.
        contents: What the bank has in it.
        born: How many cells were added to the bank's sheets.

    Raises:
        WorkbookUnreadable: A limit is passed.
    """
    package = open_package(data, name)
    parts = [entry.part for entry in contents.sheets if entry.part]
    size = sum(package.members[part.casefold()].size for part in parts)
    if size < limits.CELLS * _SMALLEST_CELL:
        return
    for part in (contents.strings, contents.styles):
        if part:
            package.read_xml(part)
    cells = 0
    for part in parts:
        content = package.read_xml(part)
        if born:
            cells += scan_sheet(Source(content, package.where(part))).elements
    if cells > limits.CELLS:
        raise refusal("too_many_cells", name, f"{cells:,} 个")
