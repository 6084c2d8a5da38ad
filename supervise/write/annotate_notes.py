"""Findings → what is said at each cell of the bank's workbook.

The first cell of a finding bears it in full, the others a line that leads there, so that a sum that
does not add up is told once and yet seen in every cell that takes part.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, Literal

from supervise.core.model import Finding
from supervise.ooxml.marks import SHEET
from supervise.ooxml.rewriting.comments import Line, Note
from supervise.record import record
from supervise.write.finding_rows import FindingRow
from supervise.write.numbers import Words
from supervise.write.visible import one_line

MOST_POINTERS: Final = 200
"""Cells of one finding that get a line; all of them are coloured."""

MOST_IN_FULL: Final = 5
MOST_LINES: Final = 10
"""Findings told in full, and lines that lead elsewhere, in one comment; the sheet lists all."""

MOST_CHARACTERS: Final = 600
_NAME_LENGTH: Final = 500
_ADDRESS: Final = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
_TONES: Final[dict[str, Literal["blocking", "explain", "advisory"]]] = {
    "blocking": "blocking",
    "explain": "explain",
    "advisory": "advisory",
}


@record
class Place:
    """A cell of the workbook by the name on its tab; no address: the sheet as a whole."""

    sheet: str
    address: str


class Places:
    """Finds the tab that a finding means: the reader takes 「Ｓ７１_Ｉ」 for 「S71_I」 too.

    Args:
        sheets: Names on the tabs, in order.
    """

    def __init__(self, sheets: Sequence[str]) -> None:
        self._known = {sheet: sheet for sheet in sheets}
        self._folded: dict[str, str] = {}
        for sheet in sheets:
            self._folded.setdefault(_fold(sheet), sheet)

    def find(self, cell: str) -> Place | None:
        """Where ``Sheet!C14``, or a bare sheet name, stands; None if it is not in this workbook."""
        name, _, address = cell.rpartition("!")
        if not name or _ADDRESS.fullmatch(address) is None:
            name, address = cell, ""
        sheet = self.sheet(name)
        return Place(sheet, address) if sheet is not None else None

    def sheet(self, name: str) -> str | None:
        """The tab that a sheet's name means."""
        if name not in self._known and (meant := self._folded.get(_fold(name))) is not None:
            self._known[name] = meant
        return self._known.get(name)


class _Said:
    """What is to be said at one cell."""

    __slots__ = ("full", "pointers")

    def __init__(self) -> None:
        self.full: list[tuple[Line, ...]] = []
        self.pointers: list[Line] = []


def notes_by_sheet(
    findings: Sequence[Finding], rows: Sequence[FindingRow], words: Words, places: Places
) -> dict[str, dict[str, Note]]:
    """Sheet, then address, to what is said there.

    Args:
        findings: In the order of the rows: the gravest first.
        rows: The same findings as texts.
        words: Wordings of the language.
        places: The workbook's sheets.
    """
    notes: dict[str, dict[str, Note]] = {}
    said: dict[tuple[str, str], _Said] = {}
    for finding, row in zip(findings, rows, strict=True):
        corrected = {c.cell: one_line(c.shown) for c in finding.corrections}
        coloured = Note(finding.severity)
        for number, cell in enumerate(dict.fromkeys(finding.cells)):
            name, _, address = cell.rpartition("!")
            sheet = places.sheet(name) if name and _ADDRESS.fullmatch(address) else None
            if sheet is None:
                continue
            notes.setdefault(sheet, {}).setdefault(address, coloured)
            if number > MOST_POINTERS:
                continue
            here = said.setdefault((sheet, address), _Said())
            right = corrected.get(cell, "")
            if number == 0:
                here.full.append(_full(row, words, right))
            else:
                here.pointers.append(_pointer(row, words, sheet, right))
    for (sheet, address), here in said.items():
        severity = notes[sheet][address].severity
        notes[sheet][address] = Note(severity, _lines(here, words))
    return notes


def _lines(here: _Said, words: Words) -> tuple[Line, ...]:
    told = [line for full in here.full[:MOST_IN_FULL] for line in full]
    told += here.pointers[:MOST_LINES]
    left = max(len(here.full) - MOST_IN_FULL, 0) + max(len(here.pointers) - MOST_LINES, 0)
    if left:
        told.append(Line(words("annotate.more", n=left, sheet=SHEET)))
    return tuple(told)


def _full(row: FindingRow, words: Words, corrected: str) -> tuple[Line, ...]:
    """The finding as the clerk must know it to mend it without looking elsewhere."""
    lines = [Line(_head(row, words), _TONES[row.severity]), Line(_short(row.message))]
    if corrected:
        lines.append(Line(words("annotate.corrected", value=corrected)))
    lines.append(Line(words("annotate.fix", text=_short(row.fix))))
    lines.append(Line(words("annotate.basis", text=_short(row.basis))))
    if row.explanation:
        lines.append(Line(words("annotate.explained", text=_short(row.explanation))))
    return tuple(lines)


def _pointer(row: FindingRow, words: Words, sheet: str, corrected: str) -> Line:
    """One line that leads to the cell where all is said."""
    first = row.cell.rpartition("!")[2] if _fold(row.sheet) == _fold(sheet) else row.cell
    text = words("annotate.see", head=_head(row, words), cell=first)
    if corrected:
        text += words("annotate.see_corrected", value=corrected)
    return Line(text, _TONES[row.severity])


def _head(row: FindingRow, words: Words) -> str:
    mark = words("annotate.head_mark", mark=row.mark) if row.mark else ""
    return words(
        "annotate.head", word=row.severity_word, check=row.check, name=row.check_name, mark=mark
    )


def _short(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"


def _fold(name: str) -> str:
    """A name reduced to what decides sameness, as the reader does it."""
    short = one_line(name)[:_NAME_LENGTH]
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", short)).casefold()
