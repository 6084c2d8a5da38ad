"""What an evaluation gives a supervisor to say 监管意见, before any wording.

Unmet duties lead to 整改; unmet guidance to 建议关注 at most (standing rule 3). Findings that
block, and those that were left unexplained, are to be mended. While a submission is blocked its
figures are no ground for demands: it is to be mended and filed again first (standing rule 12).
What a branch takes from its legal person is the legal person's to mend (standing rule 8).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from supervise.core.evaluation import Evaluation, IndicatorResult, RequirementResult
from supervise.core.model import Basis, Finding, Severity
from supervise.core.supervision import OPEN, OpinionEdit, OpinionEdits
from supervise.record import record

OpinionKind = Literal["refile", "mend", "rectify", "explain", "suggest"]
REFILE = "refile"
NO_DUE: tuple[OpinionKind, ...] = ("suggest",)
"""Kinds that no date may be set for: guidance leads to no 整改."""

_REFILE_BASIS = Basis("house", "通则 12")


@record(kw_only=True)
class Opinion:
    """One thing that the evaluation gives cause to say.

    Attributes:
        id: ``refile``, ``finding.<check>``, ``duty.<indicator>.<requirement>`` or ``guidance…``;
            the same from period to period.
        source: The check or the requirement that it comes from.
        findings: What the check found; of ``refile`` all that block.
        result: The indicator of a requirement.
        requirement: The requirement that is unmet.
    """

    id: str
    kind: OpinionKind
    source: str
    basis: Basis
    findings: tuple[Finding, ...] = ()
    result: IndicatorResult | None = None
    requirement: RequirementResult | None = None


def duty_id(result: IndicatorResult, requirement: RequirementResult) -> str:
    """Id of the opinion on a requirement: ``duty.<indicator>.<requirement>`` or ``guidance…``."""
    return f"{requirement.law.kind}.{result.law.id}.{requirement.law.id}"


def opinions_of(evaluation: Evaluation) -> tuple[Opinion, ...]:
    """Every opinion that is generated, the gravest first."""
    found = [*_refile(evaluation), *_of_checks(evaluation, "blocking", "mend")]
    if evaluation.status != "blocked":
        found += _of_requirements(evaluation, "duty", "rectify")
    found += _of_checks(evaluation, "explain", "explain")
    if evaluation.status != "blocked":
        found += _of_requirements(evaluation, "guidance", "suggest")
    return tuple(found)


def known_ids(evaluation: Evaluation) -> tuple[str, ...]:
    """Ids of the opinions that are generated."""
    return tuple(opinion.id for opinion in opinions_of(evaluation))


def edit_of(edits: OpinionEdits, opinion_id: str) -> OpinionEdit | None:
    """What the supervisor changed about one opinion."""
    return next((edit for edit in edits.opinions if edit.id == opinion_id), None)


def closed_ids(evaluation: Evaluation) -> frozenset[str]:
    """Duties that the supervisor said are mended or no longer asked, whatever the figures say."""
    return frozenset(
        item.id for item in evaluation.rectification if item.stated and item.status not in OPEN
    )


def due_of(evaluation: Evaluation, opinion_id: str) -> str:
    """ISO date that was set for one opinion, now or in an earlier period; empty: none."""
    edit = edit_of(evaluation.edits, opinion_id)
    if edit is not None and edit.due:
        return edit.due
    return next((i.due for i in evaluation.rectification if i.id == opinion_id), "")


def _refile(evaluation: Evaluation) -> Iterator[Opinion]:
    blocking = tuple(f for f in evaluation.findings if f.severity == "blocking")
    if blocking:
        yield Opinion(
            id=REFILE, kind="refile", source=REFILE, basis=_REFILE_BASIS, findings=blocking
        )


def _of_checks(evaluation: Evaluation, severity: Severity, kind: OpinionKind) -> Iterator[Opinion]:
    """One opinion for each check, however many cells it found something in."""
    by_check: dict[str, list[Finding]] = {}
    for finding in evaluation.findings:
        if finding.severity == severity and not _answered(finding):
            by_check.setdefault(finding.check, []).append(finding)
    for check, findings in by_check.items():
        yield Opinion(
            id=f"finding.{check}",
            kind=kind,
            source=check,
            basis=findings[0].basis,
            findings=tuple(findings),
        )


def _answered(finding: Finding) -> bool:
    """Whether an explanation stands; one that was rejected does not."""
    told = finding.explanation
    return finding.severity == "explain" and told is not None and told.state != "rejected"


def _of_requirements(evaluation: Evaluation, kind: str, leads_to: OpinionKind) -> Iterator[Opinion]:
    level = evaluation.submission.bank.level
    for result, requirement in unmet(evaluation.indicators, kind):
        if level in result.law.levels:
            yield Opinion(
                id=duty_id(result, requirement),
                kind=leads_to,
                source=f"{result.law.id}.{requirement.law.id}",
                basis=requirement.law.basis,
                result=result,
                requirement=requirement,
            )


def unmet(
    results: Iterable[IndicatorResult], kind: str
) -> Iterator[tuple[IndicatorResult, RequirementResult]]:
    """Requirements of one kind that are unmet, with their indicators."""
    for result in results:
        for requirement in result.requirements:
            if requirement.law.kind == kind and requirement.status == "unmet":
                yield result, requirement
