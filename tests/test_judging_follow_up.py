"""Objections and 整改 through the judging workbook, into the next report, and past their day."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judging_kit import (
    NAMES,
    PERIOD,
    SAMPLES,
    WEIDU,
    YUNTING,
    Office,
    copied,
    document,
    evaluated,
    faults,
    fill,
    judgement,
    mark,
    procedure,
    step,
)
from marked import through_libreoffice
from openpyxl import load_workbook

from supervise.cli import main
from supervise.ledger.later_records import (
    Objected,
    ObjectionStep,
    Rectification,
    RectificationStep,
    StageStep,
    Succession,
)
from supervise.pipeline.judge.overdue import overdue_data, overdue_items
from supervise.pipeline.verify.files import verify_files
from supervise.settings import Settings

DUTY = "duty.online_loan_review.independent"
DUE, LATER = date(2026, 12, 1), date(2027, 2, 1)
WHEN = date(2026, 11, 2)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return evaluated(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def notified(made: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = copied(made, tmp_path_factory.mktemp("notified") / "office")
    procedure(office, ("初评", "张三"), ("复审", "李四"), ("通报", "王五"))
    office.evaluate(YUNTING)
    return office


@pytest.fixture
def office(made: Office, tmp_path: Path) -> Office:
    return copied(made, tmp_path / "office")


def objection(path: Path, state: str, where: dict[str, Any] | None = None, **more: Any) -> str:
    given = {"state": state, "by": "周办", "on": WHEN, **more}
    if where is None:
        given = {"bank": YUNTING, "id": "Y1", "subject": "尽职免责", "text": "制度已发布", **given}
    return fill(path, "异议", where, **given)


def demand(path: Path, state: str, where: dict[str, Any] | None = None, **more: Any) -> str:
    found = where if where is not None else {"bank": WEIDU, "id": DUTY}
    return fill(path, "整改", found, state=state, **{"by": "吴监", "on": WHEN, **more})


# --- objections -------------------------------------------------------------------------------


def test_an_objection_is_raised_answered_and_shown_without_names(
    notified: Office, tmp_path: Path
) -> None:
    office = copied(notified, tmp_path / "office")
    path = office.template(YUNTING)
    objection(path, "提出")
    assert office.done(path).counts["objections"].new == 1
    assert [one.stage for one in office.records(StageStep)][-1] == "objected"
    assert office.done(path).counts["objections"].unchanged == 1
    path = office.template(YUNTING)
    row = fill(
        path, "程序", {"bank": YUNTING, "stage": None, "role": None}, stage="终评", by="郑局",
        role="局长", on=WHEN,
    )  # fmt: skip
    assert faults(office.imported(path)) == [(f"程序!F{row}", "还有异议没有处理完")]
    path = office.template(YUNTING)
    objection(path, "部分成立", {"bank": YUNTING, "id": "Y1"}, answer="部分采纳，评分已改")
    mark(path, 3, on=WHEN)
    office.done(path)
    out = office.evaluate(html=True)
    told = document(out)
    assert told["evaluation"]["stage"] == "objected"
    assert told["objections"] == [
        {
            "id": "Y1", "period": PERIOD, "subject": "尽职免责", "text": "制度已发布",
            "date": "2026-11-02", "state": "partly_upheld", "answer": "部分采纳，评分已改",
            "stated_on": "2026-11-02",
        }
    ]  # fmt: skip
    page = next((out / YUNTING).glob("*.html")).read_text(encoding="utf-8")
    assert "异议及处理" in page
    assert "部分采纳，评分已改" in page
    for name in ("周办", "李评", "张三", "李四", "王五"):
        assert name not in page
        assert name not in json.dumps(told, ensure_ascii=False)
    assert "异议及处理" not in next((out / WEIDU).glob("*.html")).read_text(encoding="utf-8")


def test_what_happened_day_by_day_may_come_in_one_workbook(office: Office) -> None:
    path = office.template(YUNTING)
    for n, (stage, by) in enumerate((("终评", "郑局"), ("初评", "张三"), ("复审", "李四"))):
        step(path, stage, by, on=date(2026, 11, 9) if n == 0 else date(2026, 10, 20 + n))
    step(path, "通报", "王五", on=WHEN)
    objection(path, "提出")
    objection(path, "撤回", None, on=date(2026, 11, 5), subject=None, text=None)
    assert office.done(path).counts["stages"].new == 4
    assert [one.stage for one in office.records(StageStep)] == [
        "preliminary", "reviewed", "notified", "objected", "final",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"id": "第一"}, "不能用"),
        ({"text": None}, "没有填写"),
        ({"text": "周办说过"}, "人员姓名"),
        ({"on": date(2026, 10, 1)}, "不合理"),
        ({"state": "受理", "id": "Y9"}, "没有提出过"),
        ({"state": "成立", "id": "Y9"}, "没有填写"),
    ],
)
def test_an_objection_that_is_not_in_order_is_refused(
    notified: Office, change: dict[str, Any], what: str
) -> None:
    path = notified.template(YUNTING)
    objection(path, **{"state": "提出", **change})
    found = [told for _, told in faults(notified.imported(path))]
    assert any(what in told for told in found)
    assert notified.records(Objected) == notified.records(ObjectionStep) == []


def test_an_objection_comes_after_the_notice(office: Office) -> None:
    path = office.template()
    row = objection(path, "提出")
    assert faults(office.imported(path)) == [(f"异议!G{row}", "现环节是“未登记”，不能提出异议")]


# --- 整改 --------------------------------------------------------------------------------------


def demanded(office: Office) -> None:
    path = office.template(WEIDU)
    demand(path, "下达", due=DUE)
    fill(
        path, "整改", None, bank=WEIDU, id="A1", requirement="《若干措施》第八项", state="下达",
        text="三个月内完成模型验证", due=LATER, by="吴监", on=WHEN,
    )  # fmt: skip
    assert office.done(path).counts["demands"].new == 2
    assert office.done(path).counts["demands"].unchanged == 2


def test_demands_stand_in_the_report_with_their_days(office: Office) -> None:
    demanded(office)
    out = office.evaluate(WEIDU)
    told = document(out, WEIDU)
    found = {item["id"]: item["due"] for item in told["rectification"]}
    assert (found[DUTY], found["added.A1"]) == ("2026-12-01", "2027-02-01")
    assert any(o["text"] == "三个月内完成模型验证" for o in told["opinions"]["items"])
    office.evaluate(WEIDU)  # the draft of opinions is not touched by what the ledger keeps


def test_demands_are_carried_into_the_next_report_and_closed_there(office: Office) -> None:
    demanded(office)
    path = office.template(WEIDU)
    demand(path, "报告", evidence="已完成一半")
    office.done(path)
    path = office.template(WEIDU)
    demand(path, "验收", {"bank": WEIDU, "id": "added.A1"}, evidence="验证报告已核")
    office.done(path)
    next_quarter(office)
    out = office.evaluate("next", html=True)
    told = document(out, WEIDU, "2026Q4")
    found = {item["id"]: item for item in told["rectification"]}
    assert (found[DUTY]["since"], found[DUTY]["due"]) == (PERIOD, "2026-12-01")
    assert found[DUTY]["status"] in ("overdue", "mended")
    assert (found["added.A1"]["status"], found["added.A1"]["stated"]) == ("mended", True)
    page = next((out / WEIDU).glob("*.html")).read_text(encoding="utf-8")
    assert "验证报告已核" in page
    assert "吴监" not in page


def next_quarter(office: Office) -> None:
    """The same filing for the quarter after, as far as the period matters here."""
    folder = office.folder / "next"
    folder.mkdir()
    source = SAMPLES / PERIOD / NAMES[1]
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(folder / NAMES[1], "w") as new:
        for name in old.namelist():
            data = old.read(name).replace(b"2026Q3", b"2026Q4")
            new.writestr(name, data)


@pytest.mark.parametrize(
    ("state", "change", "what"),
    [
        ("下达", {}, "没有填写"),
        ("下达", {"due": date(2026, 11, 1)}, "早于登记日期"),
        ("验收", {"evidence": "a"}, "还没有下达"),
        ("报告", {"evidence": "a", "due": DUE}, "不填整改期限"),
        ("报告", {"evidence": "吴监看过"}, "还没有下达"),
        ("完成", {"evidence": "a"}, "不能识别"),
    ],
)
def test_a_demand_that_is_not_in_order_is_refused(
    made: Office, state: str, change: dict[str, Any], what: str
) -> None:
    path = made.template(WEIDU)
    demand(path, state, **change)
    assert any(what in told for _, told in faults(made.imported(path)))
    assert made.records(Rectification) == made.records(RectificationStep) == []


def test_a_demand_is_put_off_only_to_a_later_day_and_closed_once(office: Office) -> None:
    demanded(office)
    for state, change, what in (
        ("下达", {"due": LATER}, "已经下达"),
        ("延期", {"due": DUE, "evidence": "a"}, "不晚于现期限"),
    ):
        path = office.template(WEIDU)
        demand(path, state, **change)
        assert any(what in told for _, told in faults(office.imported(path)))
    path = office.template(WEIDU)
    demand(path, "延期", due=LATER, evidence="供应商延误")
    office.done(path)
    stale = office.template(WEIDU)
    path = office.template(WEIDU)
    demand(path, "撤销", evidence="业务已停")
    office.done(path)
    demand(stale, "报告", evidence="a")
    assert any("已经了结" in told for _, told in faults(office.imported(stale)))
    sheet = load_workbook(office.template(WEIDU))["整改"]
    assert [sheet.cell(row, 4).value for row in (4, 5)] == ["added.A1", None]


# --- past its day -----------------------------------------------------------------------------


def test_what_is_past_its_day_is_listed_the_longest_first(office: Office, tmp_path: Path) -> None:
    demanded(office)
    office.evaluate()
    with office.place.open() as ledger:
        assert overdue_items(ledger, DUE) == []
        found = overdue_items(ledger, date(2027, 2, 11))
    assert [(o.bank, o.demand.id, o.days) for o in found] == [
        (WEIDU, DUTY, 72),
        (WEIDU, "added.A1", 10),
    ]
    told = json.loads(overdue_data(office.url, date(2027, 2, 11), "json", Settings()))
    assert [item["days_overdue"] for item in told["items"]] == [72, 10]
    text = overdue_data(office.url, date(2027, 2, 11), "text", Settings()).decode()
    assert "逾期未了结的整改 2 项" in text
    book = tmp_path / "overdue.xlsx"
    book.write_bytes(overdue_data(office.url, date(2027, 2, 11), "xlsx", Settings()))
    rows = list(load_workbook(book).active.iter_rows(min_row=3, values_only=True))
    assert [(row[0], row[6]) for row in rows] == [(WEIDU, 72), (WEIDU, 10)]


def test_a_day_that_was_set_in_an_opinion_is_looked_after_too(office: Office) -> None:
    draft = next((office.folder / "out-0" / "internal").glob("opinions-*.yaml"))
    text = draft.read_text(encoding="utf-8")
    at = text.index(f"{DUTY}:")
    edited = text[:at] + re.sub(r"due: *\S*", "due: 2026-11-30", text[at:], count=1)
    given = office.folder / "opinions.yaml"
    given.write_text(edited, encoding="utf-8")
    office.evaluate(opinions=given)
    with office.place.open() as ledger:
        found = overdue_items(ledger, date(2026, 12, 10))
    assert [(o.demand.id, o.days) for o in found] == [(DUTY, 10)]


# --- successions ------------------------------------------------------------------------------


def test_a_succession_is_told_once(office: Office) -> None:
    def told(path: Path, **more: Any) -> None:
        given = {
            "bank": YUNTING, "predecessor": WEIDU, "from_period": "2026Q4", "continues": "是",
            "basis": "批复〔2026〕1号", "by": "冯准", "on": WHEN,
        }  # fmt: skip
        fill(path, "承继", None, **{**given, **more})

    path = office.template()
    told(path)
    assert office.done(path).counts["successions"].new == 1
    assert office.done(path).counts["successions"].unchanged == 1
    [kept] = office.records(Succession)
    assert (kept.predecessor, kept.continues) == (WEIDU, True)
    for change, what in (
        ({"from_period": "2027Q1"}, "已登记"),
        ({"predecessor": YUNTING}, "就是本机构"),
        ({"predecessor": "B7777H233010001"}, "没有报送过"),
    ):
        path = office.template()
        told(path, **change)
        assert any(what in one for _, one in faults(office.imported(path)))


# --- properties, other programs ---------------------------------------------------------------


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    points=st.decimals("0", "3", places=2),
    reason=st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=40),
)
def test_whatever_is_marked_is_kept_as_it_was_written_and_only_once(
    made: Office, tmp_path_factory: pytest.TempPathFactory, points: Any, reason: str
) -> None:
    office = copied(made, tmp_path_factory.mktemp("any") / "office")
    path = office.template(YUNTING)
    said = f"据{reason}"
    mark(path, float(points), reason=said)
    before = office.done(path)
    with office.place.open() as ledger:
        kept = list(ledger.export(without_runs=True))
    again = office.done(path)
    with office.place.open() as ledger:
        assert list(ledger.export(without_runs=True)) == kept
        assert ledger.verify().broken == ()
    assert (before.counts["marks"].new, again.counts["marks"].unchanged) == (1, 1)


@pytest.mark.real
def test_a_workbook_saved_by_libreoffice_is_imported_and_its_mark_is_in_the_report(
    office: Office, tmp_path: Path
) -> None:
    path = office.issued()
    mark(path, 2.5, reason="=核实 10%")
    path.write_bytes(through_libreoffice(path.read_bytes(), tmp_path))
    assert office.done(path).counts["marks"].new == 1
    out = office.evaluate(html=True)
    assert judgement(document(out))["supervisor"] == "2.5"
    page = next((out / YUNTING).glob("*.html")).read_text(encoding="utf-8")
    assert "=核实 10%" in page
    assert "李评" not in page


@pytest.mark.real
def test_a_report_on_what_the_ledger_keeps_can_be_worked_out_again(
    notified: Office, tmp_path: Path
) -> None:
    office = copied(notified, tmp_path / "office")
    path = office.template(YUNTING)
    objection(path, "提出")
    fill(
        path, "整改", None, bank=YUNTING, id="A1", requirement="第八项", state="下达",
        text="完成验证", due=LATER, by="吴监", on=WHEN,
    )  # fmt: skip
    office.done(path)
    out = office.evaluate(YUNTING, pdf=True)
    [found] = verify_files([out / YUNTING / f"{YUNTING}-{PERIOD}.pdf"], Settings())
    assert [fault.parts() for fault in found.faults] == []


# --- the command ------------------------------------------------------------------------------


def cli(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    assert isinstance(left.value.code, int)
    out, err = capsys.readouterr()
    return left.value.code, out, err


def test_the_commands_say_what_was_done_and_what_was_wrong(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    path, ledger = office.folder / "评分.xlsx", ("--ledger", office.url)
    code, _, err = cli(capsys, "judge", "template", PERIOD, "-o", path, *ledger)
    assert (code, "2 家机构" in err) == (0, True)
    mark(path)
    order = ("judge", "import", path, "--on", "2026-11-20", *ledger)
    code, out, _ = cli(capsys, *order, "--format", "json", "--dry-run")
    told = json.loads(out)
    assert (code, told["imported"], told["sheets"]["marks"]["new"]) == (0, False, 1)
    code, _, err = cli(capsys, *order)
    assert (code, "监管评分：新增 1，更改 0，已有 0" in err) == (0, True)
    mark(path, 9, part="due_diligence_exemption.linked")
    code, _, err = cli(capsys, *order)
    assert (code, "一条也没有登记" in err) == (2, True)
    assert all(part in err for part in ("位置：评分.xlsx 监管评分!I", "应为：0 至 2 分", "处理："))
    code, out, _ = cli(capsys, *order, "--format", "json")
    assert (code, [fault["code"] for fault in json.loads(out)["faults"]]) == (
        2,
        ["judging_invalid"],
    )
    code, out, _ = cli(capsys, "judge", "overdue", "--on", "2027-01-01", *ledger)
    assert (code, out) == (0, "截至 2027-01-01，没有逾期未了结的整改。\n")
    code, _, err = cli(capsys, "judge", "overdue", "--format", "xlsx", *ledger)
    assert (code, "output_missing" in err) == (2, True)
    code, _, err = cli(capsys, "judge", "overdue", "--on", "x", *ledger)
    assert (code, "bad_day" in err) == (2, True)


def test_nothing_of_judging_is_loaded_by_a_check() -> None:
    program = "import sys, supervise.cli; print([m for m in sys.modules if 'judg' in m])"
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )  # fmt: skip
    assert done.stdout.strip() == "['supervise.cli.judge']"
