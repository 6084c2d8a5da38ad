"""A small invented quarter and a run over it, for the tests that need many submissions at once."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from supervise.batch import Mapper
from supervise.pipeline.outputs import Target
from supervise.pipeline.run.evaluate import evaluate_many
from supervise.pipeline.run.items import Run
from supervise.record import record
from supervise.settings import Settings

# What makes quarters is no part of the program; tests import this module first.
sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))
sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from make_quarter import FOLDER, make_quarter
from quarter.plan import Quarter, Wish

# Of sixty files, as many with something wrong as it takes to have every kind once.
SIXTY = Wish(count=60, faults=0.27, hostile=0.22, resubmissions=0.09)


@record
class Made:
    """A quarter on disk.

    Attributes:
        run: Output folder of the run over it.
        expected: What ``expected.json`` says.
    """

    folder: Path
    quarter: Quarter
    run: Path
    expected: dict[str, Any]


def made_and_run(wish: Wish, folder: Path, workers: int = 1) -> Made:
    """Make a quarter and evaluate it, without reports."""
    quarter = make_quarter(wish, folder, workers=workers)
    target = Target(folder=folder / "run", pdf=False)
    run = Run(settings=Settings(), target=target, expected=wish.period)
    evaluate_many([folder / FOLDER], run, Mapper(workers))
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return Made(folder, quarter, target.folder, expected)


def outcomes(made: Made) -> dict[str, dict[str, Any]]:
    """What the run says of each file: status, reason code, checks, whether it stands."""
    manifest = json.loads((made.run / "manifest.json").read_text(encoding="utf-8"))
    found = {}
    for row in manifest["submissions"]:
        path = next(one["path"] for one in row["documents"] if one["path"].endswith(".json"))
        document = json.loads((made.run / path).read_text(encoding="utf-8"))
        found[row["file"]] = {
            "status": document["status"],
            "refusal": row["refusal"],
            "checks": sorted({finding["check"] for finding in document["findings"]}),
            "stands": row["status"] not in ("superseded", "refused"),
        }
    return found


def planned(made: Made) -> dict[str, dict[str, Any]]:
    """The same as it must be."""
    names = ("status", "refusal", "checks", "stands")
    return {file["file"]: {n: file[n] for n in names} for file in made.expected["files"]}
