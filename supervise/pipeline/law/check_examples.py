"""Worked examples of checks, run: each passes, just passes and fails as written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

from supervise.core.context import NO_CONTEXT, Context, PastEvaluation
from supervise.core.evaluate import evaluate
from supervise.core.evaluation import Evaluation
from supervise.core.frame import Frame
from supervise.core.law import Rulebook
from supervise.core.model import Fact, Finding
from supervise.core.period import Period
from supervise.core.world import Book
from supervise.pipeline.case import Case
from supervise.pipeline.law.model_filing import changed, model_case, value_of
from supervise.read.law_check_examples import CheckExample, read_check_examples
from supervise.read.rulebook import SOURCE
from supervise.record import record, replace

WANTED = {"passes": "passed", "boundary": "passed", "fails": "failed"}


@record
class Tried:
    """One filing of an example and what the engine said of it."""

    kind: str
    case: Case
    context: Context
    evaluation: Evaluation


def run_check_examples(overlay: Path | None = None) -> tuple[int, list[tuple[CheckExample, str]]]:
    """Run every example of a check.

    Returns:
        How many filings were made, and every promise that was not kept.

    Raises:
        RulebookError: The law or an example is wrong.
    """
    count = 0
    broken = []
    for example in read_check_examples(overlay=overlay).values():
        for tried in tries(example, overlay):
            count += 1
            if fault := wrong(example, tried.kind, tried.evaluation):
                broken.append((example, fault))
    return count, broken


def tries(
    example: CheckExample, overlay: Path | None = None, lang: str = SOURCE
) -> Iterator[Tried]:
    """The filings of one example, evaluated; findings are told in ``lang``.

    Raises:
        RulebookError: The example does not fit the forms.
    """
    model = model_case(example.period, overlay)
    context = context_of(example, model)
    for kind, changes in filings(example).items():
        made = changed(model, {**example.given, **changes}, example.where, overlay)
        law = made.rulebook if lang == SOURCE else _in_language(made.rulebook, lang)
        case = Case(made.submission, law_of(example, law))
        evaluation = evaluate(case.submission, case.rulebook, context=context)
        yield Tried(kind, case, context, evaluation)


def law_of(example: CheckExample, law: Rulebook) -> Rulebook:
    """The law with the parameters that the example sets."""
    settings = {
        name: replace(law.parameters[name], value=text) for name, text in example.parameters.items()
    }
    return replace(law, parameters={**law.parameters, **settings}) if settings else law


def filings(example: CheckExample) -> dict[str, Mapping[str, str]]:
    """The changes that passing, boundary (if there is one) and failing filing make."""
    found = {"passes": example.passes, "fails": example.fails}
    if example.boundary is not None:
        found["boundary"] = example.boundary
    return found


def wrong(example: CheckExample, kind: str, evaluation: Evaluation) -> str:
    """What differs from what the example promises; empty if nothing does."""
    state = next((s for s in evaluation.states if s.check == example.check), None)
    if state is None:
        return f"{kind}: 规则中没有此校核"
    if state.state != WANTED[kind]:
        reason = f"（{state.reason}）" if state.reason else ""
        return f"{kind}: 应为 {WANTED[kind]}，实为 {state.state}{reason}"
    found = {finding.check for finding in evaluation.findings if finding.explanation is None}
    wanted = {example.check, *example.also} if kind == "fails" else set()
    # One step before the failure, what must fail besides may already do so.
    spared = set(example.also) if kind == "boundary" else set()
    if found - spared != wanted:
        return f"{kind}: 应有发现 {sorted(wanted)}，实有 {sorted(found)}"
    return ""


def _in_language(law: Rulebook, lang: str) -> Rulebook:
    from supervise.read.law_words import in_words
    from supervise.read.prose import read_prose

    prose = read_prose(lang)
    return law if prose is None else in_words(law, prose)


def finding_of(
    example: CheckExample, overlay: Path | None = None, lang: str = SOURCE
) -> Finding | None:
    """The finding that the failing filing brings, for people to read."""
    for tried in tries(example, overlay, lang):
        if tried.kind == "fails":
            return next((f for f in tried.evaluation.findings if f.check == example.check), None)
    return None


def changed_cells(example: CheckExample, overlay: Path | None = None) -> tuple[str, ...]:
    """``Sheet!C14 = 40221.02`` for each cell of the filing that only just passes."""
    if example.boundary is None:
        return ()
    model = model_case(example.period, overlay)
    case = changed(model, {**example.given, **example.boundary}, example.where, overlay)
    before, now = _facts_by_cell(model), _facts_by_cell(case)
    return tuple(
        f"{cell} = {fact.text or '（空）'}"
        for cell, fact in now.items()
        if cell not in before or before[cell] != fact
    )


def _facts_by_cell(case: Case) -> dict[str, Fact]:
    return {str(fact.cell): fact for fact in case.submission.every_fact()}


def context_of(example: CheckExample, model: Case) -> Context:
    """What was filed before, as the example says it."""
    if not example.history:
        return NO_CONTEXT
    book = Book(model.submission, model.rulebook, NO_CONTEXT)
    return Context(
        history={
            period: PastEvaluation(
                period=period,
                kind=Period.parse(period).kind,
                file="",
                facts=_facts(book, changes, example.where),
                parts={},
                elements={},
                total=None,
                grade=None,
            )
            for period, changes in example.history.items()
        }
    )


def _facts(book: Book, changes: Mapping[str, str], where: str) -> dict[str, Fraction]:
    return {item: value_of(text, book, Frame(), where) for item, text in changes.items()}
