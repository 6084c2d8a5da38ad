"""Peer comparison → strips with quartile words, or why there is none (standing rule 7).

The bank's copy has the quartile and nothing that would rank it; the internal copy has the
percentile too. Under ten banks nothing is compared, and the bank's copy gives no number of them.
"""

from __future__ import annotations

from fractions import Fraction

from supervise.core.context import PeerStat
from supervise.core.evaluation import ElementResult, IndicatorResult
from supervise.record import record
from supervise.write.chart_strip import Strip, strip
from supervise.write.numbers import format_fixed
from supervise.write.phrases import Phrases


@record
class PeerRow:
    """One compared figure.

    Attributes:
        place: Quartile in words, or that neither way is better.
        percentile: Share of peers that are worse, in per cent; empty in the bank's copy.
        text: The strip in words.
    """

    name: str
    value: str
    median: str
    box: str
    strip: Strip
    place: str
    percentile: str
    text: str


@record
class PeerGroup:
    """Rows under a heading; an empty heading stands over none."""

    title: str
    rows: tuple[PeerRow, ...]


@record
class Peers:
    """The section.

    Attributes:
        why_not: Why nothing is compared; empty if something is.
        title: What the comparison comes to, in words.
    """

    why_not: str
    title: str = ""
    remark: str = ""
    groups: tuple[PeerGroup, ...] = ()
    internal: bool = False


def standing(say: Phrases) -> tuple[str, str]:
    """Where the total stands, for page 1, and among whom; a dash, and why that is not said."""
    stat = say.evaluation.peer
    why_not = _why_not(say, stat)
    if why_not or stat is None:
        return "—", why_not
    return _place(say, stat), say.words("report.peers.among", group=stat.group, n=stat.n)


def _why_not(say: Phrases, stat: PeerStat | None) -> str:
    """Why a bank is not compared; empty if it is."""
    if say.blocked:
        return say.words("report.peers.blocked")
    if stat is None:
        return say.words("report.peers.none")
    if stat.reason is None:
        return ""
    key = "few_internal" if say.audience == "internal" else "few_bank"
    return say.words(f"report.peers.{key}", group=stat.group, n=stat.n)


def peers(say: Phrases) -> Peers:
    """The section on peers."""
    stat = say.evaluation.peer
    why_not = _why_not(say, stat)
    if why_not or stat is None:
        return Peers(why_not)
    internal = say.audience == "internal"
    return Peers(
        why_not="",
        title=_title(say, stat),
        remark=say.words("report.peers.remark", group=stat.group, n=stat.n),
        groups=tuple(group for group in _groups(say, stat) if group.rows),
        internal=internal,
    )


def _title(say: Phrases, stat: PeerStat) -> str:
    quartile = say.words(f"report.peers.quartile_{stat.quartile}")
    if say.audience == "internal":
        return say.words(
            "report.peers.chart_internal", quartile=quartile, percentile=_percentile(stat)
        )
    return say.words("report.peers.chart_bank", quartile=quartile)


def _groups(say: Phrases, stat: PeerStat) -> tuple[PeerGroup, ...]:
    words, evaluation = say.words, say.evaluation
    total = _row(say, words("report.peers.total"), evaluation.score.total, "points", stat)
    elements = [_element(say, element) for element in evaluation.elements]
    headlines = [_indicator(say, result) for result in evaluation.headlines]
    return (
        PeerGroup("", tuple(row for row in [total] if row is not None)),
        PeerGroup(words("report.peers.elements"), tuple(r for r in elements if r is not None)),
        PeerGroup(words("report.peers.headlines"), tuple(r for r in headlines if r is not None)),
    )


def _element(say: Phrases, element: ElementResult) -> PeerRow | None:
    return _row(say, element.name, element.points, "points", element.peer)


def _indicator(say: Phrases, result: IndicatorResult) -> PeerRow | None:
    return _row(say, result.law.name, result.measure.value, result.law.unit, result.peer)


def _row(
    say: Phrases, name: str, value: Fraction | None, unit: str, stat: PeerStat | None
) -> PeerRow | None:
    """One row; None where the figure is not compared."""
    drawn = None if value is None or stat is None else strip(value, stat)
    if value is None or stat is None or drawn is None:
        return None
    place = _place(say, stat)
    shown, median = _shown(say, value, unit), _shown(say, stat.median, unit)
    return PeerRow(
        name=name,
        value=shown,
        median=median,
        box=_range(say, stat, unit),
        strip=drawn,
        place=place,
        percentile=_percentile(stat) if say.audience == "internal" else "",
        text=say.words(
            "report.peers.strip_text", name=name, value=shown, median=median, place=place
        ),
    )


def _place(say: Phrases, stat: PeerStat) -> str:
    if stat.quartile is None:
        return say.words("report.peers.no_direction")
    return say.words(f"report.peers.quartile_{stat.quartile}")


def _percentile(stat: PeerStat) -> str:
    return "" if stat.percentile is None else format_fixed(stat.percentile * 100, 0)


def _range(say: Phrases, stat: PeerStat, unit: str) -> str:
    lower, upper = stat.p25 or Fraction(0), stat.p75 or Fraction(0)
    if unit == "points":
        return f"{say.numbers.points(lower)}–{say.numbers.points(upper)}"
    return say.numbers.range(lower, upper, unit)


def _shown(say: Phrases, value: Fraction | None, unit: str) -> str:
    return say.numbers.points(value) if unit == "points" else say.numbers.value(value, unit)
