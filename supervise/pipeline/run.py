"""A regulator's run over many banks, in two passes: measures first, then peers and reports.

One bad file never stops the others; a fault of ours on one bank is recorded on that bank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from supervise.core.evaluation import Evaluation
from supervise.core.period import Period
from supervise.core.region.figures import BankFigures
from supervise.core.region.region import RegionLaw, region_law
from supervise.errors import SuperviseError
from supervise.pipeline.case import Outcome
from supervise.pipeline.collecting import some_workbooks
from supervise.pipeline.filed_before import Before
from supervise.pipeline.given import kept_in
from supervise.pipeline.keeping import Keeper
from supervise.pipeline.known_peers import compared_of_run, known_peers
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
    conflicts,
    evaluations_that_stand,
    first_filings,
    standing,
)
from supervise.pipeline.summarising import write_summaries
from supervise.write.manifest import Internal


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
    keeper: Keeper | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Row]:
    """Evaluate every workbook below ``paths``; write all documents, index and manifest.

    Args:
        paths: Files or folders.
        run: What is asked for.
        map_banks: Spreads the work.
        keeper: Keeps the results in the ledger that the run names.
        progress: Called with banks done and banks in all.

    Returns:
        One row per file, in the order of the index.

    Raises:
        UsageError: A path that does not exist, or a judgement or an opinion that does not fit.
        LedgerError: The history cannot be read, or the ledger cannot be used.
        RulebookError: The law is wrong, or not official where that was asked for.
    """
    keeper = keeper if keeper is not None else Keeper()
    files = some_workbooks(paths)
    first = _told_of_first_filings(keeper.looked(_first_passes(files, run)), run)
    marks, _ = known(run)
    stand = evaluations_that_stand(first, keeper.before)
    require_fit(run.opinions, run.target.folder, stand, marks)
    keeper.start()
    whole = _Whole(run, map_banks, keeper, progress)
    whole.take_all(keeper.parts(first))
    write_drafts(whole.stand, run.target.folder)
    internal = _summaries(whole, _laws(first), run)
    keeper.finish()
    return write_run(whole.rows, run.target, internal, keeper.head)


def _first_passes(files: Iterable[Path], run: Run) -> list[Outcome]:
    marks, history = known(run)
    return [first_pass(path, run, marks, history) for path in files]


def _judged_again(part: Sequence[Outcome], run: Run) -> list[Outcome]:
    return _told_of_first_filings(_first_passes([o.path for o in part], run), run)


def _evaluated(outcomes: Iterable[Outcome]) -> int:
    return sum(outcome.evaluation is not None for outcome in outcomes)


class _Whole:
    """A run's results as they come in, part by part.

    Attributes:
        stand: Evaluations of the filings that stand.
        waiting: Banks that are still to come.
    """

    def __init__(
        self,
        run: Run,
        map_banks: MapBanks,
        keeper: Keeper,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self._run = run
        self._map = map_banks
        self._keeper = keeper
        self._progress = progress
        self._done = 0
        self.waiting = 0
        self.rows: list[Row] = []
        self.figures: list[BankFigures] = []
        self.stand: tuple[Evaluation, ...] = ()

    def take_all(self, parts: Sequence[Sequence[Outcome]]) -> None:
        """Judge, write and keep all parts, each with what those before it left as history."""
        self.waiting = sum(_evaluated(part) for part in parts)
        for number, part in enumerate(parts):
            # What was judged before the part before it was kept did not know of it.
            self.take(part if number == 0 else _judged_again(part, self._run))

    def take(self, part: Sequence[Outcome]) -> None:
        """Judge, write and keep one part."""
        keeper, marks = self._keeper, known(self._run)[0]
        self.stand += evaluations_that_stand(part, keeper.before)
        rows, jobs = _sorted_out(part, self._run, keeper.before)
        keeper.keep_refused(rows)
        keeper.keep_marks(evaluations_that_stand(part), marks)
        self.rows += rows
        self.waiting -= _evaluated(part)
        found = self._counted(self._map(second_pass, write_lost)(jobs), len(jobs))
        for done in keeper.settled(found):
            self.rows.append(done.row)
            self.figures += [done.figures] if done.figures is not None else []

    def _counted(self, found: Iterable[Done], jobs: int) -> Iterator[Done]:
        total = self._done + jobs + self.waiting
        for done in found:
            self._done += 1
            if self._progress is not None:
                self._progress(self._done, total)
            yield done


def _summaries(whole: _Whole, laws: Mapping[Period, RegionLaw], run: Run) -> tuple[Internal, ...]:
    """What the office alone reads, of all that stands for the periods of the run."""
    return write_summaries(
        whole.figures,
        whole.rows,
        laws,
        run.target,
        expected_period(run),
        ledger=kept_in(run.keeping),
    )


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


def _sorted_out(first: Sequence[Outcome], run: Run, before: Before) -> tuple[list[Row], list[Job]]:
    """Refusals, written at once, and the jobs of the second pass."""
    rows: list[Row] = []
    jobs: list[Job] = []
    rejected = conflicts(first)
    filed = [o for o in first if o.path not in rejected]
    among = _Among(filed, before, run)
    for outcome in first:
        error = rejected.get(outcome.path, outcome.refusal)
        if outcome.evaluation is None or error is not None:
            rows.append(write_refusal(outcome.path.name, outcome.sha256, error, run.target))
        else:
            jobs.append(among.job(outcome, outcome.evaluation, run))
    return rows, jobs


class _Among:
    """What the first pass knows of all banks together."""

    def __init__(self, filed: Sequence[Outcome], before: Before, run: Run) -> None:
        self.stands = standing(filed, before)
        self.parents = standing(filed)
        self.firsts = first_filings(filed)
        evaluations = (o.evaluation for o in filed if o.evaluation is not None)
        self.peers = known_peers(map(compared_of_run, evaluations), kept_in(run.keeping))

    def job(self, outcome: Outcome, evaluation: Evaluation, run: Run) -> Job:
        """The second pass of one bank."""
        bank = evaluation.submission.bank
        period = str(evaluation.submission.period)
        stands = self.stands.get((bank.code, period))
        compared = bank.level == "legal_person" and evaluation.status != "blocked"
        return Job(
            path=outcome.path,
            sha256=outcome.sha256,
            run=run,
            peers=self.peers.of(period, bank.type) if compared else {},
            frozen=period in self.peers.frozen,
            parent=self._parent(bank.parent, period, run) if bank.parent else None,
            first_filing=self.firsts.get((bank.code, period)),
            superseded=stands is None or stands.path != outcome.path,
        )

    def _parent(self, bank: str, period: str, run: Run) -> Path | None:
        """The legal person's file: of an earlier run where that one stands, else of this one."""
        store = run.keeping.store if run.keeping is not None else None
        kept = self.peers.file_of((bank, period), store)
        own = self.parents.get((bank, period))
        return kept if kept is not None or own is None else own.path
