"""整改 items and a supervisor's words from documents that this program wrote, or perhaps others.

Each reader gives the value or raises what ``told.MALFORMED`` lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from supervise.core.model import Basis
from supervise.core.objection import STATES, Objection
from supervise.core.period import Period
from supervise.core.supervision import (
    STANDINGS,
    AddedOpinion,
    ItemEdit,
    OpinionEdit,
    OpinionEdits,
    RectificationItem,
    Standing,
)
from supervise.read.law_dated import read_date
from supervise.read.told import optional, text, truth


def read_item(told: Mapping[str, Any]) -> RectificationItem:
    """One 整改 item as an evaluation document or a context document has it."""
    basis = told["basis"]
    return RectificationItem(
        id=text(told["id"]),
        requirement=text(told["requirement"]),
        indicator=text(told["indicator"] or ""),
        since=str(Period.parse(text(told["since"]))),
        basis=Basis(text(basis["source"]), text(basis["article"])),
        status=_standing(told["status"]),
        due=_day(told["due"]),
        evidence=text(told["evidence"] or ""),
        stated=truth(told["stated"]),
    )


def read_objection(told: Mapping[str, Any]) -> Objection:
    """An objection as a context document has it."""
    return Objection(
        period=str(Period.parse(text(told["period"]))),
        id=text(told["id"]),
        subject=text(told["subject"]),
        text=text(told["text"]),
        on=_day(told["on"]),
        state=STATES[STATES.index(told["state"])],
        answer=text(told["answer"]),
        stated_on=_day(told["stated_on"]),
    )


def read_edits(told: Mapping[str, Any]) -> OpinionEdits:
    """What decides where items stand, from a context document."""
    return OpinionEdits(
        opinions=tuple(map(_opinion, told["opinions"])),
        added=tuple(map(_added, told["added"])),
        items=tuple(map(_item_edit, told["items"])),
    )


def _opinion(told: Mapping[str, Any]) -> OpinionEdit:
    return OpinionEdit(id=text(told["id"]), due=_day(told["due"]), drop=text(told["drop"]))


def _added(told: Mapping[str, Any]) -> AddedOpinion:
    return AddedOpinion(
        id=text(told["id"]),
        problem=text(told["problem"]),
        text=text(told["text"]),
        basis=text(told["basis"]),
        due=_day(told["due"]),
    )


def _item_edit(told: Mapping[str, Any]) -> ItemEdit:
    return ItemEdit(
        id=text(told["id"]),
        status=optional(_standing, told["status"]),
        evidence=text(told["evidence"]),
        due=_day(told["due"]),
    )


def _standing(value: Any) -> Standing:
    return STANDINGS[STANDINGS.index(value)]


def _day(value: Any) -> str:
    day = text(value or "")
    if day and read_date(day) is None:
        raise ValueError("day")
    return day
