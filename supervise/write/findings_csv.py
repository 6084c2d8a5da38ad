"""Findings → CSV that Excel and WPS open right, and that cannot run anything there.

UTF-8 with a byte order mark (without it a Chinese Excel reads GBK), lines ended by CR LF, every
field quoted, one line per finding. Two prefixes guard the fields:

* An apostrophe before a text that a spreadsheet would take for a formula: one that begins with
  ``= + - @`` or the full-width ``＝＋－＠``. A plain figure such as ``-36`` is none.
* A tab before digits in a column of texts (codes, names, dates): Excel would turn a licence
  number into ``1.1E+08`` and ``3-1`` into a date. It shows the tab as nothing. ``="…"``, the
  other known way, is itself a formula; an apostrophe would stand in the cell for all to see.

A program takes off one leading tab or apostrophe.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence

from supervise.write.finding_list import fitted
from supervise.write.finding_rows import COLUMNS, FindingRow
from supervise.write.numbers import Words

MARK = b"\xef\xbb\xbf"
FIGURES = frozenset({"found", "expected", "difference", "tolerance", "score_impact", "number"})
_STARTS = tuple("=+-@＝＋－＠")
_PLAIN = re.compile(r"[+-]?(0|[1-9][0-9]*)(\.[0-9]+)?%?")
_MOST_DIGITS = 15
_LOOKED_AT = 500
"""Characters: making a text half width takes time with the square of a run of accents."""
_LIKE_A_NUMBER = re.compile(r"(?=.*\d)[\d\s.,:/%()¥$€eE年月日时分秒+-]+")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec"
_LIKE_A_MONTH = re.compile(rf"(\d+[ -]?)?({_MONTHS})[a-z]*[ -]?\d*", re.IGNORECASE)


def findings_csv(rows: Sequence[FindingRow], words: Words) -> bytes:
    """One line of headings, then one line per finding.

    Args:
        rows: Findings of one file or of several; ``file`` and bank stand in each.
        words: Wordings of the headings.
    """
    return csv_head(words) + csv_lines(rows, words)


def csv_head(words: Words) -> bytes:
    """The byte order mark and the line of headings."""
    return MARK + _lines([[words(f"check.column.{name}") for name in COLUMNS]])


def csv_lines(rows: Iterable[FindingRow], words: Words) -> bytes:
    """One line per finding, to follow the head or other lines."""
    return _lines(
        [guarded(fitted(getattr(row, c), words), c in FIGURES) for c in COLUMNS] for row in rows
    )


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return target.getvalue().encode("utf-8")


def guarded(text: str, figure: bool = False) -> str:
    """A field that a spreadsheet shows as it is and never computes.

    Args:
        text: One line without control characters.
        figure: The column holds figures: a plain one stays a number.
    """
    if figure and is_plain_figure(text):
        return text
    if _looks_typed(text):
        return f"\t{text}"
    return f"'{text}" if text.lstrip().startswith(_STARTS) else text


def is_plain_figure(text: str) -> bool:
    """Whether a spreadsheet keeps this figure exactly: no leading zero, at most 15 digits."""
    return bool(_PLAIN.fullmatch(text)) and sum(c.isdigit() for c in text) <= _MOST_DIGITS


def _looks_typed(text: str) -> bool:
    """Whether a spreadsheet would make a number or a date of a text."""
    half = unicodedata.normalize("NFKC", text[:_LOOKED_AT]).strip()
    if not half or (half[0] in "+-" and not _PLAIN.fullmatch(half)):
        return False
    return bool(_LIKE_A_NUMBER.fullmatch(half) or _LIKE_A_MONTH.fullmatch(half))
