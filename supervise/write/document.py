"""Evaluation → the document ``supervise/evaluation/1`` that scripts rely on.

Amounts, ratios and points are strings: exact decimals of at most 12 significant digits, no
exponent, no trailing zeros.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from supervise import __version__
from supervise.core.comparing.results import result_digest
from supervise.core.confidential import seen_by
from supervise.core.context import PeerStat
from supervise.core.evaluation import ElementResult, Evaluation, NextTarget
from supervise.core.model import Finding
from supervise.errors import SuperviseError
from supervise.write.document_indicator import (
    basis_document,
    decimal_text,
    digits_of,
    indicator_document,
    peer_document,
)
from supervise.write.document_procedure import (
    adjustments_document,
    item_document,
    objection_document,
)
from supervise.write.own_notes import Notes, notes_beside, own_notes

SCHEMA = "supervise/evaluation/1"
_THERE = ("given", "zero")
_STATES = ("passed", "failed", "vacuous", "no_predecessor", "not_evaluated")


def evaluation_document(evaluation: Evaluation, *, audience: str = "bank") -> dict[str, Any]:
    """The contract's document of one evaluation.

    Args:
        evaluation: What was judged.
        audience: ``bank`` or ``internal``; the bank's copy names nobody.

    Returns:
        The document; ``digest`` is over all of it but its texts, so that no language changes it.
    """
    return sealed(unsealed_document(evaluation, audience=audience))


def sealed(document: dict[str, Any]) -> dict[str, Any]:
    """A document with its digest."""
    return {**document, "digest": result_digest(document)}


def unsealed_document(evaluation: Evaluation, *, audience: str) -> dict[str, Any]:
    """The document without its digest: standings among peers may still be put into it."""
    evaluation = seen_by(evaluation, audience)
    notes = own_notes(evaluation.submission)
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "program": __version__,
        "status": evaluation.status,
        "evaluation": {"kind": evaluation.kind, "stage": evaluation.stage, "audience": audience},
        "submission": _submission(evaluation),
        "rulebook": _rulebook(evaluation),
        "refusal": None,
        "findings": [_finding(f, notes) for f in evaluation.findings],
        "coverage": _coverage(evaluation),
        "indicators": [indicator_document(r, audience) for r in evaluation.indicators],
        "adjustments": adjustments_document(evaluation, audience),
        "rectification": [item_document(i) for i in evaluation.rectification],
        "elements": [_element(e, audience) for e in evaluation.elements],
        "score": _score(evaluation, audience),
        "grade": _grade(evaluation),
        "targets": [_target(t) for t in evaluation.targets],
        "facts": _facts(evaluation),
    }
    if evaluation.objections:
        document["objections"] = [objection_document(o) for o in evaluation.objections]
    return document


def refusal_document(file: str, sha256: str, error: SuperviseError) -> dict[str, Any]:
    """The same document for a file that could not be read."""
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "program": __version__,
        "status": "refused",
        "evaluation": None,
        "submission": {"file": file, "sha256": sha256},
        "rulebook": None,
        "refusal": refusal_part(error),
        "findings": [],
        "coverage": dict.fromkeys(_STATES, 0),
        "indicators": [],
        "adjustments": [],
        "rectification": [],
        "elements": [],
        "score": None,
        "grade": None,
        "targets": [],
        "facts": {},
    }
    return {**document, "digest": result_digest(document)}


def refusal_part(error: SuperviseError) -> dict[str, str]:
    """Why a file was refused: its reason code and the four parts of the message."""
    return {
        "code": error.code,
        "message": error.what,
        "where": error.where,
        "expected": error.expected,
        "fix": error.fix,
    }


def _submission(evaluation: Evaluation) -> dict[str, Any]:
    filed = evaluation.submission
    bank = filed.bank
    return {
        "file": filed.file,
        "sha256": filed.sha256,
        "period": str(filed.period),
        "sequence": filed.sequence,
        "supersedes": filed.sequence - 1 if filed.sequence > 1 else None,
        "form_version": filed.form_version,
        "bank": {
            "code": bank.code,
            "code_system": bank.code_system,
            "name": bank.name,
            "type": bank.type,
            "level": bank.level,
            "parent": bank.parent,
            "province": bank.province,
        },
    }


def _rulebook(evaluation: Evaluation) -> dict[str, Any]:
    law = evaluation.rulebook
    return {
        "version": law.version,
        "digest": law.digest,
        "overlay": law.overlay,
        "official": evaluation.grade.official,
        "unconfirmed": list(evaluation.unconfirmed),
        "bill_scope": law.bill_scope,
    }


def _finding(finding: Finding, notes: Notes) -> dict[str, Any]:
    told = finding.explanation
    return {
        "check": finding.check,
        "severity": finding.severity,
        "scope": finding.scope,
        "cells": list(finding.cells),
        "found": finding.found,
        "expected": finding.expected,
        "difference": finding.difference,
        "tolerance": finding.tolerance,
        "message": finding.message,
        "fix": finding.fix,
        "basis": basis_document(finding.basis),
        "score_impact": decimal_text(finding.score_impact),
        "explanation": {"text": told.text, "state": told.state} if told else None,
        "corrections": [
            {"item": c.item, "cell": c.cell, "value": decimal_text(c.value), "shown": c.shown}
            for c in finding.corrections
        ],
        "own_notes": dict(notes_beside(finding.cells, notes)),
    }


def _coverage(evaluation: Evaluation) -> dict[str, int]:
    counts = dict.fromkeys(_STATES, 0)
    for state in evaluation.states:
        counts[state.state] += 1
    return counts


def _element(element: ElementResult, audience: str) -> dict[str, Any]:
    known: dict[str, Any] = {
        "id": element.id,
        "name": element.name,
        "points": decimal_text(element.points),
        "raw": decimal_text(element.raw),
        "max": decimal_text(element.max),
        "raw_max": decimal_text(element.raw_max),
    }
    return known | _among_peers(element.peer, audience)


def _among_peers(peer: PeerStat | None, audience: str) -> dict[str, Any]:
    """An added key, where peers are known: a bank's own check knows none."""
    return {} if peer is None else {"peer": peer_document(peer, audience)}


