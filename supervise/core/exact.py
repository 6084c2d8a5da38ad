"""Exact fractions: sums and products of them, and as decimals what a cell holds, people see.

Most figures are whole numbers. Reckoned with as such they are some three times as fast as the
operators of ``Fraction``, which go through a greatest common divisor for each.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm

_WIDE = Context(prec=100, rounding=ROUND_HALF_UP)
"""Digits enough for the quotient of any two figures, however absurd."""


def plus(one: Fraction, two: Fraction) -> Fraction:
    """The sum of two figures."""
    left, under = one.as_integer_ratio()
    right, below = two.as_integer_ratio()
    if under == below == 1:
        return Fraction(left + right)
    return Fraction(left * below + right * under, under * below)


def minus(one: Fraction, two: Fraction) -> Fraction:
    """The first figure less the second."""
    left, under = one.as_integer_ratio()
    right, below = two.as_integer_ratio()
    if under == below == 1:
        return Fraction(left - right)
    return Fraction(left * below - right * under, under * below)


def times(one: Fraction, two: Fraction) -> Fraction:
    """The product of two figures."""
    left, under = one.as_integer_ratio()
    right, below = two.as_integer_ratio()
    if under == below == 1:
        return Fraction(left * right)
    return Fraction(left * right, under * below)


def over(one: Fraction, two: Fraction) -> Fraction:
    """The first figure by the second, which is not zero."""
    left, under = one.as_integer_ratio()
    right, below = two.as_integer_ratio()
    return Fraction(left * below, under * right)


def is_less(one: Fraction, two: Fraction) -> bool:
    """Whether the first figure is the smaller one."""
    left, under = one.as_integer_ratio()
    right, below = two.as_integer_ratio()
    return left * below < right * under


def total(figures: Iterable[Fraction]) -> Fraction:
    """The sum of any number of figures; of none zero."""
    above, below = 0, 1
    for figure in figures:
        more, under = figure.as_integer_ratio()
        if under != below:
            common = lcm(below, under)
            above, more, below = above * (common // below), more * (common // under), common
        above += more
    return Fraction(above, below)


def within(figure: Fraction, low: Fraction, high: Fraction) -> Fraction:
    """A figure, or the limit that it lies beyond."""
    if is_less(figure, low):
        return low
    return high if is_less(high, figure) else figure


def as_decimal(value: Fraction) -> Decimal:
    """A figure as a cell holds it, to 28 significant digits."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def rounded(value: Fraction, places: int) -> Decimal:
    """A figure to so many decimals, halves away from zero, whatever its length."""
    exact = _WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))
    return _WIDE.quantize(exact, Decimal(1).scaleb(-places))


def fixed(above: int, below: int, places: int) -> str:
    """A quotient to so many decimals, thousands set off, halves away from zero.

    Example:
        >>> fixed(-12345675, 10000, 2)
        '-1,234.57'
    """
    unit: int = 10**places
    whole, rest = divmod((abs(above) * unit * 2 + below) // (below * 2), unit)
    digits = f"{whole:,}.{rest:0{places}d}" if places else f"{whole:,}"
    return f"-{digits}" if above < 0 else digits


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
