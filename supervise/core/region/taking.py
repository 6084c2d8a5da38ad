"""``Evaluation`` → ``BankFigures``."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from supervise.core.compute import compute
from supervise.core.context import Context
from supervise.core.evaluation import CheckState, Evaluation, IndicatorResult
from supervise.core.frame import UNTRACED, Frame
from supervise.core.layout import AsOf
from supervise.core.model import Scope
from supervise.core.period import quarters_before
from supervise.core.region.benchmarks import SUMMED
from supervise.core.region.figures import (
    BankFigures,
    CheckFigure,
    DemandFigure,
    ElementFigure,
    FindingFigure,
    GradeFigure,
    IndicatorFigure,
    NotRun,
    PastFigure,
)
from supervise.core.world import Book

NEAR = Fraction(3)
"""House: points within which a veto counts as near; a hint where to look, never a verdict."""


def figures_of(evaluation: Evaluation, *, superseded: bool = False) -> BankFigures:
    """What a region needs of one evaluation.

    Args:
        evaluation: The result.
        superseded: A resubmission stands instead.
    """
    filed, score, law = evaluation.submission, evaluation.score, evaluation.rulebook
    bank = filed.bank
    return BankFigures(
        code=bank.code,
        name=bank.name,
        type=bank.type,
        type_name=law.bank_type.name,
        level=bank.level,
        province=bank.province,
        province_name=law.province_name,
        period=filed.period,
        sequence=filed.sequence,
        file=filed.file,
        status=evaluation.status,
        regular=score.regular,
        bonus=score.bonus,
        total=score.total,
        low=score.low,
        high=score.high,
        open_parts=len(score.not_computable),
        grade=_grade(evaluation),
        elements=_elements(evaluation),
        indicators=tuple(_indicator(result) for result in evaluation.indicators),
        findings=_findings(evaluation),
        checks=_checks(evaluation),
        not_run=_not_run(evaluation),
        amounts=_amounts(_book(evaluation)),
        past=_past(evaluation),
        superseded=superseded,
        rulebook=f"{law.version} + {law.overlay}" if law.overlay else law.version,
    )


def _book(evaluation: Evaluation) -> Book:
    context = Context(history=evaluation.history, adjustments=evaluation.adjustments)
    return Book(evaluation.submission, evaluation.rulebook, context)


def _grade(evaluation: Evaluation) -> GradeFigure:
    graded, law = evaluation.grade, evaluation.rulebook
    names = {veto.id: veto.name for veto in law.vetoes}
    return GradeFigure(
        id=graded.band.id if graded.band else "",
        label=graded.band.label if graded.band else "",
        reason=graded.reason or "",
        vetoes=tuple(names[veto] for veto in graded.vetoes),
        near=_near(evaluation),
        official=graded.official,
    )


def _near(evaluation: Evaluation) -> tuple[str, ...]:
    """Vetoes that would strike if the lowest possible points were a little lower still."""
    score = evaluation.score
    lower = {"regular": score.regular_low - NEAR, "total": score.low - NEAR}
    frame, book = Frame(local=lower), _book(evaluation)
    return tuple(
        veto.name
        for veto in evaluation.rulebook.vetoes
        if veto.id not in evaluation.grade.vetoes and compute(veto.when.tree, book, frame) is True
    )


def _elements(evaluation: Evaluation) -> tuple[ElementFigure, ...]:
    """Elements of which anything applies; the rest is scaled in their stead (rule 4)."""
    return tuple(
        ElementFigure(id=e.id, name=e.name, points=e.points, max=e.max)
        for e in evaluation.elements
        if e.raw_max > 0
    )


def _indicator(result: IndicatorResult) -> IndicatorFigure:
    law = result.law
    return IndicatorFigure(
        id=law.id,
        element=law.element,
        name=law.name,
        kind=law.kind,
        unit=law.unit,
        better=law.better,
        headline=law.headline,
        applies=result.applies,
        why_not=result.why_not,
        value=result.measure.value,
        reason=result.measure.reason,
        points=result.points if result.applies else None,
        max=result.max,
        low=result.low,
        high=result.high,
        demands=tuple(
            DemandFigure(
                id=f"{law.id}.{r.law.id}",
                name=r.law.name,
                kind=r.law.kind,
                status=r.status,
                basis=r.law.basis,
            )
            for r in result.requirements
        ),
    )


def _findings(evaluation: Evaluation) -> tuple[FindingFigure, ...]:
    if not evaluation.findings:
        return ()
    names = {check.id: check.name for check in evaluation.rulebook.checks}
    counted = Counter((f.check, f.severity) for f in evaluation.findings)
    unanswered = Counter(
        f.check for f in evaluation.findings if f.severity == "explain" and f.explanation is None
    )
    return tuple(
        FindingFigure(
            check=check,
            name=names.get(check, check),
            severity=severity,
            n=n,
            unanswered=unanswered[check] if severity == "explain" else 0,
        )
        for (check, severity), n in sorted(counted.items())
    )


def _checks(evaluation: Evaluation) -> tuple[CheckFigure, ...]:
    scopes: dict[str, Scope] = {check.id: check.scope for check in evaluation.rulebook.checks}
    counted = Counter((scopes.get(s.check, "reading"), _outcome(s)) for s in evaluation.states)
    return tuple(
        CheckFigure(scope=scope, state=state, n=n) for (scope, state), n in sorted(counted.items())
    )


def _outcome(state: CheckState) -> str:
    return "not_evaluated" if _unrun(state) else state.state


def _unrun(state: CheckState) -> bool:
    """Whether a check or a part of it was owed and not carried out."""
    return state.state == "not_evaluated" or (state.state == "failed" and bool(state.reason))


def _not_run(evaluation: Evaluation) -> tuple[NotRun, ...]:
    owed = [state for state in evaluation.states if _unrun(state)]
    if not owed:
        return ()
    names = {check.id: check.name for check in evaluation.rulebook.checks}
    return tuple(
        NotRun(check=s.check, name=names.get(s.check, s.check), reason=s.reason) for s in owed
    )


def _amounts(book: Book) -> dict[str, Fraction]:
    """Filed sums that a region adds up; an amount that is not there is not zero."""
    moments: tuple[tuple[str, AsOf], ...] = (("", "now"), ("@year_start", "year_start"))
    found: dict[str, Fraction] = {}
    for name in SUMMED:
        for suffix, moment in moments:
            value = book.lookup(name, Frame(as_of=moment, trace=UNTRACED))
            if isinstance(value, Fraction):
                found[name + suffix] = value
    return found


def _past(evaluation: Evaluation) -> tuple[PastFigure, ...]:
    now = evaluation.submission.period
    earlier = quarters_before(evaluation.history, now)
    known = [(period, evaluation.history[name]) for period, name in earlier.items()]
    return tuple(
        PastFigure(period=period, total=past.total, grade=past.grade or "")
        for period, past in known
        if past.total is not None
    )
