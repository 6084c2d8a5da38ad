"""The fold: one submission, one rulebook, one context → one evaluation.

Same inputs, same ``Evaluation``, on any machine, in any year.
"""

from __future__ import annotations

from collections.abc import Iterable

from supervise.core.answers import with_answers
from supervise.core.checks import run_checks
from supervise.core.context import NO_CONTEXT, Context, Parent
from supervise.core.evaluation import (
    CheckState,
    ElementResult,
    Evaluation,
    GradeResult,
    IndicatorResult,
    Status,
)
from supervise.core.grading import grade, sum_elements, total, unconfirmed
from supervise.core.indicators import is_parents, measure_indicator, measure_indicators
from supervise.core.law import Rulebook
from supervise.core.mistakes.units import diagnose
from supervise.core.model import Finding, Submission
from supervise.core.peers import TOTAL, among, element_key
from supervise.core.rectification import rectification_of
from supervise.core.special import LEDGER
from supervise.core.whatif.advice import advise
from supervise.core.whatif.impact import with_impact
from supervise.core.whatif.rescoring import Rescoring
from supervise.core.world import Book
from supervise.record import record, replace

OWED = "owed_and_missing"


def evaluate(
    submission: Submission,
    rulebook: Rulebook,
    *,
    context: Context = NO_CONTEXT,
    stage: str = "self",
) -> Evaluation:
    """Judge one bank for one period.

    Args:
        submission: What it filed.
        rulebook: The law at that period for its type and province.
        context: What is known from before and from others.
        stage: ``self`` for a bank's own check; one of ``procedure.STAGES`` otherwise.

    Returns:
        Findings, measures, points, grade, and everything that was used and is unconfirmed.
    """
    book, findings, states = _checked(submission, rulebook, context)
    status = status_of(findings, states)
    found = _scored(book, _Filed(status, stage, findings, states))
    found = replace(found, edits=context.edits, objections=context.objections)
    return replace(found, rectification=rectification_of(found, context))


def legal_person(
    submission: Submission, rulebook: Rulebook, context: Context, wanted: frozenset[str]
) -> Parent:
    """What the branches of a legal person may take from it: as ``evaluate`` measures it.

    Args:
        submission: What the legal person filed.
        rulebook: Its own law.
        context: What is known of it from before.
        wanted: Indicators that the branches have not themselves; see ``of_parent``.
    """
    book, _, _ = _checked(submission, rulebook, context)
    bank = submission.bank
    results = {one.law.id: one for one in measure_indicators(book, wanted)}
    return Parent(bank.code, bank.type, bank.province, rulebook.digest, results)


def of_parent(rulebook: Rulebook, level: str) -> frozenset[str]:
    """Ids of the indicators that a branch of this level takes from its legal person."""
    return frozenset(law.id for law in rulebook.indicators if is_parents(law, level))


def _checked(
    submission: Submission, rulebook: Rulebook, context: Context
) -> tuple[Book, tuple[Finding, ...], tuple[CheckState, ...]]:
    """Everything that is known of a bank, and what the checks made of what it filed."""
    book = Book(submission, rulebook, context)
    findings, states = diagnose(book, *run_checks(book))
    findings, states = with_answers(book, findings, states)
    book.context = _counted_first_filing(context, submission, findings)
    return book, findings, states


@record
class _Filed:
    """What the checks made of a submission."""

    status: Status
    stage: str
    findings: tuple[Finding, ...]
    states: tuple[CheckState, ...]


def _scored(book: Book, filed: _Filed) -> Evaluation:
    """Measures, points and grade, joined with what the checks found."""
    indicators = measure_indicators(book)
    elements = sum_elements(indicators, book)
    score = total(elements, book, _unknown(indicators))
    graded = grade(score, filed.status, book)
    open_rows = unconfirmed(indicators, elements, graded, book)
    rescoring = Rescoring(book, indicators, elements, score)
    blocked = filed.status == "blocked"
    return Evaluation(
        submission=book.submission,
        rulebook=book.rulebook,
        status=filed.status,
        stage=filed.stage,
        findings=with_impact(filed.findings, book, rescoring),
        states=filed.states,
        indicators=indicators,
        elements=_with_peers(elements, book.context),
        score=score,
        peer=among(book.context, TOTAL, score.total, "higher"),
        grade=_official(graded, book.rulebook, open_rows),
        unconfirmed=open_rows,
        adjustments=book.context.adjustments,
        history=book.context.history,
        targets=() if blocked else advise(book, indicators, rescoring),
        forecast=_forecast(book, filed, indicators),
    )


def _with_peers(elements: tuple[ElementResult, ...], context: Context) -> tuple[ElementResult, ...]:
    stats = [among(context, element_key(e.id), e.points, "higher") for e in elements]
    if not any(stats):
        return elements
    return tuple(replace(e, peer=stat) for e, stat in zip(elements, stats, strict=True))


def _forecast(
    book: Book, filed: _Filed, indicators: tuple[IndicatorResult, ...]
) -> tuple[IndicatorResult, ...]:
    """What the indicators that need the first filing would be if this were it."""
    if book.context.first_filing is not None:
        return ()
    waiting = [r.law for r in indicators if r.applies and LEDGER in r.measure.about]
    book.context = replace(book.context, first_filing=fault_counts(filed.findings))
    return tuple(measure_indicator(law, book) for law in waiting)


def _official(graded: GradeResult, law: Rulebook, open_rows: tuple[str, ...]) -> GradeResult:
    """An annual grade is official if everything it rests on is confirmed (rules 1 and 2)."""
    official = law.period.kind == "annual" and not open_rows and graded.band is not None
    return replace(graded, official=official)


def status_of(findings: tuple[Finding, ...], states: tuple[CheckState, ...]) -> Status:
    """Whether the submission may be filed as it is."""
    if any(f.severity == "blocking" for f in findings):
        return "blocked"
    if any(s.state == "not_evaluated" or (s.state == "failed" and s.reason) for s in states):
        return "incomplete"
    if any(f.severity == "explain" and f.explanation is None for f in findings):
        return "needs_explanation"
    return "passed"


def _counted_first_filing(
    context: Context, submission: Submission, findings: tuple[Finding, ...]
) -> Context:
    """A first filing counts its own faults; a resubmission needs the ledger to know them."""
    if context.first_filing is not None or not context.filed or submission.sequence != 1:
        return context
    return replace(context, first_filing=fault_counts(findings))


def fault_counts(findings: Iterable[Finding]) -> tuple[int, int]:
    """Checks, not cells: how many block, and how many 需说明 were left unanswered."""
    listed = tuple(findings)
    blocking = {f.check for f in listed if f.severity == "blocking"}
    unanswered = {f.check for f in listed if f.severity == "explain" and f.explanation is None}
    return len(blocking), len(unanswered)


def _unknown(indicators: Iterable[IndicatorResult]) -> tuple[str, ...]:
    """Ids of the parts whose points are open between ``low`` and ``high``."""
    return tuple(
        f"{result.law.id}.{part.law.id}"
        for result in indicators
        if result.applies and result.law.kind != "monitored"
        for part in result.parts
        if part.low != part.high
    )
