"""Is a report what was written, and does its evidence come to the same result again?

In: a report PDF. Out: what it says of itself and everything that does not hold, the cause before
its consequences. The attached workbook is judged anew by the law installed here, with the attached
context, and the result is compared with the attached one, texts left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from supervise.core.comparing.results import Difference, differences
from supervise.core.context import Context
from supervise.core.evaluate import evaluate
from supervise.core.law import Rulebook
from supervise.errors import NotIntact, RulebookError, SuperviseError, UsageError
from supervise.pipeline.calm import calm
from supervise.pipeline.case import Case, case_of
from supervise.pipeline.verify.signature import Trust, signature_of
from supervise.read.context_document import read_context
from supervise.read.judgements import require_known
from supervise.read.report_parts import ReportParts, read_report
from supervise.read.rulebook import read_law
from supervise.read.signature import Signature
from supervise.read.told import json_of
from supervise.read.told_evaluation import ToldEvaluation, read_told_evaluation
from supervise.record import record, replace
from supervise.settings import Settings
from supervise.write.document import evaluation_document
from supervise.write.evidence import CONTEXT, EVALUATION, SUBMISSION

WORKBOOKS = (f"{SUBMISSION}.xlsx", f"{SUBMISSION}.xlsm")
MAKER = "supervise "
MOST_NAMED = 5
MOST_TOLD = 1000
ASK = "向出具报告的单位索取原件。"


@record
class Examined:
    """What an examination of a report came to.

    Attributes:
        told: What its evaluation document says; None if that cannot be read.
        faults: Everything that does not hold.
        differences: Places where the result worked out again is another.
        repeated: Whether the result came out the same; None: it was not worked out.
        summary: It is a paper on many banks, of which only the bytes can be examined.
        signature: Its electronic signature; None: it has none.
    """

    told: ToldEvaluation | None
    faults: tuple[SuperviseError, ...] = ()
    differences: tuple[Difference, ...] = ()
    repeated: bool | None = None
    summary: bool = False
    signature: Signature | None = None


def examine_report(path: Path, settings: Settings, trust: Trust = None) -> Examined:
    """Check a report and its electronic signature.

    Args:
        path: The PDF.
        settings: Names the office's overlay.
        trust: Certificates that are trusted; None: nobody said which are.

    Raises:
        UsageError: It cannot be read, or is none of ours.
        NotIntact: It is damaged so that nothing in it can be examined.
    """
    parts = read_report(path, (CONTEXT, EVALUATION, *WORKBOOKS))
    require_ours(parts, path)
    signature, wrong = signature_of(parts, path, trust)
    found = _examined(parts, path, settings)
    return replace(found, faults=(*wrong, *found.faults), signature=signature)


def _examined(parts: ReportParts, path: Path, settings: Settings) -> Examined:
    if is_summary(parts):
        return Examined(None, (*_seal_broken(parts, path),), summary=True)
    faults: list[SuperviseError] = [*_seal_broken(parts, path), *_missing(parts, path)]
    if EVALUATION not in parts.attached:
        return Examined(None, tuple(faults))
    try:
        told = read_told_evaluation(_parsed(parts.attached, EVALUATION), EVALUATION)
    except NotIntact as error:
        return Examined(None, (*faults, error))
    altered = [*_altered(told, parts.attached)]
    faults += altered
    if not _can_repeat(parts.attached, altered):
        return Examined(told, tuple(faults))
    with calm():
        return _repeated(told, parts.attached, settings, faults)


def require_ours(parts: ReportParts, path: Path) -> None:
    """Refuse a PDF that this program did not write.

    Raises:
        UsageError: ``not_a_report``.
    """
    if EVALUATION in parts.attached or parts.creator.startswith(MAKER):
        return
    raise UsageError(
        "这份 PDF 不是本工具写出的评价报告",
        where=str(path),
        expected="supervise evaluate 写出的报告，内附评价结果和报送件",
        fix="核对文件；打印、另存或合并后的副本不能核验。",
        code="not_a_report",
    )


def is_summary(parts: ReportParts) -> bool:
    """A paper on many banks: it rests on no single workbook, says so, and carries no evidence."""
    return not parts.keywords and not parts.attached


def _seal_broken(parts: ReportParts, path: Path) -> Iterator[NotIntact]:
    """Whether the bytes are those that were written."""
    if parts.seal != "whole":
        yield NotIntact(
            "报告写出之后被改动过",
            where=str(path),
            expected="逐字节与写出时相同（文件标识中的全文摘要）",
            fix=ASK,
            code="report_altered",
        )


def _missing(parts: ReportParts, path: Path) -> Iterator[NotIntact]:
    """Whether every attachment is there."""
    missing = [name for name in (EVALUATION, CONTEXT) if name not in parts.attached]
    if not any(name in parts.attached for name in WORKBOOKS):
        missing.append(WORKBOOKS[0])
    if missing:
        yield NotIntact(
            f"报告缺少附件：{'、'.join(missing)}",
            where=str(path),
            expected="内附评价结果、评价时已知情况、报送件原件",
            fix=ASK,
            code="attachment_missing",
        )


def _altered(told: ToldEvaluation, attached: Mapping[str, bytes]) -> Iterator[NotIntact]:
    """Attachments that are not those whose digests the evaluation document states."""
    if not told.intact:
        yield _not_as_told(EVALUATION, "它自己所载的摘要")
    if CONTEXT in attached and _digest(attached[CONTEXT]) != told.context:
        yield _not_as_told(CONTEXT, f"评价结果所载的摘要 {told.context[:12]}")
    for name in WORKBOOKS:
        if name in attached and _digest(attached[name]) != told.sha256:
            yield _not_as_told(name, f"评价结果所载的报送件摘要 {told.sha256[:12]}")


def _not_as_told(name: str, expected: str) -> NotIntact:
    return NotIntact(
        f"附件 {name} 被改动过",
        where=name,
        expected=f"与{expected}相符",
        fix=ASK,
        code="attachment_altered",
    )


def _can_repeat(attached: Mapping[str, bytes], altered: list[NotIntact]) -> bool:
    """Context and workbook are there, and those that were used."""
    spoilt = {fault.where for fault in altered} - {EVALUATION}
    return CONTEXT in attached and any(name in attached for name in WORKBOOKS) and not spoilt


def _repeated(
    told: ToldEvaluation,
    attached: Mapping[str, bytes],
    settings: Settings,
    faults: list[SuperviseError],
) -> Examined:
    workbook = next(attached[name] for name in WORKBOOKS if name in attached)
    try:
        case = case_of(workbook, told.file, settings)
        _require_law(told, case.rulebook)
        context = _context(attached, case, settings)
    except (NotIntact, UsageError) as error:
        return Examined(told, (*faults, error))
    except SuperviseError as error:
        return Examined(told, (*faults, _cannot_repeat(error)))
    again = evaluate(case.submission, case.rulebook, context=context, stage=told.stage)
    found = evaluation_document(again, audience=told.audience)
    differing = tuple(differences(told.document, found))
    if differing:
        faults.append(_another_result(told, differing))
    return Examined(told, tuple(faults), differing[:MOST_TOLD], not differing)


def _context(attached: Mapping[str, bytes], case: Case, settings: Settings) -> Context:
    context = read_context(
        _parsed(attached, CONTEXT), partial(_parents_law, case=case, settings=settings)
    )
    items = frozenset(each.item for each in context.adjustments)
    require_known(context.judgements, case.rulebook, items)
    return context


def _parents_law(bank_type: str, province: str, *, case: Case, settings: Settings) -> Rulebook:
    try:
        return read_law(settings.overlay).rulebook(case.rulebook.period, bank_type, province)
    except RulebookError as error:
        raise ValueError("no such law") from error


def _parsed(attached: Mapping[str, bytes], name: str) -> object:
    try:
        return json_of(attached[name])
    except (ValueError, RecursionError) as error:
        raise _not_as_told(name, "写出时的 JSON") from error


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _require_law(told: ToldEvaluation, law: Rulebook) -> None:
    if told.rulebook == law.digest:
        return
    raise NotIntact(
        f"报告依据另一套规则评价（{_law(told.rulebook_version, told.rulebook, told.overlay)}），"
        "不能用本机规则重新得出",
        where=f"{told.name} {told.period}",
        expected=f"与本机规则相同（{_law(law.version, law.digest, law.overlay)}）",
        fix=f"用 supervise {told.program} 和当时的规则核验；有本局规则的，用 --rulebook 指明。",
        code="rulebook_differs",
    )


def _law(version: str, digest: str, overlay: str | None) -> str:
    named = f"{version}，摘要 {digest[:12]}"
    return f"{named}，本局规则 {overlay}" if overlay else named


def _cannot_repeat(error: SuperviseError) -> NotIntact:
    return NotIntact(
        f"所附报送件不能重新评价：{error.what}",
        where=SUBMISSION,
        expected=error.expected or "与报告写出时一样可以读取",
        fix=ASK,
        code="cannot_repeat",
    )


def _another_result(told: ToldEvaluation, differing: tuple[Difference, ...]) -> NotIntact:
    named = "、".join(
        f"{one.path}（报告 {one.told}，本次 {one.found}）" for one in differing[:MOST_NAMED]
    )
    more = f"等 {len(differing)} 处" if len(differing) > MOST_NAMED else ""
    return NotIntact(
        f"由所附报送件重新评价，结果不同：{named}{more}",
        where=f"{told.name} {told.period}",
        expected=f"与报告所附评价结果相同（由 supervise {told.program} 写出）",
        fix="附件未改而结果不同的，用同一程序版本再核验；仍不同的，不要采用这份报告。",
        code="result_differs",
    )
