"""What marked cells were filled with, kept in hidden columns of our sheet.

A program that saves the file numbers its styles anew and may drop what a fill does not show; words
in cells come through. So a cell can be given back its own fill whoever saved the marked copy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from supervise.errors import WorkbookUnreadable
from supervise.ooxml import marks
from supervise.ooxml.rewriting.marking import Fills
from supervise.ooxml.rewriting.source import Source
from supervise.ooxml.rewriting.tree import parse_tree

_MOST_CHARACTERS: Final = 30_000
Record = dict[str, dict[str, str]]
"""Sheet, then address, to fill before."""


def record_rows(before: Mapping[str, Fills]) -> Iterator[tuple[str, str, str]]:
    """The rows to write: stamp first, then sheet, fill and the cells that had it."""
    yield marks.STAMP, "", ""
    for sheet, fills in before.items():
        for fill, cells in fills.items():
            for piece in _pieces(cells):
                yield sheet, fill, piece


def read_record(source: Source, strings: Sequence[str]) -> Record | None:
    """What our sheet has on record; None if the sheet does not bear our stamp.

    Args:
        source: The sheet.
        strings: Shared strings of the workbook.

    Raises:
        WorkbookUnreadable: The sheet is damaged.
    """
    rows = _Reader(source, strings).rows
    sheets, fills, cells = marks.RECORD
    if rows.get(1, {}).get(sheets) != marks.STAMP:
        return None
    record: Record = {}
    for number, row in rows.items():
        if number > 1 and _is_fill(row.get(fills, "")):
            known = record.setdefault(row.get(sheets, ""), {})
            known |= dict.fromkeys(row.get(cells, "").split(), row[fills])
    return record


def _pieces(cells: list[str]) -> Iterator[str]:
    """Addresses joined, in texts that fit in a cell."""
    line: list[str] = []
    length = 0
    for cell in cells:
        if length + len(cell) > _MOST_CHARACTERS:
            yield " ".join(line)
            line, length = [], 0
        line.append(cell)
        length += len(cell) + 1
    yield " ".join(line)


def _is_fill(text: str) -> bool:
    """Whether a text from the file may go into the styles: one whole ``<fill>``."""
    try:
        return parse_tree(Source(text.encode("utf-8", "replace"), "")).name == "fill"
    except WorkbookUnreadable:
        return False


class _Reader:
    """Collects the texts of the record's columns, wherever the saving program put them."""

    def __init__(self, source: Source, strings: Sequence[str]) -> None:
        self.rows: dict[int, dict[str, str]] = {}
        self._strings = strings
        self._place = (0, "")
        self._shared = False
        self._pieces: list[str] = []
        self._parser = source.parser()
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._close
        source.run(self._parser)

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local == "c":
            address = attributes.get("r", "")
            column = address.rstrip("0123456789")
            row = address[len(column) :]
            self._place = (int(row), column) if column in marks.RECORD and row else (0, "")
            self._shared = attributes.get("t") == "s"
            self._pieces = []
        elif local in ("v", "t") and self._place[0]:
            self._parser.CharacterDataHandler = self._pieces.append

    def _close(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local in ("v", "t"):
            self._parser.CharacterDataHandler = None
        elif local == "c" and self._place[0]:
            text = "".join(self._pieces)
            if self._shared:
                number = int(text) if text.isascii() and text.isdigit() else -1
                text = self._strings[number] if 0 <= number < len(self._strings) else ""
            row, column = self._place
            self.rows.setdefault(row, {})[column] = text
            self._place = (0, "")
