"""A filled-in judging workbook → its rows, with every fault of its form found at once.

Through our own reader and its guard. Columns are found by their headings, so rows may be sorted;
a row in which a supervisor wrote nothing is passed over. What a row means is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from supervise.core.judge_book import (
    GUIDE,
    PERIOD_LABEL,
    SHEETS,
    STAMP,
    STAMP_LABEL,
    Column,
    Sheet,
)
from supervise.core.period import Period
from supervise.errors import UsageError, WorkbookUnreadable
from supervise.read.cells import is_blank
from supervise.read.files import read_file
from supervise.read.judge_entry import CODE, CellFaults, Entry
from supervise.read.raw import RawCell, RawSheet, RawWorkbook
from supervise.read.sheets import find_sheet
from supervise.read.text import clean, fold
from supervise.read.workbook import read_workbook
from supervise.record import record

_REMADE = "用 supervise judge template 重新生成评分工作簿，把填写的内容复制过去。"
_HEADING_ROWS = 20


@record(kw_only=True)
class JudgeBook:
    """A workbook's rows by sheet id.

    Attributes:
        told: Every row of the sheet 程序, filled in or not: what the program wrote there.
    """

    file: str
    sha256: str
    period: Period
    entries: Mapping[str, tuple[Entry, ...]]
    told: tuple[Entry, ...]


def read_judge_book(path: Path, faults: CellFaults) -> JudgeBook:
    """Read a filled-in judging workbook.

    Args:
        path: The ``.xlsx``.
        faults: Takes what is wrong with single cells and sheets.

    Raises:
        UsageError: It cannot be read, or is no judging workbook.
    """
    try:
        raw = read_workbook(read_file(path), path.name)
    except WorkbookUnreadable as error:
        told = {**error.parts(), "what": f"评分工作簿不能读取：{error.what}", "code": CODE}
        raise UsageError(**told) from error
    period = _period(raw)
    rows: dict[str, tuple[Entry, ...]] = {
        plan.id: tuple(_entries(raw, plan, faults)) for plan in SHEETS
    }
    entries = {name: tuple(e for e in some if _acts(e)) for name, some in rows.items()}
    for some in entries.values():
        for entry in some:
            _no_formulas(entry)
    return JudgeBook(
        file=raw.file, sha256=raw.sha256, period=period, entries=entries, told=rows["stages"]
    )


def _period(raw: RawWorkbook) -> Period:
    guide = find_sheet(raw, GUIDE)
    known = _labelled(guide) if guide is not None else {}
    if known.get(STAMP_LABEL) != STAMP:
        raise UsageError(
            "不是评分工作簿",
            where=raw.file,
            expected=f"由 supervise judge template 生成、有“{GUIDE}”表的工作簿",
            fix=_REMADE,
            code=CODE,
        )
    try:
        return Period.parse(known.get(PERIOD_LABEL, ""))
    except ValueError as error:
        raise UsageError(
            "评分工作簿的报告期不能识别",
            where=f"{raw.file} {GUIDE}",
            expected=f"“{PERIOD_LABEL}”后为报告期，如 2026Q3",
            fix=_REMADE,
            code=CODE,
        ) from error


def _labelled(sheet: RawSheet) -> dict[str, str]:
    """Texts of column B by those of column A."""
    return {
        clean(cell.text): clean(sheet.cells[f"B{cell.row}"].text)
        for cell in sheet.cells.values()
        if cell.column == 1 and f"B{cell.row}" in sheet.cells
    }


def _entries(raw: RawWorkbook, plan: Sheet, faults: CellFaults) -> Iterator[Entry]:
    """Every row that is not blank."""
    sheet = find_sheet(raw, plan.name)
    if sheet is None:
        faults.add(plan.name, f"缺少工作表“{plan.name}”", expected="六张表齐全", fix=_REMADE)
        return
    rows: dict[int, dict[str, RawCell]] = {}
    for cell in sheet.cells.values():
        letters = cell.address.rstrip("0123456789")
        rows.setdefault(cell.row, {})[letters] = cell
    head, columns = _heading(rows, plan)
    missing = [column.heading for column in plan.columns if column.key not in columns]
    if missing:
        told = "、".join(missing)
        faults.add(plan.name, f"找不到列“{told}”", expected="标题行与生成时相同", fix=_REMADE)
        return
    for number in sorted(row for row in rows if row > head):
        found = {key: rows[number].get(letters) for key, letters in columns.items()}
        cells = {
            key: cell for key, cell in found.items() if cell is not None and not is_blank(cell)
        }
        if cells:
            yield Entry(plan, number, cells, columns, faults, raw.date1904)


def _heading(rows: Mapping[int, Mapping[str, RawCell]], plan: Sheet) -> tuple[int, dict[str, str]]:
    """Number of the heading row, and the letters of each column that is found there."""
    wanted = {fold(column.heading): column.key for column in plan.columns}
    best: tuple[int, dict[str, str]] = (0, {})
    for number in sorted(rows)[:_HEADING_ROWS]:
        texts = ((letters, fold(cell.text)) for letters, cell in rows[number].items())
        found = {wanted[text]: letters for letters, text in texts if text in wanted}
        if len(found) > len(best[1]):
            best = number, found
    return best


def _acts(entry: Entry) -> bool:
    """Whether a supervisor wrote in the row."""
    told = any(column.fill == "never" for column in _present(entry))
    return any(column.acts for column in _present(entry)) or not told


def _present(entry: Entry) -> Sequence[Column]:
    return [column for column in entry.sheet.columns if column.key in entry.cells]


def _no_formulas(entry: Entry) -> None:
    for key, cell in entry.cells.items():
        if cell.formula is not None:
            entry.fail(
                key,
                f"“{entry.sheet.column(key).heading}”里是公式",
                expected="填写的单元格里只有数值和文字",
                fix="复制该单元格，选择性粘贴为数值。",
            )
