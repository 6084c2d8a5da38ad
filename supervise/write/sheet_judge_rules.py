"""What a fill-in cell of the judging workbook accepts, told before typing and after a slip."""

from __future__ import annotations

from typing import Any

from supervise.core.judge_book import WITHDRAW, Column, Sheet

_FIRST_DAY = 43831  # 2020-01-01 as a spreadsheet date
_LONGEST = "2000"


def add_rules(sheet: Any, plan: Sheet, first: int, last: int) -> None:
    """Put a validation on every column that a supervisor fills in."""
    from openpyxl.utils import get_column_letter

    if last < first:
        return
    letters = {c.key: get_column_letter(at) for at, c in enumerate(plan.columns, 1)}
    for column in plan.columns:
        if column.fill != "never" and column.kind != "figure":
            rule = _rule(column, letters, first)
            rule.sqref = f"{letters[column.key]}{first}:{letters[column.key]}{last}"
            sheet.add_data_validation(rule)


def _rule(column: Column, letters: dict[str, str], first: int) -> Any:
    if column.kind == "choice":
        listed = ",".join(column.choices)
        return _made("list", f'"{listed}"', column, "从列表选取。")
    if column.kind == "date":
        return _made(
            "date", str(_FIRST_DAY), column, "形如 2026-10-20。", operator="greaterThanOrEqual"
        )
    if column.kind == "points":
        cell, most = f"{letters[column.key]}{first}", f"${letters['max']}{first}"
        test = f'OR({cell}="{WITHDRAW}",AND(ISNUMBER({cell}),{cell}>=0,{cell}<={most}))'
        return _made("custom", test, column, f"不超过满分的数；撤销已有评分写“{WITHDRAW}”。")
    return _made("textLength", _LONGEST, column, "不超过 2000 字。", operator="lessThanOrEqual")


def _made(kind: str, formula: str, column: Column, told: str, *, operator: str = "") -> Any:
    from openpyxl.worksheet.datavalidation import DataValidation

    return DataValidation(
        type=kind,
        operator=operator or None,
        formula1=formula,
        allow_blank=True,
        showInputMessage=column.kind != "text",
        showErrorMessage=True,
        errorStyle="stop",
        promptTitle=column.heading,
        prompt=told,
        errorTitle="填写有误",
        error=f"{column.heading}：{told}",
    )
