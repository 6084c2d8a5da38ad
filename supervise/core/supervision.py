"""Nouns of what follows an evaluation: a supervisor's words, and what a bank must mend 整改.

An opinion is generated from the evaluation; a supervisor may reword, date, leave out or add
one. What was generated is never lost. No person is named here: a bank may read all but
``drop`` and ``note``.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Literal

from supervise.core.model import Basis
from supervise.record import record

Standing = Literal["open", "overdue", "mended", "not_applicable"]
STANDINGS: tuple[Standing, ...] = ("open", "overdue", "mended", "not_applicable")
OPEN: tuple[Standing, ...] = ("open", "overdue")
DUTY = "duty."
LEFT_OUT = "〔略〕"
"""Stands for what a reader is not told."""


@record(kw_only=True)
class OpinionEdit:
    """What a supervisor changed about one generated opinion.

    Attributes:
        id: Of the opinion, e.g. ``duty.branch_kpi_weight.weight``.
        text: Instead of the generated sentence; empty: that one stands.
        due: ISO date until which it is to be mended; empty: none was set.
        drop: Why it is left out, for the supervisors alone; empty: it is not.
        draft: ``draft_mark`` of what was generated when the supervisor wrote; empty: unknown.
    """

    id: str
    text: str = ""
    due: str = ""
    drop: str = ""
    draft: str = ""


@record(kw_only=True)
class AddedOpinion:
    """An opinion that a supervisor added.

    Attributes:
        problem: What it is about; may be empty.
        basis: What it rests on, as the supervisor words it.
        due: ISO date; empty: none was set.
    """

    id: str
    problem: str
    text: str
    basis: str
    due: str = ""


@record(kw_only=True)
class ItemEdit:
    """What a supervisor says of one 整改 item; what is empty stays as it was found."""

    id: str
    status: Standing | None = None
    evidence: str = ""
    due: str = ""


@record(kw_only=True)
class OpinionEdits:
    """All that a supervisor says about one bank for one period.

    Attributes:
        overall: Comment on the whole; empty: none.
        note: For the supervisors alone.
    """

    overall: str = ""
    note: str = ""
    opinions: tuple[OpinionEdit, ...] = ()
    added: tuple[AddedOpinion, ...] = ()
    items: tuple[ItemEdit, ...] = ()


NO_EDITS = OpinionEdits()


def essence(edits: OpinionEdits) -> OpinionEdits:
    """The same words without what changes nothing: blank entries, marks of the draft."""
    return OpinionEdits(
        overall=edits.overall,
        note=edits.note,
        opinions=tuple(
            OpinionEdit(id=e.id, text=e.text, due=e.due, drop=e.drop)
            for e in sorted(edits.opinions, key=lambda e: e.id)
            if e.text or e.due or e.drop
        ),
        added=edits.added,
        items=tuple(
            e for e in sorted(edits.items, key=lambda e: e.id) if e.status or e.evidence or e.due
        ),
    )


def deciding(edits: OpinionEdits, *, secret: bool) -> OpinionEdits:
    """Of a supervisor's words, those that decide which items there are and where they stand.

    Args:
        edits: All of them.
        secret: Say that a duty was left out, and not why.
    """
    return OpinionEdits(
        opinions=tuple(
            OpinionEdit(id=e.id, due=e.due, drop=LEFT_OUT if e.drop and secret else e.drop)
            for e in edits.opinions
            if e.due or (e.drop and e.id.startswith(DUTY))
        ),
        added=edits.added,
        items=tuple(e for e in edits.items if e.status or e.evidence or e.due),
    )


def draft_mark(text: str, problem: str) -> str:
    """What tells later whether a drafted sentence was reworded, or its facts have changed.

    Example:
        >>> draft_mark("甲", "乙").split("-")[0] == draft_mark("甲", "丙").split("-")[0]
        True
    """
    return f"{_short(text)}-{_short(problem)}"


def is_reworded(text: str, mark: str) -> bool:
    """Whether a sentence is another than the one that a mark was made of; blank is not."""
    return bool(text) and _short(text) != mark.partition("-")[0]


def _short(text: str) -> str:
    """A short digest; spaces and line breaks that an editor moved do not count."""
    return sha256("".join(text.split()).encode()).hexdigest()[:8]


@record(kw_only=True)
class RectificationItem:
    """Something a bank must mend 整改事项, and where it stands at the period's end.

    Attributes:
        id: Id of the opinion that it came from.
        requirement: What is required, in the words of the law or of the supervisor.
        indicator: Name of the indicator; empty for one that a supervisor added.
        since: Period in which it was first found, as ``2025Q4``.
        due: ISO date; empty: none was set.
        evidence: What shows where it stands, as the supervisor words it.
        stated: The supervisor said where it stands; otherwise the figures do.
    """

    id: str
    requirement: str
    indicator: str
    since: str
    basis: Basis
    status: Standing
    due: str = ""
    evidence: str = ""
    stated: bool = False
