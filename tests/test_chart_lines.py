"""Line charts: no two labels overlap and none sticks out, whatever the data; gaps and breaks."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervise.core.period import Period
from supervise.core.trend import Point
from supervise.record import replace
from supervise.write.chart_axis import axis, decimals, round_step
from supervise.write.chart_lines import draw, value_axis
from supervise.write.chart_parts import Drawing, Frame, Rule, Series
from supervise.write.chart_room import Box, spread, text_width
from supervise.write.numbers import format_fixed

F = Fraction
EIGHT = (
    "2024Q4", "2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3"
)  # fmt: skip
FRAME = Frame(least=F(1, 10_000), break_text="口径调整")
NASTY: dict[str, Sequence[int | None]] = {
    "equal": [28] * 8,
    "zero": [0] * 8,
    "one point": [None] * 7 + [5],
    "one earlier point": [5] + [None] * 7,
    "two ends": [5] + [None] * 6 + [6],
    "every other": [1, None, 2, None, 3, None, 4, None],
    "negative": [-5, -3, -8, -1, -2, -9, -4, -7],
    "through zero": [-5, 5, -5, 5, -5, 5, -5, 5],
    "huge range": [1, 900_000, 2, 3, 4, 5, 6, 7],
    "spike at the end": [1, 1, 1, 1, 1, 1, 1, 900_000],
    "rising": [1, 2, 3, 4, 5, 6, 7, 8],
}


def points(values: Sequence[int | None], **changes: object) -> tuple[Point, ...]:
    periods = EIGHT[-len(values) :]
    made = (
        Point(period, None if v is None else F(v, 100), Period.parse(period).kind)
        for period, v in zip(periods, values, strict=True)
    )
    return tuple(replace(point, **changes) for point in made)


def line(values: Sequence[int | None], **changes: object) -> Series:
    made = points(values)
    texts = tuple("—" if p.value is None else f"{format_fixed(p.value * 100, 2)}%" for p in made)
    known = Series("信用贷款占比", made, texts, short="普惠")
    return replace(known, **changes)


def drawn(*lines: Series, frame: Frame = FRAME) -> Drawing:
    scale = value_axis(lines, frame.rules, frame)
    digits = decimals(scale.step * 100)
    ticks = tuple((v, f"{format_fixed(v * 100, digits)}%") for v in scale.ticks)
    return draw(lines, scale, replace(frame, ticks=ticks))


def clear(drawing: Drawing) -> None:
    """No label meets another, and each is on the sheet."""
    sheet = Box(0, 0, int(drawing.width) * 10, int(drawing.height) * 10)
    for label in drawing.labels:
        assert label.box.within(sheet), label.text
    for one, two in combinations(drawing.labels, 2):
        assert not one.box.meets(two.box), (one.text, two.text)


@pytest.mark.parametrize("values", NASTY.values(), ids=NASTY)
@pytest.mark.parametrize("yearly", [False, True])
def test_labels_keep_clear_of_one_another(values: Sequence[int | None], yearly: bool) -> None:
    clear(drawn(line(values, yearly=yearly)))


@pytest.mark.parametrize("values", NASTY.values(), ids=NASTY)
def test_so_they_do_with_limits_breaks_and_three_lines(values: Sequence[int | None]) -> None:
    main = line(values)
    broken = replace(main.points[5], broken=True)
    main = replace(main, points=(*main.points[:5], broken, *main.points[6:]))
    same = line(values, style="second", short="各项贷款")
    nation = line([4] * 8, style="nation", short="全国")
    limits = (Rule(F(4, 100), "≥ 4%"), Rule(F(5, 100), "一级 90"))
    clear(drawn(main, same, nation, frame=replace(FRAME, rules=limits)))


VALUES = st.lists(st.one_of(st.none(), st.integers(-10_000, 1_000_000)), min_size=2, max_size=8)


@settings(max_examples=150, deadline=None)
@given(VALUES, VALUES)
def test_so_they_do_with_anything(one: list[int | None], two: list[int | None]) -> None:
    size = min(len(one), len(two))
    lines = [line(one[-size:]), line(two[-size:], style="second", short="各项贷款")]
    if any(p.value is not None for each in lines for p in each.points):
        clear(drawn(*lines))


def test_the_last_value_always_has_its_label() -> None:
    for values in NASTY.values():
        if values[-1] is not None:
            made = line(values)
            last = [label.text for label in drawn(made).labels if label.tone == "last"]
            assert last == [made.texts[-1]]


def test_the_first_quarter_the_last_and_those_that_begin_a_year_are_named() -> None:
    named = {label.text for label in drawn(line([1, 2, 3, 4, 5, 6, 7])).labels}
    assert named & set(EIGHT) == {"2025Q1", "2026Q1", "2026Q3"}


def test_a_wide_chart_names_every_quarter() -> None:
    wide = replace(FRAME, width=7040, annual=True)
    named = {label.text for label in drawn(line([1, 2, 3, 4, 5, 6, 7, 8]), frame=wide).labels}
    assert named >= set(EIGHT)


def test_first_highest_and_lowest_are_labelled() -> None:
    texts = {label.text for label in drawn(line([20, 22, 29, 24, 21, 19, 23, 25])).labels}
    assert {"20.00%", "29.00%", "19.00%", "25.00%"} <= texts


def test_a_yearly_line_labels_the_quarter_it_is_compared_with() -> None:
    values = drawn(line([40, 10, 20, 30, 41, 11, 21, 31], yearly=True)).labels
    assert "30.00%" in {label.text for label in values}


def test_a_gap_breaks_the_line_and_a_lone_point_is_a_dot() -> None:
    (made,) = drawn(line([1, 2, None, 3, None, 4, 5, 6])).lines
    assert [len(run.split()) for run in made.runs] == [2, 3]
    assert len(made.dots) == 3  # first, the lone one, last; they are highest and lowest as well


def test_a_new_year_starts_a_new_line_of_what_counts_from_january() -> None:
    (made,) = drawn(line([9, 1, 2, 3, 4, 1, 2, 3], yearly=True)).lines
    assert [len(run.split()) for run in made.runs] == [4, 3]


def test_a_break_interrupts_the_line_and_is_marked() -> None:
    whole = line([1, 2, 3, 4, 5, 6, 7, 8])
    marked = tuple(replace(p, broken=True) if p.period == "2026Q1" else p for p in whole.points)
    found = drawn(replace(whole, points=marked))
    assert [len(run.split()) for run in found.lines[0].runs] == [5, 3]
    assert found.breaks.startswith("M")
    assert "口径调整" in {label.text for label in found.labels}


def test_annual_evaluations_are_squares_where_that_is_asked_for() -> None:
    (made,) = drawn(line([1] * 8), frame=replace(FRAME, annual=True)).lines
    assert len(made.squares) == 2
    (made,) = drawn(line([1] * 8)).lines
    assert made.squares == ()


def test_a_limit_has_its_own_line_instead_of_a_grid_line() -> None:
    plain = drawn(line([0, 10]))
    limited = drawn(line([0, 10]), frame=replace(FRAME, rules=(Rule(F(5, 100), "≥ 5%"),)))
    assert plain.grid.count("M") == limited.grid.count("M") + len(limited.rules)


def test_a_total_that_may_have_been_higher_has_a_stroke() -> None:
    whole = line([80, 81])
    first = replace(whole.points[0], high=F(84, 100))
    found = drawn(replace(whole, points=(first, whole.points[1])))
    assert len(found.spans) == 1
    assert found.spans[0].x1 == found.spans[0].x2


NUMBERS = st.lists(st.fractions(-(10**6), 10**6, max_denominator=1000), min_size=1, max_size=9)


@given(NUMBERS)
def test_an_axis_holds_its_values_and_has_few_round_ticks(values: list[Fraction]) -> None:
    made = axis(values, 1000, 100, least=F(1, 10_000))
    assert made.low <= min(values) <= max(values) <= made.high
    assert 2 <= len(made.ticks) <= 6
    assert (made.ticks[0], made.ticks[-1]) == (made.low, made.high)
    assert (made.place(made.low), made.place(made.high)) == (1000, 100)


def test_steps_are_round() -> None:
    assert [round_step(F(n)) for n in ("0.3", "1", "1.1", "2.2", "3", "6", "70")] == [
        F("0.5"), 1, 2, F("2.5"), 5, 10, 100
    ]  # fmt: skip


WANTED = st.lists(st.integers(0, 100), max_size=6)


@given(WANTED)
def test_spread_places_are_apart_and_in_order(wanted: list[int]) -> None:
    found = spread(wanted, 11, 0, 100)
    assert all(0 <= y <= 100 for y in found)
    assert all(b - a >= 11 for a, b in pairwise(sorted(found)))
    for (w1, y1), (w2, y2) in combinations(zip(wanted, found, strict=True), 2):
        assert (y1 < y2) if w1 < w2 else (w1 == w2 or y2 < y1)


def test_a_chinese_character_is_as_wide_as_its_size() -> None:
    assert text_width("口径", 100) == 200
    assert text_width("1", 100) < 60
