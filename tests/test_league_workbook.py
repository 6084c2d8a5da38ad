"""The league table as a workbook: every bank and indicator, numbers as numbers, texts as texts."""

from __future__ import annotations

import io
import zipfile
from fractions import Fraction
from typing import Any

import pytest
from openpyxl import load_workbook
from region_kit import REFUSED, bank, demand, finding, indicator, past, region

from supervise.core.region.figures import BankFigures, RefusedFile
from supervise.core.region.region import RegionLaw
from supervise.read.words import read_words
from supervise.write.sheet_league import league_workbook

WORDS = read_words("zh")
HEAD = 5
SHEETS = ["总表", "得分", "指标", "关注", "发现", "精确值", "说明"]
AMOUNT = indicator(
    123456789, id="relending", name="再贷款", unit="yuan", kind="monitored", element="supply",
    headline=False, points=None, max=None, demands=(),
)  # fmt: skip
GAP = indicator("0.0305", id="gap", name="不良率差距", unit="pp", element="supply", demands=())


def made(*banks: BankFigures, **more: Any) -> bytes:
    return league_workbook(region(*banks, **more), WORDS)


def opened(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data))


def table(data: bytes, name: str) -> list[dict[str, Any]]:
    """Rows below the headings, by heading."""
    lines = [[cell.value for cell in row] for row in opened(data)[name].iter_rows()]
    heads = [str(head).replace("\n", "·") for head in lines[HEAD - 1]]
    return [dict(zip(heads, line, strict=True)) for line in lines[HEAD:]]


def test_the_sheets_stand_in_order_and_each_says_that_it_is_internal() -> None:
    book = opened(made(bank(1)))
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert sheet["A1"].value == f"排名表　2026年三季度　{sheet.title}"
        assert "不得提供给任何机构" in sheet["A2"].value


def test_totals_hold_place_points_grade_elements_and_findings() -> None:
    row = table(
        made(
            bank(1, 70),
            bank(2, "88.5", past=(past(91, "1"),), findings=(finding("E", "explain", 2),)),
        ),
        "总表",
    )[0]
    assert (row["名次"], row["机构编码"], row["机构名称"]) == (
        1,
        "B0002H251000001",
        "第2农村商业银行",
    )
    assert (row["总分"], row["较上期"], row["上期档次"], row["档次"]) == (
        88.5,
        -2.5,
        "一级",
        "二级A",
    )
    assert (row["投放"], row["激励"]) == (44.25, 44.25)
    assert (row["阻断"], row["需说明"], row["未说明"], row["提示"]) == (0, 2, 2, 0)


def test_a_blocked_bank_comes_last_without_place_points_or_grade() -> None:
    blocked = bank(1, 99, status="blocked", findings=(finding(),))
    data = made(bank(2, 70), blocked, bank(3, 80, level="tier1_branch"))
    rows = table(data, "总表")
    assert [row["机构编码"][:5] for row in rows] == ["B0002", "B0003", "B0001"]
    assert [row["名次"] for row in rows] == [1, 1, None]
    assert (rows[2]["总分"], rows[2]["档次"], rows[2]["投放"], rows[2]["状态"]) == (
        None, None, None, "报送被阻断",
    )  # fmt: skip
    assert table(data, "得分")[2]["考核权重·满分 10"] is None
    assert table(data, "指标")[2]["考核权重·%"] == 0.1
    assert table(data, "精确值")[2]["总分"] is None


def test_every_bank_stands_with_every_indicator_its_value_its_points_its_status() -> None:
    own = (indicator("0.0999", demands=(demand("unmet"),), points=Fraction(8)), AMOUNT, GAP)
    away = (indicator(None, applies=False, why_not="bank_type", points=None),)
    data = made(bank(1, 90, indicators=own), bank(2, indicators=away))
    first, second = table(data, "指标")
    assert (first["考核权重·%"], first["考核权重·状态"]) == (0.0999, "未达标")
    assert first["再贷款·万元"] == pytest.approx(12345.6789)
    assert first["不良率差距·百分点"] == 3.05
    assert (second["考核权重·%"], second["考核权重·状态"]) == (None, "不适用于本类机构")
    assert second["再贷款·万元"] is None
    points = table(data, "得分")
    assert (points[0]["考核权重·满分 10"], points[0]["总分"]) == (8, 90)
    assert "再贷款" not in "".join(points[0])


