"""Receipts: who has its report, taken from the ledger; and what came in, put there.

A receipt is taken only if its parcel and digest are those that were sent to that bank. Of a file
with anything wrong in it nothing is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from supervise.core.delivery import (
    ACCEPTED,
    ACKNOWLEDGED,
    ARRIVED,
    COLLECTED,
    UNCERTAIN,
    Delivery,
    report_of,
)
from supervise.core.delivery_rows import ReceiptRow, receipt_rows
from supervise.errors import DispatchError
from supervise.pipeline.distribution.outgoing import Deliveries, Steps, deliveries_of
from supervise.pipeline.ledger.opening import require_ledger
from supervise.pipeline.template import parse_period
from supervise.read.acknowledgements import CODE, Receipt, read_receipts_of_banks
from supervise.read.error_words import in_words
from supervise.read.office_table import Faults
from supervise.read.words import read_words
from supervise.record import record, replace
from supervise.settings import Settings
from supervise.write.terminal import Style, plain

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.ledger import Ledger

Form = Literal["text", "json", "xlsx"]
_BEFORE = (UNCERTAIN, ACCEPTED, COLLECTED, ACKNOWLEDGED)
"""From what a bank may be found to have into what it has: each state only forward."""


def receipts(period: str, option: str | None) -> tuple[ReceiptRow, ...]:
    """Every bank that is to have a report, and how its delivery stands.

    Args:
        period: Such as ``2026Q3``.
        option: What ``--ledger`` says.

    Raises:
        UsageError: The period is wrong, or no ledger was named.
        LedgerError: It cannot be used.
    """
    parse_period(period)
    with require_ledger(option) as ledger:
        standing = ledger.all_standing(period)
        names = {bank: one.filed.name for bank, one in standing.items() if one.accepted}
        return receipt_rows(names, deliveries_of(ledger, period))


def shown(
    period: str,
    rows: Sequence[ReceiptRow],
    form: Form,
    settings: Settings,
    style: Style = plain,
) -> bytes:
    """The answer in one of its forms."""
    from supervise.write.receipts_told import receipts_document, receipts_text, receipts_workbook

    when = parse_period(period)
    rows = [replace(row, detail=in_words(row.detail, settings.lang)) for row in rows]
    if form == "json":
        from supervise.json_text import to_json

        return to_json(receipts_document(when, rows)).encode()
    words = read_words(settings.lang)
    if form == "xlsx":
        return receipts_workbook(when, rows, words)
    return receipts_text(when, rows, words, style).encode("utf-8", "replace")


def taken_text(paths: Sequence[Path], option: str | None, settings: Settings) -> str:
    """Take receipts in, file by file, and say how many there were.

    Raises:
        DispatchError: As ``take_receipts``; the files before it were taken.
        LedgerError: The ledger cannot be used.
    """
    counts = [take_receipts(path, option) for path in paths]
    total, added = (sum(each) for each in zip(*counts, strict=True))
    return read_words(settings.lang)("receipts.imported", n=total, added=added)


@record
class _Match:
    receipt: Receipt
    delivery: Delivery
    period: str


def take_receipts(path: Path, option: str | None) -> tuple[int, int]:
    """Take receipts into the ledger.

    Args:
        path: A bank's file, or the office's list.
        option: What ``--ledger`` says.

    Returns:
        How many receipts there were, and how many told something new.

    Raises:
        DispatchError: ``receipt_invalid``, with every fault; nothing was taken.
        LedgerError: The ledger cannot be used.
    """
    faults = Faults("回执", path.name, CODE, DispatchError)
    found = read_receipts_of_banks(path, faults)
    with require_ledger(option) as ledger:
        periods = {_period_of(one) for one in found}
        known = {period: deliveries_of(ledger, period) for period in sorted(periods)}
        matches = [_matched(one, known, faults) for one in found]
        faults.refuse()
        added = sum(_taken(one, ledger) for one in matches if one is not None)
    return len(found), added


def _period_of(one: Receipt) -> str:
    """The names of deliveries begin with their period."""
    return one.parcel.partition("-")[0]


def _matched(one: Receipt, known: Mapping[str, Deliveries], faults: Faults) -> _Match | None:
    """The delivery that a receipt is about: the last that brought this very parcel."""
    several = known[_period_of(one)].get(one.bank, ())
    named = [d for d in several if one.parcel in (d.name, report_of(d.name))]
    same = [d for d in named if d.content.startswith(one.content)]
    if not named:
        what = f"没有向 {one.bank or '（空）'} 送过 {one.parcel or '（空）'}"
        expected = "送达函上的送达编号，和收件机构自己的代码"
    elif not same:
        what = f"{one.bank} 的清单摘要与所送的不同"
        expected = f"{named[-1].content}（所送清单 manifest.json 的 SHA-256）"
    elif same[-1].state not in _BEFORE:
        what = f"{one.bank} 的 {same[-1].name} 没有送出（{same[-1].state}）"
        expected = "已送达或待确认的送达件"
    else:
        return _Match(one, same[-1], _period_of(one))
    faults.told(one.where, what, expected=expected, fix="核对回执；不是本件的回执不登记。")
    return None


def _taken(match: _Match, ledger: Ledger) -> bool:
    """Note it for every part that is not yet so far."""
    steps, one = Steps(ledger, match.period), match.receipt
    detail = f"{one.content} {one.on}".rstrip()
    fresh = False
    for part in match.delivery.parts:
        if _rank(part.state) >= _rank(one.state):
            continue
        last = part.last
        if part.state not in ARRIVED:
            steps.note(one.bank, part.parcel, (ACCEPTED, part.attempt, detail), last)
            last = ACCEPTED
        if one.state != ACCEPTED:
            steps.note(one.bank, part.parcel, (one.state, part.attempt, detail), last)
        fresh = True
    return fresh


def _rank(state: str) -> int:
    """How much is known of a part's arrival; -1: it was not even sent."""
    return _BEFORE.index(state) if state in _BEFORE else -1
