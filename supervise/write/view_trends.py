"""Trends over up to eight quarters → charts and the table of their figures, as texts."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from supervise.core.evaluation import IndicatorResult
from supervise.core.period import Period
from supervise.core.trend import Point, change, series, total_series
from supervise.record import record, replace
from supervise.write.chart_axis import Axis, decimals
from supervise.write.chart_lines import draw, value_axis
from supervise.write.chart_parts import Drawing, Frame, Rule, Series, Style
from supervise.write.numbers import format_fixed
from supervise.write.phrases import Phrases
from supervise.write.trend_words import gap_message, message, quantity, total_message
from supervise.write.view_benchmarks import nation

_FEWEST = 2
_WIDE = Frame(width=7040, height=1380, least=Fraction(1, 10), annual=True)
_LEAST = {"ratio": Fraction(1, 10_000), "pp": Fraction(1, 10_000), "count": Fraction(1)}
_SCALED = {"ratio": 100, "pp": 100}
_BAND_REACH = 3
"""Grades begin within so many points of the totals to be drawn."""


@record
class Plan:
    """One of the small charts.

    Attributes:
        key: Names its wordings.
        indicator: Whose value; ``part`` names one of its parts instead.
        beside: A part that is drawn as the second line.
        yearly: Counts from 1 January.
        benchmark: Id of the national series of the same meaning; empty: none is known.
        year_ends: The national series means the same at year ends only.
    """

    key: str
    indicator: str
    part: str = ""
    beside: str = ""
    yearly: bool = False
    benchmark: str = ""
    year_ends: bool = False


PLANS = (
    Plan(
        "growth", "inclusive_loan_growth", yearly=True,
        benchmark="inclusive_growth", year_ends=True,
    ),
    Plan("share", "inclusive_loan_share"),
    Plan("npl", "asset_quality", part="inclusive_ratio", beside="all_ratio"),
    Plan("cost", "loan_cost", benchmark="new_loan_rate"),
    Plan("first", "first_loan", yearly=True),
    Plan("credit", "credit_loan", benchmark="credit_share"),
    Plan("weight", "branch_kpi_weight"),
    Plan("coordination", "coordination_mechanism", yearly=True),
)  # fmt: skip


@record
class TrendChart:
    """A chart with its message; ``caption`` says what is drawn and in which unit."""

    title: str
    caption: str
    drawing: Drawing


@record
class TrendRow:
    """A row of the table of figures, one cell a quarter."""

    name: str
    cells: tuple[str, ...]


@record
class Trends:
    """The section.

    Attributes:
        too_short: Why there are no charts; empty if there are.
        periods: Headings of the table.
        any_open: Some total was not fully known, and is drawn with its span.
        any_broken: Some figures rest on another basis than those before them.
    """

    too_short: str
    total: TrendChart | None = None
    charts: tuple[TrendChart, ...] = ()
    periods: tuple[str, ...] = ()
    rows: tuple[TrendRow, ...] = ()
    any_open: bool = False
    any_broken: bool = False


def trends(say: Phrases) -> Trends:
    """The section on trends; without charts where fewer than two quarters are known."""
    totals = total_series(say.evaluation)
    if sum(point.value is not None for point in totals) < _FEWEST:
        return Trends(say.words("report.trends.too_short"))
    periods = tuple(point.period for point in totals)
    total = _total(say, totals)
    drawn = [(plan, _lines(say, plan, periods)) for plan in PLANS]
    kept = [(plan, lines) for plan, lines in drawn if _worth(lines)]
    every = [total, *(line for _, lines in kept for line in lines)]
    return Trends(
        too_short="",
        total=_total_chart(say, total),
        charts=tuple(_chart(say, plan, lines) for plan, lines in kept),
        periods=periods,
        rows=tuple(_row(say, line) for line in every),
        any_open=any(point.high is not None for point in totals),
        any_broken=any(point.broken for line in every for point in line.points),
    )


def _worth(lines: Sequence[Series]) -> bool:
    """Whether there is something to draw: two values of the bank's own."""
    return bool(lines) and sum(p.value is not None for p in lines[0].points) >= _FEWEST


# lines


def _total(say: Phrases, points: tuple[Point, ...]) -> Series:
    limits = say.band_limits()
    texts = tuple(say.numbers.points(point.value, limits) for point in points)
    return Series(say.words("report.trends.name.total"), points, texts)


