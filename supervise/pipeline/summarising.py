"""A run's results, period by period → regional summary and league table, for the office alone.

They lie in a folder of their own, ``internal/``, apart from what banks receive.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from supervise.core.period import Period
from supervise.core.region.figures import BankFigures, RefusedFile
from supervise.core.region.region import Region, RegionLaw, region_of
from supervise.pipeline.opinions import INTERNAL
from supervise.pipeline.outputs import Row, Target, renderer_of, write_document
from supervise.read.words import read_words
from supervise.write.manifest import Internal


def write_summaries(
    figures: Sequence[BankFigures],
    rows: Iterable[Row],
    laws: Mapping[Period, RegionLaw],
    target: Target,
    expected: Period | None = None,
) -> tuple[Internal, ...]:
    """Write the summary and the league table of each period.

    Args:
        figures: What each bank came to, superseded filings too.
        rows: Of the whole run; the refused ones are told in every summary, for nobody knows
            which period a file is of that cannot be read.
        laws: What the law says for all banks of a period.
        target: Where documents go, and which are made.
        expected: The period that was collected, for a run in which no file could be read.

    Raises:
        RenderingError: The summary cannot be rendered.
    """
    refused = tuple(_refused(row) for row in rows if row.status == "refused")
    periods: list[Period | None] = [*sorted({one.period for one in figures})]
    written: list[Internal] = []
    for period in periods or [expected]:
        mine = [one for one in figures if one.period == period]
        law = laws.get(period, RegionLaw()) if period else RegionLaw()
        region = region_of(mine, period=period, law=law, refused=refused)
        written += _written(region, target)
    return tuple(written)


def _refused(row: Row) -> RefusedFile:
    return RefusedFile(file=row.file, code=row.reason, message=row.message, fix=row.fix)


def _written(region: Region, target: Target) -> list[Internal]:
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
        Internal(kind, period, *write_document(target, f"{INTERNAL}/{kind}{ending}.{suffix}", data))
        for kind, suffix, data in documents
    ]
