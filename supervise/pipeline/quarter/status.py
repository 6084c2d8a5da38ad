"""Who has filed: the register beside what came, from any source of filings.

The answer is made of an iterable of ``Filing``: the output folders of runs tell them, and the
ledger does over all runs and days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

from supervise.core.filing_status import Filing, FilingStatus, filing_status
from supervise.errors import UsageError
from supervise.pipeline.template import parse_period
from supervise.read.register import read_receipts, read_register
from supervise.read.rulebook import read_law
from supervise.read.run_filings import read_run
from supervise.read.words import read_words
from supervise.record import record
from supervise.settings import Settings
from supervise.write.status_rows import StatusNames
from supervise.write.terminal import Style, plain

Form = Literal["text", "json", "xlsx"]


@record(kw_only=True)
class Asked:
    """What an office asks for.

    Attributes:
        period: As ``2026Q3``.
        register: CSV or xlsx of the banks that have to file.
        on: The day for which it is asked, ``2026-10-25``; None: none.
    """

    period: str
    register: Path
    settings: Settings
    on: str | None = None


def status_of(asked: Asked, filings: Iterable[Filing]) -> FilingStatus:
    """Who has filed, whatever the filings come from.

    Raises:
        UsageError: The period, the day or the register is wrong.
    """
    period, day = parse_period(asked.period), _day(asked.on)
    law = read_law(asked.settings.overlay)
    register = read_register(
        asked.register, period, bank_types=law.bank_types, provinces=law.provinces
    )
    return filing_status(period, register, filings, on=day)


def filings_of_runs(folders: Sequence[Path], receipts: Path | None = None) -> list[Filing]:
    """What came, as the output folders of runs tell it, the latest run last.

    Args:
        folders: Where ``evaluate -o`` wrote.
        receipts: The office's log of when each file came 收文登记.

    Raises:
        UsageError: The log is wrong.
        LedgerError: A folder cannot be read as a run.
    """
    received: Mapping[str, date] = read_receipts(receipts) if receipts is not None else {}
    return [filing for folder in folders for filing in read_run(folder, received)]


def filings_of_ledger(option: str | None, period: str, receipts: Path | None) -> list[Filing]:
    """What came for a period, as the ledger tells it.

    Args:
        option: What ``--ledger`` says.
        period: As ``2026Q3``.
        receipts: The office's log of when each file came; it goes before the ledger's word.

    Raises:
        UsageError: The period or the log is wrong.
        LedgerError: The ledger cannot be used.
    """
    from supervise.pipeline.ledger.opening import require_ledger
    from supervise.pipeline.quarter.period import filings_kept

    parse_period(period)
    received = read_receipts(receipts) if receipts is not None else {}
    with require_ledger(option) as ledger:
        return filings_kept(ledger, period, received)


def shown(status: FilingStatus, form: Form, settings: Settings, style: Style = plain) -> bytes:
    """The answer in one of its forms."""
    if form == "json":
        from supervise.json_text import to_json
        from supervise.write.status_document import status_document

        return to_json(status_document(status)).encode()
    names = _names(settings)
    if form == "xlsx":
        from supervise.write.sheet_status import status_workbook

        return status_workbook(status, names)
    from supervise.write.status_text import status_text

    return status_text(status, names, style).encode("utf-8", "replace")


def exit_code(status: FilingStatus) -> int:
    """1 if a bank is missing, refused, blocked or incomplete, or a file is nobody's; else 0."""
    return 0 if status.complete else 1


def _names(settings: Settings) -> StatusNames:
    law = read_law(settings.overlay, lang=settings.lang)
    return StatusNames(
        words=read_words(settings.lang), types=law.type_names, provinces=law.province_names
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError as error:
        raise UsageError(
            f"日期写错：{text}", expected="如 2026-10-25", fix="改正 --on。", code="bad_day"
        ) from error
