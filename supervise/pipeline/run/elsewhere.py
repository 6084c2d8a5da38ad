"""Filings that stand in the ledger for the periods of a run and are not among its files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from supervise.pipeline.ledger.filed_before import Filer
from supervise.pipeline.run.measured import Measured

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.ledger import Ledger
    from supervise.ledger.standing import Standing

Elsewhere: TypeAlias = Mapping[Filer, "Standing"]


def stands_elsewhere(
    files: Iterable[Measured], periods: Set[str], ledger: Ledger | None
) -> Elsewhere:
    """What stands and was not judged anew; a file that was counts as it is judged now.

    Args:
        files: Those of the run that could be judged and are not refused.
        periods: For which it stands.
        ledger: What was filed in earlier runs; None: nothing.
    """
    if ledger is None:
        return {}
    here: set[tuple[str, str, str]] = set()
    own: dict[Filer, tuple[bool, int]] = {}
    for one in files:
        if one.brief is not None:
            here.add((*one.brief.filer, one.sha256))
            rank = one.brief.status != "blocked", one.brief.sequence
            own[one.brief.filer] = max(rank, own.get(one.brief.filer, rank))
    best: dict[Filer, Standing] = {}
    for filing in ledger.filings(periods):
        filer = (filing.bank, filing.filed.period)
        known = (*filer, filing.filed.sha256) in here
        if known or (filer in own and own[filer] >= _rank(filing)):
            continue
        if filer not in best or _rank(filing) > _rank(best[filer]):
            best[filer] = filing
    return best


def kept_file(elsewhere: Elsewhere, filer: Filer, store: Path | None) -> tuple[Path, str] | None:
    """A filing's original bytes, where the store has them, and what its result rests on.

    Args:
        elsewhere: What stands.
        filer: A bank and a period, such as the legal person of a branch of this run.
        store: The folder of the original bytes.
    """
    stands = elsewhere.get(filer)
    if stands is None or store is None or not stands.filed.kept:
        return None
    from supervise.ledger.store import Store

    place = Store(store).place(stands.filed.kept)
    rests = stands.evaluation.document if stands.evaluation is not None else ""
    return (place, rests) if place.is_file() else None


def _rank(filing: Standing) -> tuple[bool, int]:
    return filing.accepted, filing.filed.sequence
