"""What supervisors said and did about a bank in a quarter, from the records of its chain."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from supervise.core.bank_history import Remark

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.ledger import Ledger


def remarks_of(ledger: Ledger, banks: Iterable[str], period: str) -> tuple[Remark, ...]:
    """Marks and corrections with those they replaced, 整改, objections, stages; in their order."""
    from supervise.ledger import later_records as r

    told: list[Remark] = []
    readers: tuple[tuple[type[Any], Callable[[list[Any]], list[Remark]]], ...] = (
        (r.Judged, _judgements),
        (r.Adjusted, _adjustments),
        (r.Rectification, _rectifications),
        (r.RectificationStep, _rectification_steps),
        (r.Objected, _objections),
        (r.ObjectionStep, _objection_steps),
        (r.StageStep, _stages),
    )
    for made, read in readers:
        known = ledger.records(made, institutions=sorted(set(banks)), periods=[period])
        told += read([one for _, one in known])
    return tuple(told)


def _judgements(found: list[Any]) -> list[Remark]:
    last = {(one.indicator, one.part): one for one in found}
    return [
        Remark(
            kind="judgement",
            about=f"{one.indicator}.{one.part}" if one.part else one.indicator,
            said=one.points or "",
            reason=one.reason,
            by=one.by,
            on=one.on,
            counts=last[one.indicator, one.part] is one,
        )
        for one in found
    ]


def _adjustments(found: list[Any]) -> list[Remark]:
    last = {one.item: one for one in found}
    return [
        Remark(
            kind="adjustment",
            about=one.item,
            said=f"{one.filed or '—'} → {one.adjusted}" if one.adjusted else "",
            reason=one.reason,
            by=one.by,
            on=one.on,
            counts=last[one.item] is one,
        )
        for one in found
    ]


def _rectifications(found: list[Any]) -> list[Remark]:
    return [
        Remark(
            kind="rectification",
            about=one.rectification,
            said=one.due,
            reason=one.text,
            by=one.by,
            on=one.on,
        )
        for one in found
    ]


def _rectification_steps(found: list[Any]) -> list[Remark]:
    return [
        Remark(
            kind="rectification_step",
            about=one.rectification,
            said=f"{one.state} {one.due or ''}".strip(),
            reason=one.evidence,
            by=one.by,
            on=one.on,
        )
        for one in found
    ]


def _objections(found: list[Any]) -> list[Remark]:
    return [
        Remark(
            kind="objection",
            about=one.objection,
            said=one.subject,
            reason=one.text,
            by=one.by,
            on=one.on,
        )
        for one in found
    ]


def _objection_steps(found: list[Any]) -> list[Remark]:
    return [
        Remark(
            kind="objection_step",
            about=one.objection,
            said=one.state,
            reason=one.text,
            by=one.by,
            on=one.on,
        )
        for one in found
    ]


def _stages(found: list[Any]) -> list[Remark]:
    return [
        Remark(
            kind="stage_step",
            about=one.digest[:12],
            said=one.stage,
            reason=one.role,
            by=one.by,
            on=one.on,
        )
        for one in found
    ]
