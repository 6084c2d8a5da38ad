"""An evaluation → the records that a ledger keeps of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from supervise import __version__
from supervise.core.context import Adjustment, Judgement
from supervise.core.evaluate import fault_counts
from supervise.core.evaluation import Evaluation, IndicatorResult, PartResult
from supervise.core.model import Finding
from supervise.errors import SuperviseError
from supervise.json_text import compact
from supervise.ledger.canonical import digest, exact_text
from supervise.ledger.drafting import Documents, packed_documents
from supervise.ledger.filing import Filing
from supervise.ledger.later_records import Adjusted, Judged
from supervise.ledger.past import excerpt
from supervise.ledger.records import (
    Evaluated,
    Filed,
    FindingRow,
    MeasureRow,
    Refused,
    RulebookUsed,
)
from supervise.pipeline.ledger.region import compared_texts, region_part
from supervise.write.document import evaluation_document

_NO_DOCUMENTS = Documents(document="", past="", packed=(b"", b""))


def filing_of(
    evaluation: Evaluation,
    *,
    received_on: str,
    kept: str = "",
    inputs: str = "",
    document: Mapping[str, Any] | None = None,
    figures: str,
) -> Filing:
    """What a ledger keeps of one bank's result.

    Args:
        evaluation: The result.
        received_on: Day of receipt, ISO 8601; the first one that is appended stands.
        kept: Where the original bytes are; see ``ledger/store.py``.
        inputs: Digest of what the result depends on beside submission and law.
        document: Its evaluation document, if it was made already.
        figures: What a region needs of it, packed.
    """
    made = document if document is not None else evaluation_document(evaluation)
    past = excerpt(made, region_part(compared_texts(evaluation), figures))
    documents = packed_documents(_compact(made), past)
    return Filing(
        bank=evaluation.submission.bank.code,
        filed=_filed(evaluation, received_on, kept),
        evaluated=_evaluated(evaluation, inputs, documents),
        documents=documents,
        rulebook=_rulebook(evaluation),
    )


def half_records(evaluation: Evaluation) -> dict[str, Any]:
    """A filing's records as JSON, but for what is known of them only when all banks are."""
    evaluated = _evaluated(evaluation, "", _NO_DOCUMENTS)
    rows = {name: [*map(tuple, getattr(evaluated, name))] for name in ("measures", "findings")}
    return {
        "bank": evaluation.submission.bank.code,
        "filed": _fields(_filed(evaluation, "", "")),
        "evaluated": _fields(evaluated) | rows,
        "rulebook": _fields(_rulebook(evaluation)),
        "compared": compared_texts(evaluation),
    }


def filing_from_half(
    told: Mapping[str, Any],
    document: Mapping[str, Any],
    *,
    received_on: str,
    kept: str,
    inputs: str,
    figures: str,
) -> Filing:
    """The same as ``filing_of`` gives, from what ``half_records`` had of the evaluation."""
    past = excerpt(document, region_part(told["compared"], figures))
    documents = packed_documents(_compact(document), past)
    known = told["evaluated"] | {
        "inputs": inputs,
        "document": documents.document,
        "past": documents.past,
        "measures": tuple(MeasureRow(*row) for row in told["evaluated"]["measures"]),
        "findings": tuple(FindingRow(*row) for row in told["evaluated"]["findings"]),
    }
    return Filing(
        bank=told["bank"],
        filed=Filed(**told["filed"] | {"received_on": received_on, "kept": kept}),
        evaluated=Evaluated(**known),
        documents=documents,
        rulebook=RulebookUsed(**told["rulebook"]),
    )


def _fields(made: Any) -> dict[str, Any]:
    return {name: getattr(made, name) for name in made.__slots__}


def document_digest(document: Mapping[str, Any]) -> str:
    """The digest by which a ledger knows an evaluation document, however it is laid out."""
    return digest(_compact(document))


def refused_of(file: str, sha256: str, period: str, error: SuperviseError) -> Refused:
    """What a ledger keeps of a file that was refused."""
    return Refused(
        sha256=sha256,
        file=file,
        period=period,
        code=error.code,
        message=error.what,
        fix=error.fix,
        program=__version__,
    )


