"""往期整改事项 → rows of texts: what was to be mended before this period, and where it stands."""

from __future__ import annotations

from supervise.core.period import Period
from supervise.core.rectification import carried_items
from supervise.core.supervision import RectificationItem
from supervise.record import record
from supervise.write.phrases import Mark, Phrases, Tone
from supervise.write.view_objections import ObjectionRow, objections
from supervise.write.view_opinions import due_text

_TONES: dict[str, Tone] = {
    "mended": "good", "open": "unsure", "overdue": "bad", "not_applicable": "plain",
}  # fmt: skip


@record(kw_only=True)
class ItemRow:
    """One thing to be mended."""

    name: str
    indicator: str
    basis: str
    since: str
    due: str
    status: Mark
    evidence: str


@record(kw_only=True)
class Rectification:
    """The section; ``summary`` says how many stand where, or that there are none.

    Attributes:
        objections: What the bank objected to; a section of its own where there is something.
    """

    summary: str
    rows: tuple[ItemRow, ...]
    objections: tuple[ObjectionRow, ...] = ()


def rectification(say: Phrases) -> Rectification:
    """Items of earlier periods, the oldest first."""
    carried = carried_items(say.evaluation)
    if not carried:
        none = say.words("report.rectification.none")
        return Rectification(summary=none, rows=(), objections=objections(say))
    counted = {status: sum(i.status == status for i in carried) for status in _TONES}
    return Rectification(
        summary=say.words("report.rectification.summary", n=len(carried), **counted),
        rows=tuple(_row(say, item) for item in sorted(carried, key=lambda i: (i.since, i.id))),
        objections=objections(say),
    )


def _row(say: Phrases, item: RectificationItem) -> ItemRow:
    basis = (
        say.basis(item.basis) if item.basis.source else say.evaluation.rulebook.article(item.basis)
    )
    return ItemRow(
        name=item.requirement,
        indicator=item.indicator,
        basis=basis,
        since=say.numbers.period(Period.parse(item.since)),
        due=due_text(say, item.due),
        status=Mark(standing_text(say, item), _TONES[item.status]),
        evidence=evidence_text(say, item),
    )


def standing_text(say: Phrases, item: RectificationItem) -> str:
    """已整改, 整改中, 逾期 or 不再适用."""
    return say.words(f"report.rectification.status.{item.status}")


def evidence_text(say: Phrases, item: RectificationItem) -> str:
    """The supervisor's words, or what the figures of this period show."""
    if item.evidence:
        return item.evidence
    return say.words(f"report.rectification.shown.{item.status}")
