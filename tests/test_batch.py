"""Many banks over many processes: order, isolation, workers that die, hang or swallow memory."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import pytest
from crew import (
    blob,
    code_of,
    failing,
    fatal_at_three,
    fatal_once,
    growing,
    hanging_at_three,
    lacking_at_three,
    lost,
    lost_name,
    own_process,
    refusing,
    squared,
    swallowing_at_three,
    unheard_of,
)
from sample_files import HOME

from supervise.batch import Limits, Mapper, processors
from supervise.batch.limits import loss
from supervise.errors import SuperviseError, WorkbookUnreadable
from supervise.read.error_words import in_language

CREW = Path(__file__).parent


@pytest.fixture
def two() -> Iterator[Mapper]:
    with Mapper(2) as mapper:
        yield mapper


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_items(workers: int) -> None:
    with Mapper(workers) as mapper:
        over = mapper(squared, lost)
        assert list(over([5, 1, 4, 2])) == [25, 1, 16, 4]
        assert list(over([])) == []
        assert list(over([7])) == [49]
        assert list(over(iter(range(300)))) == [n * n for n in range(300)]


def test_a_worker_that_dies_takes_down_only_its_own_item(two: Mapper) -> None:
    assert list(two(fatal_at_three, lost)([1, 2, 3, 4, 5, 3, 6])) == [1, 4, -3, 16, 25, -3, 36]


def test_an_item_whose_worker_died_is_tried_once_more_and_told(tmp_path: Path) -> None:
    paths = [str(tmp_path / name) for name in ("a", "b")]
    told: list[tuple[str, str]] = []
    with Mapper(2, again=lambda item, code: told.append((item, code))) as mapper:
        assert list(mapper(fatal_once, lost_name)(paths)) == ["a", "b"]
    assert sorted(told) == [(path, "worker_lost") for path in paths]


def test_a_worker_that_hangs_is_ended_and_its_item_told() -> None:
    with Mapper(2, Limits(seconds=1)) as mapper:
        assert list(mapper(hanging_at_three, code_of)([1, 3, 2])) == [1, "worker_timeout", 4]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits what a process may ask for")
def test_a_worker_that_swallows_memory_is_stopped_and_its_item_told() -> None:
    with Mapper(2, Limits(memory=400 << 20)) as mapper:
        assert list(mapper(swallowing_at_three, code_of)([1, 3, 2])) == [1, "worker_memory", 4]


def test_one_process_tells_what_has_too_little_memory() -> None:
    told: list[tuple[int, str]] = []
    mapper = Mapper(1, again=lambda item, code: told.append((item, code)))
    assert list(mapper(lacking_at_three, code_of)([1, 3, 2])) == [1, "worker_memory", 4]
    assert told == [(3, "worker_memory")]


def test_a_worker_that_grew_or_worked_long_makes_room_for_another() -> None:
    with Mapper(2, Limits(items=5)) as mapper:
        assert len(set(mapper(own_process, lost)(range(20)))) >= 4
    with Mapper(2, Limits(growth=30 << 20)) as mapper:
        assert len(set(mapper(growing, lost)(range(20)))) >= 4


def test_workers_stay_for_the_next_call_and_end_with_the_block(two: Mapper) -> None:
    first = set(two(own_process, lost)(range(20)))
    assert set(two(own_process, lost)(range(20))) <= first
    two.__exit__(None, None, None)
    assert not any(alive(int(pid)) for pid in first)


def test_what_waits_for_an_earlier_item_is_bounded(two: Mapper) -> None:
    taken = count()
    results = two(blob, lost_name)(str(next(taken)) for _ in range(10_000))
    assert len(list(islice(results, 3))) == 3
    assert next(taken) < 3 + 8 + 2 * 9, "at most 64 MiB of results, and what is before the workers"
    results.close()  # type: ignore[attr-defined]  # it is a generator


def test_neighbours_of_one_that_hangs_go_on_meanwhile(tmp_path: Path) -> None:
    taken = count(3)
    with Mapper(2, Limits(seconds=2)) as mapper:
        began = time.monotonic()
        results = mapper(hanging_at_three, code_of)(next(taken) for _ in range(397))
        assert next(results) == "worker_timeout"
        assert time.monotonic() - began >= 4, "two tries of two seconds"
        assert next(taken) >= 390, "the others were handed out, so done, while the first one hung"
        assert list(results) == [n * n for n in range(4, 400)]


def test_a_fault_in_the_work_is_not_hidden(two: Mapper) -> None:
    with pytest.raises(ValueError, match="no 1") as caught:
        list(two(failing, lost)([1, 2]))
    assert "in failing" in "".join(caught.value.__notes__)
    assert list(two(squared, lost)([1, 2])) == [1, 4], "the next call starts workers again"


def test_an_error_of_ours_crosses_over_whole(two: Mapper) -> None:
    with pytest.raises(WorkbookUnreadable) as caught:
        list(two(refusing, lost)([1, 2]))
    assert caught.value.parts() == {
        "what": "坏文件",
        "where": "1.xlsx",
        "expected": "",
        "fix": "重报",
        "code": "damaged",
    }


def test_a_fault_that_cannot_cross_over_is_told_by_its_text(two: Mapper) -> None:
    with pytest.raises(RuntimeError, match="Odd: strange"):
        list(two(unheard_of, lost)([1, 2]))


def test_workers_that_cannot_start_are_nobodys_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    with Mapper(2) as mapper, pytest.raises(SuperviseError) as caught:
        list(mapper(squared, lost)([1, 2, 3]))
    assert caught.value.code == "worker_start"


@pytest.mark.parametrize("code", ["worker_lost", "worker_timeout", "worker_memory"])
def test_a_loss_is_told_in_four_parts_and_two_languages(code: str) -> None:
    error = loss(code)
    assert error.code == code
    assert error.expected
    assert error.fix
    english = in_language(error, "en")
    assert english.code == code
    assert all(part.isascii() for part in english.parts().values())


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_no_worker_outlives_the_run(number: signal.Signals, tmp_path: Path) -> None:
    run = subprocess.Popen(
        [sys.executable, str(CREW / "crew.py"), str(tmp_path)], stderr=subprocess.PIPE, text=True
    )
    workers = pids(tmp_path, 2)
    run.send_signal(number)
    _, told = run.communicate(timeout=60)
    assert "KeyboardInterrupt" not in told.replace("\nKeyboardInterrupt\n", ""), "said once"
    deadline = time.monotonic() + 20
    while any(map(alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(map(alive, workers))


def pids(folder: Path, wanted: int) -> list[int]:
    """The processes that have left their number in a folder."""
    deadline = time.monotonic() + 20
    while len(found := [int(path.name) for path in folder.iterdir()]) < wanted:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_at_least_one_processor_may_be_used() -> None:
    assert processors() >= 1


def test_python_files_among_the_submissions_are_never_run(tmp_path: Path) -> None:
    for name in ("multiprocessing", "struct", "random", "supervise", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("open('ran', 'w').close()\n", "utf-8")
    for sample in sorted((HOME / "2026Q3").glob("rc0[13]*.xlsx")):
        (tmp_path / sample.name).write_bytes(sample.read_bytes())
    program = Path(sys.executable).with_name("supervise")
    command = [str(program), "evaluate", ".", "-o", "out", "--no-pdf", "--workers", "2"]
    done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True)
    assert done.returncode in (0, 1), done.stderr.decode()
    assert len([*(tmp_path / "out").glob("*/*.json")]) >= 2
    assert not (tmp_path / "ran").exists()
