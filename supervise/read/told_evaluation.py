"""An evaluation document at hand → who was judged, by which law, and what it says of its own bytes.

Also the manifest of a run. Both may come from anywhere; what is shown of them is short and
printable.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from supervise.core.comparing.results import result_digest
from supervise.core.proof import seal_of
from supervise.errors import NotIntact
from supervise.read.told import MALFORMED, optional, short, text, whole
from supervise.record import record

EVALUATION = "supervise/evaluation/1"
MANIFEST = "supervise/manifest/1"


@record(kw_only=True)
class ToldEvaluation:
    """What an evaluation document says.

    Attributes:
        file: Name of the bank's workbook.
        context: Digest of the context document; empty if it names none.
        intact: Whether it agrees with its own digest.
        document: All of it.
    """

    program: str
    file: str
    sha256: str
    bank: str
    name: str
    period: str
    sequence: int
    stage: str
    audience: str
    rulebook: str
    rulebook_version: str
    overlay: str | None
    context: str
    intact: bool
    document: Mapping[str, Any]


@record
class ToldManifest:
    """The documents of a run by path, each with its digest.

    Attributes:
        intact: Whether the manifest agrees with its own digest; None: it has none.
    """

    program: str
    documents: Mapping[str, str]
    submissions: int
    intact: bool | None


def read_told_evaluation(document: Any, where: str) -> ToldEvaluation:
    """An evaluation document.

    Args:
        document: As JSON gives it.
        where: What it is called, for messages.

    Raises:
        NotIntact: ``document_incomplete``: it is not what this program writes.
    """
    try:
        if document["schema"] != EVALUATION:
            raise ValueError("schema")
        return _evaluation(document)
    except MALFORMED as error:
        raise _incomplete(where, EVALUATION) from error


def _evaluation(document: Mapping[str, Any]) -> ToldEvaluation:
    filed, law, judged = document["submission"], document["rulebook"], document["evaluation"]
    context = document.get("context")
    return ToldEvaluation(
        program=short(document["program"]),
        file=text(filed["file"]),
        sha256=short(filed["sha256"]),
        bank=short(filed["bank"]["code"]),
        name=short(filed["bank"]["name"]),
        period=short(filed["period"]),
        sequence=whole(filed["sequence"]),
        stage=short(judged["stage"]),
        audience=short(judged["audience"]),
        rulebook=short(law["digest"]),
        rulebook_version=short(law["version"]),
        overlay=optional(short, law["overlay"]),
        context=short(context["sha256"]) if context is not None else "",
        intact=document["digest"] == result_digest(document),
        document=document,
    )


def read_told_manifest(document: Any, where: str) -> ToldManifest:
    """The manifest of a run.

    Raises:
        NotIntact: ``document_incomplete``, or ``path_outside``: a path out of its folder.
    """
    try:
        listed = [one for row in document["submissions"] for one in row["documents"]]
        listed += document.get("documents", [])
        listed += document.get("internal", [])
        documents = {text(one["path"]): text(one["sha256"]) for one in listed}
        digest = document.get("digest")
        told = ToldManifest(
            short(document["program"]),
            documents,
            len(document["submissions"]),
            None if digest is None else digest == seal_of(document),
        )
    except MALFORMED as error:
        raise _incomplete(where, MANIFEST) from error
    outside = next((path for path in documents if not _within(path)), None)
    if outside is not None:
        raise NotIntact(
            f"运行清单列有文件夹以外的路径 {short(outside)}",
            where=where,
            expected="清单只列它所在文件夹里的文件",
            fix="不要采用这份清单；重新运行 supervise evaluate。",
            code="path_outside",
        )
    return told


def _within(path: str) -> bool:
    parts = PurePosixPath(path)
    named = path.isprintable() and not {"\\", ":"} & set(path)
    return named and not parts.is_absolute() and ".." not in parts.parts


def _incomplete(where: str, schema: str) -> NotIntact:
    return NotIntact(
        "文件的内容不完整或写法不对",
        where=where,
        expected=f"{schema} 的全部内容",
        fix="索取原件，或重新运行 supervise evaluate。",
        code="document_incomplete",
    )
