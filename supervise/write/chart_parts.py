"""What a line chart is made of: what goes in, and the drawing that comes out, as texts."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from supervise.core.trend import Point
from supervise.record import record
from supervise.write.chart_room import Label

Style = Literal["main", "second", "nation"]


@record
class Series:
    """One line.

    Attributes:
        name: What the table of figures calls it.
        short: Stands beside the last value where there are several lines, and at national ones.
        points: One for each quarter of the chart.
        texts: Their values as they are printed.
        yearly: Counts from 1 January, so that each year is a line of its own.
    """

    name: str
    points: tuple[Point, ...]
    texts: tuple[str, ...]
    style: Style = "main"
    yearly: bool = False
    short: str = ""


@record
class Rule:
    """A value that goes across: a limit of the law, or where a grade begins."""

    value: Fraction
    text: str


@record(kw_only=True)
class Frame:
    """Size and meaning of a chart: everything but its lines.

    Attributes:
        width: In tenths of a unit; ``height`` too.
        least: The smallest step between ticks that makes sense.
        rules: Limits, or where grades begin.
        break_text: Stands where the basis changed.
        annual: Annual evaluations are marked by squares.
    """

    width: int = 3360
    height: int = 1240
    least: Fraction
    ticks: tuple[tuple[Fraction, str], ...] = ()
    rules: tuple[Rule, ...] = ()
    break_text: str = ""
    annual: bool = False


@record
class Line:
    """Polylines of one series, each as ``x,y x,y``, and dots at values that are labelled."""

    runs: tuple[str, ...]
    dots: tuple[tuple[str, str], ...]
    squares: tuple[tuple[str, str], ...]
    style: Style


@record
class Mark:
    """A straight stroke between two places."""

    x1: str
    y1: str
    x2: str
    y2: str


@record(kw_only=True)
class Drawing:
    """A line chart, ready to be written down.

    Attributes:
        grid: One path for all grid lines.
        quarters: One path for the ticks of the quarters.
        breaks: One path for the dashed strokes where the basis changed.
        spans: From a total to the highest that was possible.
        rules: Limits, dashed.
        labels: Texts; no two of them overlap.
    """

    width: str
    height: str
    grid: str
    quarters: str
    breaks: str
    rules: tuple[Mark, ...]
    spans: tuple[Mark, ...]
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]
