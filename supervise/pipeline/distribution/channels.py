"""The way that was asked for, and how fast things go over it."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from supervise.dispatch.folders import Folders
from supervise.dispatch.mail import Sender, composed
from supervise.dispatch.outbox import Channel, Mail, Pace
from supervise.dispatch.smtp import Server, Smtp
from supervise.read.mail_settings import MailSettings

AT_ONCE = Pace(per_minute=0, attempts=1, back_off=0)
"""Of folders: what fails there fails again a moment later."""


def channel_of(settings: MailSettings | None, output: Path) -> tuple[Channel, Pace]:
    """The channel, and its pace.

    Args:
        settings: How to mail; None: parcels go into folders.
        output: Where the banks' folders are.

    Raises:
        DispatchError: ``ca_invalid``.
    """
    if settings is None:
        return Folders(output), AT_ONCE
    sender = Sender(name=settings.sender_name, address=settings.sender, reply_to=settings.reply_to)
    server = Server(
        host=settings.host,
        port=settings.port,
        security=settings.security,
        ca=settings.ca,
        user=settings.user,
        password=settings.password,
        timeout=settings.timeout,
    )

    def compose(mail: Mail, attached: Path | None) -> EmailMessage:
        return composed(mail, sender, attached, datetime.now().astimezone())

    pace = Pace(
        per_minute=settings.per_minute, attempts=settings.attempts, back_off=settings.back_off
    )
    return Smtp(server, sender, compose), pace
