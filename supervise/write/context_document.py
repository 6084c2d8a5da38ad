"""What an evaluation knew beside the submission and the law → ``supervise/context/1``.

Only this bank's own past, and of others nothing but what a standing says of the whole group. With
the submission and the rulebook it gives the same evaluation again. Figures are exact: decimals
where they end, else fractions.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from supervise.core.confidential import NOBODY, OBJECTED, Hidden, Signed, hidden_in
from supervise.core.context import Context, PastEvaluation, PeerStat
from supervise.core.evaluation import Evaluation, IndicatorResult, Term
from supervise.core.exact import exact_text
from supervise.core.later import Later
from supervise.core.peers import TOTAL, element_key
from supervise.core.supervision import deciding
from supervise.record import replace

SCHEMA = "supervise/context/1"
BANK = "bank"


def context_document(
    evaluation: Evaluation, context: Context, *, audience: str = BANK
) -> dict[str, Any]:
    """The document for one audience.

    Args:
        evaluation: What came of it.
        context: What it was made with.
        audience: ``bank`` leaves out examiners' names and this bank's percentile.
    """
    secret = audience == BANK
    hidden = hidden_in(evaluation) if secret else NOBODY
    first = context.first_filing
    document = {
        "schema": SCHEMA,
        "audience": audience,
        "filed": context.filed,
        "first_filing": {"blocking": first[0], "unanswered": first[1]} if first else None,
        "peer_group": context.peer_group,
        "peers": {
            name: told_standing(stat, audience) for name, stat in standings(evaluation).items()
        },
        "history": [_past(p, hidden) for _, p in sorted(context.history.items())],
        "judgements": [plain(_unnamed(j, hidden)) for j in context.judgements],
        "adjustments": [plain(_unnamed(a, hidden)) for a in context.adjustments],
        "parent": _parent(evaluation, context, hidden),
        "edits": plain(deciding(context.edits, secret=secret)),
    }
    if context.objections:
        document["objections"] = [plain(hidden.texts(o, *OBJECTED)) for o in context.objections]
    return document


def standings(evaluation: Evaluation) -> dict[str, PeerStat]:
    """Where total, elements, indicators and parts stand, by the keys of ``Context.peers``."""
    found: dict[str, PeerStat] = {}
    if evaluation.peer is not None:
        found[TOTAL] = evaluation.peer
    for element in evaluation.elements:
        if element.peer is not None:
            found[element_key(element.id)] = element.peer
    for result in evaluation.indicators:
        if result.peer is not None:
            found[result.law.id] = result.peer
        for part in result.parts:
            if part.peer is not None:
                found[f"{result.law.id}.{part.law.id}"] = part.peer
    return found


def told_standing(stat: PeerStat, audience: str) -> dict[str, Any]:
    """A standing as the context of one audience has it; a bank has a hundred of them."""
    told = {name: getattr(stat, name) for name in PeerStat.__slots__}  # type: ignore[attr-defined]  # a record
    if audience == BANK:
        told["percentile"] = None
    return {n: exact_text(v) if type(v) is Fraction else v for n, v in told.items()}


def plain(value: Any) -> Any:
    """A value as JSON: a record by its fields, the law that it speaks of by its id."""
    if isinstance(value, Fraction):
        return exact_text(value)
    if isinstance(value, Later):
        return str(value)
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if value is None or isinstance(value, str | bool | int):
        return value
    fields = {name: getattr(value, name) for name in value.__slots__}
    if isinstance(value, Term) and isinstance(value.value, str):
        fields["value"] = {"text": value.value}
    return {name: each.id if name == "law" else plain(each) for name, each in fields.items()}


def _past(past: PastEvaluation, hidden: Hidden) -> dict[str, Any]:
    """An earlier evaluation; one of the internal kind quotes people in its findings."""
    parts = {f"{indicator}.{part}": value for (indicator, part), value in past.parts.items()}
    told = {**plain(replace(past, parts={})), "parts": plain(parts)}
    del told["digest"]  # of the same figures in another form; what they are follows
    return {**told, "findings": hidden.everywhere(told["findings"])}


def _told(stat: PeerStat, secret: bool) -> PeerStat:
    """The bank's copy tells a quarter, never a rank (standing rule 7)."""
    return replace(stat, percentile=None) if secret else stat


def _unnamed(said: Signed, hidden: Hidden) -> Signed:
    """A mark or a correction; in a bank's copy without the name of who gave it."""
    return said if hidden is NOBODY else replace(hidden.signed(said), by="")


def _parent(evaluation: Evaluation, context: Context, hidden: Hidden) -> dict[str, Any] | None:
    """What a branch takes from its legal person; the law there may be another province's."""
    parent = context.parent
    if parent is None:
        return None
    taken = {id(result) for result in evaluation.indicators}
    return {
        "bank": parent.code,
        "type": parent.type,
        "province": parent.province,
        "rulebook": parent.rulebook,
        "indicators": [
            _inherited(result, hidden) for result in parent.results.values() if id(result) in taken
        ],
    }


def _inherited(result: IndicatorResult, hidden: Hidden) -> dict[str, Any]:
    secret = hidden is not NOBODY
    parts = tuple(
        replace(
            part,
            peer=_told(part.peer, secret) if part.peer is not None else None,
            supervisor=_unnamed(part.supervisor, hidden) if part.supervisor is not None else None,
        )
        for part in result.parts
    )
    peer = _told(result.peer, secret) if result.peer is not None else None
    document: dict[str, Any] = plain(replace(result, parts=parts, peer=peer))
    return document