def test_headings_stand_in_two_rows_element_above_indicator() -> None:
    sheet = opened(made(bank(1, indicators=(indicator(), AMOUNT, GAP))))["指标"]
    heads = {sheet.cell(HEAD - 1, c).value for c in range(1, sheet.max_column + 1)}
    assert heads == {"机构", "投放", "激励", "监测指标", None}
    assert sheet.cell(HEAD, 4).value == "不良率差距\n百分点"
    assert "D4:E4" in {str(cells) for cells in sheet.merged_cells.ranges}


def test_units_are_in_the_number_formats() -> None:
    sheet = opened(made(bank(1, indicators=(indicator(), AMOUNT, GAP))))["指标"]
    formats = {
        str(sheet.cell(HEAD, c).value).partition("\n")[2]: sheet.cell(HEAD + 1, c).number_format
        for c in range(4, sheet.max_column + 1)
    }
    assert formats == {"百分点": "0.00", "%": "0.00%", "万元": "#,##0.00", "状态": "@"}


def test_the_exact_texts_are_those_of_the_evaluation_document() -> None:
    third = indicator(Fraction(1, 3))
    row = table(made(bank(1, Fraction(250, 3), indicators=(third,))), "精确值")[0]
    assert (row["总分"], row["考核权重"]) == ("83.3333333333", "0.333333333333")


def test_findings_and_reasons_are_listed_bank_by_bank() -> None:
    unmet = (indicator(demands=tuple(demand("unmet", name=f"要求{n}") for n in range(5))),)
    data = made(bank(1, indicators=unmet, findings=(finding("E", "explain", 2),)))
    assert table(data, "关注")[0]["关注原因"] == "未达标：5 项：要求0；要求1；要求2；要求3；要求4"
    row = table(data, "发现")[0]
    assert (row["级别"], row["校核编号"], row["项数"], row["未说明"]) == ("需说明", "E", 2, 2)


def test_notes_say_what_was_refused_and_by_which_rules() -> None:
    texts = [str(row["说明"]) for row in table(made(bank(1), refused=(REFUSED,)), "说明")]
    assert any("坏.xlsx：不是工作簿（not_a_workbook）" in text for text in texts)
    assert any("不是监管评级" in text for text in texts)
    assert "0.2.0" in texts


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_text_of_a_bank_becomes_a_formula(start: str) -> None:
    hostile = f"{start}cmd|' /C calc'!A0"
    texts = dict.fromkeys(("name", "code", "type_name", "province_name", "rulebook"), hostile)
    own = (indicator(name=hostile, demands=(demand("unmet", name=hostile),)),)
    odd = bank(1, findings=(finding(hostile),), indicators=own, **texts)
    data = made(odd, refused=(RefusedFile(file=hostile, code="x", message="m", fix="f"),))
    for sheet in opened(data):
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        xml = "".join(package.read(n).decode() for n in package.namelist() if "sheet" in n)
    assert "<f>" not in xml
    name = opened(data)["总表"].cell(HEAD + 1, 3)
    if start != "\t":
        assert (name.value, name.quotePrefix) == (hostile, True)


def test_codes_stay_texts_even_if_they_are_digits() -> None:
    row = table(made(bank(1, code="911100001000012345")), "总表")[0]
    assert row["机构编码"] == "911100001000012345"


def test_headings_and_names_stay_in_view_and_the_table_can_be_filtered() -> None:
    book = opened(made(*(bank(n, name="很长的名称" * 12) for n in range(1, 30))))
    for sheet in book:
        assert sheet.auto_filter.ref.startswith(f"A{HEAD}:")
        assert sheet.print_title_rows == f"${HEAD - 1}:${HEAD}"
        assert all(9 <= size.width <= 90 for size in sheet.column_dimensions.values())
    assert book["总表"].freeze_panes == f"D{HEAD + 1}"
    assert book["发现"].freeze_panes == f"C{HEAD + 1}"


def test_where_there_is_no_bank_the_sheets_say_so() -> None:
    data = made(period=None, law=RegionLaw(), refused=(REFUSED,))
    book = opened(data)
    assert book.sheetnames == SHEETS
    assert book["总表"].cell(HEAD + 1, 1).value == "—"
    assert book.properties.modified.date().isoformat() == "1980-01-01"


def test_the_same_region_makes_the_same_bytes_and_carries_no_clock() -> None:
    banks = [bank(n, 60 + n, indicators=(indicator(), AMOUNT)) for n in range(1, 6)]
    data = made(*banks)
    assert data == made(*reversed(banks))
    assert opened(data).properties.modified.date().isoformat() == "2026-09-30"
