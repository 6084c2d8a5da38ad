"""The procedure: who may take which step, and where an evaluation stands."""

from __future__ import annotations

import pytest

from supervise.core.procedure import (
    MAY_FOLLOW,
    STAGES,
    Step,
    next_stages,
    stage_of,
    why_not,
)


def step(stage: str, by: str = "甲一", on: str = "2026-10-20") -> Step:
    return Step(stage=stage, digest="d", by=by, role="科员", on=on)


def taken(*stages: str) -> tuple[Step, ...]:
    """Steps taken in this order, each by another person."""
    return tuple(step(stage, f"人{n}") for n, stage in enumerate(stages))


WHOLE = ("preliminary", "reviewed", "notified", "objected", "final", "archived")


def test_each_stage_follows_the_one_before() -> None:
    for n, stage in enumerate(WHOLE):
        assert why_not(taken(*WHOLE[:n]), step(stage, "乙二")) is None
        assert stage_of(taken(*WHOLE[: n + 1])) == stage


@pytest.mark.parametrize("stage", STAGES)
def test_nothing_follows_an_archived_evaluation(stage: str) -> None:
    assert why_not(taken(*WHOLE), step(stage, "乙二")) == "archived"


@pytest.mark.parametrize(
    ("before", "stage"),
    [
        ((), "reviewed"),
        (("preliminary",), "notified"),
        (("preliminary", "reviewed"), "objected"),
        (("preliminary", "reviewed"), "final"),
        (("preliminary", "reviewed", "notified"), "archived"),
        (("preliminary", "reviewed", "notified", "final"), "preliminary"),
        (("preliminary",), "self"),
    ],
)
def test_no_stage_is_left_out_and_a_final_one_is_not_reopened(
    before: tuple[str, ...], stage: str
) -> None:
    assert why_not(taken(*before), step(stage, "乙二")) == "order"


def test_without_objection_an_evaluation_becomes_final() -> None:
    assert why_not(taken("preliminary", "reviewed", "notified"), step("final")) is None


@pytest.mark.parametrize("before", ["reviewed", "notified", "objected"])
def test_what_is_not_final_may_be_returned(before: str) -> None:
    steps = taken(*WHOLE[: WHOLE.index(before) + 1])
    assert "preliminary" in next_stages(steps)
    again = (*steps, step("preliminary", "丙三"))
    assert next_stages(again) == MAY_FOLLOW["preliminary"]


@pytest.mark.parametrize("name", ["张 三", "张\u3000三", "张三 "])
def test_a_review_is_by_another_person_however_the_name_is_spelt(name: str) -> None:
    assert why_not((step("preliminary", "张三"),), step("reviewed", name)) == "same_person"


def test_letters_of_any_width_and_case_are_one_name() -> None:
    assert why_not((step("preliminary", "Li Si"),), step("reviewed", "ＬＩ si")) == "same_person"
    assert why_not((step("preliminary", "张三"),), step("reviewed", "张三丰")) is None


def test_nobody_who_had_a_hand_in_the_preliminary_evaluation_reviews_it() -> None:
    steps = (step("preliminary", "张三"), step("preliminary", "李四"))
    assert why_not(steps, step("reviewed", "张三")) == "same_person"


def test_an_evaluation_is_not_final_while_an_objection_is_open() -> None:
    steps = taken("preliminary", "reviewed", "notified", "objected")
    assert why_not(steps, step("final"), objections_open=True) == "objection_open"
    assert why_not(steps, step("final")) is None


def test_a_step_is_not_dated_before_the_one_that_it_follows() -> None:
    steps = (step("preliminary", on="2026-10-20"),)
    assert why_not(steps, step("reviewed", "乙二", on="2026-10-19")) == "earlier_day"
    assert why_not(steps, step("reviewed", "乙二", on="2026-10-20")) is None


def test_a_run_that_nobody_signed_is_preliminary() -> None:
    assert stage_of(()) == "preliminary"
