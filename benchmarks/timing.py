"""Commands timed beside bare Python, and the table that says which bar was kept.

Times are CPU seconds as the kernel counts them, of a process and all that it started.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

HERE = Path(__file__).parent
PYTHON = sys.executable
SUPERVISE = str(Path(sys.executable).parent / "supervise")
BARE = (PYTHON, "-c", "pass")
ROUNDS = 11
MIB = 1024


class Usage(NamedTuple):
    """What one process used: CPU seconds, peak MiB, seconds on the clock."""

    cpu: float
    peak: float
    wall: float


def used(command: Sequence[str], *, allowed: tuple[int, ...] = (0,), silent: bool = False) -> Usage:
    """Run a command and ask the kernel what it used.

    Raises:
        SystemExit: It ended with an exit code that is not allowed.
    """
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    quiet += [(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)] if silent else []
    start = time.perf_counter()
    process = os.posix_spawn(command[0], [*command], environment(), file_actions=quiet)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in allowed:
        raise SystemExit(f"failed: {' '.join(command)}")
    return Usage(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / MIB, wall)


def environment() -> dict[str, str]:
    """Ours without Python's own variables, which decide what Python does at the start."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}


def bare() -> float:
    """CPU seconds of bare Python, just now."""
    return median(used(BARE).cpu for _ in range(ROUNDS))


def pairs(command: Sequence[str], *, allowed: tuple[int, ...] = (0,)) -> tuple[float, float]:
    """A command beside bare Python, turn by turn: median ratio, median peak in MiB."""
    used(command, allowed=allowed)
    runs = [(used(command, allowed=allowed), used(BARE).cpu) for _ in range(ROUNDS)]
    return median(run.cpu / unit for run, unit in runs), median(run.peak for run, _ in runs)


def said(script: str, *arguments: str) -> dict[str, float]:
    """What a script of this folder prints, in a process of its own."""
    command = [PYTHON, str(HERE / script), *arguments]
    shown = subprocess.run(command, env=environment(), check=True, capture_output=True)
    found: dict[str, float] = json.loads(shown.stdout)
    return found


class Table:
    """Prints a line for each figure and remembers whether a bar was missed."""

    def __init__(self) -> None:
        self.missed = False

    def line(self, what: str, found: float, unit: str, bar: float | None = None) -> None:
        """One figure; with a bar, whether it is kept."""
        kept = bar is None or found <= bar
        self.missed = self.missed or not kept
        verdict = "" if bar is None else f"bar {bar:,.2f}  {'ok' if kept else 'MISSED'}"
        print(f"{what:<44}{found:>10,.2f} {unit:<12}{verdict}", flush=True)
