"""The outbox in the ledger: what was sent of a period, and each further step."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from supervise.core.delivery import (
    MAIL,
    PREPARED,
    SENDING,
    UNCERTAIN,
    WAITING,
    WITHDRAWN,
    Delivery,
    Part,
    Step,
    delivery_of,
)
from supervise.dispatch.outbox import Consignment
from supervise.record import record

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.ledger import Ledger

Deliveries = Mapping[str, Sequence[Delivery]]
"""By bank, the oldest first."""
_BROKEN_OFF = "发送中断，不知是否送达"


class RealClock:
    """Time as it passes."""

    def now(self) -> float:
        """Seconds since some moment; clocks that are set do not move it."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)


@record
class Steps:
    """Writes steps of one period; each is dated when it happens."""

    ledger: Ledger
    period: str

    def advance(self, one: Consignment, step: tuple[str, int, str], after: str | None) -> bool:
        """As the outbox wants it."""
        return self.note(one.bank, one.parcel, step, after)

    def note(self, bank: str, parcel: str, step: tuple[str, int, str], after: str | None) -> bool:
        """Append a step if the part is in the state ``after``; whether it was.

        Raises:
            LedgerError: The ledger cannot be written to.
        """
        from supervise.ledger.later_records import ParcelStep

        state, attempt, detail = step
        made = ParcelStep(
            period=self.period,
            parcel=parcel,
            state=state,
            attempt=attempt,
            detail=detail,
            on=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        return self.ledger.advance(bank, made, after=after)

    def withdraw(self, delivery: Delivery) -> bool:
        """Take back what has not left; False: another process has begun to send it."""
        waiting = [part for part in delivery.parts if part.state in WAITING]
        return all(
            self.note(delivery.bank, part.parcel, (WITHDRAWN, part.attempt, ""), part.last)
            for part in waiting
        )

    def begin(self, bank: str, parts: Sequence[Part], detail: str) -> None:
        """Record a new delivery: its parts, and that they are prepared.

        Raises:
            LedgerError: Another process has recorded another one under its name.
        """
        from supervise.ledger.later_records import Parcel

        self.ledger.append(
            bank,
            [
                Parcel(
                    period=self.period,
                    parcel=part.parcel,
                    channel=part.channel,
                    recipient=part.office,
                    address=part.address,
                    address_digest=part.address_digest,
                    message_id=part.message_id,
                    content=part.content,
                    supersedes=part.supersedes,
                )
                for part in parts
            ],
        )
        self.complete(bank, parts, detail)

    def complete(self, bank: str, parts: Sequence[Part], detail: str) -> None:
        """See that every part is noted as prepared: a run may have died before it was."""
        for part in parts:
            if not part.steps:
                self.note(bank, part.parcel, (PREPARED, 0, detail), None)


def deliveries_of(ledger: Ledger, period: str) -> Deliveries:
    """Every delivery of a period."""
    from supervise.ledger.later_records import Parcel, ParcelStep

    steps: dict[str, list[Step]] = {}
    for _, step in ledger.records(ParcelStep, periods=[period]):
        told = Step(step.state, step.attempt, step.detail, step.on)
        steps.setdefault(step.parcel, []).append(told)
    parts: dict[tuple[str, str], list[Part]] = {}
    for bank, one in ledger.records(Parcel, periods=[period]):
        part = Part(
            parcel=one.parcel,
            channel=one.channel,
            office=one.recipient,
            address=one.address,
            address_digest=one.address_digest,
            message_id=one.message_id,
            content=one.content,
            supersedes=one.supersedes,
            steps=tuple(steps.get(one.parcel, ())),
        )
        parts.setdefault((bank, delivery_of(one.parcel)), []).append(part)
    found: dict[str, list[Delivery]] = {}
    for (bank, name), several in parts.items():
        found.setdefault(bank, []).append(Delivery(bank, name, tuple(several)))
    return found


def mark_broken_off(steps: Steps, deliveries: Deliveries) -> bool:
    """Note of every mail that stands as being sent that nobody knows; whether there was one.

    If another process is sending it just now, that one will say what became of it.
    """
    stuck = [
        (delivery.bank, part)
        for several in deliveries.values()
        for delivery in several
        for part in delivery.parts
        if part.last == SENDING and part.channel == MAIL
    ]
    for bank, part in stuck:
        steps.note(bank, part.parcel, (UNCERTAIN, part.attempt, _BROKEN_OFF), SENDING)
    return bool(stuck)
