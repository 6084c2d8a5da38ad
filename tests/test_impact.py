"""What a wrong cell should hold, where that follows, and what the score would be then."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from builders import Given, check, evaluated, filed, law, law_with, past
from sample_files import case_of
from sample_files import evaluated as judged_sample

from supervise.core.context import Context
from supervise.core.evaluate import evaluate
from supervise.core.evaluation import Evaluation
from supervise.core.grading import sum_elements, total
from supervise.core.indicators import measure_indicators
from supervise.core.law import Rulebook
from supervise.core.model import Correction, Finding, Submission
from supervise.core.whatif.impact import MOST_RESCORED, with_impact
from supervise.core.whatif.rescoring import Rescoring
from supervise.core.world import Book
from supervise.record import replace

FIRST: dict[str, Given] = {
    "XW1_first_count_firm_incl": 40,
    "XW1_first_count_household_incl": 50,
    "XW1_first_count_owner_incl": 30,
    "XW1_first_count_total_incl": 120,
    "XW1_first_count_total_incl_year_ago": 100,
    "S71_I_6_E5": 600,
    "S71_I_6_E5_year_ago": 500,
}
"""40 + 50 + 30 = 120 户；占比 120/600 = 20% = 100/500."""


EQUATIONS = (
    *("S71_I_001", "S71_I_005", "S71_I_014", "S71_I_015", "XW1_001", "G11_001", "XW2_003"),
    *("CF_001", "CF_003", "CP_001"),
)


@cache
def sums() -> Rulebook:
    """The law with nothing but equations to check."""
    return replace(law(), checks=tuple(c for c in law().checks if c.id in EQUATIONS))


def judged(figures: Mapping[str, Given], context: Context | None = None) -> Evaluation:
    return evaluated(sums(), filed(sums(), figures), context or Context())


def finding(told: Evaluation, check_id: str, item: str) -> Finding:
    """The finding of a check whose first cell is an item's."""
    cell = str(told.submission.facts[item].cell)
    found = [f for f in told.findings if f.check == check_id and f.cells[0] == cell]
    assert len(found) == 1, [(f.check, f.cells) for f in told.findings]
    return found[0]


def corrected(told: Finding) -> list[tuple[str, Fraction, str]]:
    return [(c.item, c.value, c.shown) for c in told.corrections]


# -- what follows


def test_a_total_follows_from_its_parts_and_shows_what_it_costs() -> None:
    # 合计填 60：3 × 60/100 = 1.8，2 × (60/600)/(20%) = 1；更正为 120：3 + 2；多 2.2 分
    told = finding(
        judged(FIRST | {"XW1_first_count_total_incl": 60}), "XW1_001", "XW1_first_count_total_incl"
    )
    assert corrected(told) == [("XW1_first_count_total_incl", Fraction(120), "120")]
    assert told.score_impact == Fraction(22, 10)


def test_a_correction_can_cost_points() -> None:
    # 合计填 150、实为 60（20 + 25 + 15）：5 分变为 1.8 + 1
    parts: dict[str, Given] = {"XW1_first_count_firm_incl": 20}
    parts |= {"XW1_first_count_household_incl": 25}
    parts |= {"XW1_first_count_owner_incl": 15, "XW1_first_count_total_incl": 150}
    told = finding(judged(FIRST | parts), "XW1_001", "XW1_first_count_total_incl")
    assert told.score_impact == Fraction(-22, 10)


def test_a_total_that_no_score_reads_costs_nothing() -> None:
    figures = {"S71_I_2_A1": "1亿", "S71_I_2_A2": "2亿", "S71_I_2_A0": "3.5亿"}
    told = finding(judged(figures), "S71_I_001", "S71_I_2_A0")
    assert corrected(told) == [("S71_I_2_A0", Fraction(300_000_000), "30000")]
    assert told.score_impact == 0


def test_the_impact_is_what_the_corrected_workbook_scores() -> None:
    told = judged(FIRST | {"XW1_first_count_total_incl": 60})
    mended = judged(FIRST)
    impact = finding(told, "XW1_001", "XW1_first_count_total_incl").score_impact
    assert impact == mended.score.total - told.score.total


ROWS: dict[str, Given] = {
    "S71_I_1_A1": "1亿", "S71_I_1_A0": "1亿", "S71_I_1_a_A1": "0.4亿", "S71_I_1_b_A1": "0.6亿",
    "S71_I_1_a_A0": "0.4亿", "S71_I_1_b_A0": "0.6亿",
    "S71_I_3_A1": "2亿", "S71_I_3_A0": "2亿", "S71_I_3_1_A1": "2亿", "S71_I_3_1_A0": "2亿",
    "S71_I_6_A1": "3亿", "S71_I_6_A0": "3亿",
}  # fmt: skip
"""第 1 行 0.4 + 0.6 = 1，第 3 行 2，第 6 行 1 + 3 = 3；都只在 100 万元以下一档."""


def test_the_rows_used_here_add_up() -> None:
    assert judged(ROWS).findings == ()


