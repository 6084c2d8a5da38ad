"""``supervise signoff``: a person signs a period's evaluations off, or takes the sign-off back.

In: a ledger, the folder of a run, who signs. Out: a record in each bank's chain, and on request an
electronically signed copy beside each report. A bank that cannot be signed stops no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from supervise.core.period import Period
from supervise.core.persons import person_key
from supervise.errors import DispatchError, UsageError
from supervise.pipeline.signing.ready import Ready, Why, ready
from supervise.pipeline.signing.signed import (
    SIGNED,
    WITHDRAWN,
    SignedFiling,
    Signer,
    files_of,
    signed_off,
)
from supervise.read.run_papers import Papers, read_papers
from supervise.record import record, replace

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.kinds import Record
    from supervise.ledger.later_records import SignedOff
    from supervise.ledger.ledger import Ledger
    from supervise.ledger.standing import Standing

Result = Literal["signed", "already", "withdrawn", "refused"]
_LONGEST = 60


@record(kw_only=True)
class Asked:
    """What is to be signed, and by whom.

    Attributes:
        reports: Where ``evaluate -o`` wrote.
        signer: Who signs, in which capacity, on which day.
        banks: Codes; none: all that have filed.
        eyes: How many different persons have to sign in the end.
    """

    period: str
    reports: Path
    signer: Signer
    banks: tuple[str, ...] = ()
    eyes: int = 1


@record(kw_only=True)
class Told:
    """What came of one bank.

    Attributes:
        why: Why it could not be signed off, or its sign-off not be withdrawn.
        signers: Everybody whose sign-off counts now.
        papers: What the run wrote of it.
        signed_report: The electronically signed copy, within the run's folder; empty: none.
        subject: Whom its certificate names.
    """

    bank: str
    name: str
    result: Result
    why: Why | None = None
    signers: tuple[Signer, ...] = ()
    papers: Papers | None = None
    signed_report: str = ""
    subject: str = ""


def asked_of(
    period: str, reports: Path, *, by: str, role: str, on: str | None, today: date
) -> Asked:
    """What the command line asks for.

    Raises:
        UsageError: A name, a day or the period is no such thing.
    """
    try:
        Period.parse(period)
    except ValueError as error:
        raise _usage("报告期写法不对", period, "如 2026Q3", "period_invalid") from error
    for option, value in (("--by", by), ("--role", role)):
        if not value.strip() or len(value) > _LONGEST or not _shown(value):
            fit = f"{option} 后写姓名或职务，不超过 {_LONGEST} 个字，不含控制字符"
            raise _usage("签发人写法不对", option, fit, "signer_invalid")
    try:
        day = today if on is None else date.fromisoformat(on)
    except ValueError as error:
        raise _usage("日期写法不对", str(on), "如 2026-11-10", "day_invalid") from error
    if day > today:
        raise _usage("签发日期在今天之后", str(on), f"不晚于 {today}", "day_invalid")
    signer = Signer(by.strip(), role.strip(), day.isoformat())
    return Asked(period=period, reports=reports, signer=signer)


def _shown(name: str) -> bool:
    """Whether it holds nothing that a terminal would obey; a wide space is a space."""
    return all(c.isprintable() or c == "\u3000" for c in name)


def _usage(what: str, where: str, expected: str, code: str) -> UsageError:
    return UsageError(what, where=where, expected=expected, fix="改正后重新运行。", code=code)


def sign_off(ledger: Ledger, asked: Asked) -> list[Told]:
    """Sign everything off that can be.

    Raises:
        DispatchError: Nobody has filed, or the run's folder cannot be used.
        LedgerError: The ledger cannot be written to.
    """
    standing = _standing(ledger, asked)
    papers = _papers_of(standing.values(), read_papers(asked.reports, asked.period))
    counting = signed_off(ledger, asked.period)
    told, new = [], {}
    for bank in asked.banks or standing:
        stands = standing.get(bank)
        found = ready(stands, papers.get(bank), asked.reports)
        if not isinstance(found, Ready):
            told.append(_told(bank, stands, "refused", why=found))
            continue
        known = _has_signed(counting.get(bank), found, asked.signer)
        if not known:
            new[bank] = [_record(found, asked)]
        told.append(_told(bank, stands, "already" if known else "signed", papers=papers[bank]))
    _append(ledger, new)
    after = signed_off(ledger, asked.period)
    return [_with_signers(one, after) for one in told]


def withdraw(ledger: Ledger, asked: Asked, reason: str) -> list[Told]:
    """Take sign-offs back, whoever gave them.

    Raises:
        DispatchError: Nobody has filed, or no reason is given.
        LedgerError: The ledger cannot be written to.
    """
    if not reason.strip():
        expected = "--withdraw --reason 理由"
        raise _usage("撤回签发没有写明理由", "--reason", expected, "reason_missing")
    standing, counting = _standing(ledger, asked), signed_off(ledger, asked.period)
    papers = _papers_of(standing.values(), read_papers(asked.reports, asked.period))
    told, new = [], {}
    for bank in asked.banks or counting:
        signed = counting.get(bank)
        if signed is None:
            told.append(_told(bank, standing.get(bank), "refused", why="not_signed"))
            continue
        new[bank] = [_record(signed, asked, state=WITHDRAWN, reason=reason.strip())]
        told.append(_told(bank, signed.stands, "withdrawn", papers=papers.get(bank)))
    _append(ledger, new)
    return told


def _standing(ledger: Ledger, asked: Asked) -> dict[str, Standing]:
    found = ledger.all_standing(asked.period)
    if found:
        return found
    raise DispatchError(
        f"台账里没有 {asked.period} 的报送",
        where=ledger.shown,
        expected="用 supervise evaluate --ledger 评价过的报告期",
        fix="核对报告期和台账。",
        code="period_unknown",
    )


def _papers_of(standing: Iterable[Standing], papers: Iterable[Papers]) -> dict[str, Papers]:
    """What was written of each filing that stands."""
    filed = {one.bank: one.filed.sha256 for one in standing}
    return {one.bank: one for one in papers if filed.get(one.bank) == one.sha256}


def _has_signed(signed: SignedFiling | None, found: Ready, signer: Signer) -> bool:
    if signed is None or files_of(signed) != files_of(found):
        return False
    return person_key(signer.by) in {person_key(one.by) for one in signed.signers}


def _told(
    bank: str,
    stands: Standing | None,
    result: Result,
    *,
    why: Why | None = None,
    papers: Papers | None = None,
) -> Told:
    name = stands.filed.name if stands is not None else ""
    return Told(bank=bank, name=name, result=result, why=why, papers=papers)


def _with_signers(one: Told, signed: Mapping[str, SignedFiling]) -> Told:
    if one.result == "refused" or one.bank not in signed:
        return one
    return replace(one, signers=signed[one.bank].signers)


def _record(
    bound: Ready | SignedFiling, asked: Asked, *, state: str = SIGNED, reason: str = ""
) -> SignedOff:
    from supervise.ledger.later_records import SignedOff

    filed = bound.stands.filed
    return SignedOff(
        period=asked.period,
        sequence=filed.sequence,
        submission=filed.sha256,
        document=bound.document,
        report=bound.report,
        evaluation_json=bound.evaluation_json,
        marked=bound.marked,
        audience=bound.audience,
        state=state,
        reason=reason,
        by=asked.signer.by,
        role=asked.signer.role,
        on=asked.signer.on,
    )


def _append(ledger: Ledger, new: Mapping[str, list[SignedOff]]) -> None:
    groups: dict[str, list[Record]] = {bank: [*made] for bank, made in new.items()}
    result = ledger.append_all(groups)
    if result.rejected:
        raise result.rejected[0][1]
