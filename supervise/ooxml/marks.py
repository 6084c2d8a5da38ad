"""How our own additions to a bank's workbook are known again: names, colours, words.

They decide what is passed over when a marked copy is read, and what is taken out before it is
marked anew. Other programs keep them when they save the file. They are never translated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SHEET: Final = "校核结果"
"""Name of the leading sheet; a number follows if the bank has a sheet of that name."""

NAME: Final = "supervise_findings"
"""Defined name that points to our sheet, whatever it is called."""

STAMP: Final = "supervise/marked/1"
"""Stands in our sheet; what does not bear it is never taken out."""

AUTHOR: Final = "监管自查"
BEGIN: Final = "【监管自查】"
END: Final = "【详见“校核结果”表】"
"""What we write into a comment stands between these two."""

COLOURS: Final[Mapping[str, str]] = {
    "blocking": "F4B4AF",
    "explain": "FFD98B",
    "advisory": "C3D5E9",
}
"""Fill of a marked cell by severity."""

RECORD: Final = ("AA", "AB", "AC")
"""Hidden columns of our sheet: sheet, fill before, cells that had it. The stamp stands on top."""


def own_sheet(names: Mapping[str, str]) -> str:
    """Name of the sheet that we put into a workbook; empty if there is none.

    Args:
        names: The workbook's defined names.
    """
    sheet = names.get(NAME, "").strip().lstrip("=").rpartition("!")[0]
    return sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet


def quoted(sheet: str) -> str:
    """A sheet's name as it stands in a reference."""
    return "'" + sheet.replace("'", "''") + "'"
