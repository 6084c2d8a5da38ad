"""Totals, grades, elements and headline indicators by bank type and by province → texts."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from supervise.core.region.groups import Group, Headline, Met
from supervise.core.region.spread import Spread
from supervise.record import record
from supervise.write.summary_phrases import Plot, RegionPhrases, place, shown
from supervise.write.summary_view_charts import tone
from supervise.write.summary_view_front import met_text, met_width

_WIDE_ENOUGH = 9


@record
class Segment:
    """Banks of one grade in a group's bar; the number is shown where it fits."""

    start: str
    width: str
    middle: str
    n: str
    tone: str


@record
class GroupRow:
    """Totals and grades of one group."""

    name: str
    n: str
    lower: str
    median: str
    upper: str
    plot: Plot | None
    segments: tuple[Segment, ...]
    text: str


@record
class GroupTable:
    """Groups of one kind; the first row is all together."""

    title: str
    head: str
    rows: tuple[GroupRow, ...]


@record
class ElementLine:
    """One element over the region."""

    name: str
    max: str
    points: str
    lower: str
    median: str
    upper: str
    plot: Plot | None


@record
class HeadlineRow:
    """One headline indicator in one group; ``sum`` only of counts and amounts."""

    name: str
    banks: str
    values: str
    sum: str
    lower: str
    median: str
    upper: str
    plot: Plot | None
    met: str
    share: str
    width: str


@record
class HeadlineTable:
    """One headline indicator: all, by type, by province."""

    name: str
    title: str
    demand: str
    unit: str
    met_head: str
    summed: bool
    drawn: bool
    all: HeadlineRow
    by_type: tuple[HeadlineRow, ...]
    by_province: tuple[HeadlineRow, ...]


def plot(values: Spread, low: Fraction, high: Fraction) -> Plot | None:
    """A group on an axis; None where it has no values."""
    if values.least is None or values.most is None or values.median is None:
        return None
    least, most = place(values.least, low, high), place(values.most, low, high)
    lower = place(values.lower, low, high) if values.lower is not None else None
    upper = place(values.upper, low, high) if values.upper is not None else None
    return Plot(
        least=shown(least),
        lower=shown(lower) if lower is not None else "",
        median=shown(place(values.median, low, high)),
        upper=shown(upper) if upper is not None else "",
        most=shown(most),
        width=shown(most - least),
        inner=shown(upper - lower) if lower is not None and upper is not None else "",
    )


def _axis(values: Spread) -> tuple[Fraction, Fraction]:
    return values.left or Fraction(0), values.right or Fraction(0)


def group_tables(p: RegionPhrases) -> tuple[GroupTable, ...]:
    """Totals and grades by type, then by province."""
    region = p.region
    return (
        _group_table(p, "type", region.groups.by_type),
        _group_table(p, "province", region.groups.by_province),
    )


def _group_table(p: RegionPhrases, by: str, groups: Sequence[Group]) -> GroupTable:
    everyone = p.region.groups.all
    axis = _axis(everyone.totals)
    rows = [_group_row(p, everyone, p.say("groups.all"), axis)]
    rows += [_group_row(p, each, each.name, axis) for each in groups]
    return GroupTable(_group_title(p, groups), p.say(f"groups.{by}"), tuple(rows))


def _group_title(p: RegionPhrases, groups: Sequence[Group]) -> str:
    """Which group's median is highest and which lowest, of those with several banks if any."""
    several = [g for g in groups if g.n > 1 and g.totals.median is not None] or list(groups)
    if len(several) < 2:
        return ""
    ordered = sorted(several, key=lambda g: g.totals.median or Fraction(0))
    high, low = ordered[-1], ordered[0]
    return p.say(
        "groups.message", high=high.name, most=p.points(high.totals.median), low=low.name,
        least=p.points(low.totals.median),
    )  # fmt: skip


