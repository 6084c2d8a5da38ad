"""One worked bank: its YAML, the workbook made from it, and what the program makes of that.

Only what a person reads and writes is here; no formula of the law, and nothing of the engine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from supervise.core.context import Context as Beside
from supervise.core.context import Parent
from supervise.core.period import Period
from supervise.pipeline.case import judge, read_case
from supervise.read.forms import read_forms
from supervise.read.history import read_history
from supervise.read.judgements import NO_MARKS, read_judgements
from supervise.read.values import read_values
from supervise.read.yaml import YamlMap, read_yaml
from supervise.settings import Settings
from supervise.write.document import evaluation_document
from supervise.write.sheets import write_template

HERE = Path(__file__).parent
NAMES = sorted(path.stem for path in HERE.glob("[0-9][0-9]_*.yaml"))
SCALES = {"万": Fraction(10**4), "亿": Fraction(10**8), "%": Fraction(1, 100)}
AMOUNT = re.compile(r"-?[0-9.]+[万亿]")
WHOLE, PARTS = ("1", "3"), {"1": "1_a", "3": "3_2"}
BRANCH = {
    "name": "branch_name",
    "level": "branch_level",
    "business": "in_business",
    "weight": "kpi_weight",
    "exception": "ftp_exception_bp",
    "dept": "has_department",
}
COVER = {
    "COVER_code_system": "金融许可证机构编码",
    "COVER_prepared_by": "示例甲",
    "COVER_reviewed_by": "示例乙",
    "COVER_responsible": "示例丙",
    "COVER_phone": "000-00000000",
    "COVER_succession": "无",
}
_DIGITS = Context(prec=12, rounding=ROUND_HALF_UP)


def number(text: str) -> Fraction:
    """``12.5%``, ``3.2亿``, ``-4`` or ``535/6``, exactly."""
    scale = SCALES.get(text[-1])
    return Fraction(text[:-1]) * scale if scale is not None else Fraction(text)


def printed(text: str) -> str | None:
    """A number as the contract prints it: at most 12 significant digits, no trailing zeros."""
    if text == "none":
        return None
    value = number(text)
    digits = f"{_DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator)):f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


@cache
def case(name: str) -> YamlMap:
    """The YAML of one bank."""
    return read_yaml(HERE / f"{name}.yaml")


def filed(text: str) -> str:
    """An amount in 元 for the values file; anything else as it stands."""
    return str(int(number(text))) if AMOUNT.fullmatch(text) else text


def figures(told: YamlMap) -> Iterator[tuple[str, str]]:
    """Item id and value of everything that the bank types."""
    bank = told.map("bank")
    yield from COVER.items()
    for item in ("name", "code", "type"):
        yield f"COVER_bank_{item}", bank.text(item)
    yield "COVER_level", bank.text("level")
    yield "COVER_province", bank.text("province")
    yield from ((f"COVER_status_{form}", state) for form, state in told.map("sheets").items())
    yield from told.map("figures").items()
    for row, cells in told.map("grid").items():
        yield from _grid_row(row, cells)
    for series, dates in told.map("comparatives").items():
        for when, text in dates.items():
            yield from ((f"S71_I_{series}{tier}_{when}", text) for tier in "05")


def _grid_row(row: str, cells: YamlMap) -> Iterator[tuple[str, str]]:
    """All loans lie between 100 and 500 万元; sums of amounts are the template's own formulas."""
    amounts = {key: text for key, text in cells.items() if key != "with_bills"}
    for line in (row, PARTS[row]) if row in WHOLE else (row,):
        for column, text in amounts.items():
            middle = cells.text("with_bills", text) if column == "A" else text
            yield f"S71_I_{line}_{column}2", middle
            yield f"S71_I_{line}_{column}5", text
            if column in "BE":
                yield f"S71_I_{line}_{column}0", text


