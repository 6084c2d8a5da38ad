"""What follows an evaluation, as records: supervisors, procedure, mergers, delivery.

As in ``records.py`` a record never changes: where a value was set anew (a judgement) the latest
counts, where something went on (an objection) a ``…Step`` follows.
"""

from __future__ import annotations

from supervise.record import record


@record(kw_only=True)
class Judged:
    """A supervisor's mark 监管评分; ``points`` None withdraws it."""

    period: str
    indicator: str
    part: str
    points: str | None
    reason: str
    by: str
    on: str


@record(kw_only=True)
class Adjusted:
    """A correction of a filed figure 监管调整; ``adjusted`` None withdraws it."""

    period: str
    item: str
    filed: str | None
    adjusted: str | None
    reason: str
    evidence: str
    by: str
    on: str


@record(kw_only=True)
class Objected:
    """A bank's objection 异议 to something in its evaluation."""

    period: str
    objection: str
    subject: str
    text: str
    by: str
    on: str


@record(kw_only=True)
class ObjectionStep:
    """What became of an objection: ``state`` e.g. upheld, rejected, withdrawn."""

    period: str
    objection: str
    state: str
    text: str
    by: str
    on: str


@record(kw_only=True)
class Rectification:
    """Something a bank must put right 整改: requirement, what, until when."""

    period: str
    rectification: str
    requirement: str
    text: str
    due: str
    by: str
    on: str


@record(kw_only=True)
class RectificationStep:
    """What became of a rectification: ``state`` e.g. reported, accepted, extended.

    Attributes:
        due: The new day, where it was extended.
    """

    period: str
    rectification: str
    state: str
    evidence: str
    due: str | None
    by: str
    on: str


@record(kw_only=True)
class StageStep:
    """A step of the procedure: who, in which role, when, and over which digest.

    Attributes:
        stage: ``self`` … ``archived``, as in the evaluation document.
        digest: Of what the person saw: an evaluation document or a report.
    """

    period: str
    stage: str
    digest: str
    by: str
    role: str
    on: str


@record(kw_only=True)
class SignedOff:
    """A person signs an evaluation off 签发, or somebody takes the sign-off back.

    It binds the person to digests, not to a bank: another evaluation, or the same one printed
    anew, is not signed off. A withdrawal takes back what everybody signed of it before.

    Attributes:
        sequence: Of the filing that was evaluated.
        submission: Digest of the bank's workbook.
        document: Digest of the evaluation document, as the ledger keeps it.
        report: Digest of the report PDF without any electronic signature.
        evaluation_json: Digest of the evaluation document as the file that goes out.
        marked: Digest of the marked workbook; empty if there is none.
        audience: ``bank`` or ``internal``; what is for the office alone never goes out.
        state: ``signed`` or ``withdrawn``.
        reason: Of a withdrawal; empty of a sign-off.
        by: Who.
        role: In which capacity.
        on: Which day.
    """

    period: str
    sequence: int
    submission: str
    document: str
    report: str
    evaluation_json: str
    marked: str
    audience: str
    state: str
    reason: str
    by: str
    role: str
    on: str


@record(kw_only=True)
class Succession:
    """One institution continues another 承继; it stands in the successor's chain.

    Attributes:
        predecessor: The old code.
        from_period: The first period that the successor files for both.
        continues: The successor had filed under its own code before (吸收合并), so that the
            pro-forma sum holds its own figures too; False for a new code (新设合并、更换编码).
        basis: Approval document 批复文号.
    """

    predecessor: str
    from_period: str
    continues: bool
    basis: str
    by: str
    on: str


@record(kw_only=True)
class Parcel:
    """What is to be delivered to one bank 送达件: made once, its identifier stable.

    Attributes:
        parcel: Stable name, e.g. of period, bank and digest of the contents.
        channel: ``folder``, ``zip`` or ``mail``.
        recipient: Office or role addressed, no person's name.
        address: As people may see it: a folder, or a mail address with its name masked.
        address_digest: Digest of the full address, to compare with the recipients file.
        message_id: Stable Message-ID of a mail; empty for others.
        content: Digest of the parcel's manifest.
        supersedes: The parcel that it replaces.
    """

    period: str
    parcel: str
    channel: str
    recipient: str
    address: str
    address_digest: str
    message_id: str
    content: str
    supersedes: str | None


@record(kw_only=True)
class ParcelStep:
    """A step of the outbox.

    Attributes:
        state: ``prepared``, ``sending``, ``accepted``, ``refused``, ``deferred``,
            ``uncertain`` 待确认, ``withdrawn``, ``collected``, ``acknowledged`` or ``reminded``.
        attempt: Which try of sending, from 1; 0 where there is none.
        detail: The server's answer or the receipt's digest; of ``prepared`` the digest of what
            travels, and why it is sent again.
    """

    period: str
    parcel: str
    state: str
    attempt: int
    detail: str
    on: str
