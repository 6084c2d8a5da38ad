"""What a machine of a cluster does for a run: each item in a process of its own, as in the pool.

So a hostile item ends its process, not the worker, and is told in the same words. Runs on the
worker; knows nothing of who sent it there.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable
from functools import cache, partial
from threading import Lock
from typing import Any

from supervise.batch.limits import Limits
from supervise.batch.pool import Pool
from supervise.errors import SuperviseError, UsageError
from supervise.pipeline.run.alike import Asked, Seen, require_alike, seen_here
from supervise.record import record, replace


@record
class Session:
    """One run of one client.

    Attributes:
        asked: What the run was given.
        here: What the client's machine sees of it.
        limits: What each item may take.
    """

    asked: Asked
    here: Seen
    limits: Limits


@record
class Loss:
    """Stands for an item that was lost."""

    error: SuperviseError


@record
class Retried:
    """What came of an item that a worker tried twice.

    Attributes:
        code: Why.
        result: The result, or a ``Loss``.
    """

    code: str
    result: Any


class Crew:
    """The processes of one worker for one session, one for each thread that asks."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._idle: deque[Pool] = deque()

    def work_off(self, work: Callable[[Any], Any], item: Any) -> Any:
        """The result or a ``Loss``; in a ``Retried`` where it was tried twice."""
        pool = self._idle.pop() if self._idle else Pool(1, self._session.limits)
        why: list[str] = []
        pool.again = lambda _, code: why.append(code)
        try:
            [result] = pool.results(partial(_in, self._session.asked.folder, work), _lost, [item])
        finally:
            self._idle.append(pool)
        return Retried(why[0], result) if why else result

    def end(self) -> None:
        """End all its processes."""
        while self._idle:
            self._idle.pop().end()


class _Duty:
    """Which session this worker works for: the latest, since earlier ones are over."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._session: Session | None = None
        self._crew: Crew | None = None

    def crew(self, session: Session) -> Crew:
        with self._lock:
            if self._crew is None or self._session != session:
                self._dismiss()
                _require_fit(session)
                self._crew, self._session = Crew(session), session
            return self._crew

    def dismiss(self, session: Session) -> None:
        with self._lock:
            if self._session == session:
                self._dismiss()

    def _dismiss(self) -> None:
        if self._crew is not None:
            self._crew.end()
        self._crew = self._session = None


@cache
def _duty() -> _Duty:
    return _Duty()


def work_off(session: Session, work: Callable[[Any], Any], item: Any) -> Any:
    """One item of a session: its result or a ``Loss``; in a ``Retried`` if it was tried twice.

    Raises:
        UsageError: A worker that joined late does not fit.
    """
    return _duty().crew(session).work_off(work, item)


def dismiss(session: Session) -> None:
    """The session is over: no process of it is left."""
    _duty().dismiss(session)


def look(asked: Asked) -> Seen:
    """What this worker sees of a run.

    Raises:
        UsageError: It cannot start processes of its own.
    """
    if multiprocessing.current_process().daemon:
        raise UsageError(
            "工作机不能启动子进程",
            where=os.uname().nodename if hasattr(os, "uname") else "",
            expected="以 --no-nanny 启动的 dask worker",
            fix="用 dask worker 地址 --no-nanny 重新启动各工作机。",
            code="cluster_nanny",
        )
    return seen_here(asked)


def _require_fit(session: Session) -> None:
    """What the client looked at when it began; folders that are only read may have grown since."""
    seen = look(session.asked)
    require_alike(session.asked, session.here, {seen.host: replace(seen, paths=session.here.paths)})


def _in(folder: str, work: Callable[[Any], Any], item: Any) -> Any:
    """In the folder where the command was called, so that relative paths mean the same."""
    os.chdir(folder)
    return work(item)


def _lost(item: Any, error: SuperviseError) -> Any:
    return Loss(error)
