"""A raw workbook bound to the forms of its period: the ``Submission``.

In: ``RawWorkbook`` and ``FormSet``. Out: every fact with its cell, every reading finding. A
workbook that is not this period's template is refused; any other mistake is a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from supervise.core.law import Check
from supervise.core.layout import FormSet
from supervise.core.model import Bank, Cell, Fact, Submission
from supervise.read import findings as f
from supervise.read.cover import Cover, find_period, recognise
from supervise.read.findings import FindingList, Remark
from supervise.read.own_cells import hidden_figures, own_cells
from supervise.read.raw import RawWorkbook
from supervise.read.sheet_facts import Job, SheetFacts, read_sheet
from supervise.read.sheets import COVER, STATUS, filed_forms

__all__ = ["Cover", "bind", "find_period", "recognise"]

_LICENCE_LENGTH = 15
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def bind(
    raw: RawWorkbook,
    forms: FormSet,
    *,
    bank_types: Mapping[str, str],
    provinces: Mapping[str, str],
    checks: Mapping[str, Check],
    say: Callable[[str], str] = str,
    cover: Cover | None = None,
) -> Submission:
    """Turn a workbook into a submission.

    Args:
        raw: The workbook, all sheets.
        forms: The forms in force for the period on its cover.
        bank_types: Chinese name to id.
        provinces: Chinese name to code.
        checks: The reading checks R_ by id.
        say: Puts a Chinese text of the reader into the language of the checks.
        cover: What ``recognise`` found; None: it is asked here.

    Raises:
        WorkbookUnreadable: Not this period's template, or its cover cannot be understood.
        RulebookError: A reading check is lacking.
    """
    if cover is None:
        cover = recognise(raw, forms, bank_types=bank_types, provinces=provinces)
    return _submission(cover, Job(raw, forms, FindingList(checks, say)))


def _submission(cover: Cover, job: Job) -> Submission:
    raw = job.raw
    front = read_sheet(job, job.forms.form(COVER), "normal")
    statuses = sheet_statuses(job.forms, front.facts)
    everything = _everything(job, front, statuses)
    _note_whole(job, cover.bank, front)
    kept = _reference(job)
    # Figures and rows are plain dicts: worlds that suppose some otherwise copy them, and a proxy
    # is fifteen times as slow to copy.
    return Submission(
        bank=cover.bank,
        period=cover.period,
        sequence=cover.sequence,
        reason=cover.reason,
        form_version=cover.form_version,
        file=raw.file,
        sha256=raw.sha256,
        facts=everything.facts,
        tables=everything.tables,
        sheet_status=MappingProxyType(statuses),
        reference=MappingProxyType(kept),
        reading=job.findings.done(),
    )


def _everything(job: Job, front: SheetFacts, statuses: Mapping[str, str]) -> SheetFacts:
    whole = SheetFacts(dict(front.facts), dict(front.tables))
    for form in filed_forms(job.forms):
        if form.id != COVER:
            filed = read_sheet(job, form, statuses[form.sheet])
            whole.facts |= filed.facts
            whole.tables |= filed.tables
    return whole


def sheet_statuses(forms: FormSet, facts: Mapping[str, Fact]) -> dict[str, str]:
    """By sheet name what the cover says of it: ``normal``, ``nil`` or ``not_applicable``."""
    statuses = {}
    for form in filed_forms(forms):
        fact = facts.get(form.status_item)
        statuses[form.sheet] = STATUS.get(str(fact.value) if fact else "", "normal")
    return statuses


def _note_whole(job: Job, bank: Bank, front: SheetFacts) -> None:
    """Findings on the workbook as a whole and on the bank's code."""
    if job.raw.macros:
        job.findings.add(Remark(f.MACROS), Cell(job.raw.file, ""))
    for cell in hidden_figures(job.raw, job.forms):
        job.findings.add(Remark(f.SHEET_HIDDEN), cell)
    code = front.facts.get("COVER_bank_code")
    if code is not None and not _fits(bank):
        job.findings.add(Remark(f.CODE_DISAGREES, {"text": bank.code}), code.cell, "机构编码")


def _fits(bank: Bank) -> bool:
    if bank.code_system == "licence":
        return len(bank.code) == _LICENCE_LENGTH
    return len(bank.code) == len(_USCC_WEIGHTS) + 1 and _uscc_check(bank.code)


def _uscc_check(code: str) -> bool:
    if any(letter not in _USCC_ALPHABET for letter in code):
        return False
    digits = [_USCC_ALPHABET.index(letter) for letter in code]
    total = sum(digit * weight for digit, weight in zip(digits, _USCC_WEIGHTS, strict=False))
    return (31 - total % 31) % 31 == digits[-1]


def _reference(job: Job) -> dict[str, str]:
    kept, total = own_cells(job.raw, job.forms)
    if total > len(kept):
        remark = Remark(f.REFERENCE_CUT, {"value": str(total), "expected": str(len(kept))})
        job.findings.add(remark, Cell(job.raw.file, ""))
    return kept
