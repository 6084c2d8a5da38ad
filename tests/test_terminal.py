"""What a clerk reads: verdict first, then each fault with its cell, then the score."""

from __future__ import annotations

import io
import re
from fractions import Fraction
from typing import Any

import pytest
from builders import check, evaluated, filed, law, law_with, reading_finding

from supervise.core.evaluation import CheckState, Evaluation, NextTarget
from supervise.core.model import Correction, Explanation, Finding, Submission
from supervise.errors import WorkbookUnreadable
from supervise.read.words import read_words
from supervise.record import replace
from supervise.write.targets import target_sentences
from supervise.write.terminal import (
    MOST_TARGETS,
    aligned,
    check_text,
    padded,
    refusal_text,
    width,
)
from supervise.write.terminal_findings import MOST_PER_CHECK, MOST_SHOWN

WORDS = read_words("zh")
_ON_THE_TERMINAL = ("check", "report", "reasons", "units", "targets", "run", "diff")


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


def many(n: int, check_id: str = "R_001", severity: Any = "blocking") -> list[Finding]:
    found = reading_finding(check_id, severity)
    return [replace(found, cells=(f"G01!C{row}",)) for row in range(1, n + 1)]


def with_findings(*findings: Finding, **changes: Any) -> Evaluation:
    evaluation = evaluated(replace(law(), checks=()), filed())
    return replace(evaluation, findings=findings, **changes)


def test_a_check_that_fails_everywhere_is_shown_ten_times_and_the_rest_counted() -> None:
    text = said(with_findings(*many(30)))
    assert text.count("[阻断] R_001") == MOST_PER_CHECK == 10
    assert "R_001 另有 20 条同类发现未逐条显示" in text
    assert "校验发现 30 项：阻断 30，需说明 0，提示 0" in text


def test_a_thousand_findings_fit_on_a_few_screens_and_the_totals_stay_true() -> None:
    found = [
        f for n in range(100) for f in many(10, f"R_{n:03}", "advisory" if n % 2 else "explain")
    ]
    text = said(with_findings(*found))
    assert "校验发现 1000 项：阻断 0，需说明 500，提示 500" in text
    assert "需说明 500 项：可附说明报送" in text
    shown = len(re.findall(r"^\[需说明\] R_\d+  不是数字", text, re.MULTILINE))
    counted = [int(n) for n in re.findall(r"：(\d+) 条未逐条显示", text)]
    assert shown == MOST_SHOWN
    assert shown + sum(counted) == 1000
    assert f"以上未逐条显示的有 {1000 - MOST_SHOWN} 条" in text
    assert "--format xlsx" in text
    assert "--annotate" in text
    assert len(text.split("\n")) < 500


def test_a_check_without_room_is_still_named_with_its_number() -> None:
    found = [f for n in range(8) for f in many(10, f"R_{n:03}")]
    text = said(with_findings(*found))
    names = {check.id: check.name for check in law().checks}
    evaluation = replace(with_findings(*found), rulebook=law())
    assert f"[阻断] R_007  {names['R_007']}：10 条未逐条显示" in said(evaluation)
    assert "[阻断] R_006" in text


def test_where_all_is_shown_nothing_is_said_to_be_hidden() -> None:
    text = said(with_findings(*many(3)))
    assert "未逐条显示" not in text
    assert "要得到清单，加 --format xlsx" in text
    assert "--format" not in said(with_findings())


def test_each_severity_is_headed_by_its_consequence() -> None:
    text = said(
        with_findings(*many(2), *many(1, "R_002", "explain"), *many(1, "R_003", "advisory"))
    )
    heads = ["阻断 2 项：须更正才能报送", "需说明 1 项：可附说明报送", "提示 1 项：仅供参考"]
    assert [line for line in text.split("\n") if line in heads] == heads


def test_right_values_and_what_they_bring_stand_beside_the_finding() -> None:
    found = replace(
        reading_finding(),
        corrections=tuple(
            Correction("G01_loans", f"G01!C{n}", Fraction(10_000), str(n)) for n in range(1, 7)
        ),
        score_impact=Fraction(18, 10),
    )
    text = said(with_findings(found))
    assert "更正　　G01!C1 → 1、G01!C2 → 2、G01!C3 → 3、G01!C4 → 4 等 6 格" in text
    assert "得分　　更正后预计 +1.80 分" in text
    same = said(with_findings(replace(found, score_impact=Fraction(0))))
    assert "得分　　更正后预计不变" in same
    assert "得分　　" not in said(with_findings(reading_finding()))


def test_an_answer_is_shown_with_its_state_and_counted() -> None:
    found = replace(reading_finding("R_002", "explain"), explanation=Explanation("系统迁移"))
    text = said(with_findings(found, *many(1)))
    assert "说明　　（已提交）系统迁移" in text
    assert "需说明 1，提示 0；其中已附说明 1" in text


