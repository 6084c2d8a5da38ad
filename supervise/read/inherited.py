"""What a branch takes from its legal person (standing rule 8), from a context document.

The document holds results; the laws that they speak of are the parent's, as they are here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from supervise.core.context import Judgement, PeerStat
from supervise.core.evaluation import (
    IndicatorResult,
    Measure,
    PartResult,
    RequirementResult,
    Term,
)
from supervise.core.law import Indicator, PartLaw, Requirement, Rulebook
from supervise.core.model import Provenance
from supervise.read.told import figure, optional, text, truth, whole

_WHOLE = frozenset({"n", "quartile"})
_WORDS = frozenset({"group", "reason"})
_PROVENANCES: tuple[Provenance, ...] = ("confirmed", "extracted", "provisional")
_STATUSES = ("met", "unmet", "not_applicable", "not_computable")


def read_inherited(told: Iterable[Any], law: Rulebook) -> dict[str, IndicatorResult]:
    """Results by indicator id.

    Args:
        told: As ``write/context_document.py`` writes them.
        law: The parent's.

    Raises:
        KeyError: The law has no such indicator, part or requirement.
        TypeError: A value of another kind.
        ValueError: A value that cannot be.
    """
    known = {indicator.id: indicator for indicator in law.indicators}
    return {one["law"]: _result(one, known[one["law"]]) for one in told}


def _result(told: Mapping[str, Any], law: Indicator) -> IndicatorResult:
    parts = {part.id: part for part in law.parts}
    requirements = {one.id: one for one in law.requirements}
    return IndicatorResult(
        law=law,
        applies=truth(told["applies"]),
        why_not=text(told["why_not"]),
        measure=_measure(told["measure"]),
        parts=tuple(_part(one, parts[one["law"]]) for one in told["parts"]),
        requirements=tuple(
            _required(one, requirements[one["law"]]) for one in told["requirements"]
        ),
        points=_maybe(told["points"]),
        max=_maybe(told["max"]),
        low=_maybe(told["low"]),
        high=_maybe(told["high"]),
        provenance=_provenance(told["provenance"]),
        peer=optional(read_standing, told["peer"]),
        memo=optional(_measure, told["memo"]),
    )


def _part(told: Mapping[str, Any], law: PartLaw) -> PartResult:
    return PartResult(
        law=law,
        applies=truth(told["applies"]),
        measure=_measure(told["measure"]),
        base=optional(_measure, told["base"]),
        base_period=text(told["base_period"]),
        base_source=text(told["base_source"]),
        points=_maybe(told["points"]),
        low=_maybe(told["low"]),
        high=_maybe(told["high"]),
        case=text(told["case"]),
        case_provenance=optional(_provenance, told["case_provenance"]),
        peer=optional(read_standing, told["peer"]),
        self_points=_maybe(told["self_points"]),
        supervisor=optional(read_judgement, told["supervisor"]),
        counted=optional(text, told["counted"]),
        note=text(told["note"]),
    )


def _required(told: Mapping[str, Any], law: Requirement) -> RequirementResult:
    status: Any = _STATUSES[_STATUSES.index(told["status"])]
    return RequirementResult(law, status, _maybe(told["value"]), _maybe(told["limit"]))


def _measure(told: Mapping[str, Any]) -> Measure:
    return Measure(
        value=_maybe(told["value"]),
        reason=optional(text, told["reason"]),
        about=tuple(map(text, told["about"])),
        terms=tuple(map(_term, told["terms"])),
        shown=text(told["shown"]),
    )


def _term(told: Mapping[str, Any]) -> Term:
    value = told["value"]
    if isinstance(value, dict):
        value = text(value["text"])
    elif not isinstance(value, bool):
        value = _maybe(value)
    return Term(text(told["item"]), value, text(told["source"]), text(told["cell"]))


def read_standing(told: Mapping[str, Any]) -> PeerStat:
    """A standing; which of its fields are figures follows from their names."""
    fields: dict[str, Any] = {}
    for name in PeerStat.__slots__:  # type: ignore[attr-defined]  # a record
        read = whole if name in _WHOLE else text if name in _WORDS else figure
        fields[name] = optional(read, told[name])
    return PeerStat(**fields)


def read_judgement(told: Mapping[str, Any]) -> Judgement:
    """A supervisor's mark; without a name in a bank's copy."""
    return Judgement(
        indicator=text(told["indicator"]),
        part=text(told["part"]),
        points=figure(told["points"]),
        by=text(told["by"]),
        reason=text(told["reason"]),
        on=text(told["on"]),
    )


def _maybe(value: Any) -> Fraction | None:
    return optional(figure, value)


def _provenance(value: Any) -> Provenance:
    return _PROVENANCES[_PROVENANCES.index(value)]
