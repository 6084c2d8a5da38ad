"""What a workbook holds, cell by cell, before anybody asks what it means.

Filled by ``read/workbook.py`` in one pass over the XML; read by ``read/submission.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from supervise.record import record

CellKind = Literal["number", "text", "bool", "error", "date", "none"]


@record(frozen=False)
class RawCell:
    """One cell as it stands in the file.

    Attributes:
        address: ``C14``.
        row: 1-based.
        column: 1-based.
        text: The stored text: a number's digits as written in the XML, a string's characters
            (phonetic runs left out), ``TRUE``/``FALSE``, ``#REF!``; empty for ``none``.
        kind: ``number`` is any numeric cell, dates by number format included (see ``is_date``);
            ``date`` only an ISO date cell (``t="d"``); ``none``: no cached value.
        number_format: Format code, built-in ids resolved, East Asian ones (27–36, 50–58) too.
        is_date: The format shows a number as a date.
        is_percent: The format shows a number as a percentage.
        formula: Formula text without ``=``; empty string for a member of a shared formula whose
            text stands elsewhere; None for no formula.
        hidden: Its row, its column or its sheet is hidden.
    """

    address: str
    row: int
    column: int
    text: str
    kind: CellKind
    number_format: str = "General"
    is_date: bool = False
    is_percent: bool = False
    formula: str | None = None
    hidden: bool = False


@record(frozen=False)
class RawSheet:
    """One worksheet; ``duplicates`` names addresses that occur twice (the first one is kept)."""

    name: str
    state: Literal["visible", "hidden", "veryHidden"]
    cells: Mapping[str, RawCell]
    duplicates: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()


@record(frozen=False)
class RawWorkbook:
    """A whole workbook.

    Attributes:
        sheets: In file order.
        names: Defined names to their reference text.
        macros: The file carries a VBA project (ignored, and said).
        external_links: Targets of links to other workbooks.
    """

    file: str
    sha256: str
    sheets: tuple[RawSheet, ...]
    date1904: bool
    names: Mapping[str, str]
    macros: bool = False
    external_links: tuple[str, ...] = ()

    def sheet(self, name: str) -> RawSheet | None:
        """The sheet of that exact name, None if there is none."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        return None
