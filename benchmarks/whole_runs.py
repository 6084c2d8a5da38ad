"""Whole runs over quarters of made-up submissions, on two processes."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

from timing import HERE, PYTHON, SUPERVISE, Table, Usage, bare, environment, said, used

# What was promised, in seconds and on a machine where bare Python takes 0.008 s, made ratios.
PAGE_BAR = 0.07 / 0.008
RUN_BAR = 60 * 2 / 4500 / 0.008
FILES_BAR = 0.1 / 0.008
CONSTANT_BAR = 1.15
IDLE_BAR = 0.10
WORKER_BAR = 150.0
PRINTED = (4, 28)
RUN_SIZES, FULL_SIZES = (100, 1500), (100, 4500, 10_000)
CHECKED = 60


class Ran(NamedTuple):
    """What a run over a quarter of made-up submissions used, on two processes."""

    banks: int
    used: Usage

    @property
    def cpu(self) -> float:
        """CPU seconds a bank, of all processes."""
        return self.used.cpu / self.banks


def submissions(home: Path, banks: int) -> Path:
    """So many submissions, made if they are not there."""
    filed = home / f"{banks}"
    if not filed.is_dir():
        maker = [PYTHON, str(HERE / "make_quarter.py"), str(banks), "-o", str(filed)]
        subprocess.run(maker, env=environment(), check=True, capture_output=True)
    return filed / "submissions"


def ran(home: Path, banks: int, *options: str) -> Ran:
    """A run into an SQLite ledger over submissions that are made first."""
    filed, name = submissions(home, banks), f"{banks}{''.join(options)}"
    ledger = str(home / f"{name}.db")
    used([SUPERVISE, "ledger", "upgrade", "--ledger", ledger], silent=True)
    command = [SUPERVISE, "evaluate", str(filed), "-o", str(home / name)]
    command += ["--ledger", ledger, "--workers", "2", *options]
    return Ran(banks, used(command, allowed=(0, 1), silent=True))


def measure_runs(table: Table, folder: Path) -> None:
    """A whole run beside the bare sum of its checks, and a bank of many beside one of few."""
    sizes, unit = FULL_SIZES if "--full" in sys.argv[1:] else RUN_SIZES, bare()
    runs = [ran(folder, banks, "--no-files") for banks in sizes]
    files = ran(folder, sizes[0], "--no-pdf")
    unit = median((unit, bare()))
    some = sorted(submissions(folder, sizes[0]).glob("B*.xlsx"))[:CHECKED]
    check = said("warm_check.py", "2", *map(str, some))["seconds"]
    few, many = runs[0], runs[-1]
    for one in runs:
        cost = one.cpu / unit
        bar = RUN_BAR if one is not few else None
        table.line(f"run into a ledger, a bank of {one.banks:,}", cost, "x bare", bar)
    table.line("the same, a bank / a warm check of it", many.cpu / check, "x check")
    what = f"a bank of {many.banks:,} / of {few.banks:,}"
    table.line(what, many.cpu / few.cpu, "x", CONSTANT_BAR)
    table.line("run with JSON and marked workbook, a bank", files.cpu / unit, "x bare", FILES_BAR)
    idle = 1 - many.used.cpu / many.used.wall / 2
    table.line("two processors idle (on a quiet machine)", idle, "share", IDLE_BAR)
    table.line("run, peak memory of whoever puts it in order", many.used.peak, "MiB")


def measure_printing(table: Table, folder: Path) -> None:
    """A bank of a run with all documents, beside as many pages printed by warm processes."""
    few, many = (submissions(folder, banks) for banks in PRINTED)
    homes = [tempfile.mkdtemp(dir=folder) for _ in range(3)]
    unit = bare()
    run = said("printing_run.py", str(few), str(many), homes[0])
    some = map(str, sorted(few.glob("B*.xlsx"))[:2])
    with ThreadPoolExecutor(2) as both:  # side by side, as in the run
        alone = [*both.map(partial(said, "our_report.py"), some, homes[1:], ("4", "4"))]
    page = sum(one["seconds"] for one in alone) / sum(one["pages"] for one in alone)
    unit = median((unit, bare()))
    whole, alone_cost = run["bank"] / unit, page * run["pages"] / unit
    promised = run["pages"] * PAGE_BAR + FILES_BAR
    table.line(f"run with PDF, a bank of {run['pages']:.1f} pages", whole, "x bare", promised)
    table.line("the same, above its pages printed alone", whole - alone_cost, "x bare")
    table.line("run with PDF, peak memory of a worker", run["peak"], "MiB", WORKER_BAR)
