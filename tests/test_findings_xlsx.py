"""The list workbook: what matters first, all of it second, true totals, texts that stay texts."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from builders import check, evaluated, filed, law, law_with, reading_finding
from openpyxl import load_workbook

from supervise.core.evaluation import Evaluation
from supervise.core.model import Explanation, Finding
from supervise.errors import WorkbookUnreadable
from supervise.read.words import read_words
from supervise.record import replace
from supervise.write.finding_list import Checked
from supervise.write.finding_rows import COLUMNS
from supervise.write.sheet_findings import FEW, MOST_PER_CHECK, findings_workbook

WORDS = read_words("zh")
HOSTILE = "=cmd|' /C calc'!A0"
REFUSAL = WorkbookUnreadable(
    "不是工作簿", where="b.xlsx", expected="xlsx", fix="另存为。", code="not_a_workbook"
)


def judged(*findings: Finding, **bank: str) -> Evaluation:
    submission = filed()
    submission = replace(submission, bank=replace(submission.bank, **bank))
    return replace(evaluated(law_with(), submission), findings=findings)


def made(*files: Checked) -> bytes:
    return findings_workbook(files, WORDS)


def one(*findings: Finding, **bank: str) -> bytes:
    return made(Checked(file="a.xlsx", evaluation=judged(*findings, **bank)))


def opened(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data))


def table(data: bytes, sheet: str) -> list[dict[str, Any]]:
    """Rows below the headings, by heading."""
    lines = [[cell.value for cell in row] for row in opened(data)[sheet].iter_rows()]
    head = next(n for n, line in enumerate(lines) if sum(v is not None for v in line) > 3)
    return [dict(zip(lines[head], line, strict=True)) for line in lines[head + 1 :]]


def many(n: int, name: str = "R_001", severity: Any = "blocking") -> list[Finding]:
    return [replace(reading_finding(name, severity), cells=(f"G01!C{i}",)) for i in range(1, n + 1)]


def test_there_are_four_sheets_in_order_and_the_first_is_what_matters() -> None:
    assert opened(one(reading_finding())).sheetnames == ["最重要", "全部", "按校核汇总", "文件"]


def test_the_first_columns_are_cell_period_problem_and_fix() -> None:
    for sheet in ("最重要", "全部"):
        row = table(one(reading_finding()), sheet)[0]
        assert list(row)[:4] == ["单元格", "报告期", "问题", "处理"]
        assert list(row.values())[:4] == ["G01!C6", "2026年三季度", "不是数字。", "改正。"]
        assert row["依据"]
        assert row["全部单元格"] == "G01!C6"
    assert list(table(one(reading_finding()), "全部")[0]) == [
        WORDS(f"check.column.{name}") for name in COLUMNS
    ]


def test_what_is_answered_or_advisory_is_not_among_the_most_important() -> None:
    answered = replace(reading_finding("R_002", "explain"), explanation=Explanation("是"))
    found = [*many(8), *many(4, "R_003", "explain"), answered, reading_finding("R_004", "advisory")]
    data = one(*found)
    assert {row["校核编号"] for row in table(data, "最重要")} == {"R_001", "R_003"}
    assert len(table(data, "全部")) == 14


def test_a_rejected_answer_leaves_the_finding_open() -> None:
    told = Explanation("是", "rejected")
    found = replace(reading_finding("R_002", "explain"), explanation=told)
    data = one(*many(FEW), found)
    assert table(data, "最重要")[-1]["校核编号"] == "R_002"


def test_where_little_matters_the_next_findings_fill_the_first_sheet() -> None:
    data = one(reading_finding(), *many(30, "R_009", "advisory"))
    assert [row["严重程度"] for row in table(data, "最重要")] == ["阻断"] + ["提示"] * (FEW - 1)


def test_a_thousand_findings_are_all_listed_and_the_totals_are_true() -> None:
    data = one(*many(600), *many(300, "R_002", "explain"), *many(100, "R_003", "advisory"))
    assert len(table(data, "全部")) == 1000
    assert len(table(data, "最重要")) == 2 * MOST_PER_CHECK
    by_check = table(data, "按校核汇总")
    assert [tuple(row.values())[2:] for row in by_check] == [
        ("阻断", 600, MOST_PER_CHECK), ("需说明", 300, MOST_PER_CHECK), ("提示", 100, 0),
    ]  # fmt: skip
    book = opened(data)
    total = "共 1 份文件：发现 1000 项（阻断 600，需说明 300，提示 100），拒收 0 份。"
    assert [book[name]["A2"].value for name in book.sheetnames] == [total] * 4
    assert book["最重要"]["A3"].value == "本页列 40 行，共 1000 行；其余见“全部”页。"


def test_a_refused_file_stands_with_its_reason_and_what_to_do() -> None:
    data = made(
        Checked(file="a.xlsx", evaluation=judged(reading_finding())),
        Checked(file="b.xlsx", refusal=REFUSAL),
    )
    assert table(data, "最重要")[0]["校核编号"] == "not_a_workbook"
    good, bad = table(data, "文件")
    assert (good["结论"], good["阻断"], good["拒收原因代码"]) == ("可以报送", 1, None)
    assert (bad["文件"], bad["结论"], bad["拒收原因代码"]) == (
        "b.xlsx", "不能读取", "not_a_workbook",
    )  # fmt: skip
    assert (bad["拒收原因"], bad["应为"], bad["处理"]) == ("不是工作簿", "xlsx", "另存为。")
    assert "拒收 1 份" in opened(data)["全部"]["A2"].value


def test_where_nothing_was_found_each_sheet_says_so() -> None:
    book = opened(one())
    for name in ("最重要", "全部", "按校核汇总"):
        texts = [cell.value for row in book[name].iter_rows() for cell in row]
        assert "没有发现。" in texts
    assert table(one(), "文件")[0]["机构名称"] == "示例农商行"


def test_no_text_of_a_bank_becomes_a_formula_or_an_error_value() -> None:
    texts = ("message", "fix", "found", "expected", "difference", "tolerance")
    hostile = replace(reading_finding(), cells=(HOSTILE,), **dict.fromkeys(texts, HOSTILE))
    wrong = replace(reading_finding(), found="#REF!", message="#N/A")
    data = one(hostile, wrong, name=HOSTILE, code="+1+1")
    book = opened(data)
    for sheet in book:
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        xml = "".join(package.read(n).decode() for n in package.namelist() if "sheet" in n)
    assert "<f>" not in xml
    assert table(data, "全部")[0]["机构名称"] == HOSTILE
    assert table(data, "全部")[1]["填报"] == "#REF!"


def test_ids_are_texts_and_plain_figures_are_numbers() -> None:
    figures = {"found": "40221.02", "expected": "007", "difference": "-36", "tolerance": "10%"}
    finding = replace(reading_finding(), **figures)
    row = table(one(finding, code="911100001000012345"), "全部")[0]
    assert row["机构编码"] == "911100001000012345"
    assert (row["填报"], row["应为"], row["相差"], row["容差"]) == (40221.02, "007", -36, "10%")
    assert row["序号"] == 1


@pytest.mark.parametrize("letter", ["\x00", "\x0b", "\x1b", "\ud800", "\uffff"])
def test_a_character_that_no_workbook_can_hold_does_not_stop_the_list(letter: str) -> None:
    row = table(one(replace(reading_finding(), message=f"甲{letter}乙")), "全部")[0]
    assert row["问题"] in ("甲乙", "甲 乙", "甲\ufffd乙")


def test_columns_fit_headings_stay_and_the_table_can_be_filtered() -> None:
    name = "示例农村商业银行" * 5 + "支行部"
    cells = tuple(f"XW2激励约束!F{n}" for n in range(6, 3000))
    finding = replace(reading_finding(), cells=cells, message="很长的说明。" * 40)
    book = opened(one(finding, name=name))
    for sheet in book:
        head = int(sheet.freeze_panes[1:]) - 1
        assert sheet.auto_filter.ref.startswith(f"A{head}:")
        assert sheet.print_title_rows
        for column in range(1, sheet.max_column + 1):
            cell = sheet.cell(head, column)
            width = sheet.column_dimensions[cell.column_letter].width
            assert 9 <= width <= 60
            assert cell.alignment.wrap_text
    first = book["最重要"]
    assert first.column_dimensions["C"].width == 60
    assert first.row_dimensions[5].height > 100
    assert first["C5"].alignment.wrap_text
    assert len(first["A5"].value) < 20


def test_columns_in_which_nothing_stands_are_left_out_of_the_first_sheet_only() -> None:
    plain = list(table(one(reading_finding()), "最重要")[0])
    assert "更正后得分变化" not in plain
    assert "与上次相比" not in plain
    marks = {("R_001", "G01!C6"): "new"}
    file = Checked(file="a.xlsx", evaluation=judged(reading_finding()), marks=marks)
    assert table(made(file), "最重要")[0]["与上次相比"] == "新增"
    assert "更正后得分变化" in table(one(reading_finding()), "全部")[0]


def test_a_check_that_was_not_carried_out_is_counted_with_its_file() -> None:
    broken = evaluated(replace(law(), checks=(check("loan_cost_level = 1"),)))
    row = table(made(Checked(file="a.xlsx", evaluation=broken)), "文件")[0]
    assert (row["结论"], row["应核未核"]) == ("不能确认，有校核未能执行", 1)


def test_the_same_findings_make_the_same_bytes_and_carry_no_clock() -> None:
    data = one(reading_finding())
    assert data == one(reading_finding())
    assert opened(data).properties.modified.date().isoformat() == "2026-09-30"
    alone = made(Checked(file="b.xlsx", refusal=REFUSAL))
    assert opened(alone).properties.modified.date().isoformat() == "1980-01-01"
