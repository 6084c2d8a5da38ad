"""The door for every workbook from outside: bytes in, ``RawWorkbook`` out.

One pass over each sheet sees coordinate, text, kind, number format, formula and cached value and
hidden state together; no library does (``docs/adr/0002-own-workbook-reader.md``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from supervise.ooxml import limits
from supervise.ooxml.contents import Contents, read_contents
from supervise.ooxml.grid import Look, SheetContent, SheetSource
from supervise.ooxml.guard import open_package
from supervise.ooxml.marks import own_sheet
from supervise.ooxml.package import Package
from supervise.ooxml.sheet import read_sheet
from supervise.ooxml.strings import read_strings
from supervise.ooxml.styles import read_formats
from supervise.read.raw import RawSheet, RawWorkbook


def read_workbook(
    data: bytes, name: str, *, only_sheets: frozenset[str] | None = None
) -> RawWorkbook:
    """Read a workbook file.

    Cells that only carry a format, and empty strings that no formula gave, are left out. A formula
    that was never calculated has kind ``none``. What stands where a number should but is none
    (``NaN``, ``0x10``) is text.

    Args:
        data: The whole file.
        name: Its path or name.
        only_sheets: Names of the sheets whose cells are wanted, all if None; of the others only
            name and state are read.

    Raises:
        WorkbookUnreadable: The file is refused; ``code`` is a key of
            ``supervise.ooxml.refusals.REASONS``.
    """
    package = open_package(data, name)
    contents = read_contents(package)
    return RawWorkbook(
        file=package.name,
        sha256=hashlib.sha256(data).hexdigest(),
        sheets=_sheets(package, contents, only_sheets),
        date1904=contents.date1904,
        macros=contents.macros,
        external_links=contents.external_links,
    )


def _sheets(
    package: Package, contents: Contents, only_sheets: frozenset[str] | None
) -> tuple[RawSheet, ...]:
    formats = read_formats(package, contents.styles) if contents.styles else []
    strings = _once(package, contents.strings)
    cells_left = limits.CELLS
    looks: dict[str, Look] = {}
    ours = own_sheet(contents.names)
    sheets = []
    for entry in contents.sheets:
        if ours and entry.name == ours:  # our list of findings in a marked copy is no filing
            continue
        content = SheetContent()
        if entry.part and (only_sheets is None or entry.name in only_sheets):
            hidden = entry.state != "visible"
            source = SheetSource(entry.part, entry.name, strings, formats, hidden, looks)
            content = read_sheet(package, source, cells_left)
            cells_left -= content.elements
        kept = RawSheet(entry.name, entry.state, content.cells, tuple(content.duplicates))
        sheets.append(kept)
    return tuple(sheets)


def _once(package: Package, part: str) -> Callable[[], Sequence[str]]:
    """The shared strings, read when the first cell asks for one."""
    read: list[list[str]] = []

    def strings() -> Sequence[str]:
        if not read:
            read.append(read_strings(package, part) if part else [])
        return read[0]

    return strings
