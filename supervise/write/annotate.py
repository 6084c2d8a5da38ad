"""The marked workbook: the bank's own file, with fills, comments and one sheet of findings.

The file is patched as a zip archive; no library reads and writes it anew, since that would lose the
results of formulas and whatever the library does not know (``docs/adr/0009-marked-workbook.md``).
"""

from __future__ import annotations

import hashlib

from supervise.core.evaluation import Evaluation
from supervise.errors import UsageError, WorkbookUnreadable
from supervise.ooxml import limits, marks
from supervise.ooxml.rewriting.book import Book
from supervise.ooxml.rewriting.fill_record import record_rows
from supervise.ooxml.rewriting.marking import mark_sheet
from supervise.ooxml.rewriting.room import require_room
from supervise.ooxml.rewriting.unmarking import open_unmarked
from supervise.write.annotate_look import add_looks
from supervise.write.annotate_notes import Places, notes_by_sheet
from supervise.write.annotate_sheet import Told, finding_sheet
from supervise.write.finding_rows import NO_MARKS, Marks, finding_rows, in_order
from supervise.write.numbers import Words

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


def annotate(
    data: bytes, evaluation: Evaluation, words: Words, *, marks: Marks = NO_MARKS
) -> bytes:
    """Mark a bank's workbook with what was found in it.

    A copy that was marked before is marked anew: our sheet, fills and comments are replaced. The
    same arguments give the same bytes.

    Args:
        data: The workbook as filed.
        evaluation: Its evaluation.
        words: Wordings of the language.
        marks: ``new``, ``still`` or ``recurred`` by check and first cell.

    Raises:
        UsageError: ``cannot_annotate``: with our additions the workbook would pass a limit of the
            reader, or a part that no check looks at is damaged; ``file_changed``: this is not the
            file that was evaluated.
    """
    name = evaluation.submission.file
    _require_same(data, evaluation)
    try:
        book = open_unmarked(data, name)
        if len(book.contents.sheets) >= limits.SHEETS:
            raise _cannot(name, f"已有 {len(book.contents.sheets)} 张工作表，不能再加一张")
        _add(book, evaluation, words, marks)
        marked = book.finish()
        require_room(marked, name, book.contents, born=book.born)
    except WorkbookUnreadable as error:
        raise _cannot(error.where or name, error.what) from error
    return marked


def _add(book: Book, evaluation: Evaluation, words: Words, became: Marks) -> None:
    rows = finding_rows(evaluation, words, became)
    names = [entry.name for entry in book.contents.sheets]
    places = Places(names)
    notes = notes_by_sheet(in_order(evaluation.findings), rows, words, places)
    named = [entry for entry in book.sheets() if entry.name in notes]
    book.keep_styles_apart(named)
    before = {entry.name: mark_sheet(book, entry, notes[entry.name]) for entry in named}
    title = _free_name(names)
    told = Told(
        evaluation=evaluation,
        words=words,
        rows=rows,
        places=places,
        looks=add_looks(book.styles),
    )
    sheet = finding_sheet(told, title, book.workbook.namespace, tuple(record_rows(before)))
    part = book.rewrite.free("xl/worksheets/sheet{}.xml")
    book.rewrite.write(part, sheet.content)
    book.types.add(part, _SHEET)
    link = book.links.add("worksheet", part, strict=book.workbook.strict)
    book.workbook.lead(title, link, sheet.names)


def _require_same(data: bytes, evaluation: Evaluation) -> None:
    filed = evaluation.submission
    if filed.sha256 and hashlib.sha256(data).hexdigest() != filed.sha256:
        raise UsageError(
            "校核之后文件有改动，不能按原来的结果标注",
            where=filed.file,
            expected=f"校核时的文件（摘要 {filed.sha256[:12]}）",
            fix="保存并关闭文件后，重新校核并标注。",
            code="file_changed",
        )


def _free_name(taken: list[str]) -> str:
    """校核结果, or with a number if the bank has a sheet of that name."""
    known = {name.casefold() for name in taken}
    name, number = marks.SHEET, 1
    while name.casefold() in known:
        number += 1
        name = f"{marks.SHEET}({number})"
    return name


def _cannot(where: str, what: str) -> UsageError:
    return UsageError(
        f"不能在原表上标注：{what}",
        where=where,
        expected="加上校核结果表、底色和批注后，工作簿仍在读取限度以内，且各部分完好",
        fix="删去与报送无关的工作表、图片后再试；或不加 --annotate，用 --format xlsx 得到清单。",
        code="cannot_annotate",
    )
