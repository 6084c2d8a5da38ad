"""``supervise history``: a bank's quarters from the ledger; and what a run makes of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from kept_runs import asked, filed_first, kept
from ledgers import PERIOD, Place, file_place, filing
from openpyxl import load_workbook

from supervise.batch import Mapper
from supervise.cli.main import cli
from supervise.ledger.later_records import (
    Adjusted,
    Judged,
    ObjectionStep,
    Rectification,
    StageStep,
    Succession,
)
from supervise.pipeline.outputs import Target
from supervise.pipeline.quarter.history import bank_history
from supervise.pipeline.run.evaluate import evaluate_many
from supervise.pipeline.run.keeping import keeper_of
from supervise.record import replace
from supervise.settings import Settings
from supervise.write.terminal import width

SAMPLES = Path(__file__).parents[1] / "sample_submissions"
YUNTING, WEIDU, LUYU, CHENGYAN = (
    "B9001H233010001", "B9002H233010001", "B9010H251010001", "B9009H251010001",
)  # fmt: skip
NEW = "B9099H233010001"


def by(name: str, on: str) -> dict[str, str]:
    return {"by": name, "on": on}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Two quarters of some samples, and what supervisors said since."""
    home = tmp_path_factory.mktemp("history")
    found = file_place(home / "quarter.db")
    for period, names in (
        ("2025Q4", ("rc01-yunting", "rc02-weidu")),
        (PERIOD, ("rc01-yunting", "rc02-weidu", "rc09-chengyan", "rc10-luyu-1", "rc10-luyu-2")),
    ):
        filed = home / period
        filed.mkdir()
        for name in names:
            shutil.copy(SAMPLES / period / f"{name}.xlsx", filed)
        kept(filed, home / "out" / period, found.url)
    mark = {"period": "2025Q4", "indicator": "due_diligence_exemption", "part": "rules"}
    with found.open() as ledger:
        ledger.append(
            YUNTING,
            [
                Judged(**mark, points="2", reason="制度不全", **by("张三", "2026-02-01")),
                Judged(**mark, points="2.5", reason="已补", **by("李四", "2026-02-09")),
                Adjusted(period="2025Q4", item="G01_loans", filed="100", adjusted="90.5",
                         reason="现场核实", evidence="底稿", **by("张三", "2026-02-02")),
                StageStep(period="2025Q4", stage="reviewed", digest="d", role="复审",
                          **by("李四", "2026-03-01")),
                Rectification(period="2025Q4", rectification="Z1", requirement="weight",
                              text="提高权重", due="2026-06-30", **by("张三", "2026-03-02")),
                ObjectionStep(period="2025Q4", objection="Y1", state="rejected", text="理由不足",
                              **by("王五", "2026-03-09")),
            ],
        )  # fmt: skip
        merged = Succession(predecessor=WEIDU, from_period="2026Q4", continues=True,
                            basis="批复1号", **by("张三", "2026-10-01"))  # fmt: skip
        ledger.append(YUNTING, [merged])
        stands = ledger.standing(WEIDU, PERIOD)
        assert stands is not None
        assert stands.evaluation is not None
        seen = stands.evaluation.document
        signed = StageStep(period=PERIOD, stage="notified", digest=seen, role="处长",
                           **by("赵六", "2026-11-09"))  # fmt: skip
        ledger.append(WEIDU, [signed])
    return found


def called(place: Place, *arguments: object) -> Result:
    told = ["history", *map(str, arguments), "--ledger", place.url]
    return CliRunner().invoke(cli, told, standalone_mode=False)


def document(place: Place, bank: str, *options: object) -> Any:
    return json.loads(called(place, bank, "--format", "json", *options).stdout)


