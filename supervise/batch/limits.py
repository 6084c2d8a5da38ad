"""How much time and memory one item may take, and what is said of one that was lost.

The guard in front of every workbook (``ooxml.limits``) is the first wall; this is the second, for
what nobody thought of.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from supervise.errors import SuperviseError
from supervise.record import record


@record(kw_only=True)
class Limits:
    """What a worker may use.

    Attributes:
        seconds: For one item, by the wall clock.
        memory: Bytes of data that a worker may hold; where the system cannot limit it (Windows,
            macOS) only the machine does.
        growth: Bytes that a worker may grow after its first item before another takes its place.
        items: Items after which another takes its place.
    """

    seconds: float = 120
    memory: int = 1 << 30
    growth: int = 256 << 20
    items: int = 2_000


Again = Callable[[Any, str], None]
"""Told of an item that is tried once more, and the code of why."""


def untold(item: object, code: str) -> None:
    """Nobody is told."""


GENEROUS: Final = Limits()
"""A report takes a second or two and 140 MB; the largest workbook the guard lets in, five."""


class WorkerLost(SuperviseError):
    """An item ended its worker, also when it was tried again alone; ``code`` says how."""


_TOLD: Final = {
    "worker_lost": (
        "处理该报送件的进程异常终止，单独重试仍然如此",
        "每个报送件在独立进程中处理完毕",
    ),
    "worker_timeout": (
        "处理该报送件超过时限，单独重试仍然如此",
        "每个报送件在时限内处理完毕",
    ),
    "worker_memory": (
        "处理该报送件所需内存超过上限，单独重试仍然如此",
        "每个报送件在每进程的内存上限内处理完毕",
    ),
}
_FIX: Final = "请报送机构用本期空白报送表重新填写后报送；仍然如此，把该文件交给维护者。"


def loss(code: str) -> WorkerLost:
    """What is said of an item that was lost twice.

    Args:
        code: ``worker_lost``, ``worker_timeout`` or ``worker_memory``.
    """
    what, expected = _TOLD[code]
    return WorkerLost(what, expected=expected, fix=_FIX, code=code)


def cannot_start() -> SuperviseError:
    """Workers end before they have begun: no item is to blame."""
    return SuperviseError(
        "工作进程不能启动",
        expected="能够启动 Python 子进程",
        fix="检查内存和进程数是否用尽；或加 --workers 1 在本进程内处理。",
        code="worker_start",
    )


def hold_memory(limits: Limits) -> None:
    """Let this process ask for no more memory than allowed: what is more is a ``MemoryError``."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (limits.memory, limits.memory))


def memory_held() -> int:
    """Bytes of memory that this process holds; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * _page()


def _page() -> int:
    import mmap

    return mmap.PAGESIZE
