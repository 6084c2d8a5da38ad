"""A run and its ledger: what was known before, what is appended, where all chains end.

Results are made where banks are judged and appended here, in the run's own process, in batches:
whoever kills the run loses no more than a batch, and the next run appends it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from supervise import __version__
from supervise.errors import SuperviseError, UsageError
from supervise.pipeline.ledger.filed_before import NOTHING, Before, filed_before, taken
from supervise.pipeline.outputs import Row, withdraw
from supervise.pipeline.run.given import Keeping, ledger_of
from supervise.pipeline.run.items import Done, Run
from supervise.pipeline.run.measured import Brief, Measured
from supervise.read.judgements import Marks
from supervise.record import replace
from supervise.settings import LEDGER_VARIABLE

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.appending import Appended
    from supervise.ledger.filing import Filing
    from supervise.ledger.kinds import Record
    from supervise.ledger.ledger import Ledger

STORE = "-store"
"""After the name of an SQLite ledger: the folder beside it that keeps the original bytes."""
_AT_ONCE = 64


def keeping_of(option: str | None, store: Path | None) -> Keeping | None:
    """Where a run is to be recorded; None if no ledger is named.

    Args:
        option: What ``--ledger`` says.
        store: What ``--store`` says; by default a folder beside an SQLite ledger.

    Raises:
        UsageError: A store without a ledger.
        LedgerError: The address cannot be understood.
    """
    if option is None and not os.environ.get(LEDGER_VARIABLE):
        if store is not None:
            raise UsageError(
                "--store 只能与台账同用",
                where=str(store),
                expected=f"--ledger URL 或环境变量 {LEDGER_VARIABLE}",
                fix="加上 --ledger quarter.db，或去掉 --store。",
                code="ledger_unnamed",
            )
        return None
    from supervise.pipeline.ledger.opening import address_of

    address = address_of(option)
    path = address.path if address is not None else None
    if store is None and path is not None:
        store = path.with_name(path.name + STORE)
    now = datetime.now(UTC)
    return Keeping(
        ledger=option,
        store=store,
        received_on=now.astimezone().date().isoformat(),
        run=f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}",
    )


def keeper_of(run: Run) -> Keeper:
    """What keeps a run's results; opened with ``with``.

    Raises:
        LedgerError: The ledger cannot be used.
    """
    return LedgerKeeper(run, run.keeping) if run.keeping is not None else Keeper()


class Keeper(AbstractContextManager["Keeper"]):
    """Of a run without a ledger: nothing is known before, nothing is kept.

    Attributes:
        before: Filings that are known from earlier runs.
        head: Digest over the ends of all chains when the run ended; empty without a ledger.
        added: Records that were new.
        shown: The ledger as people may see it.
    """

    before: Before = NOTHING
    head = ""
    added = 0
    shown = ""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Nothing is open."""

    def looked(self, first: Sequence[Measured]) -> list[Measured]:
        """The first pass, with those refused that contradict what was filed before."""
        return list(first)

    def parts(self, first: Sequence[Measured]) -> list[list[Measured]]:
        """What is judged and kept together, in order."""
        return [list(first)]

    def start(self) -> None:
        """The run begins to write."""

    def keep_refused(self, rows: Iterable[Row]) -> None:
        """Files that were refused."""

    def keep_marks(self, briefs: Iterable[Brief], marks: Marks) -> None:
        """What supervisors said of these filings."""

    def settled(self, found: Iterable[Done]) -> Iterator[Done]:
        """Each result, once it is kept."""
        yield from found

    def finish(self) -> None:
        """The run has judged and written all banks."""


