"""A period as it stands in the ledger: over all runs and days, without judging anything anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from supervise.core.filing_status import Filing
from supervise.core.region.figures import BankFigures, RefusedFile
from supervise.pipeline.ledger.region import figures_from
from supervise.pipeline.quarter.summarising import PeriodKept
from supervise.record import replace

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.ledger import Ledger
    from supervise.ledger.standing import Standing


def period_kept(ledger: Ledger, period: str, known: Iterable[BankFigures] = ()) -> PeriodKept:
    """Everything that was filed for a period, and which of it stands.

    Args:
        ledger: Where to look.
        period: As ``2026Q3``.
        known: Figures at hand of files that this run kept, so that they are not read back.
    """
    at_hand = {(one.code, one.sequence): one for one in known if str(one.period) == period}
    filings = [one for one in ledger.filings([period]) if one.evaluation is not None]
    stands = {bank: one.filed.sequence for bank, one in ledger.all_standing(period).items()}
    missing = [one for one in filings if _key(one) not in at_hand]
    read = {_key(one): figures_from(excerpt) for one, excerpt in ledger.excerpts(missing)}
    found = {**at_hand, **read}
    figures = {key: one for key in map(_key, filings) if (one := found[key]) is not None}
    return PeriodKept(
        figures=tuple(
            replace(figures[bank, sequence], superseded=stands[bank] != sequence)
            for bank, sequence in sorted(figures)
        ),
        refused=tuple(
            RefusedFile(file=one.file, code=one.code, message=one.message, fix=one.fix)
            for one in ledger.refusals(period)
        ),
        unknown=tuple(sorted({bank for bank, sequence in read if not read[bank, sequence]})),
    )


def _key(one: Standing) -> tuple[str, int]:
    return one.bank, one.filed.sequence


def filings_kept(
    ledger: Ledger, period: str, received: Mapping[str, date] | None = None
) -> list[Filing]:
    """What came, as the ledger tells it: the same records that a run's folder gives.

    Args:
        ledger: Where to look.
        period: As ``2026Q3``.
        received: When each file came, by base name, where the office knows better.
    """
    days, stages = received or {}, stages_kept(ledger, period)
    found = [_filing(one, days, stages) for one in ledger.filings([period])]
    return found + [
        Filing(
            bank="",
            period="",
            status="refused",
            received=days.get(one.file),
            file=one.file,
            sha256=one.sha256,
            reason=one.code,
        )
        for one in ledger.refusals(period)
    ]


def stages_kept(ledger: Ledger, period: str) -> dict[tuple[str, str], str]:
    """By bank and submission the stage that was signed last; none: nobody has signed."""
    from supervise.pipeline.ledger.marks import steps_kept

    return {
        (bank, submission): step.stage
        for bank, steps in steps_kept(ledger, period).items()
        for submission, step in steps
    }


def _filing(
    one: Standing, days: Mapping[str, date], stages: Mapping[tuple[str, str], str]
) -> Filing:
    filed, evaluation = one.filed, one.evaluation
    judged = evaluation.stage if evaluation is not None else ""
    return Filing(
        bank=one.bank,
        period=filed.period,
        status=evaluation.status if evaluation is not None else "incomplete",
        sequence=filed.sequence,
        received=days.get(filed.file, date.fromisoformat(filed.received_on)),
        name=filed.name,
        type=filed.bank_type,
        province=filed.province,
        file=filed.file,
        sha256=filed.sha256,
        stage=stages.get((one.bank, filed.sha256), judged),
    )
