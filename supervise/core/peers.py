"""Where a value stands among live peers 同业比较: context only, never points (rule 7).

Under ten banks no standing is given. The range is trimmed at the 5th and 95th percentile, so
that one odd figure does not stretch every chart.
"""

from __future__ import annotations

from fractions import Fraction

from supervise.core.context import Context, PeerStat
from supervise.core.law import Better

FEWEST = 10
TRIM = Fraction(5, 100)
TOTAL = "total"
"""Key of the total among the values of peers; an element's is ``element_key``."""


def element_key(element: str) -> str:
    """Key of an element's points among the values of peers."""
    return f"element.{element}"


def among(context: Context, key: str, value: Fraction | None, better: Better) -> PeerStat | None:
    """Where a value stands among those that the context knows under ``key``; None: it has none."""
    values = context.peers.get(key)
    if values is None or value is None:
        return None
    return standing(value, values, better, context.peer_group)


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
