"""What the two readers of a worksheet share: its cells, its rows, and what a stored value means.

``sheet.py`` reads any worksheet, ``plain_sheet.py`` one in the form that programs write.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from supervise.ooxml import limits
from supervise.ooxml.formats import GENERAL, NumberFormat
from supervise.ooxml.markup import Attributes, PartParser, decoded, is_true
from supervise.ooxml.package import Package
from supervise.ooxml.refusals import shown
from supervise.record import field, record

Kind = Literal["number", "text", "bool", "error", "date", "none"]
Look = tuple[str, str, bool, bool]
"""How a cell is stored, and its number format as in ``RawCell``."""

XML_SPACE: Final = " \t\r\n"
NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_NUMBER_CHARACTERS: Final = 64
_ROW: Final = re.compile(r"[1-9][0-9]{0,6}")
_INDEX_DIGITS: Final = 9
_KINDS: Final[dict[str, Kind]] = {"e": "error", "d": "date"}
_TRUTH: Final = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}


class UnknownString(LookupError):
    """A cell refers to a shared string that there is not."""


class RawCell(NamedTuple):
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

    address: str
    row: int
    column: int
    text: str
    kind: Kind
    number_format: str = "General"
    is_date: bool = False
    is_percent: bool = False
    formula: str | None = None
    hidden: bool = False


@record(frozen=False)
class SheetSource:
    """Where a sheet's cells come from, and what their values mean.

    Attributes:
        part: The sheet's XML.
        name: As on its tab, for messages.
        strings: Gives the shared strings; called only if a cell refers to one.
        formats: Number format of each cell style.
        concealed: The sheet is hidden.
        looks: By the attributes of a cell how it is stored and shown; of all sheets of a workbook,
            and filled by ``plain_sheet.py``.
    """

    part: str
    name: str
    strings: Callable[[], Sequence[str]]
    formats: Sequence[NumberFormat] = ()
    concealed: bool = False
    looks: dict[str, Look] = field(default_factory=dict)

    def format_of(self, style: int) -> NumberFormat:
        """How a cell of that style shows a number; a style that there is not is General."""
        return self.formats[style] if style < len(self.formats) else GENERAL

    def understood(self, stored_as: str, value: str) -> tuple[Kind, str]:
        """Kind and text of a value that stands in a cell.

        Raises:
            UnknownString: It refers to a string that there is not.
        """
        if stored_as == "n" and len(value) <= _NUMBER_CHARACTERS and NUMBER.fullmatch(value):
            return "number", value
        if stored_as == "s":
            return "text", self._shared(value.strip(XML_SPACE))
        if stored_as in ("str", "inlineStr"):
            return "text", decoded(_without_indent(value))
        return _plain(stored_as, value.strip(XML_SPACE))

    def _shared(self, text: str) -> str:
        if not text:
            return ""
        strings = self.strings()
        if not (text.isdigit() and text.isascii()) or len(text) > _INDEX_DIGITS:
            raise UnknownString(text)
        place = int(text)
        if place >= len(strings):
            raise UnknownString(text)
        return strings[place]


@record(frozen=False)
class SheetContent:
    """What was read: cells by address, addresses that occur twice, number of cell elements."""

    cells: dict[str, RawCell] = field(default_factory=dict)
    duplicates: dict[str, None] = field(default_factory=dict)
    elements: int = 0


class GridParser(PartParser):
    """Follows the rows of a worksheet, and knows which columns are hidden."""

    root = "worksheet"

    def __init__(self, package: Package, part: str) -> None:
        super().__init__(package, part)
        self._row = 0
        self._row_text = "0"
        self._row_hidden = False
        self._hidden_columns = bytearray(limits.COLUMNS + 1)
        self.on("col", self._open_column)
        self.on("row", self._open_row)

    def _open_column(self, attributes: Attributes) -> None:
        if is_true(attributes.get("hidden")) or attributes.get("width") == "0":
            first, last = (index(attributes.get(side, "")) for side in ("min", "max"))
            last = min(last, limits.COLUMNS)
            if 1 <= first <= last:
                self._hidden_columns[first : last + 1] = b"\1" * (last + 1 - first)

    def _open_row(self, attributes: Attributes) -> None:
        text = attributes.get("r")
        if text is not None and not _ROW.fullmatch(text):
            raise self.refuse("damaged", f"行号 {shown(text)}")
        self._row = int(text) if text else self._row + 1
        self._row_text = str(self._row)
        self._row_hidden = hides_row(attributes)


def hides_row(attributes: Mapping[str, str]) -> bool:
    """Whether a row's attributes say that it is not to be seen."""
    return is_true(attributes.get("hidden")) or attributes.get("ht") == "0"


def index(text: str) -> int:
    """A whole number that refers to something; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _INDEX_DIGITS else 0


def _plain(stored_as: str, text: str) -> tuple[Kind, str]:
    """Kind and text of a value that is neither string nor reference to one."""
    if not text:
        return "none", ""
    if stored_as == "n" and len(text) <= _NUMBER_CHARACTERS and NUMBER.fullmatch(text):
        return "number", text
    if stored_as == "b" and text in _TRUTH:
        return "bool", _TRUTH[text]
    return _KINDS.get(stored_as, "text"), text


def _without_indent(text: str) -> str:
    bare = text.rstrip(XML_SPACE)
    return text if bare == text else bare + text[len(bare) :].partition("\n")[0]
