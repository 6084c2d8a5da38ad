"""What a run with all documents uses on two processes: CPU seconds and pages a bank, peak MiB.

In: few submissions, many, an empty folder. Out: one line of JSON. What a run costs once (workers,
summary, ranking) is the same for few and for many, so a bank is what many cost more than few. The
kernel counts the most that a worker ever held (VmHWM); it is read ten times a second.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pikepdf

SUPERVISE = str(Path(sys.executable).parent / "supervise")
KIB = 1024


class Printed(NamedTuple):
    """CPU seconds of all processes, most KiB of a worker, what was printed."""

    cpu: float
    peak: int
    reports: int
    pages: int


def held_at_most(process: str) -> int:
    """KiB that a process held at most; 0 if it is no more."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text("utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0


def peak_of_workers(command: list[str]) -> int:
    """Run a command; KiB that one of the processes that it starts held at most.

    Raises:
        SystemExit: It failed.
    """
    peak = 0
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while process.poll() is None:
            with suppress(OSError):
                peak = max([peak, *map(held_at_most, children.read_text("ascii").split())])
            time.sleep(0.1)
    if process.returncode not in (0, 1):
        raise SystemExit(f"failed: {' '.join(command)}")
    return peak


def pages(report: Path) -> int:
    with pikepdf.open(report) as opened:
        return len(opened.pages)


def printed(filed: Path, home: Path) -> Printed:
    """A run over submissions, into a folder that there is not yet."""
    home.mkdir()
    ledger = ["--ledger", str(home / "ledger.db")]
    subprocess.run([SUPERVISE, "ledger", "upgrade", *ledger], check=True, capture_output=True)
    before = os.times()
    command = [SUPERVISE, "evaluate", str(filed), "-o", str(home / "out"), *ledger]
    peak = peak_of_workers([*command, "--workers", "2"])
    after = os.times()
    user = after.children_user - before.children_user
    system = after.children_system - before.children_system
    reports = [each for each in home.glob("out/*/*.pdf") if each.parent.name != "internal"]
    return Printed(user + system, peak, len(reports), sum(map(pages, reports)))


def main(few: Path, many: Path, home: Path) -> None:
    less, more = printed(few, home / "few"), printed(many, home / "many")
    reports = more.reports - less.reports
    told = {"bank": (more.cpu - less.cpu) / reports, "pages": (more.pages - less.pages) / reports}
    print(json.dumps({**told, "peak": more.peak / KIB}))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
