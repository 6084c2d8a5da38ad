"""Colours, fonts, number formats and widths of the submission workbook, in one place.

One meaning, one colour: yellow is to be filled in, blue is worked out, grey is not defined.
"""

from __future__ import annotations

from typing import Any

from supervise.core.layout import Item, ItemUnit
from supervise.record import record

FONT = "微软雅黑"
NAVY, INK, MUTED, WHITE, LINE = "1F3864", "262626", "6B7280", "FFFFFF", "C9CED6"
INPUT, TOTAL, GREY, BAND, HEADER, PAPER = (
    "FFF8DC",
    "E8F0FA",
    "D9D9D9",
    "DCE6F4",
    "2F5597",
    "FAFBFC",
)
TABS = {"COVER": "1F3864", "GUIDE": "7F7F7F", "XW": "C58B1B", "": "2F5597"}
FORMATS: dict[ItemUnit, str] = {
    "yuan": "#,##0.00",
    "ratio": "0.00%",
    "count": "#,##0",
    "days": "0.0",
    "bp": "0.0",
    "points": "0.0",
    "date": "yyyy-mm-dd",
    "text": "@",
    "flag": "@",
    "choice": "@",
}
WIDTHS: dict[ItemUnit, float] = {
    "yuan": 17,
    "ratio": 14,
    "count": 15,
    "days": 12,
    "bp": 12,
    "points": 10,
    "date": 15,
    "text": 26,
    "flag": 13,
    "choice": 17,
}
_LONG_ANSWERS = ("_text", "_evidence", "_exemption", "_triggers", "_reason")
_LONG_WIDTH = 48.0
_ALIGN: dict[ItemUnit, str] = {"text": "left", "flag": "center", "choice": "center"}


def datum_width(item: Item) -> float:
    """Column width that suits an item; longer for what is answered in sentences."""
    long = item.unit == "text" and item.id.endswith(_LONG_ANSWERS)
    return _LONG_WIDTH if long else WIDTHS[item.unit]


def tab_colour(form_id: str) -> str:
    """Colour of a sheet's tab by the kind of form."""
    return TABS.get(form_id) or (TABS["XW"] if form_id.startswith("XW") else TABS[""])


def text_width(text: str) -> int:
    """Width in columns of a half-width font: a Chinese character counts two."""
    return sum(2 if ord(letter) > 0x2E7F or letter in "·—–“”…≤" else 1 for letter in text)


def text_lines(text: str, width: float, size: float = 10) -> int:
    """How many lines a wrapped text of that font size takes in a column of that width."""
    room = max(int(width * 10.5 / size), 1)
    return max(1, sum(-(-text_width(part) // room) or 1 for part in text.split("\n")))


@record
class Look:
    """How one kind of cell looks; ``locked`` cells cannot be typed in."""

    fill: str = ""
    colour: str = INK
    size: float = 10
    bold: bool = False
    across: str = "left"
    wrap: bool = True
    border: bool = True
    locked: bool = True
    indent: int = 0


TITLE = Look(colour=NAVY, size=16, bold=True, wrap=False, border=False)
BANNER_LOOK = Look(colour=INK, size=10, wrap=False, border=False)
HINT = Look(colour=MUTED, size=9, wrap=False, border=False)
HEAD = Look(fill=HEADER, colour=WHITE, bold=True, across="center")
SECTION = Look(fill=BAND, colour=NAVY, bold=True, wrap=False, indent=1)
NUMBER = Look(fill=PAPER, colour=MUTED, across="center")
LABEL = Look(fill=PAPER, indent=1)
UNIT = Look(fill=PAPER, colour=MUTED, across="center")
NOTE = Look(fill=PAPER, colour=MUTED, size=9, indent=1)
UNDEFINED = Look(fill=GREY)
BODY = Look(border=False, indent=1)


def datum_look(unit: ItemUnit, kind: str) -> Look:
    """How a datum looks: yellow and open if it is to be filled in, else blue and locked."""
    across = _ALIGN.get(unit, "center" if unit == "date" else "right")
    indent = int(across == "left")
    if kind == "input":
        return Look(fill=INPUT, across=across, locked=False, indent=indent)
    across = "center" if kind == "fixed" else across
    return Look(fill=TOTAL, across=across, bold=kind == "total", indent=indent)


class Painter:
    """Applies looks to cells; style objects are made once per workbook."""

    def __init__(self) -> None:
        self._made: dict[Look, tuple[Any, ...]] = {}

    def paint(self, cell: Any, look: Look, number_format: str = "") -> None:
        """Give a cell its font, fill, border, alignment and protection."""
        font, fill, border, alignment, protection = self._styles(look)
        cell.font, cell.fill, cell.border = font, fill, border
        cell.alignment, cell.protection = alignment, protection
        if number_format:
            cell.number_format = number_format

    def _styles(self, look: Look) -> tuple[Any, ...]:
        if look not in self._made:
            self._made[look] = _make(look)
        return self._made[look]


def _make(look: Look) -> tuple[Any, ...]:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

    side = Side(style="thin", color=LINE) if look.border else Side()
    fill = PatternFill("solid", fgColor=look.fill) if look.fill else PatternFill()
    return (
        Font(name=FONT, family=2, charset=134, size=look.size, bold=look.bold, color=look.colour),
        fill,
        Border(left=side, right=side, top=side, bottom=side),
        Alignment(
            horizontal=look.across, vertical="center", wrap_text=look.wrap, indent=look.indent
        ),
        Protection(locked=look.locked),
    )
