"""One row of a filled-in judging workbook, asked cell by cell; what is wrong goes to the faults."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import TypeVar

from supervise.core.judge_book import WITHDRAW, Sheet
from supervise.core.layout import Item
from supervise.errors import SuperviseError, UsageError
from supervise.read.amounts import plain, serial_date, stored_number, typed_date, typed_number
from supervise.read.cells import Manner, read_cell
from supervise.read.raw import RawCell
from supervise.read.text import clean, fold, half_width, shorten
from supervise.record import field, record

CODE = "judging_invalid"
LONGEST = 2000
V = TypeVar("V")


@record(frozen=False)
class CellFaults:
    """All that is wrong with one workbook, each with its cell."""

    file: str
    found: list[SuperviseError] = field(default_factory=list)

    def add(self, where: str, what: str, *, expected: str, fix: str) -> None:
        """One more fault."""
        place = f"{self.file} {where}".strip()
        self.found.append(UsageError(what, where=place, expected=expected, fix=fix, code=CODE))


@record(frozen=False)
class Entry:
    """One row in which a supervisor wrote something.

    Attributes:
        cells: By column key; blank ones are not there.
        columns: Column key to letters.
    """

    sheet: Sheet
    row: int
    cells: Mapping[str, RawCell]
    columns: Mapping[str, str]
    faults: CellFaults
    date1904: bool = False

    def where(self, key: str) -> str:
        """A cell as people find it."""
        return f"{self.sheet.name}!{self.columns[key]}{self.row}"

    def fail(self, key: str, what: str, *, expected: str, fix: str) -> None:
        """Something is wrong with a cell."""
        self.faults.add(self.where(key), what, expected=expected, fix=fix)

    def text(self, key: str) -> str:
        """What stands in a cell, as a text; empty if nothing does."""
        cell = self.cells.get(key)
        return _words(cell, self.date1904) if cell is not None else ""

    def needed(self, key: str) -> str:
        """The same, of a cell that must be filled in; empty after a fault."""
        text = self.text(key)
        heading = self.sheet.column(key).heading
        if not text and key not in self.cells:
            self.fail(
                key, f"“{heading}”没有填写", expected="填了的行填全", fix="补填，或清空该行。"
            )
        elif len(text) > LONGEST:
            self.fail(key, f"“{heading}”过长", expected=f"不超过 {LONGEST} 字", fix="缩短文字。")
            return ""
        return text

    def code(self, key: str) -> str:
        """An institution's code."""
        return half_width(self.needed(key)).upper()

    def day(self, key: str) -> str:
        """A date, ISO 8601; empty after a fault."""
        text = self.needed(key)
        found = typed_date(text) if text else None
        if text and found is None:
            self.fail(
                key,
                f"“{shorten(text)}”不能读为日期",
                expected="日期，如 2026-10-20",
                fix="改写为年-月-日。",
            )
        return found.isoformat() if found is not None else ""

    def choice(self, key: str, known: Mapping[str, V]) -> V | None:
        """One of the words of a list; None after a fault."""
        text = self.needed(key)
        for word, value in known.items():
            if text and fold(word) == fold(text):
                return value
        if text:
            heading = self.sheet.column(key).heading
            self.fail(
                key,
                f"{heading}“{shorten(text)}”不能识别",
                expected="、".join(known),
                fix="从列表选取。",
            )
        return None

    def points(self, key: str) -> Fraction | str | None:
        """Points, the word for withdrawing them, or None after a fault."""
        text = self.needed(key)
        if not text or fold(text) == WITHDRAW:
            return WITHDRAW if text else None
        cell = self.cells[key]
        if cell.kind == "number" and not (cell.is_date or cell.is_percent):
            number = stored_number(cell.text)
        else:
            typed = typed_number(text) if cell.kind == "text" else None
            number = typed.amount if typed is not None and typed.unit in ("", "分") else None
        if number is None:
            self.fail(
                key,
                f"分值“{shorten(text)}”不能读为数",
                expected=f"数字，或“{WITHDRAW}”",
                fix="改为数字。",
            )
            return None
        return Fraction(number)

    def figure(self, key: str, item: Item, manner: Manner) -> tuple[bool, Fraction | None]:
        """A figure as it stands on the bank's form: whether it can be read, and its value.

        A blank cell reads as none; amounts come back in 元, ratios as fractions.
        """
        found = read_cell(self.cells.get(key), item, manner)
        if found.state in ("blank", "not_applicable"):
            return True, None
        if isinstance(found.value, bool | str | date) or found.value is None:
            self.fail(
                key,
                f"“{shorten(self.text(key))}”不能读为“{item.name}”的数值",
                expected="数字，单位与报送表相同；比例写百分数，如 10%",
                fix="改正。",
            )
            return False, None
        return True, Fraction(found.value)


def _words(cell: RawCell, date1904: bool) -> str:
    if cell.kind != "number":
        return clean(cell.text)
    number = stored_number(cell.text)
    if number is None:
        return clean(cell.text)
    day = serial_date(number, date1904) if cell.is_date else None
    return day.isoformat() if day else plain(number)
