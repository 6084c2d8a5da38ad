"""One bank's way through a run: measured first, then judged among its peers and written.

Each pass takes plain values and gives plain values (``items.py``), so that it may run in another
process, on another machine too if it sees the same folders. A fault of ours on one bank is
recorded on that bank. What an earlier run came to, resting on the same, is taken over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from supervise.core.period import Period
from supervise.errors import RenderingError, SuperviseError, WorkbookUnreadable
from supervise.pipeline.calm import calm
from supervise.pipeline.case import refused
from supervise.pipeline.outputs import is_written, write_refusal
from supervise.pipeline.run.basis import digest_of_texts
from supervise.pipeline.run.given import Keeping
from supervise.pipeline.run.halves import take_half
from supervise.pipeline.run.items import Asked, Done, Job, Run
from supervise.pipeline.run.journal import Finished, finished_label, measured_label
from supervise.pipeline.run.judging import Judged, judged, kept_bytes, key_again, measured
from supervise.pipeline.run.measured import Brief, Measured
from supervise.pipeline.run.others import Awaits
from supervise.pipeline.template import parse_period
from supervise.read.files import read_file
from supervise.record import replace

if TYPE_CHECKING:  # only where a ledger is named
    pass

GLYPH_MISSING = "glyph_missing"
T = TypeVar("T")


def first_pass(asked: Asked) -> Measured:
    """Measure one bank without its peers; a fault of ours stays with this bank."""
    with calm():
        found, spent = _timed(lambda: _measured_or_refused(asked))
    return replace(found, milliseconds=spent)


def second_pass(job: Job) -> Done:
    """Judge with peers and parent, render, write; runs in a worker."""
    done, spent = _timed(lambda: _done_or_lost(job))
    return replace(done, milliseconds=spent)


def never_measured(asked: Asked, error: SuperviseError) -> Measured:
    """What stands for a file whose worker died in the first pass."""
    path, settings = asked.path, asked.run.settings
    outcome = refused(path, error, settings)
    return Measured(path, outcome.sha256, refusal=outcome.refusal)


def write_lost(job: Job, error: SuperviseError) -> Done:
    """The row of a bank whose worker died."""
    return Done(write_refusal(job.path.name, job.sha256, error, job.run.target))


def expected_period(run: Run) -> Period | None:
    """The period that is being collected; None: any."""
    return parse_period(run.expected) if run.expected is not None else None


def _timed(work: Callable[[], T]) -> tuple[T, int]:
    """What came of it, and the milliseconds that it took."""
    start = monotonic()
    result = work()
    return result, round((monotonic() - start) * 1000)


def _measured_or_refused(asked: Asked) -> Measured:
    try:
        data = read_file(asked.path)
        sha256 = hashlib.sha256(data).hexdigest()
        known = _noted(asked, sha256)
        if known is not None and asked.alone and known.awaits is not None:
            return Measured(asked.path, sha256, waits=known.awaits)
        if known is not None and known.key == key_again(known, asked, sha256):
            return Measured(asked.path, sha256, known, taken_over=True)
        return _measured(asked, data, sha256)
    except WorkbookUnreadable as error:
        return never_measured(asked, error)
    except (SuperviseError, MemoryError):
        raise  # whoever spread the work tries once more what had too little memory
    except Exception as error:
        return never_measured(asked, _our_fault(asked.path, error))


def _noted(asked: Asked, sha256: str) -> Brief | None:
    """What the journal has of the file, if it has the same bytes."""
    own = [place for place in asked.noted if place.label.sha256.hex() == sha256]
    return asked.run.journal.brief(own[-1]) if own else None


def _measured(asked: Asked, data: bytes, sha256: str) -> Measured:
    found, half = measured(asked, data)
    if isinstance(found, Awaits):
        return Measured(asked.path, sha256, waits=found)
    if not found.misfits:
        label = measured_label(asked.path.name, sha256, found.key)
        asked.run.journal.keep_brief(label, found, half)
    return Measured(asked.path, sha256, found)


def _done_or_lost(job: Job) -> Done:
    try:
        return _taken_over(job) or _done(job)
    except RenderingError as error:
        if error.code != GLYPH_MISSING:
            raise
        return write_lost(job, error)
    except WorkbookUnreadable as error:
        return write_lost(job, error)
    except (SuperviseError, MemoryError):
        raise
    except Exception as error:
        return write_lost(job, _our_fault(job.path, error))


def _taken_over(job: Job) -> Done | None:
    """What an earlier run came to, if it rests on the same and all that came of it is there."""
    known = job.run.journal.finished(job.finished) if job.finished is not None else None
    if known is None or known.key != _key(job) or not is_written(known.row, job.run.target):
        return None
    keeping = job.run.keeping
    if keeping is not None and not _is_kept(job, known, keeping):
        return None
    return Done(known.row, known.figures, taken_over=True)


def _is_kept(job: Job, known: Finished, keeping: Keeping) -> bool:
    """Whether the ledger has this very result as the latest, and the store the bytes."""
    from supervise.ledger.store import Store

    stored = keeping.store is None or Store(keeping.store).has(job.sha256)
    return stored and bool(known.document) and known.document == job.recorded


def _key(job: Job) -> str:
    """Digest of everything that the second pass rests on."""
    ranked = job.ranked
    told = (
        job.key,
        job.run.basis.shown,
        ranked.spreads if ranked is not None else "",
        repr((sorted(ranked.ranks.items()), ranked.frozen)) if ranked is not None else "",
        job.others.parent,
        repr((job.others.first_filing, job.superseded)),
    )
    return digest_of_texts(told)


def _done(job: Job) -> Done:
    journal = job.run.journal
    data = _as_measured(job)
    made = _from_half(job, data) or judged(job, data)
    document = made.filing.documents.document if made.filing is not None else ""
    key = _key(job)
    label = finished_label(job.path.name, job.sha256, key)
    journal.keep_finished(label, Finished(key, document, made.row, made.figures))
    return Done(made.row, made.figures, made.filing)


@calm()
def _from_half(job: Job, data: bytes) -> Judged | None:
    """What the first pass left half made, made whole; None: there is no such half."""
    half, keeping = take_half(job.run.journal, job), job.run.keeping
    if half is None or keeping is None:
        return None
    filing = half.filing(job, keeping.received_on, kept_bytes(data, keeping))
    return Judged(half.row(superseded=job.superseded), "", filing)  # nobody makes a summary


def _as_measured(job: Job) -> bytes:
    """The bytes that the first pass saw.

    Raises:
        WorkbookUnreadable: ``file_changed``, or it cannot be opened any more.
    """
    data = read_file(job.path)
    if hashlib.sha256(data).hexdigest() != job.sha256:
        raise WorkbookUnreadable(
            "评价过程中文件被改动",
            where=job.path.name,
            expected="报送件在一次评价中保持不变",
            fix="等文件不再变动后，再运行同一条命令。",
            code="file_changed",
        )
    return data


def _our_fault(path: Path, error: Exception) -> SuperviseError:
    """What the run's index says of a bank on which the program itself failed."""
    return SuperviseError(
        f"程序内部错误 {type(error).__name__}，这是程序的问题",
        where=path.name,
        expected="每个报送件处理完毕",
        fix="单独对该文件运行 supervise check --debug，把结果交给维护者。",
        code="our_fault",
    )
