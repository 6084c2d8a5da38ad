"""Where a value stands among live peers 同业比较: context only, never points (rule 7).

Under ten banks no standing is given. The range is trimmed at the 5th and 95th percentile, so
that one odd figure does not stretch every chart.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from decimal import Context as Digits
from decimal import Decimal
from fractions import Fraction

from supervise.core.context import Context, PeerStat, Place, Spread
from supervise.core.evaluation import Evaluation
from supervise.core.law import Better
from supervise.record import record, replace

FEWEST = 10
TRIM = Fraction(5, 100)
TOLD = Digits(prec=6)
_FINE = 10**18
OWN = frozenset({"percentile"})
"""What speaks of this bank alone, and needs no guard."""
TOTAL = "total"
"""Key of the total among the values of peers; an element's is ``element_key``."""


def element_key(element: str) -> str:
    """Key of an element's points among the values of peers."""
    return f"element.{element}"


Peers = Mapping[str, tuple[Fraction, ...]]
"""The values of a group in rising order, by the keys of ``Context.peers``."""


@record
class Comparable:
    """One value of a bank beside which its peers' may be set.

    Attributes:
        counts: It is one of the values that peers are compared with.
    """

    key: str
    value: Fraction
    better: Better
    counts: bool


def comparables(evaluation: Evaluation) -> Iterator[Comparable]:
    """Every value of a bank that has a standing where its peers are known."""
    yield Comparable(TOTAL, evaluation.score.total, "higher", True)
    for element in evaluation.elements:
        yield Comparable(element_key(element.id), element.points, "higher", element.raw_max != 0)
    for result in evaluation.indicators:
        law = result.law
        if result.applies and result.measure.value is not None:
            yield Comparable(law.id, result.measure.value, law.better, True)
        for part in result.parts:
            if part.measure.value is not None:
                key = f"{law.id}.{part.law.id}"
                yield Comparable(key, part.measure.value, law.better, part.applies)


def compared(evaluation: Evaluation) -> Iterator[tuple[str, Fraction]]:
    """Every value of a bank that its peers are compared with."""
    for one in comparables(evaluation):
        if one.counts:
            yield one.key, one.value


def among(context: Context, key: str, value: Fraction | None, better: Better) -> PeerStat | None:
    """Where a value stands among those that the context knows under ``key``; None: it has none.

    A context that was told of places or standings, not of values, is asked for these.
    """
    if value is None:
        return None
    place = context.places.get(key)
    if place is not None:
        return placed(place, better, context.peer_group)
    values = context.peers.get(key)
    if values is None:
        return context.standings.get(key)
    return guarded(standing(value, values, better, context.peer_group))


def standing(value: Fraction, values: tuple[Fraction, ...], better: Better, group: str) -> PeerStat:
    """Percentile, quartile and median of a value in its group.

    Args:
        value: This bank's.
        values: The group's in rising order, this bank's included.
        better: Which direction is better; ``band`` gives no quartile.
        group: Name of the group.

    Returns:
        ``percentile`` is the share of banks that are worse, ties counting half (0 to 1);
        ``quartile`` 1 is the best quarter.
    """
    return placed(place_of(value, values, spread_of(values)), better, group)


def place_of(value: Fraction, values: Sequence[Fraction], spread: Spread) -> Place:
    """Where a value would stand among values in rising order, of which the spread is known."""
    below = bisect_left(values, value)
    return Place(spread, below, bisect_right(values, value, below) - below)


def in_rising_order(values: Sequence[Fraction]) -> list[int]:
    """The places of values from the smallest to the greatest.

    Exact fractions are slow to compare. Sorted by whole numbers first they are in order but for
    the closest neighbours, and the exact sorting behind it compares each just once.
    """
    order = [*range(len(values))]
    order.sort(key=[one.numerator * _FINE // one.denominator for one in values].__getitem__)
    order.sort(key=values.__getitem__)
    return order


def spread_of(values: Sequence[Fraction]) -> Spread:
    """Median, quarters and ends of a group's values in rising order; none of a small group."""
    n = len(values)
    if n < FEWEST:
        return Spread(n)
    shares = (Fraction(1, 2), TRIM, 1 - TRIM, Fraction(1, 4), Fraction(3, 4))
    return Spread(n, *(quantile(values, share) for share in shares))


def placed(place: Place, better: Better, group: str) -> PeerStat:
    """The standing of whoever has this place; ``better`` and ``group`` as for ``standing``."""
    spread = place.spread
    if spread.n < FEWEST:
        return PeerStat(group, spread.n, None, None, None, "few_peers")
    return PeerStat(
        group=group,
        n=spread.n,
        median=spread.median,
        quartile=quartile_of(place, better),
        percentile=Fraction(_worse(place, better), 2 * spread.n),
        reason=None,
        trimmed_min=spread.trimmed_min,
        trimmed_max=spread.trimmed_max,
        p25=spread.p25,
        p75=spread.p75,
    )


def quartile_of(place: Place, better: Better) -> int | None:
    """The quarter in which this place lies, 1 the best; None of a small group or of a ``band``."""
    if better == "band" or place.spread.n < FEWEST:
        return None
    return 4 - min(_worse(place, better) * 2 // place.spread.n, 3)


def _worse(place: Place, better: Better) -> int:
    """Twice the number of values that are worse, the same ones counting half."""
    worse = 2 * place.below + place.same
    return 2 * place.spread.n - worse if better == "lower" else worse


def quantile(values: Sequence[Fraction], share: Fraction) -> Fraction:
    """The value below which ``share`` of the sorted values lie, on straight lines between.

    Example:
        >>> quantile((Fraction(1), Fraction(3)), Fraction(1, 2))
        Fraction(2, 1)
    """
    place = share * (len(values) - 1)
    left = int(place)
    right = min(left + 1, len(values) - 1)
    return values[left] + (values[right] - values[left]) * (place - left)


def median(values: Sequence[Fraction]) -> Fraction:
    """The middle of some sorted values, in the six digits that may be told of a group."""
    return _six_digits(quantile(values, Fraction(1, 2)))


def guarded(stat: PeerStat) -> PeerStat:
    """A standing whose figures of the group have six digits.

    A median may be one bank's ratio. As an exact fraction it would give away the amounts that it
    was made of.
    """
    return replace(stat, **_rough(stat))


def guarded_spread(spread: Spread) -> Spread:
    """The same of a spread."""
    return replace(spread, **_rough(spread))


def _rough(told: PeerStat | Spread) -> dict[str, Fraction]:
    figures = {name: getattr(told, name) for name in told.__slots__ if name not in OWN}  # type: ignore[union-attr]  # records
    return {n: _six_digits(v) for n, v in figures.items() if isinstance(v, Fraction)}


def _six_digits(value: Fraction) -> Fraction:
    return Fraction(TOLD.divide(Decimal(value.numerator), Decimal(value.denominator)))