def test_every_equation_of_a_cell_must_agree_on_its_value() -> None:
    # 6 行合计：三档之和 3 亿、第 1 行加第 3 行 3 亿，都说 3 亿
    told = judged(ROWS | {"S71_I_6_A0": "3.3亿"})
    for check_id in ("S71_I_001", "S71_I_005"):
        right = corrected(finding(told, check_id, "S71_I_6_A0"))
        assert right == [("S71_I_6_A0", Fraction(300_000_000), "30000")], check_id


def test_nothing_follows_where_two_equations_disagree() -> None:
    # 一条说 1 + 2 = 3，一条说 1 + 3 = 4
    one = check("XW9_platform_lent = XW6_srdi + XW6_tech", id="T_001")
    two = check("XW9_platform_lent = XW6_srdi + XW6_overlap", id="T_002")
    rulebook = replace(law(), checks=(one, two))
    figures = {"XW6_srdi": "1亿", "XW6_tech": "2亿", "XW6_overlap": "3亿"}
    told = evaluated(rulebook, filed(rulebook, figures, XW9_platform_lent="5亿"))
    assert [(f.corrections, f.score_impact) for f in told.findings] == [((), None)] * 2


def test_a_part_that_does_not_fit_its_own_sum_is_corrected_with_the_total() -> None:
    # 100–500 万元一档第 6 行多填 0.5 亿，合计又填成 3.3 亿：第 1 行加第 3 行说该档 0、合计 3 亿
    told = judged(ROWS | {"S71_I_6_A0": "3.3亿", "S71_I_6_A2": "0.5亿"})
    right = {c.item: c.value for f in told.findings for c in f.corrections}
    assert right == {"S71_I_6_A0": 300_000_000, "S71_I_6_A2": 0}


def test_nothing_follows_where_it_would_break_an_equation_that_holds() -> None:
    # 1 行 ≠ 1.a + 1.b，而第 1 行与合计、第 6 行都对得上：错的是 1.a 或 1.b
    told = judged(ROWS | {"S71_I_1_a_A1": "0.3亿"})
    assert finding(told, "S71_I_014", "S71_I_1_A1").corrections == ()
    assert finding(told, "S71_I_001", "S71_I_1_a_A0").corrections == ()


def test_a_wrong_part_is_corrected_and_not_the_totals_above_it() -> None:
    # 第 1 行 100 万元以下填成 1.2 亿：1.a + 1.b = 1 亿，改这一格，其余三条都平
    told = judged(ROWS | {"S71_I_1_A1": "1.2亿"})
    assert sorted(f.check for f in told.findings) == ["S71_I_001", "S71_I_005", "S71_I_014"]
    right = [c for f in told.findings for c in f.corrections]
    assert [(c.item, c.value) for c in right] == [("S71_I_1_A1", Fraction(100_000_000))]
    assert finding(told, "S71_I_014", "S71_I_1_A1").corrections == tuple(right)


def test_two_filings_of_one_figure_say_nothing_of_which_is_right() -> None:
    told = judged({"XW3_closing_incl": "1亿", "S71_I_6_C5": "2亿"})
    assert finding(told, "CF_001", "S71_I_6_C5").corrections == ()


def test_a_count_of_rows_is_as_doubtful_as_the_rows() -> None:
    told = judged({"XW2_branch_count": 3})
    assert finding(told, "XW2_003", "XW2_branch_count").corrections == ()


def test_a_comparative_follows_from_what_was_filed_then() -> None:
    # 台账已用历史数计分，改比较期表不影响得分
    known = Context(history={"2025Q4": past("2025Q4", {"G01_loans": "5亿"})})
    told = judged({"G01_loans_year_start": "4亿", "G01_loans": "6亿"}, known)
    found = finding(told, "CP_001", "G01_loans_year_start")
    assert corrected(found) == [("G01_loans_year_start", Fraction(500_000_000), "50000")]
    assert found.score_impact == 0


def test_a_row_of_an_open_table_follows_from_its_own_row() -> None:
    same = check(
        "XW2_kpi_weight = XW2_ftp_exception_bp + XW2_ftp_exception_bp",
        rows_of="XW2_branches",
        given="given(XW2_ftp_exception_bp)",
    )
    rulebook = replace(law(), checks=(same,))
    same_in_all: dict[str, Given] = {
        "XW2_branch_level": "支行",
        "XW2_in_business": True,
        "XW2_has_department": True,
        "XW2_ftp_exception_bp": Fraction(4, 100),
    }
    rows = [
        same_in_all | {"XW2_branch_name": name, "XW2_kpi_weight": weight}
        for name, weight in (("支行1", "8%"), ("支行2", "9%"))
    ]
    submission = filed(rulebook, tables={"XW2_branches": rows}, XW2_branch_count=2)
    told = evaluated(rulebook, submission).findings
    assert [(c.cell, c.value) for f in told for c in f.corrections] == [
        (str(submission.tables["XW2_branches"][1]["XW2_kpi_weight"].cell), Fraction(8, 100))
    ]
    assert [f.score_impact for f in told] == [0]


# -- what must be told as it is


