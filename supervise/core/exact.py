"""Exact fractions as decimals: what a cell would hold, what people are shown."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

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
