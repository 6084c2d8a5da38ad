"""What a clerk reads: verdict first, then each fault with its cell, then the score."""

from __future__ import annotations

import pytest
from builders import check, evaluated, filed, law, law_with, reading_finding

from supervise.core.evaluation import Evaluation
from supervise.core.model import Submission
from supervise.errors import WorkbookUnreadable
from supervise.read.words import read_words
from supervise.record import replace
from supervise.write.terminal import aligned, check_text, padded, refusal_text, width

WORDS = read_words("zh")


def said(evaluation: Evaluation) -> str:
    return check_text(evaluation, WORDS)


def checked(*checks: object, submission: Submission | None = None) -> str:
    return said(evaluated(replace(law(), checks=checks), submission or filed()))


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("首贷", 4), ("（a）", 5), ("", 0)])
def test_a_chinese_character_takes_two_columns(text: str, columns: int) -> None:
    assert width(text) == columns
    assert width(padded(text, 10)) == 10


def test_columns_line_up_under_wide_and_narrow_text() -> None:
    lines = list(aligned([("首贷", "1"), ("a", "22"), ("信用贷款", "")]))
    assert lines == ["  首贷      1", "  a         22", "  信用贷款"]
    assert list(aligned([])) == []


def test_the_verdict_comes_before_everything_else() -> None:
    for submission, verdict in (
        (filed(), "可以报送"),
        (replace(filed(), reading=(reading_finding(),)), "不能报送"),
        (replace(filed(), reading=(reading_finding(severity="explain"),)), "补充说明"),
    ):
        text = checked(submission=submission)
        assert verdict in text.split("\n")[2]
    assert "不能确认" in checked(check("loan_cost_level = 1")).split("\n")[2]


def test_findings_stand_gravest_first_with_cell_figures_fix_and_basis() -> None:
    mild = check("G01_bills = 1", id="T_001", severity="advisory")
    grave = check("G01_loans = 1万", id="T_002")
    text = checked(mild, grave)
    assert text.index("T_002") < text.index("T_001")
    assert "[阻断] T_002" in text
    cell = filed().facts["G01_loans"].cell
    assert f"单元格　{cell}" in text
    assert "填报 0　应为 1　相差 -1　容差 0" in text
    assert "处理　　改正。" in text
    assert "依据" in text


def test_a_check_that_fails_everywhere_is_shown_twenty_times() -> None:
    items = [i for i in law().forms.items if i.startswith("S71_I_6") and i.endswith("0")]
    items += [i for i in law().forms.items if i.startswith("S71_I_1") and i.endswith("0")]
    bindings = tuple({"x": i} for i in items[:30])
    text = checked(check("{x} = 1", bindings=bindings))
    assert text.count("[阻断] T_001") == 20
    assert f"另有 {len(bindings) - 20} 项" in text


def test_the_five_headlines_the_score_and_what_is_unconfirmed_are_there() -> None:
    text = checked()
    for name in ("首贷", "信用贷款", "机构考核", "不良容忍度", "核销资源使用"):
        assert name in text
    assert "测算得分 " in text
    assert "测算档次" in text
    assert "待核对原文或暂定" in text
    assert "监测评价" in text
    assert law().digest[:12] in text


def test_an_annual_self_check_speaks_of_a_grade_and_not_a_band() -> None:
    text = said(evaluated(law("2026Q4")))
    assert "测算等级" in text
    assert "测算档次" not in text


def test_an_overlay_is_named() -> None:
    assert "叠加 浙江局" in said(evaluated(law_with(replace(law(), overlay="浙江局"))))


def test_a_refusal_says_what_where_why_and_what_to_do() -> None:
    error = WorkbookUnreadable(
        "不是工作簿", where="a.xlsx", expected="xlsx", fix="另存为。", code="not_a_workbook"
    )
    lines = refusal_text("a.xlsx", error, WORDS).rstrip("\n").split("\n")
    assert lines == [
        "a.xlsx", "结论：不能读取", "  不是工作簿（not_a_workbook）", "  位置　a.xlsx",
        "  应为　xlsx", "  处理　另存为。",
    ]  # fmt: skip


def test_colour_is_the_callers_affair() -> None:
    tones: list[str] = []

    def style(text: str, tone: str) -> str:
        tones.append(tone)
        return f"<{text}>"

    blocked = replace(filed(), reading=(reading_finding(),))
    text = check_text(evaluated(law(), blocked), WORDS, style)
    assert "<结论：不能报送，须先更正>" in text
    assert "bad" in tones
    plain = text.replace("<", "").replace(">", "")
    assert plain == check_text(evaluated(law(), blocked), WORDS).replace("<", "").replace(">", "")
