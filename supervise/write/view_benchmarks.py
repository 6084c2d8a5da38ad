"""National series of the rulebook as lines of a chart: context, never a threshold.

Only the supervisor's own scope stands beside a bank's figures; the central bank's series means
something else. A figure of other dates than a quarter's end has no place on the axis.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from supervise.core.period import Period
from supervise.core.trend import Point
from supervise.write.chart_parts import Series
from supervise.write.phrases import Phrases

SCOPE = "总局口径"


def nation(
    say: Phrases, benchmark: str, periods: tuple[str, ...], *, year_ends: bool
) -> Series | None:
    """The national figures of some quarters; None if there are none in the same scope.

    Args:
        say: The report's phrases.
        benchmark: Id of the series.
        periods: Quarters of the chart.
        year_ends: Only at a year's end does the series mean what the bank's line means.
    """
    rows = [
        row
        for row in say.evaluation.rulebook.benchmarks
        if row.get("id") == benchmark and row.get("scope") == SCOPE
    ]
    known = {str(row.get("period")): _value(row) for row in rows}
    points = []
    for text in periods:
        kind = Period.parse(text).kind
        value = None if year_ends and kind != "annual" else known.get(text)
        points.append(Point(text, value, kind))
    if all(point.value is None for point in points):
        return None
    texts = tuple(say.numbers.value(point.value, "ratio") for point in points)
    name = say.words("report.trends.nation_name", name=rows[-1].get("name", ""))
    return Series(name, tuple(points), texts, "nation", short=say.words("report.trends.nation"))


def _value(row: Mapping[str, Any]) -> Fraction | None:
    text = str(row.get("value", "")).strip()
    try:
        if text.endswith("%"):
            return Fraction(text[:-1]) / 100
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
