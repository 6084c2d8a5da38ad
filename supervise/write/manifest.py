"""What a run produced: one row per file, and the manifest that lists every document's digest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from supervise import __version__
from supervise.core.evaluation import Evaluation
from supervise.core.proof import seal_of
from supervise.errors import SuperviseError
from supervise.record import record
from supervise.write.document_indicator import decimal_text

SCHEMA = "supervise/manifest/1"


@record(kw_only=True)
class RunRow:
    """One file of a run as index and manifest show it.

    Attributes:
        status: As in the evaluation document, or ``superseded`` by a resubmission, or ``fault``
            for a fault of ours.
        grade: Label of the grade, empty where none is given.
        proof: ``consistent``, ``inconsistent`` or ``absent``; empty where none were asked for.
        proof_told: The same in words, with the reasons.
        documents: Path relative to the run's folder, to SHA-256.
    """

    file: str
    sha256: str
    status: str
    code: str = ""
    name: str = ""
    bank_type: str = ""
    level: str = ""
    province: str = ""
    period: str = ""
    sequence: int = 0
    total: str = ""
    low: str = ""
    high: str = ""
    grade: str = ""
    blocking: int = 0
    explain: int = 0
    rulebook: str = ""
    reason: str = ""
    message: str = ""
    fix: str = ""
    proof: str = ""
    proof_told: str = ""
    documents: tuple[tuple[str, str], ...] = ()


@record
class Internal:
    """One document for the office alone: ``summary`` or ``league``, its period, path, digest."""

    kind: str
    period: str
    path: str
    sha256: str


def evaluated_row(
    evaluation: Evaluation, documents: tuple[tuple[str, str], ...], *, superseded: bool
) -> RunRow:
    """The row of a bank that was evaluated."""
    filed, score, graded = evaluation.submission, evaluation.score, evaluation.grade
    severities = [finding.severity for finding in evaluation.findings]
    return RunRow(
        file=filed.file,
        sha256=filed.sha256,
        status="superseded" if superseded else evaluation.status,
        code=filed.bank.code,
        name=filed.bank.name,
        bank_type=evaluation.rulebook.bank_type.name,
        level=filed.bank.level,
        province=evaluation.rulebook.province_name,
        period=str(filed.period),
        sequence=filed.sequence,
        total=decimal_text(score.total) or "",
        low=decimal_text(score.low) or "",
        high=decimal_text(score.high) or "",
        grade=graded.band.label if graded.band else "",
        blocking=severities.count("blocking"),
        explain=severities.count("explain"),
        rulebook=evaluation.rulebook.digest,
        documents=documents,
    )


def refused_row(
    file: str, sha256: str, error: SuperviseError, documents: tuple[tuple[str, str], ...]
) -> RunRow:
    """The row of a file that was refused."""
    return RunRow(
        file=file,
        sha256=sha256,
        status="refused",
        reason=error.code,
        message=error.what,
        fix=error.fix,
        documents=documents,
    )


def manifest_document(
    rows: Iterable[RunRow],
    common: Iterable[tuple[str, str]] = (),
    internal: Iterable[Internal] = (),
    head: str = "",
) -> dict[str, Any]:
    """Every input and every output of a run with its digest; no clock.

    Args:
        rows: One for each file that was handed in.
        common: Documents of the run as a whole, each with its digest.
        internal: Documents for the office alone.
        head: Digest over the ends of all chains of the ledger; empty without a ledger.

    Returns:
        The document; ``digest`` seals all the rest.
    """
    document = {
        "schema": SCHEMA,
        "program": __version__,
        "submissions": [_submission(row) for row in rows],
        "documents": [{"path": path, "sha256": digest} for path, digest in common],
        "internal": [
            {"kind": one.kind, "period": one.period or None, "path": one.path, "sha256": one.sha256}
            for one in internal
        ],
        **({"ledger": {"head": head}} if head else {}),
    }
    return {**document, "digest": seal_of(document)}


def _submission(row: RunRow) -> dict[str, Any]:
    return {
        "file": row.file,
        "sha256": row.sha256,
        "status": row.status,
        "bank": row.code,
        "period": row.period,
        "sequence": row.sequence,
        "rulebook": row.rulebook,
        "refusal": row.reason or None,
        **({"proof": row.proof} if row.proof else {}),
        "documents": [{"path": path, "sha256": digest} for path, digest in row.documents],
    }
