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

    simple: tuple[tuple[type[Any], str, Callable[[Any], tuple[str, str, str]]], ...] = (
        (r.Rectification, "rectification", lambda o: (o.rectification, o.due, o.text)),
        (r.RectificationStep, "rectification_step", _rectification_step),
        (r.Objected, "objection", lambda o: (o.objection, o.subject, o.text)),
        (r.ObjectionStep, "objection_step", lambda o: (o.objection, o.state, o.text)),
        (r.StageStep, "stage_step", lambda o: (o.digest[:12], o.stage, o.role)),
    )

    def found(made: type[Any]) -> list[Any]:
        known = ledger.records(made, institutions=sorted(set(banks)), periods=[period])
        return [one for _, one in known]

    told = [*_judgements(found(r.Judged)), *_adjustments(found(r.Adjusted))]
    for made, kind, read in simple:
        told += [_remark(kind, *read(one), one) for one in found(made)]
    return tuple(told)


def _remark(kind: str, about: str, said: str, reason: str, one: Any) -> Remark:
    return Remark(kind=kind, about=about, said=said, reason=reason, by=one.by, on=one.on)


def _rectification_step(one: Any) -> tuple[str, str, str]:
    return one.rectification, f"{one.state} {one.due or ''}".strip(), one.evidence


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
