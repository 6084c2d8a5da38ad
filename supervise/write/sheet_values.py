"""What stands in each cell of a template: given figures in the form's unit, and worked-out ones.

In: values by item id in base units (元, plain ratio). Out: ``Contents``: what to write, and the
result of every formula, so that a filled template can be read before any program recalculates it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

from supervise.core.layout import BANNER, NUMERIC, Form, FormSet, Item, Placed
from supervise.core.model import Value
from supervise.core.period import Period
from supervise.errors import UsageError
from supervise.record import field, record

NOT_APPLICABLE = "不适用"
CellValue = Decimal | str | date
Tables = Mapping[str, Sequence[Mapping[str, Value]]]
_REFERENCE = re.compile(r"(?:'([^']+)'!)?([A-Z]{1,2}[1-9]\d*)")


@record(frozen=False)
class Contents:
    """Cells by ``(sheet, address)``.

    Attributes:
        values: What a plain cell holds, in the unit that the sheet shows.
        formulas: Formula text without ``=``.
        results: What each formula comes to; empty text where it shows nothing.
    """

    values: dict[tuple[str, str], CellValue] = field(default_factory=dict)
    formulas: dict[tuple[str, str], str] = field(default_factory=dict)
    results: dict[tuple[str, str], CellValue] = field(default_factory=dict)


def fill(forms: FormSet, period: Period, values: Mapping[str, Value], tables: Tables) -> Contents:
    """Put every value in its cell; a value given for a total or reference replaces its formula.

    Raises:
        UsageError: An id that no form places, or a value that does not fit its item.
    """
    _refuse_unknown(forms, values, tables)
    contents = Contents()
    for form in forms.forms:
        for placed in form.placed:
            _put(contents, forms, form, placed, values)
        for table in form.tables:
            columns = {item: letter for letter, item in table.columns.items()}
            for number, row in enumerate(tables.get(table.id, ()), table.first_row):
                for item, value in row.items():
                    spot = (form.sheet, f"{columns[item]}{number}")
                    contents.values[spot] = cell_value(forms.items[item], value, form.money_scale)
    _banners(contents, forms, period)
    blank = {form.sheet: form.blank == "zero" for form in forms.forms}
    for sheet, address in contents.formulas:
        if address != BANNER:
            contents.results[sheet, address] = _result(contents, sheet, address, blank)
    return contents


def cell_value(item: Item, value: Value, money_scale: Decimal) -> CellValue:
    """A base-unit value as the sheet shows it.

    Raises:
        UsageError: The value is of another kind than the item.
    """
    if isinstance(value, bool):
        value = "是" if value else "否"
    numeric = item.unit in NUMERIC
    if value == NOT_APPLICABLE or isinstance(value, Decimal) == numeric:
        if isinstance(value, Decimal) and item.unit == "yuan":
            return value / money_scale
        return value
    raise UsageError(
        f"数据项 {item.id} 的值 {value!r} 与其单位不符",
        where=item.id,
        expected=f"{item.name}：{'数' if numeric else '文本或日期'}",
        fix="改为与单位相符的值。",
        code="values_invalid",
    )


def _refuse_unknown(forms: FormSet, values: Iterable[str], tables: Tables) -> None:
    placed = {placed.item for form in forms.forms for placed in form.placed}
    known_tables = {table.id for form in forms.forms for table in form.tables}
    for item in values:
        if item not in placed:
            raise _unknown("数据项", item, placed)
    for table, rows in tables.items():
        if table not in known_tables:
            raise _unknown("可变行表", table, known_tables)
        columns = {item for item, owner in forms.columns.items() if owner == table}
        for item in {item for row in rows for item in row}:
            if item not in columns:
                raise _unknown(f"{table} 的列", item, columns)


def _unknown(what: str, name: str, known: Iterable[str]) -> UsageError:
    near = get_close_matches(name, sorted(known), n=1, cutoff=0.4)
    return UsageError(
        f"未知的{what} {name!r}",
        where=name,
        expected="supervise template --items 列出的编号",
        fix=f"改为 {near[0]!r}。" if near else "删去该项，或核对编号。",
        code="values_unknown_item",
    )


def _put(
    contents: Contents, forms: FormSet, form: Form, placed: Placed, values: Mapping[str, Value]
) -> None:
    spot = (form.sheet, placed.address)
    if placed.item in values:
        item = forms.items[placed.item]
        contents.values[spot] = cell_value(item, values[placed.item], form.money_scale)
    elif placed.kind == "fixed":
        contents.values[spot] = placed.formula
    elif placed.kind != "input":
        contents.formulas[spot] = placed.formula


def _banners(contents: Contents, forms: FormSet, period: Period) -> None:
    """The line under each title that shows the bank's name from the cover and the period."""
    cover = forms.form("COVER")
    address = next(each.address for each in cover.placed if each.item == "COVER_bank_name")
    name = contents.values.get((cover.sheet, address), "")
    tail = f"　　报告期：{period}"
    for form in forms.forms:
        if (form.placed or form.tables) and form is not cover:
            spot = (form.sheet, BANNER)
            contents.formulas[spot] = f'"填报机构："&\'{cover.sheet}\'!{address}&"{tail}"'
            contents.results[spot] = f"填报机构：{name}{tail}"


def _result(contents: Contents, sheet: str, address: str, zero: Mapping[str, bool]) -> CellValue:
    """What a total or reference comes to: a sum of the cells it names, or the one it shows."""
    spots = dict.fromkeys(
        (other or sheet, cell)
        for other, cell in _REFERENCE.findall(contents.formulas[sheet, address])
    )
    parts = [_part(contents, spot, zero) for spot in spots]
    if not zero[sheet] and any(part == "" for part in parts):
        return ""
    return sum((part for part in parts if isinstance(part, Decimal)), Decimal(0))


def _part(contents: Contents, spot: tuple[str, str], zero: Mapping[str, bool]) -> CellValue:
    if spot in contents.formulas:
        return _result(contents, *spot, zero)
    value = contents.values.get(spot, "")
    return Decimal(0) if value == "" and zero[spot[0]] else value
