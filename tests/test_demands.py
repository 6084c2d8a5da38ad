"""What an office keeps of 整改, joined with what documents and a supervisor's file say."""

from __future__ import annotations

from datetime import date

from supervise.core.context import Context, PastEvaluation
from supervise.core.demands import Demand, State, with_demands
from supervise.core.model import Basis
from supervise.core.period import Period
from supervise.core.supervision import (
    AddedOpinion,
    ItemEdit,
    OpinionEdit,
    OpinionEdits,
    RectificationItem,
)

NOW, BEFORE = Period.parse("2026Q3"), "2026Q2"
DUTY = "duty.online_loan_review.independent"


def demand(
    period: str = BEFORE, name: str = "added.A1", state: State = "demanded", on: str = "2026-07-10"
) -> Demand:
    return Demand(
        period=period, id=name, requirement="第八项", text="完成验证", due="2026-09-01",
        state=state, evidence="", on=on,
    )  # fmt: skip


def item(name: str, since: str) -> RectificationItem:
    return RectificationItem(
        id=name, requirement="要求", indicator="", since=since, basis=Basis("house", "x"),
        status="open",
    )  # fmt: skip


def context(*items: RectificationItem, edits: OpinionEdits | None = None) -> Context:
    past = PastEvaluation(
        period=BEFORE, kind="monitoring", file="a", facts={}, parts={}, elements={}, total=None,
        grade=None, rectification=items,
    )  # fmt: skip
    return Context(history={BEFORE: past}, edits=edits or OpinionEdits())


def joined(known: Context, *demands: Demand) -> tuple[list[str], OpinionEdits]:
    """Items of the evaluation before, and the words, once demands count."""
    told = with_demands(known, NOW, demands)
    return [one.id for one in told.history[BEFORE].rectification], told.edits


def test_a_demand_that_no_document_knows_is_carried_all_the_same() -> None:
    items, edits = joined(context(), demand())
    assert items == ["added.A1"]
    assert edits.items == (ItemEdit(id="added.A1", due="2026-09-01"),)


def test_what_was_accepted_since_is_told_once_and_what_was_before_is_not() -> None:
    after = demand(state="accepted", on="2026-07-01")
    items, edits = joined(context(), after)
    assert items == ["added.A1"]
    assert edits.items[0].status == "mended"
    assert joined(context(), demand(state="accepted", on="2026-06-30")) == ([], OpinionEdits())


def test_a_demand_speaks_of_the_item_of_its_own_period_alone() -> None:
    relapse = context(item(DUTY, BEFORE))
    old = demand("2025Q4", DUTY, "accepted", "2026-07-01")
    assert joined(relapse, old) == ([DUTY], OpinionEdits())
    _, edits = joined(relapse, demand(BEFORE, DUTY, "withdrawn"))
    assert edits.items[0].status == "not_applicable"


def test_a_supervisors_words_of_this_run_go_first() -> None:
    said = ItemEdit(id=DUTY, status="open", due="2026-12-31")
    _, edits = joined(
        context(item(DUTY, BEFORE), edits=OpinionEdits(items=(said,))),
        demand(BEFORE, DUTY, "accepted"),
    )
    assert edits.items == (said,)


def test_this_periods_demands_date_duties_and_are_added() -> None:
    given = OpinionEdits(opinions=(OpinionEdit(id=DUTY, text="改写"),))
    _, edits = joined(
        context(edits=given),
        demand("2026Q3", DUTY),
        demand("2026Q3"),
        demand("2026Q3", "added.A2", "withdrawn"),
    )
    assert edits.opinions == (OpinionEdit(id=DUTY, text="改写", due="2026-09-01"),)
    assert edits.added == (
        AddedOpinion(id="added.A1", problem="", text="完成验证", basis="第八项", due="2026-09-01"),
    )


def test_without_an_earlier_evaluation_nothing_is_carried() -> None:
    told = with_demands(Context(), NOW, [demand()])
    assert (told.history, told.edits) == ({}, OpinionEdits())


def test_days_over_count_from_the_day_after_and_not_once_it_is_closed() -> None:
    assert [demand().days_over(date(2026, 9, d)) for d in (1, 2, 11)] == [0, 1, 10]
    assert demand(state="accepted").days_over(date(2027, 1, 1)) == 0
    assert demand(state="reported").days_over(date(2026, 9, 2)) == 1
