"""Charts of page 1: banks by grade, all totals on one axis, what went up and down → places."""

from __future__ import annotations

from fractions import Fraction

from supervise.record import record
from supervise.write.phrases import Pair
from supervise.write.summary_phrases import RegionPhrases, place, shown

_FLOOR, _TOP = Fraction(50), Fraction(104)
_STEP = 10
_FEW_LINES = 80


@record
class BandBar:
    """Banks of one grade; ``width`` in per cent of the fullest bar."""

    label: str
    range: str
    n: str
    share: str
    width: str
    tone: str


@record
class Tick:
    """A limit on an axis."""

    at: str
    label: str


@record
class Strip:
    """All totals on one axis: one line each, their quarters, the limits of the grades."""

    title: str
    lines: tuple[str, ...]
    stroke: str
    lower: str
    median: str
    upper: str
    inner: str
    ticks: tuple[Tick, ...]
    text: str
    figures: tuple[Pair, ...]


@record
class Changed:
    """What moved since an earlier period; parts are kind, text, start and width in per cent."""

    title: str
    text: str
    remark: str
    parts: tuple[tuple[str, str, str, str], ...]


def bands(p: RegionPhrases) -> tuple[BandBar, ...]:
    """One bar per grade, best first, then those without one if there are any."""
    region = p.region
    counts = dict(region.groups.all.grades)
    most = max(counts.values(), default=0)
    ids = [band.id for band in region.law.bands]
    if counts.get(""):
        ids.append("")
    return tuple(
        BandBar(
            label=p.grade(grade),
            range=_range(p, place),
            n=str(counts[grade]),
            share=p.percent(counts[grade], region.groups.all.n),
            width=shown(Fraction(counts[grade] * 100, most) if most else Fraction(0)),
            tone=tone(place, len(region.law.bands)) if grade else "none",
        )
        for place, grade in enumerate(ids)
    )


def tone(place: int, of: int) -> str:
    """Shade of a grade by its place: ``0`` the best, ``last`` the lowest."""
    return "last" if place == of - 1 else str(min(place, 4))


def _range(p: RegionPhrases, place: int) -> str:
    """``90 以上``, ``85–90`` or ``60 以下``; nothing for those without a grade."""
    law = p.region.law.bands
    if place >= len(law):
        return ""
    low = p.numbers.short(law[place].at_least)
    if place == 0:
        return p.say("range.from", low=low)
    high = p.numbers.short(law[place - 1].at_least)
    if place == len(law) - 1:
        return p.say("range.below", high=high)
    return p.say("range.between", low=low, high=high)


def strip(p: RegionPhrases) -> Strip | None:
    """All totals on one axis; None where there are none."""
    rows, totals = p.region.rows, p.region.groups.all.totals
    if totals.least is None or totals.median is None:
        return None
    low = min(_FLOOR, Fraction(int(totals.least) // _STEP * _STEP))
    at = [place(row.bank.total, low, _TOP) for row in rows]
    limits = [band.at_least for band in p.region.law.bands if low < band.at_least < _TOP]
    quarters = totals.lower is not None and totals.upper is not None
    lower = place(totals.lower, low, _TOP) if totals.lower is not None else Fraction(0)
    upper = place(totals.upper, low, _TOP) if totals.upper is not None else Fraction(0)
    return Strip(
        title=_strip_title(p),
        lines=tuple(shown(each * 10) for each in at),
        stroke="3.2" if len(at) <= _FEW_LINES else "1.2",
        lower=shown(lower) if quarters else "",
        median=shown(place(totals.median, low, _TOP)),
        upper=shown(upper) if quarters else "",
        inner=shown(upper - lower),
        ticks=tuple(Tick(shown(place(x, low, _TOP)), p.numbers.short(x)) for x in limits),
        text=p.say("strip.text", n=totals.n, median=p.points(totals.median)),
        figures=tuple(
            Pair(p.say(f"spread.{name}"), p.points(value))
            for name, value in (
                ("least", totals.least), ("lower", totals.lower), ("median", totals.median),
                ("upper", totals.upper), ("most", totals.most),
            )
        ),
    )  # fmt: skip


def _strip_title(p: RegionPhrases) -> str:
    """Where the middle half lies, or the median of a few."""
    totals = p.region.groups.all.totals
    if totals.lower is None or totals.upper is None:
        return p.say("strip.median", median=p.points(totals.median))
    return p.say("strip.middle", lower=p.points(totals.lower), upper=p.points(totals.upper))


def changed(p: RegionPhrases) -> Changed | None:
    """The bar of ups and downs; None without an earlier period."""
    moved = p.region.moved
    if moved is None:
        return None
    parts = (("up", moved.up), ("same", moved.same), ("down", moved.down))
    key = "raised" if moved.raised or moved.lowered else "no_grade_moved"
    then = p.numbers.period(moved.period)
    return Changed(
        title=p.say("changed.title", period=then, n=moved.n),
        text=p.say("changed.text", median=p.signed(moved.median))
        + p.say(f"changed.{key}", raised=moved.raised, lowered=moved.lowered),
        remark=p.say("changed.other_kind") if moved.other_kind else "",
        parts=_parts(p, parts, moved.n),
    )


def _parts(
    p: RegionPhrases, counts: tuple[tuple[str, int], ...], of: int
) -> tuple[tuple[str, str, str, str], ...]:
    found, before = [], 0
    for name, n in counts:
        if n:
            start, width = Fraction(before * 100, of), Fraction(n * 100, of)
            found.append((name, p.say(f"changed.{name}", n=n), shown(start), shown(width)))
        before += n
    return tuple(found)