def _lines(say: Phrases, plan: Plan, periods: tuple[str, ...]) -> tuple[Series, ...]:
    """The bank's own line first; none where the law has no such indicator."""
    result = _result(say, plan)
    if result is None:
        return ()
    lines = [_line(say, plan, plan.part, "main", periods)]
    if plan.beside:
        lines.append(_line(say, plan, plan.beside, "second", periods))
    if plan.benchmark:
        known = nation(say, plan.benchmark, periods, year_ends=plan.year_ends)
        lines += [known] if known is not None else []
    return tuple(lines)


def _result(say: Phrases, plan: Plan) -> IndicatorResult | None:
    for result in say.evaluation.indicators:
        if result.law.id == plan.indicator:
            parts = {part.id for part in result.law.parts}
            wanted = {plan.part, plan.beside} - {""}
            return result if wanted <= parts else None
    return None


def _line(say: Phrases, plan: Plan, part: str, style: Style, periods: tuple[str, ...]) -> Series:
    known = {p.period: p for p in series(say.evaluation, plan.indicator, part)}
    points = tuple(known.get(p) or Point(p, None, Period.parse(p).kind) for p in periods)
    unit = _unit(say, plan)
    texts = tuple(quantity(say, point.value, unit) for point in points)
    key = f"{plan.key}_beside" if style == "second" else plan.key
    short = say.words(f"report.trends.short.{key}") if plan.beside else ""
    return Series(say.words(f"report.trends.name.{key}"), points, texts, style, plan.yearly, short)


def _unit(say: Phrases, plan: Plan) -> str:
    law = say.evaluation.indicator(plan.indicator).law
    return next((part.unit for part in law.parts if part.id == plan.part), law.unit)


# charts


def _total_chart(say: Phrases, total: Series) -> TrendChart:
    values = [v for p in total.points for v in (p.value, p.high) if v is not None]
    low, high = min(values) - _BAND_REACH, max(values) + _BAND_REACH
    rules = tuple(
        Rule(band.at_least, say.words("report.trends.band", band=band.label, n=limit))
        for band in say.evaluation.rulebook.bands
        for limit in (say.numbers.short(band.at_least),)
        if low <= band.at_least <= high
    )
    frame = replace(_WIDE, rules=rules)
    title = total_message(say, total, change(say.evaluation))
    caption = say.words("report.trends.caption.total")
    return TrendChart(title, caption, _drawn(say, (total,), frame, "points"))


def _chart(say: Phrases, plan: Plan, lines: tuple[Series, ...]) -> TrendChart:
    unit = _unit(say, plan)
    own = lines[0]
    title = gap_message(say, own, lines[1], unit) if plan.beside else message(say, own, unit)
    caption = say.words(f"report.trends.caption.{plan.key}")
    limits = _limits(say, plan, unit) if not plan.part else ()
    frame = Frame(
        least=_LEAST.get(unit, Fraction(1)),
        rules=limits,
        break_text=say.words("report.trends.break"),
    )
    return TrendChart(title, caption, _drawn(say, lines, frame, unit))


def _limits(say: Phrases, plan: Plan, unit: str) -> tuple[Rule, ...]:
    """Limits that the law names outright; one that moves with the bank is no straight line."""
    result = say.evaluation.indicator(plan.indicator)
    return tuple(
        Rule(limit, say.words(f"report.requirement.{r.law.test}", limit=text))
        for r in result.requirements
        for limit in (say.fixed_limit(r),)
        if limit is not None and r.status != "not_applicable" and r.value == result.measure.value
        for text in (say.numbers.limit(limit, unit),)
    )


def _drawn(say: Phrases, lines: tuple[Series, ...], frame: Frame, unit: str) -> Drawing:
    scale = value_axis(lines, frame.rules, frame)
    ticks = tuple((value, _tick(say, value, scale, unit)) for value in scale.ticks)
    return draw(lines, scale, replace(frame, ticks=ticks))


def _tick(say: Phrases, value: Fraction, scale: Axis, unit: str) -> str:
    factor = _SCALED.get(unit, 1)
    text = format_fixed(value * factor, decimals(scale.step * factor))
    return text if unit == "points" else say.words(f"units.{unit}", n=text)


def _row(say: Phrases, line: Series) -> TrendRow:
    cells = (_cell(say, line, n) for n in range(len(line.points)))
    return TrendRow(line.name, tuple(cells))


def _cell(say: Phrases, line: Series, place: int) -> str:
    point, text = line.points[place], line.texts[place]
    if point.high is not None:
        text = say.span(point.value, point.high)
    return say.words("report.trends.broken_cell", value=text) if point.broken else text
