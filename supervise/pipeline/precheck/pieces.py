"""What a check tells, file by file, so that a thousand files need no more memory than one.

In: outcomes as they come. Out: pieces of text or data, each as soon as its file is checked; no
piece holds on to the outcome that it tells of. Put together they are one document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from supervise.pipeline.case import Outcome
from supervise.read.words import read_words
from supervise.record import record
from supervise.settings import Settings
from supervise.write.finding_rows import NO_MARKS, Marks
from supervise.write.terminal import Style, check_text, plain, refusal_text

if TYPE_CHECKING:
    from supervise.pipeline.precheck.diff import Previous
    from supervise.write.finding_list import Checked

OPEN = ("blocked", "incomplete")
_STATUSES = ("passed", "needs_explanation", "blocked", "incomplete", "refused")


class Tally:
    """How many files came to which verdict; the files themselves are let go.

    Attributes:
        statuses: In the order of the files that went by.
    """

    def __init__(self) -> None:
        self.statuses: list[str] = []

    def passing(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """The same outcomes, each noted as it goes by."""
        return map(self._noted, outcomes)

    def _noted(self, outcome: Outcome) -> Outcome:
        self.statuses.append(status_of(outcome))
        return outcome

    @property
    def exit_code(self) -> int:
        """3 if a file was refused, else 1 if one is blocked or incomplete, else 0."""
        if "refused" in self.statuses:
            return 3
        return 1 if any(status in OPEN for status in self.statuses) else 0

    def summary(self, settings: Settings) -> str:
        """How many files came to which verdict, in one line."""
        counts = {name: self.statuses.count(name) for name in _STATUSES}
        return read_words(settings.lang)("check.summary", n=len(self.statuses), **counts)


@record(kw_only=True)
class Telling:
    """How outcomes are to be told.

    Attributes:
        several: More than one file was named.
        style: Colours the text for people.
        previous: Earlier versions of the one file.
    """

    settings: Settings
    several: bool
    style: Style = plain
    previous: Previous | None = None

    @property
    def marks(self) -> Marks:
        """What the findings of the one file were before."""
        return self.previous.marks if self.previous is not None else NO_MARKS


def status_of(outcome: Outcome) -> str:
    """Status as in the document."""
    return outcome.evaluation.status if outcome.evaluation is not None else "refused"


def text_pieces(outcomes: Iterable[Outcome], telling: Telling) -> Iterator[str]:
    """For people: one block per file, a count below several."""
    tally = Tally()
    between = ""
    for outcome in tally.passing(outcomes):
        yield between + _block(outcome, telling)
        between = "\n"
    if telling.previous is not None:
        lines = telling.previous.lines(telling.settings, telling.style)
        yield between + "\n".join(lines) + "\n"
    if telling.several:
        yield between + tally.summary(telling.settings) + "\n"


def _block(outcome: Outcome, telling: Telling) -> str:
    words = read_words(telling.settings.lang)
    if outcome.evaluation is not None:
        return check_text(outcome.evaluation, words, telling.style, telling.marks)
    assert outcome.refusal is not None
    return refusal_text(outcome.path.name, outcome.refusal, words, telling.style)


def json_pieces(outcomes: Iterable[Outcome], telling: Telling) -> Iterator[str]:
    """One document, or an array of them for several files."""
    if not telling.several:
        yield from (_json(outcome, telling) for outcome in outcomes)
        return
    before = "[\n  "
    for outcome in outcomes:
        # A line ends only between values: within a text it is escaped.
        yield before + _json(outcome, telling).rstrip("\n").replace("\n", "\n  ")
        before = ",\n  "
    yield "\n]\n"


def _json(outcome: Outcome, telling: Telling) -> str:
    from supervise.json_text import to_json

    document = _document(outcome)
    if telling.previous is not None:
        document["previous"] = telling.previous.document
    return to_json(document)


def _document(outcome: Outcome) -> dict[str, Any]:
    from supervise.write.document import evaluation_document, refusal_document

    if outcome.evaluation is not None:
        return evaluation_document(outcome.evaluation)
    assert outcome.refusal is not None
    return refusal_document(outcome.path.name, outcome.sha256, outcome.refusal)


def csv_pieces(outcomes: Iterable[Outcome], telling: Telling) -> Iterator[bytes]:
    """Every finding of every file, a line each."""
    from supervise.write.finding_list import file_rows
    from supervise.write.findings_csv import csv_head, csv_lines

    words = read_words(telling.settings.lang)
    before = csv_head(words)
    for outcome in outcomes:
        yield before + csv_lines(file_rows(_checked(outcome, telling), words), words)
        before = b""


def xlsx_pieces(outcomes: Iterable[Outcome], telling: Telling) -> Iterator[bytes]:
    """Every finding of every file as a workbook for people: one piece, made of rows alone."""
    from supervise.write.sheet_findings import findings_workbook

    checked = (_checked(outcome, telling) for outcome in outcomes)
    yield findings_workbook(checked, read_words(telling.settings.lang))


def data_pieces(form: str, outcomes: Iterable[Outcome], telling: Telling) -> Iterator[bytes]:
    """Pieces in a format of ``check --format``, as bytes for a file or a pipe."""
    if form in ("text", "json"):
        make_text = text_pieces if form == "text" else json_pieces
        return (piece.encode() for piece in make_text(outcomes, telling))
    make = csv_pieces if form == "csv" else xlsx_pieces
    return make(outcomes, telling)


def _checked(outcome: Outcome, telling: Telling) -> Checked:
    from supervise.write.finding_list import Checked

    name, evaluation = outcome.path.name, outcome.evaluation
    return Checked(file=name, evaluation=evaluation, refusal=outcome.refusal, marks=telling.marks)
