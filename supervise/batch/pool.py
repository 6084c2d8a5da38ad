"""Workers in common: items handed out ahead, results taken in order, the lost tried once more.

Each worker has a pipe of its own, so that whoever ends it is known: it is the first item that it
has not answered. That one is tried again in a fresh worker with nothing behind it; what stood
behind it goes to others and is blamed for nothing.
"""

from __future__ import annotations

import time
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import wait
from typing import Any, Final, TypeVar

from supervise.batch.limits import Again, Limits, cannot_start, loss, untold
from supervise.batch.worker import FAULT, MEMORY, STARTED, Message, Task, Worker
from supervise.errors import SuperviseError
from supervise.record import replace

In = TypeVar("In")
Out = TypeVar("Out")

_AHEAD_SECONDS: Final = 0.25
_AHEAD_MOST: Final = 8
_AHEAD_BYTES: Final = 64 << 10
"""What a worker has before it, for the time in which nobody listens: little enough to fit into the
pipe, so that handing it out never waits for a worker that hangs."""

_HELD_BYTES: Final = 64 << 20
"""Results that wait for an earlier one: while an item runs into its time limit, some thousands of
others are done behind it, and no more than this is held."""

_STARTS: Final = 3


class Pool:
    """Up to so many workers, started when there is something to do.

    Args:
        most: How many.
        limits: What each item may take.
        again: Told of each item that is tried once more, and the code of why.

    Attributes:
        workers: Those that there are now.
    """

    def __init__(self, most: int, limits: Limits, again: Again = untold) -> None:
        self.workers: list[Worker] = []
        self.again = again
        self._most = most
        self._limits = limits
        self._failed_starts = 0
        self._ended = weakref.finalize(self, _end_all, self.workers)

    def end(self) -> None:
        """End all workers, whatever they are doing."""
        _end_all(self.workers)

    def results(
        self,
        work: Callable[[In], Out],
        lost: Callable[[In, SuperviseError], Out],
        items: Iterable[In],
    ) -> Iterator[Out]:
        """What the work makes of each item, in order.

        Raises:
            Exception: Whatever the work raised, when it is the item's turn.
        """
        round_ = _Round(self, work, items)
        whole = False
        try:
            for settled in round_.settled():
                if isinstance(settled, tuple):
                    task, code = settled
                    yield lost(task.item, loss(code))
                elif settled.kind == FAULT:
                    raise settled.value()
                else:
                    yield settled.value()
            whole = True
        finally:
            if not whole:
                self.end()

    def may_grow(self) -> bool:
        """Whether there may be one more worker."""
        return len(self.workers) < self._most

    def fresh(self) -> Worker:
        """One more worker."""
        worker = Worker(self._limits)
        self.workers.append(worker)
        return worker

    def overdue(self, worker: Worker, now: float) -> bool:
        """Whether its first task has had its time."""
        return bool(worker.tasks) and now - worker.since > self._limits.seconds

    def patience(self, now: float) -> float:
        """Seconds until the first task is overdue."""
        since = min(worker.since for worker in self.workers if worker.tasks)
        return max(0.0, since + self._limits.seconds - now) + 0.01

    def remove(self, worker: Worker) -> None:
        """End a worker.

        Raises:
            SuperviseError: Several in turn ended before they had begun.
        """
        self.workers.remove(worker)
        worker.end()
        self._failed_starts = 0 if worker.started else self._failed_starts + 1
        if self._failed_starts >= _STARTS:
            raise cannot_start()


def _end_all(workers: list[Worker]) -> None:
    while workers:
        workers.pop().end()


Settled = Message | tuple[Task, str]
"""What became of an item: what its worker told, or the item and the code of its loss."""


class _Round:
    """One call over some items."""

    def __init__(self, pool: Pool, work: Callable[[Any], Any], items: Iterable[Any]) -> None:
        self._pool = pool
        self._work = work
        self._new = (Task(number, item) for number, item in enumerate(items))
        self._again: deque[Task] = deque()
        self._alone: deque[Task] = deque()
        self._settled: dict[int, Settled] = {}
        self._held = 0
        self._turn = 0
        self._average = _AHEAD_SECONDS

    def settled(self) -> Iterator[Settled]:
        """What became of each item, in order."""
        self._hand_out()
        while self._settled or self._busy():
            self._listen(self._turn not in self._settled)
            self._hand_out()
            if self._turn in self._settled:
                found = self._settled.pop(self._turn)
                self._held -= _size(found)
                self._turn += 1
                yield found

    def _busy(self) -> list[Worker]:
        return [worker for worker in self._pool.workers if worker.tasks]

    def _hand_out(self) -> None:
        while self._alone and self._pool.may_grow():
            self._pool.fresh().give(self._work, self._alone.popleft())
        while self._pool.may_grow() or any(map(self._has_room, self._pool.workers)):
            task = self._next()
            if task is None:
                return
            self._least_laden().give(self._work, task)

    def _next(self) -> Task | None:
        if self._again:
            return self._again.popleft()
        return next(self._new, None) if self._held < _HELD_BYTES else None

    def _has_room(self, worker: Worker) -> bool:
        if not worker.tasks:
            return True
        ahead = min(_AHEAD_MOST, int(_AHEAD_SECONDS / max(self._average, 0.001))) or 1
        return not worker.alone and len(worker.tasks) <= ahead and worker.given < _AHEAD_BYTES

    def _least_laden(self) -> Worker:
        """Who is to have the next item: an idle worker, a new one, or whoever has least."""
        least = min(filter(self._has_room, self._pool.workers), key=_laden, default=None)
        if least is None or (least.tasks and self._pool.may_grow()):
            return self._pool.fresh()
        return least

    def _listen(self, patiently: bool) -> None:
        """Take in what workers tell, and end those whose time is up.

        Args:
            patiently: Wait until there is something to do.
        """
        busy = self._busy()
        if not busy:
            return
        until = self._pool.patience(time.monotonic()) if patiently else 0
        ready = wait([worker.pipe for worker in busy], until)
        now = time.monotonic()
        for worker in busy:
            if worker.pipe in ready:
                self._hear(worker)
            elif self._pool.overdue(worker, now):
                self._lose(worker, "worker_timeout")

    def _hear(self, worker: Worker) -> None:
        message = worker.hear()
        if message is None:
            self._lose(worker, "worker_lost")
        elif message.kind != STARTED:
            self._average += (message.seconds - self._average) / 10
            task = worker.answered()
            if message.kind == MEMORY:
                self._blame(task, "worker_memory")
            else:
                self._settle(task, message)
            if message.leaves:
                self._give_back(worker)

    def _lose(self, worker: Worker, code: str) -> None:
        if worker.started:
            self._blame(worker.answered(), code)
        self._give_back(worker)

    def _give_back(self, worker: Worker) -> None:
        """What a worker leaves undone goes first to whoever has room."""
        for task in reversed(worker.tasks):
            (self._alone if task.retried else self._again).appendleft(task)
        self._pool.remove(worker)

    def _blame(self, task: Task, code: str) -> None:
        if task.retried:
            self._settle(task, (task, code))
        else:
            self._pool.again(task.item, code)
            self._alone.append(replace(task, retried=True))

    def _settle(self, task: Task, found: Settled) -> None:
        self._settled[task.number] = found
        self._held += _size(found)


def _laden(worker: Worker) -> int:
    return len(worker.tasks)


def _size(found: Settled) -> int:
    return len(found.pickled) if isinstance(found, Message) else 0
