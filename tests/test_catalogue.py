"""The catalogue: every demanded check is there, whole, and all of them speak in one pass."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from builders import (
    book_of,
    branches,
    check,
    filed,
    law,
    law_with,
    past,
    reading_finding,
    value_of,
)

from supervise.core import checks as checks_module
from supervise.core.checks import run_checks
from supervise.core.context import Context
from supervise.core.evaluate import evaluate, status_of
from supervise.core.evaluation import CheckState
from supervise.core.formula import FUNCTIONS, Binary
from supervise.core.frame import Absent
from supervise.core.law import Check
from supervise.core.model import Finding
from supervise.core.negatives import CHECK as NEGATIVES
from supervise.core.period import Period
from supervise.core.tolerance import COMPARISONS, MODES
from supervise.pipeline.law.model_filing import changed, model_case
from supervise.record import replace

ROOT = Path(__file__).parents[1]
CHECKS = law().checks
BY_ID = {one.id: one for one in CHECKS}
EVERY = pytest.mark.parametrize("one", CHECKS, ids=lambda one: one.id)
WHOLE_FILE = {"R_001", "R_002", "R_029", "R_034"}
IMPERATIVES = (
    "核对", "更正", "改为", "改填", "补填", "补齐", "填写", "删去", "恢复", "把", "将", "用",
    "选择", "选取", "按", "在", "由", "另存", "取消", "写明", "列明", "列出", "合并", "从", "以",
)  # fmt: skip

BLOCKS, ASKS, HINTS = "blocking", "explain", "advisory"
DEMANDED: dict[str, tuple[str, str]] = {
    "档次合计 = 三档之和": (BLOCKS, "S71_I_001 S71_I_002"),
    "不含票据 ≤ 合计": (BLOCKS, "S71_I_003 S71_I_004 BQ_001 BQ_002"),
    "第 6 行 = 第 1 行 + 第 3 行": (BLOCKS, "S71_I_005"),
    "其中 ≤ 总项": (
        BLOCKS,
        "S71_I_006 S71_I_007 S71_I_008 S71_I_009 S71_I_010 S71_I_023 S71_I_028 G01_001 G01_002 "
        "G11_003 G11_004 BQ_003 BQ_006 XW1_003 XW3_003 XW3_005 XW6_001 XW6_002 XW6_005 XW6_006 "
        "XW6_007",
    ),
    "不良 ≤ 余额": (BLOCKS, "S71_I_011 BQ_004 CF_023 CF_024"),
    "权重在 0 至 100%": (BLOCKS, "XW2_001 XW2_002"),
    "机构名称不重复、个数相符": (BLOCKS, "XW2_008 XW2_003"),
    "合计 = 分项": (BLOCKS, "G11_001 G11_002 XW1_001 XW1_002"),
    "不得为负": (BLOCKS, "AF_001"),
    "户数合计在最大一档与三档之和之间": (ASKS, "S71_I_012 S71_I_013"),
    "行与行的户数": (ASKS, "S71_I_024 S71_I_025 S71_I_026"),
    "第 1 行 = 1.a + 1.b": (ASKS, "S71_I_014"),
    "第 3 行 = 3.1 + 3.2 + 3.3": (ASKS, "S71_I_015"),
    "户数与余额同有同无": (
        ASKS,
        "S71_I_016 S71_I_017 S71_I_018 S71_I_019 S63_001 S63_002 S63_003 S63_004 BQ_008 BQ_009 "
        "BQ_010 BQ_011 XW1_005 XW1_006 XW3_006 XW3_007 XW6_008 XW6_009 XW6_010 XW6_011",
    ),
    "逾期 90 天以上 ≤ 不良": (ASKS, "S71_I_020"),
    "F ÷ D 在合理区间": (
        ASKS, "S71_I_021 S71_I_022 S71_I_029 S71_I_030 S71_I_031 BQ_012 BQ_013",
    ),
    "不良变动恒等式": (BLOCKS, "XW3_001"),
    "其他 > 5%": (ASKS, "XW3_002"),
    "清单式 ≤ 小微核销": (ASKS, "XW3_004"),
    "小微核销 ≤ 全部核销": (BLOCKS, "XW3_003"),
    "普惠小微不良 = XW3 期末": (BLOCKS, "CF_001 CF_002"),
    "G11 = XW3 全行期末": (BLOCKS, "CF_003"),
    "普惠小微 ≤ 各项贷款": (BLOCKS, "CF_004 CF_005 CF_017 CF_032 CF_033 CF_034"),
    "6.3 ≤ S63 7.1": (ASKS, "CF_008 CF_026 CF_027 CF_028"),
    "首贷 ≤ 累放": (ASKS, "CF_009 CF_010 CF_011 CF_012 CF_013 CF_029 CF_030 CF_031"),
    "XW6 放款 ≤ 累放": (HINTS, "CF_014"),
    "年初 = 上年末": (ASKS, "CP_001 CP_002 CP_003 CF_015 CF_016"),
    "累放年内不减少": (ASKS, "CP_004 CP_005"),
    "重报说明原因": (BLOCKS, "COVER_001"),
    "余额、户数、利率、不良的跳变": (ASKS, "PL_005 PL_006 PL_007 PL_008 PL_009"),
    "户均与档次相符": (ASKS, "PL_010 PL_011 PL_012 XW1_007"),
    "权重全部恰为门槛": (HINTS, "PL_013"),
    "处处整数": (HINTS, "PL_018 PL_020 PL_021 PL_022"),
    "大中型银行须填 XW2": (BLOCKS, "COVER_010"),
    "说明所答": (HINTS, "XW8_002 XW8_003 XW8_004"),
    "说明须有内容": (ASKS, "XW8_001"),
    "读取：数字、错误值、未计算、图片、日期": (
        BLOCKS, "R_005 R_007 R_009 R_010 R_011 R_014 R_015 R_020 R_033",
    ),
    "读取：外部链接、隐藏": (ASKS, "R_012 R_025 R_026"),
    "读取：文本数字": (HINTS, "R_006"),
    "读取：重复、缺表、改名、移位、灰格": (BLOCKS, "R_013 R_001 R_002 R_003 R_022"),
}  # fmt: skip


@pytest.mark.parametrize("family", DEMANDED)
def test_every_demanded_check_is_there_with_its_consequence(family: str) -> None:
    severity, ids = DEMANDED[family]
    assert {name: BY_ID[name].severity for name in ids.split()} == dict.fromkeys(
        ids.split(), severity
    )


def test_the_catalogue_is_full() -> None:
    scopes = Counter(one.scope for one in CHECKS)
    assert sum(scopes.values()) - scopes["reading"] >= 200
    assert {"reading", "form", "cross_form", "cross_period", "plausibility"} <= set(scopes)
    assert min(scopes.values()) >= 6


@EVERY
def test_no_part_of_a_check_is_empty(one: Check) -> None:
    parts = (one.id, one.name, one.message, one.fix, one.why, one.basis.source, one.basis.article)
    assert [part for part in parts if not part.strip()] == []
    assert one.severity in (BLOCKS, ASKS, HINTS)
    assert one.tolerance


@EVERY
def test_a_fix_is_one_imperative_sentence(one: Check) -> None:
    assert one.fix.startswith(IMPERATIVES), one.fix
    assert one.fix.endswith("。")
    assert one.fix.count("。") == 1
    assert not set("；？！?!\n") & set(one.fix), one.fix


@EVERY
def test_what_blocks_is_mended_not_explained(one: Check) -> None:
    assert (one.severity == BLOCKS) <= ("XW8" not in one.fix or one.id.startswith("XW8"))


@EVERY
def test_a_message_says_where_and_which_figures(one: Check) -> None:
    slots = set(re.findall(r"{(\w+)}", one.message))
    assert slots & {"cell", "cells", "sheet"} or one.id in WHOLE_FILE
    tree = one.holds.tree if one.holds is not None else None
    if isinstance(tree, Binary) and tree.op in COMPARISONS:
        assert "found" in slots
    if one.tolerance != "none":
        assert "tolerance" in slots


def test_no_two_checks_ask_the_same() -> None:
    asked = Counter(
        (one.holds.text, one.given.text if one.given else "", str(one.bindings))
        for one in CHECKS
        if one.holds is not None
    )
    assert [same for same, n in asked.items() if n > 1] == []


NOW = Period(2026, 3)
FAULTS = {
    "S71_I_001": {"S71_I_2_A0": "S71_I_2_A0 + 5万"},
    "S71_I_013": {"S71_I_4_B0": "S71_I_4_B1 + S71_I_4_B2 + S71_I_4_B3 + 7"},
    "XW2_008": {"XW2_branch_name@2": "同名支行", "XW2_branch_name@4": "同名支行"},
    "XW3_002": {"XW3_other_incl": "5000万"},
    "XW5_001": {"XW5_penalties": "0", "XW5_penalty_amount": "3万"},
    "CF_021": {"XW6_srdi": "S63_I_10 + 1万"},
    "CP_005": {"XW6_recommended_count_since": "XW6_recommended_count_since - 1"},
    "PL_016": {"XW2_ftp_discount_bp": "-60"},
    "COVER_006": {"COVER_reviewed_by": "示例甲"},
}


def told(changes: dict[str, str]) -> tuple[Finding, ...]:
    """Findings of the model filing with changes, one of them made while reading."""
    model = model_case(NOW)
    made = changed(model, changes, "")
    reading = (reading_finding("R_005"),) if changes else ()
    grown = "XW6_recommended_count_since"
    before = past("2026Q2", {grown: str(model.submission.facts[grown].value)})
    return evaluate(
        replace(made.submission, reading=reading),
        made.rulebook,
        context=Context(history={"2026Q2": before}),
    ).findings


def test_faults_of_every_family_are_all_told_in_one_pass() -> None:
    together = told({item: text for fault in FAULTS.values() for item, text in fault.items()})
    found = {one.check for one in together}
    alone = {name: {one.check for one in told(fault)} for name, fault in FAULTS.items()}
    assert [name for name in FAULTS if name not in alone[name]] == []
    assert set().union(*alone.values()) <= found
    assert {one.scope for one in together} == {one.scope for one in CHECKS}
    assert told({}) == ()


def test_a_check_that_breaks_is_collected_and_the_others_speak() -> None:
    broken = [
        check("G01_loans = 1", id="T_001", message="{no_such_word}"),
        check("G01_loans = 1", id="T_002", tolerance="一点"),
        check("G01_loans = 1", id="T_003"),
    ]
    findings, states = run_checks(book_of(filed(), law_with(checks=broken)))
    assert [one.check for one in findings] == ["T_003"]
    assert [one.state for one in states] == ["not_evaluated", "not_evaluated", "failed"]
    assert "KeyError" in states[0].reason
    assert "ValueError" in states[1].reason
    assert re.search(r"\(\w+:\d+\)$", states[1].reason)


def test_a_broken_check_makes_the_filing_incomplete_never_passed() -> None:
    clean = law_with(checks=(check("1 = 1"),))
    assert evaluate(filed(), clean).status == "passed"
    broken = law_with(checks=(check("G01_loans = 1", severity=ASKS, message="{no_such_word}"),))
    evaluation = evaluate(filed(), broken)
    assert evaluation.status == "incomplete"
    assert evaluation.findings == ()


def test_an_answer_does_not_cover_a_part_that_could_not_be_checked() -> None:
    """Of two instances one fails and is answered, the other breaks: incomplete, never passed."""
    states = (CheckState("T_001", "failed", "broken: KeyError"),)
    assert status_of((), states) == "incomplete"
    assert status_of((), (CheckState("T_001", "failed"),)) == "passed"


@pytest.mark.parametrize("where", ["compute", "_instance", "settler_of"])
def test_an_error_of_the_engine_itself_is_collected(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: Any) -> Any:
        raise ZeroDivisionError("our fault")

    monkeypatch.setattr(checks_module, where, fails)
    findings, states = run_checks(book_of(filed(), law_with(checks=(check("1 > 2 and 1 > 2"),))))
    assert findings == ()
    assert [one.state for one in states] == ["not_evaluated"]
    assert "ZeroDivisionError: our fault" in states[0].reason


def test_an_error_while_looking_for_negatives_is_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(checks_module, "negatives", fails)
    _, states = run_checks(book_of(filed(), law_with(checks=(BY_ID[NEGATIVES],))))
    assert [one.state for one in states] == ["not_evaluated"]


def test_without_earlier_filings_a_good_one_passes_and_says_what_was_not_compared() -> None:
    case = model_case(NOW)
    evaluation = evaluate(case.submission, case.rulebook)
    states = Counter(one.state for one in evaluation.states)
    assert evaluation.status == "passed"
    assert states["no_predecessor"] == sum(one.scope == "cross_period" for one in CHECKS)
    assert states["not_evaluated"] == states["failed"] == 0


def test_a_branch_named_twice_is_shown_and_no_other() -> None:
    tables = branches("12%", "11%", "10%", "13%", "14%")
    for n, name in ((1, "甲"), (3, "甲"), (4, "乙"), (2, "乙")):
        tables["XW2_branches"][n]["XW2_branch_name"] = name
    submission = filed(tables=tables)
    findings, _ = run_checks(book_of(submission, law_with(checks=(BY_ID["XW2_008"],))))
    rows = submission.tables["XW2_branches"]
    cells = {str(rows[n]["XW2_branch_name"].cell) for n in (1, 2, 3, 4)}
    assert [set(one.cells) for one in findings] == [cells]
    assert findings[0].found == "甲"
    assert str(rows[0]["XW2_branch_name"].cell) not in findings[0].cells


def test_a_row_without_a_name_does_not_hide_a_name_that_stands_twice() -> None:
    tables = branches("12%", "11%", "10%")
    tables["XW2_branches"][1]["XW2_branch_name"] = None
    tables["XW2_branches"][2]["XW2_branch_name"] = "支行1"
    book = book_of(filed(tables=tables), law_with(checks=(BY_ID["XW2_008"],)))
    assert [one.state for one in run_checks(book)[1]] == ["failed"]


NEGATIVE = {
    "G01_loans": "-1万", "S71_I_6_B0": -1, "XW2_ftp_base": "-0.1%", "XW5_offline_days": -1,
    "XW7_resource_tilt_plan_score": -1,
}  # fmt: skip


@pytest.mark.parametrize(("item", "figure"), NEGATIVE.items())
def test_no_figure_may_be_negative(item: str, figure: Any) -> None:
    submission = filed(None, {item: figure})
    findings, _ = run_checks(book_of(submission, law_with(checks=(BY_ID[NEGATIVES],))))
    assert [one.cells for one in findings] == [(str(submission.facts[item].cell),)]
    assert findings[0].found in findings[0].message


@pytest.mark.parametrize("item", ["XW2_ftp_discount_bp", "BQ_credit_plan"])
def test_what_may_be_negative_is_left_alone(item: str) -> None:
    book = book_of(filed(None, {item: "-5"}), law_with(checks=(BY_ID[NEGATIVES],)))
    assert run_checks(book) == ((), (CheckState(NEGATIVES, "passed"),))


def test_a_negative_weight_is_told_once() -> None:
    rules = law_with(checks=(BY_ID[NEGATIVES], BY_ID["XW2_002"]))
    findings, _ = run_checks(book_of(filed(tables=branches("-1%")), rules))
    assert [one.check for one in findings] == ["XW2_002"]


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("multiple_of(1200万, 100万)", True),
        ("multiple_of(1250万, 100万)", False),
        ("multiple_of(0, 100万)", True),
        ("multiple_of(-300万, 100万)", True),
        ("multiple_of(0.3, 0.1)", True),
        ("multiple_of(G01_loans, 100万) and G01_loans > 0", True),
        ("multiple_of(5, 0)", Absent("zero_denominator")),
        ("multiple_of(XW1_due, 100万)", Absent("missing", ("XW1_due",))),
        ("multiple_of('甲', 2)", Absent("not_a_number")),
    ],
)
def test_a_multiple_is_a_whole_number_of_units(formula: str, value: Any) -> None:
    assert value_of(formula, book_of(filed(G01_loans="98300万"))) == value


def test_the_figures_of_a_bank_that_rounds_everything_are_questioned() -> None:
    amounts = {f"S71_I_6_{c}{t}": f"{n}00万" for c in "AD" for n, t in enumerate("123", 3)}
    rule = law_with(checks=(BY_ID["PL_020"],), parameters=law().parameters)
    findings, _ = run_checks(book_of(filed(None, amounts), rule))
    assert [len(one.cells) for one in findings] == [6]
    amounts["S71_I_6_D3"] = "500.01万"
    assert run_checks(book_of(filed(None, amounts), rule))[0] == ()


def test_the_formula_page_names_every_function_and_tolerance() -> None:
    page = (ROOT / "docs" / "formula.md").read_text(encoding="utf-8")
    assert {name for name in FUNCTIONS if f"`{name}" not in page} == set()
    assert {mode for mode in MODES if f"`{mode}`" not in page} == set()
    assert Fraction(1, 2) == value_of("if(multiple_of(4, 2), 0.5, 1)")
