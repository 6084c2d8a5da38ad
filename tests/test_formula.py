"""The formula language: what it reads, how it binds, how it says what is wrong."""

from __future__ import annotations

from fractions import Fraction

import pytest
from builders import value_of
from hypothesis import given
from hypothesis import strategies as st

from supervise.core.formula import (
    FUNCTIONS,
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_TOKENS,
    Binary,
    Call,
    Name,
    Number,
    Text,
    parse,
)
from supervise.core.tokens import tokenise
from supervise.errors import RulebookError


def fault(text: str) -> RulebookError:
    with pytest.raises(RulebookError) as caught:
        parse(text, where="law.yaml:7")
    return caught.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10%", Fraction(1, 10)),
        ("0.1", Fraction(1, 10)),
        ("1000万", Fraction(10_000_000)),
        ("1.5亿", Fraction(150_000_000)),
        ("0.07", Fraction(7, 100)),
        ("10%%", Fraction(1, 1000)),
    ],
)
def test_a_number_is_read_exactly(text: str, value: Fraction) -> None:
    assert parse(text).tree == Number(value, text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("8 - 4 - 2", 2),
        ("8 / 4 / 2", 1),
        ("-2 * -3", 6),
        ("- -5", 5),
        ("2 - -3", 5),
        ("(1 + 1)%", Fraction(1, 50)),
        ("50% * 4", 2),
        ("1万 / 1亿", Fraction(1, 10_000)),
        ("min(3, 1, 2)", 1),
        ("max(3, 1, 2) - abs(0 - 4)", -1),
    ],
)
def test_arithmetic_binds_as_at_school(text: str, value: Fraction) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 1 = 2 and 3 > 2", True),
        ("true or false and false", True),
        ("(true or false) and false", False),
        ("not 1 > 2", True),
        ("not not false", False),
        ("not true or true", True),
        ("1 != 2 and 2 <= 2 and 2 >= 2", True),
        ("'甲' = '甲'", True),
        ("'甲' != '乙'", True),
    ],
)
def test_logic_binds_weaker_than_comparison(text: str, value: bool) -> None:
    assert value_of(text) is value


def test_a_gap_of_exactly_three_points_is_three_points() -> None:
    """In ``Decimal`` this comparison comes out false, in ``float`` too."""
    assert value_of("8/75 - 23/300 <= 3%") is True
    assert value_of("8/75 - 23/300 = 3%") is True


def test_a_share_with_a_comparison_is_a_condition_on_the_column() -> None:
    tree = parse("share(XW2_kpi_weight, >= 10%)").tree
    condition = Binary(">=", Name("XW2_kpi_weight"), Number(Fraction(1, 10), "10%"))
    assert tree == Call("share", (condition,))


def test_where_belongs_to_the_aggregate_it_stands_in() -> None:
    tree = parse("min(XW2_kpi_weight where XW2_in_business)").tree
    assert tree == Call("min", (Name("XW2_kpi_weight"),), Name("XW2_in_business"))


def test_a_formula_tells_its_names_and_functions() -> None:
    found = parse("if(bill_scope = 'ex_bills', S71_I_{row}_A5, sum(x where y)) / year_start(z)")
    assert found.names() == {"bill_scope", "S71_I_{row}_A5", "x", "y", "z"}
    assert found.functions() == {"if", "sum", "year_start"}


def test_true_and_false_are_no_names_and_a_text_keeps_its_spaces() -> None:
    assert parse("true").tree == Text(True)
    assert parse("' 一级 分行 '").tree == Text(" 一级 分行 ")


@pytest.mark.parametrize(
    ("text", "column", "what"),
    [
        ("1 +", 4, "没有写完"),
        ("1 + * 2", 5, "不应有 '*'"),
        ("(1 + 2", 7, "应有 ')'"),
        ("1 2", 3, "多余的 '2'"),
        ("1 < 2 < 3", 7, "连写"),
        ("median(x)", 1, "没有函数 'median'"),
        ("if(true, 1)", 1, "参数应为 3–3 个，现为 2 个"),
        ("months(1)", 1, "现为 1 个"),
        ("1 ＋ 2", 3, "不认识的字符"),
        ("'abc", 1, "不认识的字符"),
        ("min(a, b where c)", 1, "参数应为 1–1 个"),
        ("abs(a where b)", 7, "应有 ')'"),
        ("where", 1, "不应有 'where'"),
        ("", 1, "没有写完"),
        ("   ", 4, "没有写完"),
    ],
)
def test_a_fault_names_its_column(text: str, column: int, what: str) -> None:
    error = fault(text)
    assert what in error.what
    assert error.where == f"law.yaml:7 第 {column} 列"
    assert error.code == "formula_invalid"
    assert error.fix


def test_a_fault_shows_the_formula_with_a_mark_under_the_place() -> None:
    shown = fault("G01_loans + ?").expected.split("\n")
    assert shown == ["G01_loans + ?", "            ^"]


def test_a_formula_cannot_exhaust_the_reader() -> None:
    deep = "(" * MAX_DEPTH + "1" + ")" * MAX_DEPTH
    assert "嵌套" in fault(deep).what
    assert "嵌套" in fault("abs(" * 100 + "1").what
    assert "字符" in fault("1" * (MAX_LENGTH + 1)).what
    assert "记号" in fault("+".join("1" * MAX_TOKENS)).what
    assert value_of("(" * (MAX_DEPTH - 1) + "1" + ")" * (MAX_DEPTH - 1)) == 1


def test_many_signs_need_no_depth() -> None:
    assert value_of("-" * 200 + "1") == 1
    assert value_of("not " * 201 + "true") is False
    assert value_of("+".join("1" * 150)) == 150


PIECES = st.sampled_from(
    [*"+-*/()<>=,%'{}. ", "<=", "!=", "and ", "or ", "not ", "where ", "10%", "1.5亿", "x", "x.y",
     "S71_I_{row}_A0", "'甲'", "true", "，", "²", "١", *(f"{name}(" for name in FUNCTIONS)]
)  # fmt: skip


@given(st.text(max_size=60) | st.lists(PIECES, max_size=40).map("".join))
def test_any_text_is_a_formula_or_a_fault_of_the_rulebook(text: str) -> None:
    try:
        tree = parse(text).tree
    except RulebookError:
        return
    assert parse(text).tree == tree


@given(st.text(max_size=80))
def test_tokens_stand_where_their_column_says(text: str) -> None:
    for token in tokenise(text):
        assert text[token.column :].startswith(token.text)
        if token.kind == "bad":
            return


@given(st.integers(0, 10**12), st.integers(1, 10**6))
def test_division_is_exact(top: int, bottom: int) -> None:
    assert value_of(f"{top} / {bottom} * {bottom} = {top}") is True
