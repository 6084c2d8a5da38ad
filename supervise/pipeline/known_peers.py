"""Whom a bank is compared with: everything that stands for its period, wherever it is known from.

In: the filings of a run, slim, and the ledger. Out: sorted values by period and bank type. Files
arrive over days, so a run sees few of them; the others stand in the ledger. Where references were
frozen for a period (``rules freeze``) these count, and nothing that came later changes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from supervise.core.peers import COMPARED_LEVEL, Peers, in_rising_order
from supervise.pipeline.filed_before import Filer
from supervise.pipeline.frozen_peers import frozen_values
from supervise.pipeline.measured import Measured
from supervise.record import field, record

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.ledger import Ledger
    from supervise.ledger.standing import Standing


@record(kw_only=True)
class Compared:
    """One filing of a run as its peers see it: plain values that cross a process border.

    Attributes:
        accepted: Nothing blocks it.
        type: Bank type id.
        values: Every value that peers are compared with, by the keys of ``Context.peers``.
    """

    bank: str
    period: str
    sequence: int
    sha256: str
    accepted: bool
    type: str
    level: str
    values: Mapping[str, Fraction]


@record(kw_only=True)
class KnownPeers:
    """All that stands for the periods of a run.

    Attributes:
        values: By period and bank type: the sorted values of legal persons that are not blocked.
        frozen: Periods whose values were frozen.
        elsewhere: Filings that stand and are not among the files of the run.
    """

    values: Mapping[str, Mapping[str, Peers]]
    frozen: frozenset[str] = frozenset()
    elsewhere: Mapping[Filer, Standing] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, period: str, bank_type: str) -> Peers:
        """The values that a bank of this type is compared with."""
        return self.values.get(period, {}).get(bank_type, {})

    def file_of(self, filer: Filer, store: Path | None) -> Path | None:
        """The original bytes of a filing that stands elsewhere, where the store has them.

        Args:
            filer: A bank and a period, such as the legal person of a branch of this run.
            store: The folder of the original bytes.
        """
        stands = self.elsewhere.get(filer)
        if stands is None or store is None or not stands.filed.kept:
            return None
        from supervise.ledger.store import Store

        place = Store(store).place(stands.filed.kept)
        return place if place.is_file() else None


def compared_of_run(found: Iterable[Measured]) -> Iterator[Compared]:
    """The files of a run that could be judged, as their peers see them."""
    for one in found:
        if one.brief is not None:
            yield Compared(
                bank=one.brief.code,
                period=one.brief.period,
                sequence=one.brief.sequence,
                sha256=one.sha256,
                accepted=one.brief.status != "blocked",
                type=one.brief.type,
                level=one.brief.level,
                values=one.brief.values,
            )


def known_peers(here: Iterable[Compared], ledger: Ledger | None = None) -> KnownPeers:
    """Put the files of a run beside what the ledger has of the same periods.

    Args:
        here: Every file of the run that could be judged and is not refused.
        ledger: What was filed in earlier runs; None: nothing.
    """
    files = tuple(here)
    own = _standing(files)
    elsewhere: dict[Filer, Standing] = {}
    if ledger is not None:
        elsewhere = _elsewhere(ledger, files, own)
    values = chain(
        (one for filer, one in own.items() if filer not in elsewhere),
        _kept(ledger, elsewhere.values()) if ledger is not None else (),
    )
    frozen = frozen_values(ledger, {one.period for one in files}) if ledger is not None else {}
    return KnownPeers(
        values={**_grouped(values), **frozen},
        frozen=frozenset(frozen),
        elsewhere=elsewhere,
    )


def peers_of_ledger(ledger: Ledger, period: str) -> Mapping[str, Peers]:
    """By bank type: the values of all that stands in the ledger for a period."""
    stands = ledger.all_standing(period).values()
    return _grouped(_kept(ledger, stands)).get(period, {})


def _standing(files: Iterable[Compared]) -> dict[Filer, Compared]:
    best: dict[Filer, Compared] = {}
    for one in files:
        filer = (one.bank, one.period)
        if filer not in best or _rank(one) > _rank(best[filer]):
            best[filer] = one
    return best


def _rank(one: Compared) -> tuple[bool, int]:
    return one.accepted, one.sequence


def _elsewhere(
    ledger: Ledger, files: Iterable[Compared], own: Mapping[Filer, Compared]
) -> dict[Filer, Standing]:
    """What stands and was not judged anew; a filing that was counts as it is judged now."""
    here = {(one.bank, one.period, one.sha256) for one in files}
    best: dict[Filer, Standing] = {}
    for filing in ledger.filings({period for _, period, _ in here}):
        filer = (filing.bank, filing.filed.period)
        if (*filer, filing.filed.sha256) in here:
            continue
        rank = filing.accepted, filing.filed.sequence
        if filer in own and _rank(own[filer]) >= rank:
            continue
        if filer not in best or rank > (best[filer].accepted, best[filer].filed.sequence):
            best[filer] = filing
    return best


def _kept(ledger: Ledger, stands: Iterable[Standing]) -> Iterator[Compared]:
    from supervise.pipeline.region_kept import compared_of

    wanted = [one for one in stands if one.accepted and one.filed.level == COMPARED_LEVEL]
    for one, excerpt in ledger.excerpts(wanted):
        filed = one.filed
        yield Compared(
            bank=one.bank,
            period=filed.period,
            sequence=filed.sequence,
            sha256=filed.sha256,
            accepted=True,
            type=filed.bank_type,
            level=filed.level,
            values=compared_of(excerpt) or {},
        )


def _grouped(stands: Iterable[Compared]) -> dict[str, Mapping[str, Peers]]:
    """Sorted values by period and type, whatever the order in which the banks come."""
    collected: dict[str, dict[str, dict[str, list[Fraction]]]] = {}
    for one in stands:
        if not one.accepted or one.level != COMPARED_LEVEL:
            continue
        group = collected.setdefault(one.period, {}).setdefault(one.type, {})
        for key, value in one.values.items():
            group.setdefault(key, []).append(value)
    return {
        period: {
            bank_type: {key: _sorted(values) for key, values in group.items()}
            for bank_type, group in types.items()
        }
        for period, types in collected.items()
    }


def _sorted(values: Sequence[Fraction]) -> tuple[Fraction, ...]:
    return tuple(values[place] for place in in_rising_order(values))
