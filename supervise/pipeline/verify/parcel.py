"""A parcel, examined by the bank that has it: complete, unchanged, and every part of it its own.

In: the manifest of a parcel with its files beside it; no ledger and no network. Out: who it is for
and everything that does not hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from supervise.core.comparing.results import Difference
from supervise.errors import NotIntact, SuperviseError
from supervise.pipeline.ledger.filings import document_digest
from supervise.pipeline.verify.report import examine_report
from supervise.pipeline.verify.signature import Trust, signature_of, signature_told
from supervise.read.files import digest_of
from supervise.read.parcel_parts import EVALUATION, open_workbook, why_not_opened
from supervise.read.report_parts import read_report, report_bytes
from supervise.read.told import json_of
from supervise.read.told_evaluation import ToldEvaluation, read_told_evaluation
from supervise.read.told_parcel import ToldParcel, read_told_parcel
from supervise.record import record
from supervise.settings import Settings
from supervise.write.verification import Verified

REPORT, SIGNED, DOCUMENT, MARKED = "report", "signed_report", "evaluation", "marked"
_ASK = "不要采用；告知送达单位，退回不属于本机构的文件。"


@record(kw_only=True)
class _At:
    """A parcel at hand."""

    told: ToldParcel
    folder: Path
    settings: Settings
    trust: Trust

    def path(self, kind: str) -> Path | None:
        """Where its file of a kind is, if it lists one and it is there."""
        name = self.told.of_kind(kind)
        return self.folder / name if name and (self.folder / name).is_file() else None


def verify_parcel(path: Path, document: Any, settings: Settings, trust: Trust) -> Verified:
    """What a parcel came to.

    Args:
        path: Its manifest.
        document: The manifest's content.
        settings: Names the office's overlay.
        trust: Certificates that its signed report must lead to; then it must be there.

    Raises:
        NotIntact: The manifest cannot be read.
    """
    told = read_told_parcel(document, path.name)
    at = _At(told=told, folder=path.parent, settings=settings, trust=trust)
    differing = tuple(_differing(at))
    faults: list[SuperviseError] = [*_manifest_faults(at, differing)]
    evaluation: ToldEvaluation | None = None
    repeated: bool | None = None
    signature: Mapping[str, Any] | None = None
    if not faults:
        evaluation, wrong = _evaluation(at)
        again, worse = _report(at, evaluation)
        signature, worst = _signed(at)
        faults += [*wrong, *worse, *_marked(at), *worst]
        repeated = again
    return Verified(
        file=path.name,
        kind="parcel",
        faults=tuple(faults),
        told=_shown(told, evaluation),
        program=evaluation.program if evaluation is not None else "",
        repeated=repeated,
        differences=differing,
        signature=signature,
    )


def _shown(told: ToldParcel, evaluation: ToldEvaluation | None) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "parcel": told.parcel,
        "bank": told.bank,
        "name": told.name,
        "period": told.period,
        "sequence": told.sequence,
        "sha256": told.submission,
        "supersedes": told.supersedes,
        "documents": len(told.files),
    }
    if evaluation is not None:
        shown["rulebook"] = {
            "version": evaluation.rulebook_version,
            "digest": evaluation.rulebook,
            "overlay": evaluation.overlay,
        }
    return shown


def _differing(at: _At) -> Iterator[Difference]:
    for one in at.told.files:
        path = at.folder / one.name
        found = digest_of(path) if path.is_file() else ""
        if found != one.sha256:
            yield Difference(one.name, one.sha256[:12], found[:12] or "-")


def _manifest_faults(at: _At, differing: tuple[Difference, ...]) -> Iterator[NotIntact]:
    if not at.told.intact:
        yield _fault("送达清单与它自己的摘要不符", at.told.parcel, "manifest_altered")
    missing = [one.path for one in differing if one.found == "-"]
    altered = [one.path for one in differing if one.found != "-"]
    if missing:
        yield _fault("送达件缺少清单所列文件", "、".join(missing), "document_missing")
    if altered:
        yield _fault("送达件的文件被改动过", "、".join(altered), "document_altered")
    if not (at.told.of_kind(REPORT) and at.told.of_kind(DOCUMENT)):
        yield _fault("送达件里没有评价报告或评价 JSON", at.told.parcel, "parcel_incomplete")


def _fault(what: str, where: str, code: str) -> NotIntact:
    return NotIntact(
        what,
        where=where,
        expected="与送达单位写出时相同的全部文件",
        fix="重新解压或下载；仍不相符的，告知送达单位重送。",
        code=code,
    )


def _evaluation(at: _At) -> tuple[ToldEvaluation | None, list[NotIntact]]:
    """The evaluation document: the addressee's, and the one that was signed off?"""
    path = at.path(DOCUMENT)
    assert path is not None
    try:
        told = read_told_evaluation(json_of(path.read_bytes()), path.name)
    except NotIntact as error:
        return None, [error]
    except (ValueError, RecursionError):
        return None, [_fault("评价 JSON 不能解读", path.name, "document_incomplete")]
    faults = [*_not_own(at, path, (told.bank, told.period, told.sequence, told.sha256))]
    if not told.intact or document_digest(told.document) != at.told.document:
        faults.append(_fault("评价 JSON 不是所签发的一份", path.name, "other_result"))
    return told, faults


