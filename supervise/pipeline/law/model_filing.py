"""The model filing: one good workbook of an invented bank, and what becomes of it when changed.

Examples of checks start from it: ``supervise explain`` shows them, the tests run them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Final

from supervise.core.compute import compute
from supervise.core.context import NO_CONTEXT
from supervise.core.exact import as_decimal
from supervise.core.formula import parse
from supervise.core.frame import Frame
from supervise.core.layout import NUMERIC, Form, FormSet, Item
from supervise.core.model import Cell, Fact, Row, Submission, Value
from supervise.core.period import Period
from supervise.core.world import Book
from supervise.errors import RulebookError
from supervise.pipeline.case import Case
from supervise.read.cover import LEVELS
from supervise.read.rulebook import read_law
from supervise.read.submission import bind, sheet_statuses
from supervise.read.values import read_values
from supervise.record import replace

FILE: Final = Path(__file__).resolve().parents[2] / "rulebook" / "model_filing.json"
BLANK: Final = "空"
NOT_APPLICABLE: Final = "不适用"
PLACES: Final = 2
"""Decimals of an amount as typed."""
Changes = Mapping[str, str]


@lru_cache(maxsize=4)
def model_case(period: Period, overlay: Path | None = None) -> Case:
    """The model filing for a period, read back from its own workbook.

    Raises:
        RulebookError: The law or a form is wrong.
    """
    from supervise.read.workbook import read_workbook
    from supervise.write.sheets import write_template

    law = read_law(overlay)
    forms = law.forms(period)
    given = read_values(FILE, forms)
    data = write_template(forms, period=period, values=given.items, tables=given.tables)
    raw = read_workbook(data, FILE.with_suffix(".xlsx").name)
    types, places = law.bank_types, law.provinces
    bank = _bank_of(given.items, {"bank_types": types, "provinces": places})
    rulebook = law.rulebook(period, *bank)
    checks = {check.id: check for check in rulebook.checks if check.scope == "reading"}
    filed = bind(raw, rulebook.forms, bank_types=types, provinces=places, checks=checks)
    return Case(filed, rulebook)


def changed(case: Case, changes: Changes, where: str, overlay: Path | None = None) -> Case:
    """The model filing with some cells filled in otherwise, and the law for it.

    Args:
        case: The model filing.
        changes: Item (``item@row`` in an open table) to a formula over the model filing, or to
            a text as typed.
        where: Who asks, for messages.
        overlay: An office's overlay.

    Raises:
        RulebookError: A change that names no item or does not fit it.
    """
    book = Book(case.submission, case.rulebook, NO_CONTEXT)
    facts = dict(case.submission.facts)
    tables = {name: [dict(row) for row in rows] for name, rows in case.submission.tables.items()}
    for target, text in changes.items():
        item, _, row = target.partition("@")
        if row:
            _change_rows(tables, book, (item, row, text), where)
        else:
            known = facts.get(item)
            if known is None:
                raise _fault(f"例子改动的数据项 {item} 不存在", where)
            facts[item] = _filled(known, text, (book, Frame()), where)
    _follow(facts, case.rulebook.forms)
    made = replace(
        case.submission, facts=facts, tables={name: tuple(rows) for name, rows in tables.items()}
    )
    return _with_cover(made, overlay)


def _follow(facts: dict[str, Fact], forms: FormSet) -> None:
    """What only shows another cell again shows the changed figure too."""
    by_cell = {str(fact.cell): fact for fact in facts.values()}
    for placed in (p for form in forms.forms for p in form.placed if p.kind == "reference"):
        source = by_cell.get(placed.formula.replace("'", ""))
        if source is not None and placed.item in facts:
            shown = facts[placed.item]
            facts[placed.item] = replace(
                shown, value=source.value, state=source.state, text=source.text
            )


def value_of(text: str, book: Book, frame: Frame, where: str) -> Fraction:
    """A figure of an example: a formula over the model filing.

    Raises:
        RulebookError: It cannot be computed.
    """
    result = compute(parse(text, where=where).tree, book, frame)
    if not isinstance(result, Fraction):
        raise _fault(f"例子中的 {text} 算不出数", where)
    return result


def _change_rows(
    tables: dict[str, list[dict[str, Fact]]], book: Book, change: tuple[str, str, str], where: str
) -> None:
    item, row, text = change
    table = book.rulebook.forms.columns.get(item)
    if table is None:
        raise _fault(f"例子改动的列 {item} 不存在", where)
    rows = tables.setdefault(table, [])
    if row == "all":
        chosen = list(range(len(rows)))
    else:
        chosen = [int(row) - 1]
        while len(rows) <= chosen[0]:
            rows.append(_new_row(book.rulebook.forms, table, len(rows)))
    for number in chosen:
        before: Row = dict(rows[number])
        rows[number][item] = _filled(rows[number][item], text, (book, Frame(row=before)), where)


def _new_row(forms: FormSet, table: str, number: int) -> dict[str, Fact]:
    form, layout = next((f, t) for f in forms.forms for t in f.tables if t.id == table)
    return {
        item: Fact(item, None, "blank", Cell(form.sheet, f"{letter}{layout.first_row + number}"))
        for letter, item in layout.columns.items()
    }


def _filled(fact: Fact, text: str, at: tuple[Book, Frame], where: str) -> Fact:
    forms = at[0].rulebook.forms
    if text == BLANK:
        form = _form_of(fact, forms)
        zero = form.blank == "zero" and forms.items[fact.item].unit in NUMERIC
        nothing = Decimal(0) if zero else None
        return Fact(fact.item, nothing, "zero" if zero else "blank", fact.cell)
    item = forms.items[fact.item]
    if text == NOT_APPLICABLE and text not in item.choices:
        return Fact(fact.item, None, "not_applicable", fact.cell, text)
    value = _value(item, text, at, where)
    if isinstance(value, Decimal) and item.unit == "yuan":
        form = _form_of(fact, forms)
        typed = round(value / form.money_scale, PLACES)
        return Fact(fact.item, typed * form.money_scale, "given", fact.cell, f"{typed:f}")
    shown = f"{value.normalize():f}" if isinstance(value, Decimal) else text
    return Fact(fact.item, value, "given", fact.cell, shown)


def _value(item: Item, text: str, at: tuple[Book, Frame], where: str) -> Value:
    if item.unit == "flag":
        return text == "是"
    if item.unit == "date":
        return date.fromisoformat(text)
    if item.unit not in NUMERIC:
        return text
    figure = value_of(text, *at, where)
    return as_decimal(figure)


def _form_of(fact: Fact, forms: FormSet) -> Form:
    return next(form for form in forms.forms if form.sheet == fact.cell.sheet)


def _with_cover(filed: Submission, overlay: Path | None) -> Case:
    """Bank, sequence and law as the changed cover has them."""
    law = read_law(overlay)
    told = {item: fact.value for item, fact in filed.facts.items() if item.startswith("COVER_")}
    names = {"bank_types": law.bank_types, "provinces": law.provinces}
    bank_type, province = _bank_of(told, names)
    bank = replace(
        filed.bank,
        type=bank_type,
        province=province,
        level=LEVELS[str(told["COVER_level"])],
        code=str(told["COVER_bank_code"]),
    )
    number = told.get("COVER_sequence")
    sequence = int(number) if isinstance(number, Decimal) else 1
    rulebook = law.rulebook(filed.period, bank_type, province)
    statuses = sheet_statuses(rulebook.forms, filed.facts)
    made = replace(filed, bank=bank, sequence=sequence, sheet_status=statuses)
    return Case(made, rulebook)


def _bank_of(
    told: Mapping[str, Value | None], names: Mapping[str, Mapping[str, str]]
) -> tuple[str, str]:
    return (
        names["bank_types"][str(told["COVER_bank_type"])],
        names["provinces"][str(told["COVER_province"])],
    )


def _fault(what: str, where: str) -> RulebookError:
    return RulebookError(
        what,
        where=where,
        expected="数据项编号，明细行写作 item@2；数字写成算式",
        fix="改写该校核的 examples。",
        code="example_invalid",
    )
