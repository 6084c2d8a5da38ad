"""Peer values that were frozen for a period, as the ledger has them; see ``law/freezing.py``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.ledger import Ledger
    from supervise.ledger.records import FrozenReference

Values = Mapping[str, tuple[Fraction, ...]]
"""By the keys of ``Context.peers``: what a group comes to, rising."""
VALUES = "values"
"""Statistic that is all values, rising."""


def frozen_values(ledger: Ledger, periods: Collection[str]) -> dict[str, Mapping[str, Values]]:
    """By period and bank type; a period that was never frozen is left out."""
    found: dict[str, dict[str, dict[str, tuple[Fraction, ...]]]] = {}
    for one in frozen_records(ledger, periods):
        if one.statistic == VALUES and one.value is not None:
            values = tuple(Fraction(text) for text in one.value.split())
            found.setdefault(one.period, {}).setdefault(one.group, {})[one.measure] = values
    return {period: dict(groups) for period, groups in found.items()}


def frozen_records(ledger: Ledger, periods: Collection[str]) -> list[FrozenReference]:
    """What counts of the references frozen for these periods: the latest of each key."""
    from supervise.ledger.records import OFFICE, FrozenReference

    known = ledger.records(FrozenReference, institutions=[OFFICE], periods=periods, latest=True)
    return [one for _, one in known]
