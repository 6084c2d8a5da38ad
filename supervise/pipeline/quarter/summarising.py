"""Results, period by period → regional summary and league table, for the office alone.

Those of a run lie in a folder of their own, ``internal/``, apart from what banks receive.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from supervise.core.period import Period
from supervise.core.region.figures import BankFigures, RefusedFile
from supervise.core.region.region import Region, RegionLaw, region_of
from supervise.pipeline.outputs import INTERNAL, Row, Target, renderer_of, write_document
from supervise.read.words import read_words
from supervise.record import record
from supervise.write.manifest import Internal

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.ledger import Ledger


@record
class PeriodKept:
    """What a summary is made of.

    Attributes:
        figures: One for each filing, superseded ones too.
        refused: Files that could not be read.
        unknown: Banks whose results were kept by a program that did not keep their figures.
    """

    figures: Sequence[BankFigures]
    refused: Sequence[RefusedFile]
    unknown: tuple[str, ...] = ()


def write_summaries(
    figures: Sequence[BankFigures],
    rows: Iterable[Row],
    laws: Mapping[Period, RegionLaw],
    target: Target,
    expected: Period | None = None,
    *,
    ledger: Ledger | None = None,
) -> tuple[Internal, ...]:
    """Write the summary and the league table of each period of a run.

    Args:
        figures: What each bank came to, superseded filings too.
        rows: Of the whole run; the refused ones are told in every summary, for nobody knows
            which period a file is of that cannot be read.
        laws: What the law says for all banks of a period.
        target: Where documents go, and which are made.
        expected: The period that was collected, for a run in which no file could be read.
        ledger: Where the run was kept: what was filed on other days stands beside its files.

    Raises:
        RenderingError: The summary cannot be rendered.
    """
    refused = tuple(_refused(row) for row in rows if row.status == "refused")
    periods: list[Period | None] = [*sorted({one.period for one in figures})]
    written: list[Internal] = []
    for period in periods or [expected]:
        kept = PeriodKept([one for one in figures if one.period == period], refused)
        if ledger is not None and period is not None:
            from supervise.pipeline.quarter.period import period_kept

            kept = period_kept(ledger, str(period), kept.figures)
        law = laws.get(period, RegionLaw()) if period else RegionLaw()
        written += write_period(period, kept, law, target, folder=INTERNAL)
    return tuple(written)


def write_period(
    period: Period | None, kept: PeriodKept, law: RegionLaw, target: Target, *, folder: str = ""
) -> list[Internal]:
    """Write the summary and the league table of one period.

    Args:
        period: None where no file told one.
        kept: What they are made of.
        law: What the law says for all banks.
        target: Where documents go, and which are made.
        folder: Below the target's folder; empty: into it.

    Raises:
        RenderingError: The summary cannot be rendered.
    """
    refused = sorted(kept.refused, key=lambda one: (one.file, one.code, one.message))
    region = region_of(kept.figures, period=period, law=law, refused=tuple(refused))
    return _written(region, target, f"{folder}/" if folder else "")


def _refused(row: Row) -> RefusedFile:
    return RefusedFile(file=row.file, code=row.reason, message=row.message, fix=row.fix)


def _written(region: Region, target: Target, folder: str) -> list[Internal]:
    """The documents of one period, as index and manifest list them."""
    from supervise.write.sheet_league import league_workbook

    words = read_words(target.lang)
    period = str(region.period) if region.period else ""
    ending = f"-{period}" if period else ""
    documents = [("league", "xlsx", league_workbook(region, words))]
    if target.pdf:
        from supervise.write.summary_view import credits_of, summary_of

        view = summary_of(region, words)
        told = credits_of(view)
        printed = renderer_of(target).printed("summary.html.j2", "summary.css", told, r=view)
        documents.insert(0, ("summary", "pdf", printed))
    return [
        Internal(kind, period, *write_document(target, f"{folder}{kind}{ending}.{suffix}", data))
        for kind, suffix, data in documents
    ]
