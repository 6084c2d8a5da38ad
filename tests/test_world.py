"""Where names get their values: now, from before, from the law, from a supervisor."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from builders import Given, book_of, filed, law, law_with, number, parameter, past, state, value_of

from supervise.core.compute import compute
from supervise.core.context import Adjustment, Context
from supervise.core.formula import parse
from supervise.core.frame import Absent, Frame, Result
from supervise.core.model import Submission
from supervise.core.references import PeerReference
from supervise.core.world import Book

RESTATED: dict[str, Given] = {"BQ_restated": True, "BQ_restated_reason": "审计"}


def knows(**figures: str) -> Context:
    """History of 2025Q4 and 2025Q3 that holds the same figures."""
    return Context(history={p: past(p, figures) for p in ("2025Q4", "2025Q3", "2026Q2")})


def earlier(word: str, submission: Submission, context: Context | None = None) -> Result:
    return value_of(f"{word}(S71_I_6_A0)", book_of(submission, context=context or Context()))


def sources(formula: str, book: Book) -> list[tuple[str, str, str]]:
    frame = Frame()
    compute(parse(formula).tree, book, frame)
    return [(t.item, t.source, t.cell) for t in frame.trace]


def test_a_period_word_reads_the_comparative_cell() -> None:
    submission = filed(S71_I_6_A0_year_start="5亿", S71_I_6_A0_year_ago="4亿")
    assert earlier("year_start", submission) == number("5亿")
    assert earlier("year_ago", submission) == number("4亿")
    cell = str(submission.facts["S71_I_6_A0_year_start"].cell)
    found = sources("year_start(S71_I_6_A0)", book_of(submission))
    assert found == [("S71_I_6_A0_year_start", "cell", cell)]


def test_history_comes_before_the_comparative_cell() -> None:
    submission = filed(S71_I_6_A0_year_start="5亿")
    context = knows(S71_I_6_A0="4.9亿")
    assert earlier("year_start", submission, context) == number("4.9亿")
    found = sources("year_start(S71_I_6_A0)", book_of(submission, context=context))
    assert found == [("S71_I_6_A0", "history", "2025Q4")]


def test_a_restated_figure_with_a_reason_comes_before_history() -> None:
    submission = filed(None, {"S71_I_6_A0_year_start": "5亿", **RESTATED})
    assert earlier("year_start", submission, knows(S71_I_6_A0="4.9亿")) == number("5亿")


@pytest.mark.parametrize(
    "said",
    [{"BQ_restated": True}, {"BQ_restated_reason": "审计"}, {**RESTATED, "BQ_restated": False}],
)
def test_a_restatement_without_a_reason_does_not_count(said: dict[str, str | bool]) -> None:
    submission = filed(None, {"S71_I_6_A0_year_start": "5亿", **said})
    assert earlier("year_start", submission, knows(S71_I_6_A0="4.9亿")) == number("4.9亿")


def test_a_restatement_cannot_blank_what_history_knows() -> None:
    assert earlier("year_start", filed(None, RESTATED), knows(S71_I_6_A0="4亿")) == number("4亿")


def test_an_old_bank_that_leaves_the_comparative_blank_owes_it() -> None:
    submission = filed(COVER_opened_on="2005-06-01")
    assert earlier("year_start", submission) == Absent("missing", ("S71_I_6_A0_year_start",))


@pytest.mark.parametrize("opened", ["2026-03-01", "2026-01-01"])
def test_a_new_bank_has_no_base(opened: str) -> None:
    submission = filed(COVER_opened_on=opened)
    assert earlier("year_start", submission) == Absent("base_absent", ("S71_I_6_A0_year_start",))
    on_a_zero_sheet = value_of("year_start(G01_loans)", book_of(submission))
    assert on_a_zero_sheet == Absent("base_absent", ("G01_loans_year_start",))


def test_a_new_bank_that_took_over_a_balance_has_a_base() -> None:
    submission = filed(COVER_opened_on="2026-03-01", S71_I_6_A0_year_start="1亿")
    assert earlier("year_start", submission) == number("1亿")


def test_a_bank_opened_on_the_last_day_of_the_base_period_is_not_new() -> None:
    submission = filed(COVER_opened_on="2025-12-31")
    assert earlier("year_start", submission) == Absent("missing", ("S71_I_6_A0_year_start",))
    assert earlier("year_ago", submission) == Absent("base_absent", ("S71_I_6_A0_year_ago",))


def test_a_figure_without_a_comparative_is_known_from_history_alone() -> None:
    assert value_of("previous(XW1_due)", book_of(filed())) == Absent("no_history", ("XW1_due",))
    known = book_of(filed(), context=knows(XW1_due="7万"))
    assert value_of("previous(XW1_due)", known) == 70_000


def test_a_period_word_reaches_through_definitions() -> None:
    submission = filed(S71_I_6_A5="6亿", S71_I_6_A5_year_start="5亿")
    assert value_of("inclusive_growth", book_of(submission)) == Fraction(1, 5)
    assert value_of("year_start(inclusive_balance)", book_of(submission)) == number("5亿")
    assert value_of("given(year_start(inclusive_balance))", book_of(submission)) is True
    assert value_of("given(inclusive_rate)", book_of(submission)) is False


@pytest.mark.parametrize(
    ("word", "period"),
    [
        ("year_start", "2025Q4"),
        ("last_year", "2025Q4"),
        ("year_ago", "2025Q3"),
        ("previous", "2026Q2"),
    ],
)
def test_each_period_word_speaks_of_one_period(word: str, period: str) -> None:
    assert str(book_of().period_of(word)) == period


def test_an_adjusted_figure_counts_and_the_trace_says_whose_it_is() -> None:
    context = Context(adjustments=(adjusted("G01_loans", 5), adjusted("XW1_due", 6)))
    book = book_of(filed(G01_loans="1亿"), context=context)
    assert value_of("G01_loans", book) == 5
    assert value_of("given(XW1_due) and XW1_due = 6", book) is True
    assert [source for _, source, _ in sources("G01_loans", book)] == ["judgement"]


def test_an_adjusted_comparative_counts_before_history_and_cell() -> None:
    context = Context(
        history=knows(S71_I_6_A0="4亿").history,
        adjustments=(adjusted("S71_I_6_A0_year_start", 3),),
    )
    submission = filed(S71_I_6_A0_year_start="5亿")
    assert earlier("year_start", submission, context) == 3
    book = book_of(submission, context=context)
    assert [s for _, s, _ in sources("year_start(S71_I_6_A0)", book)] == ["judgement"]


def adjusted(item: str, to: int) -> Adjustment:
    return Adjustment(item, None, Fraction(to), "现场核实", "底稿", "监管员", "2026-10-20")


def test_a_parameter_that_is_unset_gives_a_reason_and_is_known_as_used() -> None:
    book = book_of()
    assert value_of("loan_cost_level", book) == Absent("unset_parameter", ("loan_cost_level",))
    assert value_of("given(loan_cost_level)", book) is False
    assert value_of("kpi_weight_floor = 10%", book) is True
    assert book.used_parameters == {"loan_cost_level", "kpi_weight_floor"}


def test_an_item_comes_before_a_parameter_of_the_same_name() -> None:
    rulebook = law_with(
        parameters={**law().parameters, "XW1_due": parameter("XW1_due", Fraction(1))}
    )
    assert value_of("XW1_due", book_of(filed(XW1_due=9), rulebook)) == 9


def test_a_peer_reference_is_that_of_the_type_else_of_its_group() -> None:
    references = (
        PeerReference("x", "rural", "2025Q4", Fraction(3, 10), 12, "provisional"),
        PeerReference("x", "rural_commercial", "2025Q4", None, 0, "provisional"),
        PeerReference("y", "city", "2025Q4", Fraction(1), 12, "provisional"),
    )
    book = book_of(None, law_with(peer_references=references))
    assert value_of("peer_reference(x)", book) == Fraction(3, 10)
    assert value_of("peer_reference(y)", book) == Absent("unset_parameter", ("peer_reference.y",))
    assert book.used_parameters == {"peer_reference.x.rural"}


def test_an_annual_value_is_known_only_from_an_annual_history() -> None:
    parts = {("growth", "missed"): Fraction(1)}
    context = Context(history={"2024Q4": past("2024Q4", parts=parts)})
    book = book_of(context=context)
    names: dict[str, Result] = {"indicator": "growth"}
    assert value_of("annual_ago(2, missed)", book, **names) == 1
    gone = Absent("no_history", ("2025Q4",))
    assert value_of("annual_ago(1, missed)", book, **names) == gone
    lacks = Absent("no_history", ("2024Q4", "other"))
    assert value_of("annual_ago(2, other)", book, **names) == lacks


def test_the_faults_of_a_first_filing_are_known_to_a_ledger_only() -> None:
    assert value_of("first_filing_blocking()") == Absent("no_history", ("ledger",))
    book = book_of(context=Context(first_filing=(2, 3)))
    assert value_of("first_filing_blocking() * 10 + first_filing_unanswered()", book) == 23


def test_days_of_the_period_are_names() -> None:
    assert value_of("period_end") == date(2026, 9, 30)
    assert value_of("period_start") == date(2026, 1, 1)


def test_an_invalid_opening_date_is_no_date() -> None:
    submission = state("COVER_opened_on", "invalid", filed(COVER_opened_on="2026-03-01"))
    assert earlier("year_start", submission) == Absent("missing", ("S71_I_6_A0_year_start",))
