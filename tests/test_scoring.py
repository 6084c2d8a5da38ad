"""Points of a part: curves, what is owed, what is unknown, self scores and supervisors' marks."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from builders import (
    book_of,
    case,
    curve,
    deduction,
    filed,
    indicator,
    law,
    law_with,
    parent_of,
    part,
    requirement,
    state,
    told,
)

from supervise.core.context import NO_CONTEXT, Context, Judgement
from supervise.core.evaluation import Evaluation, IndicatorResult, PartResult
from supervise.core.indicators import measure_indicator, measure_indicators
from supervise.core.law import Curve, PartLaw
from supervise.core.model import Submission
from supervise.record import replace

STEPS = curve(case("value >= 10%", "max", "extracted"), case(None, "max * value / 10%"))
RATIO = "G01_bills / G01_loans"
ANNUAL = law("2026Q4")


def ratio_of(text: str) -> Submission:
    return filed(G01_loans=1000, G01_bills=text)


def scored(
    law_part: PartLaw, submission: Submission | None = None, *, annual: bool = False, **more: Any
) -> PartResult:
    context = more.pop("context", NO_CONTEXT)
    law_of = ANNUAL if annual else law()
    book = book_of(submission or filed(law_of), law_with(law_of), context)
    return measure_indicator(indicator("x", law_part, **more), book).parts[0]


def marks(found: PartResult) -> tuple[object, ...]:
    return told(found.points, found.low, found.high)


@pytest.mark.parametrize(
    ("bills", "points"), [("100", "10"), ("200", "10"), ("99.99", "9.999"), ("50", "5"), ("0", "0")]
)
def test_the_first_case_that_holds_gives_the_points(bills: str, points: str) -> None:
    found = scored(part("p", RATIO, STEPS), ratio_of(bills))
    assert marks(found) == (Fraction(points),) * 3
    assert found.case_provenance == ("extracted" if points == "10" else "provisional")


def test_points_stay_between_the_least_and_the_most() -> None:
    wild = curve(case("value > 0", "99"), case(None, "-99"), high=3, low=-3)
    assert scored(part("p", RATIO, wild), ratio_of("1")).points == 3
    assert scored(part("p", RATIO, wild), ratio_of("0")).points == -3


def test_a_curve_knows_value_base_maximum_and_earlier_parts() -> None:
    names = curve(case(None, "value * 8 + base * 4 + max / 10 + min + first"), high=100, low=-1)
    parts = part("first", "7"), part("p", "1", names, base="2")
    found = measure_indicator(indicator("x", *parts), book_of(filed(), law_with()))
    assert found.points == 8 + 2 * 4 + 100 / 10 - 1 + 7


def test_what_the_bank_owes_and_left_out_scores_nothing() -> None:
    found = scored(part("p", "XW1_due / XW1_renewed", STEPS))
    assert marks(found) == (0, 0, 0)
    assert (found.note, found.measure.reason) == ("owed_and_missing", "missing")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("loan_cost_level", "unset_parameter"),
        ("1 / G01_loans", "zero_denominator"),
        ("previous(XW1_due)", "no_history"),
        ("small_sample_if(true, 1)", "small_sample"),
    ],
)
def test_what_cannot_be_computed_spans_from_nothing_to_everything(value: str, reason: str) -> None:
    found = scored(part("p", value, STEPS))
    assert marks(found) == (0, 0, 10)
    assert (found.note, found.measure.reason) == (reason, reason)


def test_the_span_of_a_part_that_can_lose_points_starts_below_zero() -> None:
    losing = curve(case(None, "value"), high=3, low=-3)
    assert marks(scored(part("p", "loan_cost_level", losing))) == (-3, -3, 3)


@pytest.mark.parametrize("how", ["value", "base"])
def test_what_does_not_apply_leaves_both_sides(how: str) -> None:
    submission = state("XW1_due", "not_applicable", filed())
    formulas = {"value": "1", "base": "1", how: "XW1_due"}
    law_part = part("p", formulas["value"], STEPS, base=formulas["base"])
    found = scored(law_part, submission)
    assert not found.applies
    assert marks(found) == (None, None, None)


def test_a_new_bank_has_no_points_for_change() -> None:
    submission = filed(COVER_opened_on="2026-03-01", S71_I_6_A5="1亿")
    growth = part("p", "inclusive_balance", STEPS, base="year_start(inclusive_balance)")
    result = measure_indicator(indicator("x", growth), book_of(submission, law_with()))
    assert (result.applies, result.why_not, result.points) == (False, "base_absent", None)


def test_a_part_whose_condition_is_not_met_does_not_apply() -> None:
    assert not scored(part("p", "1", STEPS, applies="XW5_online_business"),
                      filed(XW5_online_business=False)).applies  # fmt: skip
    assert scored(part("p", "1", STEPS, applies="XW5_online_business")).applies


def test_an_annual_part_is_left_out_of_a_monitoring_run() -> None:
    law_part = part("p", "1", STEPS, annual_only=True)
    assert not scored(law_part).applies
    assert scored(law_part, annual=True).points == 10


def test_the_worst_deduction_replaces_the_points_in_an_annual_run_only() -> None:
    losing = curve(
        case(None, "max"), deductions=[deduction("value >= 1", -3), deduction("value >= 2", -4)]
    )
    for value, points in (("0", 10), ("1", -3), ("2", -4)):
        found = scored(part("p", value, losing), annual=True)
        assert marks(found) == (points,) * 3
        assert found.note == ("deduction" if points < 0 else "")
        assert scored(part("p", value, losing)).points == 10


def test_a_deduction_that_cannot_be_told_takes_nothing() -> None:
    losing = curve(case(None, "max"), deductions=[deduction("annual_ago(1, p) > 0", -3)])
    assert scored(part("p", "0", losing), annual=True).points == 10


JUDGED = part(
    "rules", "XW4_linked", curve(case("XW4_linked", "max"), case(None, "0"), high=3),
    judged=True, self_item="XW7_due_diligence_exemption_rules_score",
)  # fmt: skip
SELF = "XW7_due_diligence_exemption_rules_score"


def judged(points: str | None, *, annual: bool = False, linked: bool | None = True) -> PartResult:
    book = ANNUAL if annual else law()
    return scored(JUDGED, filed(book, {SELF: points, "XW4_linked": linked}), annual=annual)


def supervised(points: int, *, annual: bool = False, curve_of: Curve | None = None) -> PartResult:
    mark = Judgement("x", "rules", Fraction(points), "监管员", "现场核实", "2027-02-01")
    book = ANNUAL if annual else law()
    submission = filed(book, {SELF: "3", "XW4_linked": True})
    law_part = replace(JUDGED, curve=curve_of) if curve_of else JUDGED
    return scored(law_part, submission, annual=annual, context=Context(judgements=(mark,)))


@pytest.mark.parametrize(
    ("claimed", "counts"), [("3", 3), ("2", 2), ("0", 0), ("99", 3), ("-5", 0)]
)
def test_a_self_score_counts_while_monitoring_and_never_beyond_the_curve(
    claimed: str, counts: int
) -> None:
    found = judged(claimed)
    assert marks(found) == (counts,) * 3
    assert (found.counted, found.note) == ("self", "self_assessed")
    assert found.self_points == Fraction(claimed)


def test_a_self_score_counts_no_further_than_the_filed_facts_support() -> None:
    assert judged("3", linked=False).points == 0
    unanswered = judged("3", linked=None)
    assert marks(unanswered) == (0, 0, 0)
    assert unanswered.note == "owed_and_missing"


def test_a_self_score_that_was_left_out_is_owed() -> None:
    found = judged(None)
    assert (marks(found), found.note, found.counted) == ((0, 0, 0), "owed_and_missing", None)


def test_in_an_annual_run_a_self_score_does_not_count() -> None:
    found = judged("3", annual=True)
    assert (marks(found), found.note) == ((0, 0, 3), "awaiting_judgement")
    assert found.self_points == 3


@pytest.mark.parametrize("annual", [False, True])
def test_a_supervisors_mark_counts_in_either_run(annual: bool) -> None:
    found = supervised(1, annual=annual)
    assert (marks(found), found.counted) == ((1, 1, 1), "supervisor")
    assert found.supervisor is not None
    assert found.supervisor.by == "监管员"


def test_a_mark_for_another_part_does_not_count() -> None:
    other = Judgement("x", "linked", Fraction(3), "监管员", "", "2027-02-01")
    found = scored(JUDGED, filed(ANNUAL), annual=True, context=Context(judgements=(other,)))
    assert found.supervisor is None


def result_of(**changes: Any) -> IndicatorResult:
    submission = changes.pop("submission", filed(G01_loans=1000, G01_bills=120))
    context = changes.pop("context", NO_CONTEXT)
    rulebook = changes.pop("rulebook", law())
    one = indicator("x", part("p", RATIO, STEPS), value=RATIO, **changes)
    return measure_indicator(one, book_of(submission, law_with(rulebook), context))


def test_an_indicator_sums_its_scored_parts() -> None:
    parts = part("a", "1", STEPS), part("b", "5%", STEPS), part("shown", "7")
    found = measure_indicator(indicator("x", *parts), book_of(filed(), law_with()))
    assert told(found.points, found.max, found.low, found.high) == (15, 20, 15, 15)


def test_a_part_that_does_not_apply_takes_its_maximum_with_it() -> None:
    parts = part("a", "1", STEPS), part("b", "1", STEPS, annual_only=True)
    found = measure_indicator(indicator("x", *parts), book_of(filed(), law_with()))
    assert told(found.points, found.max, found.applies) == (10, 10, True)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"applies": False}, "bank_type"),
        ({"levels": ("tier1_branch",)}, "parent_level"),
        ({"annual_only": True}, "annual_only"),
        ({"applies_when": "G01_loans > 1亿"}, "no_such_business"),
    ],
)
def test_an_indicator_says_why_it_does_not_apply(changes: dict[str, Any], why: str) -> None:
    found = result_of(requirements=(requirement("value", "10%"),), **changes)
    assert (found.applies, found.why_not) == (False, why)
    assert (found.points, found.max) == (None, None)
    duty = "met" if why == "annual_only" else "not_applicable"
    assert [r.status for r in found.requirements] == [duty]


def test_a_condition_that_cannot_be_told_does_not_excuse() -> None:
    assert result_of(applies_when="XW5_online_business").applies


@pytest.mark.parametrize(("bills", "status"), [("100", "met"), ("120", "met"), ("99.99", "unmet")])
def test_a_duty_is_met_at_its_limit_and_not_below(bills: str, status: str) -> None:
    found = result_of(
        submission=filed(G01_loans=1000, G01_bills=bills),
        requirements=(requirement("value", "10%"),),
    ).requirements[0]
    assert (found.status, found.limit) == (status, Fraction(1, 10))
    assert found.value == Fraction(bills) / 1000


@pytest.mark.parametrize(
    ("duty", "status"),
    [
        (requirement("XW1_due > 1"), "not_computable"),
        (requirement("XW1_due", "10%"), "not_computable"),
        (requirement("value", "loan_cost_level"), "not_computable"),
        (requirement("1 < 2"), "met"),
        (requirement("2 < 1"), "unmet"),
        (requirement("value", "10%", test="at_most"), "unmet"),
        (requirement("value", "12%", test="at_most"), "met"),
        (requirement("value", "10%", applies=False), "not_applicable"),
        (requirement("value", "10%", applies_when="2 < 1"), "not_applicable"),
        (requirement("value", "10%", applies_when="XW5_online_business"), "met"),
    ],
)
def test_a_requirement_is_apart_from_the_score(duty: Any, status: str) -> None:
    found = result_of(requirements=(duty,))
    assert found.requirements[0].status == status
    assert found.points == 10


def test_a_duty_stands_even_where_no_points_apply() -> None:
    duty = requirement("value >= 10%")
    only = part("p", "1", STEPS, base="year_start(inclusive_balance)")
    submission = filed(COVER_opened_on="2026-03-01", G01_loans=10)
    one = indicator("x", only, value="5%", requirements=(duty,))
    found = measure_indicator(one, book_of(submission, law_with()))
    assert (found.applies, found.requirements[0].status) == (False, "unmet")


def branch(parent: Evaluation | None) -> IndicatorResult:
    submission = filed(G01_loans=1000, G01_bills=0)
    bank = replace(submission.bank, level="tier1_branch", parent="P")
    return result_of(
        submission=replace(submission, bank=bank),
        levels=("legal_person",),
        context=Context(parent=parent_of(parent) if parent is not None else None),
    )


def test_a_branch_takes_what_only_the_legal_person_has_from_its_parent() -> None:
    from builders import evaluated

    own = indicator("x", part("p", RATIO, STEPS), value=RATIO)
    rulebook = law_with(indicators=(own,))
    parent = evaluated(rulebook, filed(G01_loans=1000, G01_bills=70))
    assert branch(parent).points == 7
    assert branch(None).why_not == "parent_level"
    elsewhere = evaluated(law_with(), filed())
    assert branch(elsewhere).why_not == "parent_level"


def test_an_indicator_may_refer_to_another_measured_once() -> None:
    one = indicator("one", part("p", "5", curve(case(None, "value"))), value="5")
    two = indicator("two", part("p", "measure(one) + measure(one.p)", curve(case(None, "value"))))
    loop = indicator("loop", part("p", "measure(loop)", STEPS))
    rulebook = law_with(indicators=(two, one, loop))
    found = {r.law.id: r for r in measure_indicators(book_of(filed(), rulebook))}
    assert found["two"].points == 10
    assert found["loop"].parts[0].measure.reason == "unknown_name"


def test_the_least_certain_row_used_marks_the_indicator() -> None:
    sure = curve(case("value >= 10%", "max", "confirmed"), case(None, "0", "provisional"))
    parts = part("p", RATIO, replace(sure, provenance="extracted"))
    for bills, provenance in ((200, "extracted"), (0, "provisional")):
        submission = filed(G01_loans=1000, G01_bills=bills)
        found = measure_indicator(indicator("x", parts), book_of(submission, law_with()))
        assert found.provenance == provenance
