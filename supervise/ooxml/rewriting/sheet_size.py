"""How large things are on a sheet: columns and rows, a box placed on them, a text in a box."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from supervise.ooxml.markup import Attributes, is_true
from supervise.ooxml.rewriting.sheet_scan import SheetScan
from supervise.record import record

_CHARACTER: Final = 7
"""Pixels of a digit in the usual font, in which column widths are counted."""

_USUAL_WIDTH, _USUAL_HEIGHT = 64, 20
_PIXELS_A_POINT: Final = 4 / 3
_LAST_COLUMN, _LAST_ROW = 16_383, 1_048_575
_MOST_STEPS: Final = 120


@record
class Box:
    """A rectangle on the grid: column, pixels into it, row, pixels into it; at both corners."""

    left: tuple[int, int]
    top: tuple[int, int]
    right: tuple[int, int]
    bottom: tuple[int, int]

    def anchor(self) -> str:
        """As a drawing writes it."""
        corners = (*self.left, *self.top, *self.right, *self.bottom)
        return ", ".join(str(number) for number in corners)


class Grid:
    """Pixels of rows and columns, counted from 0."""

    def __init__(self, scan: SheetScan) -> None:
        self._widths: dict[int, int | None] = {}
        for entry in scan.columns:
            first, last = _whole(entry, "min"), _whole(entry, "max")
            for column in range(first - 1, min(last, 600)):
                self._widths[column] = _column(entry)
        self._heights = {row.number - 1: _row(row.attributes) for row in scan.rows}
        wide, high = scan.sizes.get("defaultColWidth"), scan.sizes.get("defaultRowHeight")
        self._usual = (
            round(_real(wide) * _CHARACTER) if wide else _USUAL_WIDTH,
            round(_real(high) * _PIXELS_A_POINT) if high else _USUAL_HEIGHT,
        )

    def beside(self, row: int, column: int, width: int, height: int) -> Box:
        """A box of that size to the right of a cell, a little above it."""
        top = max(row - 1, 0)
        return Box(
            left=(column + 1, 15),
            top=(top, 10 if row else 2),
            right=self._across(column + 1, 15 + width),
            bottom=self.below(top, 10 + height),
        )

    def below(self, row: int, pixels: int) -> tuple[int, int]:
        """The row that lies that far below the top of another, and how far into it."""
        return _walk(row, pixels, (self._heights, self._usual[1], _LAST_ROW))

    def _across(self, column: int, pixels: int) -> tuple[int, int]:
        return _walk(column, pixels, (self._widths, self._usual[0], _LAST_COLUMN))


def text_units(text: str) -> int:
    """Width of a line in half Chinese characters."""
    return len(text.encode("gbk", "replace"))


def text_lines(text: str, room: int) -> int:
    """How many lines a text takes where ``room`` half characters fit beside one another."""
    if "\n" in text:
        return sum(text_lines(part, room) for part in text.split("\n"))
    return max(-(-text_units(text) // room), 1)


def _walk(
    at: int, pixels: int, sizes: tuple[Mapping[int, int | None], int, int]
) -> tuple[int, int]:
    known, usual, last = sizes
    for _ in range(_MOST_STEPS):
        size = known.get(at)
        size = usual if size is None else size
        if pixels <= size or at >= last:
            break
        pixels -= size
        at += 1
    return at, max(min(pixels, 1000), 0)


def _column(entry: Attributes) -> int:
    if is_true(entry.get("hidden")):
        return 0
    return round(_real(entry.get("width", "9.14")) * _CHARACTER)


def _row(attributes: Attributes) -> int | None:
    if is_true(attributes.get("hidden")):
        return 0
    height = attributes.get("ht")
    return round(_real(height) * _PIXELS_A_POINT) if height else None


def _whole(attributes: Attributes, name: str) -> int:
    text = attributes.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def _real(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 2000.0)
    except ValueError:
        return 0.0
