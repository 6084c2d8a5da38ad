"""The bank's pre-check: files → what is printed or written, and the exit code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supervise.errors import UsageError
from supervise.pipeline.case import Outcome, check_file
from supervise.read.words import read_words
from supervise.settings import Settings
from supervise.write.finding_rows import NO_MARKS, Marks
from supervise.write.terminal import Style, check_text, plain, refusal_text

if TYPE_CHECKING:
    from supervise.pipeline.diff import Previous
    from supervise.read.history import History
    from supervise.write.finding_list import Checked

OPEN = ("blocked", "incomplete")


def check_files(
    paths: Sequence[Path], settings: Settings, *, history: History | None = None
) -> list[Outcome]:
    """Check each file as the regulator will; writes nothing.

    Raises:
        RulebookError: The law is wrong.
    """
    return [check_file(path, settings, history=history) for path in paths]


def beside_previous(
    outcomes: Sequence[Outcome],
    previous: Sequence[Path],
    settings: Settings,
    *,
    history: History | None = None,
) -> Previous | None:
    """The versions before the one file that was checked, compared with it.

    Returns:
        None without earlier versions, and for a file that was refused.

    Raises:
        UsageError: Several files were checked, or an earlier version is another bank's.
        WorkbookUnreadable: An earlier version cannot be read.
    """
    if not previous:
        return None
    _one_file(outcomes, "--previous")
    evaluation = outcomes[0].evaluation
    if evaluation is None:
        return None
    from supervise.pipeline.diff import previous_marks

    return previous_marks(evaluation, previous, settings, history=history)


def write_marked(
    outcomes: Sequence[Outcome], target: Path, settings: Settings, marks: Marks = NO_MARKS
) -> Path | None:
    """Write the checked workbook back, marked: fills, comments and a sheet of all findings.

    Returns:
        Where it was written; None for a file that was refused.

    Raises:
        UsageError: Several files, or the target is the bank's own file, is named as another kind
            of workbook, or cannot be written.
    """
    from supervise.read.files import read_file
    from supervise.write.annotate import annotate

    _one_file(outcomes, "--annotate")
    checked = outcomes[0]
    if checked.evaluation is None:
        return None
    _same_kind(checked.path, target)
    data = read_file(checked.path)
    marked = annotate(data, checked.evaluation, read_words(settings.lang), marks=marks)
    return write_output(target, marked, outcomes)


def write_output(target: Path, data: bytes, outcomes: Sequence[Outcome]) -> Path:
    """Write what was asked for, never over a file that was checked.

    Raises:
        UsageError: ``over_submission`` or ``cannot_write``.
    """
    from supervise.pipeline.saving import keep_apart, save

    keep_apart([outcome.path for outcome in outcomes], [target])
    save(
        target,
        data,
        what="结果写不进文件",
        expected="可以写入的文件",
        fix="检查路径和权限；若正在 Excel 或 WPS 中打开，请先关闭。",
    )
    return target


def _same_kind(source: Path, target: Path) -> None:
    """Excel opens no workbook whose name says another kind than its content, macros or none."""
    if target.suffix.lower() != source.suffix.lower():
        raise UsageError(
            f"标注件的扩展名“{target.suffix}”与报送件不同，Excel 和 WPS 会打不开",
            where=str(target),
            expected=f"与报送件相同的扩展名 {source.suffix}",
            fix=f"把标注件的文件名改为 {target.with_suffix(source.suffix).name}。",
            code="other_suffix",
        )


def _one_file(outcomes: Sequence[Outcome], option: str) -> None:
    if len(outcomes) != 1:
        raise UsageError(
            f"{option} 只能与一份报送件同用，这里有 {len(outcomes)} 份",
            expected="一次检查一份报送件",
            fix=f"逐份运行 supervise check FILE.xlsx {option} …。",
            code="one_file_only",
        )


def as_json(outcomes: Sequence[Outcome], *, previous: Previous | None = None) -> str:
    """One document, or an array of them for several files."""
    from supervise.write.document import to_json

    documents = [_document(outcome) for outcome in outcomes]
    if previous is not None:
        documents[0]["previous"] = previous.document
    return to_json(documents[0] if len(documents) == 1 else documents)


def as_text(
    outcomes: Sequence[Outcome],
    settings: Settings,
    style: Style = plain,
    *,
    previous: Previous | None = None,
) -> str:
    """For people, one block per file, a count below several."""
    words = read_words(settings.lang)
    marks = previous.marks if previous is not None else NO_MARKS
    blocks = []
    for outcome in outcomes:
        if outcome.evaluation is not None:
            blocks.append(check_text(outcome.evaluation, words, style, marks))
        elif outcome.refusal is not None:
            blocks.append(refusal_text(outcome.path.name, outcome.refusal, words, style))
    if previous is not None:
        blocks.append("\n".join(previous.lines(settings, style)) + "\n")
    if len(outcomes) > 1:
        blocks.append(summary(outcomes, settings) + "\n")
    return "\n".join(blocks)


def as_csv(
    outcomes: Sequence[Outcome], settings: Settings, *, previous: Previous | None = None
) -> bytes:
    """Every finding of every file, a line each."""
    from supervise.write.finding_list import listed_rows
    from supervise.write.findings_csv import findings_csv

    words = read_words(settings.lang)
    return findings_csv(listed_rows(_checked(outcomes, previous), words), words)


def as_xlsx(
    outcomes: Sequence[Outcome], settings: Settings, *, previous: Previous | None = None
) -> bytes:
    """Every finding of every file as a workbook for people."""
    from supervise.write.sheet_findings import findings_workbook

    return findings_workbook(_checked(outcomes, previous), read_words(settings.lang))


def summary(outcomes: Sequence[Outcome], settings: Settings) -> str:
    """How many files came to which verdict, in one line."""
    statuses = [status_of(outcome) for outcome in outcomes]
    names = ("passed", "needs_explanation", "blocked", "incomplete", "refused")
    counts = {name: statuses.count(name) for name in names}
    return read_words(settings.lang)("check.summary", n=len(outcomes), **counts)


def status_of(outcome: Outcome) -> str:
    """Status as in the document."""
    return outcome.evaluation.status if outcome.evaluation is not None else "refused"


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """3 if a file was refused, else 1 if one is blocked or incomplete, else 0."""
    statuses = [status_of(outcome) for outcome in outcomes]
    if "refused" in statuses:
        return 3
    return 1 if any(status in OPEN for status in statuses) else 0


def _checked(outcomes: Sequence[Outcome], previous: Previous | None) -> list[Checked]:
    from supervise.write.finding_list import Checked

    marks = previous.marks if previous is not None else NO_MARKS
    return [
        Checked(file=o.path.name, evaluation=o.evaluation, refusal=o.refusal, marks=marks)
        for o in outcomes
    ]


def _document(outcome: Outcome) -> dict[str, Any]:
    from supervise.write.document import evaluation_document, refusal_document

    if outcome.evaluation is not None:
        return evaluation_document(outcome.evaluation)
    assert outcome.refusal is not None
    return refusal_document(outcome.path.name, outcome.sha256, outcome.refusal)