class LedgerKeeper(Keeper):
    """Of a run with a ledger.

    Args:
        run: What is asked for.
        keeping: Where it is recorded.

    Raises:
        LedgerError: The ledger cannot be used.
    """

    def __init__(self, run: Run, keeping: Keeping) -> None:
        self._run = run
        self._keeping = keeping
        self._ledger: Ledger = ledger_of(keeping.ledger)
        self.shown = self._ledger.shown
        self._only = ""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Let go of the database; the next run opens it again."""
        ledger_of.cache_clear()
        self._ledger.close()

    def looked(self, first: Sequence[Measured]) -> list[Measured]:
        """See what was filed for these periods; a sequence number that is taken is refused."""
        periods = {one.brief.period for one in first if one.brief is not None}
        self.before = filed_before(self._ledger, periods)
        self._only = periods.pop() if len(periods) == 1 else ""
        return [self._unless_taken(one) for one in first]

    def parts(self, first: Sequence[Measured]) -> list[list[Measured]]:
        """One a period, the oldest first: it is history to the next. A bank's in sequence order.

        So a run over several quarters comes to the same as a run for each, also when it is
        repeated: otherwise it would find its own results as history the second time.
        """
        filed = [(one, one.brief) for one in first if one.brief is not None]
        filed.sort(key=lambda pair: (pair[1].period, pair[1].code, pair[1].sequence))
        found = groupby(filed, key=lambda pair: pair[1].period)
        parts = [[one for one, _ in pairs] for _, pairs in found]
        refused = [one for one in first if one.brief is None]
        return [refused + parts[0], *parts[1:]] if parts else [refused]

    def start(self) -> None:
        """Note that the run began; this also tells whether ledger and store can be written."""
        if self._keeping.store is not None:
            from supervise.ledger.store import Store

            Store(self._keeping.store).require()
        self._ledger.start_run(self._keeping.run, __version__, "evaluate")

    def keep_refused(self, rows: Iterable[Row]) -> None:
        """On the office's chain: of which bank they are nobody knows for sure.

        They belong to the period that is collected, or that all other files are of.
        """
        from supervise.ledger.records import OFFICE
        from supervise.pipeline.ledger.filings import refused_of

        period = self._run.expected or self._only
        made = [
            refused_of(row.file, row.sha256, period, _told(row))
            for row in rows
            if row.status == "refused"
        ]
        if made:
            self._count(self._ledger.append_all({OFFICE: made}))

    def keep_marks(self, briefs: Iterable[Brief], marks: Marks) -> None:
        """Beside the filing that they were applied to; before it, so that the order is one."""
        from supervise.pipeline.ledger.filings import adjusted_of, judged_of

        groups: dict[str, list[Record]] = {}
        for brief in briefs:
            bank, period = brief.filer
            made: list[Record] = [judged_of(period, m) for m in marks.judgements.get(bank, ())]
            made += [adjusted_of(period, one) for one in brief.adjustments]
            if made:
                groups.setdefault(bank, []).extend(made)
        self._count(self._ledger.append_all(groups))

    def settled(self, found: Iterable[Done]) -> Iterator[Done]:
        """Append some banks at a time, each whole or not at all.

        Whoever interrupts the run keeps what was done until then.
        """
        some: list[Done] = []
        try:
            for done in found:
                some.append(done)
                if len(some) == _AT_ONCE:
                    full, some = some, []
                    yield from self._kept(full)
        except KeyboardInterrupt:
            self._kept(some)
            raise
        yield from self._kept(some)

    def finish(self) -> None:
        """Note where all chains end: the digest for the manifest."""
        self.head = self._ledger.finish_run()

    def _kept(self, some: Sequence[Done]) -> list[Done]:
        filings = [done.filing for done in some if done.filing is not None]
        result = self._ledger.append_evaluations(filings, at_once=_AT_ONCE)
        self._count(result)
        kept = list(some)
        if result.rejected:
            before = self._known_of(filings, {bank for bank, _ in result.rejected})
            kept = [self._unless_rejected(done, before) for done in some]
        self.keep_refused(done.row for done in kept)
        return kept

    def _known_of(self, filings: Iterable[Filing], banks: set[str]) -> Before:
        return filed_before(self._ledger, {one.filed.period for one in filings}, banks)

    def _unless_rejected(self, done: Done, before: Before) -> Done:
        """Another run was faster with another file of this number: its papers are withdrawn."""
        if done.filing is None:
            return done
        filed = done.filing.filed
        error = taken(before, (done.filing.bank, filed.period), filed.sequence, filed.sha256)
        if error is None:
            return replace(done, filing=None)
        return Done(withdraw(done.row, self._spoken(error), self._run.target))

    def _unless_taken(self, one: Measured) -> Measured:
        if one.brief is None:
            return one
        error = taken(self.before, one.brief.filer, one.brief.sequence, one.sha256)
        if error is None:
            return one
        return Measured(one.path, one.sha256, refusal=self._spoken(error))

    def _spoken(self, error: SuperviseError) -> SuperviseError:
        from supervise.read.error_words import in_language

        return in_language(error, self._run.settings.lang)

    def _count(self, result: Appended) -> None:
        self.added += result.added


def _told(row: Row) -> SuperviseError:
    return SuperviseError(row.message, fix=row.fix, code=row.reason)
