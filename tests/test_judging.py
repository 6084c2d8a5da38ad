"""supervise judge: a workbook out, checked whole on its way back in, counted in the next run."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders import CODE
from judging_kit import (
    PART,
    TODAY,
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
from kept_runs import filed_again, filed_first
from openpyxl import load_workbook

from supervise.core.judge_book import SHEETS
from supervise.errors import UsageError
from supervise.ledger.later_records import Adjusted, Judged, Objected, StageStep

ITEM = "S71_I_6_A5"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return evaluated(tmp_path_factory.mktemp("office"))


@pytest.fixture
def office(made: Office, tmp_path: Path) -> Office:
    return copied(made, tmp_path / "office")


def correct(path: Path, adjusted: Any, filed: Any, **more: Any) -> str:
    given = {"item": ITEM, "reason": "错报", "evidence": "底稿3", "by": "王查", **more}
    given = {"bank": YUNTING, "on": date(2026, 10, 22), **given}
    return fill(path, "监管调整", None, filed=filed, adjusted=adjusted, **given)


def filed(told: Any) -> float:
    """The figure as the bank's sheet shows it, 万元."""
    return float(told["facts"][ITEM]) / 10_000


# --- the workbook -----------------------------------------------------------------------------


def test_the_workbook_lists_what_is_to_be_judged_and_is_the_same_again(office: Office) -> None:
    path = office.issued()
    book = load_workbook(path)
    assert book.sheetnames == ["说明", *(sheet.name for sheet in SHEETS), "数据项"]
    marks = [row for row in book["监管评分"].iter_rows(min_row=4, values_only=True) if row[0]]
    assert (YUNTING, PART, 3, 3) in [(r[0], r[2], r[5], r[6]) for r in marks]
    assert {row[0] for row in marks} == {YUNTING, WEIDU}
    assert path.read_bytes() == office.issued().read_bytes()


def test_what_the_program_tells_is_locked_and_what_is_to_be_filled_in_is_checked(
    office: Office,
) -> None:
    book = load_workbook(office.issued(YUNTING))
    sheet = book["监管评分"]
    assert sheet.protection.sheet
    assert (sheet["C4"].protection.locked, sheet["I4"].protection.locked) == (True, False)
    assert book["程序"]["A5"].protection.locked is False
    rules = {
        str(rule.sqref).partition(":")[0]: rule.type
        for rule in sheet.data_validations.dataValidation
    }
    assert (rules["I4"], rules["L4"]) == ("custom", "date")
    stages = book["程序"].data_validations.dataValidation
    assert any(rule.formula1 == '"初评,复审,通报,终评,归档"' for rule in stages)


def test_an_untouched_workbook_brings_nothing(office: Office) -> None:
    assert office.done(office.template()).counts == {}


def test_banks_are_named_or_refused(office: Office) -> None:
    sheet = load_workbook(office.template(WEIDU))["程序"]
    assert [sheet["A4"].value, sheet["A5"].value] == [WEIDU, None]
    with pytest.raises(UsageError) as caught:
        office.issued("B9002H233010002")
    assert WEIDU in caught.value.expected


# --- marks and corrections --------------------------------------------------------------------


def test_a_mark_counts_in_the_next_evaluation_and_a_second_import_adds_nothing(
    office: Office,
) -> None:
    path = office.template()
    mark(path)
    assert office.done(path).counts["marks"].new == 1
    again = office.done(path)
    assert (again.counts["marks"].new, again.counts["marks"].unchanged) == (0, 1)
    [kept] = office.records(Judged)
    assert (kept.points, kept.by, kept.on) == ("2", "李评", "2026-10-20")
    told = judgement(document(office.evaluate(YUNTING)))
    assert (told["supervisor"], told["counted"]) == ("2", "mixed")
    assert office.done(path).counts["marks"].unchanged == 1


def test_a_dry_run_and_a_workbook_with_one_fault_append_nothing(office: Office) -> None:
    path = office.template()
    mark(path)
    found = office.imported(path, dry_run=True)
    assert (found.counts["marks"].new, office.records(Judged)) == (1, [])
    mark(path, 9, bank=WEIDU)
    found = office.imported(path)
    assert len(found.faults) == 1
    assert office.records(Judged) == []


def test_a_mark_is_replaced_withdrawn_and_all_of_it_stays_visible(office: Office) -> None:
    for points, count in ((2, (1, 0)), (3, (0, 1)), ("撤销", (0, 1))):
        path = office.template()
        mark(path, points)
        counts = office.done(path).counts["marks"]
        assert (counts.new, counts.replaced) == count
    assert [one.points for one in office.records(Judged)] == ["2", "3", None]
    assert judgement(document(office.evaluate(YUNTING)))["supervisor"] is None


def test_a_mark_written_without_sight_of_another_is_refused(office: Office) -> None:
    early, late = office.template(), office.template()
    mark(early, 2)
    office.done(early)
    row = mark(late, 3, by="赵评")
    assert faults(office.imported(late)) == [(f"监管评分!I{row}", "其间已另有登记：现为 2")]


