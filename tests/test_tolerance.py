"""Tolerance: by what was added up, by the digits typed, by an amount, or none."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from builders import book_of, check, filed, law, law_with, number, past
from hypothesis import given
from hypothesis import strategies as st

from supervise.core.checks import run_checks
from supervise.core.compute import compute
from supervise.core.context import NO_CONTEXT, Context
from supervise.core.finding import finding_of
from supervise.core.formula import Binary, parse
from supervise.core.frame import Frame
from supervise.core.model import Finding, Submission
from supervise.core.reported import reach
from supervise.core.tolerance import MODES
from supervise.record import replace


def findings(
    holds: str, submission: Submission, context: Context = NO_CONTEXT, **changes: Any
) -> tuple[Finding, ...]:
    changes.setdefault("tolerance", "reported")
    return run_checks(book_of(submission, law_with(checks=(check(holds, **changes),)), context))[0]


def passes(holds: str, submission: Submission, **changes: Any) -> bool:
    return findings(holds, submission, **changes) == ()


def slack(holds: str, submission: Submission) -> Fraction:
    tree = parse(holds).tree
    assert isinstance(tree, Binary)
    return reach(tree, book_of(submission), Frame())


def typed(item: str, text: str, submission: Submission) -> Submission:
    """The same figure, with the text that stands in its cell."""
    changed = replace(submission.facts[item], text=text)
    return replace(submission, facts={**submission.facts, item: changed})


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        ("1204.12万", "1204.13万", True),
        ("1204.12万", "1204.1301万", False),
        ("1204.1234万", "1204.12万", True),
        ("1204.1254万", "1204.12万", False),
        ("1204.1251万", "1204.12万", False),
        ("1204.125万", "1204.12万", True),
        ("1204.126万", "1204.12万", False),
        ("1204万", "1204.01万", True),
        ("1204万", "1204.02万", False),
    ],
)
def test_two_figures_agree_if_any_true_ones_within_their_digits_could(
    first: str, second: str, apart: bool
) -> None:
    submission = filed(G01_loans=first, G01_bills=second)
    assert passes("G01_loans = G01_bills", submission) is apart


def test_a_figure_has_at_least_the_digits_that_its_form_asks_for() -> None:
    """A workbook keeps no trailing zeros: 1200 may have been typed as 1200.00."""
    assert slack("G01_loans = G01_bills", filed(G01_loans="1200万", G01_bills=1)) == 50 + Fraction(
        1, 2
    )
    assert slack("G01_loans > 1亿", filed(G01_loans="1200万")) == 50
    assert slack("XW2_ftp_base > 5%", filed(XW2_ftp_base="3%")) == Fraction(5, 10**5)


def test_more_digits_than_the_form_asks_for_leave_less_room() -> None:
    assert slack("G01_loans > 1亿", filed(G01_loans="1200.1234万")) == Fraction(1, 2)
    assert slack("XW2_ftp_base > 5%", filed(XW2_ftp_base="3.1234%")) == Fraction(5, 10**7)


def test_the_digits_count_as_they_were_typed() -> None:
    text = typed("G01_loans", "1,200.1200", filed(G01_loans="1200.12万"))
    assert slack("G01_loans > 1亿", text) == Fraction(1, 2)
    percent = typed("XW2_ftp_base", "3.100%", filed(XW2_ftp_base="3.1%"))
    assert slack("XW2_ftp_base > 5%", percent) == Fraction(5, 10**6)
    residue = typed("G01_loans", "1200.1200000000001", filed(G01_loans="1200.12万"))
    assert slack("G01_loans > 1亿", residue) == 50


@pytest.mark.parametrize("holds", ["S71_I_6_B0 > 5", "XW7_resource_tilt_plan_score > 5"])
def test_what_is_counted_or_awarded_is_exact(holds: str) -> None:
    assert slack(holds, filed(S71_I_6_B0=1, XW7_resource_tilt_plan_score=1)) == 0


def test_the_law_is_exact() -> None:
    assert slack("kpi_weight_floor > 20%", filed()) == 0


def test_a_sum_moves_by_half_a_digit_for_each_of_its_figures() -> None:
    given = filed(G01_loans="3万", G01_bills="1万", G11_npl="1万")
    assert slack("G01_loans = G01_bills + G11_npl", given) == 150
    assert slack("G01_loans = 2 * G01_bills - G11_npl", given) == 200


def test_a_figure_on_both_sides_cancels() -> None:
    given = filed(G01_loans="3万", G01_bills="1万")
    assert slack("G01_loans + G01_bills <= G01_loans", given) == 50
    assert slack("G01_loans - G01_loans >= 1", given) == 0


def test_a_product_moves_by_the_other_factor() -> None:
    given = filed(XW3_listed_amount="53.3万", XW3_listed_max="1万", XW3_listed_count=53)
    holds = "XW3_listed_amount <= XW3_listed_max * XW3_listed_count"
    assert slack(holds, given) == 50 + 53 * 50
    assert passes(holds, filed(XW3_listed_amount="53.27万", XW3_listed_max="1万",
                               XW3_listed_count=53))  # fmt: skip
    assert not passes(holds, filed(XW3_listed_amount="53.28万", XW3_listed_max="1万",
                                   XW3_listed_count=53))  # fmt: skip


def test_a_product_of_two_amounts_is_enclosed_by_its_corners() -> None:
    given = filed(G01_loans="2万", G01_bills="3万")
    low = (20_000 - 50) * (30_000 - 50)
    assert slack("G01_loans * G01_bills <= 5", given) == 20_000 * 30_000 - low


def test_a_quotient_is_enclosed_by_its_corners() -> None:
    given = filed(G01_loans="4万", G01_bills="1万")
    high = Fraction(10_050, 39_950)
    assert slack("G01_bills / G01_loans >= 50%", given) == high - Fraction(1, 4)
    ratio = filed(G01_loans="98310.55万", G01_bills="1204万", XW2_ftp_base="1.22%")
    assert passes("XW2_ftp_base = G01_bills / G01_loans", ratio)
    assert not passes("XW2_ftp_base = G01_bills / G01_loans", filed(
        G01_loans="98310.55万", G01_bills="1204万", XW2_ftp_base="1.24%"))  # fmt: skip


def test_a_divisor_that_may_be_zero_breaks_nothing() -> None:
    holds = "G11_npl / (G01_loans - G01_bills) <= 1"
    assert passes(holds, filed(G11_npl="5万", G01_loans="2万", G01_bills="1.99万"))
    assert not passes(holds, filed(G11_npl="5万", G01_loans="2万", G01_bills="1.98万"))


def test_extremes_and_distances_are_enclosed() -> None:
    given = filed(G01_loans="4万", G01_bills="1万")
    assert slack("max(G01_loans, G01_bills) <= 5", given) == 50
    assert slack("min(G01_loans, G01_bills) >= 5亿", given) == 50
    assert slack("abs(G01_bills - G01_loans) <= 5", given) == 100
    same = filed(G01_loans="1万", G01_bills="1万")
    assert slack("abs(G01_bills - G01_loans) >= 5", same) == 100
    assert slack("abs(G01_bills - 2 * G01_loans) >= 5亿", same) == 150
    assert slack("-G01_loans >= 5", given) == 50


def test_a_choice_is_followed_where_it_leads() -> None:
    given = filed(S71_I_6_A5="4万", S71_I_6_A0="5.123万")
    assert slack("inclusive_balance <= 5", given) == 50
    assert slack("if(G01_loans > 5, S71_I_6_A5, S71_I_6_A0) <= 5", given) == 5


def test_the_rows_of_a_table_are_figures_too() -> None:
    rows = [{"XW2_kpi_weight": w, "XW2_in_business": True} for w in ("10%", "20%")]
    given = filed(tables={"XW2_branches": rows})
    step = Fraction(5, 10**5)
    assert slack("sum(XW2_kpi_weight) <= 5%", given) == 2 * step
    assert slack("avg(XW2_kpi_weight) <= 5%", given) == step
    assert slack("max(XW2_kpi_weight) <= 5%", given) == step
    assert slack("sum(XW2_kpi_weight where XW2_kpi_weight > 15%) <= 5%", given) == step
    assert slack("count(XW2_in_business) <= 1", given) == 0
    assert slack("sum(XW2_kpi_weight) >= 5%", filed()) == 0


@pytest.mark.parametrize(
    ("then", "now", "agree"),
    [("1204.1234万", "1204.12万", True), ("1204.126万", "1204.12万", False), ("0", "0.01万", True)],
)
def test_an_opening_is_compared_with_history_by_the_digits_of_both(
    then: str, now: str, agree: bool
) -> None:
    history = Context(history={"2025Q4": past("2025Q4", {"G01_loans": then})})
    holds = "G01_loans_year_start = year_start(G01_loans)"
    assert passes(holds, filed(G01_loans_year_start=now), context=history) is agree


def test_a_strict_comparison_holds_if_some_true_figures_fulfil_it() -> None:
    assert passes("G01_bills < G01_loans", filed(G01_loans=100, G01_bills=100))
    assert passes("G01_loans > G01_bills", filed(G01_loans=100, G01_bills=100))
    assert not passes("G01_bills < G01_loans", filed(G01_loans=0, G01_bills="0.01万"))


def test_a_finding_prints_the_tolerance_that_was_used() -> None:
    given = filed(G01_loans="3万", G01_bills="1万", G11_npl="1万")
    for mode, shown in (
        ("reported", "0.015"),
        ("rounding", "0.015"),
        ("50", "0.005"),
        ("none", "0"),
    ):
        found = findings("G01_loans = G01_bills + G11_npl", given, tolerance=mode)
        assert [one.tolerance for one in found] == [shown], mode
    message = "容差 {tolerance}"
    none = findings("G01_loans = G01_bills", given, tolerance="none", message=message)
    assert [one.message for one in none] == ["容差 无"]
    ratio = findings("XW2_ftp_base = 5%", filed(XW2_ftp_base="3%"))
    assert [one.tolerance for one in ratio] == ["0.005%"]


def test_a_ratio_without_tolerance_prints_a_plain_zero() -> None:
    found = findings("XW2_ftp_base <= 1%", filed(XW2_ftp_base="3%"), tolerance="none")
    assert [one.tolerance for one in found] == ["0"]


def test_no_check_of_the_law_gives_a_regulatory_limit_any_slack() -> None:
    for one in law().checks:
        if one.holds is not None and one.tolerance != "none":
            assert not one.holds.names() & law().parameters.keys(), one.id
    assert {c.tolerance for c in law().checks} == set(MODES)


CENTS = st.integers(min_value=-5000, max_value=5000)


@given(CENTS, CENTS, CENTS)
def test_a_sum_holds_by_its_digits_exactly_if_true_figures_can_make_it(
    a: int, b: int, c: int
) -> None:
    """In hundredths: each true figure lies within half of one; three halves are the most."""
    near = filed(G01_loans=a * 100, G01_bills=b * 100, G11_npl=c * 100)
    assert passes("G01_loans = G01_bills + G11_npl", near) is (2 * abs(a - b - c) <= 3)


@given(st.integers(1, 400), st.integers(1, 400), st.integers(0, 20_000))
def test_no_corner_lies_outside_the_reach_of_a_quotient(a: int, b: int, basis_points: int) -> None:
    limit = Fraction(basis_points, 10_000)
    submission = filed(G01_loans=a * 10_000, G01_bills=b * 10_000)
    holds = f"G01_bills / G01_loans <= {float(limit):.4f}"
    value = Fraction(b, a)
    corners = [Fraction(b * 10_000 + x, a * 10_000 + y) for x in (-50, 0, 50) for y in (-50, 0, 50)]
    assert passes(holds, submission) is (value <= limit or min(corners) <= limit)


def test_what_is_compared_and_what_is_printed_are_one() -> None:
    """The slack that a finding prints is the one that the verdict used."""
    submission = filed(G01_loans="3.02万", G01_bills="1万", G11_npl="2万")
    one = check("G01_loans = G01_bills + G11_npl", tolerance="reported")
    book = book_of(submission, law_with(checks=(one,)))
    found, _ = run_checks(book)
    frame = Frame()
    assert one.holds is not None
    compute(one.holds.tree, book, frame)
    assert found[0].cells == finding_of(one, book, frame, None).cells
    assert number(f"{found[0].difference}万") > number(f"{found[0].tolerance}万")
