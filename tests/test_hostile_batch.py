"""A run with hostile files in it: each is refused by name, all others are done."""

from __future__ import annotations

from pathlib import Path

import pytest
from machines import running
from sabotage import asked, refused_by_name, twenty, two_hundred

from supervise.batch import Limits, Mapper

HURRIED = Limits(seconds=15)
WRONG = ("dies", "hangs", "swallows", "dies")


def test_hostile_files_cost_only_themselves(tmp_path: Path) -> None:
    with Mapper(2, HURRIED) as mapper:
        refused_by_name(twenty(), ["dies", "swallows"], tmp_path, mapper)


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
