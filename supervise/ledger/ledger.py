"""A ledger: opened by its address, appended to, asked, verified, exported."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from types import TracebackType
from typing import Any, TypeVar

from sqlalchemy import select

from supervise.core.context import PastEvaluation
from supervise.core.period import Period
from supervise.errors import LedgerError
from supervise.ledger import standing as reading
from supervise.ledger.address import Address
from supervise.ledger.appending import Appended, Group, append_groups, heads_of
from supervise.ledger.connecting import PATIENCE, Connector
from supervise.ledger.drafting import drafted, unpacked
from supervise.ledger.exporting import exported
from supervise.ledger.faults import fault
from supervise.ledger.filing import Filing
from supervise.ledger.kinds import Record
from supervise.ledger.later_records import ParcelStep
from supervise.ledger.past import Parse, Summable
from supervise.ledger.records import (
    OFFICE,
    Evaluated,
    HeadRow,
    RulebookUsed,
    RunFinished,
    RunStarted,
)
from supervise.ledger.schema import DOCUMENTS
from supervise.ledger.standing import Standing
from supervise.ledger.upgrading import require_version
from supervise.ledger.verifying import Heads, Verified, head_digest, verify

R = TypeVar("R")
QUARTERS = 8
_AT_ONCE = 64
"""Banks a transaction: few enough that others get in, many enough that it costs nothing."""


class Ledger:
    """One open ledger; not to be shared between processes.

    Args:
        address: Where it is.
        run: Identifier that everything appended is marked with; empty: none.
        patience: Seconds to wait for other writers.

    Raises:
        LedgerError: There is none, or this program cannot use it.
    """

    def __init__(self, address: Address, *, run: str = "", patience: int = PATIENCE) -> None:
        path = address.path
        if path is not None and not path.is_file():
            raise fault("ledger_missing", address.shown)
        self.run = run
        self._connector = Connector(address, patience=patience)
        self._rulebooks: set[str] = set()
        try:
            with self._connector.reading() as connection:
                require_version(connection, self._connector)
        except LedgerError:
            self.close()
            raise

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._connector.close()

    @property
    def shown(self) -> str:
        """The ledger as people may see it."""
        return self._connector.shown

    # --- append ------------------------------------------------------------------------------

    def append(self, institution: str, records: Iterable[Record]) -> Appended:
        """Append records to one chain in one transaction; what stands there already is skipped.

        Raises:
            LedgerError: One of them contradicts what stands; nothing was appended.
        """
        result = self._append([(institution, [drafted(one) for one in records])])
        if result.rejected:
            raise result.rejected[0][1]
        return result

    def append_all(self, groups: Mapping[str, Sequence[Record]]) -> Appended:
        """Append records to many chains, some chains a transaction; see ``append``.

        Args:
            groups: By institution; what contradicts the ledger is in ``rejected``.
        """
        result, source = Appended(), iter(groups.items())
        while some := list(islice(source, _AT_ONCE)):
            result += self._append([(who, [drafted(one) for one in made]) for who, made in some])
        return result

    def append_evaluations(self, filings: Iterable[Filing], *, at_once: int = _AT_ONCE) -> Appended:
        """Append results, each whole or not at all, some banks a transaction.

        Args:
            filings: Taken as they come.
            at_once: Banks a transaction; a crash loses no more than these, and a rerun appends
                them.

        Returns:
            What was new and what was known; a filing that contradicts what stands (another file
            under a sequence already taken) is in ``rejected`` and left out.
        """
        result, source = Appended(), iter(filings)
        while some := list(islice(source, at_once)):
            self._note_rulebooks(filing.rulebook for filing in some)
            result += self._append([(filing.bank, filing.drafts()) for filing in some])
        return result

    def advance(self, institution: str, step: ParcelStep, *, after: str | None) -> bool:
        """Append a step of the outbox if the parcel is in the state that the caller believes.

        Args:
            institution: The recipient.
            step: What happens next.
            after: State of the parcel's last step; None: it has none yet.

        Returns:
            Whether it was appended; False: another process was faster.
        """
        with self._connector.writing([institution]) as connection:
            found = reading.read(
                connection, ParcelStep, institutions=[institution], periods=[step.period]
            )
            states = [one.state for _, _, one in found if one.parcel == step.parcel]
            if (states[-1] if states else None) != after:
                return False
            append_groups(connection, [(institution, [drafted(step)])], self.run)
            return True

    def start_run(self, run: str, program: str, what: str) -> None:
        """Note that a run began; what is appended from now on carries its identifier."""
        self.run = run
        self.append(OFFICE, [RunStarted(run=run, program=program, what=what, at=_now())])

    def finish_run(self) -> str:
        """Note that the run ended and where every chain ends now.

        Returns:
            The head digest for the manifest.
        """
        heads = {bank: head for bank, head in self.heads().items() if bank != OFFICE}
        rows = tuple(HeadRow(bank, *heads[bank]) for bank in sorted(heads))
        head = head_digest(heads)
        self.append(OFFICE, [RunFinished(run=self.run, head=head, at=_now(), heads=rows)])
        return head

    def _append(self, groups: Sequence[Group]) -> Appended:
        with self._connector.writing({institution for institution, _ in groups}) as connection:
            return append_groups(connection, groups, self.run)

    def _note_rulebooks(self, used: Iterable[RulebookUsed]) -> None:
        """On the office's chain, once a process: writers are not to wait there for each other."""
        fresh = {one.digest: one for one in used if one.digest not in self._rulebooks}
        if fresh:
            self._append([(OFFICE, [drafted(fresh[digest]) for digest in sorted(fresh)])])
            self._rulebooks |= fresh.keys()

    # --- ask ---------------------------------------------------------------------------------

    def standing(self, bank: str, period: str) -> Standing | None:
        """The filing that stands for a bank and a period; None: it has not filed."""
        with self._connector.reading() as connection:
            found = reading.standing(connection, institutions=[bank], periods=[period])
        return found.get((bank, period))

    def all_standing(self, period: str) -> dict[str, Standing]:
        """The filings that stand for a period, by bank."""
        with self._connector.reading() as connection:
            found = reading.standing(connection, institutions=None, periods=[period])
        return {bank: one for (bank, _), one in sorted(found.items())}

    def filings(
        self, periods: Collection[str] | None, institutions: Collection[str] | None = None
    ) -> list[Standing]:
        """Every filing with its latest evaluation, whether it stands or not; None: all."""
        with self._connector.reading() as connection:
            return reading.filings(connection, institutions=institutions, periods=periods)

    def excerpts(self, stands: Iterable[Standing]) -> Iterator[tuple[Standing, Any]]:
        """What is kept of evaluations for later ones and for the region, as JSON gives it."""
        judged = (one for one in stands if one.evaluation is not None)
        with self._connector.reading() as connection:
            for one, data in reading.excerpts(connection, judged):
                yield one, json.loads(data)

    def history(
        self,
        bank: str,
        before: Period,
        *,
        quarters: int = QUARTERS,
        summable: Summable,
        parse: Parse,
    ) -> Mapping[str, PastEvaluation]:
        """What a bank's evaluation compares with, by period, successions followed.

        Args:
            bank: Its code now.
            before: The period that is judged.
            quarters: How far back.
            summable: Whether an item's figures may be added over predecessors.
            parse: Reads an excerpt of a document.
        """
        periods = [before.previous]
        while len(periods) < quarters:
            periods.append(periods[-1].previous)
        with self._connector.reading() as connection:
            return reading.history(connection, bank, periods, summable=summable, parse=parse)

    def first_filing(self, bank: str, period: str) -> tuple[int, int] | None:
        """Faults of a bank's first filing for a period, as ``Context.first_filing`` wants them."""
        with self._connector.reading() as connection:
            return reading.first_filing(connection, bank, period)

    def records(
        self,
        made: type[R],
        *,
        institutions: Collection[str] | None = None,
        periods: Collection[str] | None = None,
        latest: bool = False,
    ) -> list[tuple[str, R]]:
        """Records of one kind with their institution; measures and findings left out.

        Args:
            made: Their class.
            institutions: None: of all.
            periods: None: of all.
            latest: Only the last for each key.
        """
        with self._connector.reading() as connection:
            found = reading.read(
                connection, made, institutions=institutions, periods=periods, latest=latest
            )
        return [(institution, one) for institution, _, one in found]

    def evaluation(self, stands: Standing) -> Evaluated | None:
        """The evaluation of a filing with its measures and findings."""
        if stands.evaluation is None:
            return None
        with self._connector.reading() as connection:
            return reading.with_children(connection, stands.bank, stands.number, stands.evaluation)

    def document(self, stands: Standing) -> bytes | None:
        """The evaluation document of a filing, as it was appended."""
        query = select(DOCUMENTS.c.document).where(
            DOCUMENTS.c.institution == stands.bank, DOCUMENTS.c.number == stands.number
        )
        with self._connector.reading() as connection:
            packed = connection.execute(query).scalar_one_or_none()
        return None if packed is None else unpacked(packed)

    # --- prove -------------------------------------------------------------------------------

    def heads(self) -> Heads:
        """Last number and chain digest of every institution's chain."""
        with self._connector.reading() as connection:
            return heads_of(connection)

    def verify(self) -> Verified:
        """Walk all chains; see ``verifying.py``."""
        with self._connector.reading() as connection:
            return verify(connection)

    def export(self, *, without_runs: bool = False, documents: bool = False) -> Iterator[str]:
        """The ledger as JSON lines; see ``exporting.py``."""
        with self._connector.reading() as connection:
            yield from exported(connection, without_runs=without_runs, documents=documents)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
