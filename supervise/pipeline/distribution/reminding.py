"""A reminder by mail to every bank that has its report and has not acknowledged it.

A reminder carries nothing, so one too many does no harm: it is noted once it was sent, and a run
that dies in between may send one again.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from supervise.core.delivery import (
    ACCEPTED,
    COLLECTED,
    MAIL,
    REMINDED,
    Delivery,
    Recipient,
    masked,
)
from supervise.core.delivery_rows import Sent, SentRow
from supervise.dispatch.outbox import Clock, Consignment, Outbox, Outcome
from supervise.pipeline.distribution.announcing import Announced, reminder_mail
from supervise.pipeline.distribution.channels import channel_of
from supervise.pipeline.distribution.outgoing import RealClock, Steps, deliveries_of
from supervise.pipeline.ledger.opening import require_ledger
from supervise.pipeline.outputs import safe_name
from supervise.pipeline.template import parse_period
from supervise.read.mail_settings import MailSettings, read_mail_settings
from supervise.read.recipients import read_recipients
from supervise.read.words import read_words
from supervise.record import record
from supervise.settings import Settings

WOULD, SENT, NOT_SENT = "would_remind", "reminded", "not_reminded"


@record(kw_only=True)
class Reminding:
    """What an office asks for; as ``sending_inputs.Asked`` says."""

    period: str
    ledger: str | None
    recipients: Path
    settings: Settings
    rehearsal: bool
    mail: Path | None
    mail_given: Mapping[str, str]


@record
class _Noted:
    """Of the steps that the outbox takes only the last is worth keeping."""

    steps: Steps
    open: Mapping[str, Delivery]

    def advance(self, one: Consignment, step: tuple[str, int, str], after: str | None) -> bool:
        """Note that the bank was reminded, once the server has taken the mail."""
        if step[0] == ACCEPTED:
            first = self.open[one.bank].parts[0]
            noted = (REMINDED, one.attempt + 1, "")
            self.steps.note(one.bank, first.parcel, noted, first.last)
        return True


def remind(asked: Reminding, *, clock: Clock | None = None) -> Sent:
    """Remind all that are to be reminded.

    Raises:
        UsageError: The command makes no sense.
        LedgerError: The ledger cannot be used.
        DispatchError: A list or setting is wrong, or the server lets nobody send.
    """
    parse_period(asked.period)
    with require_ledger(asked.ledger) as ledger:
        last = {bank: all_[-1] for bank, all_ in deliveries_of(ledger, asked.period).items()}
        open_ = {bank: one for bank, one in last.items() if one.state in (ACCEPTED, COLLECTED)}
        standing = ledger.all_standing(asked.period)
        recipients = read_recipients(
            asked.recipients,
            banks={bank: one.filed.name for bank, one in standing.items()},
            signed=open_.keys(),
            mail=True,
        )
        settings = read_mail_settings(asked.mail, os.environ, asked.mail_given)
        parcels = [_reminder(one, recipients[bank], asked, settings) for bank, one in open_.items()]
        states = dict.fromkeys(open_, WOULD)
        if not asked.rehearsal:
            log = _Noted(Steps(ledger, asked.period), open_)
            states = _mailed(parcels, settings, log, clock or RealClock())
    rows = tuple(
        SentRow(
            bank=bank,
            name=recipients[bank].name,
            state=states[bank],
            number=one.name,
            office=recipients[bank].office,
            address=masked(recipients[bank].address),
        )
        for bank, one in open_.items()
    )
    return Sent(
        period=asked.period, channel=MAIL, rows=rows, unsigned=None, rehearsal=asked.rehearsal
    )


def _reminder(
    delivery: Delivery, to: Recipient, asked: Reminding, settings: MailSettings
) -> Consignment:
    said = Announced(
        to=to,
        period=asked.period,
        delivery=delivery.name,
        sender=settings.sender,
        words=read_words(asked.settings.lang),
    )
    first = delivery.parts[0]
    before = sum(step.state == REMINDED for step in first.steps)
    arrived = max(step.on for step in first.steps if step.state in (ACCEPTED, COLLECTED))
    return Consignment(
        bank=delivery.bank,
        place=safe_name(delivery.bank),
        parcel=first.parcel,
        last=first.last,
        attempt=before,
        prepared=None,
        mail=reminder_mail(said, arrived[:10], before + 1),
    )


def _mailed(
    parcels: list[Consignment], settings: MailSettings, log: _Noted, clock: Clock
) -> dict[str, str]:
    """By bank whether its reminder was taken."""
    channel, pace = channel_of(settings, Path())
    try:
        sent = Outbox(channel, log, pace, clock).send(parcels)
        return {one.bank: SENT if _accepted(told) else NOT_SENT for one, told in sent}
    finally:
        channel.close()


def _accepted(outcome: Outcome | None) -> bool:
    return outcome is not None and outcome.state == ACCEPTED
