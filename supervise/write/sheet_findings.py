"""The list of findings as a workbook: what matters first, then everything, then the totals.

Four sheets: 最重要, 全部, 按校核汇总, 文件. Texts are texts whatever they look like (a bank's own
words may begin with ``=``), ids and codes too; only plain figures are numbers. The same bytes
for the same findings.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial

from supervise.record import record
from supervise.write.finding_list import REFUSED, Checked, file_rows, fitted
from supervise.write.finding_rows import COLUMNS, SEVERITIES, FindingRow
from supervise.write.findings_csv import FIGURES
from supervise.write.numbers import Numbers, Words
from supervise.write.sheet_list import Column, Table, draw_tables
from supervise.write.sheet_pack import finish

MOST_PER_CHECK = 20
FEW = 10
_NO_DAY = date(1980, 1, 1)
_NOISE = frozenset({"basis_date", "item", "check_name", "severity", "sheet", "bank_code", "number"})
_FIRST = tuple(column for column in COLUMNS if column not in _NOISE)
_ALWAYS = frozenset({"cell", "period", "message", "fix", "severity_word", "basis", "cells"})
_WIDEST = {"message": 60.0, "fix": 44.0, "basis": 34.0, "cells": 30.0, "explanation": 40.0}
_WIDE = 28.0
_RANK = {severity: rank for rank, severity in enumerate((REFUSED, *SEVERITIES))}
_PER_FILE = ("status", "blocking", "explain", "answered", "advisory", "not_carried")


@record
class _File:
    """What remains of one file: its rows, its line on the sheet of files, and its last day."""

    rows: tuple[FindingRow, ...]
    cells: tuple[str, ...]
    last_day: date


@record
class _Listed:
    """The rows of all files, and what they come to."""

    files: tuple[_File, ...]

    @property
    def all(self) -> tuple[FindingRow, ...]:
        """Every row, file by file."""
        return tuple(row for file in self.files for row in file.rows)


def findings_workbook(files: Iterable[Checked], words: Words) -> bytes:
    """The findings of one file or of several as a workbook.

    Args:
        files: What was checked, refused files too, in the order given; each is let go once its
            rows are made.
        words: Wordings of headings and totals.
    """
    listed = _Listed(tuple(map(partial(_file, words), files)))
    most = _most_important(listed)
    tables = (
        _first(listed, most, words),
        _all(listed, words),
        _by_check(listed, most, words),
        _by_file(listed, words),
    )
    book = draw_tables(tables, words("check.list.title"), words("check.list.heading"))
    target = io.BytesIO()
    book.save(target)
    # The document's date is the last day of the latest period, never the clock.
    day = max((file.last_day for file in listed.files), default=_NO_DAY)
    return finish(target.getvalue(), {}, day)


def _file(words: Words, file: Checked) -> _File:
    rows = file_rows(file, words)
    evaluation = file.evaluation
    last_day = evaluation.submission.period.last_day if evaluation is not None else _NO_DAY
    return _File(rows, _file_cells(file, rows, words), last_day)


def _most_important(listed: _Listed) -> tuple[FindingRow, ...]:
    """Refused, blocking and open 需说明, at most some of a check; where few, the next ones too."""
    chosen = [row for f in listed.files for row in _some_of_each(filter(_is_open, f.rows))]
    if len(chosen) < FEW:
        others = [row for row in listed.all if not _is_open(row)]
        chosen += sorted(others, key=_rank)[: FEW - len(chosen)]
    return tuple(sorted(chosen, key=_rank))


def _is_open(row: FindingRow) -> bool:
    open_answer = row.severity == "explain" and row.explanation_state not in ("given", "accepted")
    return row.severity in (REFUSED, "blocking") or open_answer


def _rank(row: FindingRow) -> int:
    return _RANK[row.severity]


def _some_of_each(rows: Iterable[FindingRow]) -> Iterator[FindingRow]:
    seen: Counter[str] = Counter()
    for row in rows:
        seen[row.check] += 1
        if seen[row.check] <= MOST_PER_CHECK:
            yield row


def _first(listed: _Listed, most: tuple[FindingRow, ...], words: Words) -> Table:
    """The most important rows; columns in which none of them has anything are left out."""
    names = [n for n in _FIRST if n in _ALWAYS or any(getattr(row, n) for row in most)]
    n = len(listed.all)
    whole = words("check.list.all")
    key = "shown" if len(most) < n else "shown_all"
    shown = words(f"check.list.{key}", shown=len(most), n=n, all=whole)
    sheet = _Sheet(words("check.list.first"), (_total(listed, words), shown))
    return _rows_table(sheet, most, names, words)


def _all(listed: _Listed, words: Words) -> Table:
    sheet = _Sheet(words("check.list.all"), (_total(listed, words),))
    return _rows_table(sheet, listed.all, COLUMNS, words)


@record
class _Sheet:
    """Name of a sheet and the lines above its table."""

    name: str
    notes: tuple[str, ...]


def _rows_table(
    sheet: _Sheet, rows: Sequence[FindingRow], names: Sequence[str], words: Words
) -> Table:
    columns = tuple(
        Column(
            words(f"check.column.{n}"), _WIDEST.get(n, _WIDE), n in FIGURES, n == "severity_word"
        )
        for n in names
    )
    cells = tuple(tuple(fitted(getattr(row, n), words) for n in names) for row in rows)
    tones = tuple(row.severity for row in rows)
    return Table(sheet.name, sheet.notes, columns, cells, tones, words("check.list.none"))


def _total(listed: _Listed, words: Words) -> str:
    counted = Counter(row.severity for row in listed.all)
    return words(
        "check.list.total",
        files=len(listed.files),
        n=sum(counted[severity] for severity in SEVERITIES),
        refused=counted[REFUSED],
        **{severity: counted[severity] for severity in SEVERITIES},
    )


def _by_check(listed: _Listed, most: tuple[FindingRow, ...], words: Words) -> Table:
    """Every check that found something: how often, and how many stand on the first sheet."""
    counted, shown = Counter(map(_kind, listed.all)), Counter(map(_kind, most))
    ordered = sorted(counted, key=lambda kind: (_RANK[kind[0]], -counted[kind], kind[1]))
    cells = tuple((*kind[1:], str(counted[kind]), str(shown[kind])) for kind in ordered)
    columns = (
        Column(words("check.column.check"), _WIDE),
        Column(words("check.column.check_name"), 60.0),
        Column(words("check.column.severity_word"), _WIDE, toned=True),
        Column(words("check.list.count"), _WIDE, figures=True),
        Column(words("check.list.shown_count"), _WIDE, figures=True),
    )
    notes, tones = (_total(listed, words),), tuple(kind[0] for kind in ordered)
    name, none = words("check.list.by_check"), words("check.list.none")
    return Table(name, notes, columns, cells, tones, none)


def _kind(row: FindingRow) -> tuple[str, str, str, str]:
    return row.severity, row.check, row.check_name, row.severity_word


def _by_file(listed: _Listed, words: Words) -> Table:
    """One line per file: may it be filed, how much was found, or why it was refused."""
    ids = ("file", "bank_code", "bank_name", "period")
    columns = (
        *(Column(words(f"check.column.{name}"), 36.0) for name in ids),
        *(Column(words(f"check.list.{n}"), _WIDE, figures=n != "status") for n in _PER_FILE),
        *(Column(words(f"check.list.{name}"), 44.0) for name in ("reason", "what")),
        *(Column(words(f"check.column.{name}"), 44.0) for name in ("expected", "fix")),
    )
    cells = tuple(file.cells for file in listed.files)
    notes, name = (_total(listed, words),), words("check.list.files")
    return Table(name, notes, columns, cells, ("",) * len(cells), words("check.list.none"))


def _file_cells(file: Checked, rows: tuple[FindingRow, ...], words: Words) -> tuple[str, ...]:
    if file.evaluation is None:
        status = words("check.may_file.refused")
        row = rows[0]
        empty = ("",) * (len(_PER_FILE) - 1)
        return (row.file, "", "", "", status, *empty, row.check, row.message, row.expected, row.fix)
    evaluation = file.evaluation
    filed, counted = evaluation.submission, Counter(row.severity for row in rows)
    figures = (
        counted["blocking"],
        counted["explain"],
        sum(bool(row.explanation_state) for row in rows),
        counted["advisory"],
        sum(state.state == "not_evaluated" for state in evaluation.states),
    )
    return (
        filed.file,
        filed.bank.code,
        filed.bank.name,
        Numbers(words).period(filed.period),
        words(f"check.may_file.{evaluation.status}"),
        *(str(figure) for figure in figures),
        *("",) * 4,
    )
