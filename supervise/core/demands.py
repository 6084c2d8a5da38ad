"""What an office keeps of 整改: demands with their days, what was reported, put off, accepted.

In: demands as the ledger's records leave them. Out: the context of an evaluation in which they
count, so that what a report says of 整改 comes from one place (``rectification.py``), and those
that are past their day. A demand belongs to the period in which its item was first found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from supervise.core.context import Context, PastEvaluation
from supervise.core.model import Basis
from supervise.core.opinions import edit_of
from supervise.core.period import Period, quarters_before
from supervise.core.supervision import (
    DUTY,
    AddedOpinion,
    ItemEdit,
    OpinionEdit,
    OpinionEdits,
    RectificationItem,
    Standing,
)
from supervise.record import record, replace

State = Literal["demanded", "reported", "extended", "returned", "accepted", "withdrawn"]
STATES: tuple[State, ...] = (
    "demanded", "reported", "extended", "returned", "accepted", "withdrawn",
)  # fmt: skip
"""下达, 已报告, 延期, 退回, 验收, 撤销."""
ENDS: tuple[State, ...] = ("accepted", "withdrawn")
_STANDING: dict[str, Standing] = {"accepted": "mended", "withdrawn": "not_applicable"}


@record(kw_only=True)
class Demand:
    """One thing that a bank was told to mend, and where it stands.

    Attributes:
        period: In which it was first found.
        id: Of the evaluation's item, or ``added.`` and the office's number.
        requirement: What is required and by which rule.
        text: What is to be done.
        due: ISO date; the last one that was set.
        evidence: What the last step showed, as the bank may read it.
        on: ISO date of the last step.
    """

    period: str
    id: str
    requirement: str
    text: str
    due: str
    state: State = "demanded"
    evidence: str = ""
    on: str = ""

    @property
    def closed(self) -> bool:
        """Nothing more is to come."""
        return self.state in ENDS

    def days_over(self, day: date) -> int:
        """Days past its day; 0 if it is not, or if it is closed."""
        over = (day - date.fromisoformat(self.due)).days
        return 0 if self.closed else max(over, 0)


def with_demands(context: Context, now: Period, demands: Sequence[Demand]) -> Context:
    """A context in which demands count; a supervisor's words of this run go before them.

    Args:
        context: Of one bank's evaluation.
        now: The period that is judged.
        demands: All of the bank's.
    """
    edits = _of_this_period(context.edits, [d for d in demands if d.period == str(now)])
    earlier = [d for d in demands if Period.parse(d.period) < now]
    periods = quarters_before(context.history, now)
    if not (periods and earlier):
        return replace(context, edits=edits)
    name = periods[max(periods)]
    past = _with_unknown(context.history[name], max(periods), earlier)
    carried = {(item.since, item.id) for item in past.rectification}
    told = {item.id for item in edits.items}
    said = [_edit(d) for d in earlier if (d.period, d.id) in carried and d.id not in told]
    return replace(
        context,
        history={**context.history, name: past},
        edits=replace(edits, items=(*edits.items, *said)),
    )


def _of_this_period(edits: OpinionEdits, demands: Iterable[Demand]) -> OpinionEdits:
    """Days for duties of this evaluation, and what the office demands beside them."""
    opinions, added = {edit.id: edit for edit in edits.opinions}, list(edits.added)
    for demand in demands:
        if demand.state == "withdrawn":
            continue
        if demand.id.startswith(DUTY):
            known = edit_of(edits, demand.id) or OpinionEdit(id=demand.id)
            opinions[demand.id] = replace(known, due=known.due or demand.due)
        elif all(one.id != demand.id for one in added):
            added.append(_added(demand))
    return replace(edits, opinions=tuple(opinions.values()), added=tuple(added))


def _added(demand: Demand) -> AddedOpinion:
    return AddedOpinion(
        id=demand.id, problem="", text=demand.text, basis=demand.requirement, due=demand.due
    )


def _with_unknown(
    past: PastEvaluation, period: Period, demands: Iterable[Demand]
) -> PastEvaluation:
    """An earlier evaluation with demands that were made after it was written.

    Those that were closed before its period ended have been told.
    """
    known = {item.id for item in past.rectification}
    missing = [
        _item(demand)
        for demand in demands
        if demand.id not in known
        and not (demand.closed and date.fromisoformat(demand.on) <= period.last_day)
    ]
    if not missing:
        return past
    return replace(past, rectification=(*past.rectification, *missing))


def _item(demand: Demand) -> RectificationItem:
    return RectificationItem(
        id=demand.id,
        requirement=demand.text,
        indicator="",
        since=demand.period,
        basis=Basis("", demand.requirement),
        status="open",
        due=demand.due,
    )


def _edit(demand: Demand) -> ItemEdit:
    return ItemEdit(
        id=demand.id,
        status=_STANDING.get(demand.state),
        evidence=demand.evidence,
        due=demand.due,
    )
