"""A regulator's run over many banks, in two passes: measures first, then peers and reports.

One bad file never stops the others; a fault of ours on one bank is recorded on that bank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

from supervise.core.context import Context
from supervise.core.evaluation import Evaluation
from supervise.core.period import Period
from supervise.errors import RenderingError, SuperviseError, WorkbookUnreadable
from supervise.pipeline.case import Outcome, Peers, judge, known_history, peer_values, read_case
from supervise.pipeline.collecting import some_workbooks
from supervise.pipeline.outputs import (
    STATUSES,
    Beside,
    Row,
    Target,
    write_evaluation,
    write_refusal,
    write_run,
)
from supervise.pipeline.proof import compare_proof, proof_summary
from supervise.pipeline.standing import Filer, conflicts, first_filings, standing
from supervise.pipeline.template import parse_period
from supervise.read.files import digest_of
from supervise.read.history import History
from supervise.read.judgements import NO_MARKS, Marks, read_judgements
from supervise.read.proofs import Proofs, read_proofs
from supervise.read.words import read_words
from supervise.record import field, record, replace
from supervise.settings import Settings

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
    """

    settings: Settings
    target: Target
    history: Path | None = None
    judgements: Path | None = None
    expected: str | None = None
    official: bool = False
    proofs: Path | None = None


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


class MapBanks(Protocol):
    """The seam to ``supervise.batch``: how the second pass is spread."""

    def __call__(
        self, work: Callable[[Job], Row], lost: Callable[[Job, SuperviseError], Row]
    ) -> Callable[[Sequence[Job]], Iterator[Row]]:
        """A function that works off a sequence of jobs in order."""
        ...


def evaluate_many(
    paths: Sequence[Path],
    run: Run,
    map_banks: MapBanks,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> list[Row]:
    """Evaluate every workbook below ``paths``; write reports, documents, index and manifest.

    Args:
        paths: Files or folders.
        run: What is asked for.
        map_banks: Spreads the work.
        progress: Called with banks done and banks in all.

    Returns:
        One row per file, in the order of the index.

    Raises:
        UsageError: A path that does not exist, or a judgement that fits no rulebook.
        LedgerError: The history cannot be read.
        RulebookError: The law is wrong, or not official where that was asked for.
    """
    marks, history = known(run)
    files = some_workbooks(paths)
    first = [first_pass(path, run, marks, history) for path in files]
    rows, jobs = _sorted_out(first, run)
    for done, row in enumerate(map_banks(second_pass, write_lost)(jobs), 1):
        rows.append(row)
        if progress is not None:
            progress(done, len(jobs))
    return write_run(rows, run.target)


def _sorted_out(first: Sequence[Outcome], run: Run) -> tuple[list[Row], list[Job]]:
    """Refusals, written at once, and the jobs of the second pass."""
    rows: list[Row] = []
    jobs: list[Job] = []
    rejected = conflicts(first)
    filed = [o for o in first if o.path not in rejected]
    among = _Among(standing(filed), first_filings(filed))
    for outcome in first:
        error = rejected.get(outcome.path, outcome.refusal)
        if outcome.evaluation is None or error is not None:
            rows.append(write_refusal(outcome.path.name, outcome.sha256, error, run.target))
        else:
            jobs.append(among.job(outcome, outcome.evaluation, run))
    return rows, jobs


def known(run: Run) -> tuple[Marks, History]:
    """Marks and history of a run, read once per process."""
    return _marks(run.judgements), _history(run.history)


@cache
def _marks(path: Path | None) -> Marks:
    return read_judgements(path) if path else NO_MARKS


@cache
def _history(path: Path | None) -> History:
    return known_history(path)


@cache
def _proofs(path: Path) -> Proofs:
    return read_proofs(path)


def first_pass(path: Path, run: Run, marks: Marks, history: History) -> Outcome:
    """Measure one bank without its peers; a fault of ours stays with this bank."""
    try:
        case = read_case(path, run.settings, expected=_expected(run))
        context = Context(history=history.get(case.submission.bank.code, {}))
        return Outcome(path, case.submission.sha256, judge(case, context, marks))
    except WorkbookUnreadable as error:
        return Outcome(path, digest_of(path), refusal=error.alone())
    except SuperviseError:
        raise
    except Exception as error:
        return Outcome(path, digest_of(path), refusal=_our_fault(path, error))


class _Among:
    """What the first pass knows of all banks together."""

    def __init__(
        self, stands: Mapping[Filer, Outcome], firsts: Mapping[Filer, tuple[int, int]]
    ) -> None:
        self.stands = stands
        self.firsts = firsts
        known = (outcome.evaluation for outcome in stands.values())
        self.peers = peer_values(e for e in known if e is not None)

    def job(self, outcome: Outcome, evaluation: Evaluation, run: Run) -> Job:
        """The second pass of one bank."""
        bank = evaluation.submission.bank
        period = str(evaluation.submission.period)
        parent = self.stands.get((bank.parent, period)) if bank.parent else None
        return Job(
            path=outcome.path,
            sha256=outcome.sha256,
            run=run,
            peers=self.peers.get(bank.type, {}) if bank.level == "legal_person" else {},
            parent=parent.path if parent is not None else None,
            first_filing=self.firsts.get((bank.code, period)),
            superseded=self.stands[bank.code, period].path != outcome.path,
        )


def second_pass(job: Job) -> Row:
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


def _judged_and_written(job: Job) -> Row:
    run = job.run
    marks, history = known(run)
    case = read_case(job.path, run.settings, expected=_expected(run))
    context = Context(
        history=history.get(case.submission.bank.code, {}),
        peers=job.peers,
        peer_group=case.rulebook.bank_type.name,
        first_filing=job.first_filing,
    )
    if job.parent is not None:
        parent = first_pass(job.parent, run, marks, history).evaluation
        context = replace(context, parent=parent)
    evaluation = judge(case, context, marks)
    proof = compare_proof(evaluation, _proofs(run.proofs)) if run.proofs is not None else None
    beside = Beside(job.path, official=run.official, superseded=job.superseded, proof=proof)
    return write_evaluation(evaluation, run.target, beside)


def write_lost(job: Job, error: SuperviseError) -> Row:
    """The row of a bank whose worker died."""
    return write_refusal(job.path.name, job.sha256, error, job.run.target)


def exit_code(rows: Sequence[Row]) -> int:
    """1 if a submission is blocked, incomplete or refused, else 0."""
    return 1 if any(row.status in ("blocked", "incomplete", "refused") for row in rows) else 0


def summary(rows: Sequence[Row], run: Run) -> str:
    """What a run came to, for people: counts, refusals with reasons, where the index is."""
    words = read_words(run.settings.lang)
    statuses = [row.status for row in rows]
    counts = {name: statuses.count(name) for name in STATUSES}
    lines = [words("run.summary", n=len(rows), **counts)]
    lines += [
        words("run.refused", file=row.file, message=row.message, reason=row.reason)
        for row in rows
        if row.status == "refused"
    ]
    if run.proofs is not None:
        lines += proof_summary(rows, _proofs(run.proofs), words)
    lines.append(words("run.written", path=run.target.folder / "index.html"))
    return "\n".join(lines)


def _expected(run: Run) -> Period | None:
    return parse_period(run.expected) if run.expected is not None else None
