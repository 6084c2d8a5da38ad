"""Exact figures: the quick ways to reckon with them give what ``Fraction`` itself gives."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from supervise.core import exact

figures = st.one_of(
    st.integers(-(10**15), 10**15).map(Fraction),
    st.fractions(min_value=-1000, max_value=1000, max_denominator=10**6),
)


@given(figures, figures)
def test_two_figures_come_to_what_the_operators_give(one: Fraction, two: Fraction) -> None:
    assert exact.plus(one, two) == one + two
    assert exact.minus(one, two) == one - two
    assert exact.times(one, two) == one * two
    assert exact.is_less(one, two) is (one < two)
    if two:
        assert exact.over(one, two) == one / two


@given(st.lists(figures, max_size=8))
def test_a_total_is_the_sum_and_of_nothing_zero(some: list[Fraction]) -> None:
    assert exact.total(some) == sum(some, Fraction(0))
    assert type(exact.total(some)) is Fraction


@given(figures, figures, figures)
def test_a_figure_beyond_a_limit_becomes_the_limit(one: Fraction, a: Fraction, b: Fraction) -> None:
    low, high = sorted((a, b))
    assert exact.within(one, low, high) == min(max(one, low), high)


@given(figures, st.integers(0, 4))
def test_fixed_decimals_are_those_of_the_rounded_figure(value: Fraction, places: int) -> None:
    shown = exact.fixed(value.numerator, value.denominator, places)
    assert shown == f"{exact.rounded(value, places):,}"
