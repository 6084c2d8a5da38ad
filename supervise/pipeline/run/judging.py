"""One bank of a run judged: with its history, marks and words, alone or among its peers."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from supervise.core.context import Context, Parent
from supervise.core.evaluate import evaluate, legal_person, of_parent
from supervise.core.evaluation import Evaluation
from supervise.core.period import Period
from supervise.core.region.taking import figures_of
from supervise.core.supervision import NO_EDITS
from supervise.pipeline.calm import settle
from supervise.pipeline.case import Case, Opened, bound, opened, with_marks
from supervise.pipeline.ledger.marks import signed_stage_of
from supervise.pipeline.outputs import Beside, Row, Written, write_evaluation
from supervise.pipeline.packing import packed_figures
from supervise.pipeline.proof import compare_proof
from supervise.pipeline.run.given import Keeping, proofs_of
from supervise.pipeline.run.halves import half_of, wants_half
from supervise.pipeline.run.knowing import Filer, key_of, known, known_of, said_by
from supervise.pipeline.run.measured import Brief, brief_of
from supervise.pipeline.run.opinions import bank_draft, misfits_of
from supervise.pipeline.run.others import NO_OTHERS, Awaits, Others, awaits
from supervise.pipeline.run.passed_over import passed_over
from supervise.pipeline.run.peer_groups import group_name
from supervise.pipeline.template import parse_period
from supervise.read.files import read_file
from supervise.read.rulebook import read_law
from supervise.record import record, replace

if TYPE_CHECKING:
    from supervise.ledger.filing import Filing
    from supervise.pipeline.run.items import Asked, Job, Run


@record
class Judged:
    """What a bank came to among its peers; the fields are those of ``Done``."""

    row: Row
    figures: str
    filing: Filing | None


def measured(asked: Asked, data: bytes) -> tuple[Brief | Awaits, bytes | None]:
    """A bank measured without its peers, and its half where the run wants one.

    One that rests on other files of the run is not measured until something is known of them.
    """
    run = asked.run
    whole = _opened(data, asked.path, run)
    cover = whole.cover
    if asked.alone:
        waits = awaits(cover.bank.code, str(cover.period), cover.sequence, cover.bank.parent)
        if waits is not None:
            return waits, None
    case = bound(whole)
    filer = _filer(case, asked.others)
    alone = known_of(filer, run)
    context = _complete(alone, case, asked)
    evaluation = _evaluated(case, context, run)
    brief = replace(
        _worded(evaluation, filer, case, asked),
        passed_over=passed_over(said_by(filer, run), context, case.rulebook),
        others=asked.others,
        key=key_of(asked.path.name, case.submission.sha256, filer, alone, run),
    )
    settle("measuring")
    return brief, half_of(evaluation, context, run) if wants_half(run) else None


def _worded(evaluation: Evaluation, filer: Filer, case: Case, asked: Asked) -> Brief:
    """The brief, with what a supervisor said and what there is to say."""
    run, worded = asked.run, evaluation
    if said_by(filer, run).demands:  # the ledger's own are no supervisor's words of this run
        plain = known_of(filer, run, demands=False)
        worded = _evaluated(case, _complete(plain, case, asked), run)
    misfits = misfits_of(run.opinions, worded, known(run)[0])
    return replace(brief_of(evaluation), misfits=misfits, draft=bank_draft(worded))


def key_again(brief: Brief, asked: Asked, sha256: str) -> str:
    """What the first pass over a file would rest on now; the file itself is as it was."""
    settings = asked.run.settings
    law = read_law(settings.overlay, lang=settings.lang)
    rulebook = law.rulebook(Period.parse(brief.period), brief.type, brief.province)
    filer = Filer(brief.code, brief.sequence, rulebook, asked.others)
    return key_of(asked.path.name, sha256, filer, known_of(filer, asked.run), asked.run)


def judged(job: Job, data: bytes) -> Judged:
    """A bank judged among its peers, its documents written.

    Raises:
        WorkbookUnreadable: It cannot be read any more.
        RenderingError: A report cannot be rendered.
        RulebookError: Not official where that was asked for.
    """
    run = job.run
    case = bound(_opened(data, job.path, run))
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


def _opened(data: bytes, path: Path, run: Run) -> Opened:
    expected = parse_period(run.expected) if run.expected is not None else None
    return opened(data, path.name, run.settings, expected=expected)


def _filer(case: Case, others: Others = NO_OTHERS) -> Filer:
    filed = case.submission
    return Filer(filed.bank.code, filed.sequence, case.rulebook, others)


def _evaluated(case: Case, context: Context, run: Run) -> Evaluation:
    said = said_by(_filer(case), run)
    stage = signed_stage_of(said, case.submission.sha256)
    return evaluate(case.submission, case.rulebook, context=context, stage=stage)


def _context(case: Case, job: Job) -> Context:
    """Everything that is known of the bank, its peers and its parent among it."""
    alone = known_of(_filer(case, job.others), job.run)
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
    return _complete(context, case, job)


def _complete(context: Context, case: Case, asked: Asked | Job) -> Context:
    """The same, with the parent of a branch and the marks that the run was given."""
    run = asked.run
    if asked.parent is not None:
        wanted = of_parent(case.rulebook, case.submission.bank.level)
        parent = _parent(asked.parent, replace(asked.others, first_filing=None), run, wanted)
        context = replace(context, parent=parent)
    return with_marks(case, context, known(run)[0])


@lru_cache(maxsize=2)
def _parent(path: Path, others: Others, run: Run, wanted: frozenset[str]) -> Parent:
    """What a legal person's branches take from it, measured once where they follow one another.

    Args:
        path: Its file.
        others: What is known of it; another run in this process may find another under that path.
        run: What is asked for.
        wanted: The indicators.
    """
    case = bound(_opened(read_file(path), path, run))
    filer = _filer(case, Others(others.parent_first))
    context = with_marks(case, known_of(filer, run), known(run)[0])
    return legal_person(case.submission, case.rulebook, context, wanted)


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
