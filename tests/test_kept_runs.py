"""supervise evaluate --ledger: what a run knows from it, and what it leaves there."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from kept_runs import (
    documents,
    exported,
    filed_again,
    filed_first,
    kept,
    quarter,
    started,
    statuses,
)
from ledgers import Place, file_place

from supervise.cli import main
from supervise.errors import LedgerError, UsageError
from supervise.ledger.later_records import Adjusted, Judged
from supervise.ledger.records import OFFICE, Evaluated, Filed, Refused, RunFinished, RunStarted
from supervise.ledger.store import Store
from supervise.pipeline.run import evaluate as running
from supervise.pipeline.run.keeping import keeping_of
from supervise.pipeline.run.passes import second_pass
from supervise.pipeline.verify.files import verify_files
from supervise.settings import Settings

SAMPLES = Path(__file__).parents[1] / "sample_submissions"
BANK = "B0001H233000001"
NAMES = ("rc01-yunting.xlsx", "rc02-weidu.xlsx")


@pytest.fixture
def sqlite(tmp_path: Path) -> Place:
    return file_place(tmp_path / "quarter.db")


@pytest.fixture(scope="module")
def filings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return quarter(tmp_path_factory.mktemp("filed"))


@pytest.fixture(scope="module")
def undisturbed(filings: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """What a run over the quarter that nothing disturbed leaves: export, documents."""
    home = tmp_path_factory.mktemp("undisturbed")
    url = file_place(home / "quarter.db").url
    kept(filings, home / "out", url)
    return exported(url), documents(home / "out")


def samples(folder: Path, period: str) -> Path:
    folder.mkdir()
    for name in NAMES:
        shutil.copy(SAMPLES / period / name, folder / name)
    return folder


def cli(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    assert isinstance(left.value.code, int)
    return left.value.code, capsys.readouterr().err


# --- what it knows ----------------------------------------------------------------------------


def told_alike(data: bytes) -> Any:
    """A document without what says where the history came from, and the seals over that."""
    told = json.loads(data.replace(b'"source": "ledger"', b'"source": "history"'))
    told.pop("digest")
    told.pop("context")
    return told


def compared_with_documents(place: Place, tmp_path: Path) -> None:
    before, now = samples(tmp_path / "q4", "2025Q4"), samples(tmp_path / "q3", "2026Q3")
    for period, folder in (("2025Q4", before), ("2026Q3", now)):
        kept(folder, tmp_path / "kept" / period, place.url)
    kept(before, tmp_path / "told" / "2025Q4", None)
    kept(now, tmp_path / "told" / "2026Q3", None, history=tmp_path / "told" / "2025Q4")
    by_ledger, by_documents = documents(tmp_path / "kept"), documents(tmp_path / "told")
    assert by_ledger.keys() == by_documents.keys()
    found = [name for name in by_ledger if name.startswith("2026Q3/B") and name.endswith("json")]
    assert len(found) == len(NAMES)
    for name in found:
        assert b'"source": "ledger"' in by_ledger[name]
        assert told_alike(by_ledger[name]) == told_alike(by_documents[name])
    for name in by_ledger:
        if name.startswith("2025Q4/") and not name.endswith("manifest.json"):
            assert by_ledger[name] == by_documents[name]


def test_two_quarters_through_the_ledger_are_as_through_documents(
    sqlite: Place, tmp_path: Path
) -> None:
    compared_with_documents(sqlite, tmp_path)


def test_both_quarters_in_one_run_come_to_the_same_and_a_rerun_adds_nothing(
    sqlite: Place, tmp_path: Path
) -> None:
    both = tmp_path / "both"
    both.mkdir()
    for period in ("2026Q3", "2025Q4"):
        samples(both / period, period)
    for name in ("one", "two"):
        kept(both, tmp_path / name, sqlite.url)
    apart = file_place(tmp_path / "apart.db")
    for period in ("2025Q4", "2026Q3"):
        kept(both / period, tmp_path / "apart" / period, apart.url)
    assert exported(sqlite.url) == exported(apart.url)
    assert documents(tmp_path / "one") == documents(tmp_path / "two")


def test_documents_fill_in_what_the_ledger_does_not_know(sqlite: Place, tmp_path: Path) -> None:
    before, now = samples(tmp_path / "q4", "2025Q4"), samples(tmp_path / "q3", "2026Q3")
    kept(before, tmp_path / "told", None)
    kept(now, tmp_path / "out", sqlite.url, history=tmp_path / "told")
    data = next((tmp_path / "out").glob("B*/*.json")).read_bytes()
    assert b'"source": "history"' in data


def resubmitted(tmp_path: Path, url: str, **changes: Any) -> tuple[dict[str, str], Path]:
    """A first filing in one run, its successor in the next."""
    filed_first(tmp_path / "early" / "first.xlsx")
    filed_again(tmp_path / "late" / "second.xlsx", **changes)
    assert statuses(kept(tmp_path / "early", tmp_path / "one", url)) == {"first.xlsx": "passed"}
    rows = kept(tmp_path / "late", tmp_path / "two", url)
    return statuses(rows), tmp_path / "two" / BANK


def test_a_resubmission_in_a_later_run_is_known_as_such(sqlite: Place, tmp_path: Path) -> None:
    found, folder = resubmitted(tmp_path, sqlite.url)
    assert found == {"second.xlsx": "passed"}
    together = tmp_path / "together"
    together.mkdir()
    for name in ("early/first.xlsx", "late/second.xlsx"):
        shutil.copy(tmp_path / name, together)
    kept(together, tmp_path / "all", None)
    name = f"{BANK}-2026Q3.json"
    told = json.loads((folder / name).read_text(encoding="utf-8"))
    expected = json.loads((tmp_path / "all" / BANK / name).read_text(encoding="utf-8"))
    quality = [one["score"] for one in told["indicators"] if one["id"] == "data_quality"]
    assert quality[0]["points"] == "3"
    assert told["score"] == expected["score"]
    with sqlite.open() as ledger:
        stands = ledger.standing(BANK, "2026Q3")
        assert stands is not None
        assert (stands.filed.sequence, stands.filed.reason, stands.filings) == (2, "更正", 2)


def test_the_filed_version_stands_while_its_successor_is_blocked(
    sqlite: Place, tmp_path: Path
) -> None:
    found, folder = resubmitted(tmp_path, sqlite.url, XW4_tolerance_form="没有这一种")
    assert found == {"second.xlsx": "superseded"}
    assert [path.name for path in folder.iterdir()] == [f"{BANK}-2026Q3-2.json"]
    with sqlite.open() as ledger:
        stands = ledger.standing(BANK, "2026Q3")
        assert stands is not None
        assert (stands.filed.sequence, stands.filings) == (1, 2)


def test_a_filing_that_was_replaced_in_a_later_run_is_superseded_when_it_comes_again(
    sqlite: Place, tmp_path: Path
) -> None:
    resubmitted(tmp_path, sqlite.url)
    assert statuses(kept(tmp_path / "early", tmp_path / "three", sqlite.url)) == {
        "first.xlsx": "superseded"
    }


def test_another_file_under_a_number_that_is_taken_is_refused(
    sqlite: Place, tmp_path: Path
) -> None:
    filed_first(tmp_path / "early" / "a.xlsx")
    filed_first(tmp_path / "late" / "b.xlsx", COVER_bank_name="另一份农村商业银行")
    kept(tmp_path / "early", tmp_path / "one", sqlite.url)
    before = exported(sqlite.url)
    rows = kept(tmp_path / "late", tmp_path / "two", sqlite.url)
    assert statuses(rows) == {"b.xlsx": "sequence_taken"}
    assert "同一序号已登记过" in rows[0].message
    assert not (tmp_path / "two" / BANK).exists()
    with sqlite.open() as ledger:
        assert [one.code for _, one in ledger.records(Refused)] == ["sequence_taken"]
    added = [line for line in exported(sqlite.url) if line not in before]
    assert [json.loads(line)["kind"] for line in added] == ["refusal"]


def test_of_two_runs_that_file_one_number_at_once_the_slower_withdraws_its_papers(
    sqlite: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed_first(tmp_path / "fast" / "a.xlsx")
    filed_first(tmp_path / "slow" / "b.xlsx", COVER_bank_name="另一份农村商业银行")
    second = second_pass

    def overtaken(job: Any) -> Any:
        monkeypatch.setattr(running, "second_pass", second)
        done = second(job)
        assert started(tmp_path / "fast", tmp_path / "one", sqlite.url, -1, 64).wait() == 0
        return done

    monkeypatch.setattr(running, "second_pass", overtaken)
    rows = kept(tmp_path / "slow", tmp_path / "two", sqlite.url)
    assert statuses(rows) == {"b.xlsx": "sequence_taken"}
    assert list((tmp_path / "two" / BANK).iterdir()) == []


# --- what it leaves ---------------------------------------------------------------------------


def test_a_run_leaves_filings_refusals_bytes_and_where_it_ended(
    sqlite: Place, filings: Path, tmp_path: Path
) -> None:
    rows = kept(filings, tmp_path / "out", sqlite.url)
    with sqlite.open() as ledger:
        filed = ledger.records(Filed)
        assert [(bank, one.sequence) for bank, one in filed][:2] == [(BANK, 1), (BANK, 2)]
        assert len(filed) == len(ledger.records(Evaluated)) == len(rows) - 1
        assert [one.file for who, one in ledger.records(Refused) if who == OFFICE] == [
            "broken.xlsx"
        ]
        ended = [one for _, one in ledger.records(RunFinished)]
        assert len(ledger.records(RunStarted)) == len(ended) == 1
        for _, one in filed:
            data = Store(tmp_path / "quarter.db-store").fetch(one.kept)
            assert data == (filings / one.file).read_bytes()
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["ledger"] == {"head": ended[0].head}
    verified = verify_files([tmp_path / "out" / "manifest.json"], Settings())
    assert verified[0].result == "intact"


def test_the_documents_in_the_ledger_are_those_that_were_written(
    sqlite: Place, filings: Path, tmp_path: Path
) -> None:
    kept(filings, tmp_path / "out", sqlite.url)
    with sqlite.open() as ledger:
        stands = ledger.standing(BANK, "2026Q3")
        assert stands is not None
        told = json.loads(ledger.document(stands) or b"")
    written = (tmp_path / "out" / BANK / f"{BANK}-2026Q3.json").read_text(encoding="utf-8")
    assert told == json.loads(written)


def test_the_same_folder_again_adds_nothing(
    sqlite: Place, filings: Path, tmp_path: Path, undisturbed: tuple[Any, Any]
) -> None:
    for name in ("one", "two"):
        kept(filings, tmp_path / name, sqlite.url)
    assert documents(tmp_path / "one") == documents(tmp_path / "two") == undisturbed[1]
    assert exported(sqlite.url) == undisturbed[0]


def test_marks_are_kept_beside_what_they_were_applied_to(sqlite: Place, tmp_path: Path) -> None:
    marks = SAMPLES / "2025Q4" / "judgements.yaml"
    folder = samples(tmp_path / "q4", "2025Q4")
    for name in ("one", "two"):
        kept(folder, tmp_path / name, sqlite.url, judgements=marks)
    with sqlite.open() as ledger:
        judged = ledger.records(Judged)
        assert {bank for bank, _ in judged} == {"B9001H233010001", "B9002H233010001"}
        assert len(judged) == 18
        assert judged[0][1].by == "示例监管员"
    changed = tmp_path / "marks.yaml"
    changed.write_text(
        "adjustments:\n  - {bank: B9001H233010001, item: S71_I_6_A5, adjusted: 2亿, by: 甲, "
        "on: 2026-03-11, reason: 核实, evidence: 底稿}\n",
        encoding="utf-8",
    )
    kept(folder, tmp_path / "three", sqlite.url, judgements=changed)
    with sqlite.open() as ledger:
        adjusted = [one for _, one in ledger.records(Adjusted)]
    assert [(one.adjusted, bool(one.filed)) for one in adjusted] == [("200000000", True)]


# --- crashes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("batch", [1, 2])
def test_a_run_that_was_killed_and_repeated_equals_an_undisturbed_one(
    batch: int, sqlite: Place, filings: Path, tmp_path: Path, undisturbed: tuple[Any, Any]
) -> None:
    for banks in (0, 1, 3):
        killed = started(filings, tmp_path / "out", sqlite.url, banks, batch)
        assert killed.wait() == -9
        with sqlite.open() as ledger:
            assert ledger.verify().broken == ()
            assert len(ledger.records(Filed)) == banks // batch * batch
            assert ledger.records(RunFinished) == []
    kept(filings, tmp_path / "out", sqlite.url)
    assert exported(sqlite.url) == undisturbed[0]
    assert documents(tmp_path / "out") == undisturbed[1]


def test_two_runs_at_once_leave_what_one_does(
    sqlite: Place, filings: Path, tmp_path: Path, undisturbed: tuple[Any, Any]
) -> None:
    crews = [started(filings, tmp_path / n, sqlite.url, -1, 1) for n in ("one", "two")]
    assert [crew.wait() for crew in crews] == [0, 0]
    assert exported(sqlite.url) == undisturbed[0]
    papers = dict(undisturbed[1])
    papers.pop("manifest.json")  # its head may be of a moment at which the other was behind
    for name in ("one", "two"):
        found = dict(documents(tmp_path / name))
        found.pop("manifest.json")
        assert found == papers


# --- at the door ------------------------------------------------------------------------------


def test_a_wrong_ledger_is_told_before_anything_is_written(
    filings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.db"
    other.write_bytes(b"something else, and long enough to be looked at" * 100)
    for url, reason in ((tmp_path / "none.db", "ledger_missing"), (other, "not_a_ledger")):
        code, err = cli(capsys, "evaluate", filings, "-o", tmp_path / "out", "--ledger", url)
        assert (code, reason in err) == (5, True)
        assert all(part in err for part in ("应为", "处理"))
        assert not (tmp_path / "out").exists()


def test_a_store_that_cannot_be_written_is_told_before_anything_is_written(
    sqlite: Place, filings: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LedgerError) as caught:
        kept(filings, tmp_path / "out", sqlite.url, store=tmp_path / "file")
    assert caught.value.code == "store_failed"
    assert not (tmp_path / "out").exists()


def test_a_store_makes_no_sense_without_a_ledger(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        keeping_of(None, tmp_path)
    assert caught.value.code == "ledger_unnamed"


def test_a_run_says_what_it_added_and_where_it_ended(
    sqlite: Place, filings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = ("evaluate", filings, "-o", tmp_path / "out", "--no-pdf", "--workers", 2)
    code, err = cli(capsys, *order, "--ledger", sqlite.url)
    head = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["ledger"]
    assert (code, head["head"] in err) == (1, True)
    code, err = cli(capsys, *order, "--ledger", sqlite.url)
    assert "新增 0 条" in err
    code, _ = cli(capsys, "ledger", "verify", "--ledger", sqlite.url, "--head", head["head"])
    assert code == 0


def test_a_run_without_a_ledger_loads_nothing_of_one(filings: Path, tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from supervise.cli import main\n"
        f"try: main(['evaluate', {str(filings / '1.xlsx')!r}, '-o', {str(tmp_path)!r}, "
        "'--no-pdf', '--workers', '1'])\n"
        "except SystemExit: pass\n"
        "print([n for n in sys.modules if 'sqlalchemy' in n or n.startswith('supervise.ledger')])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"
    assert "ledger" not in json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.real
def test_two_quarters_through_postgresql_are_as_through_documents(
    place: Place, tmp_path: Path
) -> None:
    compared_with_documents(place, tmp_path)
    with place.open() as ledger:
        assert {one.kept.partition(":")[0] for _, one in ledger.records(Filed)} == {
            "store" if place.on_file else ""
        }


@pytest.mark.real
def test_a_run_into_postgresql_from_beginning_to_end(
    place: Place, filings: Path, tmp_path: Path, undisturbed: tuple[Any, Any]
) -> None:
    heads = []
    for name in ("one", "two"):
        store = tmp_path / "kept-bytes"
        kept(filings, tmp_path / "out" / name, place.url, store=store)
        manifest = (tmp_path / "out" / name / "manifest.json").read_text(encoding="utf-8")
        heads.append(json.loads(manifest)["ledger"]["head"])
    assert heads[0] == heads[1]
    with place.open() as ledger:
        for _, one in ledger.records(Filed):
            assert Store(store).fetch(one.kept) == (filings / one.file).read_bytes()
    assert exported(place.url) == undisturbed[0]
