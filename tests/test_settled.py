"""What is settled at once comes out as it does in full, whatever was filed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from builders import book_of, branches, check, filed, law, law_with
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_files import EVERY, case_of

from supervise.core.checks import run_checks
from supervise.core.context import NO_CONTEXT, Adjustment, Context
from supervise.core.law import Rulebook
from supervise.core.model import Fact, FactState, Submission, Value
from supervise.core.settled import settler_of
from supervise.core.world import Book
from supervise.record import replace

GOOD = "2026Q3/rc03-yanxi.xlsx"
READ = [sample.path for sample in EVERY if "rcc02-heqing" not in sample.path]


def in_full(rulebook: Rulebook) -> Rulebook:
    """The same law, none of whose checks is settled at once."""
    checks = tuple(replace(check) for check in rulebook.checks)
    for each in checks:
        object.__setattr__(each, "settler", None)
    return replace(rulebook, checks=checks)


def assert_alike(
    submission: Submission, rulebook: Rulebook, context: Context = NO_CONTEXT
) -> frozenset[str]:
    """Both ways give the same findings, states and used parameters; what states there were."""
    quick, slow = Book(submission, rulebook, context), Book(submission, in_full(rulebook), context)
    findings, states = run_checks(quick)
    assert (findings, states) == run_checks(slow)
    assert quick.used_parameters == slow.used_parameters
    return frozenset(one.state for one in states)


@pytest.mark.parametrize("path", READ)
def test_a_sample_is_judged_alike(path: str) -> None:
    case = case_of(path)
    assert "passed" in assert_alike(case.submission, case.rulebook)


def test_nearly_every_check_of_a_good_submission_is_settled_at_once() -> None:
    case = case_of(GOOD)
    book = Book(case.submission, case.rulebook, NO_CONTEXT)
    told = [
        settler.told(book.figures.of_row(row), place)
        for one in case.rulebook.checks
        if (settler := settler_of(one)) is not None
        for place in range(len(one.bindings))
        for row in (case.submission.tables[one.rows_of] if one.rows_of else (None,))
    ]
    assert len(told) > 1_500
    assert told.count(None) < 10


STATES: tuple[FactState, ...] = ("given", "zero", "blank", "not_applicable", "invalid")
VALUES = st.one_of(
    st.integers(-10, 10**12).map(Decimal),
    st.decimals(-1_000, 10**9, places=4),
    st.sampled_from((Decimal(0), Decimal("0.015"), True, False, "正常", "不适用", "首次", None)),
)
CHANGES = st.lists(
    st.tuples(st.integers(0, 10**6), VALUES, st.sampled_from(STATES)), min_size=1, max_size=40
)


def changed(
    submission: Submission, changes: list[tuple[int, Value | None, FactState]]
) -> Submission:
    """The submission with some facts otherwise, in rows too; texts stay texts, figures figures."""
    facts = dict(submission.facts)
    tables = {name: [dict(row) for row in rows] for name, rows in submission.tables.items()}
    places: list[tuple[dict[str, Fact], str]] = [(facts, item) for item in facts]
    places += [(row, item) for rows in tables.values() for row in rows for item in row]
    for number, value, state in changes:
        where, item = places[number % len(places)]
        fact = where[item]
        kept = value if type(value) is type(fact.value) else fact.value
        where[item] = replace(fact, value=kept if state in ("given", "zero") else None, state=state)
    frozen = {name: tuple(rows) for name, rows in tables.items()}
    return replace(submission, facts=facts, tables=frozen)


@settings(max_examples=60)
@given(CHANGES)
def test_whatever_is_filed_is_judged_alike(
    changes: list[tuple[int, Value | None, FactState]],
) -> None:
    case = case_of(GOOD)
    assert_alike(changed(case.submission, changes), case.rulebook)


@settings(max_examples=10)
@given(st.sampled_from([Decimal(-1), Decimal(100), Decimal("0.01"), Decimal(0)]))
def test_every_figure_times_something_is_judged_alike(times: Decimal) -> None:
    case = case_of(GOOD)
    facts = {
        item: replace(fact, value=fact.value * times) if isinstance(fact.value, Decimal) else fact
        for item, fact in case.submission.facts.items()
    }
    assert_alike(replace(case.submission, facts=facts), case.rulebook)


def test_an_adjusted_figure_counts_and_not_the_filed_one() -> None:
    book = law_with(checks=(check("S71_I_6_A0 = 5亿"),))
    adjusted = Adjustment("S71_I_6_A0", None, Fraction(5 * 10**8), "", "", "甲", "2026-10-20")
    filed_as = filed(book, S71_I_6_A0="4亿")
    assert assert_alike(filed_as, book, Context(adjustments=(adjusted,))) == {"passed"}
    assert assert_alike(filed_as, book) == {"failed"}


@pytest.mark.parametrize(
    ("holds", "given", "state"),
    [
        ("S71_I_6_A0 = 5亿", "", "passed"),
        ("S71_I_6_A0 + S71_I_6_A5 <= 9.5亿", "", "passed"),
        ("max(S71_I_6_A0, S71_I_6_A5) - 1亿 > -S71_I_6_A5", "", "passed"),
        ("S71_I_6_A0 / S71_I_6_A5 >= 1", "S71_I_6_A5 > 0", "passed"),
        ("S71_I_6_A0 / S71_I_6_B0 >= 1", "", "vacuous"),
        ("S71_I_6_A0 / S71_I_6_A5 = 10 / 9", "", "passed"),
        ("S71_I_6_A0 / -S71_I_6_A5 <= -111%", "", "passed"),
        ("S71_I_6_A0 / -S71_I_6_A5 >= -111%", "", "failed"),
        ("S71_I_6_A5 / S71_I_6_A0 < S71_I_6_A0_year_start / S71_I_6_A0 + 40%", "", "passed"),
        ("not multiple_of(S71_I_6_A0, 0.3亿)", "", "passed"),
        ("multiple_of(S71_I_6_A0, 0.5亿)", "S71_I_6_A0 > 0", "passed"),
        ("multiple_of(S71_I_6_A0, S71_I_6_B0)", "", "vacuous"),
        ("S71_I_6_A0 > 0", "S71_I_6_B0 > 0", "vacuous"),
        ("S71_I_6_A0 > 0", "given(S71_I_6_A0) and not (S71_I_6_B0 > 0 or XW4_linked)", "passed"),
        ("inclusive_balance = 4.5亿", "", "passed"),
        ("S71_I_6_A0 >= small_sample_flow", "bill_scope = 'ex_bills'", "passed"),
        ("S71_I_6_A0 >= year_start(S71_I_6_A0)", "", "passed"),
        ("COVER_bank_type != '大型商业银行'", "", "passed"),
        ("COVER_bank_type = '农村商业银行' or S71_I_6_A0 < 0", "", "passed"),
        ("S71_I_6_A0 != S71_I_6_A5", "", "passed"),
        ("XW4_rules_on <= period_end", "", "passed"),
        ("XW4_linked = true", "", "failed"),
        ("S71_I_6_A0 > 'x'", "", "failed"),
        ("XW4_linked > 0", "", "failed"),
        ("S71_I_6_A0 and not XW4_linked", "", "not_evaluated"),
    ],
)
def test_every_kind_of_formula_comes_out_alike(holds: str, given: str, state: str) -> None:
    rulebook = law_with(checks=(check(holds, given=given or None),))
    submission = filed(
        rulebook,
        S71_I_6_A0="5亿",
        S71_I_6_A5="4.5亿",
        S71_I_6_A0_year_start="3亿",
        COVER_bank_type="农村商业银行",
        XW4_linked=False,
        XW4_rules_on="2026-01-05",
    )
    assert assert_alike(submission, rulebook) == {state}


def test_a_column_of_the_row_comes_before_any_other_name() -> None:
    holds = "XW2_kpi_weight >= 10% and domestic_in_business"
    rulebook = law_with(checks=(check(holds, rows_of="XW2_branches"),))
    for weights, state in ((("10%", "12%"), "passed"), (("10%", "9%"), "failed")):
        submission = filed(rulebook, tables=branches(*weights))
        assert assert_alike(submission, rulebook) == {state}


def test_a_figure_on_a_row_is_no_figure_elsewhere() -> None:
    rulebook = law()
    submission = filed(rulebook, tables=branches("10%"))
    book = book_of(submission, rulebook)
    (row,) = submission.tables["XW2_branches"]
    assert book.figures.of_row(row)["XW2_kpi_weight"] == Fraction(1, 10)
    with pytest.raises(LookupError):
        book.figures["XW2_kpi_weight"]
    assert book.figures.of_row(row) is book.figures.of_row(row)
    assert book.figures.of_row(None) is book.figures


def test_a_settler_is_no_part_of_a_check() -> None:
    one = check("S71_I_6_A0 > 0")
    other = replace(one)
    assert settler_of(one) is settler_of(one)
    assert one == other
    assert repr(one) == repr(other)
    assert not hasattr(other, "settler")
