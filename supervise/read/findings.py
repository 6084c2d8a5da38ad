"""Findings made while reading: which checks there are, and how one becomes a ``Finding``.

The words stand in ``rulebook/checks/reading.yaml``; here is only when each applies. Checks in
``BY_SHEET`` are told once a sheet with every cell concerned, the others once a cell; beyond 100
cells of a column, as only an open table has them, the rest of the column is told together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from supervise.core.law import Check
from supervise.core.model import Cell, Finding
from supervise.errors import RulebookError
from supervise.read.text import shorten
from supervise.record import field, record

SHEET_MISSING = "R_001"
SHEET_RENAMED = "R_002"
CELLS_MOVED = "R_003"
LABEL_CHANGED = "R_004"
NOT_A_NUMBER = "R_005"
NUMBER_AS_TEXT = "R_006"
RATIO_WITHOUT_PERCENT = "R_007"
FORMAT_DISAGREES = "R_008"
ERROR_VALUE = "R_009"
NEVER_CALCULATED = "R_010"
PICTURE = "R_011"
EXTERNAL_LINK = "R_012"
CELL_TWICE = "R_013"
DATE_FOR_NUMBER = "R_014"
NOT_A_DATE = "R_015"
DATE_GUESSED = "R_016"
NOT_A_FLAG = "R_017"
FLAG_TOLERATED = "R_018"
NOT_A_CHOICE = "R_019"
NOT_WHOLE = "R_020"
TOO_PRECISE = "R_021"
GREY_FILLED = "R_022"
NIL_FILLED = "R_023"
NOT_APPLICABLE_FILLED = "R_024"
SHEET_HIDDEN = "R_025"
CELLS_HIDDEN = "R_026"
LOCKED_CHANGED = "R_027"
ROW_WITHOUT_KEY = "R_028"
MACROS = "R_029"
COVER_BLANK = "R_030"
REQUIRED_BLANK = "R_031"
CODE_DISAGREES = "R_032"
OUT_OF_RANGE = "R_033"
REFERENCE_CUT = "R_034"

ALL = tuple(f"R_{number:03}" for number in range(1, 35))
BY_SHEET = frozenset(
    {
        LABEL_CHANGED,
        NEVER_CALCULATED,
        EXTERNAL_LINK,
        TOO_PRECISE,
        NOT_APPLICABLE_FILLED,
        SHEET_HIDDEN,
        CELLS_HIDDEN,
        COVER_BLANK,
        REQUIRED_BLANK,
    }
)
_NAMED = 5
_ONE_BY_ONE = 100
_DIGITS = "0123456789"
_AND_OTHERS = "{cells} 等"
_MORE = "同列同类共 {count} 处（{cells}），合并列示。"


@record
class Remark:
    """A check that one cell fails, with the words its message needs."""

    check: str
    words: Mapping[str, str] = field(default_factory=dict)


class _Words(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


class FindingList:
    """Collects what reading finds, in the order found.

    Args:
        checks: The reading checks by id.
        say: Puts a Chinese text of the reader into the language of the checks.

    Raises:
        RulebookError: The rulebook lacks one of the reading checks.
    """

    def __init__(self, checks: Mapping[str, Check], say: Callable[[str], str] = str) -> None:
        lacking = [check for check in ALL if check not in checks]
        if lacking:
            raise RulebookError(
                f"规则库缺少读取校核 {'、'.join(lacking[:_NAMED])}",
                where="rulebook/checks/reading.yaml",
                expected=f"读取校核 {ALL[0]} 至 {ALL[-1]} 齐全",
                fix="恢复随程序发布的 reading.yaml，或在叠加规则库中补回这些条目。",
                code="rulebook_invalid",
            )
        self._checks = checks
        self._say = say
        self._entries: dict[tuple[str, str], tuple[dict[str, Cell], dict[str, str]]] = {}
        self._columns: dict[tuple[str, str], int] = {}

    def add(self, remark: Remark, cell: Cell, item: str = "") -> None:
        """Note that ``cell`` fails a check; ``item`` is the datum's Chinese name."""
        place = cell.sheet if remark.check in BY_SHEET else str(cell)
        key = (remark.check, place)
        if remark.check not in BY_SHEET and key not in self._entries:
            column = (remark.check, place.rstrip(_DIGITS))
            self._columns[column] = told = self._columns.get(column, 0) + 1
            key = column if told > _ONE_BY_ONE else key
        cells, _ = self._entries.setdefault(key, ({}, {"item": item, **remark.words}))
        cells.setdefault(cell.address, cell)

    def extend(self, remarks: Iterable[Remark], cell: Cell, item: str) -> None:
        """Add several remarks on one cell."""
        for remark in remarks:
            self.add(remark, cell, item)

    def done(self) -> tuple[Finding, ...]:
        """Every finding, one for each cell or sheet."""
        return tuple(
            self._finding(self._checks[check], tuple(cells.values()), words)
            for (check, _), (cells, words) in self._entries.items()
        )

    def _finding(self, check: Check, cells: tuple[Cell, ...], words: Mapping[str, str]) -> Finding:
        say = self._say
        named = say("、").join(_told(cell) for cell in cells[:_NAMED])
        told = {key: shorten(word) for key, word in words.items()}
        said = _Words({key: say(word) for key, word in told.items()})
        said["cell"] = _told(cells[0])
        said["sheet"] = shorten(cells[0].sheet)
        said["cells"] = say(_AND_OTHERS).format(cells=named) if len(cells) > _NAMED else named
        said["count"] = str(len(cells))
        more = len(cells) > 1 and check.id not in BY_SHEET
        return Finding(
            check=check.id,
            severity=check.severity,
            scope="reading",
            cells=tuple(str(cell) if cell.address else cell.sheet for cell in cells),
            message=check.message.format_map(said) + (say(_MORE).format_map(said) if more else ""),
            fix=check.fix.format_map(said),
            basis=check.basis,
            found=told.get("text", ""),
            expected=told.get("expected", ""),
        )


def _told(cell: Cell) -> str:
    """A place fit for a message: the name of a bank's own sheet is foreign text."""
    sheet = shorten(cell.sheet)
    return f"{sheet}!{cell.address}" if cell.address else sheet
