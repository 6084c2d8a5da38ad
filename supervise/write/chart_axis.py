"""A scale from values to places, with a few round ticks."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from supervise.record import record

_ROUND = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5))
_MOST_STEPS = 3
_FLAT = Fraction(1, 20)


@record
class Axis:
    """A linear scale.

    Attributes:
        low: Value at ``start``; ``high`` the value at ``end``.
        step: From one tick to the next.
    """

    low: Fraction
    high: Fraction
    step: Fraction
    start: int
    end: int

    def place(self, value: Fraction) -> int:
        """Where a value stands, in tenths of a drawing's unit."""
        return self.start + round((self.end - self.start) * (value - self.low) / self._length)

    @property
    def _length(self) -> Fraction:
        return self.high - self.low

    @property
    def ticks(self) -> tuple[Fraction, ...]:
        """Round values from end to end."""
        first = -(-self.low // self.step)
        last = self.high // self.step
        return tuple(self.step * n for n in range(int(first), int(last) + 1))


def axis(values: Iterable[Fraction], start: int, end: int, *, least: Fraction) -> Axis:
    """An axis that holds all values and starts and ends on a round tick.

    Args:
        values: At least one.
        start: Place of the lowest tick.
        end: Place of the highest.
        least: The smallest step that makes sense: 1 for households, 0.0001 for 0.01 %.
    """
    known = tuple(values)
    low, high = min(known), max(known)
    if low == high:
        margin = max(abs(low) * _FLAT, least)
        low, high = low - margin, high + margin
    step = max(round_step((high - low) / _MOST_STEPS), least)
    bottom, top = low // step * step, -(-high // step) * step
    return Axis(Fraction(bottom), Fraction(top), step, start, end)


def round_step(span: Fraction) -> Fraction:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below ``span``.

    Example:
        >>> round_step(Fraction("0.021"))
        Fraction(1, 40)
    """
    power = Fraction(1)
    while power * 10 <= span:
        power *= 10
    while power > span:
        power /= 10
    return next((power * n for n in _ROUND if power * n >= span), power * 10)


def decimals(step: Fraction) -> int:
    """Decimals that tell the ticks of a step apart."""
    digits = 0
    while digits < 12 and (step * 10**digits).denominator != 1:
        digits += 1
    return digits
