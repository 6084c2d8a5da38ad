"""Findings as flat rows: one order, one set of columns, nothing left out, nothing forged."""

from __future__ import annotations

from fractions import Fraction

import pytest
from builders import branches, check, evaluated, filed, law, reading_finding

from supervise.core.evaluation import Evaluation
from supervise.core.model import Basis, Correction, Explanation, Finding, Submission
from supervise.errors import WorkbookUnreadable
from supervise.read.words import LOCALES, flat_words, read_words
from supervise.record import replace
from supervise.write.document import evaluation_document
from supervise.write.finding_list import (
    MOST_LETTERS,
    Checked,
    fitted,
    listed_rows,
    refusal_row,
)
from supervise.write.finding_rows import COLUMNS, FindingRow, finding_rows
from supervise.write.terminal import check_text
from supervise.write.visible import one_line

WORDS = read_words("zh")
FROM_LAW = Basis("method-2024", "第五条")


def judged(*checks: object, submission: Submission | None = None) -> Evaluation:
    return evaluated(replace(law(), checks=checks), submission or filed())


def with_findings(*findings: Finding) -> Evaluation:
    return replace(judged(), findings=findings)


def row_of(finding: Finding, **marks: str) -> FindingRow:
    known = {(finding.check, finding.cells[0]): marks["mark"]} if marks else {}
    return finding_rows(with_findings(finding), WORDS, known)[0]


def test_the_columns_begin_as_users_asked_and_each_has_a_heading_in_every_language() -> None:
    assert COLUMNS[:4] == ("cell", "period", "message", "fix")
    assert COLUMNS[-1] == "number"
    fields = set(FindingRow.__slots__)  # type: ignore[attr-defined]  # set by ``record``
    assert fields - set(COLUMNS) == {"explanation_state"}
    assert set(COLUMNS) <= fields
    assert len(set(COLUMNS)) == len(COLUMNS)
    for lang in ("zh", "en"):
        assert all(read_words(lang).has(f"check.column.{name}") for name in COLUMNS)


def test_rows_stand_gravest_first_and_then_as_found() -> None:
    found = [
        replace(reading_finding("R_001", "advisory"), message="一"),
        replace(reading_finding("R_002", "explain"), message="二"),
        replace(reading_finding("R_003"), message="三"),
        replace(reading_finding("R_001"), message="四"),
    ]
    rows = finding_rows(with_findings(*found), WORDS)
    assert [row.message for row in rows] == ["三", "四", "二", "一"]
    assert [row.number for row in rows] == ["1", "2", "3", "4"]
    assert [row.severity_word for row in rows] == ["阻断", "阻断", "需说明", "提示"]
    assert [row.consequence for row in rows] == [
        "须更正才能报送", "须更正才能报送", "可附说明报送", "仅供参考",
    ]  # fmt: skip


def test_a_row_says_who_filed_what_is_wrong_where_and_by_which_article() -> None:
    demand = check("G01_loans = 1万", basis=FROM_LAW, name="各项贷款")
    row = finding_rows(judged(demand), WORDS)[0]
    cell = filed().facts["G01_loans"].cell
    assert (row.cell, row.sheet, row.cells) == (str(cell), "G01", str(cell))
    assert (row.item, row.item_name) == ("G01_loans", law().forms.items["G01_loans"].name)
    assert (row.check, row.check_name) == ("T_001", "各项贷款")
    assert (row.found, row.expected, row.difference) == ("0", "1", "-1")
    assert row.unit == "万元"
    assert row.basis == "金规〔2024〕18号第五条"
    assert row.basis_date == "2024-11-25"
    assert row.message
    assert row.fix == "改正。"
    assert (row.period, row.file) == ("2026年三季度", "示例.xlsx")
    assert (row.bank_code, row.bank_name) == ("B0001H233000001", "示例农商行")


def test_every_cell_is_named_not_only_the_first() -> None:
    cells = tuple(f"G01!C{n}" for n in range(6, 30))
    row = row_of(replace(reading_finding(), cells=cells))
    assert row.cells.split("、") == list(cells)


