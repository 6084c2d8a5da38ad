"""One bank's way through a run: measured first, then judged among its peers and written.

Each pass takes plain values and gives plain values, so that it may run in another process, on
another machine too if it sees the same folders. A fault of ours on one bank is recorded on that
bank. What an earlier run came to, resting on the same, is taken over.
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
from supervise.pipeline.outputs import INTERNAL, Row, Target, is_written, write_refusal
from supervise.pipeline.run.basis import NO_BASIS, Basis, digest_of_texts
from supervise.pipeline.run.entries import Place
from supervise.pipeline.run.given import Keeping
from supervise.pipeline.run.halves import take_half
from supervise.pipeline.run.journal import FOLDER, Finished, Journal, finished_label, measured_label
from supervise.pipeline.run.judging import Judged, judged, kept_bytes, key_again, measured
from supervise.pipeline.run.measured import Brief, Measured
from supervise.pipeline.run.others import NO_OTHERS, Awaits, Others
from supervise.pipeline.run.peer_groups import Ranked
from supervise.pipeline.template import parse_period
from supervise.read.files import read_file
from supervise.record import record, replace
from supervise.settings import Settings

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.filing import Filing

GLYPH_MISSING = "glyph_missing"
T = TypeVar("T")


@record(kw_only=True)
class Run:
    """What a regulator asks for.

    Attributes:
        target: Where results go and which of them.
        history: Folder of earlier evaluation documents.
        judgements: File of supervisors' marks.
        expected: The period that is being collected, as ``2026Q3``; None: any.
        official: Refuse results that rest on anything unconfirmed.
        proofs: Folder of the banks' proofs of self-check, to compare with.
        opinions: File of the supervisor's words, as a run before drafted it.
        keeping: The ledger that is asked and appended to; None: none.
        basis: What its results rest on; the run works it out when it starts.
    """

    settings: Settings
    target: Target
    history: Path | None = None
    judgements: Path | None = None
    expected: str | None = None
    official: bool = False
    proofs: Path | None = None
    opinions: Path | None = None
    keeping: Keeping | None = None
    basis: Basis = NO_BASIS

    @property
    def journal(self) -> Journal:
        """What the run has done so far, kept in its folder for the office."""
        return Journal(self.target.folder / INTERNAL / FOLDER)


@record(kw_only=True)
class Asked:
    """One file's first pass; plain values, so that it can cross a process border.

    Attributes:
        alone: Nothing is known of the other files yet: one that rests on others has to wait.
        others: What is known of the others.
        parent: The legal person's file, for a branch.
        noted: Where the journal has something of a file of this name.
    """

    path: Path
    run: Run
    alone: bool = False
    others: Others = NO_OTHERS
    parent: Path | None = None
    noted: tuple[Place, ...] = ()


@record(kw_only=True)
class Job:
    """One bank's second pass; plain values too.

    Attributes:
        key: What the first pass rested on.
        ranked: Where the bank stands among its peers; None: it has none.
        others: What is known of the other files of the run.
        parent: The legal person's file, for a branch.
        superseded: A resubmission stands instead.
        recorded: Digest of the document that the ledger has of it as the latest; empty: none.
        half: Where the first pass left it half made; ``finished``: where the journal has what an
            earlier second pass came to. None: nowhere.
    """

    path: Path
    sha256: str
    run: Run
    key: str = ""
    ranked: Ranked | None = None
    others: Others = NO_OTHERS
    parent: Path | None = None
    superseded: bool = False
    recorded: str = ""
    half: Place | None = None
    finished: Place | None = None


@record
class Done:
    """What a bank's second pass leaves: its row, and its figures unless it was lost.

    Attributes:
        figures: What a region needs of it, packed; empty if it was lost.
        filing: What a ledger is to keep of it; None without one, or if it has it, or if it was
            lost.
        taken_over: An earlier run had done it.
        milliseconds: That it took.
    """

    row: Row
    figures: str = ""
    filing: Filing | None = None
    taken_over: bool = False
    milliseconds: int = 0


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
    return Judged(half.row(superseded=job.superseded), half.figures, filing)


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
