"""A regulator's run over many banks, in two passes: measures first, then peers and reports.

One bad file never stops the others; a fault of ours on one bank is recorded on that bank. Both
passes are spread over processes; here they are put in order, and what they leave is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Protocol, TypeVar

from supervise.core.period import Period
from supervise.core.region.figures import BankFigures
from supervise.core.region.region import RegionLaw, region_law
from supervise.errors import SuperviseError
from supervise.pipeline.ledger.filed_before import Before, recorded
from supervise.pipeline.outputs import Row, write_refusal, write_run
from supervise.pipeline.packing import unpacked_figures
from supervise.pipeline.quarter.summarising import write_summaries
from supervise.pipeline.run.basis import basis_of
from supervise.pipeline.run.collecting import some_workbooks
from supervise.pipeline.run.given import kept_in
from supervise.pipeline.run.items import Job, Run
from supervise.pipeline.run.keeping import Keeper
from supervise.pipeline.run.knowing import known
from supervise.pipeline.run.known_peers import known_peers
from supervise.pipeline.run.log import Watcher
from supervise.pipeline.run.measured import Brief, Measured
from supervise.pipeline.run.opinions import known_opinions, require_fit, write_drafts
from supervise.pipeline.run.passes import (
    expected_period,
    first_pass,
    never_measured,
    second_pass,
    write_lost,
)
from supervise.pipeline.run.peer_groups import Peers
from supervise.pipeline.run.standing import briefs_that_stand, conflicts, standing
from supervise.pipeline.run.waves import KnownOthers, in_waves
from supervise.pipeline.saving import sweep
from supervise.read.rulebook import read_law
from supervise.record import replace
from supervise.write.manifest import Internal

In = TypeVar("In")
Out = TypeVar("Out")


class MapBanks(Protocol):
    """The seam to ``supervise.batch``: how a pass is spread."""

    def __call__(
        self, work: Callable[[In], Out], lost: Callable[[In, SuperviseError], Out]
    ) -> Callable[[Iterable[In]], Iterator[Out]]:
        """A function that works off a sequence of items in order."""
        ...


def evaluate_many(
    paths: Sequence[Path],
    run: Run,
    map_banks: MapBanks,
    *,
    keeper: Keeper | None = None,
    watcher: Watcher | None = None,
) -> list[Row]:
    """Evaluate every workbook below ``paths``; write all documents, index and manifest.

    Args:
        paths: Files or folders.
        run: What is asked for.
        map_banks: Spreads the work.
        keeper: Keeps the results in the ledger that the run names.
        watcher: Is told how the run goes.

    Returns:
        One row per file, in the order of the index.

    Raises:
        UsageError: A path that does not exist, or a judgement or an opinion that does not fit.
        LedgerError: The history cannot be read, or the ledger cannot be used.
        RulebookError: The law is wrong, or not official where that was asked for.
    """
    keeper, watcher = keeper or Keeper(), watcher or Watcher()
    files = some_workbooks(paths)
    whole = _Whole(replace(run, basis=basis_of(run)), map_banks, keeper, watcher)
    whole.start(len(files))
    first = keeper.looked(whole.measured(files))
    require_fit(run.opinions, run.target.folder, briefs_that_stand(first, keeper.before))
    whole.take_all(keeper.parts(first))
    write_drafts(whole.stand, run.target.folder)
    internal = _summaries(whole, first, run)
    keeper.finish()
    rows = write_run(whole.rows, run.target, internal, keeper.head)
    whole.end(rows)
    return rows


class _Whole:
    """A run's results as they come in, part by part.

    Attributes:
        stand: Of the filings that stand.
    """

    def __init__(self, run: Run, map_banks: MapBanks, keeper: Keeper, watcher: Watcher) -> None:
        self._run = run
        self._map = map_banks
        self._keeper = keeper
        self._watcher = watcher
        self._packed: list[tuple[str, bool]] = []
        self._files: list[tuple[str, str]] = []
        self.rows: list[Row] = []
        self.stand: tuple[Brief, ...] = ()

    def start(self, files: int) -> None:
        """See, before any bank is read, that what the run was given can be read or written."""
        known(self._run)
        known_opinions(self._run.opinions)
        self._keeper.start()
        sweep(self._run.target.folder)
        self._watcher.started(self._run, files)

    def end(self, rows: Sequence[Row]) -> None:
        """Everything is written."""
        self._run.journal.tidy(self._files)
        self._watcher.stand(self.stand)
        self._watcher.ended(rows, self._keeper.head)

    def measured(self, files: Sequence[Path]) -> list[Measured]:
        """The first pass over some files, in their order."""
        found = in_waves(files, self._run, self._map(first_pass, never_measured))
        told = {one.path: one for one in self._watcher.first(found, len(files))}
        self._files += [(p.name, one.sha256) for p, one in told.items() if one.brief is not None]
        return [told[path] for path in files]

    def take_all(self, parts: Sequence[Sequence[Measured]]) -> None:
        """Judge, write and keep all parts, each with what those before it left as history."""
        for number, part in enumerate(parts):
            # What was judged before the part before it was kept did not know of it.
            self.take(part if number == 0 else self.measured([one.path for one in part]))

    def take(self, part: Sequence[Measured]) -> None:
        """Judge, write and keep one part."""
        keeper, marks = self._keeper, known(self._run)[0]
        self.stand += briefs_that_stand(part, keeper.before)
        among = _Among(part, self._run, keeper.before)
        rows = [write_refusal(*refused, self._run.target) for refused in among.refused]
        self._watcher.refused(rows)
        keeper.keep_refused(rows)
        keeper.keep_marks(briefs_that_stand(part), marks)
        self.rows += rows
        found = self._map(second_pass, write_lost)(among.jobs())
        for done in keeper.settled(self._watcher.second(found, len(among.filed))):
            self.rows.append(done.row)
            if done.figures and self._run.target.files:  # else there is no summary to make
                self._packed.append((done.figures, done.row.status == "superseded"))

    def figures(self) -> list[BankFigures]:
        """What all banks came to, superseded filings too."""
        return [
            replace(unpacked_figures(packed), superseded=superseded)
            for packed, superseded in self._packed
        ]


def _summaries(whole: _Whole, first: Sequence[Measured], run: Run) -> tuple[Internal, ...]:
    """What the office alone reads, of all that stands for the periods of the run.

    Where results go to a ledger alone, ``supervise summary`` makes it from there.
    """
    if not run.target.files:
        return ()
    return write_summaries(
        whole.figures(),
        whole.rows,
        _laws(first, run),
        run.target,
        expected_period(run),
        ledger=kept_in(run.keeping),
    )


def _laws(first: Iterable[Measured], run: Run) -> dict[Period, RegionLaw]:
    """What the law says for all banks, by period; any bank's rulebook tells."""
    law = read_law(run.settings.overlay, lang=run.settings.lang)
    found: dict[Period, RegionLaw] = {}
    for brief in (one.brief for one in first if one.brief is not None):
        period = Period.parse(brief.period)
        if period not in found:
            found[period] = region_law(law.rulebook(period, brief.type, brief.province))
    return found


