"""What a trend says in words: the message that stands over its chart.

Movement is judged by the figures as they are printed: what looks the same is said to be the same.
"""

from __future__ import annotations

from fractions import Fraction

from supervise.core.period import Period
from supervise.core.trend import Change, Point
from supervise.write.chart_parts import Series
from supervise.write.phrases import Phrases

_STEADY = 2
"""So many steps in one direction are said to be 连续."""


def message(say: Phrases, series: Series, unit: str) -> str:
    """The message of one line, e.g. 信用贷款占比连续 3 期上升至 28.2%."""
    last = series.points[-1]
    names = {"name": series.name, "value": series.texts[-1]}
    if last.value is None:
        return say.words("report.trends.message.gone", name=series.name)
    if last.broken:
        return say.words("report.trends.message.broken", **names)
    before = _compared(series)
    if before is None:
        return say.words("report.trends.message.alone", **names)
    if not series.yearly and before != len(series.points) - 2:
        return _since(say, series, before, unit)
    if series.texts[before] == series.texts[-1]:
        return say.words(f"report.trends.message.same{_by(series)}", **names)
    way = _way(series, len(series.points) - 1, before)
    steps = 1 if series.yearly else _steps(series, way)
    if steps >= _STEADY:
        return say.words(f"report.trends.message.steady_{way}", n=steps, **names)
    difference = _difference(say, last.value, series.points[before].value, unit)
    more = "_count" if unit == "count" and series.yearly else ""
    key = f"report.trends.message.{way}{_by(series)}{more}"
    return say.words(key, difference=difference, **names)


def gap_message(say: Phrases, upper: Series, lower: Series, unit: str) -> str:
    """The message of two lines that are read together: how far the first lies above."""
    one, two = upper.points[-1].value, lower.points[-1].value
    names = {"name": upper.name, "value": upper.texts[-1], "other": lower.name}
    if one is None or two is None:
        return message(say, upper, unit)
    if upper.texts[-1] == lower.texts[-1]:
        return say.words("report.trends.message.level", **names)
    way = "above" if one > two else "below"
    gap = _difference(say, one, two, unit)
    return say.words(f"report.trends.message.{way}", difference=gap, **names)


def total_message(say: Phrases, series: Series, change: Change | None) -> str:
    """The message of the total: its change on the last evaluation, like with like or not."""
    name = say.words(f"report.verdict.total_{say.evaluation.kind}")
    names = {"name": name, "value": series.texts[-1]}
    if change is None:
        return say.words("report.trends.message.alone", **names)
    when = say.numbers.period(Period.parse(change.period))
    shown = say.numbers.points(abs(change.difference), (Fraction(0),))
    if change.difference == 0:
        text = say.words("report.trends.message.same_since", period=when, **names)
    else:
        way = "up" if change.difference > 0 else "down"
        key = f"report.trends.message.{way}_since"
        text = say.words(key, period=when, difference=shown, **names)
    return text if change.alike else text + say.words(f"report.trends.unlike.{_kind(change)}")


def _kind(change: Change) -> str:
    return Period.parse(change.period).kind


def _by(series: Series) -> str:
    return "_year" if series.yearly else ""


def _since(say: Phrases, series: Series, before: int, unit: str) -> str:
    """The change over a gap, which names the quarter before it."""
    one, two = series.points[-1].value, series.points[before].value
    assert one is not None
    names = {"name": series.name, "value": series.texts[-1]}
    names["period"] = say.numbers.period(Period.parse(series.points[before].period))
    if series.texts[before] == series.texts[-1]:
        return say.words("report.trends.message.same_since", **names)
    way = _way(series, len(series.points) - 1, before)
    difference = _difference(say, one, two, unit)
    return say.words(f"report.trends.message.{way}_from", difference=difference, **names)


def _compared(series: Series) -> int | None:
    """Place of the quarter that the last one is compared with: a year ago, or the last known."""
    last = len(series.points) - 1
    places = [last - 4] if series.yearly else range(last - 1, -1, -1)
    for place in places:
        if any(p.broken for p in series.points[max(place, 0) + 1 :]):
            return None
        if place >= 0 and series.points[place].value is not None:
            return place
    return None


def _way(series: Series, later: int, earlier: int) -> str:
    one, two = series.points[later].value, series.points[earlier].value
    assert one is not None
    assert two is not None
    return "up" if one > two else "down"


def _steps(series: Series, way: str) -> int:
    """How many quarters in a row have gone one way, up to the last."""
    steps = 0
    for place in range(len(series.points) - 1, 0, -1):
        joined = _joined(series.points[place - 1], series.points[place])
        if not joined or series.texts[place] == series.texts[place - 1]:
            break
        if _way(series, place, place - 1) != way:
            break
        steps += 1
    return steps


def _joined(before: Point, after: Point) -> bool:
    return before.value is not None and after.value is not None and not after.broken


def _difference(say: Phrases, one: Fraction, two: Fraction | None, unit: str) -> str:
    """How far apart two values are, with digits enough not to look like nothing."""
    assert two is not None
    unit = "pp" if unit == "ratio" else unit
    return _counted(say, say.numbers.value(abs(one - two), unit, near=Fraction(0)), unit)


def quantity(say: Phrases, value: Fraction | None, unit: str) -> str:
    """A value with its unit; what is counted in trends are households."""
    text = say.numbers.value(value, unit)
    return text if value is None else _counted(say, text, unit)


def _counted(say: Phrases, text: str, unit: str) -> str:
    return say.words("report.trends.households", n=text) if unit == "count" else text
