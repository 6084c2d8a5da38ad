"""What a formula means: exact values, and reasons that nothing can turn into a number."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from builders import book_of, branches, filed, law, state, value_of

from supervise.core.compute import compute
from supervise.core.formula import parse
from supervise.core.frame import Absent, Frame, Result
from supervise.core.model import Submission
from supervise.core.world import Book
from supervise.record import replace

NOT_FILED = Absent("missing", ("XW1_due",))


def of(formula: str, submission: Submission | None = None) -> Result:
    return value_of(formula, book_of(submission or filed()))


def test_a_blank_cell_is_not_zero() -> None:
    assert of("XW1_due") == NOT_FILED
    assert of("XW1_due + 1") == NOT_FILED
    assert of("XW1_due * 0") == NOT_FILED
    assert of("XW1_due = 0") == NOT_FILED


def test_a_blank_on_a_sheet_where_blank_means_zero_is_zero() -> None:
    assert of("G01_loans") == 0
    assert of("given(G01_loans)") is True


@pytest.mark.parametrize(
    "formula",
    ["-XW1_due", "not (XW1_due > 1)", "abs(XW1_due)", "min(1, XW1_due)", "max(XW1_due, 9)",
     "if(XW1_due > 0, 1, 2)", "small_sample_if(XW1_due > 1, 5)", "small_sample_if(false, XW1_due)",
     "1 / XW1_due", "XW1_due and true", "false or XW1_due"],
)  # fmt: skip
def test_a_missing_datum_makes_the_result_missing_and_says_which(formula: str) -> None:
    assert of(formula) == NOT_FILED


@pytest.mark.parametrize(
    ("how", "reason"),
    [("blank", "missing"), ("not_applicable", "not_applicable"), ("invalid", "invalid")],
)
def test_each_state_of_a_cell_has_its_own_reason(how: Any, reason: str) -> None:
    submission = state("XW1_due", how, filed(XW1_due=5))
    assert of("1 + XW1_due", submission) == Absent(reason, ("XW1_due",))


def test_the_first_reason_in_reading_order_wins() -> None:
    assert of("XW1_due + XW1_renewed") == NOT_FILED
    assert of("XW1_renewed + XW1_due") == Absent("missing", ("XW1_renewed",))


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("false and XW1_due > 0", False),
        ("XW1_due > 0 and false", False),
        ("true or XW1_due > 0", True),
        ("XW1_due > 0 or true", True),
        ("given(XW1_due) and XW1_due > 0", False),
        ("not given(XW1_due) or XW1_due > 0", True),
        ("if(given(XW1_due), XW1_due, 7)", 7),
        ("if(true, 1, XW1_due)", 1),
    ],
)
def test_what_decides_is_not_undone_by_what_is_missing(formula: str, value: Any) -> None:
    assert of(formula) == value


def test_nothing_can_be_divided_by_zero() -> None:
    assert of("1 / (G01_loans - G01_loans)") == Absent("zero_denominator")
    assert of("0 / G01_loans") == Absent("zero_denominator")


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("abs('甲')", "not_a_number"),
        ("-'甲'", "not_a_number"),
        ("'甲' + 1", "not_a_number"),
        ("true * 2", "not_a_number"),
        ("min(1, '甲')", "not_a_number"),
        ("'甲' < 1", "not_comparable"),
        ("true > false and 1", "not_a_condition"),
        ("1 and true", "not_a_condition"),
        ("true and '甲'", "not_a_condition"),
        ("not 1", "not_a_condition"),
        ("if(1, 2, 3)", "not_a_condition"),
        ("days_between(1, period_end)", "not_a_date"),
        ("sum(G01_loans)", "no_table"),
        ("no_such_name", "unknown_name"),
    ],
)
def test_a_formula_that_makes_no_sense_has_no_value(formula: str, reason: str) -> None:
    found = of(formula)
    assert isinstance(found, Absent)
    assert found.reason == reason


FOUR = filed(
    tables={
        "XW2_branches": [
            *branches("12%", "10%")["XW2_branches"],
            *branches("9.99%", XW2_in_business=False)["XW2_branches"],
            *branches("30%", XW2_branch_level="境外机构")["XW2_branches"],
        ]
    }
)
DOMESTIC = "where XW2_branch_level != '境外机构' and XW2_in_business"


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("min(XW2_kpi_weight)", Fraction("0.0999")),
        (f"min(XW2_kpi_weight {DOMESTIC})", Fraction(1, 10)),
        (f"max(XW2_kpi_weight {DOMESTIC})", Fraction(12, 100)),
        (f"sum(XW2_kpi_weight {DOMESTIC})", Fraction(22, 100)),
        (f"avg(XW2_kpi_weight {DOMESTIC})", Fraction(11, 100)),
        ("share(XW2_kpi_weight, >= 10%)", Fraction(3, 4)),
        (f"share(XW2_kpi_weight, > 10% {DOMESTIC})", Fraction(1, 2)),
        ("count(XW2_kpi_weight >= 10%)", 3),
        (f"count(XW2_kpi_weight {DOMESTIC})", 2),
        ("any(XW2_kpi_weight < 10%)", True),
        (f"all(XW2_kpi_weight >= 10% {DOMESTIC})", True),
        ("all(XW2_kpi_weight >= 10%)", False),
        ("distinct(XW2_kpi_weight)", True),
        ("distinct(XW2_branch_name)", False),
        (f"distinct(XW2_branch_name {DOMESTIC})", True),
        ("min(XW2_kpi_weight) + max(XW2_kpi_weight)", Fraction("0.3999")),
    ],
)
def test_an_aggregate_runs_over_the_rows_that_where_keeps(formula: str, value: Any) -> None:
    assert of(formula, FOUR) == value


@pytest.mark.parametrize("name", ["min", "max", "avg", "share"])
def test_an_empty_table_has_no_least_greatest_or_average_row(name: str) -> None:
    assert of(f"{name}(XW2_kpi_weight)") == Absent("missing", ("XW2_kpi_weight",))
    found = of(f"{name}(XW2_kpi_weight where XW2_kpi_weight > 50%)", FOUR)
    assert found == Absent("missing", ("XW2_kpi_weight",))


@pytest.mark.parametrize(
    ("formula", "value"),
    [("sum(XW2_kpi_weight)", 0), ("count(XW2_kpi_weight)", 0), ("any(XW2_in_business)", False),
     ("all(XW2_in_business)", True), ("distinct(XW2_branch_name)", True)],
)  # fmt: skip
def test_an_empty_table_counts_nothing(formula: str, value: Any) -> None:
    assert of(formula) == value


def test_one_blank_row_leaves_an_aggregate_without_a_value() -> None:
    found = of("min(XW2_kpi_weight)", filed(tables=branches("12%", None)))
    assert found == Absent("missing", ("XW2_kpi_weight",))
    kept = of(
        "min(XW2_kpi_weight where given(XW2_kpi_weight))", filed(tables=branches("12%", None))
    )
    assert kept == Fraction(12, 100)


def test_a_condition_that_cannot_be_told_leaves_an_aggregate_without_a_value() -> None:
    submission = filed(tables=branches("12%", XW2_in_business=None))
    found = of("min(XW2_kpi_weight where XW2_in_business)", submission)
    assert found == Absent("missing", ("XW2_in_business",))


def test_a_table_on_a_sheet_that_does_not_apply_does_not_apply() -> None:
    submission = replace(filed(), sheet_status={"XW2分支机构": "not_applicable"})
    for name in ("min", "count", "sum", "share"):
        found = of(f"{name}(XW2_kpi_weight)", submission)
        assert found == Absent("not_applicable", ("XW2_kpi_weight",))


def test_an_open_table_has_no_earlier_rows() -> None:
    found = of("year_start(min(XW2_kpi_weight))", filed(tables=branches("12%")))
    assert found == Absent("no_history", ("XW2_branches",))


def test_a_local_name_comes_before_the_forms() -> None:
    assert value_of("G01_loans + value", G01_loans=Fraction(1), value=Fraction(2)) == 3
    gone = Absent("small_sample", ("x",))
    assert value_of("value * 2", value=gone) == gone
    assert value_of("given(value)", value=gone) is False


@pytest.mark.parametrize(
    ("given", "months"),
    [("2025-09-30", 12), ("2025-10-01", 11), ("2026-09-30", 0), ("2026-08-31", 0),
     ("2026-07-30", 2), ("2020-02-29", 79)],
)  # fmt: skip
def test_age_counts_whole_months_to_the_end_of_the_period(given: str, months: int) -> None:
    assert of("age_months(XW4_reviewed_on)", filed(XW4_reviewed_on=given)) == months


def test_dates_are_compared_and_subtracted() -> None:
    submission = filed(XW4_reviewed_on="2025-09-30")
    assert of("days_between(XW4_reviewed_on, period_end)", submission) == 365
    assert of("XW4_reviewed_on < period_start", submission) is True
    assert of("period_end > period_start") is True
    missing = Absent("missing", ("XW4_reviewed_on",))
    assert of("days_between(XW4_reviewed_on, period_end)") == missing
    assert of("age_months(XW4_reviewed_on)") == missing


@pytest.mark.parametrize(("period", "months"), [("2026Q1", 3), ("2026Q3", 9), ("2026Q4", 12)])
def test_the_year_so_far_counts_months(period: str, months: int) -> None:
    book = law(period)
    assert value_of("months()", book_of(None, book)) == months
    assert value_of("completed_share()", book_of(None, book)) == Fraction(months, 12)


def test_the_trace_holds_each_figure_with_its_cell_in_formula_order() -> None:
    submission = filed(G01_loans="3亿", G01_bills="1亿")
    frame = Frame()
    book = Book(submission, law(), book_of().context)
    compute(parse("(G01_loans - G01_bills) / kpi_weight_floor").tree, book, frame)
    loans, bills = (str(submission.facts[i].cell) for i in ("G01_loans", "G01_bills"))
    assert [(t.item, t.value, t.source, t.cell) for t in frame.trace] == [
        ("G01_loans", 300_000_000, "cell", loans),
        ("G01_bills", 100_000_000, "cell", bills),
        ("kpi_weight_floor", Fraction(1, 10), "rulebook", ""),
    ]


def test_a_question_whether_something_is_given_leaves_no_trace() -> None:
    frame = Frame()
    compute(parse("given(XW1_due) or given(1 / G01_loans)").tree, book_of(), frame)
    assert frame.trace == []
