"""The seam over several machines: the door to Dask.

In: the address of a scheduler and what a run was given. Out: a mapper like that over processes. The
machines must be alike and see the same folders; that is asked before anything is done.
"""

from __future__ import annotations

import logging
import secrets
import socket
import time
from asyncio import CancelledError
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from importlib.metadata import requires
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TypeVar

from distributed import Client, Future, KilledWorker

from supervise.batch.crew import Loss, Retried, Session, dismiss, look, work_off
from supervise.batch.faults import (
    lost_cluster,
    no_workers,
    require_address,
    require_versions,
    unreachable,
)
from supervise.batch.limits import GENEROUS, Again, Limits, loss, untold
from supervise.errors import SuperviseError
from supervise.pipeline.run.alike import TOKEN, Asked, require_alike, seen_here
from supervise.pipeline.saving import save

In = TypeVar("In")
Out = TypeVar("Out")

_SECONDS_TO_CONNECT: Final = 15
_SECONDS_WITHOUT_WORKERS: Final = 60
"""How long a run waits when no worker is left, for instance while one is started again."""

_AHEAD: Final = 1_000
"""Items under way at once. Done ones wait on their workers, so that one that runs into its time
limit holds up nobody; a result is some 50 kB."""

_SECONDS_OF_SILENCE: Final = 5
_KILLED: Final = object()


def token() -> str:
    """What the file in the folder of results says, new for each run."""
    return secrets.token_hex(16)


class _Caller(Client):
    """A client that whoever opened it closes: one that never got through has nothing to close."""

    def __del__(self) -> None:
        """Nothing: Dask's own tries for half a minute, then tells the terminal that it failed."""


class Cluster(AbstractContextManager["Cluster"]):
    """Applies work to items on the workers of a Dask scheduler.

    Args:
        address: Of the scheduler, ``tcp://host:port`` or ``tls://host:port``.
        asked: What the run was given.
        limits: What each item may take.
        again: Told of each item that was tried once more, and the code of why.
    """

    def __init__(
        self, address: str, asked: Asked, limits: Limits = GENEROUS, *, again: Again = untold
    ) -> None:
        self._again = again
        self._address = address
        self._asked = asked
        self._limits = limits
        self._token = Path(asked.output) / TOKEN

    def __enter__(self) -> Cluster:
        """Connect, and look whether all machines are alike.

        Raises:
            UsageError: The cluster cannot be reached, or what differs where.
        """
        self._client = _connected(self._address)
        try:
            self._session = self._looked_at()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """The workers are free again."""
        with suppress(Exception):  # whoever is gone has nothing left of us
            self._client.run(dismiss, self._session, on_error="ignore")
        self._close()

    def __call__(
        self, work: Callable[[In], Out], lost: Callable[[In, SuperviseError], Out]
    ) -> Callable[[Iterable[In]], Iterator[Out]]:
        """A function over items that yields results in their order.

        Args:
            work: Picklable, idempotent: an item may be tried twice.
            lost: What stands for an item that was lost twice; called in this process.
        """

        def over(items: Iterable[In]) -> Iterator[Out]:
            sent = _Sent(self._client, self._session, self._address, work, self._again)
            for item, result in sent.results(iter(items)):
                yield lost(item, result.error) if isinstance(result, Loss) else result

        return over

    def _looked_at(self) -> Session:
        if not self._client.scheduler_info()["workers"]:
            raise no_workers(self._address)
        versions: Any = self._client.get_versions(packages=_packages())
        require_versions(versions["client"], versions["scheduler"], versions["workers"])
        save(
            self._token,
            self._asked.token.encode(),
            what="不能写入结果文件夹",
            expected="可以写入的文件夹",
            fix="检查路径和权限。",
        )
        here = seen_here(self._asked)
        require_alike(self._asked, here, self._client.run(look, self._asked))
        return Session(self._asked, here, self._limits)

    def _close(self) -> None:
        with suppress(OSError):
            self._token.unlink()
        with suppress(Exception):  # nothing is to be had from a scheduler that is gone
            self._client.close(timeout=2)


def _connected(address: str) -> Client:
    _silence()
    try:
        # Dask tries again and again where nobody listens.
        socket.create_connection(require_address(address), _SECONDS_TO_CONNECT).close()
        return _Caller(address, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, TypeError, ValueError) as error:
        raise unreachable(address) from error


def _silence() -> None:
    """What users are told, they are told by us: Dask logs tracebacks to the terminal."""
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _packages() -> list[str]:
    """This program and every package that it needs to work."""
    needed = (one for one in requires("supervise") or () if "extra ==" not in one)
    return ["supervise", *(one.split(">=")[0].split(";")[0].strip() for one in needed)]


class _Sent:
    """One call over some items."""

    def __init__(
        self,
        client: Client,
        session: Session,
        address: str,
        work: Callable[[Any], Any],
        again: Again,
    ) -> None:
        self._again = again
        self._client = client
        self._session = session
        self._address = address
        self._work = work
        self._under: deque[tuple[Any, Future[Any]]] = deque()

    def results(self, items: Iterator[Any]) -> Iterator[tuple[Any, Any]]:
        """Each item with its result or ``Loss``, in order.

        Raises:
            SuperviseError: The cluster is gone.
            Exception: Whatever the work raised, when it is the item's turn.
        """
        try:
            while True:
                wanted = _AHEAD - len(self._under)
                self._under += [(item, self._begun(item)) for item in islice(items, wanted)]
                if not self._under:
                    return
                item, future = self._under[0]
                result = self._settled(item, future)
                self._under.popleft()
                yield item, result
        finally:
            for _, future in self._under:
                future.release()

    def _begun(self, item: Any) -> Future[Any]:
        return self._client.submit(work_off, self._session, self._work, item, pure=False)

    def _settled(self, item: Any, future: Future[Any]) -> Any:
        """The result, or a ``Loss`` if even the second try took its workers down one by one."""
        result = self._outcome(future)
        if result is _KILLED:
            self._again(item, "worker_lost")
            result = self._outcome(self._begun(item))
        if isinstance(result, Retried):
            self._again(item, result.code)
            return result.result
        return Loss(loss("worker_lost")) if result is _KILLED else result

    def _outcome(self, future: Future[Any]) -> Any:
        while True:
            try:
                return future.result(timeout=_SECONDS_OF_SILENCE)
            except (Exception, CancelledError) as error:
                if future.status == "error":
                    fault = future.exception()
                    if isinstance(fault, KilledWorker):
                        return _KILLED
                    raise fault from None
                if not isinstance(error, TimeoutError) or future.status == "cancelled":
                    raise lost_cluster(self._address) from error
            self._require_workers()

    def _require_workers(self) -> None:
        """Wait for workers to come back, but not for ever."""
        until = time.monotonic() + _SECONDS_WITHOUT_WORKERS
        while not self._anybody():
            if time.monotonic() > until:
                raise lost_cluster(self._address)
            time.sleep(1)

    def _anybody(self) -> bool:
        try:
            return bool(self._client.scheduler_info()["workers"])
        except OSError as error:
            raise lost_cluster(self._address) from error
