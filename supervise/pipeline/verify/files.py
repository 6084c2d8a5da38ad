"""Reports, manifests, proofs and evaluation documents: intact, and the same result again?

Each file is told apart by its content. One that fails stops none of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from supervise.core.comparing.results import Difference, result_digest
from supervise.errors import NotIntact, SuperviseError, UsageError
from supervise.json_text import to_json
from supervise.pipeline.proof import verify_proof
from supervise.pipeline.verify.signature import Trust, signature_told
from supervise.read.error_words import in_language
from supervise.read.files import digest_of
from supervise.read.report_parts import cannot_open
from supervise.read.signature import read_trust
from supervise.read.told import json_of
from supervise.read.told_evaluation import (
    EVALUATION,
    MANIFEST,
    ToldEvaluation,
    read_told_evaluation,
    read_told_manifest,
)
from supervise.read.told_parcel import MANIFEST as MANIFEST_FILE
from supervise.read.told_parcel import PARCEL, is_zip, unpacked
from supervise.read.words import read_words
from supervise.record import replace
from supervise.settings import Settings
from supervise.write.verification import Verified, verification_document, verified_line

PDF = b"%PDF-"
PROOF = "supervise/proof/1"
LARGEST_JSON = 64 * 1024 * 1024
MOST_NAMED = 10


def verify_files(
    paths: Sequence[Path], settings: Settings, *, trust: Path | None = None
) -> list[Verified]:
    """What each file came to.

    Args:
        paths: The files.
        settings: Names the office's overlay, and the language of the faults.
        trust: Certificates that signatures of reports must lead to; then each must be signed.

    Raises:
        RulebookError: The law is wrong.
        UsageError: ``trust`` holds no certificate.
    """
    certificates = None if trust is None else read_trust(trust)
    found = [_verified(path, settings, certificates) for path in paths]
    return [
        replace(one, faults=tuple(in_language(fault, settings.lang) for fault in one.faults))
        for one in found
    ]


def exit_code(verified: Sequence[Verified]) -> int:
    """8 if a file is not intact or comes to another result, else 2 if one cannot be examined."""
    codes = {fault.exit_code for one in verified for fault in one.faults}
    if NotIntact.exit_code in codes:
        return NotIntact.exit_code
    return UsageError.exit_code if codes else 0


def as_json(verified: Sequence[Verified]) -> str:
    """One document, or an array of them for several files."""
    documents = [verification_document(one) for one in verified]
    return to_json(documents[0] if len(documents) == 1 else documents)


def intact_line(one: Verified, settings: Settings) -> str:
    """One line about a file that is intact."""
    return verified_line(one, read_words(settings.lang))


def summary(verified: Sequence[Verified], settings: Settings) -> str:
    """How many files came to which result, in one line."""
    results = [one.result for one in verified]
    counts = {name: results.count(name) for name in ("intact", "not_intact", "unreadable")}
    return read_words(settings.lang)("verify.summary", n=len(results), **counts)


def _verified(path: Path, settings: Settings, trust: Trust) -> Verified:
    kind = "unknown"
    try:
        if path.is_file() and _is_pdf(path):
            kind = "report"
            return _report(path, settings, trust)
        if path.is_dir() or is_zip(path):
            return _parcel(path, settings, trust)
        kind, document = _recognised(path)
        if kind == "parcel":
            from supervise.pipeline.verify.parcel import verify_parcel

            return verify_parcel(path, document, settings, trust)
        if kind == "manifest":
            return _manifest(path, document)
        return _evaluation(path, document) if kind == "evaluation" else _proof(path)
    except (NotIntact, UsageError) as error:
        return Verified(file=path.name, kind=kind, faults=(error,))


def _parcel(path: Path, settings: Settings, trust: Trust) -> Verified:
    """A folder, or a zip of one, by the manifest in it; called by its own name."""
    if path.is_dir():
        found = _verified(path / MANIFEST_FILE, settings, trust)
    else:
        with unpacked(path) as folder:
            found = _verified(folder / MANIFEST_FILE, settings, trust)
    return replace(found, file=path.name)


def _is_pdf(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return PDF in stream.read(1024)
    except OSError as error:
        raise cannot_open(path, error) from error


def _recognised(path: Path) -> tuple[str, Any]:
    """Which of our JSON documents it is, and its content.

    Raises:
        UsageError: ``not_verifiable``.
    """
    kinds = {
        MANIFEST: "manifest", PARCEL: "parcel", EVALUATION: "evaluation", PROOF: "proof",
    }  # fmt: skip
    document = None
    try:
        if path.stat().st_size <= LARGEST_JSON:
            document = json_of(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        document = None
    schema = document.get("schema") if isinstance(document, dict) else None
    kind = kinds.get(schema) if isinstance(schema, str) else None
    if kind is not None:
        return kind, document
    raise UsageError(
        "这个文件不能核验",
        where=str(path),
        expected="评价报告 PDF、送达件、运行清单 manifest.json、评价 JSON 或自检凭证",
        fix="核对文件；报送件用 supervise check。",
        code="not_verifiable",
    )


def _report(path: Path, settings: Settings, trust: Trust) -> Verified:
    from supervise.pipeline.verify.report import examine_report

    found = examine_report(path, settings, trust)
    return Verified(
        file=path.name,
        kind="summary" if found.summary else "report",
        faults=found.faults,
        told=_told(found.told) if found.told is not None else {},
        program=found.told.program if found.told is not None else "",
        repeated=found.repeated,
        differences=found.differences,
        signature=None if found.signature is None else signature_told(found.signature),
    )


def _told(told: ToldEvaluation) -> dict[str, Any]:
    return {
        "bank": told.bank,
        "name": told.name,
        "period": told.period,
        "sequence": told.sequence,
        "stage": told.stage,
        "audience": told.audience,
        "sha256": told.sha256,
        "rulebook": {
            "version": told.rulebook_version,
            "digest": told.rulebook,
            "overlay": told.overlay,
        },
    }


def _evaluation(path: Path, document: Any) -> Verified:
    if "digest" not in document:
        raise UsageError(
            "评价 JSON 没有摘要，无从核验",
            where=str(path),
            expected="0.3.0 及以后版本写出的评价 JSON",
            fix="用当时的报送件重新运行 supervise evaluate。",
            code="no_digest",
        )
    refused = document.get("status") == "refused"
    told = None if refused else read_told_evaluation(document, path.name)
    faults: tuple[SuperviseError, ...] = ()
    if document["digest"] != result_digest(document):
        fault = NotIntact(
            "评价 JSON 与它自己的摘要不符",
            where=str(path),
            expected="supervise 写出的原件，数值一字未改",
            fix="用当时的报送件重新运行 supervise evaluate。",
            code="document_altered",
        )
        faults = (fault,)
    known = {} if told is None else _told(told)
    program = "" if told is None else told.program
    kind = "refusal" if refused else "evaluation"
    return Verified(file=path.name, kind=kind, faults=faults, told=known, program=program)


def _proof(path: Path) -> Verified:
    proof = verify_proof(path)
    told = {
        "bank": proof.bank,
        "period": proof.period,
        "sequence": proof.sequence,
        "sha256": proof.sha256,
        "rulebook": {
            "version": proof.rulebook_version,
            "digest": proof.rulebook,
            "overlay": proof.overlay,
        },
    }
    return Verified(file=path.name, kind="proof", told=told, program=proof.program)


def _manifest(path: Path, document: Any) -> Verified:
    told = read_told_manifest(document, path.name)
    faults: list[SuperviseError] = []
    if told.intact is False:
        faults.append(_listed(path, "运行清单与它自己的摘要不符", "manifest_altered"))
    missing: list[str] = []
    altered: list[str] = []
    differing: list[Difference] = []
    for name, digest in told.documents.items():
        file = path.parent / name
        found = digest_of(file) if file.is_file() else ""
        if found != digest:
            (altered if file.exists() else missing).append(name)
            differing.append(Difference(name, digest[:12], found[:12] or "-"))
    if missing:
        faults.append(_listed(path, f"清单所列文件缺失：{_named(missing)}", "document_missing"))
    if altered:
        faults.append(_listed(path, f"清单所列文件被改动过：{_named(altered)}", "document_altered"))
    return Verified(
        file=path.name,
        kind="manifest",
        faults=tuple(faults),
        told={"submissions": told.submissions, "documents": len(told.documents)},
        program=told.program,
        differences=tuple(differing),
    )


def _named(names: Sequence[str]) -> str:
    listed = "、".join(names[:MOST_NAMED])
    return f"{listed}等 {len(names)} 个" if len(names) > MOST_NAMED else listed


def _listed(path: Path, what: str, code: str) -> NotIntact:
    return NotIntact(
        what,
        where=str(path),
        expected="与 supervise evaluate 写出时相同",
        fix="重新运行 supervise evaluate，或取回原来的文件夹。",
        code=code,
    )
