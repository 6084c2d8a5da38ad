"""Where text goes in a chart so that nothing covers anything: boxes, and a room that fills up.

Lengths are units of the drawing, exact fractions; y grows downwards. The typeface is ours, so a
text's width is known well enough without asking it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Literal

from supervise.record import record
from supervise.write.numbers import format_fixed

Anchor = Literal["start", "middle", "end"]
Tone = Literal["value", "last", "muted", "second"]
_WIDE = 0x2E80
_NARROW = {" ": 23, ".": 28, ",": 28, "-": 35, "–": 54, "—": 90, "%": 93, "≥": 56, "≤": 56}
_DIGIT, _CAPITAL, _SMALL = 56, 68, 56
_ASCENT, _DESCENT = Fraction(78, 100), Fraction(16, 100)
_OWN = {"start": Fraction(0), "middle": Fraction(1, 2), "end": Fraction(1)}


@record
class Box:
    """A rectangle that is taken."""

    left: Fraction
    top: Fraction
    right: Fraction
    bottom: Fraction

    def meets(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def within(self, other: Box) -> bool:
        """Whether it lies wholly inside another."""
        return (
            other.left <= self.left
            and self.right <= other.right
            and other.top <= self.top
            and self.bottom <= other.bottom
        )


@record
class Label:
    """A text with the point it hangs on; ``x`` and ``y`` as the drawing writes them."""

    x: str
    y: str
    anchor: Anchor
    text: str
    tone: Tone
    box: Box


def text_width(text: str, size: Fraction) -> Fraction:
    """Width of a text set in ``size``; rather too much than too little."""
    return sum((_advance(c) for c in text), Fraction(0)) * size / 100


def _advance(character: str) -> Fraction:
    if ord(character) >= _WIDE:
        return Fraction(100)
    known = _NARROW.get(character)
    if known is not None:
        return Fraction(known)
    if character.isdigit():
        return Fraction(_DIGIT)
    return Fraction(_CAPITAL if character.isupper() else _SMALL)


def label(
    text: str,
    at: tuple[Fraction, Fraction],
    size: Fraction,
    *,
    anchor: Anchor = "middle",
    tone: Tone = "value",
) -> Label:
    """A text whose baseline hangs on a point."""
    x, y = at
    width = text_width(text, size)
    left = x - width * _OWN[anchor]
    box = Box(left, y - size * _ASCENT, left + width, y + size * _DESCENT)
    return Label(shown(x), shown(y), anchor, text, tone, box)


class Room:
    """The space of a chart while labels are put into it.

    Args:
        bounds: No label may stick out.
    """

    def __init__(self, bounds: Box) -> None:
        self.bounds = bounds
        self.labels: list[Label] = []
        self._taken: list[Box] = []
        self._lines: list[Box] = []

    def take(self, label: Label) -> None:
        """Put a label where it is, come what may."""
        self.labels.append(label)
        self._taken.append(label.box)

    def keep_off(self, boxes: Iterable[Box]) -> None:
        """No label may lie here."""
        self._taken.extend(boxes)

    def cross_if_you_must(self, boxes: Iterable[Box]) -> None:
        """A label lies here only if it has no other place: a drawn line."""
        self._lines.extend(boxes)

    def place(self, candidates: Sequence[Label]) -> bool:
        """Put in the first of the candidates that fits and crosses the fewest lines."""
        fitting = [c for c in candidates if self._fits(c.box)]
        if not fitting:
            return False
        self.take(min(fitting, key=lambda c: sum(c.box.meets(line) for line in self._lines)))
        return True

    def _fits(self, box: Box) -> bool:
        return box.within(self.bounds) and not any(box.meets(taken) for taken in self._taken)


def spread(
    wanted: Sequence[Fraction], gap: Fraction, low: Fraction, high: Fraction
) -> list[Fraction]:
    """Places as near as may be to those wanted, at least ``gap`` apart, from ``low`` to ``high``.

    Their order stays; ties keep the order given. Where there is no room for all, they start at
    ``low`` and run over.

    Example:
        >>> five, four = Fraction(5), Fraction(4)
        >>> [int(y) for y in spread([five, five], four, Fraction(0), Fraction(6))]
        [2, 6]
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [Fraction(0)] * len(wanted)
    floor = low
    for i in order:
        placed[i] = max(wanted[i], floor)
        floor = placed[i] + gap
    ceiling = high
    for i in reversed(order):
        placed[i] = min(placed[i], ceiling)
        ceiling = placed[i] - gap
    if order and placed[order[0]] < low:
        for step, i in enumerate(order):
            placed[i] = low + step * gap
    return placed


def shown(length: Fraction) -> str:
    """A length with at most one decimal and no separators, as a drawing writes it."""
    text = format_fixed(length, 1).replace(",", "")
    return text.removesuffix(".0")