def test_a_resubmission_shows_what_stood_and_what_stands(place: Place) -> None:
    (quarter,) = document(place, LUYU)["quarters"]
    first, second = quarter["filings"]
    assert (first["status"], first["standing"]) == ("blocked", False)
    assert (second["status"], second["standing"]) == ("passed", True)
    assert first["findings"]["blocking"] == 2
    assert second["reason"]
    assert len(second["sha256"]) == 64
    assert quarter["score"]["total"] == second["total"]


def test_scores_are_those_of_the_documents(place: Place, tmp_path: Path) -> None:
    with place.open() as ledger:
        stands = ledger.standing(WEIDU, PERIOD)
        assert stands is not None
        data = ledger.document(stands)
    assert data is not None
    expected = json.loads(data)
    told = document(place, "苇渡")["quarters"][0]
    assert told["stage"] == "notified"
    assert told["score"]["total"] == expected["score"]["total"]
    assert told["grade"]["id"] == expected["grade"]["id"]
    assert {e["id"]: e["points"] for e in told["elements"]} == {
        e["id"]: e["points"] for e in expected["elements"]
    }
    headlines = {i["id"]: i["value"] for i in expected["indicators"] if i["headline"]}
    assert {h["id"]: h["value"] for h in told["headlines"]} == headlines
    assert len(headlines) == 5


def test_every_mark_is_told_with_the_one_that_it_replaced(place: Place) -> None:
    quarter = next(q for q in document(place, YUNTING)["quarters"] if q["period"] == "2025Q4")
    told = [(r["kind"], r["said"], r["by"], r["counts"]) for r in quarter["remarks"]]
    assert told == [
        ("judgement", "2", "张三", False),
        ("judgement", "2.5", "李四", True),
        ("adjustment", "100 → 90.5", "张三", True),
        ("rectification", "2026-06-30", "张三", True),
        ("objection_step", "rejected", "王五", True),
        ("stage_step", "reviewed", "李四", True),
    ]


def test_a_quarter_before_a_merger_is_the_sum_of_two_and_has_no_score(place: Place) -> None:
    told = document(place, YUNTING)
    assert [(s["predecessor"], s["from"]) for s in told["successions"]] == [(WEIDU, "2026Q4")]
    for quarter in told["quarters"]:
        if quarter["pro_forma"]:
            assert quarter["banks"] == [YUNTING, WEIDU]
            assert quarter["score"]["total"] is None
            assert {f["bank"] for f in quarter["filings"]} == {YUNTING, WEIDU}
    assert [q["period"] for q in told["quarters"] if q["pro_forma"]] == ["2026Q3", "2025Q4"]
    assert "备考合并" in called(place, YUNTING).stdout


def test_quarters_in_which_nothing_was_filed_are_not_left_out(place: Place) -> None:
    quarters = document(place, WEIDU)["quarters"]
    assert [q["period"] for q in quarters] == ["2026Q3", "2026Q2", "2026Q1", "2025Q4"]
    assert [q["status"] for q in quarters] == ["passed", None, None, "passed"]
    assert len(document(place, WEIDU, "--quarters", 1)["quarters"]) == 1


def test_the_terminal_keeps_its_columns_with_wide_characters(place: Place) -> None:
    lines = called(place, WEIDU).stdout.split("\n")
    start = lines.index("各期")
    rows = [line for line in lines[start + 1 : start + 6] if line.startswith("  20")]
    assert len(rows) == 4
    ends = {width(row[: row.index("—")]) for row in rows if "未报" in row}
    assert len(ends) == 1


def test_points_of_a_blocked_filing_are_not_told_as_a_score(place: Place) -> None:
    lines = called(place, CHENGYAN).stdout.split("\n")
    row = lines[lines.index("各期") + 2].split()
    assert row[:5] == ["2026Q3", "报送被阻断", "监管初评", "—", "—"]


def test_english_has_the_same_tables(place: Place) -> None:
    told = called(place, WEIDU, "--lang", "en").stdout
    assert "Points by element" in told