def test_a_file_of_marks_goes_before_what_was_kept(office: Office, tmp_path: Path) -> None:
    path = office.template()
    mark(path, 2)
    mark(path, 1, part="due_diligence_exemption.linked")
    office.done(path)
    given = tmp_path / "marks.yaml"
    given.write_text(
        f"judgements:\n  - {{bank: {YUNTING}, indicator: due_diligence_exemption, part: rules, "
        "points: 0.5, by: 甲, on: 2026-10-25, reason: 复核}\n",
        encoding="utf-8",
    )
    assert judgement(document(office.evaluate(YUNTING, judgements=given)))["supervisor"] == "1.5"
    assert judgement(document(office.evaluate(YUNTING)))["supervisor"] == "1.5"


def test_a_correction_counts_beside_the_filed_figure_until_that_is_filed_anew(
    office: Office,
) -> None:
    value = filed(document(office.evaluate(YUNTING)))
    path = office.template()
    correct(path, value - 100, value)
    assert office.done(path).counts["corrections"].new == 1
    told = document(office.evaluate(YUNTING))
    [adjusted] = told["adjustments"]
    assert float(adjusted["filed"]) == value * 10_000
    assert float(adjusted["adjusted"]) == (value - 100) * 10_000
    assert office.done(path).counts["corrections"].unchanged == 1
    [kept] = office.records(Adjusted)
    assert kept.evidence == "底稿3"


def test_a_correction_of_a_figure_that_is_not_the_filed_one_is_refused(office: Office) -> None:
    path = office.template()
    row = correct(path, 1, 2)
    [(place, what)] = faults(office.imported(path))
    assert (place, "与有效报送件不符" in what) == (f"监管调整!D{row}", True)


def test_all_faults_are_told_at_once_each_with_its_cell(office: Office) -> None:
    path = office.template()
    where = {
        "high": mark(path, 3.5),
        "text": mark(path, "很好", part="due_diligence_exemption.linked"),
        "formula": mark(path, "=1+1", part="due_diligence_exemption.review"),
        "early": mark(path, 1, part="resource_tilt.plan", on=date(2026, 10, 14)),
        "late": mark(path, 1, part="resource_tilt.bonus", on=date(2026, 11, 21)),
        "nobody": mark(path, 1, bank=WEIDU, by=None),
        "day": mark(path, 1, bank=WEIDU, part="resource_tilt.plan", on="明天"),
        "step": step(path, "通报", "甲"),
        "stranger": fill(
            path, "异议", None, bank="B9999H233010001", id="Y1", subject="a", text="b",
            state="提出", by="甲", on=date(2026, 10, 20),
        ),
        "item": correct(path, 1, 2, item="G01_loan"),
    }  # fmt: skip
    found = dict(faults(office.imported(path)))
    assert set(found) == {
        f"监管评分!I{where['high']}",
        f"监管评分!I{where['text']}",
        f"监管评分!I{where['formula']}",
        f"监管评分!L{where['early']}",
        f"监管评分!L{where['late']}",
        f"监管评分!K{where['nobody']}",
        f"监管评分!L{where['day']}",
        f"程序!F{where['step']}",
        f"异议!A{where['stranger']}",
        f"监管调整!B{where['item']}",
    }
    assert "公式" in found[f"监管评分!I{where['formula']}"]
    assert office.records(Judged) == office.records(StageStep) == office.records(Objected) == []


def test_a_row_twice_and_a_part_that_is_not_judged_are_refused(office: Office) -> None:
    path = office.template()
    mark(path)
    other = mark(path, part="due_diligence_exemption.linked")
    book = load_workbook(path)
    sheet = book["监管评分"]
    column = {cell.value: cell.column for cell in sheet[3]}["评分项编号"]
    sheet.cell(int(other), column, PART)
    sheet.cell(4, column, "borrower_count.count")
    book.save(path)
    mark(path, part="borrower_count.count")
    assert sorted(faults(office.imported(path))) == [
        ("监管评分!C4", "“borrower_count.count”不是该机构的定性评分项"),
        (f"监管评分!C{other}", f"{YUNTING} {PART} 写了两行"),
    ]


@pytest.mark.parametrize("broken", ["other", "stamp", "sheet", "heading", "damaged"])
def test_what_is_no_judging_workbook_is_refused(office: Office, broken: str) -> None:
    path = office.template()
    book = load_workbook(path)
    if broken == "stamp":
        book["说明"]["B2"] = "supervise/judging/9"
    elif broken == "sheet":
        del book["整改"]
    elif broken == "heading":
        book["监管评分"]["I3"] = "得分"
    book.save(path)
    if broken == "other":
        path = office.folder / "in" / "rc01-yunting.xlsx"
    elif broken == "damaged":
        path.write_bytes(path.read_bytes()[:2000])
    try:
        found = [fault.code for fault in office.imported(path).faults]
    except UsageError as error:
        found = [error.code]
    assert set(found) == {"judging_invalid"}


