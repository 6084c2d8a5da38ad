"""What is said of a cluster that cannot be used, or no longer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from supervise import __version__
from supervise.errors import SuperviseError, UsageError
from supervise.pipeline.run.alike import refused


def require_address(address: str) -> tuple[str, int]:
    """Host and port of a scheduler.

    Raises:
        UsageError: It is no address that Dask would listen on.
    """
    try:
        split = urlsplit(address)
        host, port = split.hostname, split.port
    except ValueError:
        split, host, port = urlsplit(""), None, None
    if split.scheme in ("tcp", "tls") and host and port and not split.path.strip("/"):
        return host, port
    raise UsageError(
        "集群地址的写法不对",
        where=address,
        expected="tcp://主机:端口 或 tls://主机:端口",
        fix="写成 --cluster tcp://scheduler:8786。",
        code="cluster_address",
    )


def not_installed() -> UsageError:
    """The extra is missing."""
    return UsageError(
        "没有安装集群所需的 Dask",
        expected="附加组件 cluster",
        fix="执行 pip install 'supervise[cluster]'。",
        code="cluster_missing",
    )


def unreachable(address: str) -> UsageError:
    """Nobody answers, or not in the same protocol."""
    return UsageError(
        "连不上集群的调度器",
        where=address,
        expected="正在运行的 dask scheduler；tls:// 还须配置同一套证书",
        fix="启动调度器，检查地址、防火墙和证书设置（docs/cluster.md）。",
        code="cluster_unreachable",
    )


def no_workers(address: str) -> UsageError:
    """A scheduler that has nobody to work."""
    return UsageError(
        "集群里没有工作机",
        where=address,
        expected="至少一个 dask worker",
        fix=f"在各机器上执行 dask worker {address} --no-nanny 。",
        code="cluster_empty",
    )


def lost_cluster(address: str) -> SuperviseError:
    """In mid-run, scheduler or all workers are gone."""
    return SuperviseError(
        "运行途中失去了集群",
        where=address,
        expected="调度器和至少一个工作机一直在运行",
        fix="重新启动集群，再运行同一命令。",
        code="cluster_lost",
    )


def require_versions(here: Any, scheduler: Any, workers: Mapping[str, Any]) -> None:
    """Refuse machines on which another program, library or Python would work.

    Args:
        here: What Dask tells of this process.
        scheduler: Of the scheduler, which unpacks what it passes on.
        workers: Of each worker.

    Raises:
        UsageError: What differs, and where.
    """
    mine = _versions(here)
    others = {"scheduler": scheduler, **workers}
    found = {at: _unlike(mine, _versions(told)) for at, told in others.items()}
    differing = {at: text for at, text in found.items() if text}
    if differing:
        raise refused(
            "集群各机器上的程序版本与本机不同",
            differing,
            expected="各机器的 supervise、Python 和所用程序库与本机版本相同",
            fix=f"在各机器上安装 supervise {__version__} 和同样版本的程序库，再重新启动工作机。",
            code="cluster_versions",
        )


def _versions(told: Any) -> dict[str, str]:
    python = ".".join(told["host"]["python"].split(".")[:2])
    packages = {name: str(version or "-") for name, version in told["packages"].items()}
    return {"Python": python} | {k: v for k, v in packages.items() if k != "python"}


def _unlike(mine: Mapping[str, str], theirs: Mapping[str, str]) -> str:
    pairs = ((name, theirs.get(name, "-"), own) for name, own in mine.items())
    return "、".join(f"{name} {there} ≠ {own}" for name, there, own in pairs if there != own)
