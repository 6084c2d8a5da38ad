"""Law, submissions and evaluations for tests, written as a clerk or a lawyer would write them.

``filed(G01_loans="12亿")`` is a submission; ``law()`` the shipped law of a case; ``law_with``
puts hand-made checks, indicators, parameters in its place; ``evaluated`` judges the one by the
other. Items that are not given are blank, or zero on a sheet where blank means zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from supervise.core.compute import compute
from supervise.core.context import NO_CONTEXT, Context, Parent, PastEvaluation
from supervise.core.evaluate import evaluate
from supervise.core.evaluation import Evaluation
from supervise.core.formula import Number, Unary, parse
from supervise.core.frame import Frame, Result
from supervise.core.law import (
    Case,
    Check,
    Curve,
    Deduction,
    Indicator,
    Parameter,
    PartLaw,
    Requirement,
    Rulebook,
)
from supervise.core.layout import NUMERIC, FormSet, Item
from supervise.core.model import Bank, Basis, Cell, Fact, FactState, Finding, Row, Submission
from supervise.core.period import Period
from supervise.core.world import Book
from supervise.read.rulebook import read_rulebook
from supervise.record import replace
from supervise.write.sheets import write_template

HOUSE = Basis("house", "测试")
CODE = "B0001H233000001"
BANK = Bank(CODE, "licence", "示例农商行", "rural_commercial", "legal_person", None, "510000")
_BLANK: dict[int, tuple[FormSet, dict[str, Fact]]] = {}
_WRITTEN: dict[str, bytes] = {}
Given = str | int | Fraction | Decimal | bool | date | None


@cache
def law(
    period: str = "2026Q3",
    bank_type: str = "rural_commercial",
    province: str = "510000",
    overlay: Path | None = None,
) -> Rulebook:
    """The shipped law of a case, read once."""
    return read_rulebook(Period.parse(period), bank_type, province, overlay=overlay)


def number(text: str) -> Fraction:
    """``-1.5亿`` or ``10%`` as the law writes it."""
    tree = parse(text).tree
    if isinstance(tree, Unary) and isinstance(tree.operand, Number):
        return -tree.operand.value
    assert isinstance(tree, Number), text
    return tree.value


def decimal(value: Fraction) -> Decimal:
    """A fraction that has an exact decimal, as a fact holds it."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    assert Fraction(exact) == value, f"{value} 没有精确小数"
    return exact


def _unanswered(book: Rulebook) -> dict[str, Fact]:
    """Every item left blank, each at its cell; made once for a set of forms."""
    known = _BLANK.get(id(book.forms))
    if known is None:
        cells, zeros = _placed(book)
        blank = {
            name: fact(item, None, cells.get(name, Cell("", "")), zero=name in zeros)
            for name, item in book.forms.items.items()
            if name not in book.forms.columns
        }
        known = _BLANK[id(book.forms)] = (book.forms, blank)
    return known[1]


def _placed(book: Rulebook) -> tuple[dict[str, Cell], frozenset[str]]:
    cells: dict[str, Cell] = {}
    zero: set[str] = set()
    for form in book.forms.forms:
        for placed in form.placed:
            if placed.kind != "reference" or placed.item not in cells:
                cells[placed.item] = Cell(form.sheet, placed.address)
                if form.blank == "zero":
                    zero.add(placed.item)
        for table in form.tables:
            for column, item in table.columns.items():
                cells[item] = Cell(form.sheet, f"{column}{table.first_row}")
    return cells, frozenset(zero)


def fact(item: Item, given: Given, cell: Cell, *, zero: bool = False) -> Fact:
    """One datum; ``不适用`` is a token on any item, None is a blank cell."""
    if given is None:
        if zero and item.unit in NUMERIC:
            return Fact(item.id, Decimal(0), "zero", cell)
        return Fact(item.id, None, "blank", cell)
    if given == "不适用":
        return Fact(item.id, None, "not_applicable", cell, "不适用")
    if given == "#REF!":
        return Fact(item.id, None, "invalid", cell, "#REF!")
    return Fact(item.id, _value(item, given), "given", cell, str(given))


def _value(item: Item, given: Any) -> Any:
    if item.unit == "flag" and isinstance(given, str):
        return given == "是"
    if item.unit == "date" and isinstance(given, str):
        return date.fromisoformat(given)
    if item.unit not in NUMERIC or isinstance(given, bool):
        return given
    exact = number(given) if isinstance(given, str) else Fraction(given)
    return decimal(exact)


