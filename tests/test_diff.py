"""Versions of one workbook compared: values, findings, points; what is told and what is not."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from builders import branches, check, evaluated, filed, law, law_with, past, reading_finding
from hypothesis import given
from hypothesis import strategies as st

from supervise.core.comparing.diff import Diff, compare_versions
from supervise.core.comparing.diff_findings import FindingChange, finding_marks
from supervise.core.comparing.pairing import pair_up
from supervise.core.context import NO_CONTEXT, Context
from supervise.core.evaluation import Evaluation
from supervise.core.law import Check
from supervise.core.model import Submission
from supervise.errors import UsageError, WorkbookUnreadable
from supervise.pipeline.case import check_file
from supervise.pipeline.precheck.diff import DiffResult, diff_files, previous_marks
from supervise.read.words import read_words
from supervise.record import replace
from supervise.settings import Settings
from supervise.write.diff_document import diff_document
from supervise.write.diff_text import diff_text, previous_lines
from supervise.write.numbers import Words

SETTINGS = Settings()
WORDS: Words = read_words("zh")
SAMPLES = Path(__file__).parents[1] / "sample_submissions"
FIRST = SAMPLES / "2026Q3" / "rc10-luyu-1.xlsx"
SECOND = SAMPLES / "2026Q3" / "rc10-luyu-2.xlsx"
WEIGHTS = check("XW2_kpi_weight >= 10%", id="T_W", rows_of="XW2_branches")
NAMED = st.tuples(st.integers(0, 3), st.booleans())
LOANS = check("G01_loans >= 1万", id="T_L")


def judged(
    *checks: Check, submission: Submission | None = None, context: Any = NO_CONTEXT
) -> Evaluation:
    return evaluated(law_with(law(), checks=checks), submission or filed(), context)


def compared(*versions: Evaluation) -> Diff:
    return compare_versions(versions)


def between(old: Submission, new: Submission, *checks: Check) -> Diff:
    return compared(judged(*checks, submission=old), judged(*checks, submission=new))


def states(diff: Diff) -> list[tuple[str, str]]:
    return [(change.state, change.finding.check) for change in diff.findings]


def document(result: DiffResult) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(result.as_json())
    return told


# The sample pair: a first filing that was blocked, and its resubmission.


def test_a_resubmission_shows_what_was_mended_and_what_was_typed_anew() -> None:
    told = document(diff_files([FIRST, SECOND], SETTINGS))
    assert told["schema"] == "supervise/diff/1"
    assert [(f["state"], f["check"]) for f in told["findings"]] == [
        ("mended", "XW3_001"),
        ("mended", "CF_001"),
    ]
    closing = next(v for v in told["values"] if not v["item"].startswith("COVER_"))
    assert closing["cell"] == "XW3不良处置与核销!E16"
    assert (closing["before"]["shown"], closing["after"]["shown"]) == ("28822.32", "28772.32")
    assert (closing["before"]["value"], closing["difference"]) == ("288223200", "-500000")
    assert closing["difference_shown"] == "-50"
    assert {v["item"] for v in told["values"] if v is not closing} == {
        "COVER_filing",
        "COVER_sequence",
        "COVER_resubmission_reason",
        "COVER_filed_on",
    }
    assert told["rows"] == []
    assert told["score"]["total"]["difference"] == "0"
    assert told["grade"]["before"]["reason"] == "blocked"
    assert told["grade"]["after"]["id"] == "1"
    assert told["status"] == "passed"
    assert not told["across_periods"]
    assert not told["backwards"]


def test_its_text_says_the_same_in_the_order_that_matters() -> None:
    text = diff_files([FIRST, SECOND], SETTINGS).as_text(SETTINGS)
    order = ["旧　　rc10-luyu-1.xlsx", "新　　rc10-luyu-2.xlsx", "已改 2", "[已改] [阻断] XW3_001"]
    order += ["变动 5 格", "XW3不良处置与核销!E16", "封面!C16", "得分没有变化", "不定档，现为 一级"]
    places = [text.index(wanted) for wanted in order]
    assert places == sorted(places)
    assert "2026-10-14  2026-10-21" in text


def test_the_exit_code_speaks_of_the_newest_file() -> None:
    assert diff_files([FIRST, SECOND], SETTINGS).exit_code == 0
    back = diff_files([SECOND, FIRST], SETTINGS)
    assert back.exit_code == 1
    assert document(back)["backwards"]
    assert "请核对文件的次序" in back.as_text(SETTINGS)


def test_what_was_mended_and_is_back_has_recurred() -> None:
    result = diff_files([FIRST, SECOND, FIRST], SETTINGS)
    told = document(result)
    assert {(f["state"], f["since"]) for f in told["findings"]} == {("recurred", FIRST.name)}
    assert told["counts"]["recurred"] == 2
    assert len(told["versions"]) == 3
    assert "更早　rc10-luyu-1.xlsx" in result.as_text(SETTINGS)
    assert {f["state"] for f in document(diff_files([SECOND, FIRST], SETTINGS))["findings"]} == {
        "new"
    }


def test_a_file_differs_in_nothing_from_itself() -> None:
    result = diff_files([FIRST, FIRST], SETTINGS)
    told = document(result)
    assert (told["values"], told["rows"], told["score"]["indicators"]) == ([], [], [])
    assert told["counts"]["still"] == 2
    assert told["findings"][0]["before"]["found"] == told["findings"][0]["found"]
    assert "变动 0 格" in result.as_text(SETTINGS)
    assert "旧件填报" not in result.as_text(SETTINGS)


def test_two_periods_may_be_compared_and_it_is_said() -> None:
    name = "rc07-qibai.xlsx"
    result = diff_files([SAMPLES / "2025Q4" / name, SAMPLES / "2026Q3" / name], SETTINGS)
    told = document(result)
    assert told["across_periods"]
    text = result.as_text(SETTINGS)
    assert "跨期比较" in text
    assert f"变动 {len(told['values'])} 格" in text
    assert f"另有 {len(told['values']) - 20} 格" in text
    moved = {f["id"] for f in told["score"]["indicators"]}
    assert "npl_tolerance" in moved
    assert all(f["before"] != f["after"] for f in told["score"]["indicators"])
    assert len(told["score"]["elements"]) == 7


def test_two_banks_are_not_compared() -> None:
    other = SAMPLES / "2026Q3" / "rc01-yunting.xlsx"
    with pytest.raises(UsageError) as caught:
        diff_files([FIRST, other], SETTINGS)
    parts = caught.value.parts()
    assert all(parts.values())
    assert parts["code"] == "different_banks"
    assert "云汀" in parts["where"]
    assert caught.value.exit_code == 2


def test_one_file_alone_is_not_compared() -> None:
    with pytest.raises(UsageError) as caught:
        diff_files([FIRST], SETTINGS)
    assert caught.value.code == "nothing_to_compare"


def test_a_file_that_cannot_be_read_is_refused_with_its_reason() -> None:
    wrong = SAMPLES / "2026Q3" / "rcc02-heqing.xlsx"
    result = diff_files([FIRST, wrong], SETTINGS)
    assert result.exit_code == 3
    told = document(result)
    assert told["status"] == "refused"
    assert [(r["file"], r["code"]) for r in told["refusals"]] == [(wrong.name, "wrong_version")]
    assert told["refusals"][0]["sha256"]
    text = result.as_text(SETTINGS)
    assert "wrong_version" in text
    assert "luyu" not in text


def test_both_documents_have_the_same_keys() -> None:
    good = document(diff_files([FIRST, SECOND], SETTINGS))
    bad = document(diff_files([SAMPLES / "2026Q3" / "rcc02-heqing.xlsx"] * 2, SETTINGS))
    assert good.keys() == bad.keys()


# check --previous


def test_a_check_beside_its_previous_version_marks_each_finding() -> None:
    outcome = check_file(FIRST, SETTINGS)
    assert outcome.evaluation is not None
    same = previous_marks(outcome.evaluation, [FIRST], SETTINGS)
    assert same.marks == {
        ("XW3_001", "XW3不良处置与核销!E7"): "still",
        ("CF_001", "S71_I!Q18"): "still",
    }
    back = previous_marks(outcome.evaluation, [FIRST, SECOND], SETTINGS)
    assert set(back.marks.values()) == {"recurred"}
    assert back.counts == {"new": 0, "recurred": 2, "still": 0, "mended": 0, "unchecked": 0}
    assert set(previous_marks(outcome.evaluation, [SECOND], SETTINGS).marks.values()) == {"new"}


def test_what_is_mended_is_listed_beside_the_check() -> None:
    outcome = check_file(SECOND, SETTINGS)
    assert outcome.evaluation is not None
    previous = previous_marks(outcome.evaluation, [FIRST], SETTINGS)
    assert previous.marks == {}
    lines = previous.lines(SETTINGS)
    assert lines[0].startswith("与上一版比较：rc10-luyu-1.xlsx")
    assert "已改 2" in lines[1]
    assert [line.split()[:3] for line in lines[2:]] == [
        ["[已改]", "[阻断]", "XW3_001"],
        ["[已改]", "[阻断]", "CF_001"],
    ]
    assert previous.document["counts"]["mended"] == 2
    assert [f["state"] for f in previous.document["findings"]] == ["mended", "mended"]
    assert previous.document["versions"][0]["sha256"] == check_file(FIRST, SETTINGS).sha256


def test_a_previous_file_must_be_readable_and_the_banks_own() -> None:
    outcome = check_file(SECOND, SETTINGS)
    assert outcome.evaluation is not None
    with pytest.raises(WorkbookUnreadable) as caught:
        previous_marks(outcome.evaluation, [SAMPLES / "2026Q3" / "rcc02-heqing.xlsx"], SETTINGS)
    assert caught.value.code == "wrong_version"
    with pytest.raises(UsageError):
        previous_marks(outcome.evaluation, [SAMPLES / "2026Q3" / "rc01-yunting.xlsx"], SETTINGS)


# Values


def test_figures_are_told_in_the_unit_of_their_cell() -> None:
    old = filed(G01_loans="12.34万", XW2_ftp_base="2%", XW2_ftp_discount_bp=50, XW2_branch_count=3)
    new = filed(G01_loans="12.35万", XW2_ftp_base="2.15%", XW2_ftp_discount_bp=45)
    told = {v["item"]: v for v in diff_document(between(old, new))["values"]}
    shown = {
        name: (v["before"]["shown"], v["after"]["shown"], v["difference"], v["difference_shown"])
        for name, v in told.items()
    }
    assert shown == {
        "G01_loans": ("12.34", "12.35", "100", "0.01"),
        "XW2_ftp_base": ("2%", "2.15%", "0.0015", "0.15"),
        "XW2_ftp_discount_bp": ("50", "45", "-5", "-5"),
        "XW2_branch_count": ("3", "", None, None),
    }
    lines = diff_text(between(old, new), WORDS).split("\n")
    line = next(text for text in lines if "XW2分支机构!D8" in text)
    assert line.split()[-2:] == ["+0.15", "个百分点"]


def test_a_blank_that_counts_as_zero_differs_not_from_zero() -> None:
    assert filed().facts["G01_loans"].state == "zero"
    assert between(filed(), filed(G01_loans=0)).values == ()
    assert len(between(filed(), filed(XW1_due=0)).values) == 1


def test_how_a_figure_was_typed_is_no_difference() -> None:
    old = filed(G01_loans="1万")
    retyped = replace(old.facts["G01_loans"], text="１．００")
    new = replace(old, facts={**old.facts, "G01_loans": retyped})
    assert between(old, new).values == ()


def test_what_cannot_be_read_differs_by_what_was_typed() -> None:
    old = filed(XW1_due="#REF!")
    other = replace(old.facts["XW1_due"], text="约两万\x1b[31m\n元")
    new = replace(old, facts={**old.facts, "XW1_due": other})
    diff = between(old, new)
    assert [(v.item.id, v.difference) for v in diff.values] == [("XW1_due", None)]
    text = diff_text(diff, WORDS)
    assert "约两万 [31m 元" in text
    assert "\x1b" not in text
    assert between(old, old).values == ()


def test_cells_of_findings_that_came_or_went_stand_first_and_the_cover_last() -> None:
    old = filed(G01_loans="0.9万", XW1_due="1万", COVER_bank_name="甲", XW2_kpi_bonus_doc="一号")
    new = filed(G01_loans="1万", XW1_due="9万", COVER_bank_name="乙", XW2_kpi_bonus_doc="二号")
    text = diff_text(between(old, new, LOANS), WORDS)
    order = ("G01_loans", "XW1_due", "XW2_kpi_bonus_doc", "COVER_bank_name")
    places = [text.rindex(f"  {new.facts[name].cell} ") for name in order]
    assert places == sorted(places)


# Open tables


def test_a_branch_that_only_moved_is_no_difference() -> None:
    one, two, three = branches("10%", "11%", "12%")["XW2_branches"]
    old = filed(tables={"XW2_branches": [one, two, three]})
    new = filed(tables={"XW2_branches": [three, one, two]})
    assert between(old, new).rows == ()


def test_branches_are_added_removed_and_changed_by_their_name() -> None:
    one, two, three = branches("10%", "11%", "12%")["XW2_branches"]
    old = filed(tables={"XW2_branches": [one, two]})
    new = filed(tables={"XW2_branches": [three, {**two, "XW2_kpi_weight": "9.99%"}]})
    diff = between(old, new)
    assert [(r.state, r.key) for r in diff.rows] == [
        ("added", "支行3"),
        ("changed", "支行2"),
        ("removed", "支行1"),
    ]
    (weight,) = diff.rows[1].values
    assert weight.difference == Fraction(-101, 10_000)
    assert weight.cell == "XW2分支机构!E17"
    assert {v.item.id for v in diff.rows[0].values} >= {"XW2_branch_name", "XW2_kpi_weight"}
    assert all(v.after is None for v in diff.rows[2].values)
    text = diff_text(diff, WORDS)
    assert "明细行增加 1，减少 1，变动 1" in text
    assert "支行2·" in text
    assert "[增加] 分支机构明细：支行3（XW2分支机构!B16）" in text
    assert "[减少] 分支机构明细：支行1（原 XW2分支机构!B16）" in text


def test_rows_of_one_name_are_matched_by_what_they_hold() -> None:
    (one,) = branches("10%")["XW2_branches"]
    twin = {**one, "XW2_kpi_weight": "20%"}
    old = filed(tables={"XW2_branches": [one, twin]})
    assert between(old, filed(tables={"XW2_branches": [twin, one]})).rows == ()
    (gone,) = between(old, filed(tables={"XW2_branches": [twin]})).rows
    assert gone.state == "removed"
    assert {v.before.text for v in gone.values if v.before} >= {"10%"}


@given(st.lists(NAMED), st.lists(NAMED))
def test_matching_loses_and_invents_nothing(
    old: list[tuple[int, bool]], new: list[tuple[int, bool]]
) -> None:
    pairs, gone, come = pair_up(old, new, key=lambda one: one[0], content=lambda one: one)
    assert sorted([*(a for a, _ in pairs), *gone]) == sorted(old)
    assert sorted([*(b for _, b in pairs), *come]) == sorted(new)
    assert all(a[0] == b[0] for a, b in pairs)
    assert not {one[0] for one in gone} & {one[0] for one in come}
    alike = sum(min(old.count(one), new.count(one)) for one in set(old))
    assert sum(a == b for a, b in pairs) == alike


# Findings


def test_a_finding_is_new_still_there_or_mended() -> None:
    good, bad = filed(G01_loans="1万"), filed()
    assert states(between(good, bad, LOANS)) == [("new", "T_L")]
    assert states(between(bad, bad, LOANS)) == [("still", "T_L")]
    assert states(between(bad, good, LOANS)) == [("mended", "T_L")]
    assert states(between(good, good, LOANS)) == []


def test_a_finding_that_is_worse_than_before_shows_both_figures() -> None:
    old, new = filed(G01_loans="0.5万"), filed(G01_loans="0.2万")
    text = diff_text(between(old, new, LOANS), WORDS)
    assert "旧件填报 0.5，应为 1" in text


def test_a_finding_of_a_branch_stays_the_same_when_the_row_moves() -> None:
    weak, good = branches("9%", "12%")["XW2_branches"]
    old = filed(tables={"XW2_branches": [weak, good]})
    new = filed(tables={"XW2_branches": [good, weak]})
    diff = between(old, new, WEIGHTS)
    assert states(diff) == [("still", "T_W")]
    assert diff.marks == {("T_W", "XW2分支机构!E17"): "still"}
    other = filed(tables={"XW2_branches": [{**good, "XW2_kpi_weight": "9%"}, good]})
    assert states(between(old, other, WEIGHTS)) == [("new", "T_W"), ("mended", "T_W")]


def test_a_check_over_a_whole_table_is_known_by_its_column() -> None:
    lowest = check("min(XW2_kpi_weight) >= 10%", id="T_M")
    one, two = branches("9%", "12%")["XW2_branches"]
    old = filed(tables={"XW2_branches": [one, two]})
    new = filed(tables={"XW2_branches": [two, one]})
    assert states(between(old, new, lowest)) == [("still", "T_M")]


def test_recurred_needs_an_earlier_version_and_not_the_one_before() -> None:
    good, bad = judged(LOANS, submission=filed(G01_loans="1万")), judged(LOANS)
    named = replace(bad, submission=replace(bad.submission, file="一.xlsx"))
    assert states(compared(named, good, bad)) == [("recurred", "T_L")]
    assert compared(named, good, bad).findings[0].since == "一.xlsx"
    assert states(compared(named, bad, bad)) == [("still", "T_L")]
    assert states(compared(good, good, bad)) == [("new", "T_L")]


@pytest.mark.parametrize(
    ("period", "state"), [("2026Q2", "recurred"), ("2025Q4", "recurred"), ("2026Q3", "new")]
)
def test_an_earlier_period_tells_what_recurred(period: str, state: str) -> None:
    cell = str(filed().facts["G01_loans"].cell)
    told = ({"check": "T_L", "cells": [cell]}, {"check": "T_X", "cells": []}, "not a finding")
    context = Context(history={period: past(period, findings=told)})
    good = judged(LOANS, submission=filed(G01_loans="1万"), context=context)
    bad = judged(LOANS, context=context)
    diff = compared(good, bad)
    assert states(diff) == [(state, "T_L")]
    assert diff.findings[0].since == (period if state == "recurred" else "")
    if state == "recurred":
        assert f"上次见于　{period}" in diff_text(diff, WORDS)


def test_an_odd_history_is_no_reason_to_break_off() -> None:
    odd = {"2026Q9": past("2026Q2"), "2026Q1": past("2026Q1", findings=({"cells": 3},))}
    good, bad = filed(G01_loans="1万"), filed()
    context = Context(history=odd)
    versions = [judged(LOANS, submission=s, context=context) for s in (good, bad)]
    assert states(compared(*versions)) == [("new", "T_L")]


def test_a_finding_hidden_behind_another_is_not_mended() -> None:
    cell = str(filed().facts["G01_loans"].cell)
    reading = replace(reading_finding("T_R"), cells=(cell,))
    unread = replace(filed(), reading=(reading,))
    guard = replace(check("1 = 1", id="T_R"), holds=None, implies=("T_L",))
    diff = between(filed(), unread, guard, LOANS)
    assert states(diff) == [("new", "T_R"), ("unchecked", "T_L")]
    text = diff_text(diff, WORDS)
    assert "已改 0，未再核 1" in text
    assert "不能算已改" in text


def test_a_finding_of_a_check_that_did_not_run_is_not_mended() -> None:
    broken = check("G01_loans + COVER_opened_on >= 1", id="T_L")
    old, new = judged(LOANS), judged(broken, submission=filed(COVER_opened_on="2005-06-01"))
    assert new.states[0].state == "not_evaluated"
    assert states(compared(old, new)) == [("unchecked", "T_L")]
    assert states(compared(old, judged())) == [("unchecked", "T_L")]


def test_where_two_findings_share_check_and_cell_the_graver_state_marks_both() -> None:
    finding = reading_finding()
    for first, second in (("new", "still"), ("recurred", "still"), ("new", "recurred")):
        told = [FindingChange(state, finding) for state in (first, second)]  # type: ignore[arg-type]
        assert finding_marks(told) == finding_marks(told[::-1]) == {("R_001", "G01!C6"): first}
    assert finding_marks([FindingChange("mended", finding)]) == {}


def test_an_answer_that_is_new_is_said() -> None:
    doubt = check("G01_loans >= 1万", id="T_L", severity="explain")
    answer = {"XW8_check": "T_L", "XW8_cell": "", "XW8_text": "年中并表。"}
    new = filed(tables={"XW8_explanations": [answer]})
    text = diff_text(between(filed(), new, doubt), WORDS)
    assert "本次已附说明" in text
    assert "[增加] 说明：T_L" in text


# Points and bounds


def test_points_that_changed_are_told_by_element_and_indicator() -> None:
    old, new = evaluated(submission=filed(G01_loans="10亿", S71_I_6_A5="2亿")), evaluated(
        submission=filed(G01_loans="10亿", S71_I_6_A5="4亿")
    )  # fmt: skip
    diff = compared(old, new)
    before, after = old.score.total, new.score.total
    assert before != after
    assert diff.score[0].difference == after - before
    assert {f.id for f in diff.indicators} == {
        a.law.id
        for a, b in zip(new.indicators, old.indicators, strict=True)
        if a.points != b.points
    }
    assert "inclusive_loan_share" in {f.id for f in diff.indicators}
    lines = diff_text(diff, WORDS).split("\n")
    assert any(line.strip().startswith("总分") for line in lines)
    assert any("普惠型小微企业贷款占各项贷款之比" in line and "+" in line for line in lines)


def test_a_tiny_change_of_points_is_not_printed_as_none() -> None:
    old, new = evaluated(), evaluated()
    moved = replace(new, score=replace(new.score, total=new.score.total + Fraction(1, 10_000)))
    line = next(t for t in diff_text(compared(old, moved), WORDS).split("\n") if "总分" in t)
    assert line.split()[-1] == "+0.0001"
    assert line.split()[1] != line.split()[2]


def test_long_lists_are_cut_and_the_rest_is_counted() -> None:
    old = filed()
    items = [name for name in old.facts if name.startswith("S71_I_")][:120]
    wrong = check("{x} = 0", id="T_1", bindings=tuple({"x": name} for name in items))
    new = filed(law(), dict.fromkeys(items, 10_000))
    many = branches(*["10%"] * 30)
    diff = between(old, replace(new, tables=filed(tables=many).tables), wrong)
    text = diff_text(diff, WORDS)
    assert text.count("[新增]") == 20
    assert f"另有 {len(items) - 20} 项新增的发现" in text
    assert f"另有 {len(items) - 20} 格变动" in text
    assert text.count("[增加]") == 10
    assert "另有 20 行" in text
    assert len(diff_document(diff)["findings"]) == len(items)
    assert len(diff_document(diff)["rows"]) == 30


def test_colour_is_the_callers_affair_and_english_says_as_much() -> None:
    diff = between(filed(), filed(G01_loans="1万"), LOANS)
    tones: list[str] = []

    def style(text: str, tone: str) -> str:
        tones.append(tone)
        return text

    assert diff_text(diff, WORDS, style) == diff_text(diff, WORDS)
    assert tones == ["good"]
    english = diff_text(diff, read_words("en"))
    assert english.count("\n") == diff_text(diff, WORDS).count("\n")
    assert "mended 1" in english
    assert previous_lines(diff, read_words("en"))[0].startswith("Compared")


def test_the_text_can_be_shown_by_a_chinese_windows_console() -> None:
    diff = compared(judged(LOANS), judged(LOANS, submission=filed(G01_loans="-1万")))
    diff_text(diff, WORDS).encode("gbk")


def test_another_rulebook_is_said() -> None:
    other = replace(judged(), rulebook=replace(law_with(), digest="0" * 64))
    assert "评价规则不同" in diff_text(compared(judged(), other), WORDS)
    with pytest.raises(ValueError, match="two versions"):
        compared(judged())
