"""A part in the wrong unit or sign, in a workbook whose totals are formulas and follow it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from sample_files import case_of
from wrong_units import AMOUNTS, Wanted, Wrong, cell, column, number, row, told, with_formulas

from supervise.core.mistakes.totals import Totals, agrees
from supervise.core.model import Finding
from supervise.record import replace

GOOD = "2026Q3/rc03-yanxi.xlsx"
CASE = case_of(GOOD)
TOTALS = Totals(CASE.rulebook.forms)


def inputs(wanted: Wanted) -> Wanted:
    """The same without totals: nobody types those."""
    return lambda sheet, address, item: wanted(sheet, address, item) and item not in TOTALS.of


def only(check: str, wanted: Wanted, factor: str) -> tuple[Finding, Wrong]:
    wrong = Wrong(GOOD, inputs(wanted), factor, AMOUNTS)
    wrong.submission = with_formulas(wrong.submission, wrong.law.forms)
    findings, _ = told(wrong.submission, wrong.law)
    assert [finding.check for finding in findings] == [check]
    return findings[0], wrong


@pytest.mark.parametrize("factor", ["10000", "0.0001"])
@pytest.mark.parametrize("place", ["S71_I!C7", "S71_I!R14", "G11!C6", "XW1首贷与续贷!F8"])
def test_one_part_in_the_wrong_unit_is_named_alone(place: str, factor: str) -> None:
    finding, wrong = only("UM_001", cell(place), factor)
    assert finding.cells == (place,)
    assert finding.corrections[0].value == wrong.right[place]


@pytest.mark.parametrize("wanted", [column("S71_I", "R"), row("S71_I", "8")], ids=["R", "8"])
def test_a_column_or_a_row_of_parts_is_one_mistake(wanted: Wanted) -> None:
    finding, wrong = only("UM_001", wanted, "10000")
    more = set(finding.cells) - set(wrong.right)
    assert set(wrong.right) <= set(finding.cells)
    assert more <= {total.cell for total in TOTALS.ordered}


def test_one_part_typed_as_a_negative_is_a_mistake_of_sign() -> None:
    finding, wrong = only("UM_003", cell("S71_I!C14"), "-1")
    assert finding.cells == ("S71_I!C14",)
    assert finding.corrections[0].value == wrong.right["S71_I!C14"]


def test_what_the_totals_come_to_is_told_after_the_cells_to_mend() -> None:
    """They are no mistakes of their own, but the score that corrections earn rests on them."""
    finding, _ = only("UM_001", cell("S71_I!C7"), "10000")
    told_of = {c.cell: c.value for c in finding.corrections}
    assert list(told_of) == ["S71_I!C7", "S71_I!F7", "S71_I!C18", "S71_I!F18"]
    for item in ("S71_I_1_A0", "S71_I_6_A1", "S71_I_6_A0"):
        fact = CASE.submission.facts[item]
        assert told_of[str(fact.cell)] == Fraction(number(fact))


def test_a_total_that_was_typed_follows_nothing() -> None:
    facts = dict(CASE.submission.facts)
    total, part = TOTALS.of["G11_npl"], facts["G11_loss"]
    assert agrees(total, facts)
    facts["G11_npl"] = replace(facts["G11_npl"], value=number(facts["G11_npl"]) + 1_000)
    assert not agrees(total, facts)
    other = replace(part, value=number(part) + Decimal(500))
    assert list(TOTALS.carried(facts, {"G11_loss": other})) == []


def test_totals_of_totals_are_carried_once() -> None:
    facts = CASE.submission.facts
    part = facts["S71_I_1_A1"]
    moved = dict(TOTALS.carried(facts, {part.item: replace(part, value=number(part) + 7)}))
    by = {total.item: value - number(facts[total.item]) for total, value in moved.items()}
    assert by == {"S71_I_1_A0": 7, "S71_I_6_A1": 7, "S71_I_6_A0": 7}
