"""What people did, in the evaluation document: corrections, 整改 items, objections."""

from __future__ import annotations

from typing import Any

from supervise.core.evaluation import Evaluation
from supervise.core.objection import Objection
from supervise.core.supervision import RectificationItem
from supervise.write.document_indicator import basis_document, decimal_text


def adjustments_document(evaluation: Evaluation, audience: str) -> list[dict[str, Any]]:
    """Corrected figures beside the filed ones; the bank's copy does not say by whom."""
    return [
        {
            "item": a.item,
            "filed": decimal_text(a.filed),
            "adjusted": decimal_text(a.adjusted),
            "reason": a.reason,
            "evidence": a.evidence,
            "by": a.by if audience == "internal" else None,
            "date": a.on,
        }
        for a in evaluation.adjustments
    ]


def objection_document(objection: Objection) -> dict[str, Any]:
    """An objection of the bank and what became of it."""
    return {
        "id": objection.id,
        "period": objection.period,
        "subject": objection.subject,
        "text": objection.text,
        "date": objection.on,
        "state": objection.state,
        "answer": objection.answer or None,
        "stated_on": objection.stated_on or None,
    }


def item_document(item: RectificationItem) -> dict[str, Any]:
    """One thing to be mended; a later evaluation reads it back."""
    return {
        "id": item.id,
        "requirement": item.requirement,
        "indicator": item.indicator or None,
        "since": item.since,
        "due": item.due or None,
        "status": item.status,
        "evidence": item.evidence or None,
        "stated": item.stated,
        "basis": basis_document(item.basis),
    }
