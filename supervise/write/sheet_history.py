"""A bank's history as a workbook, a sheet for each table; the same bytes for the same history."""

from __future__ import annotations

import io

from supervise.core.bank_history import BankHistory
from supervise.write.history_tables import HistoryNames, history_tables, title
from supervise.write.sheet_list import Column, Table, draw_tables
from supervise.write.sheet_pack import finish

_WIDE = 28.0
_WIDER = 64.0
_LONG = frozenset({"filings", "remarks", "successions"})


def history_workbook(history: BankHistory, names: HistoryNames) -> bytes:
    """Quarters, elements, headline indicators, filings, remarks, successions."""
    words = names.words
    tables = tuple(
        Table(
            words(f"history.table.{table.key}"),
            (),
            tuple(
                Column(
                    heading,
                    _WIDER if table.key in _LONG else _WIDE,
                    figures=place in table.figures,
                )
                for place, heading in enumerate(table.headings)
            ),
            table.rows,
            ("",) * len(table.rows),
            words("history.none"),
        )
        for table in history_tables(history, names)
    )
    book = draw_tables(tables, title(history, names), words("check.list.heading"))
    target = io.BytesIO()
    book.save(target)
    return finish(target.getvalue(), {}, history.quarters[0].period.last_day)
