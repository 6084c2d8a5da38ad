"""How a run goes: told while it goes, and written down for the office.

``internal/run/log.jsonl`` has a line for each thing that happened, the newest last, of all runs
into this folder: what started, what became of each file and how long it took, how it ended. It
has a clock, and is therefore no part of what goes to banks nor of the manifest.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any

from supervise import __version__
from supervise.errors import SuperviseError, UsageError, why_not
from supervise.pipeline.outputs import Row
from supervise.pipeline.run.measured import Brief, Measured

if TYPE_CHECKING:
    from supervise.pipeline.run.items import Asked, Done, Job, Run
    from supervise.pipeline.run.passed_over import PassedOver

LOG = "log.jsonl"
Progress = Callable[[str, int, int], None]
"""Told the stage, ``measure`` or ``judge``, the banks that are done in it, and all of it."""
MEASURE, JUDGE = "measure", "judge"


class Watcher(AbstractContextManager["Watcher"]):
    """Of a run that nobody watches.

    Attributes:
        done: Banks whose second pass is done, taken over or not.
        total: Banks that it is for, as far as known.
        taken_over: Banks of which an earlier run had done it.
        passed_over: By bank, what the ledger says and its evaluation leaves out.
    """

    done = 0
    total = 0
    taken_over = 0
    passed_over: tuple[tuple[str, PassedOver], ...] = ()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Nothing is open."""

    def started(self, run: Run, files: int) -> None:
        """The run begins."""

    def first(self, found: Iterable[Measured], total: int) -> Iterator[Measured]:
        """The first pass as it comes in."""
        yield from found

    def second(self, found: Iterable[Done], total: int) -> Iterator[Done]:
        """The second pass as it comes in."""
        self.total += total
        for one in found:
            self.done += 1
            self.taken_over += one.taken_over
            yield one

    def again(self, item: Asked | Job, code: str) -> None:
        """A file is tried once more."""

    def refused(self, rows: Sequence[Row]) -> None:
        """Files that go no further than the first pass."""

    def stand(self, briefs: Iterable[Brief]) -> None:
        """The filings that stand, once all are judged."""
        self.passed_over = tuple((one.code, left) for one in briefs for left in one.passed_over)

    def ended(self, rows: Sequence[Row], head: str) -> None:
        """Everything is written."""


class RunLog(Watcher):
    """Of a run whose going is told and written down.

    Args:
        progress: Is told how far it is; None: nobody looks.
        workers: What works, for the log.
    """

    def __init__(self, progress: Progress | None = None, workers: str = "") -> None:
        self._progress = progress
        self._workers = workers
        self._file: TextIOWrapper | None = None
        self._start = monotonic()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Say how it ended, if it did not end well."""
        if isinstance(error, KeyboardInterrupt):
            self._note("interrupted", done=self.done, total=self.total)
        elif error is not None:
            code = error.code if isinstance(error, SuperviseError) else type(error).__name__
            self._note("failed", reason=code, done=self.done, total=self.total)
        if self._file is not None:
            self._file.close()

    def started(self, run: Run, files: int) -> None:
        """Open the log.

        Raises:
            UsageError: The folder cannot be written.
        """
        self._file = _opened(run.journal.folder / LOG)
        keeping = run.keeping
        self._note(
            "started",
            program=__version__,
            basis=run.basis.shown,
            period=run.expected,
            ledger=keeping.run if keeping is not None else None,
            workers=self._workers,
            process=os.getpid(),
            files=files,
        )

    def first(self, found: Iterable[Measured], total: int) -> Iterator[Measured]:
        """Note what each file came to; progress is of files."""
        self._tell(MEASURE, 0, total)
        for number, one in enumerate(found, 1):
            self._note(
                "measured",
                file=one.path.name,
                sha256=one.sha256,
                status=one.brief.status if one.brief is not None else "refused",
                reason=one.refusal.code if one.refusal is not None else None,
                taken_over=one.taken_over,
                milliseconds=one.milliseconds,
            )
            self._tell(MEASURE, number, total)
            yield one

    def second(self, found: Iterable[Done], total: int) -> Iterator[Done]:
        """Note what each bank came to; progress is of banks."""
        for one in super().second(found, total):
            row = one.row
            self._note(
                "done" if row.status != "refused" else "lost",
                file=row.file,
                sha256=row.sha256,
                bank=row.code,
                period=row.period,
                status=row.status,
                rulebook=row.rulebook,
                reason=row.reason or None,
                taken_over=one.taken_over,
                milliseconds=one.milliseconds,
            )
            self._tell(JUDGE, self.done, self.total)
            yield one

    def again(self, item: Asked | Job, code: str) -> None:
        """Note that a file is tried once more, after its worker was lost or ended."""
        self._note("again", file=item.path.name, reason=code)

    def refused(self, rows: Sequence[Row]) -> None:
        """Note which files go no further."""
        for row in rows:
            self._note("refused", file=row.file, sha256=row.sha256, reason=row.reason)

    def stand(self, briefs: Iterable[Brief]) -> None:
        """Note what the ledger says and does not count."""
        super().stand(briefs)
        for bank, left in self.passed_over:
            told = {"about": left.about, "reason": left.reason, "by": left.by, "on": left.on}
            self._note("passed_over", bank=bank, **told)

    def ended(self, rows: Sequence[Row], head: str) -> None:
        """Note that everything is written."""
        spent = round((monotonic() - self._start) * 1000)
        counts = {"files": len(rows), "taken_over": self.taken_over}
        self._note("ended", **counts, head=head or None, milliseconds=spent)

    def _note(self, event: str, **told: Any) -> None:
        if self._file is None:
            return
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"at": at, "event": event, **told}, ensure_ascii=True)
        self._file.write(line + "\n")
        self._file.flush()

    def _tell(self, stage: str, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress(stage, done, total)


def _opened(path: Path) -> TextIOWrapper:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a", encoding="utf-8")
    except OSError as error:
        raise UsageError(
            "结果写不进输出文件夹",
            where=str(path),
            expected=f"可以写入的文件夹（{why_not(error)}）",
            fix="检查磁盘空间和权限，或用 -o 换一个文件夹。",
            code="cannot_write",
        ) from error
