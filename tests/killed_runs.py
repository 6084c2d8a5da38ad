"""Runs in processes of their own that a test ends in the middle, at a moment that dice choose."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import made_quarter  # noqa: F401  # finds what makes quarters
from kept_runs import JOURNAL, documents, exported
from ledgers import Place
from make_quarter import FOLDER, make_quarter
from quarter.plan import Wish

ENDED = "ended"
_PATIENCE = 240


class Quarter:
    """Submissions on disk and the run over them that is killed and repeated.

    Args:
        home: For everything that is made.
        count: Submissions.
        options: Of ``supervise evaluate``.
    """

    def __init__(self, home: Path, count: int, *options: str) -> None:
        self.folder = home / "filed" / FOLDER
        self.count = count
        self.options = options
        wish = Wish(count=count, faults=0.1, hostile=0.05, resubmissions=0.1, seed=7)
        make_quarter(wish, home / "filed")

    def started(self, output: Path, place: Place) -> subprocess.Popen[bytes]:
        """A run as a user starts it, in a group of its own as in a terminal."""
        command = [sys.executable, "-m", "supervise", "evaluate", self.folder, "-o", output]
        command += ["--ledger", place.url, "--store", output.parent / "bytes", *self.options]
        return subprocess.Popen(
            [str(word) for word in command],
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONWARNINGS": "error"},
            start_new_session=True,
        )

    def run(self, output: Path, place: Place) -> str:
        """A run that nothing disturbs; what it says."""
        process = self.started(output, place)
        _, told = process.communicate(timeout=_PATIENCE)
        assert process.returncode == 1, told.decode()
        return told.decode()

    def killed(self, output: Path, place: Place, dice: random.Random) -> None:
        """A run that is killed as nothing can be cleaned up after, somewhere on its way.

        It notes about two events a file; those of which the first pass is taken over are quick.
        """
        moment = lines(output) + dice.randint(1, 2 * self.count - 20)
        process = self.started(output, place)
        under_way(process, output, moment)
        time.sleep(dice.uniform(0, 0.02))
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        assert events(output)[-1]["event"] != ENDED


def under_way(process: subprocess.Popen[bytes], output: Path, moment: int) -> None:
    """Wait until a run's log has so many lines."""
    for _ in range(_PATIENCE * 200):
        if lines(output) >= moment:
            return
        assert process.poll() is None, process.communicate()[1].decode()
        time.sleep(0.005)
    raise AssertionError("the run does not go on")


def lines(output: Path) -> int:
    """Of the run's log, whole ones."""
    log = Path(f"{output}{JOURNAL}log.jsonl")
    return log.read_bytes().count(b"\n") if log.is_file() else 0


def events(output: Path) -> list[dict[str, Any]]:
    """What the run's log says; the last line may be cut where the run was killed."""
    text = Path(f"{output}{JOURNAL}log.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n")[:-1]]


def left(output: Path, place: Place) -> tuple[list[str], dict[str, bytes]]:
    """What a run leaves: ledger and documents; the ledger is whole."""
    return exported(place.url), dict(documents(output))


def halfway(folder: Path) -> Iterator[Path]:
    """Files that were not written to their end."""
    yield from folder.rglob("*.part")
