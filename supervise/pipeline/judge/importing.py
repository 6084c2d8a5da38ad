"""A judging workbook imported: everything checked first, then appended, or nothing at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from supervise.core.judge_book import SHEETS
from supervise.errors import SuperviseError
from supervise.pipeline.judge.demands import take_demands, take_successions
from supervise.pipeline.judge.desk import Desk
from supervise.pipeline.judge.hearing import Counts, Hearing
from supervise.pipeline.judge.marks import take_corrections, take_marks
from supervise.pipeline.judge.steps import take_procedure
from supervise.pipeline.ledger.opening import require_ledger
from supervise.read.error_words import in_language
from supervise.read.judge_book import read_judge_book
from supervise.read.judge_entry import CellFaults
from supervise.read.words import read_words
from supervise.record import record
from supervise.settings import Settings

SCHEMA = "supervise/judging-import/1"
_TAKES = (take_marks, take_corrections, take_procedure, take_demands, take_successions)
"""Marks come first: a stage may not be signed over an evaluation that lacks some."""


@record(kw_only=True)
class Imported:
    """What came of an import.

    Attributes:
        counts: By sheet id.
        faults: All of them; with one, nothing was appended.
        dry_run: Nothing was to be appended.
    """

    file: str
    sha256: str
    period: str
    counts: Mapping[str, Counts]
    faults: tuple[SuperviseError, ...]
    dry_run: bool


def import_judging(
    path: Path, option: str | None, settings: Settings, *, today: date, dry_run: bool = False
) -> Imported:
    """Check a filled-in judging workbook, and append what is new.

    Args:
        path: The workbook.
        option: What ``--ledger`` says.
        settings: Names the office's overlay.
        today: No row may be dated later.
        dry_run: Only check.

    Raises:
        UsageError: It is no judging workbook, or no ledger was named.
        LedgerError: The ledger cannot be used, or another process appended meanwhile what
            contradicts the workbook.
    """
    faults = CellFaults(path.name)
    book = read_judge_book(path, faults)
    with require_ledger(option) as ledger:
        hearing = Hearing(Desk(ledger, book.period, settings), book, faults, today)
        for take in _TAKES:
            take(hearing)
        if not (faults.found or dry_run):
            for _, error in ledger.append_all(hearing.records).rejected:
                raise error
    return Imported(
        file=book.file,
        sha256=book.sha256,
        period=str(book.period),
        counts=hearing.counts,
        faults=tuple(in_language(one, settings.lang) for one in faults.found),
        dry_run=dry_run,
    )


def imported_document(found: Imported) -> dict[str, Any]:
    """The same for other systems: ``supervise/judging-import/1``."""
    return {
        "schema": SCHEMA,
        "file": found.file,
        "sha256": found.sha256,
        "period": found.period,
        "dry_run": found.dry_run,
        "imported": not (found.faults or found.dry_run),
        "sheets": {sheet.id: _counted(found.counts.get(sheet.id, Counts())) for sheet in SHEETS},
        "faults": [fault.parts() for fault in found.faults],
    }


def _counted(counts: Counts) -> dict[str, int]:
    return {name: getattr(counts, name) for name in ("new", "replaced", "unchanged")}


def imported_json(found: Imported) -> str:
    """The document as text."""
    from supervise.json_text import to_json

    return to_json(imported_document(found))


def imported_text(found: Imported, settings: Settings) -> str:
    """What was imported, sheet by sheet; or that nothing was."""
    words = read_words(settings.lang)
    if found.faults:
        return words("judge.refused", n=len(found.faults)) + "\n"
    lines = [
        words("judge.sheet", sheet=words(f"judge.sheets.{sheet.id}"), **_counted(counts))
        for sheet in SHEETS
        if (counts := found.counts.get(sheet.id)) is not None
    ]
    if not lines:
        return words("judge.nothing") + "\n"
    head = words("judge.checked" if found.dry_run else "judge.imported", period=found.period)
    again = [] if found.dry_run else [words("judge.evaluate")]
    return "\n".join([head, *lines, *again]) + "\n"
