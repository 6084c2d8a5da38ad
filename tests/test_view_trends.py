"""The trend section: messages from the data, charts, and the table with every figure drawn."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from builders import Given, evaluated, filed, law, past

from supervise.core.context import Context
from supervise.core.evaluation import Evaluation
from supervise.core.trend import Point
from supervise.read.words import read_words
from supervise.record import replace
from supervise.write.chart_parts import Series
from supervise.write.phrases import Phrases
from supervise.write.trend_words import message
from supervise.write.view_trends import PLANS, TrendChart, Trends, trends

WORDS = read_words()
FIGURES: dict[str, Given] = {
    "S71_I_6_A5": "10亿",
    "S71_I_6_1_A5": "3亿",
    "S71_I_6_C5": "0.2亿",
    "G01_loans": "30亿",
    "G01_bills": 0,
    "G11_npl": "0.3亿",
    "G11_bills_npl": 0,
    "XW1_first_count_total_incl": 120,
}
Values = Mapping[str, Mapping[tuple[str, str], str]]


def judged(values: Values, *, bank_type: str = "rural_commercial", **figures: Given) -> Evaluation:
    """A bank with what some indicators were in earlier quarters."""
    history = {
        period: past(
            period,
            parts={key: Fraction(value) for key, value in known.items()},
            total=Fraction(80),
        )
        for period, known in values.items()
    }
    book = law("2026Q3", bank_type)
    return evaluated(book, filed(book, {**FIGURES, **figures}), Context(history=history))


def shown(evaluation: Evaluation, lang: str = "zh") -> Trends:
    return trends(Phrases(evaluation, read_words(lang), "bank"))


def chart(found: Trends, start: str) -> TrendChart:
    return next(each for each in found.charts if each.title.startswith(start))


def said(*values: str | None, unit: str = "ratio", **changes: Any) -> str:
    """The message of a line that ends with the last of some values, in per cent."""
    periods = ("2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3")[-len(values) :]
    say = Phrases(judged({}), WORDS, "bank")
    points = tuple(
        Point(p, None if v is None else Fraction(v) / 100, "monitoring")
        for p, v in zip(periods, values, strict=True)
    )
    texts = tuple(say.numbers.value(p.value, unit) for p in points)
    return message(say, replace(Series("占比", points, texts), **changes), unit)


def test_without_an_earlier_quarter_one_line_says_so() -> None:
    found = shown(judged({}))
    assert "没有往期评价" in found.too_short
    assert (found.total, found.charts, found.rows) == (None, (), ())


def test_two_quarters_are_enough() -> None:
    found = shown(judged({"2026Q2": {("credit_loan", ""): "0.29"}}))
    assert found.too_short == ""
    assert found.periods == ("2026Q2", "2026Q3")
    assert chart(found, "信用贷款占比").title == "信用贷款占比升至 30.00%，比上季高 1.00 个百分点"


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (("27", "27.5", "28"), "占比连续 2 季上升，至 28.00%"),
        (("29", "28.5", "28", "27"), "占比连续 3 季下降，至 27.00%"),
        (("29", "28", "28.5"), "占比升至 28.50%，比上季高 0.50 个百分点"),
        (("28", "29", "28.5"), "占比降至 28.50%，比上季低 0.50 个百分点"),
        (("28", "28"), "占比 28.00%，与上季持平"),
        (("28", None, "29"), "占比 29.00%，比2026年一季度高 1.00 个百分点"),
        (("28", None, "28"), "占比 28.00%，与2026年一季度持平"),
        ((None, "28"), "占比 28.00%，没有可比的前期数"),
        (("28", None), "占比本期没有数值"),
    ],
)
def test_the_message_is_what_the_figures_say(values: tuple[str | None, ...], wanted: str) -> None:
    assert said(*values) == wanted


def test_a_change_too_small_to_print_is_no_change() -> None:
    assert said("28.001", "28.002") == "占比 28.00%，与上季持平"


def test_a_change_that_can_be_seen_is_never_said_to_be_nothing() -> None:
    assert said("28.004", "28.006") == "占比升至 28.01%，比上季高 0.002 个百分点"


def test_what_counts_from_january_is_compared_with_a_year_ago() -> None:
    assert (
        said("20", "30", "5", "12", "21", yearly=True) == "占比 21.00%，比上年同期高 1.00 个百分点"
    )
    assert said("30", "5", "12", "21", yearly=True) == "占比 21.00%，没有可比的前期数"


def test_after_a_break_nothing_is_compared() -> None:
    points = (
        Point("2026Q2", Fraction(1, 4), "monitoring"),
        Point("2026Q3", Fraction(1, 3), "monitoring", broken=True),
    )
    series = Series("占比", points, ("25.00%", "33.33%"))
    say = Phrases(judged({}), WORDS, "bank")
    assert message(say, series, "ratio") == "占比 33.33%，口径已调整，与前期不可直接比较"


def test_the_npl_ratio_is_read_beside_that_of_all_loans() -> None:
    before = {("asset_quality", "inclusive_ratio"): "0.021", ("asset_quality", "all_ratio"): "0.01"}
    found = chart(shown(judged({"2026Q2": before})), "普惠贷款不良率")
    assert found.title == "普惠贷款不良率 2.00%，高于各项贷款不良率 1.00 个百分点"
    assert [line.style for line in found.drawing.lines] == ["main", "second"]


def test_households_are_counted_in_words() -> None:
    values: Values = {
        "2025Q3": {("first_loan", ""): "100"},
        "2026Q2": {("first_loan", ""): "70"},
    }
    assert chart(shown(judged(values)), "首贷户").title == "首贷户 120 户，比上年同期多 20 户"


def test_the_table_has_every_figure_that_is_drawn() -> None:
    found = shown(judged({"2026Q1": {("credit_loan", ""): "0.29"}}))
    rows = {row.name: row.cells for row in found.rows}
    assert rows["信用贷款占比"] == ("29.00%", "—", "30.00%")
    assert rows["总分"][0] == "80.00"
    assert all(len(row.cells) == len(found.periods) for row in found.rows)


def test_a_chart_with_one_value_is_not_drawn() -> None:
    found = shown(judged({"2026Q2": {("credit_loan", ""): "0.29"}}))
    assert len(found.charts) == 1


def test_national_figures_stand_beside_only_in_the_same_scope_and_quarter() -> None:
    values: Values = {
        period: {("inclusive_loan_growth", ""): "0.1", ("loan_cost", ""): "0.04"}
        for period in ("2025Q2", "2025Q4", "2026Q1", "2026Q2")
    }
    found = shown(judged(values, S71_I_6_A5_year_start="9亿", S71_I_6_D5="5亿", S71_I_6_F5="0.2亿"))
    rows = {row.name: dict(zip(found.periods, row.cells, strict=True)) for row in found.rows}
    growth = rows["全国：普惠型小微企业贷款同比增速"]
    assert growth["2025Q4"] == "11.00%"
    assert growth["2025Q2"] == "—", "year on year is growth since year start at year ends only"
    assert rows["全国：新发放普惠型小微企业贷款平均利率"]["2026Q1"] == "3.64%"
    assert not any("人民银行" in name for name in rows)


def test_a_limit_that_the_law_names_outright_is_drawn_where_it_applies() -> None:
    weight: Values = {"2026Q2": {("branch_kpi_weight", ""): "0.11"}}
    branch: dict[str, Given] = {"XW2_branch_level": "一级分行", "XW2_in_business": True}
    rows = [{**branch, "XW2_branch_name": "甲", "XW2_kpi_weight": "12%"}]
    for bank_type, drawn in (("large", True), ("rural_commercial", False)):
        book = law("2026Q3", bank_type)
        submission = filed(book, FIGURES, tables={"XW2_branches": rows})
        context = Context(history=judged(weight).history)
        found = chart(shown(evaluated(book, submission, context)), "最低考核权重")
        texts = {label.text for label in found.drawing.labels}
        assert ("≥ 10%" in texts) is drawn


def test_a_restated_comparative_is_marked_in_chart_and_table() -> None:
    known: Values = {"2025Q4": {("credit_loan", ""): "0.29"}}
    base = judged(known)
    history = {"2025Q4": replace(base.history["2025Q4"], facts={"S71_I_6_A5": Fraction(8 * 10**8)})}
    figures: dict[str, Given] = {
        "BQ_restated": "是", "BQ_restated_reason": "划型", "S71_I_6_A5_year_start": "9亿",
    }  # fmt: skip
    book = law("2026Q3")
    submission = filed(book, {**FIGURES, **figures})
    found = shown(evaluated(book, submission, Context(history=history)))
    assert found.any_broken
    assert chart(found, "信用贷款占比").drawing.breaks
    assert next(row for row in found.rows if row.name == "信用贷款占比").cells[-1] == "‖ 30.00%"


def test_grades_near_the_totals_are_drawn() -> None:
    found = shown(replace_total(judged({"2026Q2": {}}), "81"))
    assert found.total is not None
    assert {"二级B 80"} == {x.text for x in found.total.drawing.labels if "级" in x.text}
    assert found.total.title == "监测得分 81.00，比2026年二季度高 1.00 分"


def test_unlike_evaluations_are_said_to_be_unlike() -> None:
    found = shown(replace_total(judged({"2025Q4": {}}), "81"))
    assert found.total is not None
    assert "年度评价含仅年度计分的项目" in found.total.title


def replace_total(evaluation: Evaluation, total: str) -> Evaluation:
    exact = Fraction(total)
    score = replace(evaluation.score, total=exact, low=exact, high=exact)
    return replace(evaluation, score=score)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_plan_has_its_words(lang: str) -> None:
    words = read_words(lang)
    for plan in PLANS:
        for key in ("name", "caption"):
            assert words(f"report.trends.{key}.{plan.key}")
        if plan.beside:
            assert words(f"report.trends.name.{plan.key}_beside")
            assert words(f"report.trends.short.{plan.key}_beside")


def test_every_plan_names_what_the_law_has() -> None:
    laws = {each.id: each for each in law().indicators}
    for plan in PLANS:
        parts = {part.id for part in laws[plan.indicator].parts}
        assert {plan.part, plan.beside} - {""} <= parts


def test_a_law_without_an_indicator_has_no_chart_of_it() -> None:
    found = judged({"2026Q2": {("credit_loan", ""): "0.29", ("first_loan", ""): "1"}})
    kept = tuple(each for each in found.indicators if each.law.id != "credit_loan")
    assert [c.title[:3] for c in shown(replace(found, indicators=kept)).charts] == ["首贷户"]
