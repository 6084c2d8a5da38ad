"""One mistake is reported once: findings that another finding implies are left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from supervise.core.evaluation import CheckState
from supervise.core.law import Check
from supervise.core.model import Finding
from supervise.record import replace


def without_implied(
    findings: Sequence[Finding], states: Sequence[CheckState], checks: Iterable[Check]
) -> tuple[tuple[Finding, ...], tuple[CheckState, ...]]:
    """Drop what follows from another finding on the same cell (``implies`` of its check).

    Args:
        findings: All findings.
        states: One state per check.
        checks: The rulebook's checks.

    Returns:
        The findings that remain. A check all of whose findings were implied counts as
        ``vacuous``, with the check that implied them as the reason.
    """
    implies = {check.id: check.implies for check in checks if check.implies}
    causes: dict[tuple[str, str], str] = {}
    for finding in findings:
        for implied in implies.get(finding.check, ()):
            causes.update({(implied, cell): finding.check for cell in finding.cells})
    kept = tuple(f for f in findings if _cause(f, causes) is None)
    left = {finding.check for finding in kept}
    told = {f.check: cause for f in findings if (cause := _cause(f, causes)) is not None}
    settled = tuple(
        replace(state, state="vacuous", reason=f"implied: {told[state.check]}")
        if state.check in told and state.check not in left
        else state
        for state in states
    )
    return kept, settled


def _cause(finding: Finding, causes: dict[tuple[str, str], str]) -> str | None:
    first = finding.cells[0] if finding.cells else ""
    return causes.get((finding.check, first))
