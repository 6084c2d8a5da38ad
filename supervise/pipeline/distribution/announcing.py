"""What mails say: of a parcel, part by part, and of a receipt that has not come.

Nothing of the result stands in a mail; that is in the encrypted file.
"""

from __future__ import annotations

from collections.abc import Sequence

from supervise.core.delivery import Recipient, part_name, report_of
from supervise.core.period import Period
from supervise.dispatch.outbox import Mail
from supervise.record import record
from supervise.write.numbers import Numbers, Words


@record(kw_only=True)
class Announced:
    """Which delivery, to whom.

    Attributes:
        sender: The office's mail address; its domain is part of every Message-ID.
    """

    to: Recipient
    period: str
    delivery: str
    sender: str
    words: Words

    def names(self) -> dict[str, object]:
        """What the wordings may name."""
        return {
            "name": self.to.name,
            "office": self.to.office,
            "period": Numbers(self.words).period(Period.parse(self.period)),
            "number": report_of(self.delivery),
            "receipt": receipt_name(self.delivery),
        }

    def mail(self, subject: str, text: str, part: str) -> Mail:
        """A mail whose Message-ID is the name of what it brings, the same in every run."""
        domain = self.sender.rpartition("@")[2]
        to = (self.to.office, self.to.address)
        return Mail(to=to, subject=subject, text=text, message_id=f"<{part}@{domain}>")


def receipt_name(delivery: str) -> str:
    """What the file that acknowledges a report is to be called."""
    return f"{report_of(delivery)}.receipt.json"


def parcel_mails(
    said: Announced, files: Sequence[str], sealed: str, supersedes: str | None
) -> tuple[Mail, ...]:
    """One mail for each part.

    Args:
        said: Which delivery.
        files: File names of the parts.
        sealed: Digest of the parts put together.
        supersedes: The delivery that this one replaces.
    """
    words, names, count = said.words, said.names(), len(files)
    file = f"{said.delivery}.zip"
    copied = f"copy /b {'+'.join(files)} {file}"
    names["supersedes"] = ""
    if supersedes:
        names["supersedes"] = words("mail.supersedes", number=report_of(supersedes))
    mails = []
    for number in range(1, count + 1):
        place = {"part": number, "parts": count}
        joining = words("mail.joining", copy=copied, file=file, sha256=sealed, **place)
        text = words("mail.text", joining=joining if count > 1 else "", **names)
        subject = words("mail.subject" if count == 1 else "mail.subject_part", **names, **place)
        mails.append(said.mail(subject, text, part_name(said.delivery, number, count)))
    return tuple(mails)


def reminder_mail(said: Announced, day: str, number: int) -> Mail:
    """A mail that asks for the receipt.

    Args:
        said: Which delivery.
        day: When it was delivered.
        number: Which reminder it is.
    """
    names = said.names() | {"day": day}
    subject = said.words("mail.reminder_subject", **names)
    text = said.words("mail.reminder_text", **names)
    return said.mail(subject, text, f"{said.delivery}.reminder{number}")
