"""Workings: the formula with its numbers in place, as a clerk would write it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from builders import book_of, branches, filed, past

from supervise.core.context import Context
from supervise.core.formula import parse
from supervise.core.frame import Absent, Frame
from supervise.core.measures import base_of, measure
from supervise.core.model import Submission
from supervise.core.workings import printed, unit_of, workings

BANK = filed(
    G01_loans="9.8亿",
    G01_bills="1.2亿",
    S71_I_6_A5="1.5亿",
    S71_I_6_A5_year_start="1.2亿",
    XW2_ftp_discount_bp="62.5",
    XW5_online_business=True,
    tables=branches("12%", "10%", "9.99%"),
)


def shown(formula: str, submission: Submission = BANK) -> str:
    return workings(parse(formula).tree, book_of(submission), Frame())


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("G01_bills / G01_loans", "12,000.00万元 ÷ 98,000.00万元"),
        ("1 - (G01_loans - G01_bills)", "1 − (98,000.00万元 − 12,000.00万元)"),
        ("(1 + 2) * 3", "(1 + 2) × 3"),
        ("1 + 2 * 3", "1 + 2 × 3"),
        ("8 / (4 / 2)", "8 ÷ (4 ÷ 2)"),
        ("8 - 4 - 2", "8 − 4 − 2"),
        ("-(1 + 2)", "−(1 + 2)"),
        ("not (1 < 2)", "非（1 < 2）"),
        ("1 <= 2 and 3 != 4 or false", "1 ≤ 2 且 3 ≠ 4 或 否"),
        ("kpi_weight_floor", "10.00%"),
        ("XW2_ftp_discount_bp", "62.5BP"),
        ("XW5_online_business", "是"),
        ("year_start(inclusive_balance)", "12,000.00万元"),
        ("year_start(inclusive_balance / G01_loans) * 2", "(12,000.00万元 ÷ 0.00万元) × 2"),
        ("if(1 < 2, G01_bills, G01_loans)", "12,000.00万元"),
        ("small_sample_if(false, 1 + 2)", "(1 + 2)"),
        ("min(G01_loans, G01_bills)", "最小(98,000.00万元，12,000.00万元)"),
        ("abs(1 - 2)", "绝对值(1 − 2)"),
        ("min(XW2_kpi_weight)", "最小(12.00%，10.00%，9.99%)"),
        ("min(XW2_kpi_weight where XW2_kpi_weight >= 10%)", "最小(12.00%，10.00%)"),
        ("share(XW2_kpi_weight, >= 10%)", "占比(是，是，否)"),
        ("months()", "9"),
        ("XW1_due", "（无）"),
    ],
)
def test_a_formula_prints_with_its_numbers(formula: str, text: str) -> None:
    assert shown(formula) == text


def test_a_long_table_shows_its_first_rows_and_their_number() -> None:
    submission = filed(tables=branches(*["12%"] * 9))
    listed = "，".join(["12.00%"] * 6)
    assert shown("min(XW2_kpi_weight)", submission) == f"最小({listed} …共 9 行)"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Fraction(12_040_000), "yuan", "1,204.00万元"),
        (Fraction(1, 8), "ratio", "12.50%"),
        (Fraction(5, 100_000), "ratio", "0.01%"),
        (Fraction(3, 100), "pp", "3.00个百分点"),
        (Fraction(1, 3), "", "0.3333"),
        (Fraction(1234567), "count", "1,234,567"),
        (Absent("missing"), "yuan", "（无）"),
        (True, "flag", "是"),
    ],
)
def test_a_value_prints_in_its_unit(value: Any, unit: str, text: str) -> None:
    assert printed(value, unit) == text


@pytest.mark.parametrize(
    ("formula", "unit"),
    [
        ("G01_loans", "yuan"),
        ("1.5 * balance_jump * G01_loans", "yuan"),
        ("(1 + balance_jump) * G01_loans", "yuan"),
        ("G01_bills / G01_loans", "ratio"),
        ("G01_loans / S71_I_6_B0", "yuan"),
        ("abs(G01_loans / G01_bills - 10%)", "ratio"),
        ("if(bill_scope = 'ex_bills', S71_I_6_A5, S71_I_6_A0)", "yuan"),
        ("count(XW2_kpi_weight)", "count"),
        ("share(XW2_kpi_weight, >= 10%)", "ratio"),
        ("min(XW2_kpi_weight)", "ratio"),
        ("G01_loans > 1", ""),
        ("12 + 3", ""),
    ],
)
def test_a_tree_knows_its_unit_from_its_leaves(formula: str, unit: str) -> None:
    assert unit_of(parse(formula).tree, book_of()) == unit


def test_a_measure_holds_value_trace_and_workings() -> None:
    found = measure(parse("inclusive_balance / all_loans"), book_of(BANK))
    assert found.value == Fraction(150, 860)
    assert found.workings == "15,000.00万元 ÷ 86,000.00万元"
    assert [t.item for t in found.terms if t.source == "cell"] == [
        "S71_I_6_A5", "G01_loans", "G01_bills",
    ]  # fmt: skip
    assert len(found.terms) == len(set(found.terms))


def test_a_measure_without_a_value_says_why_and_shows_no_workings() -> None:
    found = measure(parse("XW1_due / G01_loans"), book_of(BANK))
    assert (found.value, found.reason, found.about) == (None, "missing", ("XW1_due",))
    assert found.workings == ""
    assert measure(None, book_of()).reason == "not_applicable"
    assert measure(parse("'甲'"), book_of()).reason == "not_a_number"


def test_a_condition_measures_one_or_zero() -> None:
    assert measure(parse("1 < 2"), book_of()).value == 1
    assert measure(parse("2 < 1"), book_of()).value == 0


def test_a_base_knows_its_period_and_where_it_comes_from() -> None:
    base = parse("year_start(inclusive_balance)")
    from_form = book_of(BANK)
    assert base_of(base, measure(base, from_form), from_form) == ("2025Q4", "form")
    context = Context(history={"2025Q4": past("2025Q4", {"S71_I_6_A5": "1亿"})})
    known = book_of(BANK, context=context)
    assert base_of(base, measure(base, known), known) == ("2025Q4", "history")
    now = parse("all_loans_growth")
    assert base_of(now, measure(now, from_form), from_form) == ("2026Q3", "form")


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        ("ratio", f"{','.join(['333'] * 10)}.33%"),
        ("yuan", f"{','.join(['333'] * 8)}.33万元"),
        ("", f"{'3' * 28}.3333"),
    ],
)
def test_an_absurd_figure_is_printed_to_its_last_digit(unit: str, shown: str) -> None:
    assert printed(Fraction(10**28, 3), unit) == shown
