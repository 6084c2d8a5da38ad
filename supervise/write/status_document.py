"""Who has filed, as a document for machines: schema ``supervise/status/1``."""

from __future__ import annotations

from typing import Any

from supervise import __version__
from supervise.core.filing_status import Filing, FilingStatus, StatusRow

SCHEMA = "supervise/status/1"


def status_document(status: FilingStatus) -> dict[str, Any]:
    """The whole answer; no clock: ``on`` is the day that was asked for, null if none was."""
    return {
        "schema": SCHEMA,
        "program": __version__,
        "period": str(status.period),
        "on": status.on.isoformat() if status.on is not None else None,
        "complete": status.complete,
        "counts": status.counts(),
        "stages": status.stages(),
        "banks": [_bank(row) for row in status.rows],
        "not_on_register": [
            {"code": filing.bank, "name": filing.name, **_filing(filing)}
            for filing in status.strangers
        ],
        "unknown_files": [_filing(filing) for filing in status.unknown],
    }


def _bank(row: StatusRow) -> dict[str, Any]:
    bank = row.bank
    return {
        "code": bank.code,
        "name": bank.name,
        "type": bank.type,
        "province": bank.province,
        "due": bank.due.isoformat(),
        "state": row.state,
        "received": row.received.isoformat() if row.received is not None else None,
        "late": row.late if row.days_late is not None else None,
        "days_late": row.days_late,
        "resubmitted": row.resubmitted,
        "reopened": row.reopened,
        "differs": list(row.differs),
        "standing": row.standing.sequence if row.standing is not None else None,
        "stage": (row.standing.stage or None) if row.standing is not None else None,
        "filings": [_filing(filing) for filing in row.filings],
    }


def _filing(filing: Filing) -> dict[str, Any]:
    return {
        "file": filing.file,
        "sha256": filing.sha256,
        "sequence": filing.sequence if filing.bank else None,
        "status": filing.status,
        "received": filing.received.isoformat() if filing.received is not None else None,
        "refusal": filing.reason or None,
    }