def filed(
    book: Rulebook | None = None,
    figures: Mapping[str, Given] | None = None,
    /,
    *,
    tables: Mapping[str, Sequence[Mapping[str, Given]]] | None = None,
    **more: Given,
) -> Submission:
    """A submission that holds what is given.

    Args:
        book: The law whose forms it is filed on, the shipped law of the default case if None.
        figures: Item id to what a clerk would type, in base units (``1.5亿``, ``10%``, 是).
        tables: Open-table id to its rows.
        more: Further figures by item id.
    """
    book = book or law()
    wanted = {**(figures or {}), **more}
    blank = _unanswered(book)
    unknown = wanted.keys() - blank.keys()
    assert not unknown, f"没有数据项 {unknown}"
    items = book.forms.items
    given = {n: fact(items[n], v, blank[n].cell) for n, v in wanted.items() if v is not None}
    facts = {**blank, **given}
    bank = replace(BANK, type=book.bank_type.id, province=book.province)
    return Submission(
        bank=bank,
        period=book.period,
        form_version=book.forms.version,
        file="示例.xlsx",
        sha256="0" * 64,
        facts=facts,
        tables=_tables(book, tables or {}),
    )


def _tables(
    book: Rulebook, given: Mapping[str, Sequence[Mapping[str, Given]]]
) -> dict[str, tuple[Row, ...]]:
    found: dict[str, tuple[Row, ...]] = {}
    for form in book.forms.forms:
        for table in form.tables:
            found[table.id] = tuple(
                {
                    item: fact(
                        book.forms.items[item],
                        row.get(item),
                        Cell(form.sheet, f"{column}{table.first_row + n}"),
                    )
                    for column, item in table.columns.items()
                }
                for n, row in enumerate(given.get(table.id, ()))
            )
    return found


def branches(*weights: Given, **same: Given) -> dict[str, list[dict[str, Given]]]:
    """Open table of domestic branches in the business, one weight each."""
    rows = [
        {
            "XW2_branch_name": f"支行{n}",
            "XW2_branch_level": "二级分行",
            "XW2_in_business": True,
            "XW2_kpi_weight": weight,
            "XW2_has_department": True,
            **same,
        }
        for n, weight in enumerate(weights, 1)
    ]
    return {"XW2_branches": rows}


def past(period: str, facts: Mapping[str, Given] | None = None, **changes: Any) -> PastEvaluation:
    """An earlier evaluation that holds the given facts and parts."""
    figures = (facts or {}).items()
    exact = {k: number(v) if isinstance(v, str) else Fraction(str(v)) for k, v in figures}
    known: dict[str, Any] = {
        "kind": Period.parse(period).kind,
        "file": f"{period}.json",
        "parts": {},
        "elements": {},
        "total": None,
        "grade": None,
    }
    return PastEvaluation(period=period, facts=exact, **{**known, **changes})


def book_of(
    submission: Submission | None = None,
    rulebook: Rulebook | None = None,
    context: Context = NO_CONTEXT,
) -> Book:
    """The world of a submission."""
    rulebook = rulebook or law()
    return Book(submission or filed(rulebook), rulebook, context)


def value_of(formula: str, book: Book | None = None, **local: Result) -> Result:
    """What a formula comes to; ``local`` are names of a curve."""
    return compute(parse(formula).tree, book or book_of(), Frame(local=local))


def case(when: str | None, points: str, provenance: Any = "provisional", label: str = "") -> Case:
    """Points under a condition."""
    return Case(parse(when) if when else None, parse(points), provenance, label)


def curve(
    *cases: Case, high: int = 10, low: int = 0, deductions: Sequence[Deduction] = ()
) -> Curve:
    """A curve of cases tried in order."""
    return Curve(Fraction(high), Fraction(low), cases, tuple(deductions), "provisional", HOUSE)


def deduction(when: str, points: int) -> Deduction:
    """Points that replace a part's own in an annual run."""
    return Deduction(parse(when), Fraction(points), "provisional", when)


def part(name: str, value: str | None, scored: Curve | None = None, **changes: Any) -> PartLaw:
    """A part of an indicator; ``base`` and ``applies`` are formulas."""
    for key in ("base", "applies"):
        if isinstance(changes.get(key), str):
            changes[key] = parse(changes[key])
    known: dict[str, Any] = {"unit": "ratio", "better": "higher", "base": None, **changes}
    formula = parse(value) if value else None
    return PartLaw(id=name, name=name, value=formula, curve=scored, **known)


def indicator(name: str, *parts: PartLaw, value: str | None = None, **changes: Any) -> Indicator:
    """A regular indicator of element ``supply`` for everybody."""
    if isinstance(changes.get("applies_when"), str):
        changes["applies_when"] = parse(changes["applies_when"])
    known: dict[str, Any] = {
        "element": "supply",
        "kind": "regular",
        "unit": "ratio",
        "better": "higher",
        "headline": False,
        "what": "测试",
        "why": "测试",
        "value_text": value or "",
        "requirements": (),
        "levels": ("legal_person", "tier1_branch"),
        "applies": True,
        "applies_when": None,
        "annual_only": False,
        "provenance": "provisional",
        "basis": HOUSE,
    }
    formula = parse(value) if value else None
    return Indicator(id=name, name=name, value=formula, parts=parts, **{**known, **changes})


