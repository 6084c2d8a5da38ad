"""Exact fractions as decimals: what a cell would hold, what people are shown."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache

_WIDE = Context(prec=100, rounding=ROUND_HALF_UP)
"""Digits enough for the quotient of any two figures, however absurd."""


def as_decimal(value: Fraction) -> Decimal:
    """A figure as a cell holds it, to 28 significant digits."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def rounded(value: Fraction, places: int) -> Decimal:
    """A figure to so many decimals, halves away from zero, whatever its length."""
    exact = _WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))
    return _WIDE.quantize(exact, Decimal(1).scaleb(-places))


def bare(value: Decimal) -> str:
    """Digits without exponent or trailing zeros."""
    return f"{_WIDE.normalize(value):f}"


def exact_text(value: Fraction) -> str:
    """A figure in full: a decimal where it ends, else ``3/7``.

    Example:
        >>> exact_text(Fraction(1, 8)), exact_text(Fraction(-3, 7)), exact_text(Fraction(1200))
        ('0.125', '-3/7', '1200')
    """
    return _exact(value.numerator, value.denominator)


# The spread of a group comes again beside each of its banks.
@lru_cache(maxsize=1 << 14)
def _exact(above: int, below: int) -> str:
    twos = fives = 0
    rest = below
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{above}/{below}"
    places = max(twos, fives)
    digits = str(abs(above) * 10**places // below).rjust(places + 1, "0")
    sign = "-" if above < 0 else ""
    whole, part = digits[: len(digits) - places], digits[len(digits) - places :]
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"
