"""How values of several banks lie: extremes, quartiles, median; exact."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from supervise.core.peers import FEWEST, TRIM, quantile
from supervise.record import record

FEWEST_FOR_QUARTILES = 4
"""Fewer values have no quarters; their extremes and median say all."""


@record(kw_only=True)
class Spread:
    """Values in brief; quartiles only from four values on, nothing at all of none.

    Attributes:
        left: Where a chart may begin, so that one odd value does not stretch it: the least value
            of a small group, else the 5th percentile.
        right: Where a chart may end.
    """

    n: int
    least: Fraction | None = None
    lower: Fraction | None = None
    median: Fraction | None = None
    upper: Fraction | None = None
    most: Fraction | None = None
    left: Fraction | None = None
    right: Fraction | None = None


def spread(values: Iterable[Fraction]) -> Spread:
    """Extremes, quartiles and median, on straight lines between values.

    Example:
        >>> spread([Fraction(1), Fraction(2), Fraction(3), Fraction(4), Fraction(5)]).lower
        Fraction(2, 1)
    """
    rising = tuple(sorted(values))
    n = len(rising)
    if n == 0:
        return Spread(n=0)
    quarters = n >= FEWEST_FOR_QUARTILES
    return Spread(
        n=n,
        least=rising[0],
        lower=quantile(rising, Fraction(1, 4)) if quarters else None,
        median=quantile(rising, Fraction(1, 2)),
        upper=quantile(rising, Fraction(3, 4)) if quarters else None,
        most=rising[-1],
        left=quantile(rising, TRIM) if n >= FEWEST else rising[0],
        right=quantile(rising, 1 - TRIM) if n >= FEWEST else rising[-1],
    )
