"""What a run was given beside the workbooks, read once per process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from supervise.pipeline.case import known_history
from supervise.read.history import History
from supervise.read.judgements import NO_MARKS, Marks, read_judgements
from supervise.read.proofs import Proofs, read_proofs


@cache
def marks_of(path: Path | None) -> Marks:
    """Supervisors' marks and corrections; none without a file."""
    return read_judgements(path) if path else NO_MARKS


@cache
def history_of(path: Path | None) -> History:
    """Earlier evaluations; none without a folder."""
    return known_history(path)


@cache
def proofs_of(path: Path) -> Proofs:
    """The banks' proofs of self-check."""
    return read_proofs(path)
