"""Evaluations → files in the run's folder: one folder per bank, index and manifest on top."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supervise.core.context import NO_CONTEXT, Context
from supervise.core.evaluation import Evaluation
from supervise.core.proof import ProofVerdict
from supervise.errors import SuperviseError, UsageError, WorkbookUnreadable
from supervise.json_text import to_json
from supervise.pipeline.case import require_official
from supervise.pipeline.saving import save
from supervise.read.words import read_words
from supervise.record import record
from supervise.write.document import evaluation_document, refusal_document
from supervise.write.manifest import (
    Internal,
    RunRow,
    evaluated_row,
    manifest_document,
    refused_row,
)

if TYPE_CHECKING:
    from supervise.write.phrases import Audience
    from supervise.write.report import Renderer

Row = RunRow
INTERNAL = "internal"
"""Folder of a run that is not for any bank."""
_SAFE_NAME = re.compile(r"[A-Z0-9]{4,20}")
STATUSES = ("passed", "needs_explanation", "incomplete", "blocked", "superseded", "refused")


@record(kw_only=True)
class Target:
    """Where a run's documents go, and which are made.

    Attributes:
        files: Of each bank; without, only index, manifest and what is for the office alone.
        templates: An office's own templates over the shipped ones.
        audience: ``bank`` or ``internal``.
    """

    folder: Path
    files: bool = True
    pdf: bool = True
    html: bool = False
    audience: Audience = "bank"
    lang: str = "zh"
    templates: Path | None = None


@record
class Beside:
    """What goes with an evaluation when it is written.

    Attributes:
        source: Bytes of the bank's workbook, to be given back marked.
        context: What the evaluation was made with.
        official: Refuse a result that rests on anything unconfirmed.
        superseded: A resubmission stands instead; only the document is kept.
        proof: What came of the bank's proof of self-check; None: none was asked for.
    """

    source: bytes
    context: Context = NO_CONTEXT
    official: bool = False
    superseded: bool = False
    proof: ProofVerdict | None = None


@record
class Written:
    """What was written of one bank: its row, and the evaluation document as it was written."""

    row: Row
    document: Mapping[str, Any]


def write_evaluation(evaluation: Evaluation, target: Target, beside: Beside) -> Written:
    """Write one bank's documents: evaluation, marked workbook, report.

    Raises:
        RulebookError: ``official`` was asked for and something is not confirmed.
        RenderingError: The report cannot be rendered.
    """
    if beside.official:
        require_official(evaluation)
    filed = evaluation.submission
    folder = safe_name(filed.bank.code)
    stem = f"{folder}-{filed.period}" + (f"-{filed.sequence}" if beside.superseded else "")
    papers = _papers(evaluation, target, beside)
    files = [*_files(evaluation, target, papers, superseded=beside.superseded)]
    written = tuple(write_document(target, f"{folder}/{stem}{end}", made) for end, made in files)
    row = evaluated_row(evaluation, written, superseded=beside.superseded)
    if beside.proof is not None:
        from supervise.pipeline.proof import row_with_proof

        row = row_with_proof(row, beside.proof, read_words(target.lang))
    return Written(row, papers.document)


@record
class _Papers:
    """What a report rests on, as bytes: document, context, the bank's workbook."""

    document: Mapping[str, Any]
    evaluation: bytes
    context: bytes
    workbook: bytes
    filed: str


def _papers(evaluation: Evaluation, target: Target, beside: Beside) -> _Papers:
    """The evaluation document names the digest of its context, and so seals it."""
    from supervise.write.context_document import SCHEMA, context_document
    from supervise.write.phrases import Phrases
    from supervise.write.view_opinions import opinions_document

    known = context_document(evaluation, beside.context, audience=target.audience)
    context = to_json(known).encode()
    document = evaluation_document(evaluation, audience=target.audience)
    say = Phrases(evaluation, read_words(target.lang), target.audience)
    document["opinions"] = opinions_document(say)
    document["context"] = {"schema": SCHEMA, "sha256": hashlib.sha256(context).hexdigest()}
    if beside.proof is not None:
        from supervise.write.proof import verdict_document

        document["proof"] = verdict_document(beside.proof, read_words(target.lang))
    filed = evaluation.submission.file
    return _Papers(document, to_json(document).encode(), context, beside.source, filed)


def _files(
    evaluation: Evaluation, target: Target, papers: _Papers, *, superseded: bool
) -> Iterator[tuple[str, bytes]]:
    """Ending and content of each file of a bank."""
    if not target.files:
        return
    yield ".json", papers.evaluation
    if not superseded:
        yield from _marked(evaluation, target, papers)
        yield from _reports(evaluation, target, papers)


