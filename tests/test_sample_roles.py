"""Each sample submission plays its role: limits, vetoes, refusals, comparatives, marks."""

from __future__ import annotations

from fractions import Fraction

import pytest
from sample_files import (
    EVERY,
    case_of,
    document,
    evaluated,
    figures,
    indicator,
    marks,
    submission,
)

from supervise.json_text import to_json
from supervise.read.history import History, read_history
from supervise.read.judgements import NO_MARKS
from supervise.write.document import evaluation_document

F = Fraction


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    folder = tmp_path_factory.mktemp("2025Q4")
    for sample in EVERY:
        if sample.period == "2025Q4":
            told = to_json(evaluation_document(evaluated(sample.path, marks())))
            (folder / f"{sample.name}.json").write_text(told, encoding="utf-8")
    return read_history(folder)


def test_ten_per_cent_exactly_is_enough_and_one_hundredth_less_is_not() -> None:
    exactly = indicator(document("2026Q3/rc03-yanxi.xlsx"), "branch_kpi_weight")
    below = indicator(document("2026Q3/rc04-yuting.xlsx"), "branch_kpi_weight")
    assert (exactly["value"], exactly["score"]["points"]) == ("0.1", "10")
    assert below["value"] == "0.0999"
    assert below["score"]["points"] == "8.33333333333"


def test_three_points_above_exactly_is_full_and_one_unit_past_is_not() -> None:
    exactly = evaluated("2026Q3/rc05-mailong.xlsx").indicator("asset_quality")
    past = evaluated("2026Q3/rc06-fengli.xlsx").indicator("asset_quality")
    assert (exactly.measure.value, exactly.points) == (F(3, 100), F(5))
    assert past.measure.value is not None
    # 6240001 ÷ 120000000 − 2.2% = 3% + 1 ÷ 120000000; 5 × (4% − that) ÷ 1%
    assert past.measure.value - F(3, 100) == F(1, 120_000_000)
    assert past.points == 5 - 5 * F(100, 120_000_000)


def test_a_blocked_submission_has_no_grade() -> None:
    for path in ("2026Q3/rc09-chengyan.xlsx", "2026Q3/rc10-luyu-1.xlsx"):
        told = document(path)
        assert told["status"] == "blocked"
        assert told["grade"]["id"] is None
    blocking = [f["check"] for f in document("2026Q3/rc09-chengyan.xlsx")["findings"]]
    assert blocking == ["R_005", "S71_I_001"]


def test_the_second_filing_mends_the_first_and_says_why() -> None:
    first, second = (submission(f"2026Q3/rc10-luyu-{n}.xlsx") for n in (1, 2))
    assert first.bank.code == second.bank.code
    assert (first.sequence, second.sequence) == (1, 2)
    assert "已更正" in second.reason
    assert document("2026Q3/rc10-luyu-2.xlsx")["findings"] == []
    changed = {
        item
        for item, fact in figures(first.facts).items()
        if fact != figures(second.facts)[item] and not item.startswith("COVER_")
    }
    assert changed == {"XW3_closing_incl"}


def test_another_years_template_is_refused() -> None:
    told = document("2026Q3/rcc02-heqing.xlsx")
    assert (told["status"], told["refusal"]["code"]) == ("refused", "wrong_version")


def test_one_finding_is_answered_and_one_is_not() -> None:
    told = document("2026Q3/rc11-tongji.xlsx")
    answered = {f["check"]: f["explanation"] is not None for f in told["findings"]}
    assert told["status"] == "needs_explanation"
    assert answered == {"S71_I_013": False, "XW1_004": True}


def test_a_unit_mistake_is_pointed_out() -> None:
    told = document("2026Q3/vb03-ouxi.xlsx")
    assert told["status"] == "needs_explanation"
    assert "UM_001" in [f["check"] for f in told["findings"]]


def test_a_new_bank_is_not_compared_with_a_year_that_was_not() -> None:
    told = document("2026Q3/vb02-lanjin.xlsx")
    assert told["status"] == "passed"
    for name in ("inclusive_loan_growth", "first_loan", "credit_loan", "loan_cost"):
        assert indicator(told, name)["applicability"] == "not_applicable", name


