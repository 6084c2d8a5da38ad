"""A bank's history as a document for machines: schema ``supervise/history/1``."""

from __future__ import annotations

from typing import Any

from supervise import __version__
from supervise.core.bank_history import (
    BankHistory,
    FilingTold,
    HeadlineTold,
    QuarterTold,
    Remark,
    SuccessionTold,
)
from supervise.core.context import PeerStat
from supervise.write.document_indicator import decimal_text

SCHEMA = "supervise/history/1"


def history_document(history: BankHistory) -> dict[str, Any]:
    """The whole answer, the latest quarter first; for the office alone, it names people."""
    return {
        "schema": SCHEMA,
        "program": __version__,
        "bank": {
            "code": history.code,
            "name": history.name,
            "type": history.type,
            "level": history.level,
            "province": history.province,
        },
        "quarters": [_quarter(one) for one in history.quarters],
        "successions": [_succession(one) for one in history.successions],
    }


def _quarter(quarter: QuarterTold) -> dict[str, Any]:
    return {
        "period": str(quarter.period),
        "banks": list(quarter.banks),
        "pro_forma": quarter.pro_forma,
        "status": quarter.status or None,
        "stage": quarter.stage or None,
        "score": {
            "total": decimal_text(quarter.total),
            "low": decimal_text(quarter.low),
            "high": decimal_text(quarter.high),
        },
        "grade": {"id": quarter.grade or None, "label": quarter.label or None},
        "peers": {"type": _place(quarter.by_type), "province": _place(quarter.by_place)},
        "elements": [
            {
                "id": one.id,
                "name": one.name,
                "points": decimal_text(one.points),
                "max": decimal_text(one.max),
            }
            for one in quarter.elements
        ],
        "headlines": [_headline(one) for one in quarter.headlines],
        "filings": [_filing(one) for one in quarter.filings],
        "remarks": [_remark(one) for one in quarter.remarks],
    }


def _place(stat: PeerStat | None) -> dict[str, Any] | None:
    if stat is None:
        return None
    return {
        "n": stat.n,
        "percentile": decimal_text(stat.percentile),
        "quartile": stat.quartile,
        "median": decimal_text(stat.median),
        "reason": stat.reason,
    }


def _headline(one: HeadlineTold) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "unit": one.unit,
        "value": decimal_text(one.value),
        "reason": one.reason,
        "peers": {"type": _place(one.by_type), "province": _place(one.by_place)},
    }


def _filing(one: FilingTold) -> dict[str, Any]:
    return {
        "bank": one.bank,
        "sequence": one.sequence,
        "file": one.file,
        "sha256": one.sha256,
        "received": one.received_on,
        "reason": one.reason or None,
        "status": one.status or None,
        "standing": one.stands,
        "total": decimal_text(one.total),
        "evaluations": one.judged,
        "findings": {
            "blocking": one.blocking,
            "explain": one.explain,
            "unanswered": one.unanswered,
            "advisory": one.advisory,
        },
    }


def _remark(one: Remark) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "about": one.about,
        "said": one.said or None,
        "reason": one.reason,
        "by": one.by,
        "on": one.on,
        "counts": one.counts,
    }


def _succession(one: SuccessionTold) -> dict[str, Any]:
    return {
        "successor": one.successor,
        "predecessor": one.predecessor,
        "from": one.from_period,
        "continues": one.continues,
        "basis": one.basis,
    }