# --- the procedure ----------------------------------------------------------------------------

SIGNED = (("初评", "张三"), ("复审", "李四"), ("通报", "王五"))


def test_stages_are_signed_in_order_and_the_next_evaluation_says_so(office: Office) -> None:
    for n, stage in enumerate(("preliminary", "reviewed", "notified"), 1):
        procedure(office, SIGNED[n - 1])
        assert document(office.evaluate(YUNTING))["evaluation"]["stage"] == stage
    kept = office.records(StageStep)
    assert [(one.stage, one.by, one.role) for one in kept] == [
        ("preliminary", "张三", "科长"),
        ("reviewed", "李四", "科长"),
        ("notified", "王五", "科长"),
    ]
    assert len({one.digest for one in kept}) == 2
    assert document(office.evaluate(), WEIDU)["evaluation"]["stage"] == "preliminary"


def test_two_steps_in_one_workbook_by_one_person_are_refused(office: Office) -> None:
    path = office.template(YUNTING)
    step(path, "初评", "张三")
    row = step(path, "复审", "张　三")
    assert faults(office.imported(path)) == [(f"程序!G{row}", "复审人与初评人是同一人")]
    path = office.template(YUNTING)
    step(path, "初评", "张三")
    step(path, "复审", "李四")
    assert office.done(path).counts["stages"].new == 2
    office.evaluate(YUNTING)  # a newer evaluation makes what was recorded before no fault
    assert (office.done(path).counts["stages"].new, len(office.records(StageStep))) == (0, 2)


def test_a_step_over_an_evaluation_that_is_not_the_latest_is_refused(office: Office) -> None:
    early, path = office.template(), office.template()
    step(early, "初评", "张三")
    mark(path)
    office.done(path)
    office.evaluate(YUNTING)
    [(place, what)] = faults(office.imported(early))
    assert place.startswith("程序!A")
    assert "已有更新的评价" in what


def test_a_review_of_an_evaluation_that_lacks_marks_is_refused(office: Office) -> None:
    procedure(office, SIGNED[0])
    path = office.template()
    mark(path)
    row = step(path, "复审", "李四")
    assert faults(office.imported(path)) == [(f"程序!F{row}", "有评分或调整还没有计入这份评价")]
    path = office.template()
    mark(path)
    office.done(path)
    path = office.template()
    row = step(path, "复审", "李四")
    assert faults(office.imported(path)) == [(f"程序!F{row}", "有评分或调整还没有计入这份评价")]
    office.evaluate(YUNTING)
    procedure(office, ("复审", "李四"))


def test_what_is_reviewed_takes_no_mark_until_it_is_returned(office: Office) -> None:
    procedure(office, *SIGNED[:2])
    office.evaluate(YUNTING)
    path = office.template()
    mark(path)
    [(_, what)] = faults(office.imported(path))
    assert "已经复审" in what
    path = office.template()
    step(path, "初评", "张三", on=date(2026, 10, 23))
    office.done(path)
    office.done(_marked(office))


def _marked(office: Office) -> Path:
    path = office.template()
    mark(path)
    return path


def test_an_archived_evaluation_takes_no_further_change(office: Office) -> None:
    procedure(office, *SIGNED, ("终评", "赵六"), ("归档", "孙七"))
    assert document(office.evaluate(YUNTING))["evaluation"]["stage"] == "archived"
    path = office.template()
    mark(path)
    correct(path, 1, filed(document(office.evaluate(YUNTING))))
    step(path, "初评", "张三", on=date(2026, 11, 1))
    fill(
        path, "整改", None, bank=YUNTING, id="A1", requirement="r", text="t", state="下达",
        due=date(2026, 12, 1), by="甲", on=date(2026, 11, 1),
    )  # fmt: skip
    told = [what for _, what in faults(office.imported(path))]
    assert len(told) == 3
    assert all("归档" in what for what in told)


def test_another_filing_begins_the_procedure_anew_and_outdates_the_workbook(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path)
    filed_first(office.folder / "in" / "first.xlsx")
    filed_again(office.folder / "late" / "second.xlsx")
    office.evaluate()
    procedure(office, *SIGNED[:2], bank=CODE)
    path = office.template()
    mark(path, bank=CODE)
    office.evaluate("late")
    [(_, what)] = faults(office.imported(path))
    assert "有效报送件已换" in what
    assert load_workbook(office.template())["程序"]["C4"].value == "未登记"
    assert document(office.evaluate("late"), CODE)["evaluation"]["stage"] == ("preliminary")


# --- the command ------------------------------------------------------------------------------


def test_today_is_given_and_nothing_is_dated_later(office: Office) -> None:
    path = _marked(office)
    assert office.imported(path, today=date(2026, 10, 19)).faults
    assert not office.imported(path, today=TODAY).faults
