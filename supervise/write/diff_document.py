"""A comparison of versions → the document ``supervise/diff/1``.

Numbers as in the evaluation document: exact decimals as texts, in base units; beside them the
same figures in the unit of the cell, as the bank typed them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from supervise import __version__
from supervise.core.comparing.diff import Diff, Figure
from supervise.core.comparing.diff_findings import FindingChange
from supervise.core.comparing.diff_values import RowChange, ValueChange, number_in
from supervise.core.evaluation import Evaluation
from supervise.core.model import Fact, Finding
from supervise.errors import SuperviseError
from supervise.write.document import refusal_part
from supervise.write.document_indicator import decimal_text

SCHEMA = "supervise/diff/1"


def diff_document(diff: Diff) -> dict[str, Any]:
    """The document of one comparison."""
    bank = diff.after.submission.bank
    before, after = diff.before, diff.after
    return {
        "schema": SCHEMA,
        "program": __version__,
        "status": after.status,
        "bank": {"code": bank.code, "code_system": bank.code_system, "name": bank.name},
        "versions": [_version(version) for version in diff.versions],
        "across_periods": before.submission.period != after.submission.period,
        "backwards": diff.backwards,
        "refusals": [],
        "counts": _counts(diff),
        "findings": [finding_change(change) for change in diff.findings],
        "values": [_value(value) for value in diff.values],
        "rows": [_row(row) for row in diff.rows],
        "score": {
            **{figure.id: _sides(figure) for figure in diff.score},
            "elements": [_figure(figure) for figure in diff.elements],
            "indicators": [_figure(figure) for figure in diff.indicators],
        },
        "grade": {"before": _grade(before), "after": _grade(after)},
    }


def refused_document(refusals: Iterable[tuple[str, str, SuperviseError]]) -> dict[str, Any]:
    """The same document where a file cannot be read.

    Args:
        refusals: File name, its SHA-256, and why it is refused.
    """
    told = [{"file": file, "sha256": sha256, **refusal_part(e)} for file, sha256, e in refusals]
    return {
        "schema": SCHEMA,
        "program": __version__,
        "status": "refused",
        "bank": None,
        "versions": [],
        "across_periods": False,
        "backwards": False,
        "refusals": told,
        "counts": None,
        "findings": [],
        "values": [],
        "rows": [],
        "score": None,
        "grade": None,
    }


def previous_document(diff: Diff) -> dict[str, Any]:
    """What ``check --previous`` adds to the evaluation document under ``previous``."""
    return {
        "versions": [_version(version) for version in diff.versions[:-1]],
        "across_periods": diff.before.submission.period != diff.after.submission.period,
        "counts": dict(diff.counts),
        "findings": [finding_change(change) for change in diff.findings],
    }


def finding_change(change: FindingChange) -> dict[str, Any]:
    """What became of one finding; ``found`` and ``expected`` are those of the latest."""
    before = change.before
    return {
        "state": change.state,
        **_finding(change.finding),
        "before": _finding(before) if before is not None else None,
        "since": change.since or None,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    told = finding.explanation
    return {
        "check": finding.check,
        "severity": finding.severity,
        "cells": list(finding.cells),
        "found": finding.found,
        "expected": finding.expected,
        "difference": finding.difference,
        "message": finding.message,
        "fix": finding.fix,
        "explanation": told.state if told is not None else None,
    }


def _version(version: Evaluation) -> dict[str, Any]:
    filed = version.submission
    return {
        "file": filed.file,
        "sha256": filed.sha256,
        "period": str(filed.period),
        "sequence": filed.sequence,
        "form_version": filed.form_version,
        "status": version.status,
        "rulebook": {"version": version.rulebook.version, "digest": version.rulebook.digest},
    }


def _counts(diff: Diff) -> dict[str, int]:
    states = [row.state for row in diff.rows]

    return {
        **diff.counts,
        "values": len(diff.values),
        "rows_added": states.count("added"),
        "rows_removed": states.count("removed"),
        "rows_changed": states.count("changed"),
    }


def _value(change: ValueChange) -> dict[str, Any]:
    difference = change.difference
    shown = difference / change.scale if difference is not None else None
    return {
        "item": change.item.id,
        "name": change.item.name,
        "unit": change.item.unit,
        "cell": change.cell,
        "before": _side(change.before, change),
        "after": _side(change.after, change),
        "difference": decimal_text(difference),
        "difference_shown": decimal_text(shown),
    }


def _side(fact: Fact | None, change: ValueChange) -> dict[str, Any] | None:
    if fact is None:
        return None
    return {
        "cell": str(fact.cell),
        "state": fact.state,
        "value": _base(fact),
        "shown": in_cell(fact, change.scale),
    }


def _base(fact: Fact) -> str | bool | None:
    value = fact.value
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | str):
        return value
    return decimal_text(Fraction(value))


def in_cell(fact: Fact, scale: Fraction) -> str:
    """A datum as the bank sees it in the cell: 万元, ``10%``, a day; empty where it is blank.

    Args:
        fact: The datum.
        scale: Base units per unit of the cell, a hundredth for a percentage.
    """
    number = number_in(fact)
    if number is None or fact.state not in ("given", "zero"):
        return fact.value.isoformat() if isinstance(fact.value, date) else fact.text
    shown = decimal_text(number / scale) or "0"
    return f"{shown}%" if scale == Fraction(1, 100) else shown


def _row(row: RowChange) -> dict[str, Any]:
    return {
        "table": row.table,
        "name": row.name,
        "key": row.key,
        "state": row.state,
        "values": [_value(value) for value in row.values],
    }


def _sides(figure: Figure) -> dict[str, str | None]:
    return {
        "before": decimal_text(figure.before),
        "after": decimal_text(figure.after),
        "difference": decimal_text(figure.difference),
    }


def _figure(figure: Figure) -> dict[str, str | None]:
    return {"id": figure.id, "name": figure.name, **_sides(figure)}


def _grade(evaluation: Evaluation) -> Mapping[str, str | None]:
    graded = evaluation.grade
    return {
        "id": graded.band.id if graded.band else None,
        "label": graded.band.label if graded.band else None,
        "reason": graded.reason,
    }
