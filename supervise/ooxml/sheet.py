"""One worksheet in one pass: every cell that holds something, as it stands in the XML.

What the sheet says of its own extent (``<dimension>``) is not believed; a row or cell without a
reference takes the next position; a formula and its cached value are seen together.
"""

from __future__ import annotations

import re
from typing import Final
from xml.parsers import expat

from supervise.errors import WorkbookUnreadable
from supervise.ooxml import limits
from supervise.ooxml.addresses import column_letters, column_number
from supervise.ooxml.grid import (
    XML_SPACE,
    GridParser,
    Kind,
    RawCell,
    SheetContent,
    SheetSource,
    UnknownString,
    index,
)
from supervise.ooxml.markup import Attributes
from supervise.ooxml.package import Package
from supervise.ooxml.plain_sheet import read_plain
from supervise.ooxml.refusals import refusal, shown
from supervise.ooxml.strings import RichTextParser

__all__ = ["SheetContent", "SheetSource", "read_sheet"]

_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


class _SheetParser(GridParser, RichTextParser):
    """The hot loop: most cells of a form are empty, so a cell costs one call until it has a value.

    A cell's attributes are kept as they come and understood only if a value or formula follows;
    it is put away when the next cell or row begins. Ends of elements are listened to only inside
    rich text; the line break and indent that may follow a value are therefore cut off.
    """

    def __init__(self, package: Package, source: SheetSource, cells_left: int) -> None:
        super().__init__(package, source.part)
        self.content = SheetContent()
        self._source = source
        self._cells_left = cells_left
        self._columns: dict[str, int] = {}
        self._cell: dict[str, str] = {}
        self._filled = False
        self._value: list[str] | None = None
        self._formula: list[str] | None = None
        self._tags = ("", "")
        self.on("f", self._open_formula)
        self.on("is", self._open_inline)

    def parse(self, content: bytes | None = None) -> None:
        super().parse(content)
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

    def _open_row(self, attributes: Attributes) -> None:
        if self._filled:
            self._keep()
        self._cell = {}
        super()._open_row(attributes)

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
        formula = None if formula_pieces is None else self._text(formula_pieces).strip(XML_SPACE)
        if not text and formula is None:
            return
        row, column, address = self._place(cell["r"])
        if row > limits.ROWS or column > limits.COLUMNS:
            raise self.refuse("too_many_rows" if row > limits.ROWS else "too_many_columns")
        content = self.content
        if address in content.cells:
            content.duplicates[address] = None
            return
        concealed = self._source.concealed or self._hidden_columns[column] == 1
        hidden = self._row_hidden or concealed
        look = self._source.format_of(index(cell.get("s", "0")))
        content.cells[address] = RawCell(address, row, column, text, kind, *look, formula, hidden)

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
        try:
            return self._source.understood(stored_as, value)
        except UnknownString as error:
            detail = f"共享字符串 {shown(str(error))} 不存在"
            raise self.refuse("damaged", detail) from None

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
    content = package.read_xml(source.part)
    plain = read_plain(source, content, cells_left)
    return read_any(package, source, content, cells_left) if plain is None else plain


def read_any(
    package: Package, source: SheetSource, content: bytes, cells_left: int
) -> SheetContent:
    """``read_sheet`` of a part that may be written in any form.

    Raises:
        WorkbookUnreadable: The part is damaged or passes a limit.
    """
    parser = _SheetParser(package, source, cells_left)
    parser.parse(content)
    parser.content.elements = cells_left - parser._cells_left
    return parser.content
