"""Many banks taken together: ranks, quartiles, changes, who needs attention; worked by hand."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest
from builders import evaluated, filed, law
from region_kit import (
    BEFORE,
    NOW,
    REFUSED,
    bank,
    demand,
    finding,
    indicator,
    past,
    region,
)

from supervise.core.context import Context, PastEvaluation
from supervise.core.evaluation import Evaluation
from supervise.core.period import Period
from supervise.core.region.figures import (
    BankFigures,
    CheckFigure,
    DemandFigure,
    GradeFigure,
    IndicatorFigure,
    NotRun,
)
from supervise.core.region.region import RegionLaw, region_law
from supervise.core.region.spread import spread
from supervise.core.region.taking import figures_of
from supervise.record import replace

F = Fraction


def test_quartiles_lie_on_straight_lines_between_values() -> None:
    four = spread([F(40), F(10), F(30), F(20)])
    assert (four.least, four.most) == (F(10), F(40))
    assert (four.lower, four.median, four.upper) == (F("17.5"), F(25), F("32.5"))


def test_three_values_have_a_median_and_no_quartiles() -> None:
    three = spread([F(1), F(3), F(8)])
    assert (three.n, three.lower, three.median, three.upper) == (3, None, F(3), None)
    assert spread([]).median is None


def test_a_chart_is_trimmed_only_where_there_are_ten_values() -> None:
    few, many = spread(map(F, range(9))), spread(map(F, range(21)))
    assert (few.left, few.right) == (F(0), F(8))
    assert (many.left, many.right) == (F(1), F(19))


def test_equal_totals_share_a_rank_and_the_next_is_skipped() -> None:
    made = region(bank(1, 70), bank(2, 90), bank(3, 70), bank(4, 60))
    assert [(row.rank, row.bank.code[:5]) for row in made.rows] == [
        (1, "B0002"), (2, "B0001"), (2, "B0003"), (4, "B0004"),
    ]  # fmt: skip


def test_ranks_follow_the_unrounded_total() -> None:
    made = region(bank(1, "79.9999999"), bank(2, 80))
    assert [row.bank.code[:5] for row in made.rows] == ["B0002", "B0001"]


def test_a_blocked_bank_is_in_no_rank_distribution_median_or_sum() -> None:
    blocked = bank(3, 100, status="blocked", findings=(finding(),))
    made = region(bank(1, 70), bank(2, 80), blocked)
    assert made.blocked == (blocked,)
    assert [row.bank.code[:5] for row in made.rows] == ["B0002", "B0001"]
    assert (made.groups.all.n, made.groups.all.totals.median) == (2, F(75))
    assert dict(made.groups.all.grades) == {"1": 0, "2A": 0, "3": 2, "4": 0, "": 0}
    assert made.groups.headlines[0].all.banks == 2
    assert made.attention[0].bank is blocked
    assert made.attention[0].rank is None


def test_a_superseded_filing_is_only_counted() -> None:
    first = bank(1, 50, status="blocked", superseded=True, findings=(finding(),))
    made = region(first, bank(1, 80, sequence=2), refused=(REFUSED,))
    counts = made.counts
    assert (counts.files, counts.evaluated, counts.ranked) == (3, 1, 1)
    assert (counts.blocked, counts.superseded, counts.refused) == (0, 1, 1)
    assert (made.quality.findings, made.attention) == ((), ())


def test_branches_are_ranked_apart_and_do_not_count_twice() -> None:
    branch = bank(2, 99, level="tier1_branch")
    made = region(bank(1, 80), branch)
    assert [row.rank for row in made.others] == [1]
    assert (made.level, made.groups.all.n, made.groups.all.totals.median) == (
        "legal_person",
        1,
        F(80),
    )


def test_where_there_are_only_branches_they_are_the_region() -> None:
    made = region(bank(1, 80, level="tier1_branch"), bank(2, 90, level="tier1_branch"))
    assert (made.level, made.groups.all.n, made.others) == ("tier1_branch", 2, ())


def test_changes_are_since_the_latest_period_that_any_bank_knows() -> None:
    made = region(
        bank(1, 92, past=(past(88, "2A"), past(95, "1", Period(2025, 3)))),
        bank(2, 70, past=(past(75, "3"),)),
        bank(3, 80, past=(past(80, "3"),)),
        bank(4, 60, past=(past(99, "1", Period(2025, 3)),)),
    )
    moved = made.moved
    assert moved is not None
    assert (moved.period, moved.n, moved.up, moved.down, moved.same) == (BEFORE, 3, 1, 1, 1)
    assert (moved.median, moved.raised, moved.lowered) == (F(0), 1, 0)
    assert moved.other_kind
    assert {row.bank.code[:5]: row.change for row in made.rows} == {
        "B0001": 4, "B0002": -5, "B0003": 0, "B0004": None,
    }  # fmt: skip


def test_without_history_nothing_moved() -> None:
    assert region(bank(1)).moved is None


def test_groups_come_largest_first_with_their_own_medians() -> None:
    city = {"type": "city", "type_name": "城市商业银行", "province": "330000"}
    made = region(bank(1, 60), bank(2, 70), bank(3, 95, **city))
    assert [(g.id, g.n, g.totals.median) for g in made.groups.by_type] == [
        ("rural_commercial", 2, F(65)), ("city", 1, F(95)),
    ]  # fmt: skip
    assert [g.id for g in made.groups.by_province] == ["510000", "330000"]
    assert dict(made.groups.by_type[1].grades)["1"] == 1


def test_a_demand_is_met_if_every_requirement_that_can_be_told_is_met() -> None:
    def having(*demands: DemandFigure) -> tuple[IndicatorFigure, ...]:
        return (indicator(demands=demands),)

    both = having(demand(), demand("unmet", name="另一项"))
    made = region(
        bank(1, indicators=having(demand())),
        bank(2, indicators=both),
        bank(3, indicators=having(demand("not_applicable"))),
        bank(4, indicators=having(demand("not_computable"), demand("met", name="另一项"))),
    )
    head = made.groups.headlines[0]
    assert (head.all.met, head.all.answered, head.all.banks) == (2, 3, 4)
    assert made.duties[0].name == "另一项"
    assert (made.duties[0].unmet, made.duties[0].answered) == (1, 2)


def test_an_indicator_that_does_not_apply_is_not_among_the_values() -> None:
    away = indicator(applies=False, why_not="bank_type", value="0.9")
    annual = indicator("0.3", applies=False, why_not="annual_only")
    made = region(bank(1), bank(2, indicators=(away,)), bank(3, indicators=(annual,)))
    assert (made.groups.headlines[0].all.values.n, made.groups.headlines[0].all.values.most) == (
        2,
        F("0.3"),
    )


def test_counts_are_added_up_and_ratios_are_not() -> None:
    count = indicator(7, unit="count")
    made = region(bank(1, indicators=(count,)), bank(2, indicators=(count,)))
    assert made.groups.headlines[0].all.sum == 14
    assert region(bank(1)).groups.headlines[0].all.sum is None


def test_an_element_of_which_nothing_applies_is_not_a_zero() -> None:
    whole = bank(1, 80)
    half = replace(whole, code="B2", elements=whole.elements[:1])
    spreads = {one.id: one for one in region(whole, half).groups.elements}
    assert (spreads["supply"].rates.n, spreads["incentives"].rates.n) == (2, 1)
    assert spreads["incentives"].rates.median == F("0.8")


def kinds(*banks: BankFigures) -> list[tuple[str, tuple[str, ...]]]:
    made = region(*banks)
    return [(a.bank.code[:5], tuple(r.kind for r in a.reasons)) for a in made.attention]


def test_attention_lists_the_gravest_first_with_every_reason() -> None:
    unmet = (indicator(demands=(demand("unmet"), demand("unmet", "guidance"))),)
    vetoed = GradeFigure(id="4", label="四级", vetoes=("低于60分",))
    near = GradeFigure(id="3", label="三级", near=("低于60分",))
    open_ = GradeFigure(reason="span")
    assert kinds(
        bank(1, 95),
        bank(2, 95, indicators=unmet),
        bank(3, 61, grade=near),
        bank(4, 61, grade=vetoed, indicators=unmet),
        bank(5, 50),
        bank(6, 70, status="blocked", findings=(finding(n=2),)),
        bank(7, 84, grade=open_, open_parts=3),
        bank(8, 88, past=(past(93, "1"),)),
        bank(9, 86, past=(past(89, "2A"),)),
        bank(10, 86, past=(past("88.99", "2A"),)),
        bank(11, status="incomplete", not_run=(NotRun(check="c", name="n", reason="r"),)),
    ) == [
        ("B0006", ("blocked",)),
        ("B0004", ("veto", "unmet_duty")),
        ("B0005", ("lowest_grade",)),
        ("B0011", ("incomplete",)),
        ("B0003", ("near_veto",)),
        ("B0007", ("span",)),
        ("B0002", ("unmet_duty",)),
        ("B0008", ("grade_fell",)),
        ("B0009", ("fall",)),
    ]


def test_guidance_that_is_not_followed_is_no_reason_for_attention() -> None:
    assert kinds(bank(1, 95, indicators=(indicator(demands=(demand("unmet", "guidance"),)),))) == []


def test_national_figures_are_the_latest_known_and_the_regions_are_sums_over_sums() -> None:
    one = {
        "inclusive_balance": F(200),
        "inclusive_balance@year_start": F(180),
        "credit_balance": F(20),
    }
    two = {
        "inclusive_balance": F(100),
        "inclusive_balance@year_start": F(100),
        "credit_balance": F(40),
    }
    young = {"inclusive_balance": F(50), "credit_balance": F(10)}
    made = region(bank(1, amounts=one), bank(2, amounts=two), bank(3, amounts=young))
    rows = {row.id: row for row in made.benchmarks}
    assert (rows["credit_share"].own, rows["credit_share"].n) == (F(70, 350), 3)
    growth = rows["inclusive_growth"]
    assert (growth.period, growth.value) == ("2025Q4", F("0.11"))
    assert (growth.own, growth.n, growth.since_year_start) == (F(300, 280) - 1, 2, True)
    assert rows["pbc_growth"].own is None


def test_coverage_counts_every_outcome_by_scope_and_names_what_did_not_run() -> None:
    checks = (
        CheckFigure(scope="form", state="not_evaluated", n=1),
        CheckFigure(scope="form", state="passed", n=4),
    )
    unrun = (NotRun(check="S71_I_001", name="合计", reason="unknown_name"),)
    made = region(bank(1), bank(2, status="incomplete", checks=checks, not_run=unrun))
    assert [(row.scope, row.counts) for row in made.quality.coverage] == [
        ("form", (14, 0, 0, 0, 1))
    ]
    assert made.quality.unrun[0].banks == ("第2农村商业银行",)


def test_findings_come_graver_first_then_what_most_banks_have() -> None:
    made = region(
        bank(1, findings=(finding("A", "advisory", 9), finding("E", "explain", 1))),
        bank(2, findings=(finding("E", "explain", 2), finding("F", "explain", 5))),
        bank(3, status="blocked", findings=(finding("B", n=1),)),
    )
    assert [(f.check, f.banks, f.n, f.unanswered) for f in made.quality.findings] == [
        ("B", 1, 1, 0), ("E", 2, 3, 3), ("F", 1, 5, 5), ("A", 1, 9, 0),
    ]  # fmt: skip
    assert [b.code[:5] for b in made.quality.most_found] == ["B0003", "B0002", "B0001"]


def test_a_region_without_any_bank_still_tells_what_was_refused() -> None:
    made = region(period=None, law=RegionLaw(), refused=(REFUSED,))
    assert (made.counts.files, made.rows, made.groups.all.totals.n, made.benchmarks) == (
        1,
        (),
        0,
        (),
    )


def test_the_order_of_the_banks_does_not_matter() -> None:
    banks = [bank(n, 60 + n, findings=(finding("E", "explain", n),)) for n in range(1, 9)]
    assert region(*banks) == region(*reversed(banks))


@pytest.fixture(scope="module")
def taken() -> Evaluation:
    before = PastEvaluation("2025Q4", "annual", "x", {}, {}, {}, F(77), "2C")
    late = PastEvaluation("2026Q4", "annual", "x", {}, {}, {}, F(99), "1")
    book = law()
    figures = {
        "S71_I_6_A5": "10亿", "S71_I_6_A5_year_start": "8亿", "S71_I_6_1_A5": "3亿",
        "XW4_linked": "否",
    }  # fmt: skip
    context = Context(history={"2025Q4": before, "2026Q4": late})
    return evaluated(book, filed(book, figures), context)


def test_figures_hold_what_the_evaluation_says(taken: Evaluation) -> None:
    made = figures_of(taken)
    assert made.total == taken.score.total
    assert made.period == NOW
    assert made.amounts["inclusive_balance"] == 10**9
    assert made.amounts["inclusive_balance@year_start"] == 8 * 10**8
    assert "inclusive_lent" in made.amounts
    assert [(p.period, p.total, p.grade) for p in made.past] == [(BEFORE, F(77), "2C")]
    credit = next(f for f in made.indicators if f.id == "credit_loan")
    assert (credit.value, credit.headline) == (F(3, 10), True)
    unmet = [d.id for f in made.indicators for d in f.demands if d.status == "unmet"]
    assert "npl_tolerance.exists_and_linked" in unmet


def test_figures_cross_a_process_border(taken: Evaluation) -> None:
    made = figures_of(taken)
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301  our own bytes, made here


def test_a_veto_is_near_where_it_would_strike_three_points_lower(taken: Evaluation) -> None:
    def at(points: str) -> GradeFigure:
        score = replace(
            taken.score,
            regular=F(points), total=F(points), low=F(points), high=F(points),
            regular_low=F(points), regular_high=F(points),
        )  # fmt: skip
        graded = replace(taken.grade, vetoes=())
        return figures_of(replace(taken, score=score, grade=graded)).grade

    assert at("62.99").near
    assert not at("63").near


def test_the_laws_bands_come_best_first() -> None:
    known = region_law(law())
    assert [band.id for band in known.bands] == ["1", "2A", "2B", "2C", "3", "4"]
    assert known.elements[0] == "supply"
