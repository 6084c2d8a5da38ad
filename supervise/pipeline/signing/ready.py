"""Whether a bank's papers can be signed off: of the evaluation that stands, intact, of one piece.

In: what stands in the ledger and what a run wrote. Out: the digests that a sign-off binds a person
to, or the reason why there is nothing to sign.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from supervise.errors import NotIntact, SuperviseError
from supervise.pipeline.ledger.filings import document_digest
from supervise.read.files import digest_of
from supervise.read.report_parts import read_report
from supervise.read.run_papers import Papers
from supervise.read.told import json_of
from supervise.read.told_evaluation import read_told_evaluation
from supervise.record import record
from supervise.write.evidence import EVALUATION

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.standing import Standing

Why = Literal[
    "not_filed",
    "not_judged",
    "blocked",
    "incomplete",
    "no_papers",
    "no_report",
    "altered",
    "other_evaluation",
    "other_report",
    "not_signed",
]
"""Why a bank cannot be signed off; the last: there is no sign-off that could be withdrawn."""
_UNFIT: dict[str, Why] = {"blocked": "blocked", "incomplete": "incomplete"}


@record(kw_only=True)
class Ready:
    """Papers that can be signed off, by digest."""

    stands: Standing
    document: str
    report: str
    evaluation_json: str
    marked: str
    audience: str


def ready(stands: Standing | None, papers: Papers | None, folder: Path) -> Ready | Why:
    """What is to be signed of one bank, or why nothing is.

    Args:
        stands: The filing that stands; None: the bank has not filed.
        papers: What the run wrote of that filing; None: nothing.
        folder: The run's folder.
    """
    if stands is None:
        return "not_filed"
    if stands.evaluation is None:
        return "not_judged"
    if (unfit := _UNFIT.get(stands.evaluation.status)) is not None:
        return unfit
    if papers is None or not papers.evaluation:
        return "no_papers"
    if not papers.report:
        return "no_report"
    if any(found != papers.digests[path] for path, found in _found(papers, folder)):
        return "altered"
    return _bound(stands, papers, folder)


def _found(papers: Papers, folder: Path) -> Iterator[tuple[str, str]]:
    for path in papers.digests:
        file = folder / path
        yield path, digest_of(file) if file.is_file() else ""


def _bound(stands: Standing, papers: Papers, folder: Path) -> Ready | Why:
    """The papers' digests, if they are of the evaluation that the ledger holds to be the latest."""
    assert stands.evaluation is not None
    evaluation = (folder / papers.evaluation).read_bytes()
    try:
        told = read_told_evaluation(json_of(evaluation), papers.evaluation)
    except (NotIntact, ValueError, RecursionError):
        return "altered"
    if document_digest(told.document) != stands.evaluation.document:
        return "other_evaluation"
    if not _carries(folder / papers.report, evaluation):
        return "other_report"
    return Ready(
        stands=stands,
        document=stands.evaluation.document,
        report=papers.digests[papers.report],
        evaluation_json=papers.digests[papers.evaluation],
        marked=papers.digests.get(papers.marked, ""),
        audience=told.audience,
    )


def _carries(report: Path, evaluation: bytes) -> bool:
    """Whether a report is intact, unsigned, and rests on this evaluation document."""
    try:
        parts = read_report(report, (EVALUATION,))
    except SuperviseError:
        return False
    return (parts.seal, parts.added, parts.attached.get(EVALUATION)) == ("whole", 0, evaluation)
