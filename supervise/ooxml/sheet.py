"""One worksheet in one pass: every cell that holds something, as it stands in the XML.

What the sheet says of its own extent (``<dimension>``) is not believed; a row or cell without a
reference takes the next position; a formula and its cached value are seen together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, Literal
from xml.parsers import expat

from supervise.errors import WorkbookUnreadable
from supervise.ooxml import limits
from supervise.ooxml.addresses import column_letters, column_number
from supervise.ooxml.markup import Attributes, decoded, is_true
from supervise.ooxml.package import Package
from supervise.ooxml.refusals import refusal, shown
from supervise.ooxml.strings import RichTextParser
from supervise.record import field, record

Kind = Literal["number", "text", "bool", "error", "date", "none"]
StoredCell = tuple[str, int, int, str, Kind, int, str | None, bool]
"""Address, row, column, text, kind, style index, formula, row or column hidden."""

NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_NUMBER_CHARACTERS: Final = 64
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ROW: Final = re.compile(r"[1-9][0-9]{0,6}")
_INDEX: Final = re.compile(r"[0-9]{1,9}")
_XML_SPACE: Final = " \t\r\n"
_KINDS: Final[dict[str, Kind]] = {"e": "error", "d": "date"}
_TRUTH: Final = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}


@record(frozen=False)
class SheetSource:
    """Where a sheet's cells come from.

    Attributes:
        part: The sheet's XML.
        name: As on its tab, for messages.
        strings: Gives the shared strings; called only if a cell refers to one.
    """

    part: str
    name: str
    strings: Callable[[], Sequence[str]]


@record(frozen=False)
class SheetContent:
    """What was read; ``cells`` by address, ``duplicates`` once each."""

    cells: dict[str, StoredCell] = field(default_factory=dict)
    duplicates: dict[str, None] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    elements: int = 0


class _SheetParser(RichTextParser):
    """The hot loop: most cells of a form are empty, so a cell costs one call until it has a value.

    A cell's attributes are kept as they come and understood only if a value or formula follows;
    it is put away when the next cell or row begins. Ends of elements are listened to only inside
    rich text; the line break and indent that may follow a value are therefore cut off.
    """

    root = "worksheet"

    def __init__(self, package: Package, source: SheetSource, cells_left: int) -> None:
        super().__init__(package, source.part)
        self.content = SheetContent()
        self._source = source
        self._cells_left = cells_left
        self._row = 0
        self._row_text = "0"
        self._row_hidden = False
        self._hidden_columns = bytearray(limits.COLUMNS + 1)
        self._columns: dict[str, int] = {}
        self._cell: dict[str, str] = {}
        self._filled = False
        self._value: list[str] | None = None
        self._formula: list[str] | None = None
        self._tags = ("", "")
        self.on("col", self._open_column)
        self.on("row", self._open_row)
        self.on("f", self._open_formula)
        self.on("is", self._open_inline)
        self.on("mergeCell", self._merge)

    def parse(self) -> None:
        super().parse()
        if self._filled:
            self._keep()

    def _begin(self, namespace: str, parser: expat.XMLParserType) -> None:
        self._tags = (f"{namespace} c", f"{namespace} v")
        parser.StartElementHandler = self._open

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        cell, value = self._tags
        if name == cell:
            if self._filled:
                self._keep()
            self._cells_left -= 1
            if self._cells_left < 0:
                raise self.refuse("too_many_cells")
            if "r" not in attributes:
                attributes["r"] = self._next_place()
            self._cell = attributes
        elif name == value:
            self._filled = True
            pieces: list[str] = []
            self._value = pieces
            self._parser.CharacterDataHandler = pieces.append
        else:
            self._parser.CharacterDataHandler = None
            opener = self._openers.get(name)
            if opener is not None:
                opener(attributes)

    def _next_place(self) -> str:
        """The place behind the cell before, for a cell that does not name its own."""
        if not self._cell:
            return f"A{self._row}"
        row, column, _ = self._place(self._cell["r"])
        return f"{column_letters(column + 1)}{row}"

    def _place(self, reference: str) -> tuple[int, int, str]:
        """Row, column and address; nearly every cell names its own row, which needs no pattern."""
        row_text = self._row_text
        if reference.endswith(row_text):
            column = self._columns.get(reference[: -len(row_text)])
            if column is not None:
                return self._row, column, reference
        match = _REFERENCE.fullmatch(reference) or _REFERENCE.fullmatch(reference.upper())
        if match is None:
            raise self.refuse("damaged", f"单元格位置 {shown(reference)}")
        letters, row = match.groups()
        column = self._columns[letters] = column_number(letters)
        return int(row), column, match[0]

    def _open_column(self, attributes: Attributes) -> None:
        if is_true(attributes.get("hidden")) or attributes.get("width") == "0":
            first, last = (_index(attributes.get(side, "")) for side in ("min", "max"))
            last = min(last, limits.COLUMNS)
            if 1 <= first <= last:
                self._hidden_columns[first : last + 1] = b"\1" * (last + 1 - first)

    def _open_row(self, attributes: Attributes) -> None:
        if self._filled:
            self._keep()
        self._cell = {}
        text = attributes.get("r")
        if text is not None and not _ROW.fullmatch(text):
            raise self.refuse("damaged", f"行号 {shown(text)}")
        self._row = int(text) if text else self._row + 1
        self._row_text = str(self._row)
        self._row_hidden = is_true(attributes.get("hidden")) or attributes.get("ht") == "0"

    def _open_formula(self, attributes: Attributes) -> None:
        self._filled = True
        pieces: list[str] = []
        self._formula = pieces
        self._parser.CharacterDataHandler = pieces.append

    def _open_inline(self, attributes: Attributes) -> None:
        self._filled = True
        self._runs.clear()

    def _open_run(self, attributes: Attributes) -> None:
        self.begin_text()
        self._parser.EndElementHandler = self._close

    def _close_run(self) -> None:
        text = self.end_text()
        if not self._phonetic:
            self._runs.append(text)
            self._parser.EndElementHandler = None

    def _open_phonetic(self, attributes: Attributes) -> None:
        super()._open_phonetic(attributes)
        self._parser.EndElementHandler = self._close

    def _close_phonetic(self) -> None:
        super()._close_phonetic()
        self._parser.EndElementHandler = None

    def _keep(self) -> None:
        """Put the last cell away with its value and formula."""
        cell, value, formula_pieces = self._cell, self._value, self._formula
        self._parser.CharacterDataHandler = None
        self._filled = False
        self._value = self._formula = None
        if not cell:
            return
        kind, text = self._interpret(cell.get("t", "n"), value)
        formula = None if formula_pieces is None else self._text(formula_pieces).strip(_XML_SPACE)
        if not text and formula is None:
            return
        row, column, address = self._place(cell["r"])
        if row > limits.ROWS or column > limits.COLUMNS:
            raise self.refuse("too_many_rows" if row > limits.ROWS else "too_many_columns")
        content = self.content
        if address in content.cells:
            content.duplicates[address] = None
            return
        hidden = self._row_hidden or self._hidden_columns[column] == 1
        style = _index(cell.get("s", "0"))
        content.cells[address] = (address, row, column, text, kind, style, formula, hidden)

    def _text(self, pieces: list[str]) -> str:
        text = pieces[0] if len(pieces) == 1 else "".join(pieces)
        if len(text) > limits.STRING_CHARACTERS:
            raise self.refuse("string_too_long", f"{len(text):,} 个字符")
        return text

    def _interpret(self, stored_as: str, pieces: list[str] | None) -> tuple[Kind, str]:
        """Kind and text of the stored value; None is no value at all."""
        if pieces is None:
            return ("text", self.joined()) if stored_as == "inlineStr" else ("none", "")
        value = self._text(pieces)
        if stored_as == "n" and len(value) <= _NUMBER_CHARACTERS and NUMBER.fullmatch(value):
            return "number", value
        if stored_as == "s":
            return "text", self._shared(value.strip(_XML_SPACE))
        if stored_as in ("str", "inlineStr"):
            return "text", decoded(_without_indent(value))
        return _plain(stored_as, value.strip(_XML_SPACE))

    def _shared(self, index: str) -> str:
        if not index:
            return ""
        strings = self._source.strings()
        if not _INDEX.fullmatch(index) or int(index) >= len(strings):
            raise self.refuse("damaged", f"共享字符串 {shown(index)} 不存在")
        return strings[int(index)]

    def _merge(self, attributes: Attributes) -> None:
        reference = attributes.get("ref")
        if reference:
            self.content.merged.append(reference)

    def refuse(self, code: str, detail: str = "") -> WorkbookUnreadable:
        """A refusal that names the sheet and the cell read last."""
        address = self._cell.get("r", "")
        place = f"{shown(self._source.name)}!{shown(address)}" if address else self.part
        return refusal(code, f"{self.package.name} · {place}", detail)


def read_sheet(package: Package, source: SheetSource, cells_left: int) -> SheetContent:
    """The cells of a sheet.

    Args:
        package: The open file.
        source: The sheet's part, name and strings.
        cells_left: How many cell elements the sheet may have.

    Raises:
        WorkbookUnreadable: The part is damaged or passes a limit.
    """
    parser = _SheetParser(package, source, cells_left)
    parser.parse()
    parser.content.elements = cells_left - parser._cells_left
    return parser.content


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
    bare = text.rstrip(_XML_SPACE)
    return text if bare == text else bare + text[len(bare) :].partition("\n")[0]


def _index(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
