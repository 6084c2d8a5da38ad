"""A run that is broken off and repeated leaves what an undisturbed one does, byte for byte."""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from killed_runs import ENDED, Quarter, events, halfway, left, lines, under_way
from ledgers import Place, file_place

from supervise.pipeline.run.entries import Entries

BANKS, MANY = 40, 300
Left = tuple[list[str], dict[str, bytes]]


@pytest.fixture(scope="module")
def forty(tmp_path_factory: pytest.TempPathFactory) -> Quarter:
    return Quarter(tmp_path_factory.mktemp("forty"), BANKS, "--no-pdf", "--workers", "2")


@pytest.fixture(scope="module")
def undisturbed(forty: Quarter, tmp_path_factory: pytest.TempPathFactory) -> Left:
    return _undisturbed(forty, tmp_path_factory.mktemp("undisturbed"))


def _undisturbed(quarter: Quarter, home: Path) -> Left:
    place = file_place(home / "quarter.db")
    quarter.run(home / "out", place)
    return left(home / "out", place)


def broken_off(quarter: Quarter, home: Path, place: Place, kills: int, seed: int) -> Left:
    """The same after some kills at moments that dice choose, and one run to the end."""
    dice = random.Random(seed)
    for _ in range(kills):
        quarter.killed(home / "out", place, dice)
        with place.open() as ledger:
            assert ledger.verify().broken == ()
    quarter.run(home / "out", place)
    assert list(halfway(home / "out")) == []
    return left(home / "out", place)


def alike(found: Left, expected: Left) -> None:
    assert found[0] == expected[0]
    apart = {name for name, data in expected[1].items() if found[1].get(name) != data}
    assert apart == set()
    assert found[1].keys() == expected[1].keys()


def test_killed_three_times_in_forty_banks_and_repeated(
    forty: Quarter, undisturbed: Left, tmp_path: Path
) -> None:
    place = file_place(tmp_path / "quarter.db")
    alike(broken_off(forty, tmp_path, place, kills=3, seed=40), undisturbed)
    told = events(tmp_path / "out")
    counted = Counter(one["event"] for one in told)
    assert (counted["started"], counted[ENDED]) == (4, 1)
    assert any(one["taken_over"] for one in told if one["event"] == "measured")


@pytest.mark.real
def test_killed_among_forty_banks_with_postgresql(
    forty: Quarter, undisturbed: Left, tmp_path: Path, server_ledger: Place
) -> None:
    alike(broken_off(forty, tmp_path, server_ledger, kills=1, seed=41), undisturbed)


@pytest.mark.soak
def test_killed_twenty_times_in_three_hundred_banks(tmp_path: Path, place: Place) -> None:
    quarter = Quarter(tmp_path, MANY, "--no-pdf", "--workers", "2")
    expected = _undisturbed(quarter, tmp_path)
    (tmp_path / "killed").mkdir()
    seed = random.randrange(1 << 30)
    print(f"\nseed {seed}")
    alike(broken_off(quarter, tmp_path / "killed", place, kills=20, seed=seed), expected)


@pytest.mark.soak
def test_killed_among_reports(tmp_path: Path, place: Place) -> None:
    quarter = Quarter(tmp_path, 40, "--workers", "2")
    expected = _undisturbed(quarter, tmp_path)
    assert sum(name.endswith(".pdf") for name in expected[1]) > 30
    (tmp_path / "killed").mkdir()
    alike(broken_off(quarter, tmp_path / "killed", place, kills=5, seed=42), expected)


def test_a_run_that_is_interrupted_keeps_what_is_done_and_says_how_to_go_on(
    forty: Quarter, undisturbed: Left, tmp_path: Path
) -> None:
    place, output = file_place(tmp_path / "quarter.db"), tmp_path / "out"
    process = forty.started(output, place)
    under_way(process, output, BANKS + 12)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "再运行同一条命令" in told.decode()
    assert list(halfway(output)) == []
    last = events(output)[-1]
    assert last["event"] == "interrupted"
    with place.open() as ledger:
        assert ledger.verify().broken == ()
        kept = len([line for line in ledger.export() if '"kind":"submission"' in line])
    assert kept == last["done"] > 0, "also of a batch that was not full"
    again = forty.run(output, place)
    assert f"其中 {kept} 份" in again, "nothing is done twice"
    alike(left(output, place), undisturbed)


def test_the_ledger_alone_gets_what_it_gets_beside_files(
    forty: Quarter, undisturbed: Left, tmp_path: Path
) -> None:
    place = file_place(tmp_path / "quarter.db")
    bare: Any = forty.options
    forty.options = ("--no-files", "--workers", "2")
    try:
        forty.run(tmp_path / "out", place)
        said = forty.run(tmp_path / "out", place)
    finally:
        forty.options = bare
    exported, written = left(tmp_path / "out", place)
    assert exported == undisturbed[0]
    assert sorted(written) == ["index.html", "internal/opinions-2026Q3.yaml", "manifest.json"]
    assert "直接沿用" in said
    assert lines(tmp_path / "out") > 0
    folder = tmp_path / "out" / "internal" / "run"
    assert len([*folder.glob("*.entries")]) == 1
    assert {place.sizes[1] for place in Entries(folder).places()} == {0}, "no half is left"