def test_a_finding_about_a_whole_sheet_or_no_cell_has_no_item() -> None:
    sheet = row_of(replace(reading_finding(), cells=("G01",)))
    assert (sheet.cell, sheet.sheet, sheet.item, sheet.item_name) == ("G01", "G01", "", "")
    nowhere = finding_rows(with_findings(replace(reading_finding(), cells=())), WORDS)[0]
    assert (nowhere.cell, nowhere.sheet, nowhere.cells, nowhere.item) == ("", "", "", "")


def test_a_row_of_an_open_table_is_named_by_its_branch() -> None:
    submission = filed(tables=branches("10%", "9%"))
    cell = str(submission.tables["XW2_branches"][1]["XW2_kpi_weight"].cell)
    finding = replace(reading_finding(), cells=(cell,))
    row = finding_rows(replace(judged(submission=submission), findings=(finding,)), WORDS)[0]
    assert (row.row_key, row.item) == ("支行2", "XW2_kpi_weight")


def test_what_the_bank_keeps_in_the_row_comes_back_with_its_finding() -> None:
    reference = {"G01!H6": "台账 0017", "G01!J6": "=张三", "G01!H7": "别的行", "S63!H6": "别的表"}
    submission = replace(filed(), reference=reference)
    finding = replace(reading_finding(), cells=("G01!C6", "G01!C7"))
    evaluation = replace(judged(submission=submission), findings=(finding,))
    assert finding_rows(evaluation, WORDS)[0].own_notes == "台账 0017、=张三"
    document = evaluation_document(evaluation)
    assert document["findings"][0]["own_notes"] == {"G01!H6": "台账 0017", "G01!J6": "=张三"}
    assert "自用　　台账 0017、=张三" in check_text(evaluation, WORDS)
    assert row_of(reading_finding()).own_notes == ""


@pytest.mark.parametrize(
    ("holds", "unit"),
    [("G01_loans = 1万", "万元"), ("S71_I_6_B0 = 7", ""), ("0.05 + G01_loans = 1", "万元")],
)
def test_figures_have_the_unit_of_the_cell(holds: str, unit: str) -> None:
    assert finding_rows(judged(check(holds)), WORDS)[0].unit == unit


def test_a_percentage_says_so_itself_and_what_was_typed_has_no_other_unit() -> None:
    percent = Finding("T_001", "blocking", "form", ("G01!C6",), "m", "f", FROM_LAW, "5%", "7%")
    assert row_of(percent).unit == "%"
    typed = replace(reading_finding(), found="约两万元")
    assert row_of(typed).unit == ""


def test_corrections_score_and_answer_stand_in_the_row() -> None:
    finding = replace(
        reading_finding("R_001", "explain"),
        corrections=(
            Correction("G01_loans", "G01!C6", Fraction(10_000), "1"),
            Correction("G01_bills", "G01!C7", Fraction(20_000), "2"),
        ),
        score_impact=Fraction(18, 10),
        explanation=Explanation("系统迁移"),
    )
    row = row_of(finding)
    assert row.corrections == "G01!C6 → 1；G01!C7 → 2"
    assert row.score_impact == "+1.80"
    assert row.explanation == "（已提交）系统迁移"
    assert row.explanation_state == "given"


@pytest.mark.parametrize(
    ("impact", "text"),
    [
        (None, ""),
        (Fraction(0), "0.00"),
        (Fraction(-1, 2), "-0.50"),
        (Fraction(1, 1000), "+0.001"),
    ],
)
def test_a_change_of_score_has_its_sign_and_is_never_rounded_away(
    impact: Fraction | None, text: str
) -> None:
    assert row_of(replace(reading_finding(), score_impact=impact)).score_impact == text


