"""One bank: workbook → submission → evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from supervise.core.context import NO_CONTEXT, Adjustment, Context
from supervise.core.evaluate import evaluate
from supervise.core.evaluation import Evaluation
from supervise.core.law import Rulebook
from supervise.core.model import Submission
from supervise.core.period import Period
from supervise.core.world import read_fact
from supervise.errors import RulebookError, SuperviseError, WorkbookUnreadable
from supervise.pipeline.calm import calm
from supervise.read.files import digest_of, read_file
from supervise.read.rulebook import SOURCE, read_law
from supervise.read.submission import Cover, bind, find_period, recognise
from supervise.read.workbook import read_workbook
from supervise.record import record, replace
from supervise.settings import Settings

if TYPE_CHECKING:  # a pre-check needs none of it, or has it already
    from supervise.ledger.ledger import Ledger
    from supervise.read.history import History
    from supervise.read.judgements import Marks
    from supervise.read.raw import RawWorkbook
    from supervise.read.rulebook import Law

T = TypeVar("T")
REGULATOR = "preliminary"
"""Stage of a regulator's run."""


@record
class Case:
    """A submission and the law that it is judged by."""

    submission: Submission
    rulebook: Rulebook


@record
class Opened:
    """A workbook that was read, its cover, and the law that goes by it."""

    raw: RawWorkbook
    cover: Cover
    law: Law
    rulebook: Rulebook


@record
class Outcome:
    """What became of one file: an evaluation, or the reason why it was refused."""

    path: Path
    sha256: str
    evaluation: Evaluation | None = None
    refusal: SuperviseError | None = None


def read_case(path: Path, settings: Settings, *, expected: Period | None = None) -> Case:
    """Read one workbook and the law for it.

    Args:
        path: The bank's workbook.
        settings: Names the office's overlay.
        expected: The period that is being collected; None: any.

    Raises:
        WorkbookUnreadable: The file is refused.
        RulebookError: The law is wrong.
    """
    return case_of(read_file(path), path.name, settings, expected=expected)


def case_of(data: bytes, name: str, settings: Settings, *, expected: Period | None = None) -> Case:
    """The same of a workbook's bytes; ``name`` is its file's."""
    return bound(opened(data, name, settings, expected=expected))


def opened(data: bytes, name: str, settings: Settings, *, expected: Period | None = None) -> Opened:
    """A workbook of which no more than the cover is understood; raises as ``read_case``."""
    raw = read_workbook(data, name)
    period = find_period(raw)
    law = read_law(settings.overlay, lang=settings.lang)
    types, places = law.bank_types, law.provinces
    forms = law.forms(period)
    cover = recognise(raw, forms, bank_types=types, provinces=places, expected=expected)
    rulebook = law.rulebook(period, cover.bank.type, cover.bank.province)
    return Opened(raw, cover, law, rulebook)


def bound(whole: Opened) -> Case:
    """The same, every figure of it; raises as ``read_case``."""
    law, rulebook = whole.law, whole.rulebook
    submission = bind(
        whole.raw,
        rulebook.forms,
        bank_types=law.bank_types,
        provinces=law.provinces,
        checks={check.id: check for check in rulebook.checks if check.scope == "reading"},
        say=law.say,
        cover=whole.cover,
    )
    return Case(submission, rulebook)


def check_file(
    path: Path,
    settings: Settings,
    *,
    history: History | None = None,
    ledger: Ledger | None = None,
) -> Outcome:
    """Pre-check one workbook as the regulator will judge it.

    Args:
        path: The workbook.
        settings: Names the office's overlay.
        history: Earlier evaluations by bank code then period, if any.
        ledger: Comes before them where it knows a period; only read.

    Returns:
        The evaluation, or the refusal; a wrong rulebook is raised, not returned.
    """
    with calm():
        try:
            case = read_case(path, settings)
        except WorkbookUnreadable as error:
            return refused(path, error, settings)
        context = _known_before(case, history, ledger)
        evaluation = evaluate(case.submission, case.rulebook, context=context)
        return Outcome(path, case.submission.sha256, evaluation)