def points(name: str, formula: str, high: int = 10, **changes: Any) -> Indicator:
    """An indicator of one part that earns what a formula says."""
    low = changes.pop("low", 0)
    scored = part(name, formula, curve(case(None, "value"), high=high, low=low))
    return indicator(name, scored, value=formula, **changes)


def requirement(value: str, limit: str | None = None, **changes: Any) -> Requirement:
    """A duty: at least ``limit``, or a condition if there is no limit."""
    if isinstance(changes.get("applies_when"), str):
        changes["applies_when"] = parse(changes["applies_when"])
    known: dict[str, Any] = {
        "id": "duty",
        "name": "要求",
        "kind": "duty",
        "test": "at_least" if limit else "holds",
        "value": parse(value),
        "limit": parse(limit) if limit else None,
        "applies": True,
        "applies_when": None,
        "basis": HOUSE,
        "provenance": "confirmed",
    }
    return Requirement(**{**known, **changes})


def check(holds: str, **changes: Any) -> Check:
    """A blocking form check; ``given`` is a formula."""
    if isinstance(changes.get("given"), str):
        changes["given"] = parse(changes["given"])
    known: dict[str, Any] = {
        "id": "T_001",
        "name": "测试",
        "severity": "blocking",
        "scope": "form",
        "given": None,
        "message": "{cell} {item} {found} 应为 {expected}，相差 {difference}（{tolerance}）。",
        "fix": "改正。",
        "basis": HOUSE,
        "provenance": "provisional",
    }
    return Check(holds=parse(holds), **{**known, **changes})


def reading_finding(name: str = "R_001", severity: Any = "blocking") -> Finding:
    """A finding made while reading."""
    return Finding(name, severity, "reading", ("G01!C6",), "不是数字。", "改正。", HOUSE)


def parameter(name: str, value: Fraction | str | None, provenance: Any = "confirmed") -> Parameter:
    """A parameter of the law; None: unset."""
    return Parameter(name, name, "ratio", value, provenance, HOUSE)


def law_with(base: Rulebook | None = None, **changes: Any) -> Rulebook:
    """A law without checks and indicators but those given."""
    return replace(base or law(), **{"checks": (), "indicators": (), **changes})


def evaluated(
    rulebook: Rulebook | None = None,
    submission: Submission | None = None,
    context: Context = NO_CONTEXT,
) -> Evaluation:
    """A submission judged."""
    rulebook = rulebook or law()
    return evaluate(submission or filed(rulebook), rulebook, context=context)


COVER: dict[str, Given] = {
    "COVER_bank_code": CODE,
    "COVER_code_system": "金融许可证机构编码",
    "COVER_bank_name": "示例农商行",
    "COVER_bank_type": "农村商业银行",
    "COVER_level": "法人",
    "COVER_province": "四川省",
    "COVER_filing": "首次",
    "COVER_sequence": 1,
    "COVER_prepared_by": "甲",
    "COVER_reviewed_by": "乙",
    "COVER_responsible": "丙",
    "COVER_filed_on": "2026-10-12",
    "COVER_opened_on": "2005-06-01",
    "COVER_differentiated": False,
}


def nil_bank(**changes: Given) -> dict[str, Given]:
    """A bank without any of the business: every sheet 零报送, nothing to find fault with."""
    sheets = {f"COVER_status_{f.id}": "零报送" for f in law().forms.forms if f.status_item}
    return {**COVER, **sheets, "XW4_tolerance_form": "绝对值", **changes}


def workbook(
    path: Path,
    figures: Mapping[str, Given],
    *,
    period: str = "2026Q3",
    tables: Mapping[str, Sequence[Mapping[str, Given]]] | None = None,
) -> Path:
    """A workbook that a bank filled in, on the shipped template."""
    forms = law(period).forms
    items = forms.items
    kept = {name: given for name, given in figures.items() if given is not None}
    typed = {name: _value(items[name], given) for name, given in kept.items()}
    rows = {
        table: [{name: _value(items[name], given) for name, given in row.items()} for row in lines]
        for table, lines in (tables or {}).items()
    }
    known = f"{period} {sorted(kept.items())} {rows}"
    if known not in _WRITTEN:
        when = Period.parse(period)
        _WRITTEN[known] = write_template(forms, period=when, values=typed, tables=rows)
    path.write_bytes(_WRITTEN[known])
    return path


def told(*values: object) -> tuple[object, ...]:
    """Several values in one comparison; a whole number stands for its fraction."""
    return values


def state(name: str, how: FactState, submission: Submission) -> Submission:
    """The submission with one datum in another state, its value gone."""
    changed = replace(submission.facts[name], state=how, value=None)
    return replace(submission, facts={**submission.facts, name: changed})


def parent_of(evaluation: Evaluation) -> Parent:
    """What the branches of a legal person may take from its evaluation."""
    bank, law = evaluation.submission.bank, evaluation.rulebook
    results = {one.law.id: one for one in evaluation.indicators}
    return Parent(bank.code, bank.type, bank.province, law.digest, results)
