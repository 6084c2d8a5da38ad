"""A ``Region`` → the sheets of its league table: totals, attention, findings, notes."""

from __future__ import annotations

from supervise.core.region.region import Region
from supervise.write.league_lines import Line, Tables
from supervise.write.league_values import exact, points, values
from supervise.write.numbers import Words
from supervise.write.summary_view_league import reason_text
from supervise.write.tables import Column, Sheet, Value, frame


def sheets(region: Region, words: Words) -> tuple[Sheet, ...]:
    """All worksheets of the league table: totals, points, values, attention, findings, exact.

    Args:
        region: What is told.
        words: Wordings of the headings.
    """
    t = Tables(region, words)
    return (totals(t), points(t), values(t), attention(t), findings(t), exact(t), notes(t))


def totals(t: Tables) -> Sheet:
    """总表: place, totals, grade, elements, findings of every bank."""
    columns = (
        *t.identity,
        *(t.column("bank", name) for name in ("type", "level", "province")),
        t.column("filing", "status"),
        t.column("filing", "sequence", "whole"),
        *(t.column("result", n, "points") for n in ("total", "low", "high", "regular", "bonus")),
        t.column("result", "change", "signed"),
        *(t.column("result", name) for name in ("before", "grade", "vetoes")),
        *(Column(t.say("group.elements"), name, "points") for name in t.elements.values()),
        *(
            t.column("findings", name, "whole")
            for name in ("blocking", "explain", "unanswered", "advisory")
        ),
    )
    rows = (_total(t, line) for line in t.lines)
    return Sheet(t.say("total"), t.say("note.total_text"), columns, frame(columns, rows))


def _total(t: Tables, line: Line) -> list[Value]:
    bank, row = line.bank, line.row
    results: list[Value] = [None] * 9
    if row is not None:
        results = [
            bank.total, bank.low, bank.high, bank.regular, bank.bonus, row.change,
            t.phrases.grade(row.before) if row.before else "", t.phrases.grade(bank.grade.id),
            t.words("report.list_semicolon").join(bank.grade.vetoes),
        ]  # fmt: skip
    reached = {element.id: element.points for element in bank.elements} if row else {}
    return [
        *t.who(line),
        bank.type_name,
        t.words(f"report.level.{bank.level}"),
        bank.province_name,
        t.words(f"report.status.{bank.status}"),
        bank.sequence,
        *results,
        *(reached.get(name) for name in t.elements),
        bank.findings_of("blocking"),
        bank.findings_of("explain"),
        bank.unanswered,
        bank.findings_of("advisory"),
    ]


def attention(t: Tables) -> Sheet:
    """关注: every bank that needs attention, with its reasons."""
    columns = (
        *(t.column("bank", name) for name in ("code", "name", "type", "province")),
        t.column("result", "total", "points"),
        t.column("result", "change", "signed"),
        t.column("result", "grade"),
        t.column("result", "reasons", "long"),
    )
    rows = (
        [
            one.bank.code,
            one.bank.name,
            one.bank.type_name,
            one.bank.province_name,
            None if one.bank.blocked else one.bank.total,
            one.change,
            "" if one.bank.blocked else t.phrases.grade(one.bank.grade.id),
            "\n".join(
                t.say("reason", mark=mark.text, text=text)
                for mark, text in (reason_text(t.phrases, r) for r in one.reasons)
            ),
        ]
        for one in t.region.attention
    )
    note = t.words("summary.notes.attention")
    return Sheet(t.say("attention"), note, columns, frame(columns, rows), kept=2)


def findings(t: Tables) -> Sheet:
    """发现: one row per bank and check that found something."""
    columns = (
        *(t.column("bank", name) for name in ("code", "name", "type", "province")),
        *(t.column("findings", name) for name in ("severity", "check", "check_name")),
        t.column("findings", "n", "whole"),
        t.column("findings", "unanswered", "whole"),
    )
    rows = (
        [
            bank.code,
            bank.name,
            bank.type_name,
            bank.province_name,
            t.words(f"report.severity.{one.severity}"),
            one.check,
            one.name,
            one.n,
            one.unanswered if one.severity == "explain" else None,
        ]
        for bank in t.region.quality.most_found
        for one in bank.findings
    )
    return Sheet(
        t.say("findings"), t.say("note.findings_text"), columns, frame(columns, rows), kept=2
    )


def notes(t: Tables) -> Sheet:
    """说明: what the workbook is, what it counts, how to read each sheet, what was refused."""
    told = [
        (t.say("note.purpose"), t.say("note.purpose_text")),
        (t.say("note.period"), t.phrases.period),
        (t.say("note.kind"), t.words(f"summary.notes.{t.phrases.kind}")),
        (t.say("note.counts"), _counts(t)),
    ]
    told += [
        (t.say(f"note.{name}"), t.say(f"note.{name}_text"))
        for name in ("total", "points", "indicators", "exact", "findings")
    ]
    told.append((t.say("note.rulebook"), t.words("report.list_comma").join(t.region.rulebooks)))
    told += [
        (
            t.say("note.refused"),
            t.say("refusal", file=one.file, message=one.message, code=one.code, fix=one.fix),
        )
        for one in t.region.refused
    ]
    columns = (t.column("bank", "topic"), t.column("bank", "text", "long"))
    return Sheet(t.say("notes"), "", columns, frame(columns, told), kept=0)


def _counts(t: Tables) -> str:
    counts = t.region.counts
    return t.say(
        "note.counts_text",
        files=counts.files,
        ranked=counts.ranked,
        blocked=counts.blocked,
        superseded=counts.superseded,
        refused=counts.refused,
    )
