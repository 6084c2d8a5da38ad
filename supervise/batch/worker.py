"""One worker: a process at the other end of a pipe that works off one item after another.

To it go pairs of work (None: as before) and item, pickled. From it comes one message for each
item, in the same order: a head that says what became of it and how long it took, and a pickle. A
worker whose pipe closes ends at once, so that none outlives whoever started it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import struct
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from queue import SimpleQueue
from typing import Any, Final

from supervise.batch.limits import Limits, hold_memory, memory_held
from supervise.record import record

STARTED: Final = b"s"
RESULT: Final = b"r"
FAULT: Final = b"f"
MEMORY: Final = b"m"
_HEAD: Final = struct.Struct("<c?d")


@record
class Task:
    """One item on its way.

    Attributes:
        number: Its place among all items.
        retried: Whether it has ended a worker before.
    """

    number: int
    item: Any
    retried: bool = False


@record
class Message:
    """What a worker tells.

    Attributes:
        kind: ``STARTED``, or what became of an item.
        leaves: Whether the worker takes no more items.
        seconds: How long the item took.
        pickled: The result or the fault.
    """

    kind: bytes
    leaves: bool
    seconds: float
    pickled: bytes

    def value(self) -> Any:
        """The result or the fault itself."""
        return ForkingPickler.loads(self.pickled)


_SAFE: Final = "PYTHONSAFEPATH"
_STARTING: Final = threading.Lock()
"""What the environment says is the same for all threads."""


class Worker:
    """A worker as seen by the process that started it.

    Attributes:
        pipe: To wait on.
        tasks: What it was given and has not answered, in order.
        started: Whether it has ever said anything.
        alone: Whether it was given an item that must not have others behind it.
        since: When the first of the tasks became the first, by the monotonic clock.
        given: Bytes of the tasks that are not answered.
    """

    def __init__(self, limits: Limits) -> None:
        spawn = multiprocessing.get_context("spawn")
        self.pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=serve, args=(theirs, limits), daemon=True)
        with _without_interrupts(), _without_modules_of_this_folder():
            self._process.start()
        theirs.close()
        self.tasks: deque[Task] = deque()
        self._sizes: deque[int] = deque()
        self.given = 0
        self.since = 0.0
        self.started = self.alone = False
        self._work: Callable[[Any], Any] | None = None

    def give(self, work: Callable[[Any], Any], task: Task) -> None:
        """Put one more item behind those it has."""
        pickled = ForkingPickler.dumps((None if work is self._work else work, task.item))
        self._work = work
        if not self.tasks:
            self.since = time.monotonic()
        self.tasks.append(task)
        self._sizes.append(len(pickled))
        self.given += len(pickled)
        self.alone = task.retried
        try:
            self.pipe.send_bytes(pickled)
        except OSError:
            return  # it is dead, which whoever listens is about to learn

    def hear(self) -> Message | None:
        """Its next message; None if it is dead."""
        try:
            raw = self.pipe.recv_bytes()
        except (EOFError, OSError):
            return None
        kind, leaves, seconds = _HEAD.unpack_from(raw)
        self.started = True
        self.since = time.monotonic()
        return Message(kind, leaves, seconds, raw[_HEAD.size :])

    def answered(self) -> Task:
        """Its first task, which it has no more."""
        self.given -= self._sizes.popleft()
        self.alone = False
        return self.tasks.popleft()

    def end(self) -> None:
        """End it, whatever it is doing."""
        self.pipe.close()
        self._process.kill()
        self._process.join()
        self._process.close()


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """A process started within never sees Ctrl-C, which a terminal sends to all of them.

    Who started it sees it and ends it. On Windows the process ignores it once it runs.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _without_modules_of_this_folder() -> Iterator[None]:
    """A process started within takes none of its modules from the current folder.

    Python looks there first, even for its own: a file among the submissions would be run.
    """
    with _STARTING:
        before = os.environ.get(_SAFE)
        os.environ[_SAFE] = "1"
        try:
            yield
        finally:
            if before is None:
                del os.environ[_SAFE]
            else:
                os.environ[_SAFE] = before


def serve(pipe: Connection, limits: Limits) -> None:
    """What a worker process does until its pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    hold_memory(limits)
    tasks: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_receive, args=(pipe, tasks), daemon=True).start()
    pipe.send_bytes(_HEAD.pack(STARTED, False, 0))
    work: Callable[[Any], Any] | None = None
    held = 0
    for number in count(1):
        given = tasks.get()
        began = time.monotonic()
        kind, pickled = (FAULT, given) if isinstance(given, bytes) else (b"", b"")
        if not kind:
            work = given[0] or work
            kind, pickled = _done(work, given[1])
        grown = memory_held() - held > limits.growth if held else False
        held = held or memory_held()
        leaves = kind == MEMORY or grown or number >= limits.items
        pipe.send_bytes(_HEAD.pack(kind, leaves, time.monotonic() - began) + pickled)
        if leaves:
            return


def _receive(pipe: Connection, tasks: SimpleQueue[Any]) -> None:
    """Take in what comes at any time: the sender never waits, and a closed pipe is noticed."""
    while True:
        try:
            tasks.put(pipe.recv())
        except (EOFError, OSError):
            os._exit(0)
        except Exception as error:
            tasks.put(_pickled_fault(error))


def _done(work: Any, item: Any) -> tuple[bytes, bytes]:
    try:
        return RESULT, bytes(ForkingPickler.dumps(work(item)))
    except MemoryError:
        return MEMORY, b""
    except Exception as error:
        return FAULT, _pickled_fault(error)


def _pickled_fault(error: Exception) -> bytes:
    """The fault with the place where it arose, for whoever debugs it; else its text."""
    error.add_note("".join(traceback.format_exception(error)))
    try:
        pickled = bytes(ForkingPickler.dumps(error))
        ForkingPickler.loads(pickled)
    except Exception:
        return bytes(ForkingPickler.dumps(RuntimeError(f"{type(error).__name__}: {error}")))
    return pickled
