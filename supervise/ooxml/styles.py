"""The cell styles of a workbook, as far as they say how a number is shown."""

from __future__ import annotations

from supervise.ooxml.formats import BUILT_IN, GENERAL, NumberFormat, number_format
from supervise.ooxml.markup import Attributes, PartParser
from supervise.ooxml.once import parsed
from supervise.ooxml.package import Package


class _StylesParser(PartParser):
    """Number formats and cell formats; fills, fonts and borders are not looked at."""

    root = "styleSheet"

    def __init__(self, package: Package, part: str) -> None:
        super().__init__(package, part)
        self.codes = dict(BUILT_IN)
        self.used: list[int] = []
        self.formats: tuple[NumberFormat, ...] = ()
        self._in_codes = False
        self._in_cells = False
        self.on("numFmts", self._open_codes, self._close_codes)
        self.on("cellXfs", self._open_cells, self._close_cells)
        self.on("numFmt", self._code)
        self.on("xf", self._cell)

    def parse(self, content: bytes | None = None) -> None:
        super().parse(content)
        codes = self.codes
        known = {
            number: number_format(codes[number]) if number in codes else GENERAL
            for number in set(self.used)
        }
        self.formats = tuple([known[number] for number in self.used])

    def _open_codes(self, attributes: Attributes) -> None:
        self._in_codes = True

    def _close_codes(self) -> None:
        self._in_codes = False

    def _open_cells(self, attributes: Attributes) -> None:
        self._in_cells = True

    def _close_cells(self) -> None:
        self._in_cells = False

    def _code(self, attributes: Attributes) -> None:
        if self._in_codes:
            self.codes[_number(attributes, "numFmtId")] = attributes.get("formatCode", "General")

    def _cell(self, attributes: Attributes) -> None:
        if self._in_cells:
            self.used.append(_number(attributes, "numFmtId"))


def read_formats(package: Package, part: str) -> tuple[NumberFormat, ...]:
    """Number format of each cell style, in the order cells refer to them.

    An id that has no code anywhere is ``General``.

    Raises:
        WorkbookUnreadable: The part is missing or damaged.
    """
    return parsed(_StylesParser, package, part).formats


def _number(attributes: Attributes, name: str) -> int:
    text = attributes.get(name, "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
