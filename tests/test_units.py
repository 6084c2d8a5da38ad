"""A mistake of unit, percent or sign is told once, with each cell and what it should hold."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from builders import past
from hypothesis import given, settings
from hypothesis import strategies as st
from model_workbook import workbook_of
from sample_files import case_of, submission
from wrong_units import (
    HONEST,
    IN_YUAN,
    PAST,
    XW3,
    Wanted,
    Wrong,
    all_but,
    cell,
    column,
    mended,
    of,
    once,
    row,
    sheets,
    told,
)

from supervise.core.checks import run_checks
from supervise.core.context import NO_CONTEXT, Context
from supervise.core.finding import in_cell_unit
from supervise.core.mistakes.filed_figures import FiledFigures
from supervise.core.world import Book
from supervise.pipeline.case import Case, read_case
from supervise.record import replace
from supervise.settings import Settings

GOOD = "2026Q3/rc01-yunting.xlsx"
LARGE = "2026Q3/lb01-bangchuan.xlsx"
ODD = "2026Q3/rc11-tongji.xlsx"
UNBALANCED = "2026Q3/rc10-luyu-1.xlsx"
XW6 = "XW6协调机制与重点领域"
SCOPES = {
    "one cell": cell("S71_I!F18"),
    "one cell below a total": cell("S71_I!C14"),
    "one cell of another sheet": cell("S63!D16"),
    "a tier": column("S71_I", "C"),
    "a row": row("S71_I", "10"),
    "the year start": column(PAST, "D"),
    "G01": sheets("G01"),
    "G11": sheets("G11"),
    "S71_I": sheets("S71_I"),
    "S63": sheets("S63"),
    "comparatives": sheets(PAST),
    "write-offs": sheets(XW3),
    "two sheets": sheets(XW3, XW6),
    "all but the comparatives": all_but(PAST),
    "the workbook": all_but(),
}


def usual(path: str) -> list[str]:
    case = case_of(path)
    return [finding.check for finding in told(case.submission, case.rulebook)[0]]


TRIED = [
    *((scope, "10000", path) for scope in SCOPES for path in (GOOD, LARGE)),
    *((scope, "0.0001", GOOD) for scope in SCOPES),
    *((scope, "10000", ODD) for scope in ("one cell", "S71_I", "the workbook")),
    *((scope, "100000000", LARGE) for scope in ("a tier", "comparatives", "the workbook")),
    *((scope, "0.00000001", ODD) for scope in ("a row", "write-offs")),
]


@pytest.mark.parametrize(("scope", "factor", "path"), TRIED)
def test_a_unit_mistake_is_one_finding_with_its_cells_and_values(
    scope: str, factor: str, path: str
) -> None:
    wrong = Wrong(path, SCOPES[scope], factor)
    finding, others = once("UM_001", wrong)
    assert set(finding.cells) == set(wrong.right)
    assert {c.cell: c.value for c in finding.corrections} == wrong.right
    assert [c.cell for c in finding.corrections] == list(finding.cells)
    assert others == usual(path)


@pytest.mark.parametrize("sheet", ["XW1首贷与续贷", XW6])
@pytest.mark.parametrize("factor", ["10000", "0.0001"])
def test_amounts_beside_households_show_their_unit(sheet: str, factor: str) -> None:
    wrong = Wrong(GOOD, sheets(sheet), factor)
    finding, others = once("UM_001", wrong)
    assert (set(finding.cells), others) == (set(wrong.right), [])


def test_the_finding_says_what_stands_there_and_what_should() -> None:
    wrong = Wrong(GOOD, sheets("G11"), "10000")
    finding, _ = once("UM_001", wrong)
    filed = wrong.submission.facts["G11_substandard"]
    assert (finding.cells[0], str(filed.cell)) == ("G11!C6", "G11!C6")
    assert isinstance(filed.value, Decimal)
    assert finding.found == in_cell_unit(Fraction(filed.value), "yuan", Fraction(10_000))
    assert finding.expected == finding.corrections[0].shown
    assert Fraction(finding.expected) * 10_000 == wrong.right["G11!C6"]
    for text in ("以元填报", "8 个单元格", finding.found, finding.expected, "G11!C6"):
        assert text in finding.message


def test_what_is_explained_is_as_grave_as_before_and_its_checks_say_why() -> None:
    wrong = Wrong(GOOD, sheets(XW3), "10000")
    book = Book(wrong.submission, wrong.law, NO_CONTEXT)
    before, _ = run_checks(book)
    findings, states = wrong.told()
    assert {f.check for f in before if f.severity == "blocking"} >= {"CF_001", "CF_003"}
    assert [(f.check, f.severity) for f in findings] == [("UM_001", "blocking")]
    known = {state.check: (state.state, state.reason) for state in states}
    assert known["CF_001"] == known["CF_003"] == ("vacuous", "implied: UM_001")
    assert known["UM_001"] == ("failed", "")


def test_a_mistake_that_blocks_nothing_does_not_block() -> None:
    case = case_of(IN_YUAN)
    findings, _ = told(case.submission, case.rulebook)
    assert [(f.check, f.severity, f.cells) for f in findings] == [
        ("UM_001", "explain", ("G01!C6", "G01!C7"))
    ]


def test_cells_of_the_sheet_that_are_right_are_not_named() -> None:
    wrong = Wrong(GOOD, lambda sheet, address, item: address in ("C6", "C7", "C8", "C9")
                  and sheet == "G11", "10000")  # fmt: skip
    finding, others = once("UM_001", wrong)
    assert set(finding.cells) == {"G11!C6", "G11!C7", "G11!C8", "G11!C9"}
    assert others == []


def test_a_zero_is_not_named() -> None:
    facts = submission(GOOD).facts
    zeros = {str(f.cell) for f in facts.values() if f.value == 0 and f.cell.sheet == "S71_I"}
    finding, _ = once("UM_001", Wrong(GOOD, sheets("S71_I"), "10000"))
    assert zeros
    assert not zeros & set(finding.cells)


def test_a_locked_cell_is_not_named_beside_the_one_it_shows() -> None:
    wrong = Wrong(GOOD, cell("G11!D9"), "10000")
    shown = wrong.submission.facts["XW3_opening_all"]
    assert shown.value == wrong.submission.facts["G11_npl_year_start"].value
    finding, others = once("UM_001", wrong)
    assert (finding.cells, others) == (("G11!D9",), [])


def test_two_mistakes_of_unit_are_two_findings() -> None:
    wrong = Wrong(GOOD, sheets("G11"), "10000")
    other = Wrong(GOOD, sheets("S63"), "0.0001")
    facts = {**wrong.submission.facts}
    facts |= {i: f for i, f in other.submission.facts.items() if f.cell.sheet == "S63"}
    findings, _ = told(replace(wrong.submission, facts=facts), wrong.law)
    assert [(f.check, set(f.cells)) for f in findings] == [
        ("UM_001", set(wrong.right)),
        ("UM_001", set(other.right)),
    ]


def test_a_real_difference_is_told_on_the_corrected_figures() -> None:
    """芦屿's first filing: S71_I and XW3 differ by 45.1万, whatever their unit."""
    case = case_of(UNBALANCED)
    plain = {f.check: f for f in told(case.submission, case.rulebook)[0]}
    wrong = Wrong(UNBALANCED, sheets("S71_I"), "10000")
    findings, _ = wrong.told()
    assert [f.check for f in findings] == [
        "XW3_001", "CF_001", "UM_001",
    ]  # fmt: skip
    balance, equal, unit = findings
    assert balance == plain["XW3_001"]
    assert equal.difference == plain["CF_001"].difference
    assert equal.message == "按更正后的金额，" + plain["CF_001"].message
    assert set(unit.cells) == set(wrong.right)


