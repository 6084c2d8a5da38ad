"""What the ledger knew of a period's filings before this run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from supervise.errors import LedgerError
from supervise.record import record

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.ledger import Ledger

Filer = tuple[str, str]
"""A bank's code and a period."""


@record
class FiledBefore:
    """A filing that the ledger has.

    Attributes:
        accepted: Judged, and nothing blocks it.
        document: Digest of the document of its latest evaluation; empty: not judged.
    """

    sequence: int
    sha256: str
    accepted: bool
    document: str = ""


Before = Mapping[Filer, tuple[FiledBefore, ...]]
NOTHING: Before = MappingProxyType({})


def filed_before(
    ledger: Ledger, periods: Iterable[str], banks: Collection[str] | None = None
) -> Before:
    """Every filing for these periods, by bank and period: two queries for all of them.

    Args:
        ledger: Where to look.
        periods: As ``2026Q3``.
        banks: Their codes; None: all.
    """
    from supervise.ledger.records import Evaluated, Filed

    wanted = sorted(set(periods))
    latest = {
        (bank, one.period, one.submission): (one.status, one.document)
        for bank, one in ledger.records(Evaluated, institutions=banks, periods=wanted)
    }
    found: dict[Filer, list[FiledBefore]] = {}
    for bank, one in ledger.records(Filed, institutions=banks, periods=wanted):
        status, document = latest.get((bank, one.period, one.sha256), ("blocked", ""))
        filing = FiledBefore(one.sequence, one.sha256, status != "blocked", document)
        found.setdefault((bank, one.period), []).append(filing)
    return {filer: tuple(filings) for filer, filings in found.items()}


def recorded(before: Before, filer: Filer, sha256: str) -> str:
    """Digest of the latest document that the ledger has of a file; empty: it has none."""
    return next((one.document for one in before.get(filer, ()) if one.sha256 == sha256), "")


def taken(before: Before, filer: Filer, sequence: int, sha256: str) -> LedgerError | None:
    """Why a file cannot be filed: another one was, under its sequence number; None: it can."""
    from supervise.ledger.faults import fault

    for one in before.get(filer, ()):
        if one.sequence == sequence and one.sha256 != sha256:
            where = f"{filer[0]} {filer[1]}-{sequence}"
            return fault("sequence_taken", where, known=one.sha256)
    return None
