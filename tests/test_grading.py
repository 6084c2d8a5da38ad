"""Elements, total, grade: scaling, span, veto, next band, and what is not confirmed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from builders import (
    evaluated,
    filed,
    indicator,
    law,
    law_with,
    parameter,
    part,
    points,
    reading_finding,
    requirement,
    state,
    told,
)
from hypothesis import given
from hypothesis import strategies as st

from supervise.core.evaluation import Evaluation
from supervise.core.law import Band, Element, Indicator, Rulebook, Veto
from supervise.core.model import Submission
from supervise.record import replace


def element(name: str, full: int) -> Element:
    known = law().elements[0]
    return replace(known, id=name, name=name, max=Fraction(full), provenance="confirmed")


def earns(element_id: str, formula: str, high: int, name: str = "", **changes: Any) -> Indicator:
    kind = "bonus" if element_id == "bonus" else "regular"
    return points(name or element_id, formula, high, element=element_id, kind=kind, **changes)


ELEMENTS = (element("a", 60), element("b", 40), element("bonus", 3))


def small(*indicators: Indicator, base: Rulebook | None = None, **changes: Any) -> Rulebook:
    return law_with(base, elements=ELEMENTS, indicators=indicators, **changes)


def total_of(a: str, b: str = "40", bonus: str = "0", **more: Any) -> Evaluation:
    submission = more.pop("submission", None)
    base = more.pop("base", None)
    made = [earns("a", a, 60), earns("b", b, 40), earns("bonus", bonus, 5)]
    return evaluated(small(*made, base=base, **more), submission or filed(base))


def test_points_add_up_by_element() -> None:
    found = total_of("50", "30.5", "2")
    assert [told(e.id, e.points, e.raw, e.max, e.scaled) for e in found.elements] == [
        ("a", 50, 50, 60, False), ("b", Fraction("30.5"), Fraction("30.5"), 40, False),
        ("bonus", 2, 2, 3, False),
    ]  # fmt: skip
    score = found.score
    assert told(score.regular, score.bonus, score.total) == (Fraction("80.5"), 2, Fraction("82.5"))


@pytest.mark.parametrize(
    ("bonus", "counted"), [("5", 3), ("3", 3), ("1.5", Fraction(3, 2)), ("-2", 0)]
)
def test_the_bonus_is_capped_and_never_negative(bonus: str, counted: Fraction) -> None:
    made = [earns("a", "60", 60), earns("b", "40", 40), earns("bonus", bonus, 5, low=-5)]
    assert evaluated(small(*made)).score.bonus == counted


def test_an_element_is_scaled_to_its_full_maximum_when_a_part_does_not_apply() -> None:
    made = [
        earns("a", "30", 40, "kept"),
        earns("a", "1", 20, "gone", applies=False),
        earns("b", "40", 40),
    ]
    found = evaluated(small(*made))
    a = found.elements[0]
    assert told(a.raw, a.raw_max, a.points, a.max, a.scaled) == (30, 40, 45, 60, True)
    assert found.score.total == 85
    assert "standing_rule.4" in found.unconfirmed


def test_an_empty_element_leaves_the_rest_scaled_to_a_hundred() -> None:
    found = evaluated(small(earns("a", "45", 60), earns("b", "1", 40, applies=False)))
    assert found.score.total == 75
    assert found.elements[1].raw_max == 0
    assert "standing_rule.4" in found.unconfirmed


def test_nothing_is_scaled_when_everything_applies() -> None:
    assert "standing_rule.4" not in total_of("50").unconfirmed


def test_a_monitored_indicator_earns_nothing() -> None:
    shown = indicator("m", part("p", "1"), kind="monitored", element="a", value="7")
    found = evaluated(small(earns("a", "60", 60), earns("b", "40", 40), shown))
    assert found.score.total == 100
    assert found.indicator("m").points is None


def test_the_span_runs_from_the_worst_to_the_best_of_what_is_unknown() -> None:
    made = [earns("a", "50", 50), earns("a", "loan_cost_level", 10, "open"), earns("b", "40", 40)]
    found = evaluated(small(*made))
    assert told(found.score.total, found.score.low, found.score.high) == (90, 90, 100)
    assert found.score.not_computable == ("open.open",)
    assert found.grade.band is not None
    assert found.grade.band.id == "1"


def test_there_is_no_grade_where_low_and_high_disagree() -> None:
    made = [earns("a", "49", 50), earns("a", "loan_cost_level", 10, "open"), earns("b", "40", 40)]
    found = evaluated(small(*made))
    assert (found.grade.band, found.grade.reason) == (None, "span")
    assert found.grade.next_band is None


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        ("100", "1"),
        ("90", "1"),
        ("89.9999", "2A"),
        ("85", "2A"),
        ("84.999999", "2B"),
        ("80", "2B"),
        ("79.99", "2C"),
        ("75", "2C"),
        ("74.99", "3"),
        ("60", "3"),
        ("59.99999", "4"),
        ("0", "4"),
    ],
)
def test_a_band_is_cut_from_the_total_before_rounding(total: str, grade: str) -> None:
    made = earns("a", total, 100)
    found = evaluated(law_with(elements=(element("a", 100),), indicators=(made,)))
    assert found.grade.band is not None
    assert found.grade.band.id == grade


def test_a_total_below_zero_still_has_the_lowest_grade() -> None:
    found = evaluated(law_with(elements=(element("a", 100),),
                               indicators=(earns("a", "-9", 100, low=-9),)))  # fmt: skip
    assert found.score.total == -9
    assert found.grade.band is not None
    assert found.grade.band.id == "4"


@pytest.mark.parametrize(
    ("a", "bonus", "band", "following", "short"),
    [
        ("44", "0", "2B", "2A", "1"),
        ("43.5", "1", "2B", "2A", "0.5"),
        ("50", "0", "1", None, None),
        ("19.5", "3", "4", "3", "0.5"),
    ],
)
def test_the_next_band_says_how_many_points_are_short(
    a: str, bonus: str, band: str, following: str | None, short: str | None
) -> None:
    graded = total_of(a, "40", bonus).grade
    assert graded.band is not None
    assert graded.band.id == band
    assert (graded.next_band.id if graded.next_band else None) == following
    assert graded.points_short == (Fraction(short) if short else None)


def test_regular_points_below_sixty_veto_whatever_the_bonus() -> None:
    found = total_of("19.5", "40", "3")
    assert found.score.total == Fraction("62.5")
    assert found.grade.vetoes == ("regular_below_60",)
    assert found.grade.band is not None
    assert found.grade.band.id == "4"


def test_a_veto_needs_low_and_high_to_agree() -> None:
    made = [
        earns("a", "15", 50), earns("a", "loan_cost_level", 10, "open"),
        earns("b", "40", 40), earns("bonus", "3", 3),
    ]  # fmt: skip
    found = evaluated(small(*made))
    assert told(found.score.regular_low, found.score.regular_high) == (55, 65)
    assert (found.grade.band, found.grade.reason, found.grade.vetoes) == (None, "span", ())


def test_a_blocked_submission_has_no_grade() -> None:
    blocked = replace(filed(), reading=(reading_finding(),))
    found = total_of("60", submission=blocked)
    assert found.status == "blocked"
    assert (found.grade.band, found.grade.reason) == (None, "blocked")
    assert found.score.total == 100


def test_what_is_used_and_not_confirmed_is_listed() -> None:
    unsure = requirement("value", "x_floor", provenance="provisional")
    sure = replace(unsure, id="sure", provenance="confirmed")
    made = replace(earns("a", "60", 60), requirements=(unsure, sure))
    values = {"x_floor": parameter("x_floor", Fraction(1), "extracted"), **law().parameters}
    found = evaluated(small(made, earns("b", "40", 40), parameters=values))
    assert found.unconfirmed == (
        "a.a", "a.requirement.duty", "b.b", "grade.1", "x_floor",
    )  # fmt: skip


def confirmed(indicators: tuple[Indicator, ...]) -> tuple[Indicator, ...]:
    def sure(one: Indicator) -> Indicator:
        parts = []
        for each in one.parts:
            assert each.curve is not None
            cases = tuple(replace(c, provenance="confirmed") for c in each.curve.cases)
            scored = replace(each.curve, provenance="confirmed", cases=cases)
            parts.append(replace(each, curve=scored))
        return replace(one, parts=tuple(parts), provenance="confirmed")

    return tuple(sure(one) for one in indicators)


@pytest.mark.parametrize(("period", "official"), [("2026Q4", True), ("2026Q3", False)])
def test_only_an_annual_result_of_confirmed_rows_is_official(period: str, official: bool) -> None:
    base = law(period)
    bands = tuple(replace(b, provenance="confirmed") for b in base.bands)
    made = confirmed((earns("a", "60", 60), earns("b", "40", 40)))
    found = evaluated(small(*made, base=base, bands=bands), filed(base))
    assert found.unconfirmed == ()
    assert found.grade.official is official
    unsure = evaluated(small(*made, base=base), filed(base))
    assert not unsure.grade.official


SUBMITTED: Submission = filed()


@given(st.fractions(0, 100, max_denominator=1000), st.fractions(0, 3, max_denominator=100))
def test_more_points_never_give_a_lower_grade(regular: Fraction, bonus: Fraction) -> None:
    from builders import book_of

    from supervise.core.evaluation import Score
    from supervise.core.grading import grade

    book = book_of(SUBMITTED, law_with())

    def at_least(points: Fraction, extra: Fraction) -> Fraction:
        total = points + extra
        score = Score(points, extra, total, total, total, points, points, ())
        band = grade(score, "passed", book).band
        assert band is not None
        return band.at_least

    assert at_least(regular, bonus) <= at_least(regular, Fraction(3))
    assert at_least(regular, bonus) <= at_least(Fraction(100), bonus)


def test_the_worst_of_several_vetoes_decides() -> None:
    from supervise.core.formula import parse

    known = law().vetoes[0]
    mild = Veto("mild", "轻", parse("total < 90"), "3", known.basis, "provisional")
    strict = replace(mild, id="strict", grade="4", when=parse("total < 70"))
    made = earns("a", "65", 100)
    found = evaluated(
        law_with(elements=(element("a", 100),), indicators=(made,), vetoes=(mild, strict))
    )
    assert found.grade.band is not None
    assert found.grade.band.id == "4"
    assert found.grade.vetoes == ("mild", "strict")


def test_bands_need_not_be_written_in_order() -> None:
    turned: tuple[Band, ...] = tuple(reversed(law().bands))
    made = earns("a", "86", 100)
    found = evaluated(law_with(elements=(element("a", 100),), indicators=(made,), bands=turned))
    assert found.grade.band is not None
    assert found.grade.band.id == "2A"
    assert found.grade.next_band is not None
    assert found.grade.next_band.id == "1"


def test_a_blank_datum_that_is_owed_costs_its_points_without_a_span() -> None:
    made = [earns("a", "XW1_due", 60), earns("b", "40", 40)]
    found = evaluated(small(*made))
    assert told(found.score.low, found.score.high) == (40, 40)
    nothing = state("XW1_due", "not_applicable", filed())
    scaled = evaluated(small(*made), nothing)
    assert scaled.score.total == 100
