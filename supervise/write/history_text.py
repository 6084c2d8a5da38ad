"""A bank's history for a terminal: one table under the other, aligned for wide characters."""

from __future__ import annotations

from supervise.core.bank_history import BankHistory
from supervise.write.history_tables import HistoryNames, HistoryTable, filled, history_tables, title
from supervise.write.terminal import Style, aligned, plain

_DIGEST = 12


def history_text(history: BankHistory, names: HistoryNames, style: Style = plain) -> str:
    """What an officer reads after ``supervise history``."""
    lines = [style(title(history, names), "plain")]
    for table in filled(history_tables(history, names)):
        lines += ["", names.words(f"history.table.{table.key}"), *aligned(_rows(table))]
    return "\n".join(lines) + "\n"


def _rows(table: HistoryTable) -> list[tuple[str, ...]]:
    """Headings and rows; a digest is shortened, and what is the same all the way is left out."""
    rows = [table.headings, *table.rows]
    if table.key == "filings":
        rows = [(*row[:-1], row[-1][:_DIGEST]) for row in rows]
    return rows