def test_an_npl_total_is_corrected_and_its_worth_is_not_told() -> None:
    parts: dict[str, Given] = {"G11_substandard": "1亿", "G11_doubtful": "1亿", "G11_loss": "1亿"}
    told = judged(parts | {"G11_npl": "2亿", "XW3_closing_all": "3亿", "G01_loans": "100亿"})
    found = finding(told, "G11_001", "G11_npl")
    assert corrected(found) == [("G11_npl", Fraction(300_000_000), "30000")]
    assert found.score_impact is None


def mended(submission: Submission, corrections: tuple[Correction, ...]) -> Finding:
    """A finding whose corrections somebody else found, weighed."""
    book = Book(submission, law(), Context())
    results = measure_indicators(book)
    elements = sum_elements(results, book)
    rescoring = Rescoring(book, results, elements, total(elements, book, ()))
    one = Finding("U_001", "explain", "plausibility", (corrections[0].cell,), "单位。", "改。",
                  check("G01_loans > 0").basis, corrections=corrections)  # fmt: skip
    return with_impact((one,), book, rescoring)[0]


def correction(submission: Submission, item: str, value: int) -> Correction:
    return Correction(item, str(submission.facts[item].cell), Fraction(value), "")


def test_a_shared_mistake_is_weighed_with_all_its_corrections() -> None:
    # 两格都以元填成万元：更正后 120/600 户与金额无关，以首贷户数为例，一起更正才是 5 分
    wrong = filed(law(), FIRST | {"XW1_first_count_total_incl": 1_200_000, "S71_I_6_E5": 6_000_000})
    right = filed(law(), FIRST)
    both = (correction(wrong, "XW1_first_count_total_incl", 120),
            correction(wrong, "S71_I_6_E5", 600))  # fmt: skip
    expected = evaluated(law(), right).score.total - evaluated(law(), wrong).score.total
    assert mended(wrong, both).score_impact == expected


def test_corrections_that_are_known_are_kept_and_count_as_made() -> None:
    # 分项以千分之一填报，已另行诊断：合计 120 即无误，不再为它找更正值
    wrong = filed(law(), FIRST | {"XW1_first_count_firm_incl": 400})
    book = Book(wrong, law(), Context())
    known = replace(
        finding(judged(FIRST | {"XW1_first_count_firm_incl": 400}), "XW1_001",
                "XW1_first_count_total_incl"),
        corrections=(), score_impact=None,
    )  # fmt: skip
    unit = replace(known, check="U_001", corrections=(
        correction(wrong, "XW1_first_count_firm_incl", 40),))  # fmt: skip
    results = measure_indicators(book)
    elements = sum_elements(results, book)
    rescoring = Rescoring(book, results, elements, total(elements, book, ()))
    told = with_impact((unit, known), book, rescoring)
    assert told[0].corrections == unit.corrections
    assert told[1].corrections == ()


@pytest.mark.parametrize(
    "item", ["S71_I_6_C5", "XW3_writeoff_incl", "XW4_exempted_count", "XW5_violations_established"]
)
def test_what_a_classification_would_earn_is_never_told(item: str) -> None:
    submission = filed(law(), {item: 9})
    assert mended(submission, (correction(submission, item, 1),)).score_impact is None


# -- samples and size


def test_a_sample_with_a_wrong_tier_total_gets_its_value() -> None:
    told = judged_sample("2026Q3/rc09-chengyan.xlsx")
    found = next(f for f in told.findings if f.check == "S71_I_001")
    assert [c.shown for c in found.corrections] == [found.expected]


def test_corrections_make_the_findings_go_away() -> None:
    case = case_of("2026Q3/rc09-chengyan.xlsx")
    told = evaluate(case.submission, case.rulebook)
    facts = dict(case.submission.facts)
    settled = [f for f in told.findings if f.corrections]
    for each in (c for f in settled for c in f.corrections):
        facts[each.item] = replace(facts[each.item], value=Decimal(each.value.numerator))
    again = evaluate(replace(case.submission, facts=facts), case.rulebook)
    left = {(f.check, f.cells) for f in again.findings}
    assert settled
    assert not left & {(f.check, f.cells) for f in settled}


def every_total_wrong() -> Submission:
    case = case_of("2026Q3/rc01-yunting.xlsx")
    facts = dict(case.submission.facts)
    for item, fact in facts.items():
        if isinstance(fact.value, Decimal) and item.startswith(("S71_I", "XW1", "G11")):
            wrong = fact.value + 1_000_000 + len(item) * 10_000
            facts[item] = replace(fact, value=wrong, state="given")
    return replace(case.submission, facts=facts)


def test_a_workbook_with_every_cell_wrong_is_still_judged() -> None:
    told: Any = evaluate(every_total_wrong(), case_of("2026Q3/rc01-yunting.xlsx").rulebook)
    weighed = [f for f in told.findings if f.score_impact is not None]
    assert len(told.findings) > 200
    assert len(weighed) <= MOST_RESCORED


def test_a_law_without_equations_has_nothing_to_correct() -> None:
    rulebook = law_with(checks=(check("G01_loans > 1"),))
    told = evaluated(rulebook, filed(rulebook, G01_loans=0)).findings
    assert [(f.corrections, f.score_impact) for f in told] == [((), None)]