@pytest.mark.parametrize(
    ("mark", "text"), [("new", "新增"), ("still", "仍在"), ("recurred", "复发")]
)
def test_a_mark_says_what_became_of_a_finding(mark: str, text: str) -> None:
    assert row_of(reading_finding(), mark=mark).mark == text
    assert row_of(reading_finding()).mark == ""


def test_a_bank_cannot_forge_a_line_or_an_escape_sequence() -> None:
    finding = replace(
        reading_finding(), message="甲\n结论：可以报送\x1b[2J\u202e乙", cells=("a\tb!A1",)
    )
    row = row_of(finding)
    assert row.message == "甲 结论：可以报送[2J乙"
    assert row.cell == "a b!A1"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("首贷　户", "首贷　户"),
        ("a\r\n b", "a b"),
        ("\x00a\x7f", "a"),
        ("\ud800", "\ufffd"),
        ("甲\u2028乙", "甲 乙"),
        ("甲\u061c\u180e\u206f\xad\ufff9\U000e0041乙", "甲乙"),
    ],
)
def test_a_text_is_shown_on_one_line(text: str, shown: str) -> None:
    assert one_line(text) == shown


def test_a_refused_file_is_a_row_with_its_code() -> None:
    error = WorkbookUnreadable(
        "不是工作簿", where="a.xlsx", expected="xlsx", fix="另存为。", code="not_a_workbook"
    )
    row = refusal_row("a.xlsx", error, WORDS)
    assert (row.severity, row.severity_word, row.consequence) == ("refused", "拒收", "不能读取")
    assert (row.check, row.message, row.fix) == ("not_a_workbook", "不是工作簿", "另存为。")
    assert (row.file, row.cell, row.expected) == ("a.xlsx", "a.xlsx", "xlsx")
    assert row.basis


def test_files_are_listed_in_the_order_given() -> None:
    refused = Checked(file="b.xlsx", refusal=WorkbookUnreadable("坏", code="x"))
    found = Checked(file="a.xlsx", evaluation=with_findings(reading_finding()))
    clean = Checked(file="c.xlsx", evaluation=with_findings())
    rows = listed_rows((refused, found, clean, found), WORDS)
    assert [row.severity for row in rows] == ["refused", "blocking", "blocking"]


def test_a_text_too_long_for_a_spreadsheet_says_how_much_is_missing() -> None:
    cells = "、".join(f"XW2激励约束!F{n}" for n in range(6, 4000))
    short = fitted(cells, WORDS)
    assert len(short) < 32_767
    kept, _, rest = short.partition("……")
    assert cells.startswith(kept)
    assert f"另有 {len(cells) - len(kept)} 字" in rest
    assert fitted("甲" * MOST_LETTERS, WORDS) == "甲" * MOST_LETTERS
    assert len(fitted("甲" * 50_000, WORDS)) < 32_767


def test_both_languages_have_the_same_wordings() -> None:
    zh, en = (
        {key for key in flat_words(LOCALES / name) if key.startswith("check.")}
        for name in ("zh.yaml", "en.yaml")
    )
    assert zh == en


@pytest.mark.parametrize("holds", ["given(G01_bills) and G01_bills > 5", "not G01_bills = 0"])
def test_a_condition_has_no_tolerance(holds: str) -> None:
    evaluation = judged(check(holds))
    (row,) = finding_rows(evaluation, WORDS)
    assert (row.found, row.expected, row.difference, row.tolerance) == ("0", "", "", "")
    assert evaluation_document(evaluation)["findings"][0]["tolerance"] == ""
    assert "容差" not in check_text(evaluation, WORDS)
    assert "（无）" in row.message  # what a message says of it stays


def test_a_comparison_of_texts_has_no_tolerance_and_one_of_figures_keeps_its_own() -> None:
    texts = judged(check("COVER_filing = '重报'"), submission=filed(COVER_filing="首次"))
    figures = judged(check("G01_bills = 1"))
    assert finding_rows(texts, WORDS)[0].tolerance == ""
    assert finding_rows(figures, WORDS)[0].tolerance == "0"