def test_the_workbook_has_a_sheet_for_each_table(place: Place, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        called(place, YUNTING, "--format", "xlsx", "-o", tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    book = load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == [
        "各期", "要素得分", "核心指标", "核心指标的同业位次", "报送件", "监管记录", "承继",
    ]  # fmt: skip
    digests = {cell.value for row in book["报送件"].rows for cell in row}
    assert document(place, YUNTING)["quarters"][0]["filings"][0]["sha256"] in digests


@pytest.mark.parametrize(
    ("name", "code"),
    [("农村商业银行", "bank_ambiguous"), ("无此银行", "bank_unknown"), ("", "bank_unknown")],
)
def test_a_name_must_be_one_banks(place: Place, name: str, code: str) -> None:
    assert getattr(called(place, name).exception, "code", "") == code


def test_a_workbook_needs_a_file(place: Place) -> None:
    error = called(place, YUNTING, "--format", "xlsx").exception
    assert getattr(error, "code", "") == "output_missing"


# --- places -----------------------------------------------------------------------------------


@pytest.mark.real
def test_places_are_told_by_type_and_by_type_and_province(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Twelve of a type, ten of them in the province; on both databases."""
    from ledgers import PASSWORD, server_place

    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    places = (file_place(tmp_path / "q.db"), server_place(request.getfixturevalue("server")))
    for found in places:
        filed = tmp_path / "filed"
        filed.mkdir(exist_ok=True)
        filed_first(filed / "a.xlsx")
        kept(filed, tmp_path / "out", found.url, store=tmp_path / "store")
        with found.open() as ledger:
            others = [
                filing(f"B{n}", total=str(n), province="510000" if n < 9 else "330000")
                for n in range(11)
            ]
            ledger.append_evaluations(others)
        (quarter,) = bank_history(found.url, "B0001H233000001", 8, Settings()).quarters
        assert quarter.by_type is not None
        assert quarter.by_place is not None
        assert (quarter.by_type.n, quarter.by_place.n) == (12, 10)
        assert quarter.by_type.quartile == 1


# --- what a run makes of them -----------------------------------------------------------------


def test_a_check_across_periods_sees_the_figure_of_the_ledger(tmp_path: Path) -> None:
    place = file_place(tmp_path / "q.db")
    with place.open() as ledger:
        facts = {"G01_loans": "123450000"}
        ledger.append_evaluations([filing(YUNTING, "2025Q4", facts=facts)])
    filed = tmp_path / "filed"
    filed.mkdir()
    shutil.copy(SAMPLES / PERIOD / "rc01-yunting.xlsx", filed)
    kept(filed, tmp_path / "out", place.url)
    (path,) = (tmp_path / "out").rglob(f"{YUNTING}-{PERIOD}.json")
    findings = json.loads(path.read_text(encoding="utf-8"))["findings"]
    (found,) = [one for one in findings if one["scope"] == "cross_period"]
    assert (found["check"], found["expected"]) == ("CP_001", "12345")


def test_eight_quarters_of_the_ledger_alone_are_the_trends_of_a_report(tmp_path: Path) -> None:
    place = file_place(tmp_path / "q.db")
    earlier = ("2024Q4", "2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1", "2026Q2")
    with place.open() as ledger:
        ledger.append_evaluations([filing(period=period) for period in earlier])
    filed = tmp_path / "filed"
    filed_first(filed / "a.xlsx")
    target = Target(folder=tmp_path / "out", pdf=False, html=True)
    run = replace(asked(tmp_path / "out", place.url), target=target)
    with keeper_of(run) as keeper:
        evaluate_many([filed], run, Mapper(1), keeper=keeper)
    page = next((tmp_path / "out").rglob("B0001*.html")).read_text(encoding="utf-8")
    head = page[page.index('class="trends"') :].partition("</thead>")[0]
    for period in (*earlier, PERIOD):
        year, quarter = period[:4], "一二三四"[int(period[-1]) - 1]
        assert f"{year}" in head, period
        assert quarter in head or period in head
    assert head.count('<th class="r">') == 8
