"""Files of a run that rest on others of it: measured once, and when those are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from kept_runs import asked, documents, exported, filed_again, filed_first
from killed_runs import events
from ledgers import file_place
from test_known_peers import here

from supervise.batch import Mapper
from supervise.pipeline.outputs import Row, Target
from supervise.pipeline.run.evaluate import evaluate_many
from supervise.pipeline.run.keeping import keeper_of
from supervise.pipeline.run.log import RunLog
from supervise.pipeline.run.opinions import draft_path
from supervise.pipeline.run.others import Awaits, Others, awaits, ready
from supervise.pipeline.run.waves import KnownOthers
from supervise.record import replace

LEGAL, BRANCH = "B0001H233000001", "B0001B233000001"
OF_LEGAL: dict[str, Any] = {"COVER_level": "一级分行", "COVER_parent_code": LEGAL}


def waiting(*told: tuple[str, int, str | None]) -> dict[Path, Awaits]:
    """Files named after what they are: bank, sequence number, parent."""
    found = {Path(f"{code}{n}"): awaits(code, "2026Q3", n, parent) for code, n, parent in told}
    return {path: one for path, one in found.items() if one is not None}


def test_a_first_filing_of_a_legal_person_waits_for_nobody() -> None:
    assert waiting(("A", 1, None), ("A", 2, None), ("B", 1, "A")).keys() == {Path("A2"), Path("B1")}


@pytest.mark.parametrize(
    ("told", "now"),
    [
        ((("A", 2, None), ("A", 3, None)), {"A2", "A3"}),
        ((("A", 2, None), ("B", 1, "A")), {"A2"}),
        ((("B", 1, "A"), ("B", 2, "A"), ("C", 2, None)), {"B1", "C2"}),
        ((("B", 2, "A"),), {"B2"}),
        ((("B", 1, "A"), ("C", 1, "B"), ("D", 1, "C")), {"B1"}),
        ((("B", 1, "C"), ("C", 1, "B")), {"B1", "C1"}),
        ((("B", 1, "B"),), {"B1"}),
    ],
)
def test_whose_turn_it_is(told: tuple[tuple[str, int, str | None], ...], now: set[str]) -> None:
    assert {path.name for path in ready(waiting(*told))} == now


def test_of_a_legal_person_that_filed_again_its_branches_know_the_first_filing() -> None:
    first = here("A", 60, faults=(1, 2), key="1st")
    again = replace(here("A", 61, sequence=2, key="2nd"), path=Path("A2.xlsx"))
    known = KnownOthers([first, again], {}, asked(Path("out"), None))
    told = Others(None, "2nd", (1, 2))
    assert known.of(Awaits("B", "2026Q3", 1, "A")) == (told, again.path)
    assert known.of(Awaits("A", "2026Q3", 2, None)) == (Others((1, 2)), None)
    assert known.of(Awaits("B", "2026Q3", 1, "C")) == (Others(), None)


@pytest.fixture(scope="module")
def filings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A legal person and its branch, each filed twice, named so that those that wait come first."""
    folder = tmp_path_factory.mktemp("filed")
    filed_first(folder / "4.xlsx", COVER_bank_code=LEGAL, XW4_tolerance_form=None)
    filed_again(folder / "3.xlsx", COVER_bank_code=LEGAL)
    branch = OF_LEGAL | {"COVER_bank_code": BRANCH}
    filed_first(folder / "2.xlsx", XW4_tolerance_form=None, **branch)
    filed_again(folder / "1.xlsx", **branch)
    return folder


def ran(folder: Path, output: Path, url: str, *, files: bool = True) -> list[Row]:
    target = Target(folder=output, pdf=False, files=files)
    run = replace(asked(output, url), target=target)
    with keeper_of(run) as keeper, RunLog() as watcher:
        return evaluate_many([folder], run, Mapper(1), keeper=keeper, watcher=watcher)


def measured(output: Path) -> list[str]:
    return [one["file"] for one in events(output) if one["event"] == "measured"]


def test_each_file_is_measured_once_after_those_it_rests_on(filings: Path, tmp_path: Path) -> None:
    ran(filings, tmp_path / "out", file_place(tmp_path / "quarter.db").url)
    assert measured(tmp_path / "out") == ["4.xlsx", "3.xlsx", "2.xlsx", "1.xlsx"]


