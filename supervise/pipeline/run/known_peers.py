"""Whom a bank is compared with: everything that stands for its period, wherever it is known from.

Files arrive over days, so a run sees few of them; the others stand in the ledger. In: the files of
a run as measured, and the ledger. Out: what stands elsewhere, as briefs beside those of the run.
Where references were frozen for a period (``rules freeze``) these count, whatever comes later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

from supervise.pipeline.ledger.filed_before import Filer
from supervise.pipeline.run.elsewhere import stands_elsewhere
from supervise.pipeline.run.frozen_peers import Values, frozen_values
from supervise.pipeline.run.measured import Brief, Measured
from supervise.record import field, record

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.ledger import Ledger
    from supervise.ledger.standing import Standing


@record(kw_only=True)
class KnownPeers:
    """What stands for the periods of a run and is not among its files.

    Attributes:
        briefs: Of banks that may be peers; only what peers are compared with is known of them.
        frozen: By period and bank type: the values that were frozen, rising.
        elsewhere: The filings themselves.
    """

    briefs: tuple[Brief, ...] = ()
    frozen: Mapping[str, Mapping[str, Values]] = field(default_factory=lambda: MappingProxyType({}))
    elsewhere: Mapping[Filer, Standing] = field(default_factory=lambda: MappingProxyType({}))


NOBODY = KnownPeers()


def known_peers(files: Sequence[Measured], ledger: Ledger | None) -> KnownPeers:
    """What the ledger has of the periods of these files.

    Args:
        files: Every file of the run that could be judged and is not refused.
        ledger: What was filed in earlier runs; None: nothing.
    """
    if ledger is None:
        return NOBODY
    periods = {one.brief.period for one in files if one.brief is not None}
    elsewhere = stands_elsewhere(files, periods, ledger)
    return KnownPeers(
        briefs=tuple(_briefs(ledger, elsewhere.values())),
        frozen=frozen_values(ledger, periods),
        elsewhere=elsewhere,
    )


def values_of_ledger(ledger: Ledger, period: str) -> dict[str, Values]:
    """By bank type: the values of all that stands in the ledger for a period, rising."""
    collected: dict[str, dict[str, list[Fraction]]] = {}
    for brief in _briefs(ledger, ledger.all_standing(period).values()):
        group = collected.setdefault(brief.type, {})
        for key, value in brief.values.items():
            group.setdefault(key, []).append(value)
    return {
        bank_type: {key: tuple(sorted(values)) for key, values in group.items()}
        for bank_type, group in collected.items()
    }


def _briefs(ledger: Ledger, stands: Iterable[Standing]) -> Iterator[Brief]:
    """Of those that may be peers, what peers are compared with."""
    from supervise.pipeline.ledger.region import compared_of

    wanted = [one for one in stands if one.accepted and one.filed.level == "legal_person"]
    for one, excerpt in ledger.excerpts(wanted):
        filed, judged = one.filed, one.evaluation
        assert judged is not None
        yield Brief(
            code=one.bank,
            type=filed.bank_type,
            level=filed.level,
            parent=filed.parent,
            province=filed.province,
            period=filed.period,
            sequence=filed.sequence,
            status="passed",
            faults=(judged.blocking, judged.unanswered),
            values=compared_of(excerpt),
            aside={},
        )
