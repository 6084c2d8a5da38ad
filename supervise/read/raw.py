"""What a workbook holds, cell by cell, before anybody asks what it means.

Filled by ``read/workbook.py`` in one pass over the XML; read by ``read/submission.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from supervise.ooxml.grid import Kind as CellKind
from supervise.ooxml.grid import RawCell
from supervise.record import record

__all__ = ["CellKind", "RawCell", "RawSheet", "RawWorkbook"]


@record(frozen=False)
class RawSheet:
    """One worksheet; ``duplicates`` names addresses that occur twice (the first one is kept)."""

    name: str
    state: Literal["visible", "hidden", "veryHidden"]
    cells: Mapping[str, RawCell]
    duplicates: tuple[str, ...] = ()


@record(frozen=False)
class RawWorkbook:
    """A whole workbook.

    Attributes:
        sheets: In file order.
        macros: The file carries a VBA project (ignored, and said).
        external_links: Targets of links to other workbooks.
    """

    file: str
    sha256: str
    sheets: tuple[RawSheet, ...]
    date1904: bool
    macros: bool = False
    external_links: tuple[str, ...] = ()

    def sheet(self, name: str) -> RawSheet | None:
        """The sheet of that exact name, None if there is none."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        return None
