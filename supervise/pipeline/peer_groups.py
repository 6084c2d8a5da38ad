"""What banks are compared with → each bank's places in it, small enough to go along with its job.

A bank is sent its places among the values of its group and what these come to, never the values
themselves: so the work grows with the number of banks and not with its square.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache

from supervise.core.context import Place, Spread
from supervise.core.peers import (
    FEWEST,
    Peers,
    guarded_spread,
    in_whole_numbers,
    place_of,
    spread_of,
)
from supervise.pipeline.known_peers import KnownPeers
from supervise.pipeline.measured import Brief
from supervise.record import record

_FIGURES = ("median", "trimmed_min", "trimmed_max", "p25", "p75")
Rank = tuple[int, int]
"""How many values are below, and how many are the same, one's own included."""


@record
class Ranked:
    """Where one bank stands.

    Attributes:
        spreads: What its group comes to, as JSON; one text for the whole group.
        ranks: By the keys of ``Context.peers``.
        frozen: The values were frozen for the period.
    """

    spreads: str
    ranks: Mapping[str, Rank]
    frozen: bool = False

    @property
    def places(self) -> Mapping[str, Place]:
        """The same as a context wants it."""
        spreads = _spreads(self.spreads)
        return {key: Place(spreads[key], *rank) for key, rank in self.ranks.items()}


class Groups:
    """The groups that the banks of a run are compared with, each looked through once.

    Args:
        known: Their values.
    """

    def __init__(self, known: KnownPeers) -> None:
        self._known = known
        self._groups: dict[tuple[str, str], _Group] = {}

    def ranked(self, brief: Brief) -> Ranked | None:
        """Where a bank stands, also one whose filing does not; None: it is compared with nobody."""
        if not brief.compared:
            return None
        group = (brief.period, brief.type)
        if group not in self._groups:
            self._groups[group] = _Group(self._known.of(*group))
        found = self._groups[group]
        frozen = brief.period in self._known.frozen
        return Ranked(found.told, found.ranks((brief.values, brief.aside)), frozen)


class _Group:
    def __init__(self, peers: Peers) -> None:
        self._columns = {key: _Column(values) for key, values in peers.items()}
        self.told = _text({key: column.spread for key, column in self._columns.items()})

    def ranks(self, values: Iterable[Mapping[str, Fraction]]) -> dict[str, Rank]:
        return {
            key: self._columns[key].rank(value)
            for some in values
            for key, value in some.items()
            if key in self._columns
        }


class _Column:
    """The values under one key."""

    def __init__(self, values: Sequence[Fraction]) -> None:
        self.spread = guarded_spread(spread_of(values))
        self._values = values
        self._whole = in_whole_numbers(values)

    def rank(self, value: Fraction) -> Rank:
        """Found among whole numbers, which compare fast; exact where these are not apart."""
        (whole,) = in_whole_numbers((value,))
        start, end = bisect_left(self._whole, whole), bisect_right(self._whole, whole)
        near = self._values[start:end]
        if near and near[0] == near[-1] == value:
            return start, end - start
        place = place_of(value, near, self.spread)
        return start + place.below, place.same


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
