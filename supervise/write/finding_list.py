"""Several files' findings as one list, refused files among them; and texts fit for a sheet.

A refused file is a row like any other, so that a list without a row for a file means that
nothing was found in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from supervise.core.evaluation import Evaluation
from supervise.errors import SuperviseError
from supervise.record import record
from supervise.write.finding_rows import COLUMNS, NO_MARKS, FindingRow, Marks, finding_rows
from supervise.write.numbers import Words
from supervise.write.visible import one_line

MOST_LETTERS = 32_000
"""A spreadsheet cell holds 32,767 characters; the rest is for what says that more was there."""

REFUSED = "refused"


@record(kw_only=True)
class Checked:
    """One file as checked: an evaluation, or the reason why it was refused."""

    file: str
    evaluation: Evaluation | None = None
    refusal: SuperviseError | None = None
    marks: Marks = NO_MARKS


def listed_rows(files: Iterable[Checked], words: Words) -> tuple[FindingRow, ...]:
    """Rows of all files, file by file in the order given."""
    return tuple(chain.from_iterable(file_rows(file, words) for file in files))


def file_rows(file: Checked, words: Words) -> tuple[FindingRow, ...]:
    """Rows of one file: its findings, or its refusal."""
    if file.evaluation is not None:
        return finding_rows(file.evaluation, words, file.marks)
    return (refusal_row(file.file, file.refusal, words),) if file.refusal is not None else ()


def refusal_row(file: str, error: SuperviseError, words: Words) -> FindingRow:
    """A refused file: reason code, what is wrong, what was expected, what to do."""
    texts = {
        **dict.fromkeys(COLUMNS, ""),
        "number": "1",
        "file": file,
        "cell": error.where,
        "cells": error.where,
        "message": error.what,
        "fix": error.fix,
        "expected": error.expected,
        "basis": words("check.refusal_basis"),
        "check": error.code,
        "explanation_state": "",
        "severity": REFUSED,
        "severity_word": words("report.status.refused"),
        "consequence": words("check.may_file.refused"),
    }
    return FindingRow(**{name: one_line(text) for name, text in texts.items()})


def fitted(text: str, words: Words) -> str:
    """A text that a spreadsheet cell can hold; a longer one says how much was left out."""
    if len(text) <= MOST_LETTERS:
        return text
    comma = words("report.list_comma")
    kept = text[:MOST_LETTERS].rpartition(comma)[0] or text[:MOST_LETTERS]
    return words("check.cut", text=kept, n=len(text) - len(kept))