def copied(filings: Path, folder: Path, *names: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_bytes((filings / name).read_bytes())
    return folder


def document(output: Path) -> Any:
    """The branch's."""
    return json.loads((output / BRANCH / f"{BRANCH}-2026Q3.json").read_text("utf-8"))


def drafted(output: Path) -> str:
    """The line of the draft that says what the branch came to."""
    own = draft_path(output, "2026Q3").read_text("utf-8").split(f"  {BRANCH}:\n")[1]
    return own.partition("\n")[0]


def test_the_draft_has_a_branch_as_its_report_has_it(filings: Path, tmp_path: Path) -> None:
    """With what it takes from its legal person."""
    alone = copied(filings, tmp_path / "filed", "2.xlsx")
    ran(alone, tmp_path / "alone", file_place(tmp_path / "alone.db").url)
    both = copied(filings, alone, "3.xlsx")
    ran(both, tmp_path / "both", file_place(tmp_path / "both.db").url)
    found = {name: document(tmp_path / name)["score"]["total"] for name in ("alone", "both")}
    assert found["alone"] != found["both"]
    for name, total in found.items():
        assert f"{float(total):.2f}" in drafted(tmp_path / name)


def test_a_branch_among_records_alone_is_the_same(filings: Path, tmp_path: Path) -> None:
    urls = [file_place(tmp_path / f"{name}.db").url for name in ("whole", "alone")]
    ran(filings, tmp_path / "whole", urls[0])
    ran(filings, tmp_path / "alone", urls[1], files=False)
    assert exported(urls[0]) == exported(urls[1])


def test_what_waits_is_taken_over_while_its_legal_person_is_the_same(
    filings: Path, tmp_path: Path
) -> None:
    output, url = tmp_path / "out", file_place(tmp_path / "quarter.db").url
    ran(filings, output, url)
    before = documents(output)
    ran(filings, output, url)
    told = [one for one in events(output) if one["event"] in ("measured", "done")]
    assert [one["taken_over"] for one in told] == [False] * 8 + [True] * 8
    assert documents(output) == before


def test_a_branch_is_measured_again_where_its_legal_person_is_another(
    filings: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    few = copied(filings, tmp_path / "few", "4.xlsx", "2.xlsx")
    url = file_place(tmp_path / "quarter.db").url
    ran(few, output, url)
    copied(filings, few, "3.xlsx")
    ran(few, output, url)
    told = [one for one in events(output) if one["event"] == "measured"]
    again = {one["file"] for one in told[2:] if not one["taken_over"]}
    assert again == {"3.xlsx", "2.xlsx"}


def test_a_branch_alone_has_its_legal_person_from_the_ledger(filings: Path, tmp_path: Path) -> None:
    url = file_place(tmp_path / "quarter.db").url
    for name in ("4.xlsx", "2.xlsx"):
        ran(copied(filings, tmp_path / name, name), tmp_path / f"out {name}", url)
    both = copied(filings, tmp_path / "both", "4.xlsx", "2.xlsx")
    ran(both, tmp_path / "out both", file_place(tmp_path / "both.db").url)
    one, other = (document(tmp_path / f"out {name}") for name in ("2.xlsx", "both"))
    assert one["indicators"] == other["indicators"]
    assert drafted(tmp_path / "out 2.xlsx") == drafted(tmp_path / "out both")


def test_a_first_filing_that_is_refused_counts_for_nobody(filings: Path, tmp_path: Path) -> None:
    folder = copied(filings, tmp_path / "filed", "3.xlsx", "4.xlsx")
    filed_first(folder / "5.xlsx", COVER_bank_code=LEGAL, COVER_prepared_by="丁")
    urls = [file_place(tmp_path / f"{name}.db").url for name in ("whole", "alone")]
    rows = ran(folder, tmp_path / "whole", urls[0])
    assert {row.file: row.reason for row in rows if row.reason} == {
        "4.xlsx": "duplicate_submission",
        "5.xlsx": "duplicate_submission",
    }
    ran(folder, tmp_path / "alone", urls[1], files=False)
    assert exported(urls[0]) == exported(urls[1])
