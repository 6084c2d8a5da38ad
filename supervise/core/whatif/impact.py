"""What a mistake costs: the total once it is corrected, less the total as it stands.

Only where the right value follows from other cells (standing rule 13), and never for figures
that must be told as they are: what a classification or a write-off would earn invites another.
"""

from __future__ import annotations

from fractions import Fraction

from supervise.core.driver import is_sensitive
from supervise.core.model import Correction, Finding
from supervise.core.whatif.rescoring import Rescoring
from supervise.core.world import Book
from supervise.record import replace

MOST_RESCORED = 200
"""Findings whose impact is worked out; in a workbook with more it is left open for the rest."""


def with_impact(
    findings: tuple[Finding, ...], book: Book, rescoring: Rescoring
) -> tuple[Finding, ...]:
    """The findings, each with its corrections and what they would do to the total.

    Args:
        findings: Those whose corrections are known keep them.
        book: The submission and its law.
        rescoring: Of the evaluation as it stands.
    """
    if not findings:
        return findings
    from supervise.core.whatif.corrections import (
        with_corrections,  # a sound filing needs none of it
    )

    told = list(with_corrections(findings, book))
    left = MOST_RESCORED
    for place, finding in enumerate(told):
        if finding.corrections and finding.score_impact is None and left:
            left -= 1
            impact = _impact(finding.corrections, rescoring)
            told[place] = replace(finding, score_impact=impact)
    return tuple(told)


def _impact(corrections: tuple[Correction, ...], rescoring: Rescoring) -> Fraction | None:
    """None where all of the figures are such as must be told as they are."""
    items = [each.item for each in corrections]
    if all(is_sensitive(item) for item in items):
        return None
    if not rescoring.reaches(items):
        return Fraction(0)
    for each in corrections:
        rescoring.supposed.correct(each.item, each.cell, each.value)
    gain = rescoring.gain(items)
    rescoring.supposed.forget()
    return gain
