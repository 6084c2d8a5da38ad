"""A list that an office keeps, as CSV or xlsx → rows by column, with every fault found at once.

CSV in UTF-8 or GB18030 as Excel and WPS save it; xlsx through our own reader and its guard. The
first line holds the headings; other columns than those asked for are the office's own.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from supervise.errors import SuperviseError, UsageError, WorkbookUnreadable
from supervise.read.amounts import packed_date, serial_date, stored_number, typed_date
from supervise.read.files import read_file
from supervise.read.raw import RawCell
from supervise.read.text import clean, fold
from supervise.read.workbook import read_workbook
from supervise.record import field, record

WORKBOOKS = (".xlsx", ".xlsm")
_MOST_TOLD = 200


@record
class Entry:
    """One row: where it stands, and its texts by column; a column that is not there is empty."""

    line: int
    texts: Mapping[str, str]


@record(frozen=False)
class Faults:
    """All that is wrong with one list.

    Attributes:
        what: What the list is called, such as 名册.
        code: Reason code of all its faults.
        error: What they are raised as.
    """

    what: str
    file: str
    code: str
    error: type[SuperviseError] = UsageError
    found: list[SuperviseError] = field(default_factory=list)

    def add(self, line: int, what: str, *, expected: str, fix: str) -> None:
        """One more fault; line 0 means the file as a whole."""
        self.told(
            f"{self.file} 第 {line} 行" if line else self.file, what, expected=expected, fix=fix
        )

    def told(self, where: str, what: str, *, expected: str, fix: str) -> None:
        """One more fault, its place in words."""
        self.found.append(self.error(what, where=where, expected=expected, fix=fix, code=self.code))

    def refuse(self) -> None:
        """Tell all faults together.

        Raises:
            SuperviseError: There is one; as ``error`` says.
        """
        if self.found:
            raise self._together()

    def _together(self) -> SuperviseError:
        if len(self.found) == 1:
            one = self.found[0].parts()
            return self.error(**{**one, "what": f"{self.what}有误：{one['what']}"})
        told = self.found[:_MOST_TOLD]
        more = len(self.found) - len(told)
        lines = [f"{each.where}：{each.what}" for each in told]
        return self.error(
            f"{self.what}有 {len(self.found)} 处错误，未采用",
            where="\n".join([*lines, f"……另有 {more} 处"] if more else lines),
            expected="\n".join(dict.fromkeys(each.expected for each in self.found)),
            fix="\n".join(dict.fromkeys(each.fix for each in self.found)),
            code=self.code,
        )


def read_table(
    path: Path,
    columns: Mapping[str, Sequence[str]],
    faults: Faults,
    *,
    optional: Collection[str] = (),
) -> list[Entry]:
    """The rows of a list; blank ones are left out.

    Args:
        path: CSV or xlsx.
        columns: Each column that is needed, with the headings that it may have.
        faults: Takes what is wrong: a column missing or there twice, no rows.
        optional: Columns that may be missing.

    Returns:
        Entries whose ``texts`` have every column that the file has.

    Raises:
        SuperviseError: The file cannot be read as a table at all; as ``faults.error`` says.
    """
    lines = _lines(path, faults)
    number, headings = next(lines, (1, []))
    places = _places(headings, columns, faults, number, optional)
    entries = [
        Entry(line, {name: cells[at] if at < len(cells) else "" for name, at in places.items()})
        for line, cells in lines
    ]
    if not entries:
        faults.add(0, "没有数据行", expected="标题行下每件一行", fix="补上数据行。")
    return entries


def day_of(text: str) -> date | None:
    """A date as people type it: ``2026-10-20``, ``2026年10月20日``, ``20261020``."""
    return typed_date(text) or packed_date(text)


def _places(
    headings: Sequence[str],
    columns: Mapping[str, Sequence[str]],
    faults: Faults,
    line: int,
    optional: Collection[str],
) -> dict[str, int]:
    """Where each column stands; faults for those that do not, or that stand twice."""
    folded = [fold(heading) for heading in headings]
    places: dict[str, int] = {}
    for name, allowed in columns.items():
        wanted = {fold(heading) for heading in allowed}
        found = [at for at, heading in enumerate(folded) if heading in wanted]
        expected = f"标题行有且只有一列“{allowed[0]}”（也可写作 {'、'.join(allowed[1:])}）"
        if not found and name not in optional:
            faults.add(line, f"缺少列“{allowed[0]}”", expected=expected, fix="补上该列和标题。")
        elif len(found) > 1:
            faults.add(
                line, f"列“{allowed[0]}”有 {len(found)} 个", expected=expected, fix="只留一列。"
            )
        elif found:
            places[name] = found[0]
    return places


def _lines(path: Path, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Number and texts of each line that is not blank."""
    try:
        data = read_file(path)
        rows = _sheet(data, path) if path.suffix.lower() in WORKBOOKS else _csv(data, faults)
    except WorkbookUnreadable as error:
        told = {**error.parts(), "what": f"{faults.what}不能读取：{error.what}"}
        raise faults.error(**{**told, "code": faults.code}) from error
    for number, cells in rows:
        if any(cells):
            yield number, cells


def _csv(data: bytes, faults: Faults) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(_decoded(data, faults), newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        rows.extend((reader.line_num, [clean(text) for text in row]) for row in reader)
    except csv.Error as error:
        raise faults.error(
            f"{faults.what}的 CSV 写法不对",
            where=f"{faults.file} 第 {reader.line_num} 行",
            expected=f"引号成对、以逗号分隔的 CSV（解析器的说法：{error}）",
            fix="检查该行的引号；或用 Excel、WPS 另存为 .xlsx。",
            code=faults.code,
        ) from error
    return rows


def _decoded(data: bytes, faults: Faults) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise faults.error(
        f"{faults.what}的文字编码不能识别",
        where=faults.file,
        expected="UTF-8 或 GB18030（GBK）的 CSV，或 .xlsx",
        fix="用 Excel 或 WPS 另存为“CSV UTF-8”或 .xlsx。",
        code=faults.code,
    )


def _sheet(data: bytes, path: Path) -> list[tuple[int, list[str]]]:
    """The first visible sheet, row by row."""
    book = read_workbook(data, path.name)
    sheet = next((sheet for sheet in book.sheets if sheet.state == "visible"), None)
    rows: dict[int, dict[int, str]] = {}
    for cell in sheet.cells.values() if sheet is not None else ():
        rows.setdefault(cell.row, {})[cell.column] = _text(cell, book.date1904)
    return [
        (row, [cells.get(column, "") for column in range(1, max(cells) + 1)])
        for row, cells in sorted(rows.items())
    ]


def _text(cell: RawCell, date1904: bool) -> str:
    """A cell as text; a number that stands for a day as that day."""
    number = stored_number(cell.text) if cell.kind == "number" else None
    day = serial_date(number, date1904) if number is not None and cell.is_date else None
    return day.isoformat() if day is not None else clean(cell.text)
