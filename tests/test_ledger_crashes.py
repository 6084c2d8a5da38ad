"""Several writers at once, writers killed at any moment: nothing is lost, nothing comes twice."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ledger_crew import BANKS, quarter
from ledgers import BANK, Place, file_place, filing, step

from supervise.errors import LedgerError
from supervise.ledger.drafting import Draft
from supervise.ledger.records import RunFinished
from supervise.record import replace

TESTS = Path(__file__).parent


def started(place: Place, what: str, run: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(TESTS / "ledger_crew.py"), what, place.url, run]
    told = {**os.environ, "PYTHONPATH": str(TESTS)}
    return subprocess.Popen(command, env=told, stdout=subprocess.PIPE, text=True)


def under_way(writer: subprocess.Popen[str]) -> None:
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"


def ended(writer: subprocess.Popen[str]) -> int:
    with writer:
        return writer.wait()


def undisturbed(place: Place) -> list[str]:
    with place.open() as ledger:
        ledger.append_evaluations(quarter())
        return list(ledger.export(without_runs=True))


def test_several_writers_append_everything_once(place: Place) -> None:
    writers = [started(place, "all", f"run-{n}") for n in range(3)]
    assert [ended(writer) for writer in writers] == [0, 0, 0]
    with place.open() as ledger:
        found = ledger.verify()
        assert (found.broken, found.institutions) == ((), BANKS)
        assert len(ledger.records(RunFinished)) == 3
        lines = list(ledger.export(without_runs=True))
    assert len(lines) == 2 * len(quarter()) + 1
    assert undisturbed(place) == lines


def test_a_killed_run_that_is_run_again_leaves_what_an_undisturbed_one_does(
    place: Place, tmp_path: Path
) -> None:
    dice = random.Random(5)  # the same moments on every machine, as far as moments can be
    for attempt in range(5):
        writer = started(place, "all", f"run-{attempt}")
        under_way(writer)
        time.sleep(dice.uniform(0, 0.15))
        writer.kill()
        ended(writer)
        with place.open() as ledger:
            assert ledger.verify().broken == ()
    assert ended(started(place, "all", "last")) == 0
    with place.open() as ledger:
        lines = list(ledger.export(without_runs=True))
        assert ledger.verify().broken == ()
    assert lines == undisturbed(file_place(tmp_path / "undisturbed.db"))


@pytest.mark.soak
def test_writers_killed_in_the_middle_leave_whole_chains(place: Place) -> None:
    for attempt in range(40):
        writers = [started(place, "ever", f"run-{attempt}-{n}") for n in range(2)]
        for writer in writers:
            under_way(writer)
        time.sleep(random.uniform(0, 0.5))
        for writer in writers:
            writer.kill()
            ended(writer)
        with place.open() as ledger:
            assert ledger.verify().broken == ()
            for stands in ledger.all_standing("2026Q3").values():
                assert stands.evaluation is not None, "a filing without its result"


def test_a_writer_that_waits_too_long_says_so(place: Place) -> None:
    with (
        place.open() as holder,
        place.open(patience=1) as waiting,
        holder._connector.writing([BANK]),
        pytest.raises(LedgerError) as caught,
    ):
        waiting.append_evaluations([filing()])
    assert caught.value.code == "ledger_locked"
    assert caught.value.exit_code == 5


def test_readers_do_not_wait_for_a_writer(place: Place) -> None:
    with place.open() as ledger:
        ledger.append_evaluations([filing()])
        with ledger._connector.writing([BANK]), place.open(patience=1) as reader:
            assert reader.standing(BANK, "2026Q3") is not None
            assert reader.verify().broken == ()


def test_a_fault_in_the_middle_of_appending_leaves_nothing_of_it(place: Place) -> None:
    with place.open() as ledger:
        broken = filing("B2")
        with pytest.raises(LedgerError):
            ledger._append([("B1", filing("B1").drafts()), ("B2", _unwritable(broken.drafts()))])
        assert [bank for bank in ledger.heads() if bank != "@office"] == []
        assert ledger.advance(BANK, step("prepared"), after=None), "and it can be used again"


def _unwritable(drafts: list[Draft]) -> list[Draft]:
    fields = {**drafts[0].fields, "reason": None}
    return [replace(drafts[0], fields=fields), *drafts[1:]]
