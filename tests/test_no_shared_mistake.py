"""Where figures prove no shared mistake, each finding stands for itself; right cells go unnamed."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from sample_files import case_of
from wrong_units import HONEST, PAST, Wrong, all_but, cell, of, once, sheets

from supervise.core.checks import run_checks
from supervise.core.context import NO_CONTEXT
from supervise.core.mistakes import inquiry
from supervise.core.mistakes.units import diagnose
from supervise.core.model import Submission
from supervise.core.world import Book
from supervise.record import replace

GOOD = "2026Q3/rc01-yunting.xlsx"
SCOPES = {"one cell": cell("S71_I!F18"), "G01": sheets("G01"), "comparatives": sheets(PAST)}


@pytest.mark.parametrize("factor", ["10", "0.1", "100", "0.01"])
@pytest.mark.parametrize("scope", SCOPES)
def test_a_factor_that_is_no_unit_is_not_taken_for_one(scope: str, factor: str) -> None:
    findings, _ = Wrong(GOOD, SCOPES[scope], factor).told()
    assert of("UM_001", findings) == []


@pytest.mark.parametrize("path", HONEST, ids=lambda path: path.removesuffix(".xlsx"))
def test_no_honest_bank_is_told_of_a_shared_mistake(path: str) -> None:
    case = case_of(path)
    book = Book(case.submission, case.rulebook, NO_CONTEXT)
    before = run_checks(book)
    assert diagnose(book, *before) == before


@pytest.mark.parametrize("factor", ["10000", "100000000"])
def test_one_wrong_cell_does_not_name_the_only_other_amount_of_its_sheet(factor: str) -> None:
    """No relation rests on 收费清退额 (D9), the one amount beside 已明示…的放款额 (D11)."""
    wrong = Wrong("2025Q4/rc01-yunting.xlsx", cell("XW5合规与服务!D11"), factor)
    finding, others = once("UM_001", wrong)
    assert finding.cells == ("XW5合规与服务!D11",)
    assert finding.corrections[0].value == wrong.right["XW5合规与服务!D11"]
    assert others == []


def test_an_amount_that_no_relation_rests_on_goes_with_a_workbook_that_is_wrong() -> None:
    wrong = Wrong("2025Q4/rc01-yunting.xlsx", all_but(), "10000")
    finding, _ = once("UM_001", wrong)
    told = {correction.cell: correction.value for correction in finding.corrections}
    assert told["XW5合规与服务!D9"] == wrong.right["XW5合规与服务!D9"] == 18_600


def test_without_a_failing_anchor_nothing_is_looked_for() -> None:
    case = case_of(GOOD)
    book = Book(case.submission, case.rulebook, NO_CONTEXT)
    findings, states = run_checks(book)
    after = diagnose(book, findings, states)
    assert after[0] is findings
    assert after[1] is states


def scattered(filed: Submission, dice: random.Random) -> Submission:
    """Every amount replaced by some other number."""
    facts = {
        item: replace(fact, value=Decimal(dice.randrange(1, 10**12)))
        if isinstance(fact.value, Decimal) and fact.value and not item.startswith("COVER")
        else fact
        for item, fact in filed.facts.items()
    }
    return replace(filed, facts=facts)


def test_where_nothing_fits_each_finding_stands_for_itself() -> None:
    case = case_of(GOOD)
    book = Book(scattered(case.submission, random.Random(3)), case.rulebook, NO_CONTEXT)
    before = run_checks(book)
    assert len(before[0]) > 300
    assert diagnose(book, *before) == before


def test_a_search_that_takes_too_long_leaves_the_findings_as_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong = Wrong(GOOD, sheets("S71_I"), "10000")
    book = Book(wrong.submission, wrong.law, NO_CONTEXT)
    before = run_checks(book)
    monkeypatch.setattr(inquiry, "MOST_WEIGHED", 0)
    assert diagnose(book, *before) == before
