"""The cells of a plainly written sheet: its rows as text → ``RawCell`` by address.

The first sheet is read by one search over all its rows. Of a template's other workbooks all but
the figures is the same, cell by cell: what was understood once is remembered for them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from supervise.ooxml import limits
from supervise.ooxml.addresses import column_number
from supervise.ooxml.grid import XML_SPACE, Kind, Look, RawCell, SheetSource, hides_row
from supervise.ooxml.markup import decoded
from supervise.ooxml.plain import TEXT, NotPlain, unescaped
from supervise.record import field, record

_ROW_ATTRIBUTES: Final = r'(?: (?:x14ac:)?[a-zA-Z]+="[^"<>&]*")*'
_FIGURE: Final = r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,25})?(?:E[+-]?[0-9]{1,3})?"
_TOKENS: Final = re.compile(
    # a cell: address; style and type; then its formula
    r'<c r="([^"<]+)"([^<>]*)(?<!/)>'
    r'(?:<f(?: t="[a-zA-Z]+")?(?: aca="[a-z0-9]+")?(?: ref="[A-Z0-9:]+")?(?: ca="[a-z0-9]+")?'
    rf'(?: si="[0-9]+")?(>{TEXT}</f>| ?/>))?'
    # its value: a number, or any other with its end tag; or its inline text
    rf"(?:<v>(?:({_FIGURE})</v>"
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
_NUMBER: Final[Kind] = "number"
_WORDS: Final[Kind] = "text"
_Row = tuple[str, int, bool]
_ROW_DIGITS = 7
_SHORT_TAG = 120
_NO_ROW: Final[_Row] = ("", 0, False)
_VALUE: Final = "<v>"
_BEHIND_VALUE: Final = "</v></c>"
_ANY_VALUE: Final = "<v>0</v></c>"
_is_figure: Final = re.compile(_FIGURE).fullmatch
_FORMULA: Final = -2
"""Place in a ``RawCell`` from behind."""
_MOST_KNOWN: Final = 1 << 17
_Begun = tuple[_Row, _Row, tuple[RawCell, ...], str, tuple[Any, ...], tuple[Any, ...]]


@record(frozen=False)
class KnownCells:
    """What the stretches between the values of a sheet were understood as.

    Good for sheets with the same surroundings, number formats and visibility: of one template.

    Attributes:
        stretches: From behind one value to the next: the row before, the row behind, the cells
            without a value of their own; of the cell whose value follows how that is stored, what
            stands before text and kind in its ``RawCell``, and what behind.
        ends: Behind the last value: the row before, the cells.
        room: For how many characters more; a run over thousands of banks meets many notes.
    """

    stretches: dict[str, _Begun] = field(default_factory=dict)
    ends: dict[str, tuple[_Row, tuple[RawCell, ...]]] = field(default_factory=dict)
    room: int = _MOST_KNOWN


class CellReader:
    """Takes the cells from the text of the rows.

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

    def cells(self, rows: str) -> dict[str, RawCell]:
        """The cells of a sheet, by address.

        Raises:
            NotPlain: Something is for the general reader.
            UnknownString: A cell refers to a shared string that there is not.
        """
        cells, row = self._found(_TOKENS.findall(rows), _NO_ROW)
        if row is not _NO_ROW:
            raise NotPlain
        return cells

    def cells_by(self, known: KnownCells, rows: str) -> dict[str, RawCell]:
        """The same, looking up what is known and adding to it; raises as ``cells``."""
        found: list[RawCell] = []
        row = _NO_ROW
        stretches, made = known.stretches, tuple.__new__
        stretch, *values = rows.split(_VALUE)
        for value_and_stretch in values:
            told = stretches.get(stretch)
            if told is None or told[0] is not row:
                told = self._learnt(known, stretch, row)
            _, row, cells, stored_as, before, behind = told
            found += cells
            value, _, stretch = value_and_stretch.partition(_BEHIND_VALUE)
            plainly = stored_as == "n" and _is_figure(value)
            content = (value, _NUMBER) if plainly else self._content_in(stored_as, value)
            if content[0] or behind[_FORMULA] is not None:
                found.append(made(RawCell, before + content + behind))
        found += self._end(known, stretch, row)
        by_address = {cell[0]: cell for cell in found}
        if len(by_address) < len(found):
            raise NotPlain
        return by_address

    def _learnt(self, known: KnownCells, stretch: str, row: _Row) -> _Begun:
        *complete, (address, attributes, code, number, *_) = _TOKENS.findall(stretch + _ANY_VALUE)
        found, after = self._found(complete, row)
        if not number:
            raise NotPlain
        stored_as, *shown = self._source.looks.get(attributes) or self._look(attributes)
        column, hidden = self._column(address.removesuffix(after[0]))
        before = address, after[1], column
        behind = (*shown, _formula(code) if code else None, after[2] or hidden)
        begun = row, after, (*found.values(),), stored_as, before, behind
        if known.room >= len(stretch):
            known.room -= len(stretch)
            known.stretches[stretch] = begun
        return begun

    def _end(self, known: KnownCells, stretch: str, row: _Row) -> tuple[RawCell, ...]:
        """What stands behind the last value."""
        told = known.ends.get(stretch)
        if told is None or told[0] is not row:
            found, after = self._found(_TOKENS.findall(stretch), row)
            if after is not _NO_ROW:
                raise NotPlain
            told = row, (*found.values(),)
            if known.room >= len(stretch):
                known.room -= len(stretch)
                known.ends[stretch] = told
        return told[1]

    def _content_in(self, stored_as: str, value: str) -> tuple[str, Kind]:
        if "<" in value or len(value) > limits.STRING_CHARACTERS:
            raise NotPlain
        kind, text = self._source.understood(stored_as, unescaped(value))
        return text, kind

    def _found(self, tokens: list[tuple[str, ...]], at: _Row) -> tuple[dict[str, RawCell], _Row]:
        """The cells of a stretch of rows that begins inside a row, and the row it ends in."""
        cells: dict[str, RawCell] = {}
        columns, looks = self._columns, self._source.looks
        made = tuple.__new__  # what a named tuple's own function calls
        row_text, row, row_hidden = at
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
        return cells, at

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


def _formula(code: str) -> str:
    """The text of ``>text</f>``; a member of a shared formula has none."""
    return unescaped(code[1 : -len("</f>")]).strip(XML_SPACE) if code[0] == ">" else ""
