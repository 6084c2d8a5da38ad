"""Page 1 of a regional summary: how many, how they lie, what changed, what matters."""

from __future__ import annotations

from fractions import Fraction

from supervise.core.region.groups import Headline, Met
from supervise.record import record
from supervise.write.phrases import Pair
from supervise.write.summary_phrases import RegionPhrases, shown


@record
class Front:
    """Who, when, under which mark; facts are label and text."""

    title: str
    mark: str
    period: str
    secrecy: str
    facts: tuple[Pair, ...]
    counts: tuple[Pair, ...]
    counts_note: str
    messages: tuple[Pair, ...]


@record
class Brief:
    """One headline indicator in a line."""

    name: str
    median: str
    met: str
    share: str
    width: str


def front(p: RegionPhrases) -> Front:
    """The head of the document, its counts, and three messages."""
    region = p.region
    day = p.numbers.day(region.period.last_day) if region.period else "—"
    counts = region.counts
    figures = (
        ("files", counts.files), ("ranked", counts.ranked), ("blocked", counts.blocked),
        ("refused", counts.refused), ("superseded", counts.superseded),
        ("attention", len(region.attention)),
    )  # fmt: skip
    return Front(
        title=p.say(f"title.{p.kind}"),
        mark=p.words(f"report.mark.{_mark(p)}"),
        period=p.period,
        secrecy=p.say("secrecy"),
        facts=(
            Pair(p.say("fact.day"), day),
            Pair(p.say("fact.rulebook"), p.listed(region.rulebooks) or "—"),
            Pair(p.say("fact.sources"), p.say("fact.sources_text")),
        ),
        counts=tuple(Pair(p.say(f"count.{name}"), f"{n:,}") for name, n in figures),
        counts_note=_counts_note(p),
        messages=(_result(p), _demands(p), _data(p)),
    )


def _mark(p: RegionPhrases) -> str:
    """试评, unless every grade of an annual evaluation is official."""
    if p.kind == "monitoring":
        return "monitoring"
    graded = [row.bank.grade for row in (*p.region.rows, *p.region.others)]
    return "official" if graded and all(grade.official for grade in graded) else "trial"


def _counts_note(p: RegionPhrases) -> str:
    region = p.region
    if not region.rows:
        return p.say("message.none")
    told = p.say("count.note", level=p.level, n=len(region.rows))
    if region.others:
        told += p.say("count.note_others", n=len(region.others))
    return told + p.say("message.stop")


def _result(p: RegionPhrases) -> Pair:
    region, totals = p.region, p.region.groups.all.totals
    lead = p.say("message.result")
    if totals.median is None:
        return Pair(lead, p.say("message.none"))
    best, n = next(((g, n) for g, n in region.groups.all.grades if n), ("", 0))
    told = p.say(
        "message.median", level=p.level, n=totals.n, score=p.say(f"total.{p.kind}"),
        median=p.points(totals.median),
    )  # fmt: skip
    told += _quarters(p)
    told += p.say(
        "message.best", grade=p.grade(best), n=n, share=p.percent(n, totals.n)
    )  # fmt: skip
    told += _lowest(p)
    return Pair(lead, told + _change_message(p))


def _quarters(p: RegionPhrases) -> str:
    totals = p.region.groups.all.totals
    if totals.lower is None or totals.upper is None:
        return ""
    return p.say("message.quarters", lower=p.points(totals.lower), upper=p.points(totals.upper))


def _lowest(p: RegionPhrases) -> str:
    bands = p.region.law.bands
    counts = dict(p.region.groups.all.grades)
    n = counts.get(bands[-1].id, 0) if bands else 0
    return p.say("message.lowest", grade=bands[-1].label, n=n) if n else p.say("message.stop")


def _change_message(p: RegionPhrases) -> str:
    moved = p.region.moved
    if moved is None:
        return ""
    return p.say(
        "message.moved", period=p.numbers.period(moved.period), n=moved.n, up=moved.up,
        down=moved.down, median=p.signed(moved.median),
    )  # fmt: skip


def _demands(p: RegionPhrases) -> Pair:
    """The duty that most banks do not meet, and the headline indicator met least."""
    region, lead = p.region, p.say("message.demands")
    if not region.counts.ranked:
        return Pair(lead, p.say("message.none"))
    told = p.say("message.all_met")
    if region.duties:
        worst = region.duties[0]
        banks = sum(
            any(r.kind == "unmet_duty" for r in one.reasons) for one in region.attention
        )  # fmt: skip
        told = p.say(
            "message.unmet", banks=banks, of=region.counts.ranked, name=worst.name,
            n=worst.unmet, answered=worst.answered,
        )  # fmt: skip
    least = weakest(region.groups.headlines)
    if least is not None and least.all.met < least.all.answered:
        told += p.say(
            "message.weakest", name=least.name, met=least.all.met, answered=least.all.answered
        )  # fmt: skip
    return Pair(lead, told)


def weakest(headlines: tuple[Headline, ...]) -> Headline | None:
    """The headline indicator that the smallest share of banks meets."""
    known = [one for one in headlines if one.all.answered]
    return min(known, key=lambda one: Fraction(one.all.met, one.all.answered), default=None)


def _data(p: RegionPhrases) -> Pair:
    region, counts = p.region, p.region.counts
    told = p.say("message.data", blocked=counts.blocked, refused=counts.refused)
    if region.quality.unrun:
        told += p.say("message.unrun", n=len(region.quality.unrun))
    elif counts.evaluated:
        told += p.say("message.all_run")
    found = sum(one.n for one in region.quality.findings)
    if found:
        most = max(region.quality.findings, key=lambda one: (one.banks, one.n))
        told += p.say("message.found", n=found, name=most.name, banks=most.banks)
    elif counts.evaluated:
        told += p.say("message.nothing_found")
    return Pair(p.say("message.data_lead"), told)


def briefs(p: RegionPhrases) -> tuple[Brief, ...]:
    """The headline indicators of page 1."""
    return tuple(
        Brief(
            name=one.name,
            median=p.middle(one.all.values.median, one.unit),
            met=met_text(p, one.all),
            share=p.percent(one.all.met, one.all.answered),
            width=met_width(one.all),
        )
        for one in p.region.groups.headlines
    )


def met_text(p: RegionPhrases, met: Met) -> str:
    """``15 / 18``; a dash where no bank is addressed."""
    return p.say("met", met=met.met, answered=met.answered) if met.answered else "—"


def met_width(met: Met) -> str:
    """Share that meets the demand in per cent; empty where no bank is addressed."""
    return shown(Fraction(met.met * 100, met.answered)) if met.answered else ""
