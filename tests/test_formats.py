"""What a number format shows a number as."""

from __future__ import annotations

import pytest

from supervise.ooxml.formats import number_format


@pytest.mark.parametrize(
    "code",
    [
        "yyyy-mm-dd",
        'yyyy"年"m"月"d"日"',
        "[$-804]yyyy年m月d日",
        "[DBNum1][$-804]yyyy年m月",
        "[$-F800]dddd, mmmm dd, yyyy",
        "[Red]m/d",
        "[h]:mm",
        "mm:ss.0",
        "[$-411]ge.m.d",
        "aaaa",
        '[=0]"";yyyy/m/d',
        r"yyyy\-mm\-dd;@",
    ],
)
def test_a_code_with_date_parts_is_a_date(code: str) -> None:
    assert number_format(code).is_date


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "G/通用格式",
        "0.00",
        '#,##0.00"元"',
        '#,##0.00 "yd"',
        "0.00E+00",
        "[Red]0.00",
        "[$USD-409]#,##0.00",
        "#,##0 USD",
        r"0.0\m",
        "_d0.00_)",
        "@",
        "[>=10000]0.0,万;0",
        "0.00%",
    ],
)
def test_quoted_text_brackets_and_colours_do_not_make_a_date(code: str) -> None:
    assert not number_format(code).is_date


def test_a_percent_sign_counts_only_where_it_multiplies() -> None:
    assert number_format("0.00%").is_percent
    assert number_format("0.0%;[Red]-0.0%").is_percent
    assert not number_format('0.00"%"').is_percent
    assert not number_format(r"0.00\%").is_percent
    assert not number_format("[$%-804]0.00").is_percent
