"""Checks: what becomes of each, what a finding shows, how much rounding is allowed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from builders import (
    book_of,
    branches,
    check,
    filed,
    law,
    law_with,
    number,
    past,
    reading_finding,
    state,
)

from supervise.core.checks import run_checks
from supervise.core.context import NO_CONTEXT, Context
from supervise.core.evaluation import CheckState
from supervise.core.finding import in_cell_unit
from supervise.core.law import Check
from supervise.core.model import Finding, Submission
from supervise.record import replace


def run(
    submission: Submission, *checks: Check, context: Context = NO_CONTEXT
) -> tuple[tuple[Finding, ...], tuple[CheckState, ...]]:
    return run_checks(book_of(submission, law_with(checks=checks), context))


def finding(holds: str, submission: Submission, **changes: Any) -> Finding:
    findings, _ = run(submission, check(holds, **changes))
    assert len(findings) == 1
    return findings[0]


def outcome(holds: str, submission: Submission | None = None, **changes: Any) -> str:
    context = changes.pop("context", NO_CONTEXT)
    _, states = run(submission or filed(), check(holds, **changes), context=context)
    return states[0].state


SUM = "S71_I_6_A0 = S71_I_6_A1 + S71_I_6_A2 + S71_I_6_A3"


def tiers(total: str) -> Submission:
    return filed(S71_I_6_A0=total, S71_I_6_A1="1000万", S71_I_6_A2="200万", S71_I_6_A3="4万")


def test_what_holds_passes_and_leaves_no_finding() -> None:
    findings, states = run(tiers("1204万"), check(SUM))
    assert findings == ()
    assert states == (CheckState("T_001", "passed"),)


def test_a_finding_shows_the_figures_as_the_bank_typed_them() -> None:
    found = finding(SUM, tiers("1240万"), tolerance="rounding")
    shown = (found.found, found.expected, found.difference, found.tolerance)
    assert shown == ("1240", "1204", "36", "0.02")
    cells = [str(tiers("1万").facts[f"S71_I_6_A{n}"].cell) for n in (0, 1, 2, 3)]
    assert found.cells == tuple(cells)
    name = law().forms.items["S71_I_6_A0"].name
    assert found.message == f"{cells[0]} {name} 1240 应为 1204，相差 36（0.02）。"


@pytest.mark.parametrize(
    ("total", "holds"),
    [("1204.02万", True), ("1203.98万", True), ("1204.0201万", False), ("1203.9799万", False)],
)
def test_a_sum_of_three_may_be_off_by_four_half_last_digits(total: str, holds: bool) -> None:
    state = outcome(SUM, tiers(total), tolerance="rounding")
    assert state == ("passed" if holds else "failed")


@pytest.mark.parametrize(
    ("formula", "slack"),
    [
        ("S71_I_6_A0 = S71_I_6_A1", "0.01万"),
        ("S71_I_6_A1 + S71_I_6_A2 = S71_I_6_A0", "0.015万"),
        ("inclusive_balance = S71_I_6_A0", "0.01万"),
    ],
)
def test_the_slack_grows_by_half_a_digit_a_figure(formula: str, slack: str) -> None:
    just, over = number("5万") + number(slack), number("5万") + number(slack) + Fraction(1, 100)
    same = {"S71_I_6_A1": 0, "S71_I_6_A2": 0}
    same |= {"S71_I_6_A1": "5万"} if "A1" in formula else {"S71_I_6_A5": "5万"}  # type: ignore[dict-item]
    near, far = filed(None, {**same, "S71_I_6_A0": just}), filed(None, {**same, "S71_I_6_A0": over})
    assert outcome(formula, near, tolerance="rounding") == "passed"
    assert outcome(formula, far, tolerance="rounding") == "failed"


def test_households_are_never_rounded() -> None:
    submission = filed(S71_I_6_B0=101, S71_I_6_B1=100)
    found = finding("S71_I_6_B0 = S71_I_6_B1", submission, tolerance="rounding")
    assert (found.found, found.expected, found.tolerance) == ("101", "100", "0")


def test_a_limit_without_tolerance_is_exact() -> None:
    at, over = filed(G01_loans=100, G01_bills=100), filed(G01_loans=100, G01_bills="100.01")
    assert outcome("G01_bills <= G01_loans", at) == "passed"
    assert outcome("G01_bills <= G01_loans", over) == "failed"
    assert outcome("G01_bills < G01_loans", at) == "failed"
    assert outcome("G01_bills != G01_loans", at) == "failed"


def test_what_must_differ_is_shown_without_a_figure_that_it_should_be() -> None:
    found = finding("G01_bills != G01_loans", filed(G01_loans="3万", G01_bills="3万"))
    assert (found.found, found.expected, found.difference, found.tolerance) == ("3", "", "", "")
    assert len(found.cells) == 2


def test_a_tolerance_of_an_amount_is_that_amount() -> None:
    off = filed(G01_loans=105, G01_bills=100)
    assert outcome("G01_loans = G01_bills", off, tolerance="5") == "passed"
    assert outcome("G01_loans = G01_bills", off, tolerance="4.99") == "failed"
    assert outcome("G01_loans <= G01_bills", off, tolerance="5") == "passed"
    assert outcome("G01_bills >= G01_loans", off, tolerance="4.99") == "failed"


def test_a_ratio_of_amounts_is_shown_as_a_percentage() -> None:
    submission = filed(G01_loans="8000万", G01_bills="1000万")
    found = finding("G01_bills / G01_loans <= 10%", submission)
    assert (found.found, found.expected, found.difference) == ("12.5%", "10%", "2.5%")


def test_a_ratio_is_never_given_the_slack_of_an_amount() -> None:
    submission = filed(G01_loans="8000万", G01_bills="1000万")
    assert outcome("G01_bills / G01_loans <= 10%", submission, tolerance="rounding") == "failed"


def test_a_parameter_first_in_a_formula_does_not_hide_the_item() -> None:
    found = finding("inclusive_balance <= 1万", filed(S71_I_6_A5="3万"))
    assert (found.found, found.expected) == ("3", "1")
    assert law().forms.items["S71_I_6_A5"].name in found.message


def test_a_condition_that_fails_shows_what_stands_in_its_first_cell() -> None:
    found = finding("G01_loans > 5亿 and G01_bills > 1", filed(G01_loans="3亿"))
    assert (found.found, found.expected) == ("30000", "")
    assert finding("not XW5_online_business", filed(XW5_online_business=True)).found == "是"
    third = finding("XW2_ftp_base > 5% or false", filed(XW2_ftp_base="3.1%"))
    assert third.found == "3.1%"


def test_a_check_of_blank_cells_is_vacuous() -> None:
    assert outcome("XW1_due <= XW1_renewed") == "vacuous"
    assert outcome("XW1_due / G01_loans <= 1", filed(XW1_due=1)) == "vacuous"
    nothing = state("XW1_due", "not_applicable", filed())
    assert outcome("XW1_due <= 5", nothing) == "vacuous"


def test_a_check_whose_condition_is_not_met_is_vacuous() -> None:
    assert outcome("G01_loans = 1", given="G01_loans > 5") == "vacuous"
    assert outcome("G01_loans = 1", given="XW1_due > 5") == "vacuous"


@pytest.mark.parametrize("where", ["holds", "given"])
def test_a_check_that_could_run_and_did_not_is_never_a_pass(where: str) -> None:
    broken = state("G01_loans", "invalid", filed())
    texts = {"holds": "1 = 1", "given": "true", where: "G01_loans >= 0"}
    _, states = run(broken, check(texts["holds"], given=texts["given"]))
    assert states == (CheckState("T_001", "not_evaluated", "invalid: G01_loans"),)


def test_an_unset_parameter_leaves_a_check_not_evaluated() -> None:
    assert outcome("XW2_ftp_base <= loan_cost_level", filed(XW2_ftp_base="3%")) == "not_evaluated"


def test_a_check_without_its_earlier_period_has_no_predecessor() -> None:
    assert outcome("XW1_due >= previous(XW1_due)", filed(XW1_due=1)) == "no_predecessor"
    new = filed(COVER_opened_on="2026-05-01")
    assert outcome("G01_loans >= year_start(G01_loans)", new) == "no_predecessor"


def test_a_check_with_its_earlier_period_runs() -> None:
    context = Context(history={"2026Q2": past("2026Q2", {"XW1_due": 7})})
    for due, expected in ((7, "passed"), (6, "failed")):
        found = outcome("XW1_due >= previous(XW1_due)", filed(XW1_due=due), context=context)
        assert found == expected


def test_a_template_of_checks_gives_a_finding_for_each_binding_that_fails() -> None:
    bindings = tuple({"col": c} for c in ("A", "C", "D"))
    submission = filed(S71_I_6_A0=1, S71_I_6_C0=0, S71_I_6_D0=2)
    findings, states = run(submission, check("S71_I_6_{col}0 = 0", bindings=bindings))
    assert [f.cells[0] for f in findings] == [
        str(submission.facts[f"S71_I_6_{c}0"].cell) for c in ("A", "D")
    ]
    assert [s.state for s in states] == ["failed"]


def test_a_failure_outweighs_what_could_not_be_evaluated_and_keeps_its_reason() -> None:
    submission = state("S71_I_6_A0", "invalid", filed(S71_I_6_D0=2))
    bindings = ({"col": "A"}, {"col": "D"})
    _, states = run(submission, check("S71_I_6_{col}0 = 0", bindings=bindings))
    assert states == (CheckState("T_001", "failed", "invalid: S71_I_6_A0"),)


def test_a_check_over_rows_names_the_row_that_fails() -> None:
    submission = filed(tables=branches("12%", "101%", "10%"))
    rows = check("XW2_kpi_weight <= 100%", rows_of="XW2_branches")
    findings, states = run(submission, rows)
    assert [(f.found, f.expected) for f in findings] == [("101%", "100%")]
    assert findings[0].cells == (str(submission.tables["XW2_branches"][1]["XW2_kpi_weight"].cell),)
    assert states[0].state == "failed"
    assert run(filed(), rows)[1][0].state == "vacuous"


def test_no_check_stops_another() -> None:
    first, second = check("G01_loans = 1", id="T_001"), check("G01_bills = 1", id="T_002")
    findings, states = run(filed(), first, check("no_such = 1", id="T_009"), second)
    assert [f.check for f in findings] == ["T_001", "T_002"]
    assert [s.state for s in states] == ["failed", "not_evaluated", "failed"]


def test_findings_of_reading_come_first_and_settle_their_checks() -> None:
    submission = replace(filed(), reading=(reading_finding("R_001"),))
    reading = [
        replace(check("1 = 1", id=i, scope="reading"), holds=None) for i in ("R_001", "R_002")
    ]
    findings, states = run(submission, *reading, check("G01_loans = 1"))
    assert [f.check for f in findings] == ["R_001", "T_001"]
    assert [s.state for s in states] == ["failed", "passed", "failed"]


def test_cells_are_listed_once_with_the_first_to_look_at() -> None:
    submission = filed(G01_loans=5)
    found = finding("G01_bills + G01_loans = G01_bills", submission)
    cells = [str(submission.facts[i].cell) for i in ("G01_bills", "G01_loans")]
    assert found.cells == tuple(cells)


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (Fraction(12_040_000), "yuan", "1204"),
        (Fraction(1), "yuan", "0.0001"),
        (Fraction(1, 3), "ratio", "33.3333%"),
        (Fraction(-1, 2), "ratio", "-50%"),
        (Fraction(50), "bp", "50"),
        (Fraction(-1, 10**9), "count", "0"),
        (Fraction(1, 3), "count", "0.333333"),
        (True, "flag", "是"),
        ("一级分行", "choice", "一级分行"),
    ],
)
def test_a_figure_prints_in_the_unit_of_its_cell(value: Any, unit: str, shown: str) -> None:
    scale = Fraction(10_000) if unit == "yuan" else Fraction(1)
    assert in_cell_unit(value, unit, scale) == shown


def test_a_demand_for_a_datum_names_the_blank_cell() -> None:
    submission = filed(XW4_tolerance_value="3%")
    found = finding("given(XW4_tolerance_form)", submission, given="given(XW4_tolerance_value)")
    assert found.cells == (str(submission.facts["XW4_tolerance_form"].cell),)
    assert law().forms.items["XW4_tolerance_form"].name in found.message
    both = finding("XW4_tolerance_value > 5% and given(XW4_rules_doc)", submission)
    assert both.cells == (str(submission.facts["XW4_tolerance_value"].cell),
                          str(submission.facts["XW4_rules_doc"].cell))  # fmt: skip
    assert both.found == "3%"
