"""The first pass over files of which some rest on others.

First all are opened, and measured where they rest on no other; then, wave by wave, those whose
first filing and whose legal person are measured by then. So each is measured once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from supervise.pipeline.run.elsewhere import Elsewhere, kept_file, stands_elsewhere
from supervise.pipeline.run.given import kept_in
from supervise.pipeline.run.items import Asked, Run
from supervise.pipeline.run.journal import Noted
from supervise.pipeline.run.measured import Brief, Measured, slim
from supervise.pipeline.run.others import NO_OTHERS, Awaits, Others, ready
from supervise.pipeline.run.standing import conflicts, first_filings, standing

First = Callable[[Sequence[Asked]], Iterator[Measured]]


class KnownOthers:
    """What the measured files of a run mean to the others.

    Args:
        filed: Those that are not refused.
        elsewhere: What stands in the ledger instead of them.
        run: What is asked for.
    """

    def __init__(self, filed: Sequence[Measured], elsewhere: Elsewhere, run: Run) -> None:
        self._firsts = first_filings(filed)
        self._stand = standing(filed)
        self._elsewhere = elsewhere
        self._store = run.keeping.store if run.keeping is not None else None

    def of(self, one: Awaits | Brief) -> tuple[Others, Path | None]:
        """What is known of the others for a filing, and the file of its legal person."""
        first = self._firsts.get(one.filer)
        if one.parent is None:
            return Others(first), None
        parent = one.parent, one.period
        kept = kept_file(self._elsewhere, parent, self._store)
        if kept is not None:  # of an earlier run, where that stands
            return Others(first, kept[1]), kept[0]
        own = self._stand.get(parent)
        if own is None or own.brief is None:
            return Others(first), None
        return Others(first, own.brief.key, self._firsts.get(parent)), own.path


def in_waves(files: Sequence[Path], run: Run, first: First) -> Iterator[Measured]:
    """Each file measured, those that rest on no other first.

    Args:
        files: The workbooks.
        run: What is asked for.
        first: The first pass over some of them, in their order.
    """
    noted = run.journal.noted()
    done: list[Measured] = []
    waiting: dict[Path, Awaits] = {}
    asked = [_asked(path, run, noted, alone=True) for path in files]
    while asked:
        for one in map(slim, first(asked)):
            if one.waits is not None:
                waiting[one.path] = one.waits
            else:
                done.append(one)
                yield one
        wave = _wave(waiting, done, run)
        waiting = {path: waits for path, waits in waiting.items() if path not in wave}
        asked = [_asked(path, run, noted, *others) for path, others in wave.items()]


def _wave(
    waiting: dict[Path, Awaits], done: Sequence[Measured], run: Run
) -> dict[Path, tuple[Others, Path | None]]:
    """Whose turn it is, with what is known of the others; one parent's branches stand together."""
    if not waiting:
        return {}
    rejected = conflicts(done)
    filed = [one for one in done if one.path not in rejected]
    periods = {one.period for one in waiting.values()}
    known = KnownOthers(filed, stands_elsewhere(filed, periods, kept_in(run.keeping)), run)
    now = sorted(ready(waiting), key=lambda path: waiting[path].parent or "")
    return {path: known.of(waiting[path]) for path in now}


def _asked(
    path: Path,
    run: Run,
    noted: Noted,
    others: Others = NO_OTHERS,
    parent: Path | None = None,
    *,
    alone: bool = False,
) -> Asked:
    told = noted.measured(path.name)
    return Asked(path=path, run=run, alone=alone, others=others, parent=parent, noted=told)
