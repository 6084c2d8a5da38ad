"""What came, as the output folder of a run tells it: ``manifest.json`` and evaluation documents.

One of several sources of ``Filing``; a ledger is another.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from supervise.core.filing_status import Filing
from supervise.errors import LedgerError, SuperviseError
from supervise.read.told import MALFORMED, json_of, optional, text, whole
from supervise.read.told_evaluation import read_told_manifest
from supervise.record import replace

MANIFEST = "manifest.json"


def read_run(folder: Path, received: Mapping[str, date]) -> tuple[Filing, ...]:
    """Every file that a run was given.

    Args:
        folder: Where ``evaluate -o`` wrote.
        received: When each file came, by base name.

    Raises:
        LedgerError: ``run_unreadable``: no run was written there, or it is damaged.
    """
    path = folder / MANIFEST
    manifest = _document(path)
    try:
        read_told_manifest(manifest, str(path))
        return tuple(_filing(folder, row, received) for row in manifest["submissions"])
    except SuperviseError as error:
        raise _unreadable(path, error.what) from error
    except MALFORMED as error:
        raise _unreadable(path, "内容不完整或写法不对") from error


def _filing(folder: Path, row: Mapping[str, Any], received: Mapping[str, date]) -> Filing:
    file = text(row["file"])
    refused = Filing(
        bank="",
        period="",
        status="refused",
        received=received.get(file),
        file=file,
        sha256=text(row["sha256"]),
        reason=optional(text, row["refusal"]) or "",
    )
    if not text(row["bank"]):
        return refused
    documents = [text(one["path"]) for one in row["documents"]]
    document = _document(folder / next((n for n in documents if n.endswith(".json")), ""))
    bank = document["submission"]["bank"]
    return replace(
        refused,
        bank=text(row["bank"]),
        period=text(row["period"]),
        sequence=whole(row["sequence"]),
        status=text(document["status"]),
        name=text(bank["name"]),
        type=text(bank["type"]),
        province=text(bank["province"]),
        stage=text(document["evaluation"]["stage"]),
    )


def _document(path: Path) -> Any:
    try:
        return json_of(path.read_bytes())
    except OSError as error:
        raise _unreadable(path, "不能打开") from error
    except MALFORMED as error:
        raise _unreadable(path, "不是有效的 JSON") from error


def _unreadable(path: Path, why: str) -> LedgerError:
    return LedgerError(
        f"不能从运行结果得知报送情况：{why}",
        where=str(path),
        expected="supervise evaluate -o 写出的文件夹，原样未动",
        fix="检查 --run 的路径；或重新运行 supervise evaluate。",
        code="run_unreadable",
    )
