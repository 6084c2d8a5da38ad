"""A part as a mail: headers that no name can break, the text, the encrypted file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from pathlib import Path

from supervise.dispatch.outbox import Mail
from supervise.record import record


@record(kw_only=True)
class Sender:
    """Who writes: the office's name and address, and where answers go (empty: to the same)."""

    name: str
    address: str
    reply_to: str


def composed(mail: Mail, sender: Sender, attached: Path | None, at: datetime) -> EmailMessage:
    """The mail as it goes over the wire.

    Args:
        mail: What is said to whom.
        sender: Who says it.
        attached: The encrypted file, or a part of it; None: a reminder carries nothing.
        at: When it is sent.
    """
    message = EmailMessage(policy=WIRE)
    message["From"] = _address(sender.name, sender.address)
    message["To"] = _address(*mail.to)
    if sender.reply_to:
        message["Reply-To"] = _address("", sender.reply_to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, charset="utf-8", cte="base64")
    if attached is not None:
        message.add_attachment(
            attached.read_bytes(),
            maintype="application",
            subtype="zip" if attached.suffix == ".zip" else "octet-stream",
            filename=attached.name,
        )
    return message


def _address(name: str, address: str) -> Address:
    """RFC 2047 for the name; the address is ASCII, as the list of recipients was held to."""
    user, _, domain = address.rpartition("@")
    return Address(name, user, domain)


Composer = Callable[[Mail, Path | None], EmailMessage]
