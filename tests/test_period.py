"""The reporting period: what it is called, when it ends, which ones it compares with."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervise.core.period import Period, quarter_of, quarters_before

PERIODS = st.builds(Period, st.integers(2000, 2099), st.integers(1, 4))


@pytest.mark.parametrize(
    ("text", "previous", "year_start", "year_ago", "last_day"),
    [
        ("2026Q1", "2025Q4", "2025Q4", "2025Q1", date(2026, 3, 31)),
        ("2026Q2", "2026Q1", "2025Q4", "2025Q2", date(2026, 6, 30)),
        ("2026Q3", "2026Q2", "2025Q4", "2025Q3", date(2026, 9, 30)),
        ("2026Q4", "2026Q3", "2025Q4", "2025Q4", date(2026, 12, 31)),
    ],
)
def test_a_period_knows_its_neighbours_and_its_last_day(
    text: str, previous: str, year_start: str, year_ago: str, last_day: date
) -> None:
    period = Period.parse(text)
    found = [str(p) for p in (period.previous, period.year_start, period.year_ago)]
    assert found == [previous, year_start, year_ago]
    assert period.last_day == last_day
    assert period.first_day == date(2026, 1, 1)


def test_only_a_fourth_quarter_is_an_annual_evaluation() -> None:
    kinds = [Period(2026, quarter).kind for quarter in (1, 2, 3, 4)]
    assert kinds == ["monitoring", "monitoring", "monitoring", "annual"]


@pytest.mark.parametrize(
    "text", ["", "2026", "2026Q5", "2026Q0", "1999Q4", "2026q3", " 2026Q3", "26Q3"]
)
def test_a_text_that_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a period"):
        Period.parse(text)


@given(PERIODS)
def test_a_period_is_written_as_it_is_read(period: Period) -> None:
    assert Period.parse(str(period)) == period


@given(PERIODS)
def test_the_previous_quarter_ends_the_day_before_this_one_begins(period: Period) -> None:
    gap = period.last_day - period.previous.last_day
    assert period.previous < period
    assert 90 <= gap.days <= 92


def test_what_is_no_quarter_is_passed_over() -> None:
    names = ("2026Q9", "2026Q3", "2026Q1", "2025Q4", "", "2026")
    found = quarters_before(names, Period(2026, 3))
    assert found == {Period(2025, 4): "2025Q4", Period(2026, 1): "2026Q1"}
    assert list(found) == sorted(found)
    assert quarter_of(None) is None
