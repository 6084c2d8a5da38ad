"""Checks 校核关系: YAML entries → ``Check``, variables expanded into bindings.

In: the ``checks`` of a form or of ``rulebook/checks/*.yaml``. Out: the checks that stand on
the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import product
from typing import cast, get_args

from supervise.core.formula import Binary, Expression
from supervise.core.law import Check
from supervise.core.model import Scope, Severity
from supervise.core.tolerance import COMPARISONS, MODES
from supervise.errors import RulebookError
from supervise.read.law_dated import basis, formula, one_of, provenance, read_date, read_number
from supervise.read.law_diagnosis import anchored, read_diagnosis
from supervise.read.law_reading import Reading, Use
from supervise.read.yaml import YamlMap, nearest

CHECK_KEYS = (
    "id", "name", "severity", "scope", "for_each", "rows_of", "given", "holds", "tolerance",
    "needs", "implies", "message", "fix", "why", "basis", "provenance", "in_force", "until",
    "examples", "made_by", "diagnose",
)  # fmt: skip
PLACEHOLDERS = (
    "cell", "item", "found", "expected", "expected_text", "difference", "tolerance",
)  # fmt: skip
READING_PLACEHOLDERS = (
    "cell", "cells", "count", "sheet", "row", "item", "text", "value", "expected",
)  # fmt: skip
_ID = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_\d{3}")
_SLOT = re.compile(r"{([^{}]*)}")


def read_check(entry: YamlMap, at: Reading) -> Check | None:
    """Read one check.

    Returns:
        None outside of the dates ``in_force`` and ``until``, if it has them.

    Raises:
        RulebookError: A fault, with file and line.
    """
    entry.only(CHECK_KEYS)
    scope = cast(Scope, one_of(entry, "scope", get_args(Scope)))
    bindings = _bindings(entry)
    holds = _formula(entry, "holds", bindings, at)
    _require_maker(entry, scope, holds)
    check = Check(
        id=_id(entry),
        name=entry.text("name"),
        severity=cast(Severity, one_of(entry, "severity", get_args(Severity))),
        scope=scope,
        holds=holds,
        given=_formula(entry, "given", bindings, at),
        message=_words(entry, "message", bindings[0]),
        fix=_words(entry, "fix", bindings[0]),
        basis=basis(entry, at.sources),
        provenance=provenance(entry),
        tolerance=_tolerance(entry, holds),
        bindings=bindings,
        rows_of=entry.text("rows_of", ""),
        needs=one_of(
            entry, "needs", ("", "predecessor", "year_start", "year_ago", "last_year"), ""
        ),
        implies=entry.texts("implies"),
        why=_words(entry, "why", bindings[0]),
        diagnosis=read_diagnosis(entry),
    )
    return check if _stands(entry, at) else None


def _require_maker(entry: YamlMap, scope: Scope, holds: Expression | None) -> None:
    """A check has a formula, or is made while reading, or by the engine from other findings."""
    by_engine = one_of(entry, "made_by", ("", "engine"), "") == "engine"
    if holds is None and scope != "reading" and not by_engine:
        entry.fail(
            "缺少 'holds'",
            expected="应成立的关系；仅 reading 类和 made_by: engine 的可省略",
            fix="补上 holds。",
        )
    if holds is not None and by_engine:
        entry.fail(
            "made_by: engine 的校核又有 'holds'",
            key="holds",
            expected="由程序作出的校核没有公式",
            fix="删去 holds，或删去 made_by。",
        )


def _id(entry: YamlMap) -> str:
    text = entry.text("id")
    if not _ID.fullmatch(text):
        entry.fail(
            f"校核编号 {text!r} 不合格式",
            key="id",
            expected="大写字母、数字与下划线，末尾三位序号，例如 S71_I_001",
            fix="改写编号；用过的编号不再使用。",
        )
    return text


def _bindings(entry: YamlMap) -> tuple[dict[str, str], ...]:
    variables = entry.map("for_each")
    columns = [variables.texts(name) for name in variables]
    for name, column in zip(variables, columns, strict=True):
        if not column:
            variables.fail(f"变量 {name!r} 没有取值", key=name, expected="[…]", fix="补上取值。")
        if len(set(column)) < len(column):
            variables.fail(f"变量 {name!r} 的取值重复", key=name, fix="删去重复的取值。")
    return tuple(dict(zip(variables, row, strict=True)) for row in product(*columns))


def _formula(
    entry: YamlMap, key: str, bindings: tuple[dict[str, str], ...], at: Reading
) -> Expression | None:
    if key not in entry:
        return None
    expression = formula(entry, key)
    for name in expression.names():
        for slot in _SLOT.findall(name):
            if slot not in bindings[0]:
                entry.fail(
                    f"公式用到未定义的变量 {{{slot}}}",
                    key=key,
                    expected=f"for_each 中的变量：{'、'.join(bindings[0]) or '无'}",
                    fix=f"改为 {nearest(slot, bindings[0])!r}，或在 for_each 中补上。",
                )
    table = entry.text("rows_of", "")
    at.uses.append(Use(expression, entry.where(key), "condition", bindings=bindings, table=table))
    return expression


def _words(entry: YamlMap, key: str, variables: Iterable[str]) -> str:
    text = entry.text(key)
    if not text.strip():
        entry.fail(f"{key!r} 为空", key=key, expected="一句中文", fix=f"写明 {key}。")
    without_formula = entry.text("scope") == "reading" or "made_by" in entry
    slots = READING_PLACEHOLDERS if without_formula else PLACEHOLDERS
    known = (*slots, *variables)
    for slot in _SLOT.findall(text):
        if slot not in known:
            entry.fail(
                f"{key!r} 中的占位符 {{{slot}}} 不存在",
                key=key,
                expected=f"可用：{'、'.join('{' + name + '}' for name in known)}",
                fix=f"改为 {{{nearest(slot, known) or 'cell'}}}。",
            )
    return text


def _tolerance(entry: YamlMap, holds: Expression | None) -> str:
    text = entry.text("tolerance", "none")
    if text != "none":
        _require_comparison(entry, holds)
    if text in MODES:
        return text
    value = read_number(text)
    if value is None or value < 0:
        entry.fail(
            f"容差 {text!r} 无效",
            key="tolerance",
            expected=f"{'、'.join(MODES)}，或不小于 0 的数（基本单位）",
            fix="改写容差。",
        )
    return str(value)


def _require_comparison(entry: YamlMap, holds: Expression | None) -> None:
    tree = holds.tree if holds is not None else None
    if not isinstance(tree, Binary) or tree.op not in COMPARISONS - {"!="}:
        entry.fail(
            "容差用在不是比较的关系上",
            key="tolerance",
            expected="holds 为 =、<=、>=、< 或 > 的比较",
            fix="把容差改为 none，或把关系写成比较。",
        )


def _stands(entry: YamlMap, at: Reading) -> bool:
    bounds = []
    for key in ("in_force", "until"):
        day = read_date(entry.text(key, "0001-01-01" if key == "in_force" else "9999-12-31"))
        if day is None:
            entry.fail(f"{key!r} 不是日期", key=key, expected="例如 2026-07-01", fix="改写日期。")
        bounds.append(day)
    return bounds[0] <= at.day <= bounds[1]


def linked(checks: Iterable[tuple[YamlMap, Check]]) -> list[RulebookError]:
    """Faults between checks: an id used twice, an implied check that does not exist."""
    pairs = list(checks)
    first: dict[str, YamlMap] = {}
    problems = []
    for entry, check in pairs:
        if check.id in first:
            where = first[check.id].where("id")
            problems.append(
                _fault(entry, "id", f"校核编号 {check.id} 用了两次", f"已见于 {where}", "换编号。")
            )
        first.setdefault(check.id, entry)
    for entry, check in pairs:
        for other in check.implies:
            if other not in first:
                near = nearest(other, first)
                problems.append(
                    _fault(entry, "implies", f"没有校核 {other!r}", "已有编号", f"改为 {near!r}。")
                )
    return [*problems, *anchored(pairs)]


def _fault(entry: YamlMap, key: str, what: str, expected: str, fix: str) -> RulebookError:
    return RulebookError(
        what, where=entry.where(key), expected=expected, fix=fix, code="rulebook_invalid"
    )
