"""``supervise summary``: league table and regional summary of a period from the ledger alone.

In: what stands for the period, over all runs and days. Out: the documents that ``evaluate`` writes
for the office, and, with a register, who has not filed. Nothing is judged anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from supervise.core.filing_status import FilingStatus
from supervise.core.period import Period
from supervise.core.region.figures import BankFigures
from supervise.core.region.region import RegionLaw, region_law
from supervise.errors import UsageError
from supervise.pipeline.ledger.opening import require_ledger
from supervise.pipeline.outputs import Target, write_document
from supervise.pipeline.quarter.period import filings_kept, period_kept
from supervise.pipeline.quarter.status import Asked, shown, status_of
from supervise.pipeline.quarter.summarising import PeriodKept, write_period
from supervise.pipeline.template import parse_period
from supervise.read.register import read_receipts
from supervise.read.rulebook import read_rulebook
from supervise.read.words import read_words
from supervise.record import record
from supervise.settings import Settings

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.ledger import Ledger


@record(kw_only=True)
class SummaryAsked:
    """What an office asks for.

    Attributes:
        ledger: What ``--ledger`` says.
        register: Banks that have to file; None: nobody is missed.
        received: The office's log of when each file came.
        on: The day for which it is asked; None: none.
    """

    period: str
    ledger: str | None
    target: Target
    settings: Settings
    register: Path | None = None
    received: Path | None = None
    on: str | None = None


@record(kw_only=True)
class Summary:
    """What was written.

    Attributes:
        paths: Where the documents are.
        status: Who has filed; None without a register.
    """

    kept: PeriodKept
    paths: tuple[Path, ...]
    status: FilingStatus | None


def summarise(asked: SummaryAsked) -> Summary:
    """Write the documents of a period.

    Raises:
        UsageError: The period or a list is wrong, or nothing was filed.
        LedgerError: The ledger cannot be used.
        RenderingError: The summary cannot be rendered.
    """
    period, target = parse_period(asked.period), asked.target
    with require_ledger(asked.ledger) as ledger:
        kept = period_kept(ledger, asked.period)
        status = _status(ledger, asked)
    if not kept.figures and not kept.refused:
        raise _nothing(asked.period, kept)
    written = write_period(period, kept, _law(period, kept.figures, asked.settings), target)
    names = [one.path for one in written]
    if status is not None:
        name = f"status-{asked.period}.xlsx"
        write_document(target, name, shown(status, "xlsx", asked.settings))
        names.append(name)
    return Summary(kept=kept, paths=tuple(target.folder / name for name in names), status=status)


def summary_text(summary: Summary, asked: SummaryAsked) -> str:
    """What was written, and what is not in it."""
    words = read_words(asked.settings.lang)
    figures = summary.kept.figures
    counts = {
        "filings": len(figures),
        "standing": sum(not one.superseded for one in figures),
        "blocked": sum(one.blocked and not one.superseded for one in figures),
        "refused": len(summary.kept.refused),
    }
    lines = [words("kept.summary", period=asked.period, **counts)]
    if unknown := summary.kept.unknown:
        comma = words("report.list_comma")
        lines.append(words("kept.unknown", n=len(unknown), banks=comma.join(unknown)))
    if summary.status is None:
        lines.append(words("kept.no_register"))
    lines += [words("kept.written", path=path) for path in summary.paths]
    text = "\n".join(lines) + "\n"
    if summary.status is not None:
        text += shown(summary.status, "text", asked.settings).decode()
    return text


def _status(ledger: Ledger, asked: SummaryAsked) -> FilingStatus | None:
    if asked.register is None:
        return None
    received = read_receipts(asked.received) if asked.received is not None else {}
    wanted = Asked(
        period=asked.period, register=asked.register, settings=asked.settings, on=asked.on
    )
    return status_of(wanted, filings_kept(ledger, asked.period, received))


def _law(period: Period, figures: Sequence[BankFigures], settings: Settings) -> RegionLaw:
    """What the law says for all banks; the rulebook of any of them tells."""
    for one in figures:
        rulebook = read_rulebook(
            period, one.type, one.province, overlay=settings.overlay, lang=settings.lang
        )
        return region_law(rulebook)
    return RegionLaw()


def _nothing(period: str, kept: PeriodKept) -> UsageError:
    older = f"；{len(kept.unknown)} 家由早先的程序登记，须重新评价" if kept.unknown else ""
    return UsageError(
        f"台账里没有 {period} 的评价结果{older}",
        expected="先用 supervise evaluate --ledger 评价该期报送件",
        fix="检查报告期和 --ledger，或先评价报送件。",
        code="nothing_filed",
    )