def _marked(evaluation: Evaluation, target: Target, papers: _Papers) -> Iterator[tuple[str, bytes]]:
    """The bank's workbook with what was found in it; none where there is no room for marks."""
    from supervise.write.annotate import annotate

    try:
        marked = annotate(papers.workbook, evaluation, read_words(target.lang))
    except UsageError as error:
        if error.code != "cannot_annotate":
            raise
        return
    with_macros = papers.filed.lower().endswith(".xlsm")
    yield "-marked.xlsm" if with_macros else "-marked.xlsx", marked


def _reports(
    evaluation: Evaluation, target: Target, papers: _Papers
) -> Iterator[tuple[str, bytes]]:
    """The report in each form that was asked for."""
    if not (target.pdf or target.html):
        return
    renderer = renderer_of(target)
    if target.pdf:
        from supervise.write.evidence import evidence

        attached = evidence(
            papers.evaluation,
            papers.context,
            papers.workbook,
            papers.filed,
            read_words(target.lang),
        )
        yield ".pdf", renderer.pdf(evaluation, audience=target.audience, attached=attached)
    if target.html:
        page = renderer.standalone(evaluation, audience=target.audience)
        yield ".html", page.encode()


def write_refusal(file: str, sha256: str, error: SuperviseError | None, target: Target) -> Row:
    """Write the document of a file that was refused."""
    told = error or WorkbookUnreadable("未知原因", fix="联系维护者。")
    if not target.files:
        return refused_row(file, sha256, told, ())
    name = f"refused/{_stem(file)}-{sha256[:12] or 'unread'}.json"
    text = to_json(refusal_document(file, sha256, told))
    return refused_row(file, sha256, told, (write_document(target, name, text.encode()),))


def is_written(row: Row, target: Target) -> bool:
    """Whether all documents of a row are there as they were written."""
    for name, digest in row.documents:
        try:
            data = (target.folder / name).read_bytes()
        except OSError:
            return False
        if hashlib.sha256(data).hexdigest() != digest:
            return False
    return True


def withdraw(row: Row, error: SuperviseError, target: Target) -> Row:
    """Take back what was written of a filing that the ledger does not take; its refusal instead."""
    for name, _ in row.documents:
        (target.folder / name).unlink(missing_ok=True)
    return write_refusal(row.file, row.sha256, error, target)


def write_run(
    rows: Iterable[Row], target: Target, internal: tuple[Internal, ...] = (), head: str = ""
) -> list[Row]:
    """Write index and manifest; rows come back in the order of the index.

    Args:
        rows: One per file.
        target: Where they go.
        internal: What was written for the office alone.
        head: Digest of the ledger's ends; empty without a ledger.
    """
    from supervise.write.index import index_html

    ordered = sorted(rows, key=lambda row: (STATUSES.index(row.status), row.code, row.file))
    words = read_words(target.lang)
    page = index_html(ordered, words=words, templates=target.templates, internal=internal)
    common = [write_document(target, "index.html", page.encode())]
    manifest = manifest_document(ordered, common, internal, head)
    write_document(target, "manifest.json", to_json(manifest).encode())
    return ordered


def safe_name(code: str) -> str:
    """A folder name that no bank can choose freely: its code if harmless, else a digest."""
    if _SAFE_NAME.fullmatch(code):
        return code
    return hashlib.sha256(code.encode()).hexdigest()[:16]


def _stem(file: str) -> str:
    kept = re.sub(r"[^\w.-]", "_", Path(file).stem)[:60]
    return kept.strip(".") or "file"


def renderer_of(target: Target) -> Renderer:
    """What prints the documents of a run; one in each process."""
    return _renderer(target.lang, target.templates)


@cache
def _renderer(lang: str, templates: Path | None) -> Renderer:
    from supervise.write.report import Renderer

    return Renderer(words=read_words(lang), templates=templates)


def write_document(target: Target, name: str, data: bytes) -> tuple[str, str]:
    """Write one document whole or not at all; its relative path and digest.

    Raises:
        UsageError: The folder cannot be written to.
    """
    save(
        target.folder / name,
        data,
        what="结果写不进输出文件夹",
        expected="可以写入的文件夹",
        fix="检查磁盘空间和权限，或用 -o 换一个文件夹。",
    )
    return name, hashlib.sha256(data).hexdigest()
