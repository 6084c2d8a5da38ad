"""Where a bank's total and headline indicators stand among what the ledger has of its period.

Twice: among banks of its type, and among those of its type and province. Of legal persons that are
not blocked; under ten of them nothing is told (standing rule 7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from supervise.core.context import PeerStat
from supervise.core.law import Better
from supervise.core.peers import TOTAL, guarded, standing
from supervise.core.period import Period
from supervise.read.rulebook import read_rulebook
from supervise.record import record

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.ledger import Ledger
    from supervise.ledger.standing import Standing


@record(kw_only=True)
class Places:
    """The figures of a bank and of those that it is compared with.

    Attributes:
        own: By indicator id and ``total``.
        by_type: By the same: values of its type, rising; ``by_place``: of type and province.
        better: By indicator id: which direction is better.
    """

    type: str
    province: str
    own: Mapping[str, Fraction]
    by_type: Mapping[str, tuple[Fraction, ...]]
    by_place: Mapping[str, tuple[Fraction, ...]]
    better: Mapping[str, Better]

    def of(self, key: str, *, near: bool = False) -> PeerStat | None:
        """Where a figure stands; ``near``: within its province. None: it is not compared."""
        value = self.own.get(key)
        values = (self.by_place if near else self.by_type).get(key)
        if value is None or values is None:
            return None
        group = f"{self.type} {self.province}" if near else self.type
        return guarded(standing(value, values, self.better.get(key, "higher"), group))


def places_of(
    ledger: Ledger, one: Standing, indicators: Sequence[str], overlay: Path | None
) -> Places:
    """Everything that a bank's figures are set beside.

    Args:
        ledger: Where to look.
        one: The bank's filing that stands.
        indicators: Ids of its headline indicators.
        overlay: The office's law over the shipped one: it says which direction is better.
    """
    filed = one.filed
    peers = [
        each
        for each in ledger.all_standing(filed.period).values()
        if each.accepted
        and each.filed.level == "legal_person"
        and each.filed.bank_type == filed.bank_type
    ]
    figures = _figures(ledger, filed.period, peers, indicators)
    near = {each.bank for each in peers if each.filed.province == filed.province}
    period = Period.parse(filed.period)
    rulebook = read_rulebook(period, filed.bank_type, filed.province, overlay=overlay)
    return Places(
        type=filed.bank_type,
        province=filed.province,
        own=figures.get(one.bank, {}),
        by_type=_columns(figures.values()),
        by_place=_columns(told for bank, told in figures.items() if bank in near),
        better={law.id: law.better for law in rulebook.indicators},
    )


def _figures(
    ledger: Ledger, period: str, peers: Iterable[Standing], indicators: Sequence[str]
) -> dict[str, dict[str, Fraction]]:
    """By bank: its total and the indicators that it has points for."""
    numbers: dict[tuple[str, int], dict[str, Fraction]] = {}
    found: dict[str, dict[str, Fraction]] = {}
    for one in peers:
        if one.evaluation is not None:
            told = {TOTAL: Fraction(one.evaluation.total)}
            numbers[one.bank, one.number] = found[one.bank] = told
    for bank, number, indicator, value in ledger.scored_values(period, indicators):
        if (bank, number) in numbers:
            numbers[bank, number][indicator] = Fraction(value)
    return found


def _columns(figures: Iterable[Mapping[str, Fraction]]) -> dict[str, tuple[Fraction, ...]]:
    columns: dict[str, list[Fraction]] = {}
    for told in figures:
        for key, value in told.items():
            columns.setdefault(key, []).append(value)
    return {key: tuple(sorted(values)) for key, values in columns.items()}
