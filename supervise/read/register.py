"""The register 名册: which banks have to file, and until when; and the log of what came when.

Columns 机构代码, 机构名称, 机构类型, 省份, 报送期限 in any order, one line per bank. Nothing is
guessed: all faults are told at once, and the register is not used until they are mended.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar

from supervise.core.filing_status import Registered
from supervise.core.period import Period
from supervise.read.office_table import Entry, Faults, day_of, read_table
from supervise.read.text import fold, half_width, shorten

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("机构代码", "机构编码", "code"),
    "name": ("机构名称", "name"),
    "type": ("机构类型", "type"),
    "province": ("省份", "所在地区", "province"),
    "due": ("报送期限", "截止日期", "due"),
}
RECEIPT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "file": ("文件名", "file"),
    "received": ("收到日期", "received"),
}
_CODE = re.compile(r"[A-Z0-9]{4,20}")
Value = TypeVar("Value")
_FORM_OF_A_DAY = "日期，如 2026-10-20"


def read_register(
    path: Path, period: Period, *, bank_types: Mapping[str, str], provinces: Mapping[str, str]
) -> tuple[Registered, ...]:
    """Every bank that has to file.

    Args:
        path: CSV or xlsx.
        period: Due dates must lie after its last day.
        bank_types: Chinese name to id; both may stand in the file.
        provinces: Chinese name to code; both may stand in the file.

    Raises:
        UsageError: ``register_invalid``, with every fault and its line.
    """
    faults = Faults("名册", path.name, "register_invalid")
    reading = _Reading(period, _both(bank_types), _both(provinces), faults)
    rows = [reading.row(entry) for entry in read_table(path, COLUMNS, faults)]
    faults.refuse()
    return tuple(row for row in rows if row is not None)


def read_receipts(path: Path) -> Mapping[str, date]:
    """When each file came, by file name 收文登记.

    Raises:
        UsageError: ``receipts_invalid``, with every fault and its line.
    """
    faults = Faults("收文登记", path.name, "receipts_invalid")
    days: dict[str, date] = {}
    for entry in read_table(path, RECEIPT_COLUMNS, faults):
        file, day = entry.texts.get("file"), entry.texts.get("received")
        if file is None or day is None:
            continue
        found = day_of(day)
        if not file:
            _blank(faults, entry, "文件名")
        elif file in days:
            faults.add(
                entry.line,
                f"文件“{shorten(file)}”登记了两次",
                expected="每个文件登记一次",
                fix="只留一行。",
            )
        if found is None:
            _bad_day(faults, entry, "收到日期", day)
        else:
            days[file] = found
    faults.refuse()
    return days


def _both(ids: Mapping[str, str]) -> dict[str, str]:
    """Folded names and ids alike to the id."""
    return {fold(word): each for name, each in ids.items() for word in (name, each)}


class _Reading:
    """Reads rows one by one; what is wrong goes to the faults."""

    def __init__(
        self, period: Period, types: Mapping[str, str], places: Mapping[str, str], faults: Faults
    ) -> None:
        self._period = period
        self._types = types
        self._places = places
        self._faults = faults
        self._seen: dict[str, int] = {}

    def row(self, entry: Entry) -> Registered | None:
        """One bank; None if anything of it is wrong."""
        code = self._told(entry, "code", self._code)
        name = self._told(entry, "name", lambda _, text: text)
        kind = self._told(entry, "type", self._type)
        place = self._told(entry, "province", self._province)
        due = self._told(entry, "due", self._due)
        if code is None or name is None or kind is None or place is None or due is None:
            return None
        return Registered(code=code, name=name, type=kind, province=place, due=due)

    def _told(
        self, entry: Entry, column: str, read: Callable[[Entry, str], Value | None]
    ) -> Value | None:
        """What a cell says; a blank one is a fault, one of a column that is missing is told."""
        text = entry.texts.get(column)
        if text == "":
            _blank(self._faults, entry, COLUMNS[column][0])
        return read(entry, text) if text else None

    def _code(self, entry: Entry, text: str) -> str | None:
        code = half_width(text).upper()
        if _CODE.fullmatch(code) is None:
            self._faults.add(
                entry.line,
                f"机构代码“{shorten(text)}”不能识别",
                expected="机构代码为 4 至 20 位大写字母或数字",
                fix="把代码列设为文本格式，重新录入完整代码。",
            )
            return None
        first = self._seen.setdefault(code, entry.line)
        if first != entry.line:
            self._faults.add(
                entry.line,
                f"机构 {code} 重复，首见第 {first} 行",
                expected="每家机构一行",
                fix="只留一行。",
            )
        return code

    def _type(self, entry: Entry, text: str) -> str | None:
        return self._known(entry, "机构类型", text, self._types)

    def _province(self, entry: Entry, text: str) -> str | None:
        return self._known(entry, "省份", text, self._places)

    def _known(self, entry: Entry, column: str, text: str, known: Mapping[str, str]) -> str | None:
        found = known.get(fold(text))
        if found is None:
            names = "、".join(word for word in known if not word.isascii())
            self._faults.add(
                entry.line,
                f"{column}“{shorten(text)}”不能识别",
                expected=f"{column}：{names}",
                fix=f"改为所列{column}之一。",
            )
        return found

    def _due(self, entry: Entry, text: str) -> date | None:
        due = day_of(text)
        if due is None:
            _bad_day(self._faults, entry, "报送期限", text)
        elif due <= self._period.last_day:
            self._faults.add(
                entry.line,
                f"报送期限 {due} 不晚于报告期末",
                expected=f"报送期限晚于 {self._period} 的最后一天 {self._period.last_day}",
                fix="改正报送期限；名册可能是别的报告期的。",
            )
        return due


def _blank(faults: Faults, entry: Entry, column: str) -> None:
    faults.add(entry.line, f"“{column}”为空", expected="所列各列逐行填写", fix="补上。")


def _bad_day(faults: Faults, entry: Entry, column: str, text: str) -> None:
    faults.add(
        entry.line,
        f"{column}“{shorten(text)}”不能读为日期",
        expected=_FORM_OF_A_DAY,
        fix="改写为年-月-日。",
    )
