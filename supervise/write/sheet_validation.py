"""What a cell accepts, told before typing (prompt) and after a slip (error), in Chinese."""

from __future__ import annotations

from typing import Any

from supervise.core.layout import NUMERIC, Form, Item, OpenTable, Placed
from supervise.record import record
from supervise.write.sheet_values import NOT_APPLICABLE

_FIRST_DAY = 18172  # 1949-10-01 as a spreadsheet date
_TITLE_LIMIT, _TEXT_LIMIT = 32, 255
_LAST_TABLE_ROW = 2000
_UNIT_HINT = {
    "yuan": "金额单位见表头。",
    "ratio": "填百分数，如 10%。",
    "bp": "单位：BP。",
    "count": "填整数。",
    "days": "单位：天。",
    "points": "单位：分。",
    "flag": "从列表选取。",
    "choice": "从列表选取。",
    "date": "形如 2026-09-30。",
    "text": "",
}
_EXPECTED = {
    "yuan": "应为不小于零的数",
    "ratio": "应为 0 至 100% 之间的百分数",
    "bp": "应为不小于零的数",
    "count": "应为不小于零的整数",
    "days": "应为不小于零的数",
    "points": "应为不小于零的数",
    "flag": "请从列表选取",
    "choice": "请从列表选取",
    "date": "应为日期，形如 2026-09-30",
    "text": "文字过长，请控制在 2000 字以内",
}


@record
class Rule:
    """What one kind of cell accepts; equal rules share one validation over many cells."""

    type: str
    operator: str | None
    formula: str
    upper: str | None
    title: str
    prompt: str
    error: str


def accepts_not_applicable(form: Form, item: Item) -> bool:
    """Whether 不适用 may stand in the cell: supplementary sheets, free text aside."""
    return form.id != "COVER" and form.blank == "missing" and item.unit != "text"


def add_validations(sheet: Any, form: Form, items: dict[str, Item]) -> None:
    """Put a validation on every input cell and on every column of an open table."""
    ranges: dict[Rule, list[str]] = {}
    for placed in form.placed:
        if placed.kind == "input":
            _collect(ranges, form, items[placed.item], placed.address, placed.address)
    for table in form.tables:
        for letter, item in table.columns.items():
            first = f"{letter}{table.first_row}"
            _collect(ranges, form, items[item], first, f"{first}:{letter}{_LAST_TABLE_ROW}")
    for rule, cells in ranges.items():
        sheet.add_data_validation(_validation(rule, cells))


def _collect(ranges: dict[Rule, list[str]], form: Form, item: Item, first: str, cells: str) -> None:
    ranges.setdefault(_rule(form, item, first), []).append(cells)


def _rule(form: Form, item: Item, first: str) -> Rule:
    free = accepts_not_applicable(form, item)
    blank = "空白即零。" if form.blank == "zero" and item.unit in NUMERIC else ""
    tail = f"无此业务填“{NOT_APPLICABLE}”。" if free else ""
    kind, operator, formula, upper = _test(item, first, free)
    expected = _EXPECTED[item.unit] if not item.signed else "应为数"
    return Rule(
        kind,
        operator,
        formula,
        upper,
        item.name[:_TITLE_LIMIT],
        f"{item.what}{_UNIT_HINT[item.unit]}{blank}{tail}"[:_TEXT_LIMIT],
        f"{expected}{f'，或填“{NOT_APPLICABLE}”' if free else ''}。"[:_TEXT_LIMIT],
    )


def _test(item: Item, first: str, free: bool) -> tuple[str, str | None, str, str | None]:
    if item.unit in ("flag", "choice"):
        words = ("是", "否") if item.unit == "flag" else item.choices
        words = (*words, NOT_APPLICABLE) if free and NOT_APPLICABLE not in words else words
        return "list", None, f'"{",".join(words)}"', None
    if item.unit == "text":
        return "textLength", "lessThanOrEqual", "2000", None
    if free:
        return "custom", None, _custom(item, first), None
    if item.unit == "date":
        return "date", "greaterThanOrEqual", str(_FIRST_DAY), None
    kind = "whole" if item.unit == "count" else "decimal"
    if item.unit == "ratio" and not item.signed:
        return kind, "between", "0", "1"
    return kind, "greaterThanOrEqual", "-1E+15" if item.signed else "0", None


def _custom(item: Item, cell: str) -> str:
    """A number of the item's kind, or 不适用; ``cell`` is the first cell of the range."""
    tests = [f"ISNUMBER({cell})"]
    if item.unit == "date":
        tests.append(f"{cell}>={_FIRST_DAY}")
    elif not item.signed:
        tests.append(f"{cell}>=0")
    if item.unit == "ratio" and not item.signed:
        tests.append(f"{cell}<=1")
    if item.unit == "count":
        tests.append(f"{cell}=INT({cell})")
    return f'OR({cell}="{NOT_APPLICABLE}",AND({",".join(tests)}))'


def _validation(rule: Rule, cells: list[str]) -> Any:
    from openpyxl.worksheet.datavalidation import DataValidation

    return DataValidation(
        type=rule.type,
        operator=rule.operator,
        formula1=rule.formula,
        formula2=rule.upper,
        allow_blank=True,
        showInputMessage=True,
        showErrorMessage=True,
        errorStyle="stop",
        promptTitle=rule.title,
        prompt=rule.prompt,
        errorTitle="填报有误",
        error=rule.error,
        sqref=" ".join(cells),
    )


def table_range(table: OpenTable, letter: str) -> str:
    """Absolute range of a column's formatted rows, for its defined name."""
    last = table.first_row + table.template_rows - 1
    return f"${letter}${table.first_row}:${letter}${last}"


def cell_range(placed: Placed) -> str:
    """Absolute address of an item's cell, for its defined name."""
    letters = placed.address.rstrip("0123456789")
    return f"${letters}${placed.address[len(letters) :]}"
