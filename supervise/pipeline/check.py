"""The bank's pre-check: files → what is printed and the exit code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from supervise.pipeline.case import Outcome, check_file
from supervise.read.words import read_words
from supervise.settings import Settings
from supervise.write.terminal import Style, check_text, plain, refusal_text

if TYPE_CHECKING:
    from supervise.read.history import History

OPEN = ("blocked", "incomplete")


def check_files(
    paths: Sequence[Path], settings: Settings, *, history: Path | None = None
) -> list[Outcome]:
    """Check each file as the regulator will; writes nothing.

    Raises:
        LedgerError: The history cannot be read.
        RulebookError: The law is wrong.
    """
    known = _known(history)
    return [check_file(path, settings, history=known) for path in paths]


def _known(history: Path | None) -> History:
    if history is None:
        return {}
    from supervise.read.history import read_history

    return read_history(history)


def as_json(outcomes: Sequence[Outcome]) -> str:
    """One document, or an array of them for several files."""
    from supervise.write.document import to_json

    documents = [_document(outcome) for outcome in outcomes]
    return to_json(documents[0] if len(documents) == 1 else documents)


def as_text(outcomes: Sequence[Outcome], settings: Settings, style: Style = plain) -> str:
    """For people, one block per file, a count below several."""
    words = read_words(settings.lang)
    blocks = []
    for outcome in outcomes:
        if outcome.evaluation is not None:
            blocks.append(check_text(outcome.evaluation, words, style))
        elif outcome.refusal is not None:
            blocks.append(refusal_text(outcome.path.name, outcome.refusal, words, style))
    if len(outcomes) > 1:
        statuses = [status_of(outcome) for outcome in outcomes]
        names = ("passed", "needs_explanation", "blocked", "incomplete", "refused")
        counts = {name: statuses.count(name) for name in names}
        blocks.append(words("check.summary", n=len(outcomes), **counts) + "\n")
    return "\n".join(blocks)


def status_of(outcome: Outcome) -> str:
    """Status as in the document."""
    return outcome.evaluation.status if outcome.evaluation is not None else "refused"


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """3 if a file was refused, else 1 if one is blocked or incomplete, else 0."""
    statuses = [status_of(outcome) for outcome in outcomes]
    if "refused" in statuses:
        return 3
    return 1 if any(status in OPEN for status in statuses) else 0


def _document(outcome: Outcome) -> object:
    from supervise.write.document import evaluation_document, refusal_document

    if outcome.evaluation is not None:
        return evaluation_document(outcome.evaluation)
    assert outcome.refusal is not None
    return refusal_document(outcome.path.name, outcome.sha256, outcome.refusal)
