"""Figures from a data warehouse → values to fill a template with.

In: a JSON or CSV file that names items. Out: ``GivenValues`` in base units (元, plain ratio).

JSON: ``{"items": {"G01_loans": "98310550000.00"}, "tables": {"XW2_branches": [{…}, …]}}``.
CSV: columns ``item``, ``value`` and, for open tables, ``row`` (1, 2, 3 …). Amounts are in 元,
ratios plain (``0.1``) or with a percent sign (``10%``), dates ``2026-09-30``, flags 是/否. An
empty value leaves the cell blank; 不适用 may stand for any datum.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NoReturn

from supervise.core.layout import NUMERIC, FormSet, Item
from supervise.core.model import Value
from supervise.errors import UsageError, why_not
from supervise.read.yaml import nearest
from supervise.record import record

NOT_APPLICABLE = "不适用"
_FLAGS = {"是": True, "否": False, "true": True, "false": False}
_EXPECTED = {
    "yuan": "以元为单位的数，如 98310550000.00",
    "ratio": "小数或百分数，如 0.1 或 10%",
    "bp": "数，如 50",
    "count": "不带小数的数",
    "days": "数",
    "points": "数",
    "flag": "是 或 否",
    "date": "日期，如 2026-09-30",
    "text": "文本",
}


@record
class GivenValues:
    """Values by item id, and the rows of open tables by table id."""

    items: Mapping[str, Value]
    tables: Mapping[str, tuple[Mapping[str, Value], ...]]


def read_values(path: Path, forms: FormSet) -> GivenValues:
    """Read a ``.json`` or ``.csv`` file of values.

    Raises:
        UsageError: The file cannot be read, or names an unknown item, or a value does not fit.
    """
    text = _text(path)
    if path.suffix.lower() == ".csv":
        return _from_csv(text, path.name, forms)
    return _from_json(text, path.name, forms)


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        _refuse("取数文件不能打开", str(path), why_not(error), "检查路径和读取权限。")
    try:
        return data.decode("utf-8-sig" if _is_utf8(data) else "gb18030")
    except UnicodeDecodeError:
        _refuse("取数文件的编码无法识别", path.name, "UTF-8 或 GB18030", "以 UTF-8 另存后再用。")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _refuse(what: str, where: str, expected: str, fix: str) -> NoReturn:
    raise UsageError(what, where=where, expected=expected, fix=fix, code="values_invalid")


def _from_json(text: str, name: str, forms: FormSet) -> GivenValues:
    try:
        tree = json.loads(text, parse_float=Decimal, parse_int=Decimal, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        _refuse("取数文件不是有效的 JSON", f"{name}:{error.lineno}", error.msg, "按所示行改正。")
    if not isinstance(tree, dict) or not set(tree) <= {"items", "tables"}:
        _refuse(
            "取数文件的最外层不对",
            name,
            '{"items": {…}, "tables": {…}}',
            "只保留 items 和 tables 两个键。",
        )
    items = _mapping(tree.get("items", {}), f"{name} items")
    tables = _mapping(tree.get("tables", {}), f"{name} tables")
    return GivenValues(
        _items(((key, value, f"{name} items.{key}") for key, value in items.items()), forms),
        {table: _rows(table, rows, name, forms) for table, rows in tables.items()},
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            _refuse(f"{key!r} 写了两次", key, "每个编号只给一个值", "删去其中一个。")
        found[key] = value
    return found


def _mapping(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        _refuse("此处应为键值对", where, '{"编号": "值"}', "改写为键值对。")
    return value


def _items(entries: Iterable[tuple[str, Any, str]], forms: FormSet) -> dict[str, Value]:
    found: dict[str, Value] = {}
    locked = {
        placed.item: placed.kind
        for form in forms.forms
        for placed in form.placed
        if placed.kind in ("fixed", "reference")
    }
    for item, raw, where in entries:
        if item not in forms.items or item in forms.columns:
            _unknown(item, where, [key for key in forms.items if key not in forms.columns])
        if item in locked:
            _refuse(
                f"数据项 {item!r} 由模板写定",
                where,
                "只给填报单元格和合计的值",
                "删去该项。" if locked[item] == "fixed" else "删去该项，改给它所引用的数据项。",
            )
        value = parse_value(forms.items[item], raw, where)
        if value is not None:
            found[item] = value
    return found


def _rows(table: str, rows: Any, name: str, forms: FormSet) -> tuple[Mapping[str, Value], ...]:
    columns = [item for item, owner in forms.columns.items() if owner == table]
    if not columns:
        _unknown(table, f"{name} tables", sorted(set(forms.columns.values())))
    if not isinstance(rows, list):
        _refuse("可变行表应为列表", f"{name} tables.{table}", "[{…}, {…}]", "改写为列表。")
    return tuple(
        _row(_mapping(row, f"{name} {table}[{n}]"), f"{name} {table}[{n}]", columns, forms)
        for n, row in enumerate(rows, 1)
    )


def _row(
    row: Mapping[str, Any], where: str, columns: list[str], forms: FormSet
) -> Mapping[str, Value]:
    found: dict[str, Value] = {}
    for item, raw in row.items():
        if item not in columns:
            _unknown(item, where, columns)
        value = parse_value(forms.items[item], raw, f"{where}.{item}")
        if value is not None:
            found[item] = value
    return found


def _unknown(name: str, where: str, known: Iterable[str]) -> NoReturn:
    near = nearest(name, known)
    raise UsageError(
        f"未知的编号 {name!r}",
        where=where,
        expected="supervise template --items 列出的编号",
        fix=f"改为 {near!r}。" if near else "删去该项，或核对编号。",
        code="values_unknown_item",
    )


def _from_csv(text: str, name: str, forms: FormSet) -> GivenValues:
    reader = csv.DictReader(io.StringIO(text))
    head = tuple(reader.fieldnames or ())
    if not {"item", "value"} <= set(head) <= {"item", "value", "row"}:
        _refuse("取数文件的表头不对", f"{name}:1", "item,value 或 item,value,row", "改写表头。")
    single: dict[str, tuple[str, str]] = {}
    rows: dict[str, dict[int, dict[str, str]]] = {}
    for line in reader:
        where, item = f"{name}:{reader.line_num}", (line["item"] or "").strip()
        table = forms.columns.get(item)
        if table is None:
            target: dict[str, Any] = single
            entry: Any = (line["value"], where)
        else:
            target = rows.setdefault(table, {}).setdefault(_number(line.get("row"), where), {})
            entry = line["value"]
        if item in target:
            _refuse(f"{item!r} 写了两次", where, "每个编号（每行）只给一个值", "删去其中一个。")
        target[item] = entry
    listed = {table: [found[n] for n in sorted(found)] for table, found in rows.items()}
    return GivenValues(
        _items(((item, value, where) for item, (value, where) in single.items()), forms),
        {table: _rows(table, found, name, forms) for table, found in listed.items()},
    )


def _number(text: str | None, where: str) -> int:
    if text is None or not (text.isascii() and text.isdigit() and int(text) > 0):
        _refuse("可变行表的数据缺少行号", where, "row 列为 1、2、3 …", "补上行号。")
    return int(text)


def parse_value(item: Item, raw: Any, where: str) -> Value | None:
    """One value as its item wants it; None for an empty one.

    Raises:
        UsageError: It does not fit the item.
    """
    if raw is None or raw == "":
        return None
    if isinstance(raw, bool):
        raw = "是" if raw else "否"
    text = f"{raw:f}" if isinstance(raw, Decimal) else raw
    if not isinstance(text, str):
        _misfit(item, raw, where)
    text = text.strip()
    if text == NOT_APPLICABLE:
        return text
    value = _typed(item, text)
    if value is None:
        _misfit(item, text, where)
    return value


def _typed(item: Item, text: str) -> Value | None:
    if item.unit in NUMERIC:
        return _decimal(item, text)
    if item.unit == "flag":
        return _FLAGS.get(text)
    if item.unit == "choice":
        return text if text in item.choices else None
    if item.unit == "date":
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    return text


def _decimal(item: Item, text: str) -> Decimal | None:
    percent = item.unit == "ratio" and text.endswith("%")
    try:
        value = Decimal(text[:-1] if percent else text)
    except InvalidOperation:
        return None
    if not value.is_finite() or (item.unit == "count" and value != value.to_integral_value()):
        return None
    return value / 100 if percent else value


def _misfit(item: Item, raw: object, where: str) -> NoReturn:
    expected = _EXPECTED.get(item.unit) or "、".join(item.choices)
    near = nearest(str(raw), item.choices) if item.choices else ""
    _refuse(
        f"数据项 {item.id}（{item.name}）的值 {str(raw)!r} 不能用",
        where,
        expected,
        f"改为 {near!r}。" if near else "按所示格式改写，或留空。",
    )
