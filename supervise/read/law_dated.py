"""Typed scalars of a law file: dated entries, numbers, provenance, basis, formulas.

In: ``YamlMap``. Out: values of ``core/law.py``, or ``RulebookError`` with file and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import cache
from typing import cast

from supervise.core.formula import Expression, parse
from supervise.core.model import Basis, Provenance
from supervise.errors import RulebookError
from supervise.read.yaml import YamlMap, nearest

REPEALED = "repealed"
UNSET = "unset"
PROVENANCES: tuple[Provenance, ...] = ("confirmed", "extracted", "provisional")
_NUMBER = re.compile(r"(-?)(\d+(?:,\d{3})*(?:\.\d+)?)(%|万|亿)?", re.ASCII)
_SCALE = {"%": Fraction(1, 100), "万": Fraction(10_000), "亿": Fraction(100_000_000)}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@cache
def read_date(text: str) -> date | None:
    """``2024-11-25`` as a date; None if it is none."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def in_force(entries: YamlMap, day: date) -> str | None:
    """Key of the dated entry that applies on a day.

    Args:
        entries: Values keyed by the date from which each applies, in rising order.
        day: Last day of the period.

    Returns:
        The latest key not after ``day``; None before the first one, or once ``repealed``.

    Raises:
        RulebookError: A key is no date, or the dates do not rise.
    """
    found: str | None = None
    last = date.min
    for key in entries:
        start = read_date(key)
        if start is None:
            entries.fail(
                f"{key!r} 不是生效日期",
                key=key,
                expected="年-月-日，例如 2024-11-25",
                fix="写明该规定开始适用的日期。",
            )
        if start <= last:
            entries.fail(
                f"生效日期 {key} 没有排在 {last.isoformat()} 之后",
                key=key,
                expected="从早到晚排列；变更写在下面，不改旧条目",
                fix="按日期从早到晚排列。",
            )
        last = start
        if start <= day:
            found = key
    return None if found is None or entries[found] == REPEALED else found


def required_in_force(entries: YamlMap, day: date, what: str) -> str:
    """Like ``in_force``, for a value that the law cannot do without.

    Raises:
        RulebookError: No entry covers the day.
    """
    key = in_force(entries, day)
    if key is None:
        entries.fail(
            f"{what}在 {day.isoformat()} 没有生效的值",
            expected=f"一个不晚于 {day.isoformat()} 的日期条目；现有：{'、'.join(entries) or '无'}",
            fix="补上该日适用的条目，或改评价更晚的报告期。",
        )
    return key


def read_number(text: str) -> Fraction | None:
    """``10%``, ``50``, ``1000万``, or ``1.5亿`` exactly; None if it is no number."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return None
    sign, digits, scale = match.groups()
    value = Fraction(digits.replace(",", "")) * _SCALE.get(scale or "", Fraction(1))
    return -value if sign else value


def number(entry: YamlMap, key: str, default: str | None = None) -> Fraction:
    """The number under ``key``.

    Raises:
        RulebookError: Missing, or no number.
    """
    text = entry.text(key, default)
    value = read_number(text)
    if value is None:
        entry.fail(
            f"{key!r} 应为数，现为 {text!r}",
            key=key,
            expected="例如 5、10%、1000万、1.5亿",
            fix="改为数。",
        )
    return value


def one_of(entry: YamlMap, key: str, allowed: Iterable[str], default: str | None = None) -> str:
    """The word under ``key``, which must be one of a few.

    Raises:
        RulebookError: Missing, or another word.
    """
    word = entry.text(key, default)
    known = tuple(allowed)
    if word not in known:
        entry.fail(
            f"{key!r} 的取值 {word!r} 无效",
            key=key,
            expected=f"可选：{'、'.join(known)}",
            fix=f"改为 {nearest(word, known) or known[0]!r}。",
        )
    return word


def provenance(entry: YamlMap, key: str = "provenance", default: str | None = None) -> Provenance:
    """Where a row comes from 来源状态.

    Raises:
        RulebookError: Missing, or not one of the three words.
    """
    if key not in entry and default is None:
        entry.fail(
            f"缺少来源状态 {key!r}",
            expected=f"可选：{'、'.join(PROVENANCES)}；未见正式文本的一律为 provisional",
            fix=f"补上 {key}。",
        )
    return cast(Provenance, one_of(entry, key, PROVENANCES, default))


def worst(marks: Iterable[Provenance]) -> Provenance:
    """The least certain of several; ``confirmed`` if there are none."""
    return max(marks, key=PROVENANCES.index, default="confirmed")


def basis(entry: YamlMap, sources: Iterable[str]) -> Basis:
    """What a row rests on 法规依据.

    Raises:
        RulebookError: Missing, or an instrument that ``sources.yaml`` does not list.
    """
    if "basis" not in entry:
        entry.fail(
            "缺少法规依据 'basis'",
            expected="{source: sources.yaml 中的文件, article: 条款}",
            fix="补上 basis；没有正式文本的写 {source: house}。",
        )
    cited = entry.map("basis")
    cited.only(("source", "article"))
    return Basis(one_of(cited, "source", sources), cited.text("article", ""))


@cache
def _parsed(text: str) -> Expression:
    return parse(text)


def formula(entry: YamlMap, key: str) -> Expression:
    """The formula under ``key``; equal texts are parsed once.

    Raises:
        RulebookError: Not a formula; the message shows file, line and column.
    """
    text = entry.text(key)
    try:
        return _parsed(text)
    except RulebookError:
        return parse(text, where=entry.where(key))
