"""``supervise/context/1`` → ``Context``: what an evaluation knew, to work it out again.

A report may come from anywhere, so every value is looked at before it is used. Laws are not read
from it: what a branch takes from its parent is joined with the parent's law as it is here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from supervise.core.context import Adjustment, Context, Parent, PastEvaluation
from supervise.core.law import Rulebook
from supervise.core.supervision import NO_EDITS
from supervise.errors import NotIntact
from supervise.read.inherited import read_inherited, read_judgement, read_standing
from supervise.read.told import MALFORMED, figure, optional, text, truth, whole
from supervise.read.told_items import read_edits, read_item, read_objection

SCHEMA = "supervise/context/1"


def read_context(document: Any, parent_law: Callable[[str, str], Rulebook]) -> Context:
    """The context that a report was made with.

    Args:
        document: ``context.json``.
        parent_law: The law of a bank type and province at the report's period.

    Raises:
        NotIntact: ``context_invalid``: it is not what this program writes.
    """
    try:
        return _context(document, parent_law)
    except MALFORMED as error:
        raise NotIntact(
            "报告所附 context.json 的内容不完整或写法不对",
            where="context.json",
            expected=f"{SCHEMA} 的全部内容",
            fix="向出具报告的单位索取原件。",
            code="context_invalid",
        ) from error


def _context(document: Any, parent_law: Callable[[str, str], Rulebook]) -> Context:
    if document["schema"] != SCHEMA:
        raise ValueError("schema")
    first, parent = document["first_filing"], document["parent"]
    return Context(
        history={past.period: past for past in map(_past, document["history"])},
        standings={name: read_standing(told) for name, told in document["peers"].items()},
        peer_group=text(document["peer_group"]),
        judgements=tuple(map(read_judgement, document["judgements"])),
        adjustments=tuple(map(_adjustment, document["adjustments"])),
        parent=_parent(parent, parent_law) if parent is not None else None,
        first_filing=(whole(first["blocking"]), whole(first["unanswered"])) if first else None,
        filed=truth(document["filed"]),
        edits=read_edits(document["edits"]) if "edits" in document else NO_EDITS,
        objections=tuple(map(read_objection, document.get("objections", ()))),
    )


def _parent(told: Mapping[str, Any], parent_law: Callable[[str, str], Rulebook]) -> Parent:
    kind, province = text(told["type"]), text(told["province"])
    results = read_inherited(told["indicators"], parent_law(kind, province))
    return Parent(text(told["bank"]), kind, province, text(told["rulebook"]), results)


def _past(told: Mapping[str, Any]) -> PastEvaluation:
    parts = {}
    for name, value in told["parts"].items():
        indicator, _, part = name.partition(".")
        parts[indicator, part] = figure(value)
    return PastEvaluation(
        period=text(told["period"]),
        kind=text(told["kind"]),
        file=text(told["file"]),
        facts={item: figure(value) for item, value in told["facts"].items()},
        parts=parts,
        elements={element: figure(value) for element, value in told["elements"].items()},
        total=optional(figure, told["total"]),
        grade=optional(text, told["grade"]),
        findings=tuple(map(dict, told["findings"])),
        high=optional(figure, told.get("high")),
        rectification=tuple(map(read_item, told.get("rectification", ()))),
    )


def _adjustment(told: Mapping[str, Any]) -> Adjustment:
    return Adjustment(
        item=text(told["item"]),
        filed=optional(figure, told["filed"]),
        adjusted=figure(told["adjusted"]),
        reason=text(told["reason"]),
        evidence=text(told["evidence"]),
        by=text(told["by"]),
        on=text(told["on"]),
    )