def _score(evaluation: Evaluation, audience: str) -> dict[str, Any]:
    score = evaluation.score
    known: dict[str, Any] = {
        "regular": decimal_text(score.regular),
        "bonus": decimal_text(score.bonus),
        "total": decimal_text(score.total),
        "low": decimal_text(score.low),
        "high": decimal_text(score.high),
        "not_computable": list(score.not_computable),
    }
    return known | _among_peers(evaluation.peer, audience)


def _grade(evaluation: Evaluation) -> dict[str, Any]:
    graded = evaluation.grade
    following = None
    if graded.next_band is not None:
        following = {
            "id": graded.next_band.id,
            "points_short": decimal_text(graded.points_short),
        }
    return {
        "id": graded.band.id if graded.band else None,
        "label": graded.band.label if graded.band else None,
        "reason": graded.reason,
        "official": graded.official,
        "provenance": graded.provenance,
        "vetoes": list(graded.vetoes),
        "next": following,
    }


def _target(target: NextTarget) -> dict[str, Any]:
    """What would lift the score next period; amounts and ratios in base units, as everywhere."""
    return {
        "indicator": target.indicator,
        "part": target.part,
        "kind": target.kind,
        "name": target.name,
        "item": target.item,
        "unit": target.unit,
        "now": decimal_text(target.now),
        "at_least": decimal_text(target.at_least),
        "gain": decimal_text(target.gain),
        "points": decimal_text(target.points),
        "period": target.period,
        "base_period": target.base_period or None,
        "base_assumed": target.base_assumed,
        "value": decimal_text(target.value),
        "value_unit": target.value_unit,
        "below": target.below,
        "lacking": list(target.lacking),
    }


def _facts(evaluation: Evaluation) -> dict[str, str]:
    """Every filed number in base units: what a later period compares with."""
    adjusted = {a.item: a.adjusted for a in evaluation.adjustments}
    facts: dict[str, str] = {}
    for item, fact in evaluation.submission.facts.items():
        value = fact.value
        if item in adjusted:
            text = decimal_text(adjusted[item])
        elif type(value) is Decimal and fact.state in _THERE:  # as ``read_fact`` takes it
            text = digits_of(value)
        else:
            continue
        if text is not None and not item.startswith("COVER_"):
            facts[item] = text
    return facts