def branches(told: YamlMap) -> list[dict[str, str]]:
    """Rows of the branch table."""
    rows = []
    for branch in told.maps("branches"):
        row = {"XW2_kpi_doc": "示例考〔2026〕6号", "XW2_in_business": "是"}
        rows.append(row | {f"XW2_{BRANCH[key]}": text for key, text in branch.items()})
    return rows


def write_workbook(name: str, folder: Path) -> Path:
    """The bank's submission: values file → template filled in, as a data warehouse does it."""
    told = case(name)
    period = Period.parse(told.map("bank").text("period"))
    items = {item: filed(text) for item, text in figures(told)}
    values = folder / f"{name}.json"
    tables = {"XW2_branches": branches(told)}
    values.write_text(json.dumps({"items": items, "tables": tables}), encoding="utf-8")
    forms = read_forms(period).forms
    given = read_values(values, forms)
    book = folder / f"{name}.xlsx"
    book.write_bytes(write_template(forms, period=period, values=given.items, tables=given.tables))
    return book


def document(name: str, folder: Path) -> dict[str, Any]:
    """The evaluation document that the program writes for one bank."""
    return evaluation_document(judged(name, folder))


def judged(name: str, folder: Path) -> Any:
    """The program's evaluation of one bank, after that of its parent if it has one."""
    told = case(name)
    bank = told.map("bank")
    read = read_case(write_workbook(name, folder), Settings())
    parent = _legal_person(bank.text("parent_case"), folder) if "parent_case" in bank else None
    history = _history(told, folder)
    known = history.get(bank.text("code"), {})
    return judge(read, Beside(history=known, parent=parent), _marks(told, folder))


def _legal_person(name: str, folder: Path) -> Parent:
    found = judged(name, folder)
    bank, law = found.submission.bank, found.rulebook
    results = {one.law.id: one for one in found.indicators}
    return Parent(bank.code, bank.type, bank.province, law.digest, results)


def _marks(told: YamlMap, folder: Path) -> Any:
    """The supervisor's points and corrections, through the file that a supervisor writes."""
    signed = "by: 示例监管员, on: 2027-03-10, reason: 手算示例"
    bank = f"bank: {told.map('bank').text('code')}"
    lines = ["judgements:"] if "marks" in told else []
    for place, points in told.map("marks").items():
        indicator, _, part = place.partition(".")
        where = f"indicator: {indicator}, part: {part}"
        lines.append(f"  - {{{bank}, {where}, points: {points}, {signed}}}")
    lines += ["adjustments:"] if "adjustments" in told else []
    for item, adjusted in told.map("adjustments").items():
        where = f"item: {item}, adjusted: {filed(adjusted)}, evidence: 现场核实底稿"
        lines.append(f"  - {{{bank}, {where}, {signed}}}")
    if not lines:
        return NO_MARKS
    path = folder / "judgements.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_judgements(path)


def _history(told: YamlMap, folder: Path) -> Any:
    """Earlier annual evaluations, written by hand in the contract's schema."""
    past = folder / "history"
    past.mkdir(exist_ok=True)
    for year in told.maps("history"):
        earlier = _earlier(told.map("bank").text("code"), year)
        text = json.dumps(earlier, ensure_ascii=False)
        (past / f"{year.text('period')}.json").write_text(text, encoding="utf-8")
    return read_history(past)


def _earlier(code: str, year: YamlMap) -> dict[str, Any]:
    shown = [part for part in ("growth_gap", "increment", "plan_gap") if part in year]
    parts = [{"id": part, "value": printed(year.text(part))} for part in shown]
    facts = {item: printed(text) for item, text in year.map("facts").items()}
    return {
        "schema": "supervise/evaluation/1",
        "status": "passed",
        "evaluation": {"kind": "annual", "stage": "final", "audience": "bank"},
        "submission": {"period": year.text("period"), "sequence": 1, "bank": {"code": code}},
        "findings": [],
        "indicators": [{"id": "inclusive_loan_growth", "value": None, "parts": parts}],
        "elements": [],
        "score": {"total": printed(year.text("total"))},
        "grade": {"id": year.text("grade")},
        "facts": facts,
    }