def test_what_a_unit_mistake_hid_is_told_in_the_same_pass() -> None:
    """Loans below those of S71_I, hidden by G01 in 元; the year before proves the unit."""
    good = case_of(GOOD)
    facts = dict(good.submission.facts)
    small = facts["S71_I_6_A0"].value
    assert isinstance(small, Decimal)
    known = {}
    for item, share in (("G01_loans", Decimal("0.9")), ("G01_bills", Decimal("0.1"))):
        known[item] = str(small * share)
        for when in ("", "_year_start", "_year_ago"):
            facts[item + when] = replace(facts[item + when], value=small * share * 10_000)
    history = Context(history={"2025Q4": past("2025Q4", known)})
    findings, _ = told(replace(good.submission, facts=facts), good.rulebook, history)
    assert [len(f.cells) for f in of("UM_001", findings)] == [6]
    hidden = of("CF_004", findings)
    assert len(hidden) == 1
    assert hidden[0].message.startswith("按更正后的金额，")
    law = {check.id: check for check in good.rulebook.checks}
    assert (law["CF_004"].severity, hidden[0].severity) == ("blocking", "explain")
    assert {f.severity for f in findings} == {"explain"}


def test_an_earlier_filing_shows_the_unit_of_comparatives() -> None:
    before = submission("2025Q4/rc01-yunting.xlsx").facts
    known = {
        item: str(fact.value) for item, fact in before.items() if isinstance(fact.value, Decimal)
    }
    history = Context(history={"2025Q4": past("2025Q4", known)})
    wrong = Wrong(GOOD, column(PAST, "D"), "10000")
    checked = {finding.check for finding in wrong.told()[0]}
    assert checked == {"UM_001"}
    findings, _ = wrong.told(history)
    assert [(f.check, set(f.cells)) for f in findings] == [("UM_001", set(wrong.right))]
    assert of("CP_001", run_checks(Book(wrong.submission, wrong.law, history))[0])


