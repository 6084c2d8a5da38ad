"""Earlier evaluation documents → what later evaluations compare with.

Reads every ``supervise/evaluation/1`` JSON below a folder. A refused or blocked evaluation is
no history; of several filings for one period the highest sequence stands.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from supervise.core.context import PastEvaluation
from supervise.errors import LedgerError
from supervise.read.told_items import read_item
from supervise.record import replace

SCHEMA = "supervise/evaluation/1"
_LARGEST = 8 * 1024 * 1024
_INCOMPLETE = (
    KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError, OverflowError,
)  # fmt: skip
History = Mapping[str, Mapping[str, PastEvaluation]]
Figures = Callable[[Mapping[Any, str]], Mapping[Any, Fraction]]


def read_history(directory: Path) -> History:
    """Earlier evaluations by bank code and period text.

    Args:
        directory: Searched with all its folders.

    Raises:
        LedgerError: No such folder, or a document of our schema that cannot be understood.
    """
    if not directory.is_dir():
        raise LedgerError(
            "往期评价文件夹不存在",
            where=str(directory),
            expected="--history 指向含往期评价 JSON 的文件夹",
            fix="检查路径，或去掉 --history。",
            code="history_missing",
        )
    found: dict[str, dict[str, tuple[int, PastEvaluation]]] = {}
    for path, data, document in _documents(directory):
        past = _past(path, document)
        if past is None:
            continue
        past = replace(past, digest=hashlib.sha256(data).hexdigest())
        code, sequence = _filing(path, document)
        periods = found.setdefault(code, {})
        known = periods.get(past.period)
        if known is None or known[0] <= sequence:
            periods[past.period] = (sequence, past)
    return {code: {p: past for p, (_, past) in periods.items()} for code, periods in found.items()}


def _documents(directory: Path) -> Iterator[tuple[Path, bytes, dict[str, Any]]]:
    for path in sorted(directory.rglob("*.json")):
        try:
            if path.stat().st_size > _LARGEST:
                continue
            data = path.read_bytes()
            document = json.loads(data.decode())
        except (OSError, UnicodeDecodeError, ValueError):
            continue
        if isinstance(document, dict) and document.get("schema") == SCHEMA:
            yield path, data, document


def _past(path: Path, document: dict[str, Any]) -> PastEvaluation | None:
    if document.get("status") in ("refused", "blocked"):
        return None
    try:
        return past_of(document, path.name)
    except _INCOMPLETE as error:
        raise _incomplete(path, error) from error


def past_of(
    document: Mapping[str, Any], file: str, figures: Figures | None = None
) -> PastEvaluation:
    """What a later evaluation compares with, from a document or a ledger's excerpt of it.

    Args:
        document: ``supervise/evaluation/1``, not refused.
        file: Its name.
        figures: Makes exact figures of texts; None: all at once, so that a wrong one is found.
    """
    exact = figures if figures is not None else _exact
    return PastEvaluation(
        period=document["submission"]["period"],
        kind=document["evaluation"]["kind"],
        file=file,
        facts=exact(document.get("facts", {})),
        parts=exact(_parts(document)),
        elements=exact({e["id"]: e["points"] for e in document["elements"]}),
        total=Fraction(document["score"]["total"]),
        grade=document["grade"]["id"],
        findings=tuple(document["findings"]),
        high=_maybe(document["score"].get("high")),
        rectification=tuple(read_item(each) for each in document.get("rectification", ())),
    )


def _exact(texts: Mapping[Any, str]) -> Mapping[Any, Fraction]:
    return {key: Fraction(text) for key, text in texts.items()}


def _maybe(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _filing(path: Path, document: dict[str, Any]) -> tuple[str, int]:
    try:
        filed = document["submission"]
        return str(filed["bank"]["code"]), int(filed["sequence"])
    except _INCOMPLETE as error:
        raise _incomplete(path, error) from error


def _incomplete(path: Path, error: Exception) -> LedgerError:
    return LedgerError(
        "往期评价文件不完整",
        where=str(path),
        expected=f"{SCHEMA} 的全部内容（{error}）",
        fix="用当时的报送件重新运行 supervise evaluate，换掉此文件。",
        code="history_invalid",
    )


def _parts(document: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    parts: dict[tuple[str, str], str] = {}
    for indicator in document["indicators"]:
        if indicator["value"] is not None:
            parts[indicator["id"], ""] = indicator["value"]
        for part in indicator["parts"]:
            if part["value"] is not None:
                parts[indicator["id"], part["id"]] = part["value"]
    return parts
