"""Trends: consecutive quarters with gaps and breaks, and the change on the last evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from builders import Given, evaluated, filed, law, past

from supervise.core.context import Context, PastEvaluation
from supervise.core.evaluation import Evaluation
from supervise.core.trend import LONGEST, change, element_series, series, total_series
from supervise.record import replace

SHARE = ("credit_loan", "")
CREDIT: dict[str, Given] = {"S71_I_6_A5": "10亿", "S71_I_6_1_A5": "3亿"}
RESTATED: dict[str, Given] = {
    "BQ_restated": "是",
    "BQ_restated_reason": "合并口径调整",
    "S71_I_6_A5_year_start": "9亿",
}
Shares = Mapping[str, str]


def judged(shares: Shares, *, period: str = "2026Q3", **figures: Given) -> Evaluation:
    """A bank with a credit-loan share of 30% now and others before."""
    history = {p: past(p, parts={SHARE: Fraction(share)}) for p, share in shares.items()}
    return with_past(history, figures, period=period)


def with_past(
    history: Mapping[str, PastEvaluation],
    figures: Mapping[str, Given] | None = None,
    /,
    *,
    period: str = "2026Q3",
    **more: Given,
) -> Evaluation:
    book = law(period)
    given = {**CREDIT, **(figures or {}), **more}
    return evaluated(book, filed(book, given), Context(history=history))


def shown(points: Any) -> list[tuple[str, str | None]]:
    return [(p.period, None if p.value is None else str(p.value)) for p in points]


def test_a_bank_without_history_has_one_point() -> None:
    assert shown(series(judged({}), "credit_loan")) == [("2026Q3", "3/10")]


def test_quarters_are_consecutive_and_a_missing_one_is_a_gap() -> None:
    points = series(judged({"2025Q4": "0.2", "2026Q1": "0.25"}), "credit_loan")
    assert shown(points) == [
        ("2025Q4", "1/5"), ("2026Q1", "1/4"), ("2026Q2", None), ("2026Q3", "3/10")
    ]  # fmt: skip
    assert [p.kind for p in points] == ["annual", "monitoring", "monitoring", "monitoring"]


def test_only_eight_quarters_are_shown() -> None:
    old = {"2024Q3": "0.1", "2024Q4": "0.11", "2025Q1": "0.12"}
    points = series(judged(old), "credit_loan")
    assert len(points) == LONGEST
    assert points[0].period == "2024Q4"


def test_later_evaluations_than_the_one_at_hand_are_left_out() -> None:
    points = series(judged({"2026Q4": "0.4"}), "credit_loan")
    assert shown(points) == [("2026Q3", "3/10")]


def test_a_value_that_is_missing_now_is_a_gap_at_the_end() -> None:
    points = series(judged({"2026Q2": "0.25"}, S71_I_6_1_A5="#REF!"), "credit_loan")
    assert shown(points) == [("2026Q2", "1/4"), ("2026Q3", None)]


def test_what_never_had_a_value_has_no_points() -> None:
    assert series(judged({}, S71_I_6_1_A5="#REF!"), "credit_loan") == ()


def test_zero_is_a_value_and_no_gap() -> None:
    assert shown(series(judged({"2026Q2": "0"}), "credit_loan"))[0] == ("2026Q2", "0")


def test_a_part_has_its_own_series() -> None:
    history = {"2026Q2": past("2026Q2", parts={("asset_quality", "all_ratio"): Fraction(1, 50)})}
    found = with_past(history, G01_loans="10亿", G01_bills=0, G11_npl="0.1亿", G11_bills_npl=0)
    points = series(found, "asset_quality", "all_ratio")
    assert shown(points) == [("2026Q2", "1/50"), ("2026Q3", "1/100")]


def test_an_unknown_indicator_or_part_is_an_error() -> None:
    for names in (("no_such",), ("credit_loan", "no_such")):
        with pytest.raises(KeyError):
            series(judged({}), *names)


def test_a_restated_comparative_breaks_the_series_where_it_is_first_used() -> None:
    filed_then = past("2025Q4", {"S71_I_6_A5": "8亿"}, parts={SHARE: Fraction(1, 4)})
    points = series(with_past({"2025Q4": filed_then}, RESTATED), "credit_loan")
    assert [p.broken for p in points] == [False, False, False, True]


def test_an_unequal_comparative_without_a_reason_breaks_nothing() -> None:
    filed_then = past("2025Q4", {"S71_I_6_A5": "8亿"}, parts={SHARE: Fraction(1, 4)})
    silent = {**RESTATED, "BQ_restated": None, "BQ_restated_reason": None}
    points = series(with_past({"2025Q4": filed_then}, silent), "credit_loan")
    assert not any(p.broken for p in points)


def test_a_restated_item_breaks_only_the_series_that_use_it() -> None:
    filed_then = past("2025Q4", {"S71_I_6_A5": "8亿"}, parts={("borrower_count", ""): Fraction(9)})
    found = with_past({"2025Q4": filed_then}, {**RESTATED, "S71_I_6_B5": 10})
    assert not any(p.broken for p in series(found, "borrower_count"))


def test_the_same_restatement_is_marked_once_a_year() -> None:
    base = past("2025Q4", {"S71_I_6_A5": "8亿"}, parts={SHARE: Fraction(1, 4)})
    later = past("2026Q2", {"S71_I_6_A5_year_start": "9亿"}, parts={SHARE: Fraction(1, 4)})
    points = series(with_past({"2025Q4": base, "2026Q2": later}, RESTATED), "credit_loan")
    assert [p.period for p in points if p.broken] == ["2026Q2"]


def test_an_earlier_difference_that_a_check_found_fault_with_was_no_restatement() -> None:
    base = past("2025Q4", {"S71_I_6_A5": "8亿"}, parts={SHARE: Fraction(1, 4)})
    cell = str(filed(law()).facts["S71_I_6_A5_year_start"].cell)
    later = past(
        "2026Q2",
        {"S71_I_6_A5_year_start": "9亿"},
        parts={SHARE: Fraction(1, 4)},
        findings=({"check": "CP_001", "cells": [cell]},),
    )
    found = series(with_past({"2025Q4": base, "2026Q2": later}), "credit_loan")
    assert not any(p.broken for p in found)


def scored(period: str, total: int, **elements: int) -> PastEvaluation:
    points = {k: Fraction(v) for k, v in elements.items()}
    return past(period, total=Fraction(total), elements=points)


def test_the_total_is_a_series_too() -> None:
    found = with_past({"2026Q2": scored("2026Q2", 50), "2025Q4": past("2025Q4")})
    assert shown(total_series(found)) == [("2026Q2", "50"), ("2026Q3", str(found.score.total))]


def test_a_total_that_was_not_fully_known_says_how_high_it_may_have_been() -> None:
    known = replace(scored("2026Q1", 50), high=Fraction(50))
    unknown = replace(scored("2026Q2", 50), high=Fraction(54))
    points = total_series(with_past({"2026Q1": known, "2026Q2": unknown}))
    assert [None if p.high is None else str(p.high) for p in points[:2]] == [None, "54"]


def test_an_element_is_a_series_too() -> None:
    found = with_past({"2026Q2": scored("2026Q2", 50, supply=7)})
    now = next(e.points for e in found.elements if e.id == "supply")
    assert shown(element_series(found, "supply")) == [("2026Q2", "7"), ("2026Q3", str(now))]
    assert element_series(found, "no_such") == ()


def test_the_change_is_against_the_latest_earlier_total() -> None:
    history = {"2026Q1": scored("2026Q1", 40), "2026Q2": scored("2026Q2", 50)}
    found = change(with_past(history))
    assert found is not None
    assert (found.period, str(found.before), found.alike) == ("2026Q2", "50", True)
    assert found.difference == found.now - 50


def test_a_monitoring_run_beside_an_annual_one_is_not_alike() -> None:
    found = change(with_past({"2025Q4": scored("2025Q4", 50)}))
    assert found is not None
    assert (found.period, found.alike) == ("2025Q4", False)


def test_an_annual_evaluation_stands_beside_the_last_annual_one() -> None:
    history = {"2025Q4": scored("2025Q4", 80), "2026Q3": scored("2026Q3", 85)}
    found = change(with_past(history, period="2026Q4"))
    assert found is not None
    assert (found.period, found.alike) == ("2025Q4", True)


def test_the_largest_element_change_comes_first_whichever_its_direction() -> None:
    found = with_past({"2026Q2": scored("2026Q2", 50, supply=0, structure=0, compliance=0)})
    points = {"supply": 3, "structure": -5, "compliance": 0}
    elements = tuple(
        replace(e, points=Fraction(points[e.id])) for e in found.elements if e.id in points
    )
    changed = change(replace(found, elements=elements))
    assert changed is not None
    assert [(e.id, str(e.difference)) for e in changed.elements] == [
        ("structure", "-5"), ("supply", "3"), ("compliance", "0")
    ]  # fmt: skip


def test_without_an_earlier_total_there_is_no_change() -> None:
    assert change(with_past({})) is None
    assert change(with_past({"2026Q2": past("2026Q2")})) is None
    assert change(with_past({"2024Q3": scored("2024Q3", 50)})) is None
