"""``supervise status`` over the run of a whole quarter: text, JSON, xlsx, exit codes."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from made_quarter import Made
from openpyxl import load_workbook

from supervise.cli.main import cli
from supervise.core.filing_status import Filing
from supervise.errors import LedgerError, SuperviseError, UsageError
from supervise.pipeline.quarter.status import Asked, exit_code, filings_of_runs, shown, status_of
from supervise.settings import Settings

ZH = Settings()


def asked(made: Made, register: Path | None = None) -> Asked:
    return Asked(period="2026Q3", register=register or made.folder / "banks.csv", settings=ZH)


def filings(made: Made) -> list[Filing]:
    return filings_of_runs([made.run], made.folder / "received.csv")


def answered(made: Made) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(shown(status_of(asked(made), filings(made)), "json", ZH))
    return told


def run(made: Made, *options: str, period: str = "2026Q3") -> Result:
    known = ["--register", str(made.folder / "banks.csv"), "--run", str(made.run)]
    return CliRunner().invoke(cli, ["status", period, *known, *options], standalone_mode=False)


def test_every_bank_is_in_the_state_that_was_planned(quarter: Made) -> None:
    names = ("code", "state", "late", "resubmitted")
    found = {bank["code"]: tuple(bank[n] for n in names) for bank in answered(quarter)["banks"]}
    planned = [bank for bank in quarter.expected["banks"] if bank["listed"]]
    wanted = {bank["code"]: tuple(bank[n] for n in names) for bank in planned}
    missing = {code for code, (_, state, *_) in wanted.items() if state == "missing"}
    assert {code: found[code] for code in wanted if code not in missing} == {
        code: told for code, told in wanted.items() if code not in missing
    }
    assert missing
    assert {found[code][1:3] for code in missing} == {("missing", None)}


def test_a_bank_outside_the_register_is_named(quarter: Made) -> None:
    planned = [bank["code"] for bank in quarter.expected["banks"] if not bank["listed"]]
    assert planned
    assert [filing["code"] for filing in answered(quarter)["not_on_register"]] == planned


def test_the_counts_are_those_of_the_banks(quarter: Made) -> None:
    told = answered(quarter)
    states = Counter(bank["state"] for bank in told["banks"])
    assert {state: told["counts"][state] for state in states} == dict(states)
    assert told["counts"]["registered"] == len(told["banks"]) == sum(states.values())
    assert told["schema"] == "supervise/status/1"
    assert told["complete"] is False


def test_the_source_of_filings_does_not_matter(quarter: Made) -> None:
    """The seam for a ledger: any iterable of the same records, in any order."""
    once = status_of(asked(quarter), filings(quarter))
    again = status_of(asked(quarter), iter(reversed(filings(quarter))))
    assert once == again


def test_without_receipts_nobody_is_called_late(quarter: Made) -> None:
    told = status_of(asked(quarter), filings_of_runs([quarter.run]))
    counts = told.counts()
    assert counts["late"] == 0
    assert counts["undated"] == counts["registered"] - counts["missing"]


def test_the_text_says_what_wants_doing_first(quarter: Made) -> None:
    result = run(quarter, "--received", str(quarter.folder / "received.csv"))
    assert result.return_value == 1
    lines = result.stdout.split("\n")
    assert lines[:2] == ["2026年三季度报送情况", "尚未收齐"]
    assert result.stdout.index("\n未报 2 家") < result.stdout.index("\n拒收 19 家")
    assert "其余" not in result.stdout


def test_english_is_spoken_too(quarter: Made) -> None:
    assert "Not complete" in run(quarter, "--lang", "en").stdout


def test_json_is_one_document_on_stdout(quarter: Made) -> None:
    result = run(quarter, "--format", "json", "--on", "2026-10-10")
    told = json.loads(result.stdout)
    assert told["on"] == "2026-10-10"
    assert told["counts"]["not_due"] == 2
    assert told["counts"]["missing"] == 0


def test_the_workbook_has_every_bank_and_the_totals(quarter: Made, tmp_path: Path) -> None:
    target = tmp_path / "status.xlsx"
    result = run(quarter, "--format", "xlsx", "-o", str(target))
    assert result.return_value == 1
    book = load_workbook(target)
    assert book.sheetnames == ["待办", "全部", "汇总", "名册之外"]
    codes = {cell.value for cell in book["全部"]["A"]}
    assert {bank["code"] for bank in answered(quarter)["banks"]} <= codes
    whole = [cell.value for cell in list(book["汇总"].rows)[-1]]
    assert whole[:2] == ["应报", len(answered(quarter)["banks"])]
    assert shown(status_of(asked(quarter), filings(quarter)), "xlsx", ZH) == shown(
        status_of(asked(quarter), filings(quarter)), "xlsx", ZH
    )


def test_a_name_that_looks_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://x")'
    register = tmp_path / "banks.csv"
    with register.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(("code", "name", "type", "province", "due"))
        rows.writerow(("B9001", evil, "city", "330000", "2026-10-20"))
    request = Asked(period="2026Q3", register=register, settings=ZH)
    stray = Filing(bank="", period="", status="refused", file="@SUM(1)\x1b[31m.xlsx")
    told = status_of(request, [stray])
    book = load_workbook(io.BytesIO(shown(told, "xlsx", ZH)))
    cells = [cell for sheet in book for row in sheet.rows for cell in row if cell.value]
    assert {cell.data_type for cell in cells if "HYPERLINK" in str(cell.value)} == {"s"}
    assert all(cell.data_type in "sn" for cell in cells)
    assert "\x1b" not in shown(told, "text", ZH).decode()


def test_a_complete_collection_ends_with_zero(quarter: Made, tmp_path: Path) -> None:
    good = [filing for filing in filings(quarter) if filing.status == "passed"]
    codes = {filing.bank for filing in good}
    lines = (quarter.folder / "banks.csv").read_text(encoding="utf-8-sig").splitlines()
    register = tmp_path / "banks.csv"
    kept = [line for line in lines[1:] if line.partition(",")[0] in codes]
    register.write_text("\n".join([lines[0], *kept]), encoding="utf-8")
    told = status_of(asked(quarter, register), good)
    assert exit_code(told) == 0
    assert "收齐" in shown(told, "text", ZH).decode()


def test_a_long_list_is_cut_and_says_so(quarter: Made, tmp_path: Path) -> None:
    register = tmp_path / "banks.csv"
    rows = "".join(f"B{n:04},某行,city,330000,2026-10-20\n" for n in range(50))
    register.write_text(f"code,name,type,province,due\n{rows}", encoding="utf-8")
    text = shown(status_of(asked(quarter, register), []), "text", ZH).decode()
    assert "其余 30 项" in text
    assert len(text.splitlines()) < 40


def test_later_runs_say_more_recently_what_came_of_a_file(quarter: Made) -> None:
    twice = filings_of_runs([quarter.run, quarter.run], quarter.folder / "received.csv")
    assert status_of(asked(quarter), twice) == status_of(asked(quarter), filings(quarter))


@pytest.mark.parametrize("text", ["", "{", "{}", '{"submissions": [{"file": 3}]}', "[]"])
def test_a_damaged_run_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(LedgerError) as caught:
        filings_of_runs([tmp_path])
    assert all(caught.value.parts().values())


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="不能打开"):
        filings_of_runs([tmp_path])


def refused(made: Made, *options: str, period: str = "2026Q3") -> str:
    error = run(made, *options, period=period).exception
    assert isinstance(error, SuperviseError)
    assert error.expected
    assert error.fix
    return error.code


def test_wrong_usage_is_told(quarter: Made, tmp_path: Path) -> None:
    assert refused(quarter, "--format", "xlsx") == "output_missing"
    assert refused(quarter, "--on", "明天") == "bad_day"
    assert refused(quarter, period="2026") == "bad_period"
    assert refused(quarter, "-o", str(quarter.folder / "banks.csv")) == "over_submission"
    command = ["status", "2026Q3", "--register", str(quarter.folder / "banks.csv")]
    error = CliRunner().invoke(cli, command, standalone_mode=False).exception
    assert isinstance(error, UsageError)
    assert error.code == "source_missing"
