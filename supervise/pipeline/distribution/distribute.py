"""The reports of a quarter to their banks: prepared, examined, recorded, sent, each once.

In: what an office asks for. Out: a row for each bank. A bank whose parcel must not leave is
stopped alone; what is wrong with the lists stops all before anything leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from supervise.core.delivery import Delivery
from supervise.core.delivery_rows import Sent, SentRow
from supervise.dispatch.outbox import Clock, Consignment, Outbox
from supervise.pipeline.distribution.channels import channel_of
from supervise.pipeline.distribution.inputs import Asked, Inputs, inputs_of
from supervise.pipeline.distribution.outgoing import (
    RealClock,
    Steps,
    deliveries_of,
    mark_broken_off,
)
from supervise.pipeline.distribution.parcelling import Packing
from supervise.pipeline.distribution.preparing import CONTINUED, SENT, Preparing
from supervise.pipeline.distribution.staging import staging
from supervise.pipeline.ledger.opening import require_ledger
from supervise.read.words import read_words
from supervise.record import replace
from supervise.write.report import Renderer

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.ledger import Ledger

Progress = Callable[[int, int], None]
_FINAL = {"prepared": "deferred"}
"""How a state of the ledger is called at the end of a run, where that differs."""


def distribute(
    asked: Asked, *, clock: Clock | None = None, progress: Progress | None = None
) -> Sent:
    """Send what is signed off and has not been sent.

    Args:
        asked: What is to go where.
        clock: Time; the real one by default.
        progress: Told how many parts of how many are through.

    Raises:
        UsageError: The command makes no sense.
        LedgerError: The ledger cannot be used.
        DispatchError: Nothing was sent, or the channel closed for good; what was not sent waits.
    """
    with require_ledger(asked.ledger) as ledger:
        inputs = inputs_of(asked, ledger)
        steps = Steps(ledger, asked.period)
        before = deliveries_of(ledger, asked.period)
        if not asked.rehearsal and mark_broken_off(steps, before):
            before = deliveries_of(ledger, asked.period)
        to_folders = inputs.mail is None and not asked.rehearsal
        with staging(asked.output if to_folders else None) as folder:
            work = Preparing(asked, inputs, (steps, before), _packing(asked, inputs, folder))
            if asked.rehearsal:
                rows = [work.row(bank) for bank in inputs.signed]
            else:
                told = _sent(work, asked, inputs, (steps, clock or RealClock(), progress))
                rows = _afterwards(told, ledger, asked.period)
    return Sent(
        period=asked.period,
        channel=asked.via,
        rows=tuple(rows),
        unsigned=inputs.unsigned,
        rehearsal=asked.rehearsal,
    )


def _packing(asked: Asked, inputs: Inputs, folder: Path) -> Packing:
    words = read_words(asked.settings.lang)
    return Packing(
        period=asked.period,
        channel=asked.via,
        inputs=inputs,
        folder=folder,
        renderer=Renderer(words=words, templates=asked.templates),
        words=words,
    )


def _sent(
    work: Preparing,
    asked: Asked,
    inputs: Inputs,
    means: tuple[Steps, Clock, Progress | None],
) -> list[SentRow]:
    """Prepare bank by bank and send what is prepared, so that little lies about at any time."""
    steps, clock, progress = means
    rows: dict[str, SentRow] = {}

    def parts() -> Iterator[Consignment]:
        for bank in inputs.signed:
            rows[bank] = work.row(bank)
            yield from work.waiting()
            if progress is not None:
                progress(len(rows), len(inputs.signed))

    channel, pace = channel_of(inputs.mail, asked.output or Path())
    try:
        for one, _ in Outbox(channel, steps, pace, clock).send(parts()):
            if one.prepared is not None and one.prepared.is_file():
                one.prepared.unlink()
    finally:
        channel.close()
    return [rows.get(bank) or work.row(bank, pack=False) for bank in inputs.signed]


def _afterwards(rows: Iterable[SentRow], ledger: Ledger, period: str) -> list[SentRow]:
    """The rows as the ledger has them when all is done."""
    now = {one.name: one for several in deliveries_of(ledger, period).values() for one in several}
    return [_ended(row, now) for row in rows]


def _ended(row: SentRow, now: dict[str, Delivery]) -> SentRow:
    if row.state not in (SENT, CONTINUED):
        return row
    delivery = now[row.number]
    details = [p.steps[-1].detail for p in delivery.parts if p.state == delivery.state and p.steps]
    state = _FINAL.get(delivery.state, delivery.state)
    return replace(row, state=state, detail=details[0] if details else "")
