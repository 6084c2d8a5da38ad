"""One bank of a run judged: with its history, marks and words, alone or among its peers."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from supervise.core.context import Context
from supervise.core.evaluate import evaluate
from supervise.core.evaluation import Evaluation
from supervise.core.period import Period
from supervise.core.region.taking import figures_of
from supervise.core.supervision import NO_EDITS
from supervise.pipeline.calm import settle
from supervise.pipeline.case import Case, case_of, with_marks
from supervise.pipeline.ledger.marks import signed_stage_of
from supervise.pipeline.outputs import Beside, Row, Written, write_evaluation
from supervise.pipeline.packing import packed_figures
from supervise.pipeline.proof import compare_proof
from supervise.pipeline.run.given import Keeping, proofs_of
from supervise.pipeline.run.halves import half_of, wants_half
from supervise.pipeline.run.knowing import Filer, key_of, known, known_of, said_by
from supervise.pipeline.run.measured import Brief, brief_of
from supervise.pipeline.run.opinions import bank_draft, misfits_of
from supervise.pipeline.run.passed_over import passed_over
from supervise.pipeline.run.peer_groups import group_name
from supervise.pipeline.template import parse_period
from supervise.read.files import read_file
from supervise.read.rulebook import read_law
from supervise.record import record, replace

if TYPE_CHECKING:
    from supervise.ledger.filing import Filing
    from supervise.pipeline.run.passes import Asked, Job, Run


@record
class Judged:
    """What a bank came to among its peers; the fields are those of ``Done``."""

    row: Row
    figures: str
    filing: Filing | None


def measured(asked: Asked, data: bytes) -> tuple[Brief, bytes | None]:
    """A bank measured without its peers, and its half where the run wants one.

    A branch is judged again in any case, with what it takes from its legal person.
    """
    run = asked.run
    case = _case(data, asked.path, run)
    filer = _filer(case, asked.first_filing)
    alone = known_of(filer, run)
    key = key_of(asked.path.name, case.submission.sha256, filer, alone, run)
    marks, _ = known(run)
    context = with_marks(case, alone, marks)
    evaluation = _evaluated(case, context, run)
    worded = evaluation
    if said_by(filer, run).demands:  # the ledger's own are no supervisor's words of this run
        plain = known_of(filer, run, demands=False)
        worded = _evaluated(case, with_marks(case, plain, marks), run)
    brief = replace(
        brief_of(evaluation),
        misfits=misfits_of(run.opinions, worded, marks),
        passed_over=passed_over(said_by(filer, run), context, case.rulebook),
        draft=bank_draft(worded),
        key=key,
    )
    settle("measuring")
    wanted = brief.parent is None and wants_half(run)
    return brief, half_of(evaluation, context, run) if wanted else None


def key_again(brief: Brief, asked: Asked, sha256: str) -> str:
    """What the first pass over a file would rest on now; the file itself is as it was."""
    settings = asked.run.settings
    law = read_law(settings.overlay, lang=settings.lang)
    rulebook = law.rulebook(Period.parse(brief.period), brief.type, brief.province)
    filer = Filer(brief.code, brief.sequence, rulebook, asked.first_filing)
    return key_of(asked.path.name, sha256, filer, known_of(filer, asked.run), asked.run)


def judged(job: Job, data: bytes) -> Judged:
    """A bank judged among its peers, its documents written.

    Raises:
        WorkbookUnreadable: It cannot be read any more.
        RenderingError: A report cannot be rendered.
        RulebookError: Not official where that was asked for.
    """
    run = job.run
    case = _case(data, job.path, run)
    context = _context(case, job)
    evaluation = _evaluated(case, context, run)
    proof = compare_proof(evaluation, proofs_of(run.proofs)) if run.proofs is not None else None
    beside = Beside(
        data,
        context,
        official=run.official,
        superseded=job.superseded,
        proof=proof,
    )
    written = write_evaluation(evaluation, run.target, beside)
    figures, filing = packed_figures(figures_of(evaluation)), None
    if run.keeping is not None:
        filing = _filing(written, evaluation, data, run.keeping, figures)
    settle("judging")
    return Judged(written.row, figures, filing)


def kept_bytes(data: bytes, keeping: Keeping) -> str:
    """Where the original bytes are, kept before the ledger names them; empty: nowhere."""
    from supervise.ledger.store import Store

    return Store(keeping.store).keep(data) if keeping.store is not None else ""


def _case(data: bytes, path: Path, run: Run) -> Case:
    expected = parse_period(run.expected) if run.expected is not None else None
    return case_of(data, path.name, run.settings, expected=expected)


def _filer(case: Case, first_filing: tuple[int, int] | None) -> Filer:
    filed = case.submission
    return Filer(filed.bank.code, filed.sequence, case.rulebook, first_filing)


def _evaluated(case: Case, context: Context, run: Run) -> Evaluation:
    said = said_by(_filer(case, None), run)
    stage = signed_stage_of(said, case.submission.sha256)
    return evaluate(case.submission, case.rulebook, context=context, stage=stage)


def _context(case: Case, job: Job) -> Context:
    """Everything that is known of the bank, its peers and its parent among it."""
    alone = known_of(_filer(case, job.first_filing), job.run)
    context = replace(
        alone,
        places=job.ranked.places if job.ranked is not None else {},
        peer_group=group_name(
            case.rulebook.bank_type.name,
            case.submission.period,
            job.ranked,
            job.run.settings.lang,
        ),
        edits=NO_EDITS if job.superseded and job.run.opinions is not None else alone.edits,
    )
    if job.parent is not None:
        context = replace(context, parent=_parent(*job.parent, job.run))
    return with_marks(case, context, known(job.run)[0])


@lru_cache(maxsize=2)
def _parent(path: Path, key: str, run: Run) -> Evaluation:
    """A legal person's evaluation, judged once for the branches that follow one another.

    Args:
        path: Its file.
        key: What it rests on; another run in this process may find another under that path.
        run: What is asked for.
    """
    case = _case(read_file(path), path, run)
    context = known_of(_filer(case, None), run)
    return _evaluated(case, with_marks(case, context, known(run)[0]), run)


def _filing(
    written: Written, evaluation: Evaluation, data: bytes, keeping: Keeping, figures: str
) -> Filing:
    """What the ledger is to keep."""
    from supervise.pipeline.ledger.filings import filing_of

    document = written.document
    return filing_of(
        evaluation,
        received_on=keeping.received_on,
        kept=kept_bytes(data, keeping),
        inputs=document["context"]["sha256"],
        document=document,
        figures=figures,
    )
