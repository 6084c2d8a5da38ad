"""A supervisor's words about banks from a YAML file: opinions reworded, dated, left out, added.

``period:`` and ``banks:``, by bank code: ``overall``, ``note`` (internal), ``opinions`` by id
(text, due, drop, draft), ``added`` (problem, text, basis, due) and ``rectification`` by id
(status, evidence, due). A blank value changes nothing. Every fault is told at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from supervise.core.period import Period
from supervise.core.supervision import (
    NO_EDITS,
    AddedOpinion,
    ItemEdit,
    OpinionEdit,
    OpinionEdits,
    Standing,
    is_reworded,
)
from supervise.errors import RulebookError, SuperviseError, UsageError
from supervise.read.law_dated import read_date
from supervise.read.yaml import YamlMap, nearest, read_yaml
from supervise.record import field, record

CODE = "opinions_invalid"
BANK_KEYS = ("overall", "note", "opinions", "added", "rectification")
OPINION_KEYS = ("text", "due", "drop", "draft")
ADDED_KEYS = ("problem", "text", "basis", "due")
ITEM_KEYS = ("status", "evidence", "due")
STANDINGS: Mapping[str, Standing] = {
    "已整改": "mended", "整改中": "open", "逾期": "overdue", "不再适用": "not_applicable",
}  # fmt: skip
_CLOSED = ("已整改", "不再适用")
_LONGEST = 600
_SPACES = re.compile(r"[ \t\r\n]+")
_GUIDANCE = "guidance."
T = TypeVar("T")
Place = tuple[str, str]


@record
class OpinionFile:
    """What one file says.

    Attributes:
        banks: By bank code.
        places: ``file:line`` by bank code and by id; the id is empty for the bank itself.
    """

    path: str = ""
    period: str = ""
    banks: Mapping[str, OpinionEdits] = field(default_factory=dict)
    places: Mapping[Place, str] = field(default_factory=dict)

    def of(self, code: str, period: str) -> OpinionEdits:
        """What is said about one bank for one period."""
        return self.banks.get(code, NO_EDITS) if period == self.period else NO_EDITS


NO_OPINIONS = OpinionFile()


def read_opinions(path: Path) -> OpinionFile:
    """Read an opinions file.

    Raises:
        UsageError: The file is wrong; all its faults, each with its line.
    """
    reading = _Reading()
    found = reading.attempt(lambda: _file(path, reading))
    if found is None or reading.faults:
        raise together(reading.faults, str(path))
    return found


def together(faults: Sequence[SuperviseError], path: str) -> UsageError:
    """One error that tells several, each with its place and what to do."""
    if len(faults) == 1:
        one = faults[0]
        return UsageError(one.what, where=one.where, expected=one.expected, fix=one.fix, code=CODE)
    lines = [f"    {f.where}　{f.what}（应为：{f.expected}）　{f.fix}" for f in faults]
    return UsageError(
        "\n".join([f"监管意见文件有 {len(faults)} 处错误：", *lines]),
        where=path,
        expected="每一处都能对上本次评价的机构、意见和日期",
        fix="逐处改正后再运行；或删去写错的行。",
        code=CODE,
    )


class _Reading:
    """Gathers faults and the places of what was read."""

    def __init__(self) -> None:
        self.faults: list[SuperviseError] = []
        self.places: dict[Place, str] = {}

    def attempt(self, read: Callable[[], T]) -> T | None:
        """What was read, or None and one more fault."""
        try:
            return read()
        except RulebookError as error:
            self.faults.append(error)
            return None

    def every(self, reads: Iterable[Callable[[], T]]) -> tuple[T, ...]:
        """All that could be read."""
        found = [self.attempt(read) for read in reads]
        return tuple(one for one in found if one is not None)


def _file(path: Path, reading: _Reading) -> OpinionFile:
    tree = read_yaml(path)
    reading.attempt(lambda: tree.only(("period", "banks")))
    period = reading.attempt(lambda: _period(tree))
    banks = tree.map("banks")
    found = {code: reading.attempt(partial(_bank, banks, code, period, reading)) for code in banks}
    return OpinionFile(
        path=str(path),
        period=str(period or ""),
        banks={code: edits for code, edits in found.items() if edits is not None},
        places=reading.places,
    )


def _period(tree: YamlMap) -> Period:
    text = tree.text("period")
    try:
        return Period.parse(text)
    except ValueError:
        tree.fail(f"报告期写错：{text}", key="period", expected="如 2026Q3", fix="改正报告期。")


def _bank(banks: YamlMap, code: str, period: Period | None, reading: _Reading) -> OpinionEdits:
    reading.places[code, ""] = banks.where(code)
    tree = banks.map(code)
    reading.attempt(lambda: tree.only(BANK_KEYS))
    opinions, items = tree.map("opinions"), tree.map("rectification")
    reading.places |= {(code, key): part.where(key) for part in (opinions, items) for key in part}
    added = tree.maps("added")
    return OpinionEdits(
        overall=_text(tree, "overall"),
        note=_text(tree, "note"),
        opinions=reading.every(partial(_opinion, opinions, k, period) for k in opinions),
        added=reading.every(partial(_added, e, n, period) for n, e in enumerate(added, 1)),
        items=reading.every(partial(_item, items, k) for k in items),
    )


def _opinion(opinions: YamlMap, key: str, period: Period | None) -> OpinionEdit:
    entry = opinions.map(key)
    entry.only(OPINION_KEYS)
    text, draft, drop = (_text(entry, name) for name in ("text", "draft", "drop"))
    due = _due(entry, period)
    reworded = is_reworded(text, draft)
    if drop and (reworded or due):
        entry.fail(
            f"意见 {key} 既略去又改写或设了期限",
            key="drop",
            expected="drop 与改写的 text、due 只取其一",
            fix="要略去的恢复原文并清空 due；要保留的清空 drop。",
        )
    if due and key.startswith(_GUIDANCE):
        entry.fail(
            f"导向性要求 {key} 设了整改期限",
            key="due",
            expected="导向性要求只作“建议关注”，不作整改（通则 3）",
            fix="清空 due。",
        )
    return OpinionEdit(id=key, text=text if reworded else "", due=due, drop=drop, draft=draft)


def _added(entry: YamlMap, number: int, period: Period | None) -> AddedOpinion:
    entry.only(ADDED_KEYS)
    for key in ("text", "basis"):
        if not _text(entry, key):
            entry.fail(f"增加的意见缺少 {key}", expected="text 和 basis 必填", fix=f"补上 {key}。")
    return AddedOpinion(
        id=f"added.{period or ''}.{number}",
        problem=_text(entry, "problem"),
        text=_text(entry, "text"),
        basis=_text(entry, "basis"),
        due=_due(entry, period),
    )


def _item(items: YamlMap, key: str) -> ItemEdit:
    entry = items.map(key)
    entry.only(ITEM_KEYS)
    status, evidence = _text(entry, "status"), _text(entry, "evidence")
    if status and status not in STANDINGS:
        near = nearest(status, STANDINGS)
        entry.fail(
            f"整改状态写错：{status}",
            key="status",
            expected="、".join(STANDINGS),
            fix=f"改为 {near!r}。" if near else "改为其中之一，或留空由程序按数据判断。",
        )
    if status in _CLOSED and not evidence:
        entry.fail(
            f"整改事项 {key} 写了{status}，没有写依据",
            key="status",
            expected="由监管部门认定了结的，写明 evidence",
            fix="补上 evidence，如核实材料的名称和编号。",
        )
    return ItemEdit(id=key, status=STANDINGS.get(status), evidence=evidence, due=_due(entry, None))


def _text(entry: YamlMap, key: str) -> str:
    """One paragraph, whatever its line breaks in the file."""
    text = _SPACES.sub(" ", entry.text(key, "")).strip()
    if len(text) > _LONGEST:
        entry.fail(
            f"{key!r} 太长（{len(text)} 字）",
            key=key,
            expected=f"不超过 {_LONGEST} 字",
            fix="分成几条，或写得更短。",
        )
    return text


def _due(entry: YamlMap, period: Period | None) -> str:
    """A day; a new one must lie after the period that it is about."""
    text = _text(entry, "due")
    if not text:
        return ""
    day = read_date(text)
    if day is None:
        entry.fail(
            f"日期写错：{text}", key="due", expected="如 2026-12-31，或留空", fix="改正日期。"
        )
    if period is not None and day <= period.last_day:
        entry.fail(
            f"整改期限 {text} 不晚于报告期末 {period.last_day.isoformat()}",
            key="due",
            expected="报告期末以后的日期",
            fix="改正日期。",
        )
    return text
