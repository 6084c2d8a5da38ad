"""A parcel opened once more before it leaves: is all of it about its addressee, and only about it?

In: a folder with the parcel's files, as the bank will have them. Out: nothing, or the fault that
keeps this parcel back.

It may name the addressee, its legal person or its own branches, and whom it continues; and any
institution that the bank itself names in the workbook that it filed, since that goes back to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path

from supervise.core.other_names import KnownNames
from supervise.dispatch.parcel import LETTER, MANIFEST
from supervise.errors import DispatchError, SuperviseError
from supervise.read.parcel_parts import (
    Opened,
    OpenedReport,
    open_evaluation,
    open_page,
    open_report,
    open_workbook,
    why_not_opened,
    workbook_text,
)
from supervise.record import record

_WORKBOOKS = (".xlsx", ".xlsm")
_MOST_NAMED = 5
_ENDS = (".pdf", "-signed.pdf", ".json", *(f"-marked{end}" for end in _WORKBOOKS))
_UNREADABLE = (SuperviseError, ValueError, RecursionError, KeyError)


@record(kw_only=True)
class Addressee:
    """Whose parcel it must be.

    Attributes:
        stem: What the names of its files begin with.
        submission: Digest of the workbook that it filed.
        family: Codes that may be named: its own, its legal person, its branches, predecessors.
    """

    bank: str
    period: str
    stem: str
    submission: str
    family: frozenset[str]


def examine(folder: Path, to: Addressee, known: KnownNames) -> None:
    """Open a parcel.

    Args:
        folder: Its files.
        to: Whose it must be.
        known: Names to look for.

    Raises:
        DispatchError: ``wrong_bank``, ``internal_only``, ``other_bank_named`` or ``not_readable``.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    _require_names(files, to)
    reports = [_report(path) for path in files if path.suffix == ".pdf"]
    opened = [one.told for one in reports] + [_opened(path) for path in files if _is_other(path)]
    evaluations = {one.evaluation for one in reports}
    evaluations |= {path.read_bytes() for path in files if _is_evaluation(path)}
    for one in opened:
        _require_bank(one, to)
    for each in reports:
        if to.bank not in each.pages:
            raise _wrong(each.told.file, "报告的页面上没有该机构的代码", to)
    if len(evaluations) != 1:
        raise _wrong(folder.name, "报告内附的评价结果与评价 JSON 不是同一份", to)
    allowed = to.family | _named_by_itself(reports, to, known)
    texts = {one.file: one.text for one in opened} | _pages(files)
    _require_no_other(texts, allowed, known, to)


def _require_names(files: Collection[Path], to: Addressee) -> None:
    ours = {MANIFEST, LETTER, *(to.stem + end for end in _ENDS)}
    for path in files:
        if path.name not in ours:
            raise _wrong(path.name, "文件名不是该机构本期的", to)


def _is_evaluation(path: Path) -> bool:
    return path.suffix == ".json" and path.name != MANIFEST


def _is_other(path: Path) -> bool:
    return _is_evaluation(path) or path.suffix in _WORKBOOKS


def _opened(path: Path) -> Opened:
    try:
        if path.suffix in _WORKBOOKS:
            return open_workbook(path.read_bytes(), path.name)
        return open_evaluation(path.read_bytes(), path.name)
    except _UNREADABLE as error:
        raise _unreadable(path, error) from error


def _report(path: Path) -> OpenedReport:
    try:
        return open_report(path)
    except _UNREADABLE as error:
        raise _unreadable(path, error) from error


def _pages(files: Collection[Path]) -> dict[str, str]:
    """Letter and manifest: their words are ours, the names in them are not."""
    pages = {path.name: path.read_bytes() for path in files if path.name in (MANIFEST, LETTER)}
    return {name: open_page(data, name) for name, data in pages.items()}


def _require_bank(one: Opened, to: Addressee) -> None:
    told = (one.bank, one.period, one.submission or to.submission)
    if told != (to.bank, to.period, to.submission):
        raise _wrong(one.file, f"内容属于 {one.bank or '不明机构'}（{one.period}）", to)
    if one.audience == "internal":
        raise DispatchError(
            "内部版不外送",
            where=one.file,
            expected="评价时用 --audience bank（默认）写出的结果",
            fix="不带 --audience internal 重新评价、签发后再送。",
            code="internal_only",
        )


def _named_by_itself(
    reports: Collection[OpenedReport], to: Addressee, known: KnownNames
) -> frozenset[str]:
    """Institutions that the bank's own workbook names."""
    found: set[str] = set()
    for one in reports:
        if hashlib.sha256(one.filed).hexdigest() != to.submission:
            raise _wrong(one.told.file, "报告内附的报送件不是该机构本期的有效报送件", to)
        found.update(known.found_in(workbook_text(one.filed, one.told.file), to.family))
    return frozenset(found)


def _require_no_other(
    texts: Mapping[str, str], allowed: Collection[str], known: KnownNames, to: Addressee
) -> None:
    for file, text in texts.items():
        others = known.found_in(text, allowed)
        if others:
            shown = "、".join(others[:_MOST_NAMED])
            raise DispatchError(
                f"送达件提到了别的机构：{shown}",
                where=f"{to.bank} {file}",
                expected="只提收件机构自己，及其法人、分行、所承继的机构，或该机构自己在报送件中写到的",
                fix="不要送出；查明来源后重新评价、签发。",
                code="other_bank_named",
            )


def _wrong(file: str, what: str, to: Addressee) -> DispatchError:
    return DispatchError(
        f"送达件与收件机构不符：{what}",
        where=f"{to.bank} {file}",
        expected=f"{to.bank} {to.period} 的文件",
        fix="不要送出；核对结果文件夹，重新评价、签发。",
        code="wrong_bank",
    )


def _unreadable(path: Path, error: Exception) -> DispatchError:
    return DispatchError(
        f"送达件打不开：{why_not_opened(error)}",
        where=path.name,
        expected="与签发时相同、完好的文件",
        fix="重新评价、签发后再送。",
        code="not_readable",
    )
