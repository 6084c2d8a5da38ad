"""One ``Region`` → everything a regional summary prints, as texts.

The templates only arrange what stands here; nothing here knows of HTML.
"""

from __future__ import annotations

from datetime import date

from supervise.core.region.region import Region
from supervise.record import record
from supervise.write.numbers import Words
from supervise.write.press import Credits
from supervise.write.summary_phrases import RegionPhrases
from supervise.write.summary_view_charts import BandBar, Changed, Strip, bands, changed, strip
from supervise.write.summary_view_front import Brief, Front, briefs, front
from supervise.write.summary_view_groups import (
    ElementLine,
    GroupTable,
    HeadlineTable,
    element_lines,
    group_tables,
    headline_tables,
)
from supervise.write.summary_view_league import (
    ApartRow,
    AttentionView,
    LeagueTable,
    Urgent,
    apart,
    attention_view,
    league_tables,
    reason_counts,
    urgent,
)
from supervise.write.summary_view_quality import (
    BenchmarkRow,
    DutyRow,
    Quality,
    benchmark_rows,
    duty_rows,
    quality,
)
from supervise.write.visible import one_line

MOST_REFUSED = 60


@record
class RefusedRow:
    """One file that could not be read."""

    file: str
    code: str
    message: str
    fix: str


@record(kw_only=True)
class FirstPage:
    """Charts and short tables of page 1; ``reasons`` says how many banks have each reason."""

    bands_title: str
    bands: tuple[BandBar, ...]
    strip: Strip | None
    changed: Changed | None
    briefs: tuple[Brief, ...]
    urgent: tuple[Urgent, ...]
    reasons: str


@record(kw_only=True)
class SummaryView:
    """A regional summary in texts.

    Attributes:
        created: ISO date of the document: the period's last day; empty where there is none.
        total: What a total is called: 监测得分 in a monitoring run.
        grade: What a grade is called: 测算档次（非监管评级）.
        ranked: Whether any bank takes part in ranking and distribution.
    """

    lang: str
    title: str
    author: str
    created: str
    foot: str
    total: str
    grade: str
    grade_short: str
    ranked: bool
    front: Front
    first: FirstPage
    groups: tuple[GroupTable, ...]
    elements: tuple[ElementLine, ...]
    headlines: tuple[HeadlineTable, ...]
    leagues: tuple[LeagueTable, ...]
    apart: tuple[ApartRow, ...]
    attention: AttentionView
    duties: tuple[DutyRow, ...]
    benchmarks: tuple[BenchmarkRow, ...]
    quality: Quality
    refused: tuple[RefusedRow, ...]
    more_refused: str
    notes: tuple[str, ...]


def summary_of(region: Region, words: Words) -> SummaryView:
    """All texts of one period's regional summary.

    Args:
        region: What is to be told.
        words: Wordings of the document's language.

    Raises:
        RulebookError: A wording is missing.
    """
    p = RegionPhrases(region, words)
    head = front(p)
    left = len(region.refused) - MOST_REFUSED
    return SummaryView(
        lang=words.lang,
        title=f"{head.title} {head.period}",
        author=words("report.author"),
        created=region.period.last_day.isoformat() if region.period else "",
        foot=p.say("foot", secrecy=head.secrecy),
        total=p.say(f"total.{p.kind}"),
        grade=p.say(f"grade.{p.kind}"),
        grade_short=p.say(f"grade_short.{p.kind}"),
        ranked=bool(region.rows),
        front=head,
        first=_first(p),
        groups=group_tables(p),
        elements=element_lines(p),
        headlines=headline_tables(p),
        leagues=league_tables(p),
        apart=apart(p),
        attention=attention_view(p),
        duties=duty_rows(p),
        benchmarks=benchmark_rows(p),
        quality=quality(p),
        refused=tuple(_refused(p)),
        more_refused=p.say("refused.more", n=left) if left > 0 else "",
        notes=_notes(p),
    )


def _first(p: RegionPhrases) -> FirstPage:
    return FirstPage(
        bands_title=_bands_title(p),
        bands=bands(p),
        strip=strip(p),
        changed=changed(p),
        briefs=briefs(p),
        urgent=urgent(p),
        reasons=reason_counts(p),
    )


def _bands_title(p: RegionPhrases) -> str:
    """Where most banks lie."""
    counts = [(grade, n) for grade, n in p.region.groups.all.grades if n]
    if not counts:
        return p.say("bands.none")
    grade, n = max(counts, key=lambda pair: pair[1])
    if sum(each == n for _, each in counts) > 1:
        return p.say("bands.tie", n=n)
    return p.say(
        "bands.message", grade=p.grade(grade), n=n, share=p.percent(n, p.region.groups.all.n)
    )


def _refused(p: RegionPhrases) -> list[RefusedRow]:
    return [
        RefusedRow(one_line(f.file), f.code, one_line(f.message), one_line(f.fix))
        for f in p.region.refused[:MOST_REFUSED]
    ]


def _notes(p: RegionPhrases) -> tuple[str, ...]:
    """How the figures were made, and what they rest on."""
    keys = ["standing", "levels", "spread", "met", "attention", "benchmarks", p.kind, "provenance"]
    if p.region.refused:
        keys.insert(1, "refused")
    return tuple(p.say(f"notes.{key}") for key in keys)


def credits_of(view: SummaryView) -> Credits:
    """The summary to a machine."""
    return Credits(
        title=view.title,
        author=view.author,
        subject=f"{view.front.secrecy} {view.front.mark}",
        keywords=(),
        day=date.fromisoformat(view.created) if view.created else None,
    )
