"""What a run came to, for people and for scripts."""

from __future__ import annotations

from collections.abc import Sequence

from supervise.errors import RenderingError
from supervise.pipeline.outputs import STATUSES, Row
from supervise.pipeline.proof import proof_summary
from supervise.pipeline.run.given import proofs_of
from supervise.pipeline.run.items import Run
from supervise.pipeline.run.keeping import Keeper
from supervise.pipeline.run.log import JUDGE, MEASURE, Watcher
from supervise.pipeline.run.opinions import drafts
from supervise.pipeline.run.passes import GLYPH_MISSING
from supervise.read.words import read_words


def exit_code(rows: Sequence[Row]) -> int:
    """7 if a report lacks a glyph, 1 if one is blocked, incomplete or refused, else 0."""
    if any(row.reason == GLYPH_MISSING for row in rows):
        return RenderingError.exit_code
    return 1 if any(row.status in ("blocked", "incomplete", "refused") for row in rows) else 0


def progress_words(run: Run) -> dict[str, str]:
    """What a line that shows the progress of a run is made of."""
    words = read_words(run.settings.lang)
    told = {"stage": "{stage}", "bar": "{bar}", "done": "{done}", "total": "{total}"}
    line = words("run.line", **told, rate="{rate}", left="{left}")
    return {"line": line, MEASURE: words("run.measure"), JUDGE: words("run.judge")}


def interrupted(run: Run, watcher: Watcher) -> str:
    """What is left of a run that was broken off, and how to go on."""
    words = read_words(run.settings.lang)
    counts = {"done": watcher.done, "total": watcher.total}
    return words("run.interrupted" if watcher.total else "run.interrupted_early", **counts)


def summary(
    rows: Sequence[Row], run: Run, keeper: Keeper | None = None, watcher: Watcher | None = None
) -> str:
    """What a run came to, for people: counts, refusals with reasons, where the index is.

    Args:
        rows: One for each file.
        run: What was asked for.
        keeper: Of the ledger, if there was one.
        watcher: Who saw how the run went.
    """
    words, watcher = read_words(run.settings.lang), watcher or Watcher()
    statuses = [row.status for row in rows]
    counts = {name: statuses.count(name) for name in STATUSES}
    lines = [words("run.summary", n=len(rows), **counts)]
    if watcher.taken_over:
        lines.append(words("run.taken_over", n=watcher.taken_over))
    lines += [
        words("run.refused", file=row.file, message=row.message, reason=row.reason)
        for row in rows
        if row.status == "refused"
    ]
    lines += [
        words(f"run.passed_over.{one.reason}", bank=bank, about=one.about, by=one.by, on=one.on)
        for bank, one in watcher.passed_over
    ]
    if run.proofs is not None:
        lines += proof_summary(rows, proofs_of(run.proofs), words)
    lines += [words("run.opinions", path=path) for path in drafts(rows, run.target.folder)]
    if keeper is not None and keeper.head:
        told = {"ledger": keeper.shown, "added": keeper.added, "head": keeper.head}
        lines.append(words("run.ledger", **told))
    lines.append(words("run.written", path=run.target.folder / "index.html"))
    return "\n".join(lines)
