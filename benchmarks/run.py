"""``make bench``: is it as quick as promised? Ratios in one run, each with its baseline named.

Measures the ``supervise`` installed beside the Python that runs this file, in processes of its
own. Times are CPU seconds unless said otherwise; the unit is bare Python (``python -c pass``) of
the same minute, because a busy machine slows both. Exit code 1 if a bar is missed. ``--full`` runs
over 4,500 and 10,000 submissions: a quarter of an hour.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent
SAMPLES = ROOT / "sample_submissions"
EARLIER = ("2025Q1", "2025Q2", "2025Q3", "2026Q1", "2026Q2")
SAMPLE = SAMPLES / "2026Q3" / "rc01-yunting.xlsx"
PYTHON = sys.executable
SUPERVISE = str(Path(sys.executable).parent / "supervise")
BARE = (PYTHON, "-c", "pass")
ROUNDS = 11
REPORT_ROUNDS = 3
WARM_ROUNDS = 25
ALL_ROUNDS = 3
DOCUMENTS = 5
MIB = 1024

# What was promised, in seconds and on a machine where bare Python takes 0.008 s, made ratios.
HELP_BAR = 0.10 / 0.008
CHECK_BAR = 0.15 / 0.008
WARM_BAR = 0.01 / 0.008
WRONG_BAR = 1.0 / 0.008
HOSTILE_BAR = 5.0 / 0.008
PAGE_BAR = 0.07 / 0.008
NAIVE_BAR = 0.6
DEMO_BAR = 40 / 0.008
RUN_BAR = 60 * 2 / 4500 / 0.008
FILES_BAR = 0.1 / 0.008
CONSTANT_BAR = 1.15
IDLE_BAR = 0.10
WORKER_BAR = 150.0
PRINTED = (4, 28)
RUN_SIZES, FULL_SIZES = (100, 800), (100, 4500, 10_000)
CHECKED = 60
MEMORY_BAR = 40.0
WRONG_MEMORY_BAR = 60.0


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
    return median(used(BARE).cpu for _ in range(3))


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


def warm(rounds: int, *workbooks: Path) -> float:
    """CPU of a check of a workbook in a warm process, in bare Pythons."""
    ratios = []
    for _ in range(REPORT_ROUNDS):
        unit = bare()
        seconds = said("warm_check.py", str(rounds), *map(str, workbooks))["seconds"]
        ratios.append(seconds / median((unit, bare())))
    return median(ratios)


def demo(folder: Path) -> tuple[float, float]:
    """What ``make demo`` evaluates: seconds on the clock, and the same in bare Pythons."""
    unit = bare()
    spent = 0.0
    past, last, now = folder / "history", SAMPLES / "2025Q4", SAMPLES / "2026Q3"
    quarters = map(str, (SAMPLES / period for period in EARLIER))
    first = [SUPERVISE, "evaluate", *quarters, "-o", str(past / "quarters"), "--no-pdf"]
    second = [SUPERVISE, "evaluate", str(last), "-o", str(past / "2025Q4")]
    second += ["--history", str(past), "--judgements", str(last / "judgements.yaml")]
    third = [SUPERVISE, "evaluate", str(now), "-o", str(folder / "2026Q3"), "--history", str(past)]
    for command in (first, second, third):
        spent += used(command, allowed=(0, 1)).wall
    return spent, spent / median((unit, bare()))


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


def measure_commands(table: Table) -> None:
    table.line("bare Python (python -c pass)", bare() * 1000, "ms CPU")
    ratio, _ = pairs([SUPERVISE, "--help"])
    table.line("supervise --help", ratio, "x bare", HELP_BAR)
    ratio, peak = pairs([SUPERVISE, "check", str(SAMPLE)], allowed=(0, 1))
    table.line("supervise check, cold", ratio, "x bare", CHECK_BAR)
    table.line("supervise check, peak memory", peak, "MiB", MEMORY_BAR)
    naive, naive_peak = pairs([PYTHON, str(HERE / "naive_check.py"), str(SAMPLE)])
    table.line("naive check (pandas, openpyxl)", naive, "x bare")
    table.line("naive check, peak memory", naive_peak, "MiB")
    table.line("supervise check / naive check", ratio / naive, "x naive", 1.0)


def measure_checks(table: Table, folder: Path) -> None:
    table.line("check of a workbook, warm", warm(WARM_ROUNDS, SAMPLE), "x bare", WARM_BAR)
    every = sorted(SAMPLE.parent.glob("*.xlsx"))
    found = warm(ALL_ROUNDS, *every)
    table.line(f"check, warm, a workbook of the {len(every)} samples", found, "x bare")
    wrong = folder / SAMPLE.parent.name / "wrong.xlsx"
    wrong.parent.mkdir()
    command = [PYTHON, str(HERE / "wrong_workbook.py"), str(SAMPLE), str(wrong)]
    subprocess.run(command, env=environment(), check=True)
    ratio, peak = pairs([SUPERVISE, "check", str(wrong), "--format", "json"], allowed=(0, 1))
    table.line("check, every cell wrong, cold", ratio, "x bare", WRONG_BAR)
    table.line("check, every cell wrong, peak memory", peak, "MiB", WRONG_MEMORY_BAR)


def measure_hostile(table: Table, folder: Path) -> None:
    """The dearest of the workbooks that were built to cost as much as the limits allow."""
    home = folder / "heavy" / SAMPLE.parent.name
    maker = [PYTHON, str(HERE / "heavy_workbooks.py"), str(home)]
    subprocess.run(maker, env=environment(), check=True)
    files = sorted(home.iterdir())
    unit, check = bare(), [SUPERVISE, "check", "--format", "json"]
    costs = [used([*check, str(file)], allowed=(0, 1, 3)).cpu for file in files]
    unit = median((unit, bare()))
    what = f"check, the dearest of {len(files)} hostile files"
    table.line(what, max(costs) / unit, "x bare", HOSTILE_BAR)


def measure_reports(table: Table, folder: Path) -> None:
    """CPU of a page of a report in a warm process, ours beside the naive one, turn by turn."""
    ours, naive, first = [], [], []
    pages = naive_pages = 1
    for _ in range(REPORT_ROUNDS):
        unit = bare()
        mine = said("our_report.py", str(SAMPLE), str(folder), str(DOCUMENTS))
        other = said("naive_report.py", str(folder), str(DOCUMENTS))
        unit = median((unit, bare()))
        pages, naive_pages = int(mine["pages"]), int(other["pages"])
        ours.append(mine["seconds"] / pages / unit)
        naive.append(other["seconds"] / naive_pages / unit)
        first.append(other["first"] / naive_pages / unit)
    page = median(ours)
    table.line(f"report, tagged, warm, a page of {pages}", page, "x bare", PAGE_BAR)
    table.line(f"naive WeasyPrint, warm, a page of {naive_pages}", median(naive), "x bare")
    table.line("naive WeasyPrint, a process a report, a page", median(first), "x bare")
    ratio = median(one / other for one, other in zip(ours, naive, strict=True))
    table.line("report / naive warm, a page", ratio, "x naive", NAIVE_BAR)
    ratio = median(one / other for one, other in zip(ours, first, strict=True))
    table.line("report / naive with a process each, a page", ratio, "x naive")


def measure_demo(table: Table, folder: Path) -> None:
    seconds, ratio = demo(folder)
    table.line("make demo, evaluation, on the clock", seconds, "s")
    table.line("make demo, evaluation", ratio, "x bare", DEMO_BAR)


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
    table.line("run, peak memory of a process", many.used.peak, "MiB", WORKER_BAR)


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
    table.line("run with PDF, a bank", whole, "x bare")
    table.line("the same, above its pages printed alone", whole - alone_cost, "x bare", FILES_BAR)
    table.line("run with PDF, peak memory of a worker", run["peak"], "MiB", WORKER_BAR)


def main() -> int:
    table = Table()
    measure_commands(table)
    steps: list[Callable[[Table, Path], None]] = [measure_checks, measure_hostile, measure_reports]
    steps += [measure_runs, measure_printing, measure_demo]
    with tempfile.TemporaryDirectory() as folder:
        for step in steps:
            step(table, Path(folder))
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main())
