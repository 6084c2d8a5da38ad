"""What a run was given beside the workbooks, read once per process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from supervise.pipeline.case import known_history
from supervise.pipeline.ledger.marks import NOTHING_SAID, Said, all_said
from supervise.read.history import History
from supervise.read.judgements import NO_MARKS, Marks, read_judgements
from supervise.read.proofs import Proofs, read_proofs
from supervise.record import record

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.ledger import Ledger

_READ: WeakKeyDictionary[Ledger, dict[tuple[str, str], Mapping[str, Said]]] = WeakKeyDictionary()


@record(kw_only=True)
class Keeping:
    """Where a run is recorded: plain values, so that they can cross a process border.

    Attributes:
        ledger: As the command line names it; None: the environment does. The address itself may
            hold a secret and is never handed on.
        store: Folder that keeps the original bytes; None: they are not kept.
        received_on: Day of receipt of files that are new, ISO 8601.
        run: Identifier that everything appended is marked with.
    """

    ledger: str | None
    store: Path | None
    received_on: str
    run: str


@cache
def marks_of(path: Path | None) -> Marks:
    """Supervisors' marks and corrections; none without a file."""
    return read_judgements(path) if path else NO_MARKS


@cache
def history_of(path: Path | None) -> History:
    """Earlier evaluations; none without a folder."""
    return known_history(path)


@cache
def proofs_of(path: Path) -> Proofs:
    """The banks' proofs of self-check."""
    return read_proofs(path)


@cache
def ledger_of(option: str | None) -> Ledger:
    """The ledger of a run, opened once in each process.

    Raises:
        UsageError: None was named.
        LedgerError: It cannot be used.
    """
    from supervise.pipeline.ledger.opening import require_ledger

    return require_ledger(option)


def kept_in(keeping: Keeping | None) -> Ledger | None:
    """The ledger of a run; None where it has none."""
    return ledger_of(keeping.ledger) if keeping is not None else None


def said_of(keeping: Keeping | None, bank: str, period: str) -> Said:
    """What the ledger of a run says of a bank, as it stood when the process first asked."""
    ledger = kept_in(keeping)
    if ledger is None or keeping is None:
        return NOTHING_SAID
    known = _READ.setdefault(ledger, {})
    key = (keeping.run, period)
    if key not in known:
        known[key] = all_said(ledger, period)
    return known[key].get(bank, NOTHING_SAID)