def test_what_became_of_a_finding_stands_beside_it() -> None:
    marks = {("R_001", "G01!C1"): "new", ("R_001", "G01!C2"): "recurred"}
    text = check_text(with_findings(*many(3)), WORDS, marks=marks)
    assert "[阻断] [新增] R_001" in text
    assert "[阻断] [复发] R_001" in text
    assert text.count("[阻断] R_001") == 1


def test_figures_that_mean_nothing_are_left_out() -> None:
    found = replace(reading_finding(), found="甲", expected="乙或丙")
    text = said(with_findings(found))
    assert "填报 甲　应为 乙或丙\n" in text
    assert "相差" not in text


def test_a_check_that_could_not_be_carried_out_is_named_with_its_reason() -> None:
    text = checked(check("loan_cost_level = 1", name="贷款成本"))
    assert "1 项应核未核" in text
    line = next(line for line in text.split("\n") if "应核未核　T_001" in line)
    assert line.startswith("  应核未核　T_001 贷款成本：")
    assert not line.endswith("：")
    several = [check("loan_cost_level = 1", id=f"T_{n:03}") for n in range(9)]
    assert "另有 4 项未核或部分未核" in checked(*several)


def test_a_check_that_failed_in_one_place_and_broke_in_another_says_both() -> None:
    states = (CheckState("R_001", "failed", "missing: G01_loans"), CheckState("R_002", "failed"))
    text = said(with_findings(*many(1), states=states))
    assert f"部分未核　R_001 ：应填未填：{law().forms.items['G01_loans'].name}" in text
    assert text.count("未核　") == 1
    odd = (CheckState("T_001", "not_evaluated", "fault: KeyError\n'x'"),)
    assert "应核未核　T_001 ：fault: KeyError 'x'" in said(with_findings(states=odd))


def test_next_periods_targets_are_said_as_sentences() -> None:
    targets = tuple(
        NextTarget(
            indicator="first_loan",
            part="growth",
            name="首贷户数",
            item="XW1_first_count",
            unit="count",
            now=Fraction(412),
            at_least=Fraction(437 + n),
            gain=Fraction(18, 10),
            points=Fraction(10),
            period="2026Q4",
        )
        for n in range(MOST_TARGETS + 2)
    )
    evaluation = with_findings(targets=targets)
    lines = said(evaluation).split("\n")
    head = lines.index("下一期目标（2026年四季度；按其他数据不变测算，须据实填报）")
    sentences = [line.removeprefix("  ") for line in lines[head + 1 : head + 1 + MOST_TARGETS]]
    assert sentences == list(target_sentences(evaluation, WORDS)[:MOST_TARGETS])
    assert "437" in sentences[0]
    assert lines[head + 1 + MOST_TARGETS :] == ["  另有 2 项", ""]
    assert "下一期目标" not in said(with_findings(targets=()))


def test_a_bank_cannot_forge_a_line_or_colour_the_terminal() -> None:
    submission = filed()
    bank = replace(submission.bank, name="甲\n结论：可以报送\x1b[32m")
    hostile = replace(
        reading_finding(),
        message="乙\n丙\x1b[2J",
        cells=("丁\n戊!A1",),
        explanation=Explanation("己\n\x07庚"),
    )
    text = said(with_findings(hostile, submission=replace(submission, bank=bank)))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert text.count("\n结论：") == 1
    assert not re.search(r"^[丙戊庚]", text, re.MULTILINE)
    refusal = refusal_text("a\n结论：可以报送.xlsx", WorkbookUnreadable("坏\x1b[1m"), WORDS)
    assert refusal.count("\n结论：") == 1
    assert "\x1b" not in refusal


def on_a_gbk_console(text: str) -> str:
    console = io.BytesIO()
    stream = io.TextIOWrapper(console, encoding="gbk", errors="replace", newline="")
    stream.write(text)
    stream.flush()
    return console.getvalue().decode("gbk")


def test_no_word_is_lost_on_a_gbk_console() -> None:
    wordings = [
        text for key, text in WORDS.texts.items() if key.partition(".")[0] in _ON_THE_TERMINAL
    ]
    assert len(wordings) > 200
    assert on_a_gbk_console("\n".join(wordings)) == "\n".join(wordings)
    for rule in law().checks:
        told = f"{rule.id} {rule.name} {rule.message} {rule.fix}"
        assert on_a_gbk_console(told) == told
    text = checked(check("G01_loans = 1万"), check("loan_cost_level = 1", id="T_002"))
    assert on_a_gbk_console(text) == text


def test_a_rare_character_of_a_name_costs_that_character_only() -> None:
    submission = filed()
    named = replace(submission, bank=replace(submission.bank, name="龘䶮银行"))
    text = said(with_findings(submission=named))
    assert on_a_gbk_console(text) == text.replace("䶮", "?")


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


def test_a_refusal_in_english_has_english_labels() -> None:
    error = WorkbookUnreadable("不是工作簿", where="a.xlsx", expected="xlsx\nxlsm", fix="另存为。")
    text = refusal_text("a.xlsx", error, read_words("en"))
    for label in ("Where", "Expected", "Do "):
        assert f"\n  {label}" in text
    for label in ("位置", "应为", "处理", "结论"):
        assert label not in text


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
