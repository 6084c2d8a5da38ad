"""One indicator's place in the evaluation document: value, parts, requirements, trace."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from supervise.core.context import PeerStat
from supervise.core.evaluation import (
    IndicatorResult,
    Measure,
    PartResult,
    RequirementResult,
    Term,
)
from supervise.core.model import Basis

_DIGITS = Context(prec=12, rounding=ROUND_HALF_UP)
_SHORT = 12
_LONGER = 10**_SHORT
"""The least whole number that has more digits."""


def decimal_text(value: Fraction | None) -> str | None:
    """An exact decimal of at most 12 significant digits, no exponent, no trailing zeros.

    Example:
        >>> decimal_text(Fraction(1, 10))
        '0.1'
    """
    if value is None:
        return None
    numerator, denominator = value.as_integer_ratio()
    if denominator == 1 and abs(numerator) < _LONGER:
        return str(numerator)
    return _quotient(numerator, denominator)


# What a group of peers comes to stands beside each of its banks.
@lru_cache(maxsize=1 << 14)
def _quotient(numerator: int, denominator: int) -> str:
    return _bare(_DIGITS.divide(Decimal(numerator), Decimal(denominator)))


def digits_of(value: Decimal) -> str:
    """The same of a number that is a decimal already."""
    plain = str(value)
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    if len(plain) <= _SHORT and plain.isdigit():
        return plain
    return _bare(_DIGITS.plus(value))


def _bare(exact: Decimal) -> str:
    text = f"{exact:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def basis_document(basis: Basis) -> dict[str, str]:
    """A legal basis as the contract shows it."""
    return {"source": basis.source, "article": basis.article}


def indicator_document(result: IndicatorResult, audience: str) -> dict[str, Any]:
    """The contract's entry for one indicator; the bank's copy has no rank among peers."""
    law = result.law
    points, low, high = _span(result)
    return {
        "id": law.id,
        "element": law.element,
        "name": law.name,
        "kind": law.kind,
        "headline": law.headline,
        "applicability": "applies" if result.applies else "not_applicable",
        "not_applicable_because": result.why_not or None,
        "value": decimal_text(result.measure.value),
        "unit": law.unit,
        "reason": result.measure.reason,
        "memo": decimal_text(result.memo.value) if result.memo else None,
        "parts": [_part(p, audience) for p in result.parts],
        "requirements": [_requirement(r) for r in result.requirements],
        "judgement": _judgement(result),
        "score": {
            "points": points,
            "max": decimal_text(result.max),
            "low": low,
            "high": high,
            "provenance": result.provenance,
        },
        "peer": peer_document(result.peer, audience),
        "trace": [_term(t) for t in _all_terms(result)],
        "workings": result.measure.workings,
    }


def _span(scored: IndicatorResult | PartResult) -> tuple[str | None, str | None, str | None]:
    """Points, the fewest and the most: one figure unless something is not known."""
    points, low, high = scored.points, scored.low, scored.high
    text = decimal_text(points)
    return (
        text,
        text if low is points else decimal_text(low),
        text if high is points else decimal_text(high),
    )


def _part(part: PartResult, audience: str) -> dict[str, Any]:
    curve = part.law.curve
    frozen = part.base_source == "rulebook"
    base = _base(part) if part.base is not None else None
    points, low, high = _span(part) if part.applies else (None, None, None)
    return {
        "id": part.law.id,
        "name": part.law.name,
        "value": decimal_text(part.measure.value),
        "unit": part.law.unit,
        "reason": part.measure.reason,
        "base": None if frozen else base,
        "reference": base if frozen else None,
        "peer": peer_document(part.peer, audience),
        "points": points,
        "max": decimal_text(curve.high) if curve else None,
        "min": decimal_text(curve.low) if curve else None,
        "low": low,
        "high": high,
        "applies": part.applies,
        "note": part.note or None,
        "workings": part.measure.workings,
    }


def _base(part: PartResult) -> dict[str, Any]:
    """What the value is compared with: an earlier period, or a frozen peer reference."""
    assert part.base is not None
    return {
        "value": decimal_text(part.base.value),
        "period": part.base_period,
        "source": part.base_source,
    }


def _requirement(result: RequirementResult) -> dict[str, Any]:
    return {
        "id": result.law.id,
        "kind": result.law.kind,
        "status": result.status,
        "value": decimal_text(result.value),
        "limit": decimal_text(result.limit),
        "basis": basis_document(result.law.basis),
        "provenance": result.law.provenance,
    }


def _judgement(result: IndicatorResult) -> dict[str, Any] | None:
    """Sums over the qualitative parts: the bank's marks, the supervisor's, and what counts."""
    judged = [p for p in result.parts if p.law.judged and p.applies]
    if not judged:
        return None
    own = [p.self_points for p in judged if p.self_points is not None]
    marks = [p.supervisor.points for p in judged if p.supervisor is not None]
    counted = {p.counted for p in judged}
    only = counted.pop() if len(counted) == 1 else "mixed"
    return {
        "self": decimal_text(sum(own, Fraction(0))) if own else None,
        "supervisor": decimal_text(sum(marks, Fraction(0))) if marks else None,
        "counted": only,
    }


def peer_document(peer: PeerStat | None, audience: str) -> dict[str, Any] | None:
    """Live peers as context; the bank's copy has the quartile, never a rank (rule 7)."""
    if peer is None:
        return None
    known = {"group": peer.group, "n": peer.n, "reason": peer.reason, "quartile": peer.quartile}
    for name in ("median", "p25", "p75", "trimmed_min", "trimmed_max"):
        known[name] = decimal_text(getattr(peer, name))
    if audience == "internal":
        known["percentile"] = decimal_text(peer.percentile)
    return known


def _term(term: Term) -> dict[str, Any]:
    value = term.value
    if isinstance(value, Fraction):
        shown = decimal_text(value)
    elif isinstance(value, bool):
        shown = "1" if value else "0"
    else:
        shown = value
    return {"item": term.item, "value": shown, "source": term.source, "cell": term.cell}


def _all_terms(result: IndicatorResult) -> tuple[Term, ...]:
    measures: list[Measure] = [result.measure]
    for part in result.parts:
        measures.append(part.measure)
        if part.base is not None:
            measures.append(part.base)
    told = {(term.item, term.source, term.cell): term for m in measures for term in m.terms}
    return tuple(told.values())
