"""What is said to a bank: generated from duties and findings, worded by a supervisor."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from builders import filed, indicator, law, law_with, parent_of, reading_finding, requirement
from factories_report import evaluation
from factories_report_findings import FINDINGS

from supervise.core.context import Context
from supervise.core.evaluate import evaluate
from supervise.core.evaluation import Evaluation
from supervise.core.model import Basis, Explanation
from supervise.core.opinions import known_ids
from supervise.core.supervision import (
    AddedOpinion,
    OpinionEdit,
    OpinionEdits,
    RectificationItem,
)
from supervise.read.words import read_words
from supervise.record import replace
from supervise.write.phrases import Phrases
from supervise.write.view import view_of
from supervise.write.view_opinions import Opinions, opinions, opinions_document
from supervise.write.view_priorities import three_things
from supervise.write.view_use import use_of_result

WORDS = read_words()
DUTY = "duty.branch_kpi_weight.r"


def said(found: Evaluation, audience: Any = "bank", **edits: Any) -> Opinions:
    return opinions(Phrases(replace(found, edits=OpinionEdits(**edits)), WORDS, audience))


def test_an_unmet_duty_leads_to_a_demand_with_figures_and_basis() -> None:
    row = next(row for row in said(evaluation()).rows if row.id == DUTY)
    assert row.mark.text == "整改"
    assert "9.996%" in row.problem
    assert "≥ 10%" in row.problem
    assert "第十四项" in row.basis
    assert row.due == "由监管部门确定"
    assert row.text.endswith("。")


def test_unmet_guidance_leads_to_a_suggestion_and_never_to_a_demand() -> None:
    rows = [row for row in said(evaluation()).rows if row.id.startswith("guidance.")]
    assert rows
    for row in rows:
        assert (row.mark.text, row.due) == ("建议关注", "")
        assert "建议关注" in row.text
        assert "整改" not in row.text + row.problem


def test_the_law_words_what_a_bank_must_do() -> None:
    duty = requirement("G01_loans >= 10", mend="补足。")
    book = law_with(indicators=(indicator("plan", requirements=(duty,)),))
    found = evaluate(filed(book, {"G01_loans": 9}), book)
    (row,) = said(found).rows
    assert (row.text, row.source) == ("补足。", "plan.duty")


def test_every_duty_of_the_shipped_law_says_what_to_do() -> None:
    duties = [
        requirement
        for bank_type in ("rural_commercial", "large", "joint_stock")
        for one in law("2026Q3", bank_type, "510000").indicators
        for requirement in one.requirements
        if requirement.kind == "duty"
    ]
    assert duties
    assert all(duty.mend.endswith("。") for duty in duties)


def test_a_blocked_submission_is_to_be_mended_and_filed_again_first() -> None:
    shown = said(evaluation(blocked=True))
    assert [row.id for row in shown.rows] == ["refile", "finding.S71_I_001"]
    assert "重新报送" in shown.rows[0].text
    assert shown.rows[1].text.startswith("核对三档金额")
    assert "待重报后核定" in shown.remark


def test_an_answered_finding_needs_no_opinion_and_a_rejected_answer_does() -> None:
    answered, advisory = FINDINGS
    assert "finding.CF_003" not in known_ids(evaluation(findings=(answered,)))
    assert "finding.PL_007" not in known_ids(evaluation(findings=(advisory,)))
    open_one = replace(answered, explanation=None)
    assert "finding.CF_003" in known_ids(evaluation(findings=(open_one,)))
    rejected = replace(answered, explanation=Explanation("口径不同。", "rejected"))
    row = next(r for r in said(evaluation(findings=(rejected,))).rows if r.source == "CF_003")
    assert "“口径不同。”未予采纳" in row.problem
    assert "重新说明" in row.text


def test_many_findings_of_one_check_are_one_opinion() -> None:
    one = replace(FINDINGS[0], explanation=None)
    rows = said(evaluation(findings=(one,) * 5)).rows
    (row,) = [r for r in rows if r.source == "CF_003"]
    assert row.problem.endswith("同一校核另有 4 处。")


def test_a_branch_is_not_asked_to_mend_what_its_legal_person_must() -> None:
    duty = requirement("G01_loans >= 10")
    whole = law_with(
        indicators=(indicator("plan", requirements=(duty,), levels=("legal_person",)),)
    )
    parent = evaluate(filed(whole, {"G01_loans": 9}), whole)
    own = filed(whole, {"G01_loans": 9})
    branch = replace(own, bank=replace(own.bank, level="tier1_branch", parent="B1"))
    found = evaluate(branch, whole, context=Context(parent=parent_of(parent)), stage="preliminary")
    assert found.indicators[0].requirements[0].status == "unmet"
    assert known_ids(found) == ()
    assert found.rectification == ()


def test_days_that_the_law_gives_count_from_the_report_and_make_no_date() -> None:
    found = evaluation()
    parameter = replace(law().parameters["rectification_days"], value=Fraction(30))
    parameters = {**found.rulebook.parameters, "rectification_days": parameter}
    found = replace(found, rulebook=replace(found.rulebook, parameters=parameters))
    row = next(row for row in said(found).rows if row.id == DUTY)
    assert row.due == "自收到本报告之日起 30 日内"
    told = opinions_document(Phrases(found, WORDS, "bank"))["items"]
    item = next(one for one in told if one["id"] == DUTY)
    assert (item["due"], item["due_days"]) == (None, 30)


def test_the_supervisors_words_stand_in_place_of_the_draft_which_is_kept_inside() -> None:
    edits = {"opinions": (OpinionEdit(id=DUTY, text="请于年内修订办法。", due="2026-12-31"),)}
    for audience, draft in (("bank", ""), ("internal", "采取措施")):
        row = next(r for r in said(evaluation(), audience, **edits).rows if r.id == DUTY)
        assert (row.text, row.due) == ("请于年内修订办法。", "2026年12月31日前")
        assert row.draft.startswith(draft)
        assert bool(row.draft) == bool(draft)


def test_what_is_left_out_leaves_no_trace_in_the_banks_copy() -> None:
    edits = OpinionEdits(opinions=(OpinionEdit(id=DUTY, drop="另案处理"),), note="内部")
    found = replace(evaluation(), edits=edits)
    bank = repr(opinions_document(Phrases(found, WORDS, "bank")))
    assert DUTY not in bank
    assert "另案处理" not in bank
    assert "内部" not in bank
    inside = opinions_document(Phrases(found, WORDS, "internal"))
    assert inside["dropped"][0]["dropped"] == "另案处理"
    assert inside["dropped"][0]["text"]
    assert inside["note"] == "内部"
    assert [one["number"] for one in inside["items"]] == list(range(1, len(inside["items"]) + 1))


def test_what_the_supervisor_says_is_mended_is_not_asked_for_again() -> None:
    item = RectificationItem(
        id=DUTY,
        requirement="考核权重",
        indicator="",
        since="2025Q4",
        basis=Basis("house"),
        status="mended",
        stated=True,
    )
    found = replace(evaluation(), rectification=(item,))
    assert DUTY not in {row.id for row in said(found).rows}
    assert not any("考核" in line for line in three_things(Phrases(found, WORDS, "bank")))
    open_one = replace(found, rectification=(replace(item, status="open"),))
    assert DUTY in {row.id for row in said(open_one).rows}


def test_an_added_opinion_comes_last_with_its_own_basis() -> None:
    added = AddedOpinion(id="added.2026Q3.1", problem="", text="报送台账。", basis="约谈纪要")
    row = said(evaluation(), overall="总体尚可。", added=(added,)).rows[-1]
    assert (row.mark.text, row.text, row.basis) == ("监管补充", "报送台账。", "约谈纪要")


def test_nothing_to_say_is_said() -> None:
    found = evaluation(specs=(), findings=())
    assert said(found).rows == ()


def test_the_use_of_results_is_for_an_annual_grade_only() -> None:
    annual = evaluation(period="2025Q4", points_factor="0.55")
    shown = use_of_result(Phrases(annual, WORDS, "bank"))
    assert annual.grade.band is not None
    assert (shown.line, shown.use) == ("", annual.grade.band.use)
    assert shown.mark is not None
    assert "试评" in shown.remark
    monitoring = use_of_result(Phrases(evaluation(), WORDS, "bank"))
    assert monitoring.line == "监测评价不作结果运用。"
    blocked = evaluation(period="2025Q4", blocked=True)
    assert use_of_result(Phrases(blocked, WORDS, "bank")).line.startswith("本期未确定等级")


def test_the_shipped_law_says_what_the_use_of_results_rests_on() -> None:
    assert law("2025Q4").grades_basis.source == "method-2024"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_both_languages_say_it_all(lang: str) -> None:
    for blocked in (False, True):
        view = view_of(evaluation(blocked=blocked), read_words(lang), "internal")
        assert view.opinions.rows
        assert all(row.text and row.problem for row in view.opinions.rows)


def test_reading_findings_block_too() -> None:
    book = law_with()
    found = evaluate(replace(filed(book), reading=(reading_finding(),)), book)
    assert known_ids(found) == ("refile", "finding.R_001")
