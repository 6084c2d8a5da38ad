"""Who has filed, as a workbook: what wants doing, every bank, the totals, what fits nowhere.

Texts are texts whatever they look like: a bank's name or a file's may begin with ``=``. The same
bytes for the same answer.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from supervise.core.filing_status import (
    OPEN,
    STATES,
    Filing,
    FilingStatus,
    StatusRow,
    counted,
)
from supervise.write.sheet_list import Column, Table, draw_tables
from supervise.write.sheet_pack import finish
from supervise.write.status_rows import (
    COLUMNS,
    StatusNames,
    bank_texts,
    file_text,
    title,
    total_lines,
)
from supervise.write.visible import one_line

_WIDE = 28.0
_WIDEST = {"name": 40.0, "remarks": 44.0, "files": 60.0}
_FIGURES = ("days_late", "sequence")
_TONES = {
    "missing": "refused",
    "refused": "refused",
    "blocked": "blocking",
    "incomplete": "blocking",
    "awaiting_explanation": "explain",
    "not_due": "advisory",
    "filed": "advisory",
}
_ACROSS = ("late", "resubmitted", "reopened")


def status_workbook(status: FilingStatus, names: StatusNames) -> bytes:
    """The answer as a workbook of four sheets."""
    words = names.words
    wanting = [r for r in status.rows if r.state in OPEN or r.state == "awaiting_explanation"]
    tables = (
        _banks("todo", wanting, status, names),
        _banks("all", status.rows, status, names),
        _totals(status, names),
        _outside(status, names),
    )
    book = draw_tables(tables, title(status, words), words("check.list.heading"))
    target = io.BytesIO()
    book.save(target)
    return finish(target.getvalue(), {}, status.period.last_day)


def _banks(key: str, rows: Sequence[StatusRow], status: FilingStatus, names: StatusNames) -> Table:
    words = names.words
    columns = tuple(
        Column(
            words(f"status.column.{name}"),
            _WIDEST.get(name, _WIDE),
            figures=name in _FIGURES,
            toned=name == "state",
        )
        for name in COLUMNS
    )
    texts = [bank_texts(row, names) for row in rows]
    return Table(
        words(f"status.sheet.{key}"),
        tuple(total_lines(status, words)),
        columns,
        tuple(tuple(each[name] for name in COLUMNS) for each in texts),
        tuple(_TONES[row.state] for row in rows),
        words("status.none"),
    )


def _totals(status: FilingStatus, names: StatusNames) -> Table:
    """Counts by province, then by type."""
    words, kinds = names.words, (*STATES, *_ACROSS)
    columns = (
        Column(words("status.column.group"), _WIDE),
        Column(words("status.column.registered"), _WIDE, figures=True),
        *(Column(words(f"status.state.{state}"), _WIDE, figures=True) for state in STATES),
        *(Column(words(f"status.{name}_short"), _WIDE, figures=True) for name in _ACROSS),
    )
    groups = [
        *_grouped(status.rows, lambda row: names.province(row.bank.province)),
        *_grouped(status.rows, lambda row: names.type(row.bank.type)),
        (words("status.column.registered"), list(status.rows)),
    ]
    cells = []
    for name, rows in groups:
        counts = counted(rows)
        cells.append((name, str(len(rows)), *(str(counts[kind]) for kind in kinds)))
    notes = tuple(total_lines(status, words))
    tones = ("",) * len(cells)
    return Table(words("status.sheet.totals"), notes, columns, tuple(cells), tones, "")


def _grouped(
    rows: Sequence[StatusRow], group: Callable[[StatusRow], str]
) -> list[tuple[str, list[StatusRow]]]:
    found: dict[str, list[StatusRow]] = {}
    for row in rows:
        found.setdefault(group(row), []).append(row)
    return sorted(found.items())


def _outside(status: FilingStatus, names: StatusNames) -> Table:
    words = names.words
    columns = tuple(
        Column(words(f"status.column.{name}"), _WIDEST.get(name, _WIDE))
        for name in ("code", "name", "files", "what")
    )
    cells = [_stray(filing, "stranger", names) for filing in status.strangers]
    cells += [_stray(filing, "unknown", names) for filing in status.unknown]
    name, none = words("status.sheet.outside"), words("status.none")
    return Table(name, (), columns, tuple(cells), ("",) * len(cells), none)


def _stray(filing: Filing, what: str, names: StatusNames) -> tuple[str, ...]:
    return (
        one_line(filing.bank),
        one_line(filing.name),
        file_text(filing, names.words),
        names.words(f"status.what.{what}"),
    )
