"""``supervise explain`` and ``docs/rules``: every rule as a page, from the same data."""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path

import pytest

from supervise.core.formula import parse
from supervise.errors import UsageError
from supervise.pipeline.law.explain import Explainer, explain_text, page_of
from supervise.pipeline.law.rules import RuleCase
from supervise.read.words import read_words
from supervise.settings import Settings
from supervise.write.formula_words import Saying, in_words
from supervise.write.rule_page_parts import RulePage
from supervise.write.rule_page_print import page_markdown

ROOT = Path(__file__).parents[1]
CASE = RuleCase("2026Q3", "rural_commercial", "330000")


@cache
def explainer() -> Explainer:
    return Explainer(CASE.law(Settings()), Settings())


def page(rule: str) -> RulePage:
    return page_of(rule, explainer())


def lines(shown: RulePage, title: str) -> str:
    return "\n".join(line for s in shown.sections if s.title == title for line in s.lines)


def test_a_check_is_explained_by_reason_relation_example_mending_and_basis() -> None:
    shown = page("S71_I_001")
    assert shown.lead == "阻断：须更正才能报送。表内校核。"
    titles = [section.title for section in shown.sections]
    assert titles == ["为什么", "应成立的关系", "写法", "怎样更正", "例", "依据"]
    assert "相差 0.03（容差 0.02）" in lines(shown, "例")
    assert "共 56 组" in lines(shown, "写法")


def test_the_example_that_just_passes_names_cell_and_figure() -> None:
    told = lines(page("COVER_007"), "例")
    assert "不通过：" in told
    assert "恰好通过：封面!C13 = 2026-09-30" in told


def test_a_reading_check_has_no_slots_left_in_its_words() -> None:
    for check in explainer().law.checks:
        if check.scope == "reading":
            shown = page(check.id)
            assert "{" not in lines(shown, "怎样更正")
            assert lines(shown, "怎样更正")


def test_an_indicator_is_explained_with_points_items_and_examples() -> None:
    shown = page("first_loan")
    assert shown.lead == "常规指标，服务结构优化情况，满分 5 分。"
    part = next(s for s in shown.sections if s.title.startswith("计分部分：首贷户数"))
    assert part.rows[0] == ("值 > 0 且 值 ≥ 基准", "满分", "暂定")
    items = next(s for s in shown.sections if s.title == "用到的数据项")
    assert any(row[2] == "XW1_first_count_total_incl" for row in items.rows)
    assert "4.97 分" in lines(shown, "算例")
    assert "自 2025-05-19 起" in lines(shown, "政策要求")


def test_an_indicator_is_found_by_its_chinese_name_and_a_check_in_small_letters() -> None:
    assert page("首贷").id == "first_loan"
    assert page("s71_i_001").id == "S71_I_001"


def test_a_check_is_found_by_the_name_that_lists_show() -> None:
    assert page("合计等于三档之和").id == "S71_I_001"


@pytest.mark.parametrize(("word", "told"), [("首贷户", "CF_009"), ("三档之核", "S71_I_001")])
def test_a_word_that_is_no_name_is_answered_with_rules_like_it(word: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        page(word)
    assert told in caught.value.expected


def test_an_unknown_id_names_the_nearest_one() -> None:
    with pytest.raises(UsageError) as caught:
        page("XW3_0O1")
    assert "XW3_001" in caught.value.expected


def test_every_rule_has_a_page_with_reason_and_basis() -> None:
    law = explainer().law
    for rule in (*(c.id for c in law.checks), *(i.id for i in law.indicators)):
        shown = page(rule)
        for section in shown.sections:
            assert section.lines or section.rows, f"{rule}: {section.title}"
        assert "《" in lines(shown, "依据")
        assert lines(shown, "为什么")


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("a / b - 1", "甲 ÷ b − 1"),
        ("(a - b) / (a + 1)", "（甲 − b） ÷ （甲 + 1）"),
        ("a - (b - 1)", "甲 − （b − 1）"),
        ("not given(a) and b >= 10%", "并非 已填“甲” 且 b ≥ 10%"),
        ("year_start(a) + year_ago(a / b)", "年初甲 + 上年同期（甲 ÷ b）"),
        ("if(a > 0, b, 0)", "（甲 > 0 时为 b，否则为 0）"),
        ("min(b where a = 1)", "最小（b）（只计 甲 = 1 的行）"),
    ],
)
def test_a_formula_is_said_in_words(formula: str, said: str) -> None:
    assert in_words(parse(formula).tree, Saying({"a": "甲"}, read_words())) == said


def test_markdown_escapes_what_is_not_code() -> None:
    text = page_markdown(page("S71_I_001"))
    assert "S71\\_I!F12" in text
    assert "`S71_I_{row}_{col}0 = S71_I_{row}_{col}1" in text


def test_json_carries_the_same_page() -> None:
    told = json.loads(explain_text("XW1_001", CASE, Settings(), "json"))
    assert told["schema"] == "supervise/rule/1"
    assert [s["title"] for s in told["sections"]] == [s.title for s in page("XW1_001").sections]


def test_an_english_page_says_the_law_in_english() -> None:
    text = explain_text("S71_I_001", CASE, Settings(lang="en"))
    assert text.startswith("S71_I_001  Total equals the three tiers\nBlocking: must be mended")
    assert "1 Inclusive loans to MSE legal persons, A loan balance" in text


def test_an_indicator_answers_to_its_chinese_name_in_any_language() -> None:
    text = explain_text("首贷", CASE, Settings(lang="en"))
    assert text.startswith("first_loan  First-time borrowers\n")


def test_the_committed_rule_pages_are_current() -> None:
    if str(ROOT / "scripts") not in sys.path:
        sys.path.insert(0, str(ROOT / "scripts"))
    from make_rule_pages import differences

    assert list(differences()) == []
