"""A mistake that many cells share is reported once 单位、百分数、正负号同因诊断.

Here is only whether to look for one: an anchor must have failed. The search, which is dear, is
imported then (``core/mistakes/diagnosing.py``).
"""

from __future__ import annotations

from supervise.core.evaluation import CheckState
from supervise.core.model import Finding
from supervise.core.world import Book

MOST_ROWS = 1_000
"""Rows of open tables beyond which none is looked for: it weighs each row again and again."""


def diagnose(
    book: Book, findings: tuple[Finding, ...], states: tuple[CheckState, ...]
) -> tuple[tuple[Finding, ...], tuple[CheckState, ...]]:
    """Put one finding in place of all that one mistake of unit, percent or sign explains.

    Args:
        book: The submission and its law.
        findings: What the checks found.
        states: What became of each check.

    Returns:
        The same, unless a mistake was found: then its finding, with every cell that shares it
        and what each should hold, and without the findings that the corrections do away with.
    """
    kinds = [check for check in book.rulebook.checks if check.diagnosis is not None]
    failed = {finding.check for finding in findings}
    if all(failed.isdisjoint(kind.diagnosis.anchors) for kind in kinds if kind.diagnosis):
        return findings, states
    if sum(map(len, book.submission.tables.values())) > MOST_ROWS:
        return findings, states
    from supervise.core.mistakes.diagnosing import diagnosed

    # Of a check that others imply the reason alone still tells that it failed.
    suspects = {state.check for state in states if state.state == "failed" or state.reason}
    return diagnosed(book, kinds, suspects) or (findings, states)
