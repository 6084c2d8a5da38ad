"""A quarter whose files arrive over days: status, summary, peers and parents from the ledger."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from kept_runs import documents, kept
from ledgers import PERIOD, Place, file_place, filing

from supervise.cli.main import cli
from supervise.core.filing_status import Filing
from supervise.ledger.later_records import StageStep
from supervise.ledger.records import OFFICE, Refused
from supervise.pipeline.outputs import Row
from supervise.pipeline.quarter.period import filings_kept, period_kept
from supervise.pipeline.quarter.status import filings_of_runs
from supervise.record import record

SAMPLES = Path(__file__).parents[1] / "sample_submissions" / PERIOD
FIRST = (
    "lb01-bangchuan", "rc01-yunting", "rc02-weidu", "rc03-yanxi", "rc04-yuting", "rc05-mailong",
    "rc09-chengyan", "rc10-luyu-1",
)  # fmt: skip
LATER = (
    "lb01-bangchuan-zhejiang", "rc06-fengli", "rc07-qibai", "rc08-shiyi", "rc10-luyu-2",
    "rc11-tongji", "rc12-hexiu", "rc14-shanwu",
)  # fmt: skip
DAYS = {"rc01-yunting.xlsx": date(2026, 10, 31)}


@record(kw_only=True)
class Days:
    """A quarter that came over two days, and the same at once.

    Attributes:
        url: Ledger of the days; ``whole_url``: of the run over all files.
    """

    home: Path
    url: str
    whole_url: str
    rows: tuple[Row, ...]


def folder(home: Path, *names: str) -> Path:
    home.mkdir(parents=True, exist_ok=True)
    for name in names:
        shutil.copy(SAMPLES / f"{name}.xlsx", home)
    return home


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Days:
    home = tmp_path_factory.mktemp("days")
    url, whole = file_place(home / "days.db").url, file_place(home / "whole.db").url
    for name, files in (("one", FIRST), ("two", LATER), ("all", (*FIRST, *LATER))):
        filed = folder(home / "filed" / name, *files)
        if name != "two":
            (filed / "text.xlsx").write_text("不是工作簿", encoding="utf-8")
    for name in ("one", "two"):
        kept(home / "filed" / name, home / name, url)
    rows = kept(home / "filed" / "all", home / "whole", whole)
    return Days(home=home, url=url, whole_url=whole, rows=tuple(rows))


def called(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(each) for each in arguments], standalone_mode=False)


def document(home: Path, pattern: str) -> Any:
    (path,) = home.rglob(pattern)
    return json.loads(path.read_text(encoding="utf-8"))


# --- peers and parents ------------------------------------------------------------------------


def peers(home: Path, name: str) -> int:
    return int(document(home, name)["score"]["peer"]["n"])


def test_a_bank_is_compared_with_everyone_who_filed_before_it(days: Days) -> None:
    """Thirteen rural commercial banks, one of them blocked; six came on the first day."""
    assert peers(days.home / "one", f"B9001H233010001-{PERIOD}.json") == 5
    assert peers(days.home / "two", f"B9007H251010001-{PERIOD}.json") == 12
    assert peers(days.home / "whole", f"B9007H251010001-{PERIOD}.json") == 12


def test_a_branch_takes_from_a_parent_that_filed_days_before(days: Days) -> None:
    code = next(row.code for row in days.rows if row.file == "lb01-bangchuan-zhejiang.xlsx")
    late, whole = (document(days.home / name, f"{code}-{PERIOD}.json") for name in ("two", "whole"))
    assert late == whole
    assert late["submission"]["bank"]["parent"] == "B9101H144010001"
    taken = [i for i in late["indicators"] if i["not_applicable_because"] == "parent_level"]
    assert taken == []


def test_the_whole_folder_once_more_comes_to_what_one_run_comes_to(days: Days) -> None:
    again = days.home / "again"
    kept(days.home / "filed" / "all", again, days.url)
    one, other = documents(again), documents(days.home / "whole")
    assert one.keys() == other.keys()
    differing = {name for name in one if one[name] != other[name]}
    assert {name for name in differing if not name.startswith("internal/run/")} <= {"manifest.json"}


# --- summary ----------------------------------------------------------------------------------


def test_the_summary_of_two_days_is_that_of_one_run(days: Days, tmp_path: Path) -> None:
    result = called("summary", PERIOD, "--ledger", days.url, "-o", tmp_path, "--no-pdf")
    assert result.return_value == 0, result.output
    told = (tmp_path / f"league-{PERIOD}.xlsx").read_bytes()
    assert told == (days.home / "whole" / "internal" / f"league-{PERIOD}.xlsx").read_bytes()
    assert told == (days.home / "two" / "internal" / f"league-{PERIOD}.xlsx").read_bytes()
    assert "报送件 16 份：有效 15 家（其中阻断 1 家），拒收文件 1 份" in result.stderr


def test_a_run_without_a_ledger_comes_to_the_same(days: Days, tmp_path: Path) -> None:
    kept(days.home / "filed" / "all", tmp_path, None)
    name = f"internal/league-{PERIOD}.xlsx"
    assert (tmp_path / name).read_bytes() == (days.home / "whole" / name).read_bytes()


def test_what_was_kept_is_read_back_exactly(days: Days) -> None:
    with file_place(days.home / "days.db").open() as ledger:
        read = period_kept(ledger, PERIOD)
        assert period_kept(ledger, PERIOD, read.figures) == read
    assert len(read.figures) == len(FIRST) + len(LATER)
    assert [one.file for one in read.refused] == ["text.xlsx"]
    assert [(one.code, one.sequence) for one in read.figures if one.superseded] == [
        ("B9010H251010001", 1)
    ]


def test_the_summary_is_printed_and_says_who_is_missing(days: Days, tmp_path: Path) -> None:
    register = tmp_path / "register.csv"
    register.write_text(
        "机构代码,机构名称,机构类型,省份,报送期限\n"
        "B9001H233010001,云汀农村商业银行股份有限公司,农村商业银行,浙江省,2026-10-20\n"
        "B9999H233010001,未报农村商业银行,农村商业银行,浙江省,2026-10-20\n",
        encoding="utf-8",
    )
    told = ("--ledger", days.url, "-o", tmp_path, "--register", register)
    result = called("summary", PERIOD, *told)
    assert result.return_value == 1
    assert "未报农村商业银行" in result.stderr
    assert (tmp_path / f"summary-{PERIOD}.pdf").read_bytes().startswith(b"%PDF-1.7")
    assert (tmp_path / f"status-{PERIOD}.xlsx").is_file()


def test_a_period_without_filings_is_no_summary(days: Days, tmp_path: Path) -> None:
    result = called("summary", "2026Q2", "--ledger", days.url, "-o", tmp_path)
    assert getattr(result.exception, "code", "") == "nothing_filed"
    assert list(tmp_path.iterdir()) == []


def test_what_an_earlier_program_kept_is_said_to_be_left_out(place: Place) -> None:
    with place.open() as ledger:
        ledger.append_evaluations([filing("B1"), filing("B2")])
        read = period_kept(ledger, PERIOD)
    assert (read.figures, read.unknown) == ((), ("B1", "B2"))


# --- status -----------------------------------------------------------------------------------


def by_file(filings: list[Filing]) -> list[Filing]:
    return sorted(filings, key=lambda one: (one.file, one.sha256))


def test_ledger_and_run_tell_the_same_filings(days: Days) -> None:
    names = {file.name for file in (days.home / "filed" / "all").iterdir()}
    received = dict.fromkeys(names, date(2026, 10, 12)) | DAYS
    log = days.home / "received.csv"
    lines = [f"{name},{day}" for name, day in sorted(received.items())]
    log.write_text("文件名,收到日期\n" + "\n".join(lines) + "\n", encoding="utf-8")
    by_run = filings_of_runs([days.home / "whole"], log)
    for name in ("days.db", "whole.db"):
        with file_place(days.home / name).open() as ledger:
            assert by_file(filings_kept(ledger, PERIOD, received)) == by_file(by_run)


def test_the_ledger_knows_the_day_of_receipt_and_the_office_knows_better(place: Place) -> None:
    with place.open() as ledger:
        ledger.append_evaluations([filing("B1", received_on="2026-10-12", file="a.xlsx")])
        told = filings_kept(ledger, PERIOD)
        better = filings_kept(ledger, PERIOD, {"a.xlsx": date(2026, 10, 9)})
    assert (told[0].received, better[0].received) == (date(2026, 10, 12), date(2026, 10, 9))


def test_the_stage_is_the_one_that_was_signed_last_over_this_filing(place: Place) -> None:
    first = filing("B1")
    step = StageStep(
        period=PERIOD, stage="reviewed", digest=first.evaluated.document, by="李四", role="复审",
        on="2026-11-02",
    )  # fmt: skip
    with place.open() as ledger:
        ledger.append_evaluations([first, filing("B2")])
        ledger.append("B1", [step])
        told = filings_kept(ledger, PERIOD)
        ledger.append_evaluations([filing("B1", sequence=2, total="70")])
        later = filings_kept(ledger, PERIOD)
    assert [(one.bank, one.stage) for one in told] == [("B1", "reviewed"), ("B2", "preliminary")]
    assert [one.stage for one in later if one.bank == "B1"] == ["reviewed", "preliminary"]


def refused(file: str, sha256: str, period: str) -> Refused:
    return Refused(
        sha256=sha256, file=file, period=period, code="not_a_workbook", message="不是工作簿",
        fix="另存", program="0",
    )  # fmt: skip


def test_a_refused_file_counts_for_its_period_until_it_is_taken(place: Place) -> None:
    one = filing("B1")
    with place.open() as ledger:
        ledger.start_run("run 1", "0", "evaluate")
        ledger.append(OFFICE, [refused("of-no-period.xlsx", "a" * 64, "")])
        ledger.append(OFFICE, [refused("of-another.xlsx", "b" * 64, "2026Q2")])
        ledger.append(OFFICE, [refused("taken-later.xlsx", one.filed.sha256, PERIOD)])
        ledger.append(OFFICE, [refused("broken.xlsx", "c" * 64, PERIOD)])
        assert [r.file for r in ledger.refusals(PERIOD)] == ["broken.xlsx", "taken-later.xlsx"]
        ledger.append_evaluations([one])
        assert [r.file for r in ledger.refusals(PERIOD)] == ["broken.xlsx", "of-no-period.xlsx"]
        assert [r.file for r in ledger.refusals("2026Q2")] == ["of-another.xlsx"]


def test_status_needs_a_source(tmp_path: Path) -> None:
    result = called("status", PERIOD, "--register", tmp_path / "x.csv")
    assert getattr(result.exception, "code", "") == "source_missing"