def judged_of(period: str, judgement: Judgement) -> Judged:
    """A supervisor's mark as a record."""
    return Judged(
        period=period,
        indicator=judgement.indicator,
        part=judgement.part,
        points=exact_text(judgement.points),
        reason=judgement.reason,
        by=judgement.by,
        on=judgement.on,
    )


def adjusted_of(period: str, adjustment: Adjustment) -> Adjusted:
    """A supervisor's correction as a record."""
    return Adjusted(
        period=period,
        item=adjustment.item,
        filed=exact_text(adjustment.filed),
        adjusted=exact_text(adjustment.adjusted),
        reason=adjustment.reason,
        evidence=adjustment.evidence,
        by=adjustment.by,
        on=adjustment.on,
    )


def _compact(document: Mapping[str, Any]) -> bytes:
    return compact(document, halves="backslashreplace")


def _filed(evaluation: Evaluation, received_on: str, kept: str) -> Filed:
    submission = evaluation.submission
    bank = submission.bank
    return Filed(
        period=str(submission.period),
        sequence=submission.sequence,
        sha256=submission.sha256,
        file=submission.file,
        kept=kept,
        received_on=received_on,
        reason=submission.reason,
        supersedes=submission.sequence - 1 if submission.sequence > 1 else None,
        form_version=submission.form_version,
        name=bank.name,
        bank_type=bank.type,
        level=bank.level,
        parent=bank.parent,
        province=bank.province,
    )


def _evaluated(evaluation: Evaluation, inputs: str, documents: Documents) -> Evaluated:
    score, graded = evaluation.score, evaluation.grade
    blocking, unanswered = fault_counts(evaluation.findings)
    return Evaluated(
        period=str(evaluation.submission.period),
        sequence=evaluation.submission.sequence,
        submission=evaluation.submission.sha256,
        status=evaluation.status,
        kind=evaluation.kind,
        stage=evaluation.stage,
        program=__version__,
        rulebook=evaluation.rulebook.digest,
        inputs=inputs,
        regular=exact_text(score.regular) or "",
        bonus=exact_text(score.bonus) or "",
        total=exact_text(score.total) or "",
        low=exact_text(score.low) or "",
        high=exact_text(score.high) or "",
        grade=graded.band.id if graded.band else None,
        official=graded.official,
        blocking=blocking,
        unanswered=unanswered,
        document=documents.document,
        past=documents.past,
        measures=tuple(row for result in evaluation.indicators for row in _measures(result)),
        findings=tuple(_finding(n, one) for n, one in enumerate(evaluation.findings)),
    )


def _measures(result: IndicatorResult) -> list[MeasureRow]:
    """The indicator's own figure, and those of its parts where it applies."""
    rows = [_row(result.law.id, "", result)]
    rows += [_row(result.law.id, part.law.id, part) for part in result.parts if part.applies]
    return rows


def _row(indicator: str, part: str, found: IndicatorResult | PartResult) -> MeasureRow:
    measure = found.measure
    points = (exact_text(found.low), exact_text(found.high), exact_text(found.points))
    return MeasureRow(indicator, part, exact_text(measure.value), measure.reason, *points)


def _finding(place: int, finding: Finding) -> FindingRow:
    told = finding.explanation
    return FindingRow(
        place=place,
        check_id=finding.check,
        severity=finding.severity,
        scope=finding.scope,
        cells=" ".join(finding.cells),
        found=finding.found,
        expected=finding.expected,
        difference=finding.difference,
        tolerance=finding.tolerance,
        answer=told.text if told else None,
        answer_state=told.state if told else None,
    )


def _rulebook(evaluation: Evaluation) -> RulebookUsed:
    law = evaluation.rulebook
    return RulebookUsed(
        digest=law.digest,
        version=law.version,
        overlay=law.overlay,
        period=str(law.period),
        bank_type=law.bank_type.id,
        province=evaluation.submission.bank.province,
    )
