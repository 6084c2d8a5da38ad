"""Delivery 送达: to whom, in which state, and what is to be done next.

In: what the outbox of a ledger tells of one bank. Out: the state that it comes to, and whether a
report is to be sent, continued, left alone. Nothing here sends anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Literal

from supervise.record import record

PREPARED, SENDING, DEFERRED = "prepared", "sending", "deferred"
ACCEPTED, COLLECTED, ACKNOWLEDGED = "accepted", "collected", "acknowledged"
REFUSED, UNCERTAIN, WITHDRAWN, REMINDED = "refused", "uncertain", "withdrawn", "reminded"
MAIL, FOLDER, ZIP = "mail", "folder", "zip"
CHANNELS = (FOLDER, ZIP, MAIL)
ARRIVED = (ACCEPTED, COLLECTED, ACKNOWLEDGED)
"""States of what the bank has, from the least to the most that is known."""
WAITING = (PREPARED, DEFERRED)
STATES = (UNCERTAIN, REFUSED, DEFERRED, PREPARED, WITHDRAWN, ACCEPTED, COLLECTED, ACKNOWLEDGED)
"""What a delivery may come to, what wants doing first."""
_SHORT = 12

Action = Literal["send", "continue", "delivered", "uncertain", "refused", "changed"]


@record(kw_only=True)
class Recipient:
    """Who receives a bank's parcel.

    Attributes:
        office: Department or role addressed, no person.
        address: Mail address; empty where none is needed.
    """

    code: str
    name: str
    office: str
    address: str


@record
class Step:
    """Something that happened to a part: state, which try, what was said, when."""

    state: str
    attempt: int
    detail: str
    on: str


@record(kw_only=True)
class Part:
    """What travels as one: a folder, a file, one mail of several.

    Attributes:
        parcel: Its name, made of the delivery's and its place.
        content: Digest of the parcel's manifest.
        supersedes: The delivery whose report this one replaces; None: it is the first.
    """

    parcel: str
    channel: str
    office: str
    address: str
    address_digest: str
    message_id: str
    content: str
    supersedes: str | None
    steps: tuple[Step, ...] = ()

    @property
    def last(self) -> str | None:
        """The state that its last step names; None: it has none."""
        return self.steps[-1].state if self.steps else None

    @property
    def state(self) -> str:
        """How it stands; reminders change nothing, and what can be repeated is not uncertain."""
        states = [step.state for step in self.steps if step.state != REMINDED]
        state = states[-1] if states else PREPARED
        if state == SENDING:
            return UNCERTAIN if self.channel == MAIL else PREPARED
        return state

    @property
    def attempt(self) -> int:
        """How often it was tried."""
        return max((step.attempt for step in self.steps if step.state != REMINDED), default=0)


@record
class Delivery:
    """One report on its way to one bank, in one part or several."""

    bank: str
    name: str
    parts: tuple[Part, ...]

    @property
    def state(self) -> str:
        """The least favourable of its parts."""
        states = {part.state for part in self.parts}
        return next(state for state in STATES if state in states)

    @property
    def left(self) -> bool:
        """Whether any of it may have reached the bank."""
        return any(part.state in (*ARRIVED, UNCERTAIN) for part in self.parts)

    @property
    def waits(self) -> bool:
        """Whether a part of it has still to be sent."""
        return any(part.state in WAITING for part in self.parts)

    @property
    def content(self) -> str:
        """Digest of the parcel's manifest."""
        return self.parts[0].content


@record(kw_only=True)
class Wanted:
    """What is to reach a bank: the report by its signed files, the way there.

    Attributes:
        prefix: See ``prefix_of``.
        resend: Somebody says why it is to go once more.
    """

    prefix: str
    channel: str
    address_digest: str
    resend: bool = False


@record
class Plan:
    """What to do for a bank.

    Attributes:
        name: Of the delivery that it concerns.
        supersedes: The delivery that the bank may have and that is replaced.
        withdraw: A delivery of which nothing left and nothing shall.
    """

    action: Action
    name: str
    supersedes: str | None = None
    withdraw: Delivery | None = None


def plan(before: Sequence[Delivery], wanted: Wanted) -> Plan:
    """Send, continue or leave alone: nothing that a bank may have goes to it again unasked.

    Args:
        before: A bank's deliveries of the period, oldest first.
        wanted: What it is to have.
    """
    count = sum(one.name.startswith(wanted.prefix) for one in before)
    fresh = f"{wanted.prefix}{count + 1}"
    current = before[-1] if before else None
    if current is None:
        return Plan("send", fresh)
    replaced = _replaced(before, wanted)
    open_ = current if current.waits else None
    other = not current.name.startswith(wanted.prefix) or current.state == WITHDRAWN
    if other or (wanted.resend and current.left):
        return Plan("send", fresh, replaced, open_)
    if current.state in ARRIVED:
        return Plan("delivered", current.name)
    same = _same_way(current, wanted)
    if current.state == UNCERTAIN and not (same and current.waits):
        return Plan("uncertain", current.name)
    if same and not wanted.resend:
        action: Action = "refused" if current.state == REFUSED else "continue"
        return Plan(action, current.name, current.parts[0].supersedes)
    if current.left and not wanted.resend:
        return Plan("changed", current.name)
    return Plan("send", fresh, replaced, open_)


def _replaced(before: Sequence[Delivery], wanted: Wanted) -> str | None:
    """The last delivery of another report that the bank may have; the same again replaces none."""
    found = [one.name for one in before if one.left]
    if not found or not found[-1].startswith(wanted.prefix):
        return found[-1] if found else None
    return next(one.parts[0].supersedes for one in reversed(before) if one.left)


def _same_way(delivery: Delivery, wanted: Wanted) -> bool:
    first = delivery.parts[0]
    return (first.channel, first.address_digest) == (wanted.channel, wanted.address_digest)


# --- names ------------------------------------------------------------------------------------


def prefix_of(period: str, code: str, substance: str) -> str:
    """What the names of all deliveries of one report to one bank begin with.

    Args:
        period: Such as ``2026Q3``.
        code: The bank's code as a file name.
        substance: Digest over the signed files: a letter worded anew is no other report.
    """
    return f"{period}-{code}-{substance[:_SHORT]}-"


def substance_of(*digests: str) -> str:
    """One digest for the files that a sign-off binds."""
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def report_of(delivery: str) -> str:
    """The name of the report that a delivery brings: the same however often it is sent."""
    return delivery.rpartition("-")[0]


def part_name(delivery: str, number: int, count: int) -> str:
    """A part's name; the whole has the delivery's."""
    return delivery if count == 1 else f"{delivery}.{number}of{count}"


def delivery_of(parcel: str) -> str:
    """The delivery that a part belongs to."""
    return parcel.partition(".")[0]


def part_number(parcel: str) -> int:
    """A part's place among the parts of its delivery, from 1."""
    place = parcel.partition(".")[2]
    return int(place.partition("of")[0]) if place else 1


# --- addresses --------------------------------------------------------------------------------


def masked(address: str) -> str:
    """A mail address fit to be kept and shown.

    Example:
        >>> masked("puhui@bank.example")
        'p***@bank.example'
    """
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}***{at}{domain}" if at else address


def address_digest(address: str) -> str:
    """To tell whether two addresses are the same without keeping either."""
    return hashlib.sha256(address.casefold().encode()).hexdigest()
