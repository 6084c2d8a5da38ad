"""Supervisors' marks and corrections from a YAML file (standing rules 10 and 11).

``judgements:`` hold bank, indicator, part, points, by, on, reason; ``adjustments:`` hold bank,
item, adjusted, reason, evidence, by, on. Amounts are in 元 and may end in 万 or 亿.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

from supervise.core.context import Adjustment, Judgement
from supervise.core.formula import Number, parse
from supervise.core.law import Rulebook
from supervise.core.layout import NUMERIC
from supervise.errors import RulebookError, UsageError
from supervise.read.yaml import YamlMap, nearest, read_yaml
from supervise.record import record

JUDGEMENT_KEYS = ("bank", "indicator", "part", "points", "by", "on", "reason")
ADJUSTMENT_KEYS = ("bank", "item", "adjusted", "by", "on", "reason", "evidence")


@record
class Marks:
    """Judgements and adjustments by bank code."""

    judgements: Mapping[str, tuple[Judgement, ...]]
    adjustments: Mapping[str, tuple[Adjustment, ...]]


NO_MARKS = Marks({}, {})


def read_judgements(path: Path) -> Marks:
    """Read a judgement file.

    Raises:
        UsageError: The file is wrong; the message names file and line.
    """
    try:
        tree = read_yaml(path)
        tree.only(("judgements", "adjustments"))
        seen: set[tuple[str, ...]] = set()
        judgements: dict[str, list[Judgement]] = {}
        for entry in tree.maps("judgements"):
            _once(entry, ("bank", "indicator", "part"), seen)
            judgements.setdefault(entry.text("bank"), []).append(_judgement(entry))
        adjustments: dict[str, list[Adjustment]] = {}
        for entry in tree.maps("adjustments"):
            _once(entry, ("bank", "item"), seen)
            adjustments.setdefault(entry.text("bank"), []).append(_adjustment(entry))
    except RulebookError as error:
        raise UsageError(
            error.what,
            where=error.where,
            expected=error.expected,
            fix=error.fix,
            code="judgements_invalid",
        ) from error
    return Marks(
        {bank: tuple(marks) for bank, marks in judgements.items()},
        {bank: tuple(marks) for bank, marks in adjustments.items()},
    )


def require_known(marks: tuple[Judgement, ...], law: Rulebook, items: frozenset[str]) -> None:
    """Refuse a mark for a part that the rulebook does not judge, or above its maximum.

    Args:
        marks: One bank's judgements.
        law: The rulebook that it is judged by.
        items: Items that are adjusted; each must be on a form.

    Raises:
        UsageError: An unknown part or item, or points outside the part's range.
    """
    parts = {(i.id, p.id): p for i in law.indicators for p in i.parts if p.judged and p.curve}
    for mark in marks:
        part = parts.get((mark.indicator, mark.part))
        name = f"{mark.indicator}.{mark.part}"
        if part is None or part.curve is None:
            known = [f"{indicator}.{part_id}" for indicator, part_id in parts]
            raise _unknown(f"评价规则没有定性评分项 {name!r}", nearest(name, known))
        if not part.curve.low <= mark.points <= part.curve.high:
            raise UsageError(
                f"监管评分 {name} = {mark.points} 超出范围",
                expected=f"{part.curve.low}–{part.curve.high} 分",
                fix="改正 points。",
                code="judgements_invalid",
            )
    figures = {
        one.id for one in law.forms.items.values()
        if one.unit in NUMERIC and one.id not in law.forms.columns
    }  # fmt: skip
    for item in sorted(items - figures):
        raise _unknown(f"报表没有可调整的数值项 {item!r}", nearest(item, figures))


def _unknown(what: str, near: str) -> UsageError:
    return UsageError(
        what,
        expected=f"相近的名称：{near or '无'}",
        fix="改正名称；supervise rules list 与 supervise template --items 列出全部名称。",
        code="judgements_invalid",
    )


def _once(entry: YamlMap, keys: tuple[str, ...], seen: set[tuple[str, ...]]) -> None:
    """Refuse a second mark or correction of the same thing: which counts is not ours to say."""
    named = tuple(entry.text(key) for key in keys)
    if named in seen:
        entry.fail(f"{'.'.join(named)} 写了两次", expected="一项一条", fix="只保留有效的一条。")
    seen.add(named)


def _judgement(entry: YamlMap) -> Judgement:
    entry.only(JUDGEMENT_KEYS)
    return Judgement(
        indicator=entry.text("indicator"),
        part=entry.text("part"),
        points=_number(entry, "points"),
        by=entry.text("by"),
        reason=entry.text("reason"),
        on=_day(entry),
    )


def _adjustment(entry: YamlMap) -> Adjustment:
    entry.only(ADJUSTMENT_KEYS)
    return Adjustment(
        item=entry.text("item"),
        filed=None,
        adjusted=_number(entry, "adjusted"),
        reason=entry.text("reason"),
        evidence=entry.text("evidence"),
        by=entry.text("by"),
        on=_day(entry),
    )


def _number(entry: YamlMap, key: str) -> Fraction:
    text = entry.text(key)
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    tree = parse(digits, where=entry.where(key)).tree
    if not isinstance(tree, Number):
        example = "如 3、10%、1200万"
        entry.fail(f"{key!r} 不是数：{text}", key=key, expected=example, fix="改为数字。")
    return sign * tree.value


def _day(entry: YamlMap) -> str:
    text = entry.text("on")
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        entry.fail(f"日期写错：{text}", key="on", expected="如 2026-03-10", fix="改正日期。")
