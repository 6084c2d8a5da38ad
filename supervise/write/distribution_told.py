"""A run that sends, for people and for machines: what wants doing first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from supervise import __version__
from supervise.core.delivery_rows import SENT_STATES, Sent, SentRow
from supervise.core.period import Period
from supervise.write.numbers import Numbers, Words
from supervise.write.terminal import Style, aligned, error_lines, plain
from supervise.write.visible import one_line

SCHEMA = "supervise/distribution/1"
_MOST_SHOWN = 20
_TONES = {
    "stopped": "bad", "refused": "bad", "uncertain": "bad", "changed": "bad",
    "deferred": "unsure", "busy": "unsure", "not_reminded": "unsure",
}  # fmt: skip


def distribution_text(sent: Sent, words: Words, style: Style = plain) -> str:
    """What an officer reads after ``supervise distribute``."""
    lines = [words("distribution.title", period=Numbers(words).period(Period.parse(sent.period)))]
    if sent.rehearsal:
        lines.append(style(words("distribution.rehearsal"), "unsure"))
    if sent.unsigned is not None:
        counts = {"signed": len(sent.rows), "unsigned": sent.unsigned}
        lines.append(words("distribution.counts", **counts))
    for state in SENT_STATES:
        rows = [row for row in sent.rows if row.state == state]
        if rows:
            told = words(f"distribution.state.{state}")
            head = words("distribution.group", state=told, n=len(rows))
            lines += ["", style(head, _TONES.get(state, "good")), *_group(rows, sent, words)]
            if words.has(f"distribution.hint.{state}"):
                lines.append("  " + words(f"distribution.hint.{state}"))
    return "\n".join(lines) + "\n"


def _group(rows: Sequence[SentRow], sent: Sent, words: Words) -> Iterator[str]:
    """Banks of one state; a rehearsal shows every one of them with its files."""
    shown = rows if sent.rehearsal else rows[:_MOST_SHOWN]
    lines = list(aligned([_cells(row, sent, words) for row in shown]))
    for row, line in zip(shown, lines, strict=True):
        yield line
        if row.fault is not None:
            yield from ("  " + each for each in error_lines(row.fault, words))
        if sent.rehearsal:
            for file in row.files:
                yield words(
                    "distribution.files", name=file.name, size=file.size, sha256=file.sha256
                )
    if len(rows) > len(shown):
        yield "  " + words("distribution.more", n=len(rows) - len(shown))


def _cells(row: SentRow, sent: Sent, words: Words) -> tuple[str, ...]:
    through = words(
        f"distribution.through.{sent.channel}", to=row.address, office=one_line(row.office)
    )
    notes = []
    if row.parts > 1:
        notes.append(words("distribution.parts", n=row.parts))
    if row.supersedes:
        notes.append(words("distribution.replaces", number=row.supersedes))
    if row.detail and row.state != "accepted":
        notes.append(one_line(row.detail))
    told = words("report.list_semicolon").join(notes)
    return (row.bank, one_line(row.name), through, row.number, told)


def distribution_document(sent: Sent) -> dict[str, Any]:
    """The same for machines."""
    states = [row.state for row in sent.rows]
    return {
        "schema": SCHEMA,
        "program": __version__,
        "period": sent.period,
        "channel": sent.channel,
        "rehearsal": sent.rehearsal,
        "unsigned": sent.unsigned,
        "counts": {state: states.count(state) for state in SENT_STATES},
        "banks": [_bank(row) for row in sent.rows],
    }


def _bank(row: SentRow) -> dict[str, Any]:
    return {
        "code": row.bank,
        "name": row.name,
        "state": row.state,
        "delivery": row.number or None,
        "recipient": row.office,
        "address": row.address,
        "parts": row.parts,
        "supersedes": row.supersedes,
        "files": [{"path": f.name, "size": f.size, "sha256": f.sha256} for f in row.files],
        "detail": row.detail or None,
        "fault": row.fault.parts() if row.fault is not None else None,
    }
