"""All that a distribution rests on, read and found sound before anything is prepared.

In: what the command names. Out: who has been signed off, who receives, whose names to look for.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from supervise.core.delivery import FOLDER, MAIL, Recipient
from supervise.core.other_names import KnownNames
from supervise.dispatch.sealing import require_package
from supervise.errors import DispatchError, UsageError
from supervise.pipeline.signing.signed import SignedFiling, signed_off
from supervise.pipeline.template import parse_period
from supervise.read.mail_settings import MailSettings, read_mail_settings
from supervise.read.passphrases import read_passphrases
from supervise.read.recipients import read_recipients
from supervise.read.run_files import RunFiles
from supervise.record import field, record
from supervise.settings import Settings

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.ledger import Ledger


@record(kw_only=True)
class Asked:
    """What an office asks for.

    Attributes:
        ledger: What ``--ledger`` says.
        reports: Output folders of the runs whose files were signed off.
        via: ``folder``, ``zip`` or ``mail``.
        output: Where folders and zips go; None where nothing does.
        eyes: How many different persons must have signed.
        resend: Banks to which the same is to go once more, and why.
        rehearsal: Write nothing, send nothing.
        passphrases: File of the banks' passphrases.
        mail: File of the mail settings.
        mail_given: Mail settings of the command line.
    """

    period: str
    ledger: str | None
    reports: Sequence[Path]
    recipients: Path
    via: str
    output: Path | None
    settings: Settings
    eyes: int = 1
    resend: Mapping[str, str] = field(default_factory=dict)
    rehearsal: bool = False
    passphrases: Path | None = None
    mail: Path | None = None
    mail_given: Mapping[str, str] = field(default_factory=dict)
    templates: Path | None = None


@record(kw_only=True)
class Inputs:
    """All of it, read.

    Attributes:
        unsigned: Banks with an accepted filing that nobody signed off.
        family: By bank, the institutions that its parcel may name.
        passphrases: By bank; empty where nothing is encrypted.
        mail: How to mail; None where nothing is.
    """

    signed: Mapping[str, SignedFiling]
    unsigned: int
    recipients: Mapping[str, Recipient]
    known: KnownNames
    family: Mapping[str, frozenset[str]]
    files: RunFiles
    passphrases: Mapping[str, str]
    mail: MailSettings | None


def inputs_of(asked: Asked, ledger: Ledger) -> Inputs:
    """Read everything, and refuse before anything is prepared.

    Raises:
        UsageError: Period or options make no sense.
        DispatchError: ``not_signed_off``, or a list, secret or setting is wrong.
    """
    parse_period(asked.period)
    signed = signed_off(ledger, asked.period, eyes=asked.eyes)
    if not signed:
        raise _unsigned(asked)
    _require_signed(asked.resend, signed)
    standing = ledger.all_standing(asked.period)
    mail, sealed = asked.via == MAIL, asked.via != FOLDER
    recipients = read_recipients(
        asked.recipients,
        banks={bank: one.filed.name for bank, one in standing.items()},
        signed=signed.keys(),
        mail=mail,
    )
    names, family = _institutions(ledger, signed)
    accepted = {bank for bank, one in standing.items() if one.accepted}
    return Inputs(
        signed=signed,
        unsigned=len(accepted - signed.keys()),
        recipients=recipients,
        known=KnownNames(names),
        family=family,
        files=RunFiles(asked.reports, asked.period),
        passphrases=_passphrases(asked, signed) if sealed else {},
        mail=read_mail_settings(asked.mail, os.environ, asked.mail_given) if mail else None,
    )


def _passphrases(asked: Asked, signed: Mapping[str, SignedFiling]) -> Mapping[str, str]:
    if asked.passphrases is None:
        raise UsageError(
            "加密送达需要各机构的口令",
            expected="--passphrases FILE（机构代码、口令，权限 0600）",
            fix="加上 --passphrases，或改用 --via folder。",
            code="passphrases_missing",
        )
    require_package()
    return read_passphrases(asked.passphrases, signed.keys())


def _institutions(
    ledger: Ledger, signed: Mapping[str, SignedFiling]
) -> tuple[dict[str, set[str]], dict[str, frozenset[str]]]:
    """Every institution's names, and who belongs to whom: legal persons, branches, predecessors."""
    from supervise.ledger.later_records import Succession
    from supervise.ledger.records import Filed

    names: dict[str, set[str]] = {}
    near: dict[str, set[str]] = {}
    for bank, filed in ledger.records(Filed):
        names.setdefault(bank, set()).add(filed.name)
        if filed.parent:
            names.setdefault(filed.parent, set())
            near.setdefault(bank, set()).add(filed.parent)
            near.setdefault(filed.parent, set()).add(bank)
    before: dict[str, set[str]] = {}
    for bank, one in ledger.records(Succession):
        names.setdefault(one.predecessor, set())
        before.setdefault(bank, set()).add(one.predecessor)
    family = {bank: {bank} | near.get(bank, set()) | _all(bank, before) for bank in signed}
    return names, {bank: frozenset(codes) for bank, codes in family.items()}


def _all(bank: str, before: Mapping[str, set[str]]) -> set[str]:
    """Whom a bank continues, and whom they continued."""
    found: set[str] = set()
    waiting = [bank]
    while waiting:
        fresh = before.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return found


def _unsigned(asked: Asked) -> DispatchError:
    persons = f"（须有 {asked.eyes} 人）" if asked.eyes > 1 else ""
    return DispatchError(
        f"{asked.period} 没有签发的评价结果{persons}",
        where=asked.period,
        expected="supervise signoff 签发、且签发后没有再评价或重报的结果",
        fix=f"先运行 supervise signoff {asked.period}。",
        code="not_signed_off",
    )


def _require_signed(resend: Mapping[str, str], signed: Mapping[str, SignedFiling]) -> None:
    strangers = sorted(resend.keys() - signed.keys())
    if strangers:
        raise DispatchError(
            f"要重送的机构没有签发的评价结果：{'、'.join(strangers)}",
            expected="本期已签发的机构代码",
            fix="改正 --resend。",
            code="not_signed_off",
        )
