"""The seam over processes of this machine."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from itertools import chain, islice
from types import TracebackType
from typing import TypeVar

from supervise.batch.limits import GENEROUS, Again, Limits, loss, untold
from supervise.batch.pool import Pool
from supervise.errors import SuperviseError

In = TypeVar("In")
Out = TypeVar("Out")
LACKING = "worker_memory"


def processors() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Mapper(AbstractContextManager["Mapper"]):
    """Applies work to items, in this process or in several.

    The processes stay for the next call; they end with the ``with`` block, with this process
    however it ends, and when anything goes wrong.

    Args:
        workers: Number of processes; 1 means this process, which nothing then protects.
        limits: What each item may take.
        again: Told of each item that is tried once more, and the code of why.
    """

    def __init__(
        self, workers: int = 1, limits: Limits = GENEROUS, *, again: Again = untold
    ) -> None:
        self.workers = workers
        self._again = again
        self._pool = Pool(workers, limits, again)

    def __call__(
        self, work: Callable[[In], Out], lost: Callable[[In, SuperviseError], Out]
    ) -> Callable[[Iterable[In]], Iterator[Out]]:
        """A function over items that yields results in their order.

        Args:
            work: Picklable, idempotent: an item may be tried twice.
            lost: What stands for an item that ended its worker twice; called in this process.
        """

        def over(items: Iterable[In]) -> Iterator[Out]:
            rest = iter(items)
            first = list(islice(rest, 2))
            if self.workers <= 1 or (len(first) < 2 and not self._pool.workers):
                yield from self._here(work, lost, chain(first, rest))
            else:
                yield from self._pool.results(work, lost, chain(first, rest))

        return over

    def _here(
        self,
        work: Callable[[In], Out],
        lost: Callable[[In, SuperviseError], Out],
        items: Iterable[In],
    ) -> Iterator[Out]:
        """In this process: only what memory it lacks can be told, twice as in one of its own."""
        for item in items:
            try:
                yield self._twice(work, item)
            except MemoryError:
                yield lost(item, loss(LACKING))

    def _twice(self, work: Callable[[In], Out], item: In) -> Out:
        try:
            return work(item)
        except MemoryError:
            gc.collect()
        self._again(item, LACKING)
        return work(item)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """No process is left."""
        self._pool.end()
