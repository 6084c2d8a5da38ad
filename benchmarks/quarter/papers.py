"""The papers beside the files: the register, and the outcome that each file and bank must have."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import Any

from samples.figures import PROVINCES, TYPES

from quarter.plan import Planned, Quarter, Registered

HEADINGS = ("机构代码", "机构名称", "机构类型", "省份", "报送期限")


def register(quarter: Quarter) -> bytes:
    """``banks.csv``: every bank that has to file, in order of code; UTF-8 with a mark for Excel."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for row in sorted(quarter.banks, key=lambda row: row.bank.code):
        if row.listed:
            bank, kind = row.bank, TYPES[row.bank.type]
            due = row.due.isoformat()
            writer.writerow((bank.code, bank.name, kind, PROVINCES[bank.province], due))
    return target.getvalue().encode("utf-8-sig")


def receipts(quarter: Quarter) -> bytes:
    """``received.csv``: the office's log of when each file came."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(("文件名", "收到日期"))
    writer.writerows((file.file, file.received.isoformat()) for file in quarter.files)
    return target.getvalue().encode("utf-8-sig")


def expected(quarter: Quarter) -> dict[str, Any]:
    """``expected.json``: what ``evaluate`` and ``status`` must say, without any history."""
    wish = quarter.wish
    return {
        "period": wish.period,
        "seed": wish.seed,
        "shares": {
            "faults": wish.faults,
            "hostile": wish.hostile,
            "resubmissions": wish.resubmissions,
        },
        "counts": dict(sorted(Counter(file.status for file in quarter.files).items())),
        "files": [_file(file) for file in quarter.files],
        "banks": [_bank(row) for row in quarter.banks],
    }


def _file(file: Planned) -> dict[str, Any]:
    return {
        "file": file.file,
        "bank": file.bank.code,
        "type": file.bank.type,
        "province": file.bank.province,
        "sequence": file.sequence,
        "received": file.received.isoformat(),
        "kind": file.kind,
        "status": file.status,
        "refusal": file.refusal,
        "checks": list(file.checks),
        "stands": file.stands,
    }


def _bank(row: Registered) -> dict[str, Any]:
    return {
        "code": row.bank.code,
        "state": row.state,
        "late": row.late,
        "resubmitted": row.resubmitted,
        "listed": row.listed,
    }


def to_text(document: dict[str, Any]) -> str:
    """JSON with one file or bank a line, so that two quarters can be compared."""
    lines = []
    for key, value in document.items():
        if isinstance(value, list):
            rows = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in value)
            lines.append(f" {json.dumps(key)}: [\n  {rows}\n ]")
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"
