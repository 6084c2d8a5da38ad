"""A regulator's run over many banks, in two passes: measures first, then peers and reports.

One bad file never stops the others; a fault of ours on one bank is recorded on that bank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from supervise.core.evaluation import Evaluation
from supervise.core.period import Period
from supervise.core.region.figures import BankFigures
from supervise.core.region.region import RegionLaw, region_law
from supervise.errors import SuperviseError
from supervise.pipeline.case import (
    Outcome,
    peer_values,
)
from supervise.pipeline.collecting import some_workbooks
from supervise.pipeline.opinions import require_fit, write_drafts
from supervise.pipeline.outputs import (
    Row,
    write_refusal,
    write_run,
)
from supervise.pipeline.passes import (
    Done,
    Job,
    Run,
    expected_period,
    first_pass,
    known,
    second_pass,
    write_lost,
)
from supervise.pipeline.standing import (
    Filer,
    conflicts,
    evaluations_that_stand,
    first_filings,
    standing,
)
from supervise.pipeline.summarising import write_summaries


class MapBanks(Protocol):
    """The seam to ``supervise.batch``: how the second pass is spread."""

    def __call__(
        self, work: Callable[[Job], Done], lost: Callable[[Job, SuperviseError], Done]
    ) -> Callable[[Sequence[Job]], Iterator[Done]]:
        """A function that works off a sequence of jobs in order."""
        ...


def evaluate_many(
    paths: Sequence[Path],
    run: Run,
    map_banks: MapBanks,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> list[Row]:
    """Evaluate every workbook below ``paths``; write all documents, index and manifest.

    Args:
        paths: Files or folders.
        run: What is asked for.
        map_banks: Spreads the work.
        progress: Called with banks done and banks in all.

    Returns:
        One row per file, in the order of the index.

    Raises:
        UsageError: A path that does not exist, or a judgement or an opinion that does not fit.
        LedgerError: The history cannot be read.
        RulebookError: The law is wrong, or not official where that was asked for.
    """
    marks, history = known(run)
    files = some_workbooks(paths)
    first = _told_of_first_filings([first_pass(path, run, marks, history) for path in files], run)
    final = evaluations_that_stand(first)
    require_fit(run.opinions, run.target.folder, final, marks)
    rows, jobs = _sorted_out(first, run)
    figures: list[BankFigures] = []
    for n, done in enumerate(map_banks(second_pass, write_lost)(jobs), 1):
        rows.append(done.row)
        figures += [done.figures] if done.figures is not None else []
        if progress is not None:
            progress(n, len(jobs))
    write_drafts(final, run.target.folder)
    internal = write_summaries(figures, rows, _laws(first), run.target, expected_period(run))
    return write_run(rows, run.target, internal)


def _laws(first: Sequence[Outcome]) -> dict[Period, RegionLaw]:
    """What the law says for all banks, by period; any bank's rulebook tells."""
    rulebooks = (o.evaluation.rulebook for o in first if o.evaluation is not None)
    found: dict[Period, RegionLaw] = {}
    for rulebook in rulebooks:
        if rulebook.period not in found:
            found[rulebook.period] = region_law(rulebook)
    return found


def _told_of_first_filings(first: Sequence[Outcome], run: Run) -> list[Outcome]:
    """The same with each resubmission judged again: peers see the total that its report gives."""
    found = first_filings(first)
    told: list[Outcome] = []
    for outcome in first:
        filed = outcome.evaluation.submission if outcome.evaluation is not None else None
        count = found.get((filed.bank.code, str(filed.period))) if filed is not None else None
        if filed is not None and filed.sequence > 1 and count is not None:
            outcome = first_pass(outcome.path, run, *known(run), first_filing=count)
        told.append(outcome)
    return told


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


class _Among:
    """What the first pass knows of all banks together."""

    def __init__(
        self, stands: Mapping[Filer, Outcome], firsts: Mapping[Filer, tuple[int, int]]
    ) -> None:
        self.stands = stands
        self.firsts = firsts
        by_period: dict[str, list[Evaluation]] = {}
        for (_, period), outcome in stands.items():
            if outcome.evaluation is not None:
                by_period.setdefault(period, []).append(outcome.evaluation)
        self.peers = {period: peer_values(some) for period, some in by_period.items()}

    def job(self, outcome: Outcome, evaluation: Evaluation, run: Run) -> Job:
        """The second pass of one bank."""
        bank = evaluation.submission.bank
        period = str(evaluation.submission.period)
        parent = self.stands.get((bank.parent, period)) if bank.parent else None
        compared = bank.level == "legal_person" and evaluation.status != "blocked"
        return Job(
            path=outcome.path,
            sha256=outcome.sha256,
            run=run,
            peers=self.peers[period].get(bank.type, {}) if compared else {},
            parent=parent.path if parent is not None else None,
            first_filing=self.firsts.get((bank.code, period)),
            superseded=self.stands[bank.code, period].path != outcome.path,
        )
