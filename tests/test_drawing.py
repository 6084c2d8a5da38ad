"""Small charts beside a number, as coordinates."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from supervise.write.drawing import SPARK_HEIGHT, SPARK_WIDTH, TRACK, bullet, spark

amounts = st.fractions(min_value=-1000, max_value=1000)
quarters = st.lists(st.none() | amounts, min_size=1, max_size=8)


def test_a_value_at_its_limit_ends_at_the_tick() -> None:
    drawn = bullet(Fraction(10), Fraction(10), good=True, text="")
    assert drawn is not None
    assert Fraction(drawn.start) + Fraction(drawn.width) == Fraction(drawn.limit)


def test_without_value_or_limit_there_is_no_bar() -> None:
    assert bullet(None, Fraction(1), good=None, text="") is None
    assert bullet(Fraction(1), None, good=None, text="") is None
    assert bullet(Fraction(0), Fraction(0), good=None, text="") is None


def test_a_fall_is_drawn_left_of_nought_and_its_limit_right_of_it() -> None:
    drawn = bullet(Fraction(-5), Fraction(5), good=False, text="")
    assert drawn is not None
    assert (drawn.start, drawn.width, drawn.limit) == ("16.7", "83.3", "183.3")


@given(value=amounts, limit=amounts)
def test_a_bar_never_leaves_its_track(value: Fraction, limit: Fraction) -> None:
    drawn = bullet(value, limit, good=None, text="")
    if drawn is not None:
        assert Fraction(drawn.start) >= 0
        assert Fraction(drawn.start) + Fraction(drawn.width) <= TRACK + Fraction(1, 10)
        assert 0 <= Fraction(drawn.limit) <= TRACK


def test_one_value_is_no_trend() -> None:
    assert spark([None, Fraction(3)], "") is None


def test_a_gap_breaks_the_line_and_is_bridged_faintly() -> None:
    drawn = spark([Fraction(1), Fraction(2), None, Fraction(4)], "")
    assert drawn is not None
    assert len(drawn.lines) == 1
    assert len(drawn.dots) == 1
    assert drawn.whole.count(",") == 3
    assert drawn.end == drawn.dots[0]


def test_equal_values_lie_in_the_middle() -> None:
    drawn = spark([Fraction(7)] * 3, "")
    assert drawn is not None
    assert {place.split(",")[1] for place in drawn.lines[0].split()} == {"11.0"}


@given(values=quarters)
def test_a_line_never_leaves_its_frame(values: list[Fraction | None]) -> None:
    drawn = spark(values, "")
    if drawn is None:
        assert sum(value is not None for value in values) < 2
        return
    places = " ".join(drawn.lines).split() + [",".join(dot) for dot in drawn.dots]
    for x, y in (place.split(",") for place in places):
        assert 0 <= Fraction(x) <= SPARK_WIDTH
        assert 0 <= Fraction(y) <= SPARK_HEIGHT
