"""The blank submission workbook, and the list of its items."""

from __future__ import annotations

from pathlib import Path

from supervise.core.period import Period
from supervise.errors import UsageError
from supervise.json_text import to_json
from supervise.pipeline.saving import save
from supervise.read.forms import read_forms
from supervise.read.rulebook import bank_types
from supervise.read.values import read_values
from supervise.read.yaml import nearest
from supervise.write.sheets import items_table, write_template
from supervise.write.terminal import aligned

_COLUMNS = ("id", "unit", "sheet", "cell", "code", "name")


def write_workbook(
    period: str, bank_type: str, output: Path, values: Path | None, overlay: Path | None
) -> Path:
    """Write the submission workbook of a period, filled in if values are given.

    Args:
        period: As ``2026Q3``.
        bank_type: Id or Chinese name of the bank type.
        output: The workbook to write.
        values: JSON or CSV of values by item id, in base units.
        overlay: An office's overlay.

    Raises:
        UsageError: Unknown period, type, item or value; the file cannot be written.
        RulebookError: A form definition is wrong.
    """
    when = parse_period(period)
    forms = read_forms(when, overlay=overlay).forms
    name = _type_name(bank_type, overlay)
    given = read_values(values, forms) if values is not None else None
    data = write_template(
        forms,
        period=when,
        bank_type_name=name,
        values=given.items if given else None,
        tables=given.tables if given else None,
    )
    save(
        output,
        data,
        what="报送表写不进文件",
        expected="可以写入的 .xlsx 文件",
        fix="检查路径和权限；若正在 Excel 或 WPS 中打开，请先关闭。",
    )
    return output


def items_text(period: str, form: str, overlay: Path | None) -> str:
    """Every item with id, unit, sheet, cell, 1104 code and name.

    Raises:
        UsageError: The period is none.
    """
    rows = items_table(read_forms(parse_period(period), overlay=overlay).forms)
    if form == "json":
        return to_json(rows)
    return "\n".join(aligned([[row[c] for c in _COLUMNS] for row in rows], indent="")) + "\n"


def parse_period(text: str) -> Period:
    """A period as a user types it.

    Raises:
        UsageError: Not a year and a quarter.
    """
    try:
        return Period.parse(text)
    except ValueError as error:
        raise UsageError(
            f"报告期写错：{text}", expected="如 2026Q3", fix="改正报告期。", code="bad_period"
        ) from error


def _type_name(text: str, overlay: Path | None) -> str:
    by_name = bank_types(overlay=overlay)
    if text in by_name:
        return text
    by_id = {type_id: name for name, type_id in by_name.items()}
    if text in by_id:
        return by_id[text]
    raise UsageError(
        f"没有机构类型 {text!r}",
        expected=f"下列之一：{'、'.join(f'{each}（{name}）' for each, name in by_id.items())}",
        fix=f"改为 {nearest(text, (*by_id, *by_name)) or 'rural_commercial'}。",
        code="unknown_bank_type",
    )
