"""A run with hostile files in it: each is refused by name, all others are done."""

from __future__ import annotations

from pathlib import Path

import pytest
from killed_runs import events
from machines import running
from sabotage import asked, refused_by_name, twenty, two_hundred
from sample_files import HOME

from supervise.batch import Limits, Mapper
from supervise.pipeline.outputs import Target
from supervise.pipeline.run import passes
from supervise.pipeline.run.evaluate import evaluate_many
from supervise.pipeline.run.items import Run
from supervise.pipeline.run.log import RunLog
from supervise.read.files import read_file
from supervise.settings import Settings

HURRIED = Limits(seconds=15)
WRONG = ("dies", "hangs", "swallows", "dies")


def test_hostile_files_cost_only_themselves(tmp_path: Path) -> None:
    with Mapper(2, HURRIED) as mapper:
        refused_by_name(twenty(), ["dies", "swallows"], tmp_path, mapper)


def test_a_file_that_memory_does_not_suffice_for_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(path: Path) -> bytes:
        if path == files[0]:
            raise MemoryError
        return read_file(path)

    files = sorted((HOME / "2026Q3").glob("rc0[12]*.xlsx"))
    monkeypatch.setattr(passes, "read_file", read)
    run = Run(settings=Settings(), target=Target(folder=tmp_path, pdf=False))
    with RunLog() as watcher:
        mapper = Mapper(1, again=watcher.again)
        rows = {row.file: row for row in evaluate_many(files, run, mapper, watcher=watcher)}
    again = [told for told in events(tmp_path) if told["event"] == "again"]
    assert [(told["file"], told["reason"]) for told in again] == [(files[0].name, "worker_memory")]
    assert rows[files[0].name].reason == "worker_memory"
    assert rows[files[1].name].status == "passed"


@pytest.mark.soak
def test_hostile_files_in_a_long_run_cost_only_themselves(tmp_path: Path) -> None:
    with Mapper(2, HURRIED) as mapper:
        refused_by_name(two_hundred(), WRONG, tmp_path, mapper)


@pytest.mark.soak
def test_hostile_files_cost_a_cluster_only_themselves(tmp_path: Path) -> None:
    from supervise.batch.cluster import Cluster

    with (
        running(tmp_path / "machines", 2) as machines,
        Cluster(machines.address, asked(tmp_path / "run"), HURRIED) as over,
    ):
        refused_by_name(two_hundred(), WRONG, tmp_path, over)


@pytest.mark.soak
def test_a_file_that_takes_whole_machines_down_is_told_by_the_last_one(tmp_path: Path) -> None:
    from supervise.batch.cluster import Cluster

    with (
        running(tmp_path / "machines", 3, allowed_failures=0) as machines,
        Cluster(machines.address, asked(tmp_path / "run"), HURRIED) as over,
    ):
        refused_by_name(twenty(), ["takes its worker along"], tmp_path, over)