def _known_before(case: Case, history: History | None, ledger: Ledger | None) -> Context:
    known = (history or {}).get(case.submission.bank.code) or {}
    if ledger is not None:
        from supervise.pipeline.ledger.opening import recalled

        return recalled(ledger, case.submission.bank.code, case.rulebook, known)
    return Context(history=known) if known else NO_CONTEXT


def refused(path: Path, error: SuperviseError, settings: Settings) -> Outcome:
    """The outcome of a file that cannot be read, told in the language of the run."""
    if settings.lang != SOURCE:
        from supervise.read.error_words import in_language

        error = in_language(error, settings.lang)
    return Outcome(path, digest_of(path), refusal=error.alone())


def known_history(folder: Path | None) -> History:
    """Earlier evaluations by bank code, then period; none without a folder.

    Raises:
        LedgerError: The history cannot be read.
    """
    if folder is None:
        return {}
    from supervise.read.history import read_history

    return read_history(folder)


def judge(case: Case, context: Context, marks: Marks) -> Evaluation:
    """Evaluate one filed submission for the regulator; raises as ``with_marks`` does."""
    full = with_marks(case, context, marks)
    return evaluate(case.submission, case.rulebook, context=full, stage=REGULATOR)


def with_marks(case: Case, context: Context, marks: Marks) -> Context:
    """A context that also has what supervisors say of a filed submission.

    What the context has already stays, unless the marks say something else of the same thing; a
    correction only while its figure is filed as it was corrected.

    Raises:
        UsageError: A judgement or an adjustment does not fit the rulebook.
    """
    from supervise.read.judgements import require_known

    code = case.submission.bank.code
    adjustments = _with_filed(marks.adjustments.get(code, ()), case.submission)
    judgements = marks.judgements.get(code, ())
    require_known(judgements, case.rulebook, frozenset(a.item for a in adjustments))
    kept = _still_filed(context.adjustments, case.submission)
    return replace(
        context,
        judgements=over(context.judgements, judgements, "indicator", "part"),
        adjustments=over(kept, adjustments, "item"),
        filed=True,
    )


def _still_filed(kept: tuple[Adjustment, ...], submission: Submission) -> tuple[Adjustment, ...]:
    """Corrections of figures that are filed as when they were corrected, to twelve digits."""
    from supervise.write.document_indicator import decimal_text

    now = _with_filed(kept, submission)
    pairs = zip(kept, now, strict=True)
    return tuple(one for old, one in pairs if decimal_text(old.filed) == decimal_text(one.filed))


def over(kept: Sequence[T], given: Sequence[T], *fields: str) -> tuple[T, ...]:
    """What is given, in place of what was kept with the same fields; and the rest of both."""
    named = {tuple(getattr(one, name) for name in fields) for one in given}
    rest = (one for one in kept if tuple(getattr(one, name) for name in fields) not in named)
    return (*rest, *given)


def require_official(evaluation: Evaluation) -> None:
    """Refuse a result that rests on anything unconfirmed.

    Raises:
        RulebookError: ``not_official``, naming what is not confirmed.
    """
    if evaluation.grade.official:
        return
    listed = "、".join(evaluation.unconfirmed) or "无（监测期不评级）"
    raise RulebookError(
        "本结果不能作为正式监管评价",
        where=evaluation.submission.file,
        expected=f"年度评价，且所用规则全部经原文核实；未核实：{listed}",
        fix="取得原文后在规则文件中更新 provenance，或去掉 --official 作试评。",
        code="not_official",
    )


def _with_filed(
    adjustments: tuple[Adjustment, ...], submission: Submission
) -> tuple[Adjustment, ...]:
    """Each correction beside the figure it corrects: the filed one is never lost."""
    kept = []
    for adjustment in adjustments:
        fact = submission.facts.get(adjustment.item)
        filed = read_fact(fact) if fact is not None else None
        known = filed if isinstance(filed, Fraction) else None
        kept.append(replace(adjustment, filed=known))
    return tuple(kept)
