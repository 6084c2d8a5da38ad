"""Where text goes in a chart so that nothing covers anything: boxes, and a room that fills up.

Lengths are whole tenths of a drawing's unit: exact, quick, and as fine as a drawing is written. y
grows downwards. The typeface is ours, so a text's width is known well enough without asking it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from supervise.record import record

Anchor = Literal["start", "middle", "end"]
Tone = Literal["value", "last", "muted", "second"]
_WIDE = 0x2E80
_NARROW = {" ": 23, ".": 28, ",": 28, "-": 35, "–": 54, "—": 90, "%": 93, "≥": 56, "≤": 56}
_DIGIT, _CAPITAL, _SMALL = 56, 68, 56
_ASCENT, _DESCENT = 78, 16
_HALVES_LEFT = {"start": 0, "middle": 1, "end": 2}


@record
class Box:
    """A rectangle that is taken."""

    left: int
    top: int
    right: int
    bottom: int

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


def text_width(text: str, size: int) -> int:
    """Width of a text set in ``size``; rather too much than too little."""
    return -(-sum(map(_advance, text)) * size // 100)


def _advance(character: str) -> int:
    """Width of a character in hundredths of its size."""
    if ord(character) >= _WIDE:
        return 100
    known = _NARROW.get(character)
    if known is not None:
        return known
    if character.isdigit():
        return _DIGIT
    return _CAPITAL if character.isupper() else _SMALL


def label(
    text: str,
    at: tuple[int, int],
    size: int,
    *,
    anchor: Anchor = "middle",
    tone: Tone = "value",
) -> Label:
    """A text whose baseline hangs on a point."""
    x, y = at
    width = text_width(text, size)
    left = x - width * _HALVES_LEFT[anchor] // 2
    box = Box(left, y - size * _ASCENT // 100, left + width, y + size * _DESCENT // 100)
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


def spread(wanted: Sequence[int], gap: int, low: int, high: int) -> list[int]:
    """Places as near as may be to those wanted, at least ``gap`` apart, from ``low`` to ``high``.

    Their order stays; ties keep the order given. Where there is no room for all, they start at
    ``low`` and run over.

    Example:
        >>> spread([5, 5], gap=4, low=0, high=6)
        [2, 6]
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [0] * len(wanted)
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


def shown(length: int) -> str:
    """A length as a drawing writes it.

    Example:
        >>> shown(125), shown(-40)
        ('12.5', '-4')
    """
    whole, tenth = divmod(abs(length), 10)
    sign = "-" if length < 0 else ""
    return f"{sign}{whole}.{tenth}" if tenth else f"{sign}{whole}"
