"""The blank submission workbook: what a clerk finds in it, and that filled figures land right."""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from supervise.core.layout import NUMERIC, FormSet
from supervise.core.model import Value
from supervise.core.period import Period
from supervise.errors import UsageError
from supervise.read.forms import read_forms
from supervise.read.values import GivenValues, read_values
from supervise.write.sheets import items_table, write_template

PERIOD = Period(2026, 3)
BRANCHES: tuple[Mapping[str, Value], ...] = (
    {
        "XW2_branch_name": "甲分行",
        "XW2_branch_level": "一级分行",
        "XW2_in_business": True,
        "XW2_kpi_weight": Decimal("0.1"),
    },
    {"XW2_branch_name": "乙分行", "XW2_in_business": False, "XW2_kpi_weight": "不适用"},
)


@pytest.fixture(scope="module")
def forms() -> FormSet:
    return read_forms(PERIOD).forms


@pytest.fixture(scope="module")
def blank(forms: FormSet) -> bytes:
    return write_template(forms, period=PERIOD, bank_type_name="农村商业银行")


@pytest.fixture(scope="module")
def filled(forms: FormSet) -> bytes:
    return write_template(
        forms, period=PERIOD, values=every_input(forms), tables={"XW2_branches": BRANCHES}
    )


@pytest.fixture(scope="module")
def book(blank: bytes) -> Any:
    return load_workbook(io.BytesIO(blank))


def every_input(forms: FormSet) -> dict[str, Value]:
    """A value for every input cell, each figure different."""
    values: dict[str, Value] = {}
    for form in forms.forms:
        for number, placed in enumerate(form.placed, 1):
            item = forms.items[placed.item]
            if placed.kind == "input":
                values[item.id] = _some(item.unit, item.choices, number)
    return values


def _some(unit: str, choices: tuple[str, ...], number: int) -> Value:
    if unit in NUMERIC:
        return {"yuan": Decimal(f"{number * 10_000}.50"), "ratio": Decimal(number) / 1000}.get(
            unit, Decimal(number)
        )
    words: dict[str, Value] = {"flag": True, "date": date(2026, 9, 30), "text": f"文本{number}"}
    return words.get(unit) or choices[0]


def values_of(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data), data_only=True)


def test_the_same_forms_give_the_same_bytes(forms: FormSet, blank: bytes) -> None:
    assert write_template(forms, period=PERIOD, bank_type_name="农村商业银行") == blank


