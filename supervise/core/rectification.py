"""What a bank must mend 整改: carried from period to period until it is done.

In: an evaluation and its context. Out: the items that were open in the latest earlier evaluation
and where they stand now, and the new ones of this period's unmet duties. The figures say whether
an item is mended; a supervisor's word goes before them. A date is only ever what a supervisor set.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from supervise.core.context import Context
from supervise.core.evaluation import Evaluation, IndicatorResult, RequirementResult
from supervise.core.model import Basis
from supervise.core.opinions import Opinion, duty_id, edit_of, opinions_of
from supervise.core.period import Period, quarters_before
from supervise.core.supervision import (
    OPEN,
    ItemEdit,
    OpinionEdits,
    RectificationItem,
    Standing,
)
from supervise.record import replace

SELF = "self"
ADDED = "added."


def rectification_of(evaluation: Evaluation, context: Context) -> tuple[RectificationItem, ...]:
    """Every 整改 item of this evaluation, those carried from earlier periods first.

    A bank's own check opens none: that is the supervisor's to do.
    """
    requirements = _requirements(evaluation)
    carried = [
        _standing_now(item, evaluation, requirements, context.edits)
        for item in open_items(evaluation, context)
    ]
    known = {item.id for item in carried}
    new = () if evaluation.stage == SELF else _new(evaluation, context.edits)
    return (*carried, *(item for item in new if item.id not in known))


def open_items(evaluation: Evaluation, context: Context) -> tuple[RectificationItem, ...]:
    """What the latest earlier evaluation left open."""
    earlier = quarters_before(context.history, evaluation.rulebook.period)
    if not earlier:
        return ()
    latest = context.history[earlier[max(earlier)]]
    return tuple(item for item in latest.rectification if item.status in OPEN)


def carried_items(evaluation: Evaluation) -> tuple[RectificationItem, ...]:
    """The items of an evaluation that are older than its own period."""
    now = str(evaluation.rulebook.period)
    return tuple(item for item in evaluation.rectification if item.since != now)


def _requirements(evaluation: Evaluation) -> dict[str, tuple[IndicatorResult, RequirementResult]]:
    return {
        duty_id(result, requirement): (result, requirement)
        for result in evaluation.indicators
        for requirement in result.requirements
    }


def _standing_now(
    item: RectificationItem,
    evaluation: Evaluation,
    requirements: dict[str, tuple[IndicatorResult, RequirementResult]],
    edits: OpinionEdits,
) -> RectificationItem:
    """An item as it stands, named as the law of this evaluation names it."""
    result, requirement = requirements.get(item.id, (None, None))
    said = next((edit for edit in edits.items if edit.id == item.id), ItemEdit(id=item.id))
    opinion = edit_of(edits, item.id)
    due = said.due or (opinion.due if opinion is not None else "") or item.due
    found = said.status or _found(item, evaluation, requirement)
    return replace(
        item,
        requirement=requirement.law.name if requirement is not None else item.requirement,
        indicator=result.law.name if result is not None else item.indicator,
        due=due,
        status=found or _by_date(due, evaluation.rulebook.period),
        evidence=said.evidence or item.evidence,
        stated=said.status is not None,
    )


def _found(
    item: RectificationItem, evaluation: Evaluation, requirement: RequirementResult | None
) -> Standing | None:
    """What the figures say; None: not mended, or nobody can tell from them."""
    if evaluation.status == "blocked" or item.id.startswith(ADDED):
        return None
    if requirement is None or requirement.status == "not_applicable":
        return "not_applicable"
    return "mended" if requirement.status == "met" else None


def _by_date(due: str, period: Period) -> Standing:
    """逾期 if the day has passed within the period and nothing shows that it was done."""
    return "overdue" if due and date.fromisoformat(due) < period.last_day else "open"


def _new(evaluation: Evaluation, edits: OpinionEdits) -> Iterator[RectificationItem]:
    """This period's unmet duties, but for those left out, and what the supervisor added."""
    since = str(evaluation.rulebook.period)
    for opinion in opinions_of(evaluation):
        edit = edit_of(edits, opinion.id)
        if opinion.kind == "rectify" and not (edit is not None and edit.drop):
            yield _item(opinion, since, edit.due if edit is not None else "")
    for added in edits.added:
        yield RectificationItem(
            id=added.id,
            requirement=added.text,
            indicator="",
            since=since,
            basis=Basis("", added.basis),
            status="open",
            due=added.due,
        )


def _item(opinion: Opinion, since: str, due: str) -> RectificationItem:
    assert opinion.requirement is not None
    assert opinion.result is not None
    return RectificationItem(
        id=opinion.id,
        requirement=opinion.requirement.law.name,
        indicator=opinion.result.law.name,
        since=since,
        basis=opinion.basis,
        status="open",
        due=due,
    )
