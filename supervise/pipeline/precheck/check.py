"""The bank's pre-check: files → what is printed or written, and the exit code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from supervise.errors import UsageError
from supervise.pipeline.case import Outcome, check_file
from supervise.pipeline.precheck.pieces import Tally, Telling, json_pieces, text_pieces
from supervise.read.words import read_words
from supervise.settings import Settings
from supervise.write.finding_rows import NO_MARKS, Marks

if TYPE_CHECKING:
    from supervise.ledger.ledger import Ledger
    from supervise.pipeline.precheck.diff import Previous
    from supervise.read.history import History


def check_files(
    paths: Sequence[Path],
    settings: Settings,
    *,
    history: History | None = None,
    ledger: Ledger | None = None,
) -> list[Outcome]:
    """Check each file as the regulator will; writes nothing.

    Raises:
        RulebookError: The law is wrong.
    """
    return list(check_each(paths, settings, history=history, ledger=ledger))


def check_each(
    paths: Iterable[Path],
    settings: Settings,
    *,
    history: History | None = None,
    ledger: Ledger | None = None,
) -> Iterator[Outcome]:
    """The same, one after another: none is checked before it is asked for.

    Raises:
        RulebookError: The law is wrong.
    """
    return (check_file(path, settings, history=history, ledger=ledger) for path in paths)


def beside_previous(
    outcomes: Sequence[Outcome],
    previous: Sequence[Path],
    settings: Settings,
    *,
    history: History | None = None,
    ledger: Ledger | None = None,
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
    from supervise.pipeline.precheck.diff import previous_marks

    return previous_marks(evaluation, previous, settings, history=history, ledger=ledger)


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
    from supervise.pipeline.saving import write_output
    from supervise.read.files import read_file
    from supervise.write.annotate import annotate

    _one_file(outcomes, "--annotate")
    checked = outcomes[0]
    if checked.evaluation is None:
        return None
    _same_kind(checked.path, target)
    data = read_file(checked.path)
    marked = annotate(data, checked.evaluation, read_words(settings.lang), marks=marks)
    return write_output(target, marked, [checked.path])


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


def as_json(outcomes: Sequence[Outcome]) -> str:
    """One document, or an array of them for several files."""
    return "".join(json_pieces(outcomes, Telling(settings=Settings(), several=len(outcomes) > 1)))


def as_text(outcomes: Sequence[Outcome], settings: Settings) -> str:
    """For people, one block per file, a count below several."""
    return "".join(text_pieces(outcomes, Telling(settings=settings, several=len(outcomes) > 1)))


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """3 if a file was refused, else 1 if one is blocked or incomplete, else 0."""
    tally = Tally()
    for _ in tally.passing(outcomes):
        pass
    return tally.exit_code
