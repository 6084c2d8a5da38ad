"""Where a value stands among live peers 同业比较: context only, never points (rule 7).

Under ten banks no standing is given. The range is trimmed at the 5th and 95th percentile, so
that one odd figure does not stretch every chart.
"""

from __future__ import annotations

from decimal import Context as Digits
from decimal import Decimal
from fractions import Fraction

from supervise.core.context import Context, PeerStat
from supervise.core.law import Better
from supervise.record import replace

FEWEST = 10
TRIM = Fraction(5, 100)
TOLD = Digits(prec=6)
OWN = frozenset({"percentile"})
"""What speaks of this bank alone, and needs no guard."""
COMPARED_LEVEL = "legal_person"
"""A branch's figures are part of its legal person's and would count twice."""
TOTAL = "total"
"""Key of the total among the values of peers; an element's is ``element_key``."""


def element_key(element: str) -> str:
    """Key of an element's points among the values of peers."""
    return f"element.{element}"


def among(context: Context, key: str, value: Fraction | None, better: Better) -> PeerStat | None:
    """Where a value stands among those that the context knows under ``key``; None: it has none.

    A context that was told of standings, not of values, is asked for the standing itself.
    """
    if value is None:
        return None
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
    n = len(values)
    if n < FEWEST:
        return PeerStat(group, n, None, None, None, "few_peers")
    below = sum(1 for v in values if v < value)
    same = sum(1 for v in values if v == value)
    percentile = (below + Fraction(same, 2)) / n
    if better == "lower":
        percentile = 1 - percentile
    quartile = None if better == "band" else 4 - min(int(percentile * 4), 3)
    return PeerStat(
        group,
        n,
        quantile(values, Fraction(1, 2)),
        quartile,
        percentile,
        trimmed_min=quantile(values, TRIM),
        trimmed_max=quantile(values, 1 - TRIM),
        p25=quantile(values, Fraction(1, 4)),
        p75=quantile(values, Fraction(3, 4)),
    )


def quantile(values: tuple[Fraction, ...], share: Fraction) -> Fraction:
    """The value below which ``share`` of the sorted values lie, on straight lines between.

    Example:
        >>> quantile((Fraction(1), Fraction(3)), Fraction(1, 2))
        Fraction(2, 1)
    """
    place = share * (len(values) - 1)
    left = int(place)
    right = min(left + 1, len(values) - 1)
    return values[left] + (values[right] - values[left]) * (place - left)


def median(values: tuple[Fraction, ...]) -> Fraction:
    """The middle of some sorted values, in the six digits that may be told of a group."""
    return _six_digits(quantile(values, Fraction(1, 2)))


def guarded(stat: PeerStat) -> PeerStat:
    """A standing whose figures of the group have six digits.

    A median may be one bank's ratio. As an exact fraction it would give away the amounts that it
    was made of.
    """
    figures = {name: getattr(stat, name) for name in stat.__slots__ if name not in OWN}  # type: ignore[attr-defined]  # a record
    rough = {n: _six_digits(v) for n, v in figures.items() if isinstance(v, Fraction)}
    return replace(stat, **rough)


def _six_digits(value: Fraction) -> Fraction:
    return Fraction(TOLD.divide(Decimal(value.numerator), Decimal(value.denominator)))
