"""异议及处理 → rows of texts: what the bank objected to, and what it was told."""

from __future__ import annotations

from datetime import date

from supervise.core.objection import Objection
from supervise.core.period import Period
from supervise.record import record
from supervise.write.phrases import Mark, Phrases, Tone

_TONES: dict[str, Tone] = {
    "raised": "unsure",
    "accepted": "unsure",
    "upheld": "plain",
    "partly_upheld": "plain",
    "rejected": "plain",
    "withdrawn": "plain",
}


@record(kw_only=True)
class ObjectionRow:
    """One objection."""

    subject: str
    text: str
    period: str
    day: str
    state: Mark
    answer: str


def objections(say: Phrases) -> tuple[ObjectionRow, ...]:
    """Every objection to this evaluation or the one before, the oldest first."""
    listed = sorted(say.evaluation.objections, key=lambda o: (o.period, o.on, o.id))
    return tuple(_row(say, one) for one in listed)


def _row(say: Phrases, one: Objection) -> ObjectionRow:
    state = say.words(f"report.objections.state.{one.state}")
    none = "—" if one.concluded else say.words("report.objections.unanswered")
    return ObjectionRow(
        subject=one.subject,
        text=one.text,
        period=say.numbers.period(Period.parse(one.period)),
        day=say.numbers.day(date.fromisoformat(one.on)),
        state=Mark(state, _TONES[one.state]),
        answer=one.answer or none,
    )
