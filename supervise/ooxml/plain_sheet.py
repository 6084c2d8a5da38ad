"""A worksheet in the form in which programs write one, read by one search instead of call by call.

Excel, WPS, LibreOffice and openpyxl all write a cell the same way, and expat needs three calls into
Python for it. Here one pattern reads rows and cells, and expat reads all that stands around them:
what is not well-formed is found as ever. A sheet with anything else in it, or with anything to
refuse, is left to the general reader (``sheet.py``), which reads the same from it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NoReturn
from xml.parsers import expat

from supervise.errors import WorkbookUnreadable
from supervise.ooxml import limits
from supervise.ooxml.addresses import column_number
from supervise.ooxml.grid import (
    XML_SPACE,
    GridParser,
    Kind,
    Look,
    RawCell,
    SheetContent,
    SheetSource,
    UnknownString,
    hides_row,
)
from supervise.ooxml.markup import Attributes, decoded
from supervise.ooxml.once import NOWHERE, once
from supervise.ooxml.plain import LARGEST, TEXT, NotPlain, text_of, unescaped

_START: Final = b"<sheetData>"
_END: Final = b"</sheetData>"
_ROW_ATTRIBUTES: Final = r'(?: (?:x14ac:)?[a-zA-Z]+="[^"<>&]*")*'
_TOKENS: Final = re.compile(
    # a cell: address; style and type; then its formula
    r'<c r="([^"<]+)"([^<>]*)(?<!/)>'
    r'(?:<f(?: t="[a-zA-Z]+")?(?: aca="[a-z0-9]+")?(?: ref="[A-Z0-9:]+")?(?: ca="[a-z0-9]+")?'
    rf'(?: si="[0-9]+")?(>{TEXT}</f>| ?/>))?'
    # its value: a number, or any other with its end tag; or its inline text
    r"(?:<v>(?:([+-]?[0-9]{1,20}(?:\.[0-9]{1,25})?(?:E[+-]?[0-9]{1,3})?)</v>"
    rf'|({TEXT}</v>))|<is><t(?: xml:space="preserve")?>({TEXT})</t></is>)?</c>'
    # cells without content, as many as follow one another
    r'|(?:<c r="[A-Z]{1,3}[1-9][0-9]{0,6}"(?: s="[0-9]+")?(?: t="[a-zA-Z]+")? ?/>)+'
    # the end of a row, the start of one, or both; or all from where something else stands
    rf'|((?:</row>)?<row r="[1-9][0-9]{{0,6}}"{_ROW_ATTRIBUTES} ?/?>|</row>|.+)',
    re.DOTALL,
)
_CELL_ATTRIBUTES: Final = re.compile(r'(?: s="([0-9]{1,9})")?(?: t="([a-zA-Z]{1,9})")?')
_LETTERS: Final = re.compile(r"[A-Z]{1,3}")
_ATTRIBUTE: Final = re.compile(r' ([a-zA-Z0-9:]+)="([^"]*)"')
_ROW_END: Final = re.compile(rf"{_ROW_ATTRIBUTES} ?/?>")
_PREFIX: Final = b' xmlns:x14ac="'
# Two patterns that begin with one character each: such a search skips from one to the next.
_HEARD_BEHIND: Final = tuple(
    re.compile(rb"%b(?:c|v|f|is|row|col)[\s/>]" % sign) for sign in (b"<", b":")
)
_NUMBER: Final[Kind] = "number"
_WORDS: Final[Kind] = "text"
_Row = tuple[str, int, bool]
_ROW_DIGITS = 7
_SHORT_TAG = 120
_NO_ROW: Final[_Row] = ("", 0, False)


class _Surroundings(GridParser):
    """Reads a sheet without its rows: where its data begin, and which columns are hidden."""

    def __init__(self) -> None:
        super().__init__(NOWHERE, "")
        self._inside = False
        self.on("sheetData", self._open_data)
        for name in ("c", "v", "f", "is", "row"):
            self.on(name, self._elsewhere)

    def read(self, head: bytes, tail: bytes) -> bytes:
        """Marks of the hidden columns, by number."""
        self._tail = tail
        self.parse(head)
        return bytes(self._hidden_columns)

    def _begin(self, namespace: str, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self._open

    def _feed(self, parser: expat.XMLParserType, content: bytes) -> None:
        parser.Parse(content, False)
        if not self._inside:
            raise NotPlain
        if not any(heard.search(self._tail) for heard in _HEARD_BEHIND):
            parser.StartElementHandler = None
        parser.Parse(self._tail, True)

    def _open_data(self, attributes: Attributes) -> None:
        self._inside = True

    def _elsewhere(self, attributes: Attributes) -> NoReturn:
        raise NotPlain


@once
def _hidden_columns(head: bytes, tail: bytes) -> bytes:
    """Marks of the hidden columns of a sheet whose surroundings are well-formed.

    Raises:
        NotPlain: They are not, or there are cells among them.
    """
    try:
        return _Surroundings().read(head, tail)
    except WorkbookUnreadable:
        raise NotPlain from None


class _Reader:
    """Takes the cells from what the pattern found.

    Args:
        source: The sheet's strings and formats.
        hidden_columns: Marks by number.
        prefixed: The sheet has declared the one prefix that row tags may use.
    """

    def __init__(self, source: SheetSource, hidden_columns: bytes, *, prefixed: bool) -> None:
        self._source = source
        self._hidden_columns = hidden_columns
        self._prefixed = prefixed
        self._columns: dict[str, tuple[int, bool]] = {}

    def cells(self, tokens: list[tuple[str, ...]]) -> dict[str, RawCell]:
        """The cells of a sheet, by address.

        Raises:
            NotPlain: Something is for the general reader.
        """
        cells: dict[str, RawCell] = {}
        columns, looks = self._columns, self._source.looks
        made = tuple.__new__  # what a named tuple's own function calls
        row_text, row, row_hidden = at = _NO_ROW
        for address, attributes, code, number, value, string, tag in tokens:
            if not address:
                row_text, row, row_hidden = at = self._row(tag, at) if tag else at
                continue
            look = looks.get(attributes) or self._look(attributes)
            stored_as, shown_as, is_date, is_percent = look
            if number and stored_as == "n":
                kind, text = _NUMBER, number
            elif string and stored_as == "inlineStr" and "&" not in string and "_x" not in string:
                kind, text = _WORDS, string
            else:
                kind, text = self._content(stored_as, number, value, string)
            formula = _formula(code) if code else None
            if not text and formula is None:
                continue
            letters = address.removesuffix(row_text)
            column, hidden = columns.get(letters) or self._column(letters)
            if address in cells:
                raise NotPlain
            told = (
                address, row, column, text, kind, shown_as, is_date, is_percent, formula,
                row_hidden or hidden,
            )  # fmt: skip
            cells[address] = made(RawCell, told)
        if row_text:
            raise NotPlain
        return cells

    def _row(self, tag: str, before: _Row) -> _Row:
        """The row behind a tag: its number as text and as number, and whether it is hidden."""
        closing, row, prefixed = _tag_known(tag) if len(tag) <= _SHORT_TAG else _tag(tag)
        if closing == (before is _NO_ROW) or (prefixed and not self._prefixed):
            raise NotPlain
        if self._source.concealed and row is not _NO_ROW:
            return row[0], row[1], True
        return row

    def _look(self, attributes: str) -> Look:
        """How a cell with these attributes is stored and shown."""
        match = _CELL_ATTRIBUTES.fullmatch(attributes)
        if match is None:
            raise NotPlain
        shown = self._source.format_of(int(match[1] or "0"))
        look = self._source.looks[attributes] = (match[2] or "n", *shown)
        return look

    def _column(self, letters: str) -> tuple[int, bool]:
        """The column of an address without its row's number; it may be no such thing.

        Returns:
            Its number, and whether it is hidden.
        """
        if not _LETTERS.fullmatch(letters):
            raise NotPlain
        column = column_number(letters)
        if column > limits.COLUMNS:
            raise NotPlain
        known = self._columns[letters] = column, self._hidden_columns[column] == 1
        return known

    def _content(self, stored_as: str, number: str, value: str, string: str) -> tuple[Kind, str]:
        """Kind and text of what is not simply a number or a text."""
        if number or value:
            value = number or unescaped(value[: -len("</v>")])
            return self._source.understood(stored_as, value)
        if stored_as == "inlineStr":
            return "text", decoded(unescaped(string))
        if string:
            raise NotPlain
        return "none", ""


def _tag(tag: str) -> tuple[bool, _Row, bool]:
    """What the tags between two rows say.

    Returns:
        Whether the row before ends there; the row that begins; whether its tag uses the prefix.

    Raises:
        NotPlain: They are no such tags.
    """
    closing, _, opening = tag.partition('<row r="')
    if closing not in ("", "</row>"):
        raise NotPlain
    if not opening:
        return True, _NO_ROW, False
    text, _, rest = opening.partition('"')
    if not (text.isascii() and text.isdigit() and len(text) <= _ROW_DIGITS):
        raise NotPlain
    number = int(text)
    if number > limits.ROWS:
        raise NotPlain
    hidden = _is_hidden(rest)
    row = _NO_ROW if rest.endswith("/>") else (text, number, hidden)
    return bool(closing), row, "x14ac:" in rest


_tag_known = lru_cache(maxsize=4096)(_tag)
"""For workbooks of one template have the same rows."""


def _is_hidden(rest: str) -> bool:
    """What the attributes behind a row's number say; they are held to the rules of XML."""
    if not _ROW_END.fullmatch(rest):
        raise NotPlain
    pairs = _ATTRIBUTE.findall(rest)
    attributes = dict(pairs)
    if len(attributes) < len(pairs) or not attributes.keys().isdisjoint(("r", "xmlns")):
        raise NotPlain
    return hides_row(attributes)


def read_plain(source: SheetSource, content: bytes, cells_left: int) -> SheetContent | None:
    """The cells of a sheet; None if it is for the general reader to read or to refuse.

    Args:
        source: The sheet's part, name and strings.
        content: The part's bytes.
        cells_left: How many cell elements the sheet may have.
    """
    start = content.find(_START) + len(_START)
    end = content.find(_END, start)
    if start < len(_START) or end < 0 or len(content) > LARGEST:
        return None
    head, rows, tail = content[:start], content[start:end], content[end:]
    elements = rows.count(b"<c ")
    if elements > cells_left:
        return None
    root = head[: head.find(b">", head.find(b"<worksheet"))]
    try:
        hidden = _hidden_columns(head, tail)
        reader = _Reader(source, hidden, prefixed=_PREFIX in root and b"<!" not in root)
        tokens = _TOKENS.findall(text_of(rows))
        return SheetContent(reader.cells(tokens), {}, elements)
    except (NotPlain, UnknownString, WorkbookUnreadable):
        return None


def _formula(code: str) -> str:
    """The text of ``>text</f>``; a member of a shared formula has none."""
    return unescaped(code[1 : -len("</f>")]).strip(XML_SPACE) if code[0] == ">" else ""
