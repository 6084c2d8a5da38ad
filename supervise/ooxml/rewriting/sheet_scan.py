"""Where the cells of a worksheet stand in its XML, and what else an edit has to know."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from supervise.ooxml.addresses import column_letters, column_number
from supervise.ooxml.markup import LINK_NAMESPACES, SHEET_NAMESPACES, Attributes, link_id
from supervise.ooxml.refusals import refusal, shown
from supervise.ooxml.rewriting.source import Source
from supervise.record import field, record

_LONG: Final = frozenset({"dataValidations", "conditionalFormatting"})
"""What stands in these is passed over: it is most of a form, and nothing of ours."""

_ADDRESS: Final = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")


@record(frozen=False)
class RowPlace:
    """A row: number, attributes, and where its tags begin."""

    number: int
    attributes: Attributes
    start: int
    close: int = 0


@record(frozen=False)
class SheetScan:
    """What one pass over the XML finds.

    Attributes:
        cells: Address to where the cell begins and its ``s``; of two the first.
        rows: In the order of the text.
        columns: Attributes of each ``<col>``.
        merged: Ranges as written.
        top: Name and start of each element right below the outermost.
        drawing: The link of ``<legacyDrawing>``, empty if there is none.
        data: Start and closing tag of ``<sheetData>``, None without it.
        close: Where the outermost element's closing tag begins.
        sizes: Attributes of ``<sheetFormatPr>``.
        namespace: Of the outermost element.
        elements: How many cells there are, whatever they hold.
    """

    cells: dict[str, tuple[int, str]] = field(default_factory=dict)
    rows: list[RowPlace] = field(default_factory=list)
    columns: list[Attributes] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    top: list[tuple[str, int]] = field(default_factory=list)
    drawing: str = ""
    data: tuple[int, int] | None = None
    close: int = 0
    sizes: Attributes = field(default_factory=dict)
    namespace: str = ""
    elements: int = 0


def scan_sheet(source: Source) -> SheetScan:
    """Look through a worksheet once.

    Raises:
        WorkbookUnreadable: The part is damaged or no worksheet.
    """
    return _Scanner(source).scan


class _Scanner:
    def __init__(self, source: Source) -> None:
        self.scan = SheetScan()
        self._parser = source.parser()
        self._depth = 0
        self._row = 0
        self._address = ""
        self._where = source.where
        self._parser.StartElementHandler = self._root
        source.run(self._parser)

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if local != "worksheet" or space not in SHEET_NAMESPACES:
            raise refusal("damaged", self._where, f"最外层元素为 {shown(local)}")
        self.scan.namespace = space
        self._names = {f"{space} {n}": n for n in ("c", "row", "col", "mergeCell", "sheetData")}
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._close

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        local = self._names.get(name)
        if local == "c":
            self.scan.elements += 1
            address = attributes.get("r") or self._next()
            if not address.isupper():
                address = address.upper()
            self._address = address
            if address not in self.scan.cells:
                place = self._parser.CurrentByteIndex
                self.scan.cells[address] = (place, attributes.get("s", "0"))
        elif local is not None or self._depth == 1:
            self._other(name, local, attributes)

    def _other(self, name: str, local: str | None, attributes: Mapping[str, str]) -> None:
        scan, start = self.scan, self._parser.CurrentByteIndex
        if local == "row":
            text = attributes.get("r", "")
            self._row = int(text) if text.isdigit() else self._row + 1
            self._address = ""
            scan.rows.append(RowPlace(self._row, attributes, start))
        elif local == "col":
            scan.columns.append(attributes)
        elif local == "mergeCell":
            scan.merged.append(attributes.get("ref", ""))
        if self._depth == 1:
            self._child(name.rpartition(" ")[2], start, attributes)

    def _child(self, name: str, start: int, attributes: Attributes) -> None:
        self.scan.top.append((name, start))
        if name in _LONG:
            self._parser.StartElementHandler = None
            self._parser.EndElementHandler = self._close_long
        if name == "sheetData":
            self.scan.data = (start, start)
        elif name == "sheetFormatPr":
            self.scan.sizes = attributes
        elif name == "legacyDrawing":
            self.scan.drawing = link_id(attributes)

    def _close(self, name: str) -> None:
        local = self._names.get(name)
        if self._depth == 0:
            self.scan.close = self._parser.CurrentByteIndex
        elif local == "row":
            self.scan.rows[-1].close = self._parser.CurrentByteIndex
        elif local == "sheetData" and self.scan.data is not None:
            self.scan.data = (self.scan.data[0], self._parser.CurrentByteIndex)
        self._depth -= 1

    def _close_long(self, name: str) -> None:
        if name.rpartition(" ")[2] in _LONG:
            self._parser.StartElementHandler = self._open
            self._parser.EndElementHandler = self._close
            self._depth -= 1

    def _next(self) -> str:
        """The place behind the cell before, for a cell that does not name its own."""
        return f"{column_letters(split_address(self._address)[1] + 1)}{self._row}"


def split_address(address: str) -> tuple[int, int]:
    """Row and column of ``C14``: 14 and 3; zeros for what is no address."""
    match = _ADDRESS.fullmatch(address)
    return (int(match[2]), column_number(match[1])) if match else (0, 0)


def link_attribute(scan: SheetScan) -> str:
    """Namespace of ``r:id`` in this sheet."""
    return LINK_NAMESPACES[SHEET_NAMESPACES.index(scan.namespace)]
