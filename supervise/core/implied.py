"""One mistake is reported once: findings that another finding implies are left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from supervise.core.evaluation import CheckState
from supervise.core.law import Check
from supervise.core.model import Finding, Submission
from supervise.record import replace

Causes = Mapping[tuple[str, str], str]


def without_implied(
    findings: Sequence[Finding],
    states: Sequence[CheckState],
    checks: Iterable[Check],
    unread: Mapping[str, str] | None = None,
) -> tuple[tuple[Finding, ...], tuple[CheckState, ...]]:
    """Drop what follows from another finding on the same cell (``implies`` of its check).

    Args:
        findings: All findings.
        states: One state per check.
        checks: The rulebook's checks.
        unread: Cell whose content could not be read, to the reading check that says so: that it
            counts as not answered besides is no second mistake.

    Returns:
        The findings that remain. A check all of whose findings were implied counts as
        ``vacuous``, with the check that implied them as the reason.
    """
    implies = {check.id: check.implies for check in checks if check.implies}
    causes: dict[tuple[str, str], str] = {}
    for finding in findings:
        for implied in implies.get(finding.check, ()):
            causes.update({(implied, cell): finding.check for cell in finding.cells})
    behind = [_cause(finding, causes, unread or {}) for finding in findings]
    kept = tuple(f for f, cause in zip(findings, behind, strict=True) if cause is None)
    left = {finding.check for finding in kept}
    told = {f.check: cause for f, cause in zip(findings, behind, strict=True) if cause is not None}
    settled = tuple(
        replace(state, state="vacuous", reason=f"implied: {told[state.check]}")
        if state.check in told and state.check not in left
        else state
        for state in states
    )
    return kept, settled


def unread_cells(submission: Submission) -> dict[str, str]:
    """Cells that hold something unreadable, each with the reading check that found it so."""
    told = {cell: finding.check for finding in submission.reading for cell in finding.cells}
    if not told:
        return {}
    facts = (fact for fact in submission.every_fact() if fact.state == "invalid")
    return {cell: told[cell] for fact in facts if (cell := str(fact.cell)) in told}


def _cause(finding: Finding, causes: Causes, unread: Mapping[str, str]) -> str | None:
    """The check behind a finding: on its first cell, or on each cell of what reading found."""
    looked_at = finding.cells if finding.scope == "reading" else finding.cells[:1]
    if finding.scope != "reading" and looked_at and looked_at[0] in unread:
        return unread[looked_at[0]]
    behind = [causes.get((finding.check, cell)) for cell in looked_at or ("",)]
    return behind[0] if all(behind) else None