def test_nothing_in_the_file_tells_when_it_was_made(blank: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(blank)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = package.namelist()
        core = package.read("docProps/core.xml").decode()
    assert names[0] == "[Content_Types].xml"
    assert names[3:] == sorted(names[3:])
    assert re.findall(r"W3CDTF\">([^<]*)", core) == ["2026-09-30T00:00:00Z"] * 2


def test_the_cover_comes_first_and_is_open(forms: FormSet, book: Any) -> None:
    assert book.sheetnames == [form.sheet for form in forms.forms]
    assert book.active.title == "封面"


def test_every_label_stands_in_its_cell_and_is_locked(forms: FormSet, book: Any) -> None:
    for form in forms.forms:
        for address, text in form.labels.items():
            cell = book[form.sheet][address]
            assert cell.value == text
            assert cell.protection.locked


def test_only_inputs_can_be_typed_in(forms: FormSet, book: Any) -> None:
    for form in forms.forms:
        sheet = book[form.sheet]
        assert sheet.protection.sheet
        assert not sheet.protection.password
        for placed in form.placed:
            assert sheet[placed.address].protection.locked == (placed.kind != "input")
        for address in form.undefined:
            assert sheet[address].protection.locked
            assert sheet[address].fill.fgColor.rgb == "00D9D9D9"


def test_totals_and_references_are_formulas(forms: FormSet, book: Any) -> None:
    for form in forms.forms:
        for placed in form.placed:
            if placed.kind in ("total", "reference"):
                assert book[form.sheet][placed.address].value == f"={placed.formula}"
            if placed.kind == "fixed":
                assert book[form.sheet][placed.address].value == placed.formula


def test_every_input_cell_has_a_validation_with_chinese_messages(forms: FormSet, book: Any) -> None:
    for form in forms.forms:
        covered: dict[tuple[int, int], Any] = {}
        for rule in book[form.sheet].data_validations.dataValidation:
            assert rule.prompt
            assert rule.error
            for area in rule.sqref.ranges:
                left, top, right, bottom = range_boundaries(area.coord)
                for row in range(top, min(bottom, top + 5) + 1):
                    covered |= {(row, column): rule for column in range(left, right + 1)}
        for placed in form.placed:
            cell = book[form.sheet][placed.address]
            assert ((cell.row, cell.column) in covered) == (placed.kind == "input")
        for table in form.tables:
            for letter in table.columns:
                cell = book[form.sheet][f"{letter}{table.first_row}"]
                assert (cell.row, cell.column) in covered


def rule_at(sheet: Any, address: str) -> Any:
    return next(r for r in sheet.data_validations.dataValidation if address in r.sqref)


def test_each_unit_has_its_kind_of_validation(book: Any) -> None:
    assert rule_at(book["G01"], "C6").type == "decimal"
    assert rule_at(book["S71_I"], "H7").type == "whole"
    assert rule_at(book["封面"], "C13").type == "date"
    assert rule_at(book["封面"], "C16").formula1 == '"首次,重报"'
    assert rule_at(book["XW2分支机构"], "D9").formula1 == '"是,否,不适用"'
    assert 'D18="不适用"' in rule_at(book["XW4尽职免责与容忍度"], "D18").formula1


def test_number_formats_follow_the_unit(book: Any) -> None:
    assert book["G01"]["C6"].number_format == "#,##0.00"
    assert book["XW2分支机构"]["E16"].number_format == "0.00%"
    assert book["S71_I"]["H7"].number_format == "#,##0"
    assert book["封面"]["C13"].number_format == "yyyy-mm-dd"


def test_every_item_is_a_name_for_its_cell(forms: FormSet, book: Any) -> None:
    assert set(book.defined_names) == set(forms.items)
    assert book.defined_names["S71_I_6_1_A5"].attr_text == "'S71_I'!$G$19"
    assert book.defined_names["XW2_kpi_weight"].attr_text == "'XW2分支机构'!$E$16:$E$55"


def test_sheets_are_ready_to_print_and_to_scroll(forms: FormSet, book: Any) -> None:
    for form in forms.forms:
        sheet = book[form.sheet]
        assert int(sheet.page_setup.paperSize) == int(sheet.PAPERSIZE_A4)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddFooter.right.text
        if form.id != "GUIDE":
            assert sheet.freeze_panes
            assert sheet.print_title_rows
    assert book["S71_I"].page_setup.orientation == "landscape"
    assert book["S71_I"].freeze_panes == "C7"


def test_the_guide_tells_units_blanks_and_consequences(forms: FormSet, book: Any) -> None:
    said = "".join(str(c.value) for row in book["填报说明"].iter_rows() for c in row if c.value)
    for word in ("万元", "空白即零", "空白即未填", "阻断", "需说明", "提示", "咨询", "XW8说明"):
        assert word in said
    for form in forms.forms:
        assert form.sheet in said


def test_a_blank_template_has_its_type_and_each_sheet_marked_normal(book: Any) -> None:
    assert book["封面"]["C9"].value == "农村商业银行"
    assert {book["封面"][f"C{row}"].value for row in range(31, 45)} == {"正常"}


def test_formulas_of_a_blank_template_already_have_results(blank: bytes) -> None:
    values = values_of(blank)
    assert values["G11"]["C9"].value == 0
    assert values["G11"]["A2"].value == "填报机构：　　报告期：2026Q3"
    assert not values["XW1首贷与续贷"]["C10"].value


def test_figures_land_in_their_cells_in_the_unit_of_the_sheet(filled: bytes) -> None:
    values = values_of(filled)
    assert values["G01"]["C6"].value == pytest.approx(1.00005, abs=0)
    assert values["XW2分支机构"]["E16"].value == pytest.approx(0.1, abs=0)
    assert values["XW2分支机构"]["E17"].value == "不适用"
    assert values["XW2分支机构"]["D16"].value == "是"
    assert values["封面"]["C13"].value == datetime(2026, 9, 30)  # noqa: DTZ001  # a spreadsheet date


def test_totals_of_a_filled_template_have_their_results(forms: FormSet, filled: bytes) -> None:
    values = values_of(filled)
    for form in forms.forms:
        sheet = values[form.sheet]
        for placed in form.placed:
            if placed.kind == "total":
                parts = re.findall(r"[A-Z]+\d+", placed.formula.rpartition("SUM")[2])
                added = sum(Decimal(str(_deep(sheet, part))) for part in parts)
                assert Decimal(str(sheet[placed.address].value)) == added, placed.item
    g11 = values["G11"]["D9"].value
    assert values["XW3不良处置与核销"]["D7"].value == g11


def _deep(sheet: Any, address: str) -> Any:
    return sheet[address].value or 0


def test_a_value_for_a_total_is_the_banks_own_figure(forms: FormSet) -> None:
    own = {"G11_substandard": Decimal(10_000), "G11_npl": Decimal(990_000)}
    values = load_workbook(io.BytesIO(write_template(forms, period=PERIOD, values=own)))
    assert values["G11"]["C9"].value == 99


def test_a_partly_answered_total_stays_blank(forms: FormSet) -> None:
    own: dict[str, Value] = {"XW1_first_count_firm_all": Decimal(3)}
    values = values_of(write_template(forms, period=PERIOD, values=own))
    assert not values["XW1首贷与续贷"]["C10"].value
    own |= {"XW1_first_count_household_all": Decimal(0), "XW1_first_count_owner_all": "不适用"}
    values = values_of(write_template(forms, period=PERIOD, values=own))
    assert values["XW1首贷与续贷"]["C10"].value == 3


def test_text_that_looks_like_a_formula_stays_text(forms: FormSet) -> None:
    own: dict[str, Value] = {"COVER_bank_name": "=1+1"}
    values = load_workbook(io.BytesIO(write_template(forms, period=PERIOD, values=own)))
    assert values["封面"]["C6"].value == "=1+1"
    assert values["封面"]["C6"].data_type != "f"


@pytest.mark.parametrize(
    ("values", "tables", "near"),
    [
        ({"G01_loan": Decimal(1)}, {}, "G01_loans"),
        ({}, {"XW2_branch": []}, "XW2_branches"),
        ({}, {"XW2_branches": [{"XW2_weight": Decimal(1)}]}, "XW2_kpi_weight"),
    ],
)
def test_an_unknown_id_is_refused_with_the_nearest_one(
    forms: FormSet, values: dict[str, Value], tables: dict[str, Any], near: str
) -> None:
    with pytest.raises(UsageError) as caught:
        write_template(forms, period=PERIOD, values=values, tables=tables)
    assert near in caught.value.fix


def test_a_text_for_a_figure_is_refused(forms: FormSet) -> None:
    with pytest.raises(UsageError, match="与其单位不符"):
        write_template(forms, period=PERIOD, values={"G01_loans": "很多"})


def test_the_items_table_lists_every_item_once(forms: FormSet) -> None:
    rows = items_table(forms)
    assert [row["id"] for row in rows if not row["table"]][:1] == ["COVER_bank_name"]
    assert sorted(row["id"] for row in rows) == sorted(forms.items)
    by_id = {row["id"]: row for row in rows}
    assert by_id["S71_I_6_1_A5"]["cell"] == "G19"
    assert by_id["XW2_kpi_weight"]["cell"] == "E16:E"


def test_json_values_are_read_in_base_units(tmp_path: Path, forms: FormSet) -> None:
    path = tmp_path / "values.json"
    body = {
        "items": {
            "G01_loans": "98310550000.00",
            "XW2_kpi_bonus": "是",
            "XW4_rules_on": "2025-03-01",
            "XW4_tolerance_value": "3%",
            "XW5_offline_days": 4.5,
            "XW9_plan_on": "不适用",
            "XW9_relending_amount": "",
        },
        "tables": {"XW2_branches": [{"XW2_branch_name": "甲", "XW2_kpi_weight": "0.12"}]},
    }
    path.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    assert read_values(path, forms) == GivenValues(
        {
            "G01_loans": Decimal("98310550000.00"),
            "XW2_kpi_bonus": True,
            "XW4_rules_on": date(2025, 3, 1),
            "XW4_tolerance_value": Decimal("0.03"),
            "XW5_offline_days": Decimal("4.5"),
            "XW9_plan_on": "不适用",
        },
        {"XW2_branches": ({"XW2_branch_name": "甲", "XW2_kpi_weight": Decimal("0.12")},)},
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_values_say_the_same_as_json(tmp_path: Path, forms: FormSet, encoding: str) -> None:
    path = tmp_path / "values.csv"
    lines = (
        "item,value,row",
        "COVER_bank_name,甲银行,",
        "G01_loans,100,",
        "XW2_branch_name,乙分行,2",
        "XW2_branch_name,甲分行,1",
        "XW2_kpi_weight,10%,2",
    )
    path.write_bytes("\n".join(lines).encode(encoding))
    assert read_values(path, forms) == GivenValues(
        {"COVER_bank_name": "甲银行", "G01_loans": Decimal(100)},
        {
            "XW2_branches": (
                {"XW2_branch_name": "甲分行"},
                {"XW2_branch_name": "乙分行", "XW2_kpi_weight": Decimal("0.1")},
            )
        },
    )


@pytest.mark.parametrize(
    ("name", "body", "what", "fix"),
    [
        ("v.json", '{"items": {"G01_loan": "1"}}', "未知的编号 'G01_loan'", "G01_loans"),
        ("v.json", '{"items": {"G01_loans": "1亿"}}', "不能用", "改写"),
        ("v.json", '{"items": {"S71_I_6_B0": "1.5"}}', "不能用", "改写"),
        ("v.json", '{"items": {"COVER_filing": "首"}}', "不能用", "首次"),
        ("v.json", '{"items": {"COVER_period": "2026Q3"}}', "由模板写定", "删去"),
        ("v.json", '{"items": {"XW3_opening_all": "1"}}', "由模板写定", "引用"),
        ("v.json", '{"items": {"G01_loans": "1", "G01_loans": "2"}}', "写了两次", "删去"),
        ("v.json", '{"item": {}}', "最外层不对", "items"),
        ("v.json", "{", "不是有效的 JSON", "改正"),
        ("v.json", '{"tables": {"XW2_branches": [{"XW2_name": "甲"}]}}', "未知的编号", "XW2_"),
        ("v.csv", "id,value\nG01_loans,1", "表头不对", "表头"),
        ("v.csv", "item,value\nXW2_branch_name,甲", "缺少行号", "行号"),
        ("v.csv", "item,value\nG01_loans,1\nG01_loans,2", "写了两次", "删去"),
    ],
)
def test_a_faulty_values_file_is_refused_in_four_parts(
    tmp_path: Path, forms: FormSet, *, name: str, body: str, what: str, fix: str
) -> None:
    path = tmp_path / name
    path.write_text(body, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_values(path, forms)
    assert what in caught.value.what
    assert fix in caught.value.fix
    assert caught.value.where
    assert caught.value.expected


def through_libreoffice(data: bytes, folder: Path) -> Any:
    source = folder / "in.xlsx"
    source.write_bytes(data)
    out = folder / "out"
    profile = f"-env:UserInstallation=file://{folder}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", out, source],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return load_workbook(out / "in.xlsx", data_only=True)


@pytest.mark.real
def test_libreoffice_opens_a_filled_template_and_calculates_the_same(
    tmp_path: Path, forms: FormSet, filled: bytes
) -> None:
    stripped = io.BytesIO()
    load_workbook(io.BytesIO(filled)).save(stripped)  # openpyxl drops the results of formulas
    theirs = through_libreoffice(stripped.getvalue(), tmp_path)
    ours = values_of(filled)
    assert theirs.sheetnames == ours.sheetnames
    for form in forms.forms:
        for row in ours[form.sheet].iter_rows():
            for cell in row:
                other = theirs[form.sheet][cell.coordinate].value
                if isinstance(cell.value, float):
                    assert other == pytest.approx(cell.value, rel=1e-12), cell
                else:
                    assert (other or None) == (cell.value or None) or other == cell.value, cell
