"""How numbers are printed: half up, units, and never across a limit."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervise.core.period import Period
from supervise.read.words import read_words
from supervise.write.numbers import Numbers, format_fixed, format_near, round_half_up

numbers = Numbers(read_words())
fractions = st.fractions(min_value=-1000, max_value=1000, max_denominator=10**6)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        ("0.005", 2, "0.01"),
        ("-0.005", 2, "-0.01"),
        ("-0.004", 2, "0.00"),
        ("1234567.891", 2, "1,234,567.89"),
        ("2.5", 0, "3"),
        ("0", 2, "0.00"),
    ],
)
def test_halves_round_away_from_zero(value: str, digits: int, text: str) -> None:
    assert format_fixed(Fraction(value), digits) == text


def test_a_weight_just_below_ten_per_cent_is_not_printed_as_ten() -> None:
    assert numbers.value(Fraction("0.09996"), "ratio", near=Fraction("0.1")) == "9.996%"
    assert numbers.value(Fraction("0.1"), "ratio", near=Fraction("0.1")) == "10.00%"


def test_a_gap_just_above_three_points_is_not_printed_as_three() -> None:
    shown = numbers.value(Fraction("0.03000004"), "pp", near=Fraction("0.03"))
    assert shown == "3.000004 个百分点"


def test_a_total_just_below_a_band_keeps_its_side() -> None:
    bands = (Fraction(75), Fraction(80), Fraction(85), Fraction(90))
    assert numbers.points(Fraction("84.9999"), bands) == "84.9999"
    assert numbers.points(Fraction("85.004"), bands) == "85.004"
    assert numbers.points(Fraction(85), bands) == "85.00"


@given(fractions, fractions)
def test_a_printed_value_stays_on_its_side_of_a_limit(value: Fraction, limit: Fraction) -> None:
    shown = Fraction(format_near(value, limit).replace(",", ""))
    digits = 12
    bound = round_half_up(limit, digits)
    if abs(value - limit) > Fraction(1, 10**11):
        assert (shown < bound) == (value < limit)


def test_amounts_print_in_yi_from_one_yi_and_in_wan_below() -> None:
    assert numbers.money(Fraction(13_162_000_000)) == "131.62 亿元"
    assert numbers.money(Fraction(99_999_999)) == "10,000.00 万元"
    assert numbers.money(Fraction(-120_450)) == "-12.05 万元"
    assert numbers.limit(Fraction(50_000_000), "yuan") == "5,000 万元"


def test_limits_carry_no_padding_zeros() -> None:
    assert numbers.limit(Fraction("0.1"), "ratio") == "10%"
    assert numbers.limit(Fraction("0.03"), "pp") == "3 个百分点"
    assert numbers.limit(Fraction(50), "bp") == "50 BP"


def test_missing_is_a_dash_and_never_zero() -> None:
    assert numbers.value(None, "ratio") == "—"
    assert numbers.points(None) == "—"
    assert numbers.limit(None, "ratio") == "—"


def test_periods_and_dates_are_chinese() -> None:
    assert numbers.period(Period.parse("2026Q3")) == "2026年三季度"
    assert numbers.day(date(2026, 9, 30)) == "2026年9月30日"
    assert numbers.value(Fraction(1), "flag") == "是"
