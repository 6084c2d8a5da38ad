"""What is told of deliveries: a row for each bank, of a run that sends or of the receipts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from supervise.core.delivery import ACKNOWLEDGED, ARRIVED, COLLECTED, REMINDED, STATES, Delivery
from supervise.errors import SuperviseError
from supervise.record import record

UNSENT = "unsent"
SENT_STATES = (
    "stopped", "uncertain", "refused", "changed", "deferred", "busy", "not_reminded", "would_send",
    "would_continue", "would_remind", "accepted", "delivered", "reminded",
)  # fmt: skip
"""What may come of a bank in a run that sends, what wants doing first."""
_WELL = ("would_send", "would_continue", "would_remind", "accepted", "delivered", "reminded")
RECEIPT_STATES = (UNSENT, *STATES)


@record
class FileRow:
    """One file of a parcel."""

    name: str
    size: int
    sha256: str


@record(kw_only=True)
class SentRow:
    """What came of one bank in a run that sends.

    Attributes:
        number: Name of the delivery; empty if none came about.
        address: Masked, or the folder.
        parts: In how many parts it goes.
        supersedes: Delivery that it replaces.
        detail: What the server said.
        fault: Why it was stopped.
    """

    bank: str
    name: str
    state: str
    number: str = ""
    office: str = ""
    address: str = ""
    parts: int = 1
    supersedes: str | None = None
    files: tuple[FileRow, ...] = ()
    detail: str = ""
    fault: SuperviseError | None = None


@record(kw_only=True)
class Sent:
    """A run that sends, told.

    Attributes:
        unsigned: Banks with an accepted filing that nobody signed off; None: of no concern here.
        rehearsal: Nothing was written or sent.
    """

    period: str
    channel: str
    rows: tuple[SentRow, ...]
    unsigned: int | None
    rehearsal: bool

    @property
    def well(self) -> bool:
        """Whether every bank has its parcel, or would have it."""
        return all(row.state in _WELL for row in self.rows)


@record(kw_only=True)
class ReceiptRow:
    """How a bank's report of the period stands.

    Attributes:
        sent: When the last part of it arrived; empty if it did not.
        received: When it was collected or acknowledged.
        tries: Most tries of one part.
        reminders: How often the bank was reminded.
        detail: What was said last.
    """

    bank: str
    name: str
    state: str
    number: str = ""
    channel: str = ""
    office: str = ""
    address: str = ""
    supersedes: str | None = None
    sent: str = ""
    received: str = ""
    tries: int = 0
    reminders: int = 0
    detail: str = ""


def receipt_rows(
    names: Mapping[str, str], deliveries: Mapping[str, Sequence[Delivery]]
) -> tuple[ReceiptRow, ...]:
    """Every bank of the period with its last delivery.

    Args:
        names: Code to name of the banks that are to have a report.
        deliveries: By bank, the oldest first.
    """
    rows = []
    for bank in sorted({*names, *deliveries}):
        name, several = names.get(bank, ""), deliveries.get(bank, ())
        last = several[-1] if several else None
        rows.append(
            ReceiptRow(bank=bank, name=name, state=UNSENT) if last is None else _row(name, last)
        )
    return tuple(rows)


def counted(rows: Iterable[ReceiptRow]) -> dict[str, int]:
    """How many banks are in each state."""
    states = [row.state for row in rows]
    return {state: states.count(state) for state in RECEIPT_STATES}


def _row(name: str, delivery: Delivery) -> ReceiptRow:
    first = delivery.parts[0]
    steps = [step for part in delivery.parts for step in part.steps]
    told = [step for step in steps if step.state != REMINDED]
    return ReceiptRow(
        bank=delivery.bank,
        name=name,
        state=delivery.state,
        number=delivery.name,
        channel=first.channel,
        office=first.office,
        address=first.address,
        supersedes=first.supersedes,
        sent=max((s.on for s in steps if s.state in ARRIVED[:1]), default=""),
        received=max((s.on for s in steps if s.state in (COLLECTED, ACKNOWLEDGED)), default=""),
        tries=max(part.attempt for part in delivery.parts),
        reminders=sum(step.state == REMINDED for step in first.steps),
        detail=told[-1].detail if told and delivery.state not in ARRIVED else "",
    )
