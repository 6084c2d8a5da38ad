"""Percent for number, minus for plus, points for basis points: each told once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sample_files import case_of
from wrong_units import XW3, Wanted, Wrong, all_but, cell, column, of, once, told

from supervise.core.model import Finding
from supervise.record import replace

GOOD = "2026Q3/rc01-yunting.xlsx"
PERCENT = frozenset({"ratio"})
NUMBERS = frozenset({"yuan", "count", "days"})


def weights(*rows: str) -> Wanted:
    """The weights in some rows, or in all."""
    return lambda sheet, address, item: (
        item == "XW2_kpi_weight" and (not rows or address[1:] in rows)
    )


@pytest.mark.parametrize("factor", ["100", "0.01"])
@pytest.mark.parametrize("rows", [(), ("16", "18"), ("17",)], ids=["all", "two", "one"])
def test_weights_in_percent_and_not_are_told_once(rows: tuple[str, ...], factor: str) -> None:
    wrong = Wrong(GOOD, weights(*rows), factor, PERCENT)
    finding, others = once("UM_002", wrong)
    assert {c.cell: c.value for c in finding.corrections} == wrong.right
    assert set(finding.cells) == set(wrong.right)
    assert others == []
    assert finding.severity == ("blocking" if factor == "100" else "explain")


def test_a_percentage_is_shown_as_the_bank_types_it() -> None:
    finding, _ = once("UM_002", Wrong(GOOD, weights("16"), "100", PERCENT))
    assert (finding.found, finding.expected) == ("1200%", "12%")


def test_every_ratio_of_the_workbook_typed_as_a_whole_number_is_one_mistake() -> None:
    wrong = Wrong(GOOD, all_but(), "100", PERCENT)
    finding, others = once("UM_002", wrong)
    assert (set(finding.cells), others) == (set(wrong.right), [])


def test_a_weight_that_is_right_among_wrong_ones_is_left_alone() -> None:
    wrong = Wrong(GOOD, weights("16", "17", "19", "20", "21"), "100", PERCENT)
    finding, _ = once("UM_002", wrong)
    assert "XW2分支机构!E18" not in finding.cells


def test_a_number_format_that_reading_noticed_is_the_same_mistake() -> None:
    wrong = Wrong(GOOD, weights(), "100", PERCENT)
    place = "XW2分支机构!E16"
    basis = wrong.law.checks[0].basis
    noticed = Finding("R_008", "explain", "reading", (place,), "格式", "核对。", basis)
    elsewhere = replace(noticed, cells=("XW4尽职免责与容忍度!D18",))
    filed = replace(wrong.submission, reading=(noticed, elsewhere))
    findings, _ = told(filed, wrong.law)
    assert [f.check for f in findings] == ["R_008", "UM_002"]
    assert findings[0] == elsewhere


def test_an_ftp_discount_in_percentage_points_is_told_in_basis_points() -> None:
    item = "XW2_ftp_discount_bp"
    wrong = Wrong(GOOD, lambda sheet, address, i: i == item, "0.01", frozenset({"bp"}))
    finding, others = once("UM_004", wrong)
    assert ([c.shown for c in finding.corrections], others) == (["55"], [])


@pytest.mark.parametrize(
    "wanted",
    [column(XW3, "D"), cell(f"{XW3}!D11"), column("S71_I", "M"), all_but("封面", "XW2分支机构")],
    ids=["flows", "one flow", "a tier", "nearly all"],
)
def test_figures_typed_as_negatives_are_told_once(wanted: Wanted) -> None:
    wrong = Wrong(GOOD, wanted, "-1", NUMBERS)
    finding, others = once("UM_003", wrong)
    signed = wrong.submission.facts["BQ_credit_plan"].cell  # a plan may be to shrink
    known = {place: value for place, value in wrong.right.items() if place != str(signed)}
    assert {c.cell: c.value for c in finding.corrections} == known
    assert (finding.severity, others) == ("blocking", [])


def test_one_negative_figure_that_nothing_contradicts_is_only_negative() -> None:
    findings, _ = Wrong(GOOD, cell("XW5合规与服务!D9"), "-1").told()
    assert [(f.check, f.corrections) for f in findings] == [("AF_001", ())]


def test_a_negative_figure_that_balances_is_not_turned() -> None:
    """抵债及其他 below zero, and the column adds up with it."""
    good = case_of(GOOD)
    facts = dict(good.submission.facts)
    other, cash = facts["XW3_other_all"], facts["XW3_cash_all"]
    assert isinstance(other.value, Decimal)
    assert isinstance(cash.value, Decimal)
    facts["XW3_other_all"] = replace(other, value=-other.value)
    facts["XW3_cash_all"] = replace(cash, value=cash.value + 2 * other.value)
    findings, _ = told(replace(good.submission, facts=facts), good.rulebook)
    assert of("UM_003", findings) == []
    assert [f.cells for f in of("AF_001", findings)] == [(str(other.cell),)]