def test_a_nil_sheet_and_a_business_that_is_not_there() -> None:
    told = document("2026Q3/vb01-qinghe.xlsx")
    assert told["status"] == "passed"
    assert submission("2026Q3/vb01-qinghe.xlsx").sheet_status["XW6协调机制与重点领域"] == "nil"
    assert indicator(told, "coordination_mechanism")["applicability"] == "not_applicable"
    assert indicator(told, "online_loan_review")["applicability"] == "not_applicable"


def test_the_branch_has_its_legal_person_among_the_samples() -> None:
    branch = submission("2026Q3/lb01-bangchuan-zhejiang.xlsx").bank
    assert branch.level == "tier1_branch"
    assert branch.parent == submission("2026Q3/lb01-bangchuan.xlsx").bank.code


def test_the_provinces_own_rules_decide() -> None:
    zhejiang = indicator(document("2026Q3/rc02-weidu.xlsx"), "npl_tolerance")
    sichuan = indicator(document("2026Q3/rc05-mailong.xlsx"), "npl_tolerance")
    assert (zhejiang["value"], zhejiang["score"]["points"]) == ("0.035", "4")
    assert (sichuan["value"], sichuan["score"]["points"]) == ("0.034", "2")
    local = [
        each["id"]
        for each in document("2026Q3/cb01-lingjiang.xlsx")["indicators"]
        if each["element"] == "local_economy" and each["kind"] == "regular"
    ]
    assert local == ["guangdong_coordination_lending", "guangdong_technology_loans"]


def test_a_differentiated_bank_is_measured_by_its_plan() -> None:
    result = evaluated("2026Q3/rco01-zhuxiao.xlsx").indicator("inclusive_loan_growth")
    facts = submission("2026Q3/rco01-zhuxiao.xlsx").facts
    now, start, plan = (
        F(str(facts[item].value))
        for item in ("S71_I_6_A5", "S71_I_6_A5_year_start", "BQ_credit_plan")
    )
    assert result.points == 15 * (now - start) / plan


def test_the_annual_grades_with_supervisors_marks() -> None:
    grades = {}
    for sample in EVERY:
        if sample.period == "2025Q4":
            band = evaluated(sample.path, marks()).grade.band
            grades[sample.name] = band.id if band else None
    assert grades == {
        "rc01-yunting": "1",
        "rc02-weidu": "2A",
        "rc07-qibai": "3",
        "rc08-shiyi": "4",
        "rc14-shanwu": "2B",
        "lb01-bangchuan": None,
    }


def test_below_sixty_is_grade_four_whatever_the_bonus() -> None:
    for path, given in (
        ("2025Q4/rc08-shiyi.xlsx", marks()),
        ("2026Q3/rc08-shiyi.xlsx", NO_MARKS),
    ):
        found = evaluated(path, given)
        assert found.score.regular < 60 <= found.score.total
        assert found.grade.vetoes == ("regular_below_60",)
        assert found.grade.band is not None
        assert found.grade.band.id == "4"


def test_without_marks_the_annual_run_awaits_them() -> None:
    found = evaluated("2025Q4/lb01-bangchuan.xlsx", marks())
    notes = {part.note for result in found.indicators for part in result.parts}
    assert "awaiting_judgement" in notes
    assert found.score.low < found.score.high


def test_this_years_opening_is_last_years_closing(history: History) -> None:
    for sample in EVERY:
        if sample.period == "2026Q3" and sample.profile.annual:
            found = evaluated(sample.path, history=history)
            assert [f.check for f in found.findings if f.scope == "cross_period"] == []
            assert found.history


def test_a_restated_opening_wins_over_the_one_filed_then(history: History) -> None:
    path = "2026Q3/rc14-shanwu.xlsx"
    case = case_of(path)
    start = case.submission.facts["S71_I_6_A5_year_start"].value
    then = history[case.submission.bank.code]["2025Q4"].facts["S71_I_6_A5"]
    assert start is not None
    assert F(str(start)) - then == 123_450_000
    now = F(str(case.submission.facts["S71_I_6_A5"].value))
    found = evaluated(path, history=history).indicator("inclusive_loan_growth")
    assert found.measure.value == now / F(str(start)) - 1
