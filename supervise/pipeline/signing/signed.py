"""Which evaluations of a period are signed off now, and by whom.

In: a ledger. Out: by bank, the digests of the files that may leave and the persons behind them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from supervise.core.persons import person_key
from supervise.record import record

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.later_records import SignedOff
    from supervise.ledger.ledger import Ledger
    from supervise.ledger.standing import Standing
    from supervise.pipeline.signing.ready import Ready

SIGNED, WITHDRAWN = "signed", "withdrawn"


@record
class Signer:
    """A person who signed: name, capacity, day."""

    by: str
    role: str
    on: str


@record(kw_only=True)
class SignedFiling:
    """A bank's evaluation that is signed off.

    Attributes:
        stands: The filing that stands, and its latest evaluation.
        document: Digest of the evaluation document, as the ledger keeps it.
        report: Digest of the report PDF without any electronic signature.
        evaluation_json: Digest of the evaluation document as the file that goes out.
        marked: Digest of the marked workbook; empty if there is none.
        audience: ``bank`` or ``internal``.
        signers: Different persons, in the order in which they signed these files.
    """

    bank: str
    stands: Standing
    document: str
    report: str
    evaluation_json: str
    marked: str
    audience: str
    signers: tuple[Signer, ...]


def signed_off(ledger: Ledger, period: str, *, eyes: int = 1) -> dict[str, SignedFiling]:
    """By bank: the sign-off that counts now.

    It counts for the latest evaluation of the filing that stands: a resubmission that was accepted
    or a newer evaluation makes it void. The files are those of the latest sign-off; who signed
    others, or signed before a withdrawal, does not count.

    Args:
        ledger: Where to look.
        period: Such as ``2026Q3``.
        eyes: How many different persons must have signed.
    """
    from supervise.ledger.later_records import SignedOff

    given: dict[str, list[SignedOff]] = {}
    for bank, one in ledger.records(SignedOff, periods=[period]):
        given.setdefault(bank, []).append(one)
    standing = ledger.all_standing(period) if given else {}
    found = {}
    for bank, several in sorted(given.items()):
        filing = _counting(bank, standing.get(bank), several)
        if filing is not None and len(filing.signers) >= eyes:
            found[bank] = filing
    return found


def _counting(
    bank: str, stands: Standing | None, several: Sequence[SignedOff]
) -> SignedFiling | None:
    if stands is None or stands.evaluation is None:
        return None
    document = stands.evaluation.document
    counted = _since_withdrawn([one for one in several if one.document == document])
    if not counted:
        return None
    last = counted[-1]
    signers: dict[str, Signer] = {}
    for one in counted:
        if files_of(one) == files_of(last):
            signers.setdefault(person_key(one.by), Signer(one.by, one.role, one.on))
    return SignedFiling(
        bank=bank,
        stands=stands,
        document=document,
        report=last.report,
        evaluation_json=last.evaluation_json,
        marked=last.marked,
        audience=last.audience,
        signers=tuple(signers.values()),
    )


def files_of(one: SignedOff | SignedFiling | Ready) -> tuple[str, str, str, str]:
    """Digests of the document and of the files that a sign-off binds its person to."""
    return one.document, one.report, one.evaluation_json, one.marked


def _since_withdrawn(several: Sequence[SignedOff]) -> Sequence[SignedOff]:
    withdrawn = [place for place, one in enumerate(several) if one.state == WITHDRAWN]
    return several[withdrawn[-1] + 1 :] if withdrawn else several
