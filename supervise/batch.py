"""Many banks over many processes: one seam, ``Mapper``, so that the run does not know which.

A worker that dies takes its own bank down, not the run: the pool is built again and the banks
that were under way are tried once more, one at a time.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from supervise.errors import SuperviseError

In = TypeVar("In")
Out = TypeVar("Out")


class WorkerLost(SuperviseError):
    """A worker process died on this bank again when it was tried alone."""


def processors() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Mapper:
    """Applies work to items, in this process or in several.

    Args:
        workers: Number of processes; 1 means this process.
    """

    def __init__(self, workers: int = 1) -> None:
        self.workers = workers

    def __call__(
        self, work: Callable[[In], Out], lost: Callable[[In, SuperviseError], Out]
    ) -> Callable[[Sequence[In]], Iterator[Out]]:
        """A function over sequences that yields results in the items' order.

        Args:
            work: Picklable, idempotent: an item may be tried twice.
            lost: What stands for an item whose worker died.
        """

        def over(items: Sequence[In]) -> Iterator[Out]:
            if self.workers <= 1 or len(items) < 2:
                return map(work, items)
            return self._pooled(work, lost, items)

        return over

    def _pooled(
        self,
        work: Callable[[In], Out],
        lost: Callable[[In, SuperviseError], Out],
        items: Sequence[In],
    ) -> Iterator[Out]:
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(min(self.workers, len(items)), mp_context=spawn) as pool:
            futures = [_submitted(pool, work, item) for item in items]
            for item, future in zip(items, futures, strict=True):
                result = _settled(future) if future is not None else None
                yield _alone(work, lost, item) if result is None else result[0]


def _submitted(
    pool: ProcessPoolExecutor, work: Callable[[In], Out], item: In
) -> Future[Out] | None:
    """The item under way; None if a worker died while items were still being handed out."""
    try:
        return pool.submit(work, item)
    except BrokenProcessPool:
        return None


def _settled(future: Future[Out]) -> tuple[Out] | None:
    try:
        return (future.result(),)
    except BrokenProcessPool:
        return None


def _alone(work: Callable[[In], Out], lost: Callable[[In, SuperviseError], Out], item: In) -> Out:
    """One item in a pool of its own, so that the culprit cannot take a neighbour along.

    Twice at most: the first death in the common pool may have been a neighbour's.
    """
    spawn = multiprocessing.get_context("spawn")
    for _ in range(2):
        with ProcessPoolExecutor(1, mp_context=spawn) as pool:
            result = _settled(pool.submit(work, item))
        if result is not None:
            return result[0]
    error = WorkerLost(
        "处理该机构的进程异常终止",
        expected="每个报送件在独立进程中处理完毕",
        fix="单独对该文件运行 supervise check；仍然失败请附日志联系维护者。",
        code="worker_lost",
    )
    return lost(item, error)
