"""Proofs of self-check 自检凭证 that banks hand in → ``Proof``.

A bad one is said and stops nothing. What it says is a bank's text: it is shown only if it is
short and printable.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from supervise.core.proof import Proof, seal_of
from supervise.errors import NotIntact, SuperviseError, UsageError, why_not
from supervise.record import record, replace

SCHEMA = "supervise/proof/1"
OURS = "supervise/"
LARGEST = 1024 * 1024
LONGEST = 200
STATUSES = ("passed", "needs_explanation", "blocked", "incomplete")
_INCOMPLETE = (KeyError, TypeError, ValueError, AttributeError, OverflowError)


@record
class Proofs:
    """What a folder of proofs holds.

    Attributes:
        faults: Files that are no proof that can be used, each with what to do.
    """

    found: tuple[Proof, ...] = ()
    faults: tuple[SuperviseError, ...] = ()


def read_proofs(path: Path) -> Proofs:
    """Read one proof, or all below a folder.

    Other documents of this program that lie in the folder are passed over.

    Raises:
        UsageError: No such file or folder.
    """
    if not path.exists():
        raise UsageError(
            "自检凭证的路径不存在",
            where=str(path),
            expected="--proofs 指向自检凭证文件，或含有它们的文件夹",
            fix="检查路径，或去掉 --proofs。",
            code="proofs_missing",
        )
    found: list[Proof] = []
    faults: list[SuperviseError] = []
    for file in _files(path):
        try:
            document = _document(file)
            if _is_other(document) and path.is_dir():
                continue
            found.append(_proof(document, file))
        except SuperviseError as error:
            faults.append(error)
    return Proofs(tuple(found), tuple(faults))


def read_intact_proof(path: Path) -> Proof:
    """Read one proof that must agree with its own digest.

    Raises:
        UsageError: It cannot be read, or is no proof.
        NotIntact: It is a proof, and was changed or damaged.
    """
    proof = _proof(_document(path), path)
    if proof.intact:
        return proof
    raise NotIntact(
        "自检凭证与它自己的摘要不符",
        where=str(path),
        expected="check --proof 写出的原件，一字未改",
        fix="请机构重新运行 supervise check --proof，报送原件。",
        code="proof_tampered",
    )


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(file for file in path.rglob("*.json") if file.is_file())
    else:
        yield path


def _document(path: Path) -> Any:
    try:
        if path.stat().st_size > LARGEST:
            raise _unreadable(path, f"不大于 {LARGEST // 1024} KB 的文件")
        return json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_once)
    except OSError as error:
        raise _unreadable(path, f"可以读取的文件（{why_not(error)}）") from error
    except (ValueError, RecursionError) as error:
        raise _unreadable(path, "check --proof 写出的 JSON 文件") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A mapping; a key that stands twice could mean two things."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _unreadable(path: Path, expected: str) -> UsageError:
    return UsageError(
        "自检凭证不能读取",
        where=str(path),
        expected=expected,
        fix="请机构重新运行 supervise check --proof，报送原件。",
        code="proof_unreadable",
    )


def _is_other(document: Any) -> bool:
    """Whether it is another document of this program."""
    schema = document.get("schema") if isinstance(document, dict) else None
    return isinstance(schema, str) and schema.startswith(OURS) and schema != SCHEMA


def _proof(document: Any, path: Path) -> Proof:
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise UsageError(
            "不是自检凭证",
            where=str(path),
            expected=f"{SCHEMA} 的文件，由 supervise check --proof 写出",
            fix="核对文件。",
            code="not_a_proof",
        )
    try:
        return replace(
            _told(document), source=path.name, intact=document["digest"] == seal_of(document)
        )
    except _INCOMPLETE as error:
        raise NotIntact(
            "自检凭证的内容不完整",
            where=str(path),
            expected=f"{SCHEMA} 的全部内容（{error}）",
            fix="请机构重新运行 supervise check --proof，报送原件。",
            code="proof_incomplete",
        ) from error


def _told(document: Mapping[str, Any]) -> Proof:
    filed, law = document["submission"], document["rulebook"]
    findings, points = document["findings"], document["points"]
    overlay = law["overlay"]
    return Proof(
        program=_text(document, "program"),
        sha256=_text(filed, "sha256"),
        bank=_text(filed, "bank"),
        period=_text(filed, "period"),
        sequence=_count(filed["sequence"]),
        rulebook=_text(law, "digest"),
        rulebook_version=_text(law, "version"),
        overlay=None if overlay is None else _text(law, "overlay"),
        status=STATUSES[STATUSES.index(document["status"])],
        findings=_text(findings, "digest"),
        checks={
            _shown(check): (_count(told["count"]), _text(told, "digest"))
            for check, told in findings["checks"].items()
        },
        points=_text(points, "digest"),
        parts={_shown(part): _text(points["parts"], part) for part in points["parts"]},
    )


def _text(tree: Mapping[str, Any], key: str) -> str:
    value = tree[key]
    if not isinstance(value, str):
        raise TypeError(key)
    return _shown(value)


def _shown(text: str) -> str:
    if len(text) > LONGEST or not text.isprintable():
        raise ValueError("text")
    return text


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r}")
    return value
