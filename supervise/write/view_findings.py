"""Findings, coverage of the checks and corrected figures → rows of texts."""

from __future__ import annotations

from collections import Counter

from supervise.core.context import Adjustment
from supervise.core.model import Finding
from supervise.record import record
from supervise.write.phrases import Mark, Pair, Phrases, Tone

MOST_ROWS = 60
MOST_IN_CONCLUSION = 10
_MOST_CELLS = 6
_ORDER = ("blocking", "explain", "advisory")
_TONES: dict[str, Tone] = {"blocking": "bad", "explain": "unsure", "advisory": "plain"}
_STATES = ("passed", "failed", "vacuous", "no_predecessor", "not_evaluated")


@record
class FindingRow:
    """One finding as the bank meets it."""

    check: str
    severity: Mark
    cells: str
    message: str
    figures: tuple[Pair, ...]
    fix: str
    basis: str
    explanation: str


@record
class AdjustmentRow:
    """A filed figure beside the supervisor's (standing rule 11)."""

    item: str
    filed: str
    adjusted: str
    reason: str
    evidence: str
    by: str


@record
class Findings:
    """The data-quality section; ``left_out`` says how many rows were not printed."""

    coverage: tuple[Pair, ...]
    counts: tuple[tuple[Mark, str], ...]
    rows: tuple[FindingRow, ...]
    left_out: str
    adjustments: tuple[AdjustmentRow, ...]


def findings(say: Phrases) -> Findings:
    """Findings by severity, the gravest first, at most ``MOST_ROWS`` of them."""
    ordered = sorted(say.evaluation.findings, key=lambda f: _ORDER.index(f.severity))
    left = len(ordered) - MOST_ROWS
    counted: Counter[str] = Counter(finding.severity for finding in ordered)
    return Findings(
        coverage=coverage(say),
        counts=tuple((severity_mark(say, s), str(counted[s])) for s in _ORDER),
        rows=tuple(finding_row(say, finding) for finding in ordered[:MOST_ROWS]),
        left_out=say.words("report.findings.left_out", n=left) if left > 0 else "",
        adjustments=tuple(_adjustment(say, a) for a in say.evaluation.adjustments),
    )


def blocking(say: Phrases) -> tuple[FindingRow, ...]:
    """The findings that block a submission, the first of them; all stand in their section."""
    return tuple(
        finding_row(say, finding)
        for finding in say.evaluation.findings
        if finding.severity == "blocking"
    )[:MOST_IN_CONCLUSION]


def coverage(say: Phrases) -> tuple[Pair, ...]:
    """How many checks passed, failed, had nothing to look at, or did not run."""
    counted = Counter(state.state for state in say.evaluation.states)
    return tuple(
        Pair(say.words(f"report.findings.state.{state}"), f"{counted[state]:,}")
        for state in _STATES
    )


def severity_mark(say: Phrases, severity: str) -> Mark:
    """阻断, 需说明 or 提示."""
    return Mark(say.words(f"report.severity.{severity}"), _TONES[severity])


def finding_row(say: Phrases, finding: Finding) -> FindingRow:
    """One finding with its cells, figures, mending and basis."""
    figures = [
        Pair(say.words(f"report.findings.{key}"), text)
        for key, text in (
            ("found", finding.found),
            ("expected", finding.expected),
            ("difference", finding.difference),
            ("tolerance", finding.tolerance),
        )
        if text
    ]
    return FindingRow(
        check=finding.check,
        severity=severity_mark(say, finding.severity),
        cells=cells(say, finding.cells),
        message=finding.message,
        figures=tuple(figures),
        fix=finding.fix,
        basis=say.basis(finding.basis),
        explanation=_explanation(say, finding),
    )


def cells(say: Phrases, addresses: tuple[str, ...]) -> str:
    """Addresses with each sheet named once, the first few of many."""
    shown: list[str] = []
    sheet = ""
    for address in addresses[:_MOST_CELLS]:
        name, _, cell = address.rpartition("!")
        shown.append(cell if name == sheet and name else address)
        sheet = name
    text = say.words("report.list_comma").join(shown)
    if len(addresses) > _MOST_CELLS:
        return say.words("report.and_more", names=text, n=len(addresses))
    return text


def _explanation(say: Phrases, finding: Finding) -> str:
    if finding.explanation is None:
        return ""
    state = say.words(f"report.findings.explanation.{finding.explanation.state}")
    return say.words("report.findings.explained", state=state, text=finding.explanation.text)


def _adjustment(say: Phrases, adjustment: Adjustment) -> AdjustmentRow:
    item = say.evaluation.rulebook.forms.items.get(adjustment.item)
    unit = item.unit if item is not None else "count"
    return AdjustmentRow(
        item=say.name(adjustment.item),
        filed=say.numbers.value(adjustment.filed, unit, near=adjustment.adjusted),
        adjusted=say.numbers.value(adjustment.adjusted, unit, near=adjustment.filed),
        reason=adjustment.reason,
        evidence=adjustment.evidence,
        by=adjustment.by if say.audience == "internal" else "",
    )
