"""From which figure on does a part earn more? A scoring rule turned round, exactly.

Rules compare figures that are straight lines in what the bank can move: two evaluations give
the line, its root is the limit, and evaluating at the limit and one step below it proves it.
Where a rule is no straight line, the steps themselves are searched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil
from typing import Protocol

from supervise.core.exact import minus, over, times

JUMP = Fraction(1, 10)
"""Points by which a curve must rise in one step for the step to be worth telling."""

MOST_DOUBLINGS = 12
Gap = Fraction | None


class Probe(Protocol):
    """A part whose figure can be tried out."""

    def points(self, figure: Fraction) -> Fraction | None:
        """Points at a figure; None if there are none to be had."""
        ...

    def gaps(self, figure: Fraction) -> Sequence[Gap]:
        """Left less right side of each comparison of its rule, always in the same order."""
        ...


def thresholds(probe: Probe, goal: Fraction, now: Fraction, step: Fraction) -> tuple[Fraction, ...]:
    """The lowest figures from which a part earns more.

    Args:
        probe: The part.
        goal: Its maximum.
        now: Where the figure stands.
        step: Smallest step of the figure on its form.

    Returns:
        The figure from which ``goal`` is reached, and before it the nearest one at which the
        curve jumps; empty if ``goal`` is out of reach.
    """
    tried = sorted(set(_candidates(probe, now, step)))
    if not _reaches(probe, now, goal):
        tried = [figure for figure in tried if figure > now]
    full = next((x for x in tried if _is_lowest(probe, x, goal, step)), None)
    if full is None:
        full = _searched(probe, goal, now, step)
    if full is None:
        return ()
    jump = next((x for x in tried if now < x < full and _jumps(probe, x, now, step)), None)
    return (full,) if jump is None else (jump, full)


def _candidates(probe: Probe, now: Fraction, step: Fraction) -> Iterator[Fraction]:
    """Roots of the rule's comparisons on whole steps; past an exact root, too: it may be open."""
    for here, beside in zip(probe.gaps(now), probe.gaps(now + step), strict=True):
        if here is None or beside is None or here == beside:
            continue
        root = max(minus(now, over(times(here, step), minus(beside, here))), Fraction(0))
        up = times(Fraction(ceil(over(root, step))), step)
        yield up
        if up == root:
            yield up + step


def _is_lowest(probe: Probe, figure: Fraction, goal: Fraction, step: Fraction) -> bool:
    """Whether the goal is reached here and not one step below."""
    if not _reaches(probe, figure, goal):
        return False
    return figure < step or not _reaches(probe, figure - step, goal)


def _reaches(probe: Probe, figure: Fraction, goal: Fraction) -> bool:
    points = probe.points(figure)
    return points is not None and points >= goal


def _jumps(probe: Probe, figure: Fraction, now: Fraction, step: Fraction) -> bool:
    here, below, before = (probe.points(x) for x in (figure, figure - step, now))
    if here is None or below is None or before is None:
        return False
    return here - below >= JUMP and here > before


def _searched(probe: Probe, goal: Fraction, now: Fraction, step: Fraction) -> Fraction | None:
    """The limit of a rule that is no straight line: doubled up to it, then halved down."""
    steps = max(now // step, 1)
    low = -1
    for _ in range(MOST_DOUBLINGS):
        if _reaches(probe, steps * step, goal):
            break
        low, steps = steps, steps * 2
    else:
        return None
    while steps - low > 1:
        middle = (steps + low) // 2
        if _reaches(probe, middle * step, goal):
            steps = middle
        else:
            low = middle
    return steps * step
