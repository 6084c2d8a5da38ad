"""What a run takes over from an earlier one into the same folder, and what it never does."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from kept_runs import asked, documents, exported, quarter
from killed_runs import events
from ledgers import file_place

from supervise.batch import Mapper
from supervise.cli.progress import Bar
from supervise.pipeline.run.entries import Entries
from supervise.pipeline.run.evaluate import evaluate_many
from supervise.pipeline.run.keeping import keeper_of
from supervise.pipeline.run.log import RunLog
from supervise.pipeline.run.opinions import draft_path
from supervise.pipeline.run.told import progress_words

CHANGED = "B0002H233000001"


@pytest.fixture(scope="module")
def filings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return quarter(tmp_path_factory.mktemp("filed"))


def ran(folder: Path, output: Path, url: str | None = None, **more: Any) -> dict[str, bool]:
    """A run; of each bank that was evaluated whether it was taken over."""
    run = asked(output, url, **more)
    with keeper_of(run) as keeper, RunLog() as watcher:
        evaluate_many([folder], run, Mapper(1), keeper=keeper, watcher=watcher)
    told = events(output)
    start = max(n for n, one in enumerate(told) if one["event"] == "started")
    return {one["file"]: one["taken_over"] for one in told[start:] if one["event"] == "done"}


@pytest.mark.parametrize("kept", [False, True], ids=["alone", "with a ledger"])
def test_a_run_again_does_nothing_again(filings: Path, tmp_path: Path, kept: bool) -> None:
    url = file_place(tmp_path / "quarter.db").url if kept else None
    output = tmp_path / "out"
    assert not any(ran(filings, output, url).values())
    before = documents(output)
    times = {path: path.stat().st_mtime_ns for path in output.glob("B*/*")}
    assert all(ran(filings, output, url).values())
    assert documents(output) == before
    assert {path: path.stat().st_mtime_ns for path in output.glob("B*/*")} == times


def changes(filings: Path, output: Path, name: str) -> dict[str, Any]:
    """Something changed between two runs; options of the second."""
    document = output / CHANGED / f"{CHANGED}-2026Q3.json"
    if name == "document lost":
        document.unlink()
    elif name == "document altered":
        document.write_bytes(document.read_bytes() + b" ")
    elif name == "journal damaged":
        (kept,) = (output / "internal" / "run").glob("*.entries")
        data = bytearray(kept.read_bytes())
        for place in Entries(kept.parent).places():
            data[place.end - 9] ^= 1
        kept.write_bytes(data)
    elif name == "words":
        draft = draft_path(output, "2026Q3")
        head, own = draft.read_text(encoding="utf-8").split(f"  {CHANGED}:\n")
        own = own.replace('overall: ""', 'overall: "请重视"', 1)
        draft.write_text(f"{head}  {CHANGED}:\n{own}", encoding="utf-8")
        return {"opinions": draft}
    return {}


@pytest.mark.parametrize(
    ("name", "again"),
    [
        ("document lost", {"2.xlsx"}),
        ("document altered", {"2.xlsx"}),
        ("words", {"2.xlsx"}),
        ("journal damaged", {"0-again.xlsx", "1.xlsx", "2.xlsx", "3.xlsx", "4.xlsx"}),
    ],
)
def test_only_what_has_changed_is_done_again(
    filings: Path, tmp_path: Path, name: str, again: set[str]
) -> None:
    output = tmp_path / "out"
    ran(filings, output)
    found = ran(filings, output, **changes(filings, output, name))
    assert {file for file, taken_over in found.items() if not taken_over} == again
    fresh = tmp_path / "fresh"
    opinions = draft_path(output, "2026Q3") if name == "words" else None
    ran(filings, fresh, opinions=opinions)
    assert documents(output) == documents(fresh)


def test_a_ledger_that_lacks_a_result_gets_it(filings: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    one, other = (file_place(tmp_path / name).url for name in ("one.db", "other.db"))
    ran(filings, output, one)
    assert not any(ran(filings, output, other).values())
    assert exported(one) == exported(other)


def test_a_bank_more_changes_the_places_of_its_peers(filings: Path, tmp_path: Path) -> None:
    few = tmp_path / "few"
    shutil.copytree(filings, few)
    (few / "4.xlsx").unlink()
    ran(few, tmp_path / "out")
    assert not any(ran(filings, tmp_path / "out").values()), "all are of one type"
    told = [one for one in events(tmp_path / "out") if one["event"] == "measured"]
    measured_again = [one["file"] for one in told[-6:] if not one["taken_over"]]
    assert sorted(measured_again) == ["4.xlsx", "broken.xlsx"], "none of the others is judged alone"


def test_the_journal_forgets_files_that_no_longer_come(filings: Path, tmp_path: Path) -> None:
    few, output = tmp_path / "few", tmp_path / "out"
    shutil.copytree(filings, few)
    journal = Entries(output / "internal" / "run")

    def lengths() -> list[int]:
        return [path.stat().st_size for path in journal.folder.glob("*.entries")]

    ran(few, output)
    (whole,) = lengths()
    ran(few, output)
    assert lengths() == [whole]
    (few / "4.xlsx").unlink()
    ran(few, output)
    (less,) = lengths()
    assert less < whole * 0.9
    names = [place.label.sha256 for place in journal.places()]
    assert len(names) == len(set(names)) * 2, "the two passes of each file"


def test_nothing_of_the_journal_is_in_the_manifest(filings: Path, tmp_path: Path) -> None:
    ran(filings, tmp_path / "out")
    told = json.dumps(json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8")))
    assert "internal/run" not in told
    (started, *_, ended) = events(tmp_path / "out")
    assert (started["event"], started["files"], ended["event"]) == ("started", 6, "ended")


def test_the_bar_tells_how_far_how_fast_and_how_long(tmp_path: Path) -> None:
    shown = io.StringIO()
    now = iter((0.0, 10.0, 10.1, 20.0, 20.0, 21.0))
    bar = Bar(shown, progress_words(asked(tmp_path, None)), lambda: next(now))
    for stage, done in (
        ("measure", 0), ("measure", 20), ("measure", 21), ("measure", 40), ("judge", 0),
        ("judge", 40),
    ):  # fmt: skip
        bar(stage, done, 40)
    drawn = [line.rstrip() for line in shown.getvalue().replace("\n", "\r").split("\r") if line]
    assert drawn[1].startswith("测算 [##########..........] 20/40 家")
    assert "每秒 2.0 家" in drawn[1]
    assert drawn[1].endswith("还需 0:10")
    assert drawn[-1].startswith("评价 [####################] 40/40 家")
    assert shown.getvalue().count("\n") == 2, "a line a stage stays"
    assert len(drawn) == 4, "not drawn again a moment later"
    shown.getvalue().encode("gbk")
