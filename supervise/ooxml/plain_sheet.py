"""A worksheet in the form in which programs write one, read by one search instead of call by call.

Excel, WPS, LibreOffice and openpyxl all write a cell the same way, and expat needs three calls into
Python for it. Here one pattern reads rows and cells, and expat reads all that stands around them:
what is not well-formed is found as ever. A sheet with anything else in it, or with anything to
refuse, is left to the general reader (``sheet.py``), which reads the same from it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NoReturn
from xml.parsers import expat

from supervise.errors import WorkbookUnreadable
from supervise.ooxml.formats import NumberFormat
from supervise.ooxml.grid import GridParser, RawCell, SheetContent, SheetSource, UnknownString
from supervise.ooxml.markup import Attributes
from supervise.ooxml.once import NOWHERE, once
from supervise.ooxml.plain import LARGEST, NotPlain, text_of
from supervise.ooxml.plain_cells import CellReader, KnownCells

_START: Final = b"<sheetData>"
_END: Final = b"</sheetData>"
_PREFIX: Final = b' xmlns:x14ac="'
# Two patterns that begin with one character each: such a search skips from one to the next.
_HEARD_BEHIND: Final = tuple(
    re.compile(rb"%b(?:c|v|f|is|row|col)[\s/>]" % sign) for sign in (b"<", b":")
)


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


class _Sheet:
    """What sheets with the same surroundings have in common.

    Args:
        hidden_columns: Marks by number.
        prefixed: They declare the one prefix that row tags may use.
    """

    def __init__(self, hidden_columns: bytes, *, prefixed: bool) -> None:
        self._hidden_columns = hidden_columns
        self._prefixed = prefixed
        self._last: tuple[Sequence[NumberFormat], bool, KnownCells] | None = None

    def cells(self, source: SheetSource, rows: str) -> dict[str, RawCell]:
        """The cells of one of them.

        Raises:
            NotPlain: Something is for the general reader.
            UnknownString: A cell refers to a shared string that there is not.
        """
        reader = CellReader(source, self._hidden_columns, prefixed=self._prefixed)
        last = self._last
        if last is not None and last[0] is source.formats and last[1] == source.concealed:
            return reader.cells_by(last[2], rows)
        self._last = source.formats, source.concealed, KnownCells()
        return reader.cells(rows)  # the only one so far: nothing may ever come of remembering it


@once
def _sheet(head: bytes, tail: bytes) -> _Sheet:
    """What stands around the rows of a sheet, if that is well-formed.

    Raises:
        NotPlain: It is not, or there are cells in it.
    """
    root = head[: head.find(b">", head.find(b"<worksheet"))]
    try:
        hidden = _Surroundings().read(head, tail)
    except WorkbookUnreadable:
        raise NotPlain from None
    return _Sheet(hidden, prefixed=_PREFIX in root and b"<!" not in root)


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
    try:
        return SheetContent(_sheet(head, tail).cells(source, text_of(rows)), {}, elements)
    except (NotPlain, UnknownString, WorkbookUnreadable):
        return None
