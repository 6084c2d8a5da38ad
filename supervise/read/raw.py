"""What a workbook holds, cell by cell, before anybody asks what it means.

Filled by ``read/workbook.py`` in one pass over the XML; read by ``read/submission.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from supervise.record import record

CellKind = Literal["number", "text", "bool", "error", "date", "none"]


class RawCell:
    """One cell as it stands in the file; no record, for a workbook holds some thousand.

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

    __slots__ = (
        "address",
        "column",
        "formula",
        "hidden",
        "is_date",
        "is_percent",
        "kind",
        "number_format",
        "row",
        "text",
    )

    def __init__(  # noqa: PLR0917  # a row of a table, filled in one place
        self,
        address: str,
        row: int,
        column: int,
        text: str,
        kind: CellKind,
        number_format: str = "General",
        is_date: bool = False,
        is_percent: bool = False,
        formula: str | None = None,
        hidden: bool = False,
    ) -> None:
        self.address = address
        self.row = row
        self.column = column
        self.text = text
        self.kind = kind
        self.number_format = number_format
        self.is_date = is_date
        self.is_percent = is_percent
        self.formula = formula
        self.hidden = hidden

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RawCell):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    __hash__ = None  # type: ignore[assignment]  # it can change

    def __repr__(self) -> str:
        return f"RawCell({self.address!r}, {self.text!r}, {self.kind!r})"


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
