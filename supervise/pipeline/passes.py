"""One bank's way through a run: measured first, then judged among its peers and written.

Each pass takes plain values and gives plain values, so that it may run in another process. A fault
of ours on one bank is recorded on that bank.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from supervise.core.context import Context
from supervise.core.evaluate import evaluate
from supervise.core.evaluation import Evaluation
from supervise.core.period import Period
from supervise.core.region.figures import BankFigures
from supervise.core.region.taking import figures_of
from supervise.core.supervision import NO_EDITS
from supervise.errors import RenderingError, SuperviseError, WorkbookUnreadable
from supervise.pipeline.calm import settle
from supervise.pipeline.case import (
    Case,
    Outcome,
    Peers,
    case_of,
    judge,
    read_case,
    refused,
    with_marks,
)
from supervise.pipeline.given import Keeping, history_of, ledger_of, marks_of, proofs_of
from supervise.pipeline.marks_kept import signed_stage_of, with_kept_marks, with_procedure
from supervise.pipeline.opinions import edits_for
from supervise.pipeline.outputs import (
    Beside,
    Row,
    Target,
    Written,
    write_evaluation,
    write_refusal,
)
from supervise.pipeline.proof import compare_proof
from supervise.pipeline.template import parse_period
from supervise.read.files import read_file
from supervise.read.history import History
from supervise.read.judgements import Marks
from supervise.record import field, record, replace
from supervise.settings import Settings

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.filing import Filing

GLYPH_MISSING = "glyph_missing"


@record(kw_only=True)
class Run:
    """What a regulator asks for.

    Attributes:
        target: Where results go and which of them.
        history: Folder of earlier evaluation documents.
        judgements: File of supervisors' marks.
        expected: The period that is being collected, as ``2026Q3``; None: any.
        official: Refuse results that rest on anything unconfirmed.
        proofs: Folder of the banks' proofs of self-check, to compare with.
        opinions: File of the supervisor's words, as a run before drafted it.
        keeping: The ledger that is asked and appended to; None: none.
    """

    settings: Settings
    target: Target
    history: Path | None = None
    judgements: Path | None = None
    expected: str | None = None
    official: bool = False
    proofs: Path | None = None
    opinions: Path | None = None
    keeping: Keeping | None = None


@record
class Job:
    """One bank's second pass; plain values, so that it can cross a process border."""

    path: Path
    sha256: str
    run: Run
    peers: Peers = field(default_factory=dict)
    parent: Path | None = None
    first_filing: tuple[int, int] | None = None
    superseded: bool = False


@record
class Done:
    """What a bank's second pass leaves: its row, and its figures unless it was lost.

    Attributes:
        filing: What a ledger is to keep of it; None without one, or if it was lost.
    """

    row: Row
    figures: BankFigures | None = None
    filing: Filing | None = None


def known(run: Run) -> tuple[Marks, History]:
    """Marks and history of a run, read once per process."""
    return marks_of(run.judgements), history_of(run.history)


def first_pass(
    path: Path,
    run: Run,
    marks: Marks,
    history: History,
    *,
    first_filing: tuple[int, int] | None = None,
) -> Outcome:
    """Measure one bank without its peers; a fault of ours stays with this bank."""
    try:
        case = read_case(path, run.settings, expected=expected_period(run))
        edits = edits_for(run.opinions, case.submission)
        context = replace(_known_before(case, run, history, first_filing), edits=edits)
        context = with_kept_marks(context, case, run.keeping)
        return Outcome(path, case.submission.sha256, judge(case, context, marks))
    except WorkbookUnreadable as error:
        return refused(path, error, run.settings)
    except SuperviseError:
        raise
    except Exception as error:
        return refused(path, _our_fault(path, error), run.settings)


def second_pass(job: Job) -> Done:
    """Judge again with peers and parent, render, write; runs in a worker."""
    try:
        return _judged_and_written(job)
    except RenderingError as error:
        if error.code != GLYPH_MISSING:
            raise
        return write_lost(job, error)
    except SuperviseError:
        raise
    except Exception as error:
        return write_lost(job, _our_fault(job.path, error))


def _our_fault(path: Path, error: Exception) -> SuperviseError:
    """What the run's index says of a bank on which the program itself failed."""
    return SuperviseError(
        f"程序内部错误 {type(error).__name__}，这是程序的问题",
        where=path.name,
        expected="每个报送件处理完毕",
        fix="单独对该文件运行 supervise check --debug，把结果交给维护者。",
        code="our_fault",
    )


def _judged_and_written(job: Job) -> Done:
    run = job.run
    marks, history = known(run)
    data = read_file(job.path)
    case = case_of(data, job.path.name, run.settings, expected=expected_period(run))
    context = replace(
        _known_before(case, run, history, job.first_filing),
        peers=job.peers,
        peer_group=case.rulebook.bank_type.name,
        edits=NO_EDITS if job.superseded else edits_for(run.opinions, case.submission),
    )
    if job.parent is not None:
        parent = first_pass(job.parent, run, marks, history).evaluation
        context = replace(context, parent=parent)
    if not job.superseded:
        context = with_procedure(context, case, run.keeping)
    context = with_marks(case, with_kept_marks(context, case, run.keeping), marks)
    stage = signed_stage_of(case, run.keeping)
    evaluation = evaluate(case.submission, case.rulebook, context=context, stage=stage)
    proof = compare_proof(evaluation, proofs_of(run.proofs)) if run.proofs is not None else None
    beside = Beside(
        job.path,
        context,
        official=run.official,
        superseded=job.superseded,
        proof=proof,
    )
    written = write_evaluation(evaluation, run.target, beside)
    filing = _filing(written, evaluation, data, run.keeping) if run.keeping is not None else None
    settle()
    return Done(written.row, figures_of(evaluation, superseded=job.superseded), filing)


def _known_before(
    case: Case, run: Run, history: History, first_filing: tuple[int, int] | None
) -> Context:
    """A bank's history and what its first filing left open, the ledger's word first.

    Args:
        case: The bank's submission; a first filing counts from itself.
        run: Names the ledger, if any.
        history: Earlier evaluations from elsewhere.
        first_filing: Of a first filing among the files of this run: it goes before what the
            ledger knows of it.
    """
    past = history.get(case.submission.bank.code, {})
    if run.keeping is None:
        return Context(history=past, first_filing=first_filing)
    from supervise.pipeline.ledgers import recalled

    told = recalled(ledger_of(run.keeping.ledger), case, past)
    if first_filing is None and case.submission.sequence > 1:
        return told
    return replace(told, first_filing=first_filing)


def _filing(written: Written, evaluation: Evaluation, data: bytes, keeping: Keeping) -> Filing:
    """What the ledger is to keep; the bytes themselves are kept before it names them."""
    from supervise.ledger.store import Store
    from supervise.pipeline.filings import filing_of

    document = written.document
    return filing_of(
        evaluation,
        received_on=keeping.received_on,
        kept=Store(keeping.store).keep(data) if keeping.store is not None else "",
        inputs=document["context"]["sha256"],
        document=document,
    )


def write_lost(job: Job, error: SuperviseError) -> Done:
    """The row of a bank whose worker died."""
    return Done(write_refusal(job.path.name, job.sha256, error, job.run.target))


def expected_period(run: Run) -> Period | None:
    """The period that is being collected; None: any."""
    return parse_period(run.expected) if run.expected is not None else None
