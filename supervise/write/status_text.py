"""Who has filed, for a terminal: the counts, then what wants doing, a few of each kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from supervise.core.filing_status import STATES, FilingStatus, StatusRow
from supervise.write.status_rows import StatusNames, bank_texts, file_text, title, total_lines
from supervise.write.terminal import Style, aligned, plain
from supervise.write.visible import one_line

MOST_SHOWN = 20
_TONES = {
    "missing": "bad",
    "refused": "bad",
    "blocked": "bad",
    "incomplete": "bad",
    "awaiting_explanation": "unsure",
}
_DONE = ("filed", "not_due")
_SHOWN = ("code", "name", "due", "received", "remarks")


def status_text(status: FilingStatus, names: StatusNames, style: Style = plain) -> str:
    """What an officer reads after ``supervise status``."""
    words = names.words
    tone = "good" if status.complete else "bad"
    verdict = words("status.complete" if status.complete else "status.open")
    lines = [title(status, words), style(verdict, tone), *total_lines(status, words)]
    for state in STATES:
        rows = [row for row in status.rows if row.state == state]
        if rows and state not in _DONE:
            head = words("status.group", state=words(f"status.state.{state}"), n=len(rows))
            lines += ["", style(head, _TONES[state]), *_banks(rows, names)]
    odd = [row for row in status.rows if row.state in _DONE and _is_odd(row)]
    if odd:
        lines += ["", words("status.odd", n=len(odd)), *_banks(odd, names)]
    lines += _outside(status, names)
    return "\n".join(lines) + "\n"


def _is_odd(row: StatusRow) -> bool:
    return row.late or row.reopened or bool(row.differs)


def _banks(rows: Sequence[StatusRow], names: StatusNames) -> Iterator[str]:
    shown = [bank_texts(row, names) for row in rows[:MOST_SHOWN]]
    yield from aligned([[texts[column] for column in _SHOWN] for texts in shown])
    yield from _more(len(rows), names)


def _outside(status: FilingStatus, names: StatusNames) -> Iterator[str]:
    """Files of banks that are not on the register, and files of nobody known."""
    words = names.words
    if status.strangers:
        yield from ("", words("status.strangers", n=len(status.strangers)))
        yield from aligned(
            [
                [one_line(f.bank), one_line(f.name), file_text(f, words)]
                for f in status.strangers[:MOST_SHOWN]
            ]
        )
        yield from _more(len(status.strangers), names)
    if status.unknown:
        yield from ("", words("status.unknown", n=len(status.unknown)))
        yield from (f"  {file_text(f, words)}" for f in status.unknown[:MOST_SHOWN])
        yield from _more(len(status.unknown), names)


def _more(count: int, names: StatusNames) -> Iterator[str]:
    if count > MOST_SHOWN:
        yield "  " + names.words("status.more", n=count - MOST_SHOWN)