def _group_row(p: RegionPhrases, of: Group, name: str, axis: tuple[Fraction, Fraction]) -> GroupRow:
    totals = of.totals
    told = [p.say("groups.grade_n", grade=p.grade(g), n=n) for g, n in of.grades if n]
    return GroupRow(
        name=name,
        n=str(of.n),
        lower=p.points(totals.lower),
        median=p.points(totals.median),
        upper=p.points(totals.upper),
        plot=plot(totals, *axis),
        segments=_segments(of),
        text=p.words("report.list_comma").join(told),
    )


def _segments(of: Group) -> tuple[Segment, ...]:
    found: list[Segment] = []
    start = Fraction(0)
    for at, (grade, n) in enumerate(of.grades):
        width = Fraction(n * 100, of.n) if of.n else Fraction(0)
        if n:
            shade = tone(at, len(of.grades) - 1) if grade else "none"
            label = str(n) if width >= _WIDE_ENOUGH else ""
            middle = shown(start + width / 2)
            found.append(Segment(shown(start), shown(width), middle, label, shade))
        start += width
    return tuple(found)


def element_lines(p: RegionPhrases) -> tuple[ElementLine, ...]:
    """Share of each element's points that banks reach; the bonus by its points alone."""
    return tuple(
        ElementLine(
            name=one.name,
            max=p.numbers.short(one.max),
            points=p.numbers.points(one.points.median),
            lower=_rate(p, one.rates.lower),
            median=_rate(p, one.rates.median),
            upper=_rate(p, one.rates.upper),
            plot=plot(one.rates, Fraction(0), Fraction(1)),
        )
        for one in p.region.groups.elements
    )


def _rate(p: RegionPhrases, rate: Fraction | None) -> str:
    if rate is None:
        return "—"
    return p.numbers.value(rate, "ratio", near=Fraction(1))


def headline_tables(p: RegionPhrases) -> tuple[HeadlineTable, ...]:
    """One table per headline indicator."""
    return tuple(_headline(p, one) for one in p.region.groups.headlines)


def _headline(p: RegionPhrases, one: Headline) -> HeadlineTable:
    axis = _axis(one.all.values)
    drawn = one.unit not in ("count", "yuan", "flag")
    return HeadlineTable(
        name=one.name,
        title=_headline_title(p, one),
        demand=p.words("report.list_semicolon").join(one.demands) or p.say("headlines.no_demand"),
        unit=p.say("headlines.unit", unit=p.say(f"sheet.unit.{one.unit}"))
        if one.unit in ("pp", "bp")
        else "",
        met_head=p.say(f"headlines.met_{one.kinds[0] if len(one.kinds) == 1 else 'mixed'}"),
        summed=one.all.sum is not None,
        drawn=drawn,
        all=_headline_row(p, one, one.all, axis),
        by_type=tuple(_headline_row(p, one, each, axis) for each in one.by_type),
        by_province=tuple(_headline_row(p, one, each, axis) for each in one.by_province),
    )


def _headline_title(p: RegionPhrases, one: Headline) -> str:
    if one.all.values.median is None:
        return p.say("headlines.no_values", name=one.name)
    median = p.middle(one.all.values.median, one.unit)
    if not one.all.answered:
        return p.say("headlines.median_only", name=one.name, median=median)
    return p.say(
        "headlines.message", name=one.name, median=median, met=one.all.met,
        answered=one.all.answered,
    )  # fmt: skip


def _headline_row(
    p: RegionPhrases, one: Headline, met: Met, axis: tuple[Fraction, Fraction]
) -> HeadlineRow:
    values = met.values
    return HeadlineRow(
        name=met.name or p.say("groups.all"),
        banks=str(met.banks),
        values=str(values.n),
        sum=p.value(met.sum, one.unit),
        lower=p.bare(values.lower, one.unit),
        median=p.bare(values.median, one.unit),
        upper=p.bare(values.upper, one.unit),
        plot=plot(values, *axis),
        met=met_text(p, met),
        share=p.percent(met.met, met.answered),
        width=met_width(met),
    )
