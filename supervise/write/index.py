"""A run's rows → ``index.html``: every bank with its result and its documents, then refusals."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

from supervise.core.period import Period
from supervise.record import record
from supervise.write.manifest import Internal, RunRow
from supervise.write.numbers import Numbers, Words
from supervise.write.phrases import Mark, Pair, Tone
from supervise.write.report import Renderer

_TONES: dict[str, Tone] = {
    "passed": "good",
    "needs_explanation": "unsure",
    "incomplete": "unsure",
    "blocked": "bad",
    "superseded": "plain",
    "refused": "bad",
    "fault": "bad",
}
_PROOF_TONES: dict[str, Tone] = {"consistent": "good", "inconsistent": "bad", "absent": "unsure"}
_KINDS = ((".pdf", "report"), (".html", "page"), (".json", "data"), (".xlsx", "workbook"))


@record
class BankRow:
    """One evaluated bank."""

    name: str
    code: str
    type: str
    status: Mark
    total: str
    span: str
    grade: str
    proof: Mark | None
    proof_told: str
    files: tuple[Pair, ...]


@record
class RefusedRow:
    """One refused file."""

    file: str
    message: str
    reason: str
    fix: str
    files: tuple[Pair, ...]


@record
class IndexView:
    """The index in texts; a ``Pair`` of files is a label and a relative path."""

    lang: str
    periods: str
    summary: str
    proofs: bool
    banks: tuple[BankRow, ...]
    refused: tuple[RefusedRow, ...]
    internal: tuple[Pair, ...] = ()


def index_html(
    rows: Iterable[RunRow],
    *,
    words: Words,
    templates: Path | None = None,
    internal: Iterable[Internal] = (),
) -> str:
    """The index of a run as one self-contained page.

    Args:
        rows: In the order in which they are to be listed.
        words: Wordings of the page's language.
        templates: An office's templates over the shipped ones.
        internal: Documents for the office alone.

    Raises:
        RenderingError: A template is wrong.
    """
    renderer = Renderer(words=words, templates=templates)
    return renderer.page(
        "index.html.j2",
        r=_view(tuple(rows), tuple(internal), words),
        style=renderer.style("index.css"),
    )


def _view(rows: tuple[RunRow, ...], internal: tuple[Internal, ...], words: Words) -> IndexView:
    numbers = Numbers(words)
    refused = tuple(_refused(row, words) for row in rows if row.reason)
    banks = tuple(_bank(row, words, numbers) for row in rows if not row.reason)
    periods = sorted({row.period for row in rows if row.period})
    shown = words("report.list_comma").join(numbers.period(Period.parse(p)) for p in periods)
    made = sum(any(path.endswith(".pdf") for path, _ in row.documents) for row in rows)
    summary = words("report.index.summary", n=len(rows), made=made, refused=len(refused))
    proofs = any(row.proof for row in rows)
    links = tuple(_internal(one, words, numbers) for one in internal)
    return IndexView(words.lang, shown, summary, proofs, banks, refused, links)


def _internal(one: Internal, words: Words, numbers: Numbers) -> Pair:
    """A link to a document for the office: its period and kind, its path."""
    when = numbers.period(Period.parse(one.period)) if one.period else ""
    return Pair(f"{when} {words(f'summary.index.{one.kind}')}".strip(), one.path)


def _bank(row: RunRow, words: Words, numbers: Numbers) -> BankRow:
    span = ""
    if row.low != row.high:
        span = f"{numbers.points(Fraction(row.low))}–{numbers.points(Fraction(row.high))}"
    return BankRow(
        name=row.name,
        code=row.code,
        type=row.bank_type,
        status=Mark(words(f"report.status.{row.status}"), _TONES[row.status]),
        total=numbers.points(Fraction(row.total)) if row.total else "—",
        span=span,
        grade=row.grade or "—",
        proof=_proof(row, words),
        proof_told=row.proof_told if row.proof != "consistent" else "",
        files=_files(row, words),
    )


def _proof(row: RunRow, words: Words) -> Mark | None:
    if not row.proof:
        return None
    return Mark(words(f"proof.state.{row.proof}"), _PROOF_TONES[row.proof])


def _refused(row: RunRow, words: Words) -> RefusedRow:
    return RefusedRow(row.file, row.message, row.reason, row.fix, _files(row, words))


def _files(row: RunRow, words: Words) -> tuple[Pair, ...]:
    return tuple(
        Pair(words(f"report.index.{label}"), path)
        for suffix, label in _KINDS
        for path, _ in row.documents
        if path.endswith(suffix)
    )
