"""League table, banks apart from it, and banks that need attention → texts."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from supervise.core.region.attention import GRAVITY, Attention, Reason
from supervise.core.region.figures import BankFigures
from supervise.core.region.groups import in_order
from supervise.core.region.league import Ranked
from supervise.record import record
from supervise.write.numbers import format_fixed
from supervise.write.phrases import Mark, Tone
from supervise.write.summary_phrases import RegionPhrases

MOST_ATTENTION, MOST_URGENT, MOST_NAMES = 40, 3, 3
_TONES: dict[str, Tone] = {
    "blocked": "bad",
    "veto": "bad",
    "lowest_grade": "bad",
    "incomplete": "unsure",
    "near_veto": "unsure",
    "span": "unsure",
    "unmet_duty": "unsure",
    "grade_fell": "unsure",
    "fall": "unsure",
}


@record
class LeagueRow:
    """One bank of the league table; ``elements`` in the order of the heads."""

    rank: str
    name: str
    code: str
    type: str
    province: str
    total: str
    change: str
    grade: str
    note: str
    elements: tuple[str, ...]


@record
class LeagueTable:
    """One ranking with the short names of its elements."""

    title: str
    since: str
    heads: tuple[tuple[str, str], ...]
    rows: tuple[LeagueRow, ...]


@record
class ApartRow:
    """One filing that has no rank, with the reason."""

    name: str
    code: str
    type: str
    province: str
    why: str
    tone: Tone
    text: str


@record
class AttentionRow:
    """One bank that needs attention; each reason is a mark and a text."""

    name: str
    about: str
    rank: str
    total: str
    change: str
    grade: str
    reasons: tuple[tuple[Mark, str], ...]


@record
class Urgent:
    """One of the banks that page 1 names."""

    name: str
    total: str
    grade: str
    marks: tuple[Mark, ...]
    text: str


@record
class AttentionView:
    """The banks that need attention, and how many are left to the workbook."""

    title: str
    rows: tuple[AttentionRow, ...]
    more: str


def league_tables(p: RegionPhrases) -> tuple[LeagueTable, ...]:
    """The ranking of the legal persons, and that of the branches if there are both."""
    region = p.region
    other = next((row.bank.level for row in region.others), "")
    pairs = ((region.level, region.rows), (other, region.others))
    return tuple(_league(p, level, rows) for level, rows in pairs if rows)


def _league(p: RegionPhrases, level: str, rows: Sequence[Ranked]) -> LeagueTable:
    heads: dict[str, str] = {}
    for row in rows:
        for element in row.bank.elements:
            heads.setdefault(element.id, element.name)
    heads = dict(in_order(heads, p.region.law.elements))
    moved = p.region.moved
    known = moved is not None and any(row.change is not None for row in rows)
    return LeagueTable(
        title=p.say("league.message", level=p.say(f"level.{level}"), n=len(rows)),
        since=p.numbers.period(moved.period) if moved is not None and known else "",
        heads=tuple((name, _short(p, name, full)) for name, full in heads.items()),
        rows=tuple(_row(p, rows, at, tuple(heads)) for at in range(len(rows))),
    )


def _short(p: RegionPhrases, element: str, name: str) -> str:
    key = f"summary.element.{element}"
    return p.words(key) if p.words.has(key) else name


def _row(p: RegionPhrases, rows: Sequence[Ranked], at: int, heads: tuple[str, ...]) -> LeagueRow:
    row, bank = rows[at], rows[at].bank
    points = {element.id: element.points for element in bank.elements}
    notes = [p.say("league.incomplete")] if bank.status == "incomplete" else []
    if bank.low != bank.high:
        notes.append(p.say("league.span", low=p.points(bank.low), high=p.points(bank.high)))
    return LeagueRow(
        rank=str(row.rank),
        name=bank.name,
        code=bank.code,
        type=bank.type_name,
        province=bank.province_name,
        total=p.points(bank.total, _neighbours(rows, at)),
        change=p.signed(row.change),
        grade=p.grade(bank.grade.id),
        note=p.words("report.list_comma").join(notes),
        elements=tuple(
            format_fixed(points[name], 1) if name in points else "—" for name in heads
        ),
    )  # fmt: skip


def _neighbours(rows: Sequence[Ranked], at: int) -> tuple[Fraction, ...]:
    """The totals above and below: they must not look equal unless they are."""
    near = (rows[n].bank.total for n in (at - 1, at + 1) if 0 <= n < len(rows))
    return tuple(total for total in near if total != rows[at].bank.total)


def apart(p: RegionPhrases) -> tuple[ApartRow, ...]:
    """Blocked filings, then superseded ones."""
    blocked = (_apart(p, bank, "blocked", "bad") for bank in p.region.blocked)
    gone = (_apart(p, bank, "superseded", "plain") for bank in p.region.superseded)
    return (*blocked, *gone)


def _apart(p: RegionPhrases, bank: BankFigures, why: str, tone: Tone) -> ApartRow:
    names = [f.name for f in bank.findings if f.severity == "blocking"]
    text = p.say("apart.superseded", n=bank.sequence)
    if why == "blocked":
        text = p.say(
            "apart.blocked", n=bank.findings_of("blocking"), names=p.listed(names, 4)
        )  # fmt: skip
    return ApartRow(
        name=bank.name,
        code=bank.code,
        type=bank.type_name,
        province=bank.province_name,
        why=p.words(f"report.status.{why}"),
        tone=tone,
        text=text,
    )


def attention_view(p: RegionPhrases) -> AttentionView:
    """The banks that need attention, the gravest first."""
    found = p.region.attention
    ranks = {
        id(row.bank): str(row.rank) for rows in (p.region.rows, p.region.others) for row in rows
    }
    left = len(found) - MOST_ATTENTION
    return AttentionView(
        title=p.say("attention.message", n=len(found), of=p.region.counts.evaluated)
        if found
        else p.say("attention.none"),
        rows=tuple(_attention(p, one, ranks) for one in found[:MOST_ATTENTION]),
        more=p.say("attention.more", n=left) if left > 0 else "",
    )


def urgent(p: RegionPhrases) -> tuple[Urgent, ...]:
    """The first few banks that need attention, with the gravest reason in full."""
    rows = (_attention(p, one, {}) for one in p.region.attention[:MOST_URGENT])
    return tuple(
        Urgent(row.name, row.total, row.grade, tuple(m for m, _ in row.reasons), row.reasons[0][1])
        for row in rows
    )


def reason_counts(p: RegionPhrases) -> str:
    """How many banks have each reason, the gravest first."""
    found = [{reason.kind for reason in one.reasons} for one in p.region.attention]
    counts = ((kind, sum(kind in kinds for kinds in found)) for kind in GRAVITY)
    return p.words("report.list_comma").join(
        p.say("attention.count", mark=p.say(f"reason.{kind}.mark"), n=n) for kind, n in counts if n
    )


def _attention(p: RegionPhrases, one: Attention, ranks: dict[int, str]) -> AttentionRow:
    bank = one.bank
    level = p.say(f"level.{bank.level}") if bank.level != "legal_person" else ""
    about = " · ".join(text for text in (bank.type_name, level, bank.province_name) if text)
    return AttentionRow(
        name=bank.name,
        about=about,
        rank=ranks.get(id(bank), "—"),
        total="—" if bank.blocked else p.points(bank.total),
        change=p.signed(one.change),
        grade="—" if bank.blocked else p.grade(bank.grade.id),
        reasons=tuple(reason_text(p, reason, MOST_NAMES) for reason in one.reasons),
    )


def reason_text(p: RegionPhrases, reason: Reason, most: int = 0) -> tuple[Mark, str]:
    """A reason as a mark and what it is about.

    Args:
        p: How things are said.
        reason: Why a bank needs attention.
        most: How many names are told; 0: all.
    """
    names = reason.names
    if reason.kind == "grade_fell":
        names = tuple(p.grade(name) for name in reason.names)
    figure = p.signed(reason.figure) if reason.kind in ("fall", "grade_fell") else ""
    if reason.kind == "near_veto":
        figure = p.points(reason.figure)
    text = p.say(
        f"reason.{reason.kind}.text",
        n=reason.n,
        names=p.listed(names, most or len(names), "report.list_semicolon"),
        before=names[0] if names else "",
        after=names[-1] if names else "",
        figure=figure,
    )
    return Mark(p.say(f"reason.{reason.kind}.mark"), _TONES[reason.kind]), text