def anywhere(path: str, dice: random.Random) -> tuple[str, Wanted]:
    """A random cell, column, row or sheet that holds amounts."""
    case = case_of(path)
    items = case.rulebook.forms.items
    facts = [
        fact
        for fact in case.submission.facts.values()
        if items[fact.item].unit == "yuan" and isinstance(fact.value, Decimal) and fact.value
    ]
    place = dice.choice(facts).cell
    letter = place.address.rstrip("0123456789")
    number = place.address.removeprefix(letter)
    return dice.choice(
        [
            (f"{place}", cell(str(place))),
            (f"{place.sheet} {letter}", column(place.sheet, letter)),
            (f"{place.sheet} {number}", row(place.sheet, number)),
            (place.sheet, sheets(place.sheet)),
        ]
    )


HYPOTHESES = {
    "path": st.sampled_from(HONEST),
    "factor": st.sampled_from(["10000", "0.0001", "100000000", "0.00000001"]),
    "seed": st.integers(0, 100_000),
}


@settings(max_examples=20, deadline=None)
@given(**HYPOTHESES)
def test_no_cell_that_is_right_is_ever_named(path: str, factor: str, seed: int) -> None:
    names_only_wrong_cells(path, factor, seed)


@pytest.mark.soak
@settings(max_examples=2000, deadline=None)
@given(**HYPOTHESES)
def test_no_cell_that_is_right_is_named_in_two_thousand_filings(
    path: str, factor: str, seed: int
) -> None:
    names_only_wrong_cells(path, factor, seed)


def names_only_wrong_cells(path: str, factor: str, seed: int) -> None:
    """One mistake at a random place: found whole or in part or not, and mended by its values."""
    where, wanted = anywhere(path, random.Random(seed))
    wrong = Wrong(path, wanted, factor)
    findings, _ = wrong.told()
    units = of("UM_001", findings)
    assert len(units) <= 1, where
    for finding in units:
        assert set(finding.cells) <= set(wrong.right), where
        assert all(c.value == wrong.right[c.cell] for c in finding.corrections), where
        after, _ = told(mended(wrong, (finding,)), wrong.law)
        assert {f.check for f in after} <= {f.check for f in findings} | set(usual(path)), where


def test_decimals_that_come_of_the_wrong_unit_are_the_same_mistake(tmp_path: Path) -> None:
    """Amounts in 亿元 need more decimals than the form has; reading notices that first."""
    wrong = Wrong(GOOD, sheets("S63"), "0.0001")
    path = tmp_path / "filed.xlsx"
    path.write_bytes(workbook_of(Case(wrong.submission, wrong.law)))
    case = read_case(path, Settings())
    assert [f.check for f in case.submission.reading] == ["R_021"]
    findings, _ = told(case.submission, case.rulebook)
    assert [(f.check, set(f.cells)) for f in findings] == [("UM_001", set(wrong.right))]
    assert {c.cell: c.value for c in findings[0].corrections} == wrong.right


def test_a_figure_beyond_any_sum_of_money_can_be_tried_in_another_unit() -> None:
    """The largest that reading lets through, 10²¹ 万元, as if it had been typed in 元."""
    case = case_of(GOOD)
    loans = case.submission.facts["G01_loans"]
    huge = replace(loans, value=Decimal("9.99E+24"))
    facts = {**case.submission.facts, "G01_loans": huge}
    book = Book(replace(case.submission, facts=facts), case.rulebook, NO_CONTEXT)
    shown = FiledFigures(book).shown(str(loans.cell), Decimal(10**8))
    assert shown == f"999{'0' * 26}"
