"""Where a bank stands among its peers → a strip in texts: range, middle half, median, the bank.

Strips of one section share their width and nothing else: each has its own scale.
"""

from __future__ import annotations

from fractions import Fraction

from supervise.core.context import PeerStat
from supervise.record import record
from supervise.write.chart_room import shown

WIDTH, HEIGHT = 2500, 220
_EDGE, _ARROW = 140, 60


@record
class Strip:
    """A strip, ready to be written down.

    Attributes:
        low: Left end of the trimmed range; ``high`` its right end.
        box: Left end of the middle half and its width.
        here: Where the bank stands, held at the edge if it is outside the range.
        outside: ``left`` or ``right`` if it is; else empty.
        flat: All peers have one value.
    """

    width: str
    height: str
    low: str
    high: str
    box: tuple[str, str]
    median: str
    here: str
    outside: str
    flat: bool


def strip(value: Fraction, peer: PeerStat) -> Strip | None:
    """The strip of one value; None where peers are too few."""
    known = (peer.trimmed_min, peer.p25, peer.median, peer.p75, peer.trimmed_max)
    if any(each is None for each in known):
        return None
    least, lower, middle, upper, most = (Fraction(each or 0) for each in known)
    start, end = _EDGE, WIDTH - _EDGE

    def place(at: Fraction) -> int:
        if least == most:
            return (start + end) // 2
        return start + round((end - start) * (at - least) / (most - least))

    outside = "left" if value < least else "right" if value > most else ""
    edge = {"left": _ARROW, "right": WIDTH - _ARROW}
    return Strip(
        width=shown(WIDTH),
        height=shown(HEIGHT),
        low=shown(place(least)),
        high=shown(place(most)),
        box=(shown(place(lower)), shown(place(upper) - place(lower))),
        median=shown(place(middle)),
        here=shown(edge.get(outside) or place(value)),
        outside=outside,
        flat=least == most,
    )
