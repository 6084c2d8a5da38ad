"""What a report says, before any layout."""

from __future__ import annotations

from fractions import Fraction

import pytest
from factories_report import SPECS, evaluation
from factories_report_findings import FINDINGS

from supervise.errors import RulebookError
from supervise.read.words import read_words
from supervise.record import replace
from supervise.write.view import ReportView, view_of

words = read_words()


def shown(**changes: object) -> ReportView:
    return view_of(evaluation(**changes), words, "bank")  # type: ignore[arg-type]


def test_a_monitoring_run_is_marked_and_gives_no_grade_of_the_regulator() -> None:
    view = shown(period="2026Q3")
    assert view.cover.mark == "监测评价（试评）"
    assert view.verdict.title == "测算档次（非监管评级）"
    assert not any("结果运用：" in sentence for sentence in view.statements)


def test_an_unconfirmed_annual_run_is_a_trial_and_names_the_use_of_results() -> None:
    view = shown(period="2025Q4", points_factor="0.55")
    assert view.cover.mark == "年度评价（试评）"
    assert "非正式监管评级" in view.verdict.title
    assert any(sentence.startswith("结果运用：") for sentence in view.statements)


def test_a_blocked_submission_has_no_grade_and_shows_what_blocks_it_first() -> None:
    view = shown(blocked=True)
    assert view.verdict.grade == "不定档"
    assert view.banner == "报送被阻断"
    assert [row.check for row in view.blocking] == ["S71_I_001"]
    assert view.findings.rows[0].severity.text == "阻断"
    assert "测算" in view.verdict.total_title


def test_guidance_is_never_called_unmet() -> None:
    view = shown()
    duties, guidance = view.duties
    assert {row.status.text for row in duties.rows} == {"达标", "未达标"}
    assert {row.status.text for row in guidance.rows} == {"符合导向", "未体现", "不可计算"}


def test_unmet_duties_are_named_with_value_limit_and_basis() -> None:
    (concern,) = shown().concerns
    assert "9.996%" in concern.text
    assert "≥ 10%" in concern.text
    assert "第十四项" in concern.text


def test_every_headline_indicator_stands_on_the_cover_with_its_status() -> None:
    rows = {row.name: row for row in shown().headlines}
    assert list(rows) == [
        "首贷",
        "信用贷款",
        "机构考核（普惠金融绩效考核权重）",
        "不良容忍度",
        "核销资源使用",
    ]
    assert rows["机构考核（普惠金融绩效考核权重）"].status.text == "未达标"


def test_raw_and_scaled_points_are_both_shown() -> None:
    rows = {row.id: row for row in shown().elements}
    assert rows["structure"].scaled
    assert (rows["structure"].raw, rows["structure"].raw_max) == ("17.02", "18")
    assert rows["structure"].points == "18.91"


def test_a_value_that_is_not_there_gives_its_reason() -> None:
    lines = {line.name: line for group in shown().groups for line in group.lines}
    assert lines["民营类贷款"].points == "不适用"
    assert lines["民营类贷款"].note == "无比较基数"
    assert lines["报送质量"].value == "—"
    assert lines["报送质量"].points == "0.00–3.00"
    assert "报送台账" in lines["报送质量"].note


def test_every_scored_row_carries_its_provenance() -> None:
    marks = {line.mark.text for group in shown().groups for line in group.lines}
    assert marks == {"待核对原文", "暂定"}


def test_self_assessed_parts_say_so() -> None:
    notes = [line.note for group in shown().groups for line in group.lines]
    assert "自评" in notes


def test_the_banks_copy_names_no_examiner_and_no_stage() -> None:
    made = evaluation()
    assert "张三" not in repr(view_of(made, words, "bank"))
    assert "监管初评" not in repr(view_of(made, words, "bank"))
    assert "张三" in repr(view_of(made, words, "internal"))


def test_each_of_the_23_measures_is_answered_or_said_to_be_for_others() -> None:
    rows = shown().policy
    assert [row.number for row in rows] == [str(n) for n in range(1, 24)]
    assert all(row.answers or row.note for row in rows)
    assert rows[22].answers[0][1] == "2025-08-15"


def test_numbers_are_traced_to_formula_and_cells() -> None:
    workings = {row.name: row for row in shown().annex.workings}
    growth = workings["普惠型小微企业贷款增速"]
    assert growth.steps[0].workings == "(131.62亿 − 120.07亿) ÷ 120.07亿"
    assert growth.steps[0].value == "9.62%"
    assert [term.where for term in growth.terms] == ["S71_I!F31", "以往评价 2025Q4"]
    assert workings["机构考核（普惠金融绩效考核权重）"].terms[0].where == "XW2!D12–D23（12 格）"


def test_what_is_not_confirmed_is_listed_by_name() -> None:
    names = shown().annex.unconfirmed
    assert "等级分界：二级A" in names
    assert "首贷·首贷户数与上年同期比较" in names
    assert "票据口径" in names


def test_the_scope_of_bills_is_named_with_the_other_as_a_memo() -> None:
    annex = shown().annex
    assert "不含票据融资" in annex.scope
    assert annex.memos == (("普惠型小微企业贷款增速", "9.62%", "10.02%"),)


def test_an_evaluation_without_indicators_or_findings_still_reads() -> None:
    view = shown(specs=(), findings=())
    assert view.groups == ()
    assert view.findings.rows == ()
    assert "报送数据校验未发现问题。" in view.statements


def test_hundreds_of_findings_are_cut_and_the_cut_is_said() -> None:
    many = tuple(replace(FINDINGS[1], check=f"PL_{n:03d}") for n in range(200))
    view = shown(findings=many)
    assert len(view.findings.rows) == 60
    assert "140 项" in view.findings.left_out


def test_a_requirement_is_printed_in_the_unit_of_what_it_compares() -> None:
    rows = {row.name: row for group in shown().duties for row in group.rows}
    assert rows["内部资金转移定价优惠不低于 50 个基点"].demand == "≥ 50 BP"
    assert rows["建立续贷工作机制"].value == "是"


def test_a_missing_wording_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(RulebookError) as error:
        words("report.cover.codes")
    assert error.value.code == "wording_missing"
    assert "report.cover.code" in error.value.expected


def test_every_reason_of_an_indicator_has_a_wording() -> None:
    for reason in ("bank_type", "parent_level", "annual_only", "no_such_business", "missing"):
        assert words(f"reasons.{reason}")


def test_regular_points_just_below_sixty_are_not_printed_as_sixty() -> None:
    made = evaluation()
    score = replace(made.score, regular=Fraction("59.9999"))
    view = view_of(replace(made, score=score), words, "bank")
    assert view.verdict.regular == "59.9999"


def test_the_factory_covers_all_elements() -> None:
    assert {spec["element"] for spec in SPECS} == {e.id for e in shown().elements}
