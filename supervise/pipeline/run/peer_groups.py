"""Peers of a run: banks of one type in one period → each bank's places among them.

A group's values are sorted once; a bank is sent its places in them and what the group comes
to, never the values, so that the work grows with the number of banks and not with its square.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache

from supervise.core.context import Place, Spread
from supervise.core.peers import FEWEST, guarded_spread, in_rising_order, place_of, spread_of
from supervise.core.period import Period
from supervise.pipeline.run.frozen_peers import Values
from supervise.pipeline.run.measured import Brief
from supervise.read.words import read_words
from supervise.record import record
from supervise.write.numbers import Numbers

_FIGURES = ("median", "trimmed_min", "trimmed_max", "p25", "p75")
Rank = tuple[int, int]
"""How many values are below, and how many are the same, one's own included."""


@record
class Ranked:
    """Where one bank stands, small enough to go along with its job.

    Attributes:
        spreads: What its group comes to, as JSON; one text for the whole group.
        ranks: By the keys of ``Context.peers``.
        frozen: The group is the one that was frozen for the period.
    """

    spreads: str
    ranks: Mapping[str, Rank]
    frozen: bool = False

    @property
    def places(self) -> Mapping[str, Place]:
        """The same as a context wants it."""
        spreads = _spreads(self.spreads)
        return {key: Place(spreads[key], *rank) for key, rank in self.ranks.items()}


class Peers:
    """The groups of a run.

    Args:
        briefs: Of the filings that stand.
        frozen: By period and bank type: values that stand instead of those of the banks.
    """

    def __init__(
        self, briefs: Iterable[Brief], frozen: Mapping[str, Mapping[str, Values]] | None = None
    ) -> None:
        told = frozen or {}
        members: dict[tuple[str, str], list[Brief]] = {}
        for brief in briefs:
            if brief.compared and brief.period not in told:
                members.setdefault((brief.period, brief.type), []).append(brief)
        self._groups = {group: _Group(some) for group, some in members.items()}
        for period, types in told.items():
            for bank_type, values in types.items():
                self._groups[period, bank_type] = _Group((), values)

    def ranked(self, brief: Brief) -> Ranked | None:
        """Where a bank stands, also one whose filing does not; None: it is compared with nobody."""
        group = self._groups.get((brief.period, brief.type)) if brief.compared else None
        return group.ranked(brief) if group is not None else None


class _Group:
    def __init__(self, members: Sequence[Brief], frozen: Values | None = None) -> None:
        columns: dict[str, list[tuple[Fraction, int]]] = {}
        for number, member in enumerate(members):
            for key, value in member.values.items():
                columns.setdefault(key, []).append((value, number))
        self._ranks: list[dict[str, Rank]] = [{} for _ in members]
        self._numbers = {id(member): number for number, member in enumerate(members)}
        self._members = members  # so that no other brief gets one of these ids
        self._frozen = frozen is not None
        self._values: dict[str, Sequence[Fraction]] = dict(frozen or {})
        self._values |= {key: self._sorted(key, column) for key, column in columns.items()}
        self._spread = {k: guarded_spread(spread_of(values)) for k, values in self._values.items()}
        self._told = _text(self._spread)

    def _sorted(self, key: str, column: Sequence[tuple[Fraction, int]]) -> list[Fraction]:
        """The values in rising order; the ranks of their owners follow from their places in it."""
        order = in_rising_order([value for value, _ in column])
        values = [column[at][0] for at in order]
        start, n = 0, len(values)
        while start < n:
            end = start + 1
            while end < n and values[end] == values[start]:
                end += 1
            for at in order[start:end]:
                self._ranks[column[at][1]][key] = (start, end - start)
            start = end
        return values

    def ranked(self, brief: Brief) -> Ranked:
        number = self._numbers.get(id(brief))
        ranks = dict(self._ranks[number]) if number is not None else {}
        for values in (brief.values, brief.aside):
            for key, value in values.items():
                if key not in ranks and key in self._values:
                    place = place_of(value, self._values[key], self._spread[key])
                    ranks[key] = (place.below, place.same)
        return Ranked(self._told, ranks, self._frozen)


def _text(spreads: Mapping[str, Spread]) -> str:
    told = {
        key: [spread.n, *(str(getattr(spread, name)) for name in _FIGURES if spread.n >= FEWEST)]
        for key, spread in spreads.items()
    }
    return json.dumps(told)


@lru_cache(maxsize=64)
def _spreads(text: str) -> Mapping[str, Spread]:
    """Read once for a group in each process."""
    return {
        key: Spread(n, *map(Fraction, figures)) for key, (n, *figures) in json.loads(text).items()
    }


def group_name(name: str, period: Period, ranked: Ranked | None, lang: str) -> str:
    """Whom a bank is compared with, in words; said if their values were frozen.

    Args:
        name: Of the bank type.
        period: That is judged.
        ranked: Where the bank stands.
        lang: Of the document.
    """
    if ranked is None or not ranked.frozen:
        return name
    words = read_words(lang)
    return words("report.peers.frozen", group=name, period=Numbers(words).period(period))
