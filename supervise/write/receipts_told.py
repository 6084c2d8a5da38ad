"""Who has its report and who has not, for people: text, workbook; and for machines."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from supervise import __version__
from supervise.core.delivery_rows import RECEIPT_STATES, ReceiptRow, counted
from supervise.core.period import Period
from supervise.write.numbers import Numbers, Words
from supervise.write.sheet_list import Column, Table, draw_tables
from supervise.write.sheet_pack import finish
from supervise.write.terminal import Style, aligned, plain
from supervise.write.visible import one_line

SCHEMA = "supervise/receipts/1"
COLUMNS = (
    "code", "name", "state", "number", "channel", "office", "address", "sent", "received",
    "remarks",
)  # fmt: skip
_SHOWN = ("code", "name", "number", "sent", "remarks")
_MOST_SHOWN = 20
_DONE = "acknowledged"
_TONES = {"uncertain": "bad", "refused": "bad", "acknowledged": "good"}
_CELL_TONES = {"uncertain": "refused", "refused": "blocking", "acknowledged": "advisory"}
_WIDE, _WIDEST = 30.0, {"name": 40.0, "number": 44.0, "remarks": 60.0}


def receipts_text(
    period: Period, rows: Sequence[ReceiptRow], words: Words, style: Style = plain
) -> str:
    """What an officer reads after ``supervise receipts``."""
    if not rows:
        return f"{_title(period, words)}\n{words('receipts.nothing')}\n"
    done = all(row.state == _DONE for row in rows)
    verdict = words("receipts.complete" if done else "receipts.open")
    lines = [_title(period, words), style(verdict, "good" if done else "bad"), _counts(rows, words)]
    for state in RECEIPT_STATES:
        some = [row for row in rows if row.state == state]
        if some and state != _DONE:
            told = words("receipts.group", state=words(f"receipts.state.{state}"), n=len(some))
            lines += ["", style(told, _TONES.get(state, "unsure")), *_banks(some, words)]
    return "\n".join(lines) + "\n"


def _banks(rows: Sequence[ReceiptRow], words: Words) -> Iterator[str]:
    texts = [_texts(row, words) for row in rows[:_MOST_SHOWN]]
    yield from aligned([[each[name] for name in _SHOWN] for each in texts])
    if len(rows) > _MOST_SHOWN:
        yield "  " + words("receipts.more", n=len(rows) - _MOST_SHOWN)


def receipts_workbook(period: Period, rows: Sequence[ReceiptRow], words: Words) -> bytes:
    """The answer as a workbook: what wants doing, and every bank."""
    wanting = [row for row in rows if row.state != _DONE]
    tables = (_table("todo", wanting, rows, words), _table("all", rows, rows, words))
    book = draw_tables(tables, _title(period, words), words("check.list.heading"))
    target = io.BytesIO()
    book.save(target)
    return finish(target.getvalue(), {}, period.last_day)


def _table(
    key: str, rows: Sequence[ReceiptRow], everyone: Sequence[ReceiptRow], words: Words
) -> Table:
    texts = [_texts(row, words) for row in rows]
    return Table(
        words(f"receipts.sheet.{key}"),
        (_counts(everyone, words),),
        tuple(
            Column(
                words(f"receipts.column.{name}"), _WIDEST.get(name, _WIDE), toned=name == "state"
            )
            for name in COLUMNS
        ),
        tuple(tuple(each[name] for name in COLUMNS) for each in texts),
        tuple(_CELL_TONES.get(row.state, "explain") for row in rows),
        words("receipts.none"),
    )


def receipts_document(period: Period, rows: Sequence[ReceiptRow]) -> dict[str, Any]:
    """The same for machines."""
    return {
        "schema": SCHEMA,
        "program": __version__,
        "period": str(period),
        "counts": counted(rows),
        "banks": [
            {
                "code": row.bank,
                "name": row.name,
                "state": row.state,
                "delivery": row.number or None,
                "channel": row.channel or None,
                "recipient": row.office or None,
                "address": row.address or None,
                "supersedes": row.supersedes,
                "sent": row.sent or None,
                "received": row.received or None,
                "tries": row.tries,
                "reminders": row.reminders,
                "detail": row.detail or None,
            }
            for row in rows
        ],
    }


def _title(period: Period, words: Words) -> str:
    return words("receipts.title", period=Numbers(words).period(period))


def _counts(rows: Sequence[ReceiptRow], words: Words) -> str:
    told = [
        words("receipts.count", state=words(f"receipts.state.{state}"), n=n)
        for state, n in counted(rows).items()
        if n
    ]
    return words("receipts.counts", n=len(rows), told=words("report.list_semicolon").join(told))


def _minute(moment: str) -> str:
    """A moment as the ledger has it, to the minute: ``2026-11-20 08:30 UTC``."""
    return f"{moment[:16].replace('T', ' ')} UTC" if moment else ""


def _texts(row: ReceiptRow, words: Words) -> dict[str, str]:
    """One bank by column."""
    notes = []
    if row.supersedes:
        notes.append(words("receipts.replaces", number=row.supersedes))
    if row.tries > 1:
        notes.append(words("receipts.tries", n=row.tries))
    if row.reminders:
        notes.append(words("receipts.reminders", n=row.reminders))
    if row.detail and row.state != "prepared":
        notes.append(one_line(row.detail))
    return {
        "code": row.bank,
        "name": one_line(row.name),
        "state": words(f"receipts.state.{row.state}"),
        "number": row.number,
        "channel": words(f"receipts.channel.{row.channel}") if row.channel else "",
        "office": one_line(row.office),
        "address": row.address,
        "sent": _minute(row.sent),
        "received": _minute(row.received),
        "remarks": words("report.list_semicolon").join(notes),
    }
