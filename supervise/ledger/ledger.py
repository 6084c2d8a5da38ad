"""A ledger: opened by its address, appended to, asked, verified, exported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from types import TracebackType

from supervise.errors import LedgerError
from supervise.ledger import standing as reading
from supervise.ledger.address import Address
from supervise.ledger.appending import Appended, Group, append_groups, heads_of
from supervise.ledger.connecting import PATIENCE, Connector
from supervise.ledger.drafting import drafted
from supervise.ledger.exporting import exported
from supervise.ledger.faults import fault
from supervise.ledger.filing import Filing
from supervise.ledger.kinds import Record
from supervise.ledger.later_records import ParcelStep
from supervise.ledger.questions import Questions
from supervise.ledger.records import (
    OFFICE,
    HeadRow,
    RulebookUsed,
    RunFinished,
    RunStarted,
)
from supervise.ledger.upgrading import require_version
from supervise.ledger.verifying import Heads, Verified, head_digest, verify

_AT_ONCE = 64
"""Banks a transaction: few enough that others get in, many enough that it costs nothing."""


class Ledger(Questions):
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
        super().__init__(Connector(address, patience=patience))
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
        """On the office's chain, once a process: writers are not to wait there for each other.

        Of several banks that one law judges the first tells: the same however many come at once.
        """
        fresh: dict[str, RulebookUsed] = {}
        for one in used:
            if one.digest not in self._rulebooks:
                fresh.setdefault(one.digest, one)
        if fresh:
            self._append([(OFFICE, [drafted(fresh[digest]) for digest in sorted(fresh)])])
            self._rulebooks |= fresh.keys()

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