def _not_own(at: _At, path: Path, found: tuple[str, str, int, str]) -> Iterator[NotIntact]:
    """A part that is another bank's, or of another filing."""
    told = at.told
    if found != (told.bank, told.period, told.sequence, told.submission):
        yield _strange(at, path.name, f"{found[0]} {found[1]} #{found[2]}")


def _strange(at: _At, where: str, found: str) -> NotIntact:
    told = at.told
    return NotIntact(
        f"送达件里有不属于收件机构的内容：{found}",
        where=where,
        expected=f"{told.bank} {told.period} #{told.sequence}",
        fix=_ASK,
        code="other_bank",
    )


def _report(at: _At, evaluation: ToldEvaluation | None) -> tuple[bool | None, list[SuperviseError]]:
    """The report that was signed off: intact, the same result again, of the addressee."""
    path = at.path(REPORT)
    assert path is not None
    try:
        found = examine_report(path, at.settings)
        carried = read_report(path, (EVALUATION,)).attached.get(EVALUATION)
    except SuperviseError as error:
        return None, [error]
    faults = list(found.faults)
    told = found.told
    if told is not None:
        faults += _not_own(at, path, (told.bank, told.period, told.sequence, told.sha256))
    beside = at.path(DOCUMENT)
    if evaluation is not None and beside is not None and carried != beside.read_bytes():
        faults.append(_fault("报告所附评价结果与评价 JSON 不同", path.name, "other_result"))
    return found.repeated, faults


def _signed(at: _At) -> tuple[Mapping[str, Any] | None, list[SuperviseError]]:
    """The signed copy: the same report with a signature behind it."""
    report, copy = at.path(REPORT), at.path(SIGNED)
    assert report is not None
    try:
        path = copy or report
        parts = read_report(path, ())
        found, faults = signature_of(parts, path, at.trust)
        if copy is None or found is None:
            return None, [*faults]
        data = report_bytes(copy)
        if data[: len(data) - parts.added] != report_bytes(report):
            return None, [_fault("签名的报告不是所附的报告", copy.name, "other_report")]
        return signature_told(found), [*faults]
    except SuperviseError as error:
        return None, [error]


def _marked(at: _At) -> Iterator[SuperviseError]:
    """The marked workbook: the addressee's by its cover."""
    path = at.path(MARKED)
    if path is None:
        return
    try:
        opened = open_workbook(path.read_bytes(), path.name)
    except (SuperviseError, ValueError, KeyError, RecursionError) as error:
        yield _fault(f"标注件不能读取：{why_not_opened(error)}", path.name, "document_incomplete")
        return
    if (opened.bank, opened.period) != (at.told.bank, at.told.period):
        yield _strange(at, path.name, f"{opened.bank or '?'} {opened.period}")
