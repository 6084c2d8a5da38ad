"""Versions of one bank's workbook → what changed between them; writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supervise.core.comparing.diff import Diff, compare_versions
from supervise.core.evaluation import Evaluation
from supervise.errors import UsageError
from supervise.json_text import to_json
from supervise.pipeline.case import Outcome, check_file, known_history
from supervise.pipeline.precheck.pieces import OPEN
from supervise.read.words import read_words
from supervise.record import record
from supervise.settings import Settings
from supervise.write.diff_document import diff_document, previous_document, refused_document
from supervise.write.diff_text import diff_text, previous_lines
from supervise.write.terminal import Style, plain, refusal_text

if TYPE_CHECKING:
    from supervise.ledger.ledger import Ledger
    from supervise.read.history import History


@record
class DiffResult:
    """A comparison, or the files that cannot be read.

    Attributes:
        diff: None if a file was refused.
        refused: Files that were refused, in the order given.
    """

    diff: Diff | None
    refused: tuple[Outcome, ...] = ()

    def as_text(self, settings: Settings, style: Style = plain) -> str:
        """For people."""
        words = read_words(settings.lang)
        if self.diff is not None:
            return diff_text(self.diff, words, style)
        told = ((o.path.name, o.refusal) for o in self.refused)
        blocks = [refusal_text(file, error, words, style) for file, error in told if error]
        return "\n".join(blocks)

    def as_json(self) -> str:
        """The document ``supervise/diff/1``."""
        if self.diff is not None:
            return to_json(diff_document(self.diff))
        told = ((o.path.name, o.sha256, o.refusal) for o in self.refused)
        return to_json(
            refused_document([(file, digest, error) for file, digest, error in told if error])
        )

    @property
    def exit_code(self) -> int:
        """3 if a file was refused, else 1 if the newest is blocked or incomplete, else 0."""
        if self.diff is None:
            return 3
        return 1 if self.diff.after.status in OPEN else 0


@record
class Previous:
    """A pre-check beside the versions before it."""

    diff: Diff

    @property
    def marks(self) -> dict[tuple[str, str], str]:
        """``new``, ``still`` or ``recurred`` by check id and first cell."""
        return dict(self.diff.marks)

    @property
    def counts(self) -> dict[str, int]:
        """How many findings are new, recurred, still there, mended, not checked again."""
        return self.diff.counts

    @property
    def document(self) -> dict[str, Any]:
        """What the evaluation document holds under ``previous``."""
        return previous_document(self.diff)

    def lines(self, settings: Settings, style: Style = plain) -> list[str]:
        """What the text says beside the findings: counts, and what is mended."""
        return previous_lines(self.diff, read_words(settings.lang), style)


def diff_files(
    paths: Sequence[Path], settings: Settings, *, history: Path | None = None
) -> DiffResult:
    """Compare versions of one bank's workbook; the last two count, the others tell 复发.

    Args:
        paths: Two or more files, oldest first.
        settings: Names the office's overlay.
        history: Folder of earlier evaluation documents.

    Raises:
        UsageError: Fewer than two files, or of different banks.
        LedgerError: The history cannot be read.
        RulebookError: The law is wrong.
    """
    if len(paths) < 2:
        raise UsageError(
            "只有一份报送件，无从比较",
            where="、".join(str(path) for path in paths),
            expected="同一机构的两份或更多报送件，旧的在前",
            fix="把旧的和新的文件都写上，例如 supervise diff 旧.xlsx 新.xlsx。",
            code="nothing_to_compare",
        )
    known = known_history(history)
    outcomes = [check_file(path, settings, history=known) for path in paths]
    refused = tuple(outcome for outcome in outcomes if outcome.evaluation is None)
    if refused:
        return DiffResult(None, refused)
    return DiffResult(_compared([o.evaluation for o in outcomes if o.evaluation is not None]))


def previous_marks(
    evaluation: Evaluation,
    previous: Sequence[Path],
    settings: Settings,
    *,
    history: History | None = None,
    ledger: Ledger | None = None,
) -> Previous:
    """Compare a pre-check with the versions filed or checked before it.

    Args:
        evaluation: What ``check_file`` made of the file at hand.
        previous: One or more earlier versions, oldest first.
        settings: As for the file at hand.
        history: As for the file at hand; also tells 复发.
        ledger: The same.

    Raises:
        WorkbookUnreadable: An earlier version cannot be read.
        UsageError: It is another bank's.
    """
    versions: list[Evaluation] = []
    for path in previous:
        outcome = check_file(path, settings, history=history, ledger=ledger)
        if outcome.evaluation is None:
            assert outcome.refusal is not None
            raise outcome.refusal
        versions.append(outcome.evaluation)
    return Previous(_compared([*versions, evaluation]))


def _compared(versions: Sequence[Evaluation]) -> Diff:
    banks = [version.submission.bank for version in versions]
    if len({bank.code for bank in banks}) > 1:
        told = (
            f"{version.submission.file}：{bank.name}（{bank.code}）"
            for version, bank in zip(versions, banks, strict=True)
        )
        raise UsageError(
            "不是同一家机构的报送件，不能比较",
            where="；".join(told),
            expected="机构代码相同的报送件，旧的在前",
            fix="核对文件，或改正封面的机构代码。",
            code="different_banks",
        )
    return compare_versions(versions)
