"""Small charts beside a number, as coordinates: a bar against its limit, a line of quarters.

In: exact values. Out: places on a track as texts with one decimal, so that the same values always
give the same drawing. What a chart says in words comes from the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from supervise.record import record
from supervise.write.numbers import format_fixed

TRACK = 200
"""Width of a bullet bar's own coordinates."""
SPARK_WIDTH = 96
SPARK_HEIGHT = 22
_EDGE = 3
_ROOM = Fraction(6, 5)


@record
class Bullet:
    """A value as a bar with its limit as a tick; places on a track ``TRACK`` wide.

    Attributes:
        good: Whether the value is on the right side; None where nothing was demanded.
        text: The same in words.
    """

    start: str
    width: str
    limit: str
    good: bool | None
    text: str


@record
class Spark:
    """A small line, oldest value left; gaps break it.

    Attributes:
        whole: From the first value to the last, across the gaps.
        lines: Runs of two or more values, as points of a polyline.
        dots: Lone values, as pairs of coordinates.
        end: The last value, marked.
        text: The same in words.
    """

    whole: str
    lines: tuple[str, ...]
    dots: tuple[tuple[str, str], ...]
    end: tuple[str, str]
    text: str


def bullet(
    value: Fraction | None, limit: Fraction | None, *, good: bool | None, text: str
) -> Bullet | None:
    """A bar from zero to ``value`` with a tick at ``limit``; None where either is not known."""
    if value is None or limit is None:
        return None
    nought = Fraction(0)
    low, high = min(value, limit, nought) * _ROOM, max(value, limit, nought) * _ROOM
    if low == high:
        return None

    def place(amount: Fraction) -> Fraction:
        return (amount - low) / (high - low) * TRACK

    first, last = sorted((place(nought), place(value)))
    return Bullet(_at(first), _at(last - first), _at(place(limit)), good, text)


def spark(values: Sequence[Fraction | None], text: str) -> Spark | None:
    """A line over ``values``; None with fewer than two of them."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    low, high = min(known), max(known)
    step = Fraction(SPARK_WIDTH - 2 * _EDGE, len(values) - 1)

    def point(place: int, value: Fraction) -> tuple[str, str]:
        share = (value - low) / (high - low) if high > low else Fraction(1, 2)
        return _at(_EDGE + step * place), _at(_EDGE + (SPARK_HEIGHT - 2 * _EDGE) * (1 - share))

    runs = _runs(values)
    drawn = [[point(place, value) for place, value in run] for run in runs]
    return Spark(
        whole=_polyline([place for run in drawn for place in run]) if len(drawn) > 1 else "",
        lines=tuple(_polyline(run) for run in drawn if len(run) > 1),
        dots=tuple(run[0] for run in drawn if len(run) == 1),
        end=drawn[-1][-1],
        text=text,
    )


def _polyline(places: list[tuple[str, str]]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)


def _runs(values: Sequence[Fraction | None]) -> list[list[tuple[int, Fraction]]]:
    """Neighbouring values together, each with its place."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    runs = [[known[0]]]
    for before, now in pairwise(known):
        if now[0] == before[0] + 1:
            runs[-1].append(now)
        else:
            runs.append([now])
    return runs


def _at(place: Fraction | int) -> str:
    return format_fixed(Fraction(place), 1)
