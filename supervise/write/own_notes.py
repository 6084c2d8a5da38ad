"""What a bank keeps beside the forms for itself, handed back with the findings in its row.

An account number or a department's name in a column of the bank's own is how it finds the figure
in its own systems. It is never judged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from supervise.core.model import Submission

_ROW = re.compile(r"[A-Z]+([0-9]+)")
Notes = Mapping[tuple[str, str], Mapping[str, str]]
"""(sheet, row) to the bank's own cells in it."""


def own_notes(filed: Submission) -> Notes:
    """The bank's own cells of a submission by their row."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for cell, text in filed.reference.items():
        found.setdefault(_row_of(cell), {})[cell] = text
    return found


def notes_beside(cells: tuple[str, ...], notes: Notes) -> Mapping[str, str]:
    """The bank's own cells in the row of the first of some cells."""
    return notes.get(_row_of(cells[0]), {}) if cells else {}


def _row_of(cell: str) -> tuple[str, str]:
    sheet, _, address = cell.rpartition("!")
    match = _ROW.fullmatch(address)
    return (sheet, match[1]) if match else ("", "")
