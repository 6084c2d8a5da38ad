"""Who works for a run: processes of this machine, or a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supervise.cli.console import said
from supervise.errors import UsageError

if TYPE_CHECKING:
    from supervise.batch import Mapper
    from supervise.batch.cluster import Cluster
    from supervise.batch.limits import Again
    from supervise.pipeline.run.items import Run

_OPEN_NETWORK = "注意：tcp:// 不加密，也不验证对方身份；只在可信的内部网络使用，否则改用 tls://。"
LEAST = 2
"""Processes even on a machine of one processor: a file that takes its process down is then told."""


def spread(
    options: dict[str, Any], run: Run, paths: Sequence[Path], again: Again
) -> AbstractContextManager[Mapper | Cluster]:
    """What spreads a run over workers; used with ``with``.

    Args:
        options: Of the command.
        run: What is asked for.
        paths: What is read.
        again: Told of each item that is tried once more.

    Raises:
        UsageError: Processes and a cluster at once, or no such cluster.
    """
    workers, address = options["workers"], options["cluster"]
    if address is None:
        from supervise.batch import Mapper

        return Mapper(_processes(workers), again=again)
    if workers is not None:
        raise UsageError(
            "--workers 和 --cluster 不能同用",
            expected="用本机的若干进程，或用集群的全部工作机",
            fix="去掉其中一个。",
            code="cluster_or_workers",
        )
    return _cluster(address, run, paths, again)


def workers_told(options: dict[str, Any]) -> str:
    """Who works, for the run's log: the number of processes, or the cluster's address."""
    return str(options["cluster"] or _processes(options["workers"]))


def _processes(asked: int | None) -> int:
    from supervise.batch import processors

    return asked or max(LEAST, processors())


def _cluster(address: str, run: Run, paths: Sequence[Path], again: Again) -> Cluster:
    from supervise.batch.faults import not_installed

    warn_of(address, run.settings.lang)
    try:
        from supervise.batch.cluster import Cluster, token
    except ModuleNotFoundError as error:
        raise not_installed() from error
    from supervise.pipeline.run.alike import asked_of

    return Cluster(address, asked_of(run, paths, token()), again=again)


def warn_of(address: str, lang: str = "zh") -> None:
    """Say so where others on the network could read along or give orders.

    Raises:
        UsageError: It is no address of a scheduler.
    """
    from supervise.batch.faults import require_address

    host, _ = require_address(address)
    if not address.startswith("tls:") and not _loopback(host):
        click.echo(said(_OPEN_NETWORK, lang), err=True)


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