class _Among:
    """What the first pass knows of all banks together.

    Attributes:
        filed: What is to be judged.
        refused: Of each file that is not: name, SHA-256, why.
    """

    def __init__(self, part: Sequence[Measured], run: Run, before: Before) -> None:
        rejected = conflicts(part)
        faults = [(one, rejected.get(one.path, one.refusal)) for one in part]
        self.refused = [
            (one.path.name, one.sha256, fault)
            for one, fault in faults
            if one.brief is None or fault is not None
        ]
        self.filed = [
            (one, one.brief) for one, fault in faults if one.brief is not None and fault is None
        ]
        filed = [one for one in part if one.path not in rejected]
        self._run = run
        self._before = before
        self._stands = standing(filed, before)
        self._noted = run.journal.noted()
        known = known_peers(filed, kept_in(run.keeping))
        self._others = KnownOthers(filed, known.elsewhere, run)
        own = (
            one.brief
            for filer, one in self._stands.items()
            if one.brief is not None and filer not in known.elsewhere
        )
        self._peers = Peers(chain(own, known.briefs), known.frozen)

    def jobs(self) -> Iterator[Job]:
        """The second pass of each bank; made when it is wanted, for each is some ten kilobytes."""
        for one, brief in self.filed:
            yield self._job(one, brief)

    def _job(self, one: Measured, brief: Brief) -> Job:
        run = self._run
        stands = self._stands.get(brief.filer)
        others, parent = self._others.of(brief)
        return Job(
            path=one.path,
            sha256=one.sha256,
            run=run,
            key=brief.key,
            ranked=self._peers.ranked(brief),
            others=others,
            parent=parent,
            superseded=stands is None or stands.path != one.path,
            recorded=recorded(self._before, brief.filer, one.sha256),
            half=self._noted.half(brief.key) if brief.knew(others) else None,
            finished=self._noted.finished(one.path.name, one.sha256),
        )
