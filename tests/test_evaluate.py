"""The fold: status, answers, first filing, sameness, standing rules over the shipped law."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from builders import (
    branches,
    case,
    check,
    curve,
    evaluated,
    filed,
    indicator,
    law,
    law_with,
    part,
    past,
    points,
    reading_finding,
    state,
    told,
)

from supervise.core.context import Adjustment, Context
from supervise.core.evaluate import evaluate, status_of
from supervise.core.evaluation import CheckState
from supervise.core.model import Submission
from supervise.record import replace

ANNUAL = law("2026Q4")


def status(*findings: str, states: tuple[str, ...] = ()) -> str:
    found = tuple(reading_finding(severity=severity) for severity in findings)
    return status_of(found, tuple(CheckState("T_001", s) for s in states))


@pytest.mark.parametrize(
    ("findings", "states", "expected"),
    [
        ((), (), "passed"),
        (("advisory",), ("passed", "vacuous", "no_predecessor"), "passed"),
        (("explain",), (), "needs_explanation"),
        (("explain",), ("not_evaluated",), "incomplete"),
        (("blocking", "explain"), ("not_evaluated",), "blocked"),
    ],
)
def test_the_gravest_matter_decides_the_status(
    findings: tuple[str, ...], states: tuple[str, ...], expected: str
) -> None:
    assert status(*findings, states=states) == expected


def answered(text: str | None, cell: str | None = None) -> Any:
    row = {"XW8_check": "T_001", "XW8_cell": cell, "XW8_text": text}
    submission = filed(tables={"XW8_explanations": [row]})
    rulebook = law_with(checks=(check("G01_loans > 1", severity="explain"),))
    return evaluated(rulebook, submission)


def test_an_answered_finding_needs_no_more_explanation() -> None:
    assert answered("年底集中收回").status == "passed"
    assert answered(None).status == "needs_explanation"
    assert answered("年底集中收回", "G01!Z99").status == "needs_explanation"
    told = answered("年底集中收回").findings[0].explanation
    assert (told.text, told.state) == ("年底集中收回", "given")


def test_a_blocking_finding_cannot_be_explained_away() -> None:
    row = {"XW8_check": "T_001", "XW8_text": "请予谅解"}
    submission = filed(tables={"XW8_explanations": [row]})
    found = evaluated(law_with(checks=(check("G01_loans > 1"),)), submission)
    assert found.status == "blocked"
    assert found.findings[0].explanation is None


QUALITY = points("quality", "3 - first_filing_blocking() - first_filing_unanswered() / 10", 3)
FAULTS = (
    check("G01_loans > 1", id="T_001"),
    check("G01_bills > 1", id="T_002", severity="explain"),
    check("S71_I_6_{col}0 > 1", id="T_003", bindings=({"col": "A"}, {"col": "C"})),
)


@pytest.mark.parametrize(
    ("sequence", "context", "counted"),
    [
        (1, Context(filed=True), Fraction("0.9")),
        (1, Context(), None),
        (2, Context(filed=True), None),
        (2, Context(filed=True, first_filing=(1, 0)), Fraction(2)),
    ],
)
def test_a_first_filing_is_counted_by_checks_not_by_cells(
    sequence: int, context: Context, counted: Fraction | None
) -> None:
    rulebook = law_with(checks=FAULTS, indicators=(QUALITY,))
    submission = replace(filed(), sequence=sequence)
    found = evaluated(rulebook, submission, context).indicator("quality")
    assert found.measure.value == counted
    if counted is None:
        assert told(found.low, found.high) == (0, 3)


def test_the_same_inputs_give_the_same_evaluation() -> None:
    submission = filed(G01_loans="12亿", S71_I_6_A5="3亿", tables=branches("12%", "9%"))
    first, second = evaluated(law(), submission), evaluated(law(), submission)
    assert first == second
    assert first.findings == second.findings


def test_an_adjusted_figure_is_judged_and_the_filed_one_is_kept() -> None:
    corrected = Adjustment(
        "G01_loans", Fraction(7), Fraction(3), "现场", "底稿", "甲", "2026-10-20"
    )
    rulebook = law_with(indicators=(points("x", "G01_loans"),))
    submission = filed(G01_loans=7)
    found = evaluated(rulebook, submission, Context(adjustments=(corrected,)))
    assert found.indicator("x").points == 3
    assert found.submission.facts["G01_loans"].value == 7
    assert found.adjustments[0].filed == 7


def test_headlines_are_the_five_of_the_law_in_its_order() -> None:
    assert sorted(r.law.id for r in evaluated().headlines) == [
        "branch_kpi_weight", "credit_loan", "first_loan", "npl_tolerance", "writeoff_use",
    ]  # fmt: skip


def test_an_indicator_that_the_law_does_not_have_is_an_error() -> None:
    with pytest.raises(KeyError, match="median"):
        evaluated().indicator("median")


SHIPPED = [
    law(p, t) for p in ("2026Q3", "2026Q4") for t in ("rural_commercial", "large", "village")
]


@pytest.mark.parametrize("rulebook", SHIPPED, ids=lambda r: f"{r.period} {r.bank_type.id}")
def test_a_bank_that_answers_nothing_scores_nothing_and_nothing_breaks(rulebook: Any) -> None:
    nothing = filed(rulebook)
    blank: Submission = replace(
        nothing,
        facts={k: replace(f, state="blank", value=None) for k, f in nothing.facts.items()},
    )
    found = evaluate(blank, rulebook)
    assert found.score.low <= found.score.total <= found.score.high
    for result in found.indicators:
        for each in result.parts:
            if each.points is not None and each.measure.reason == "missing":
                assert each.points <= 0 or each.law.value is None


@pytest.mark.parametrize("rulebook", SHIPPED, ids=lambda r: f"{r.period} {r.bank_type.id}")
def test_every_reason_of_a_blank_bank_has_a_wording(rulebook: Any) -> None:
    from supervise.read.words import read_words

    words = read_words("zh")
    for result in evaluate(filed(rulebook), rulebook).indicators:
        measures = [result.measure, *(p.measure for p in result.parts)]
        for each in measures:
            assert each.reason is None or words.has(f"reasons.{each.reason}"), each.reason


def test_no_check_of_the_shipped_law_is_left_open_on_a_blank_bank() -> None:
    for rulebook in SHIPPED:
        found = evaluate(filed(rulebook), rulebook)
        assert [s for s in found.states if s.state == "not_evaluated"] == []


def test_points_of_a_monitoring_run_leave_annual_items_out_of_both_sides() -> None:
    yearly = part("y", "1", curve(case(None, "max")), annual_only=True)
    usual = part("u", "5%", curve(case(None, "max * value / 10%")))
    one = indicator("x", usual, yearly)
    found = {
        rulebook.period.kind: evaluate(filed(rulebook), law_with(rulebook, indicators=(one,)))
        for rulebook in (law(), ANNUAL)
    }
    monitoring, annual = found["monitoring"].indicator("x"), found["annual"].indicator("x")
    assert told(monitoring.points, monitoring.max) == (5, 10)
    assert told(annual.points, annual.max) == (15, 20)


def test_history_travels_with_the_evaluation() -> None:
    context = Context(history={"2025Q4": past("2025Q4", {"G01_loans": 1})})
    assert evaluated(law_with(), filed(), context).history == context.history


def test_an_invalid_cell_never_counts_as_zero() -> None:
    rulebook = law_with(indicators=(points("x", "10 - G01_loans"),))
    found = evaluated(rulebook, state("G01_loans", "invalid", filed())).indicator("x")
    assert told(found.measure.reason, found.low, found.high) == ("invalid", 0, 10)
