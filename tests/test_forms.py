"""Forms as data: what the shipped files say, and what is refused with which words."""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from supervise.core.layout import Form, FormSet
from supervise.core.period import Period
from supervise.errors import RulebookError
from supervise.read.forms import SHIPPED, read_forms

PERIOD = Period(2026, 3)
SHEETS = [
    *("封面", "填报说明", "G01", "G11", "S71_I", "S63", "BQ比较期"),
    *("XW1首贷与续贷", "XW2分支机构", "XW3不良处置与核销", "XW4尽职免责与容忍度", "XW5合规与服务"),
    *("XW6协调机制与重点领域", "XW7自评", "XW8说明", "XW9其他监测"),
]
S71_ROWS = [
    *("1", "1_a", "1_b", "1_2", "1_4", "2", "3", "3_1", "3_2", "3_3", "4"),
    *("6", "6_1", "6_2", "6_3", *(f"6_4_{number}" for number in range(1, 8))),
]
Change = Callable[[str, str, str], Path]


@pytest.fixture(scope="module")
def forms() -> FormSet:
    return read_forms(PERIOD).forms


@pytest.fixture
def changed(tmp_path: Path) -> Change:
    """A copy of the shipped forms with one text replaced in one file."""

    def change(file: str, old: str, new: str) -> Path:
        tree = tmp_path / "forms"
        shutil.copytree(SHIPPED, tree)
        path = tree / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return tree

    return change


def refusal(tree: Path) -> RulebookError:
    with pytest.raises(RulebookError) as caught:
        read_forms(PERIOD, directory=tree)
    return caught.value


def addresses(form: Form) -> list[str]:
    return [*(placed.address for placed in form.placed), *form.labels, *form.undefined]


def test_the_workbook_has_every_sheet_of_the_domain_page_in_order(forms: FormSet) -> None:
    assert [form.sheet for form in forms.forms] == SHEETS


def test_every_item_has_exactly_one_cell_or_column(forms: FormSet) -> None:
    cells = Counter(placed.item for form in forms.forms for placed in form.placed)
    cells.update(list(forms.columns))
    assert dict(cells) == dict.fromkeys(forms.items, 1)


def test_no_cell_is_used_twice(forms: FormSet) -> None:
    for form in forms.forms:
        assert [spot for spot, n in Counter(addresses(form)).items() if n > 1] == []


def test_s71_i_defines_six_columns_of_five_tiers_and_greys_the_rest(forms: FormSet) -> None:
    only_a_and_b = [row for row in S71_ROWS if row == "1_4" or row.startswith("6_4")]
    wanted = {
        f"S71_I_{row}_{column}{tier}"
        for row in S71_ROWS
        for column in ("AB" if row in only_a_and_b else "ABCDEF")
        for tier in "12305"
    }
    form = forms.form("S71_I")
    assert {placed.item for placed in form.placed} == wanted
    assert len(form.undefined) == len(only_a_and_b) * 4 * 5


def test_a_real_1104_line_bears_its_code_and_a_supplementary_line_none(forms: FormSet) -> None:
    assert forms.items["S71_I_6_1_A5"].code == "S71_I_6.1.A5"
    assert forms.items["S71_I_1_a_F0"].code == "S71_I_1.a.F0"
    assert not [i for i in forms.items.values() if i.id.startswith(("XW", "BQ_")) and i.code]
    assert not [item for item in forms.items.values() if item.of and item.code]


def test_each_tier_zero_amount_and_each_cell_of_row_six_is_a_total(forms: FormSet) -> None:
    total = {p.item: p.formula for p in forms.form("S71_I").placed if p.kind == "total"}
    assert total["S71_I_6_1_A0"] == "C19+D19+E19"
    assert total["S71_I_6_B5"] == "L7+L13"
    assert "S71_I_1_B0" not in total
    assert "S71_I_1_E0" not in total


def test_a_total_on_a_sheet_where_blank_is_unanswered_waits_for_all_its_parts(
    forms: FormSet,
) -> None:
    placed = {p.item: p for p in forms.form("XW1").placed}
    assert placed["XW1_first_count_total_all"].formula == (
        'IF(OR(C7="",C8="",C9=""),"",SUM(C7,C8,C9))'
    )


def test_the_opening_of_all_npls_is_shown_and_not_asked_again(forms: FormSet) -> None:
    placed = {p.item: p for p in forms.form("XW3").placed}
    assert placed["XW3_opening_all"].kind == "reference"
    assert placed["XW3_opening_all"].formula == "'G11'!D9"


def test_the_period_is_written_on_the_cover(forms: FormSet) -> None:
    placed = {p.item: p for p in forms.form("COVER").placed}
    assert (placed["COVER_period"].kind, placed["COVER_period"].formula) == ("fixed", "2026Q3")
    assert placed["COVER_template_version"].formula == forms.version == "2025"


def test_every_form_but_cover_and_guide_has_its_status_on_the_cover(forms: FormSet) -> None:
    placed = {p.item for p in forms.form("COVER").placed}
    for form in forms.forms:
        if form.id in ("COVER", "GUIDE"):
            assert not form.status_item
        else:
            assert form.status_item == f"COVER_status_{form.id}"
            assert form.status_item in placed


def test_blank_is_zero_on_1104_sheets_and_unanswered_elsewhere(forms: FormSet) -> None:
    zero = {form.id for form in forms.forms if form.blank == "zero"}
    assert zero == {"G01", "G11", "S71_I", "S63"}
    assert {form.money_scale for form in forms.forms} == {Decimal(10_000)}


def test_comparatives_know_what_they_compare(forms: FormSet) -> None:
    assert forms.bases["S71_I_6_A5", "year_start"] == "S71_I_6_A5_year_start"
    assert forms.bases["S71_I_6_F5", "last_year"] == "S71_I_6_F5_last_year"
    assert forms.bases["XW6_overlap", "year_start"] == "XW6_overlap_year_start"
    assert forms.items["XW1_due_year_ago"].of == "XW1_due"


def test_every_item_says_what_it_is(forms: FormSet) -> None:
    for item in forms.items.values():
        assert item.name
        assert item.what.endswith(("。", "：")), item.id


def test_in_form_checks_name_only_items_that_exist_and_have_unique_ids() -> None:
    law = read_forms(PERIOD)
    ids = [check.text("id") for check in law.checks]
    assert len(ids) == len(set(ids)) > 80
    words = {"given", "max", "min", "count", "distinct", "and", "or", "not", "period_end"}
    words |= {"where", "age_months"}
    for check in law.checks:
        if check.text("made_by", ""):
            continue
        variables = {name: check.map("for_each").texts(name) for name in check.map("for_each")}
        formula = f"{check.text('holds')} {check.text('given', '')}"
        for name in re.findall(r"[A-Za-z_][A-Za-z0-9_{}]*", re.sub("'[^']*'", "", formula)):
            for expanded in _expansions(name, variables):
                assert expanded in law.forms.items or expanded in words, (check.text("id"), name)


def _expansions(name: str, variables: dict[str, tuple[str, ...]]) -> list[str]:
    names = [name]
    for variable, values in variables.items():
        if f"{{{variable}}}" in name:
            names = [n.replace(f"{{{variable}}}", value) for n in names for value in values]
    return names


def test_every_check_stays_in_its_own_form() -> None:
    for check in read_forms(PERIOD).checks:
        assert Path(check.path).parent.name == check.text("id").rsplit("_", 1)[0]
        assert check.text("scope") == "form"
        assert check.text("fix").endswith("。")


def test_the_latest_version_in_force_wins_and_a_later_one_waits(changed: Change) -> None:
    tree = changed("G01/2025.yaml", "各项贷款情况", "各项贷款情况（旧）")
    later = (SHIPPED / "G01" / "2025.yaml").read_text(encoding="utf-8")
    later = later.replace("in_force: 2025-01-01", "in_force: 2026-07-01")
    (tree / "G01" / "2026.yaml").write_text(later, encoding="utf-8")
    assert read_forms(Period(2026, 2), directory=tree).forms.form("G01").version == "2025"
    assert read_forms(Period(2026, 3), directory=tree).forms.form("G01").version == "2026"


def test_a_period_before_any_form_is_refused() -> None:
    with pytest.raises(RulebookError) as caught:
        read_forms(Period(2024, 4))
    assert caught.value.code == "no_form_in_force"


def test_a_day_may_be_asked_for_in_place_of_a_period() -> None:
    assert read_forms(date(2026, 9, 30)) is read_forms(PERIOD)


def test_an_overlay_stands_for_the_shipped_file(tmp_path: Path) -> None:
    own = tmp_path / "forms" / "G01"
    own.mkdir(parents=True)
    text = (SHIPPED / "G01" / "2025.yaml").read_text(encoding="utf-8")
    (own / "2025.yaml").write_text(text.replace("各项贷款情况", "本省各项贷款"), encoding="utf-8")
    assert read_forms(PERIOD, overlay=tmp_path).forms.form("G01").title.startswith("本省各项贷款")
    assert read_forms(PERIOD).forms.form("G01").title.startswith("各项贷款情况")


def test_a_changed_file_is_read_again(changed: Change) -> None:
    tree = changed("G01/2025.yaml", "各项贷款情况", "甲")
    assert read_forms(PERIOD, directory=tree).forms.form("G01").title.startswith("甲")
    path = tree / "G01" / "2025.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("甲", "乙", 1), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert read_forms(PERIOD, directory=tree).forms.form("G01").title.startswith("乙")


@pytest.mark.parametrize(
    ("file", "old", "new", "what", "fix"),
    [
        ("G01/2025.yaml", "C: G01_bills,", "C: G01_bill,", "未知的数据项 'G01_bill'", "G01_bills"),
        ("G01/2025.yaml", "C: G01_bills,", "H: G01_bills,", "未知的列 'H'", "columns"),
        ("G01/2025.yaml", "{at: 7,", "{at: 6,", "单元格 A6 用了两次", "空着"),
        ("G01/2025.yaml", "C: G01_bills,", "C: G01_loans,", "'G01_loans' 放了两次", "删去"),
        ("G01/2025.yaml", "D: G01_loans_year_start, ", "", "没有放在任何表上", "放置"),
        ("S63/2025.yaml", "D: S63_I_10}", "D: G01_bills}", "放在了两张表上", "引用"),
        ("G01/2025.yaml", "money_unit: 万元", "money_unit: 万", "money_unit 不能是 '万'", "万元"),
        ("G01/2025.yaml", "blank: zero", "blank: nul", "blank 不能是 'nul'", "zero"),
        ("G01/2025.yaml", "form: G01", "form: G02", "与目录 'G01' 不符", "G01"),
        ("G01/2025.yaml", "in_force: 2025-01-01", "in_force: 明年", "'明年' 不是日期", "改写"),
        ("G01/2025.yaml", "header_row:", "header_rows:", "未知的键 'header_rows'", "header_row"),
        ("G01/items.yaml", "unit: yuan", "unit: yuen", "未知的单位 'yuen'", "yuan"),
        ("G01/items.yaml", "[year_start, year_ago]", "[year_stat]", "未知的比较期", "year_start"),
        ("G01/items.yaml", "G01_bills: [", "G01_bils: [", "未知的数据项 'G01_bils'", "G01_bills"),
        (
            "G11/2025.yaml",
            "[G11_substandard,",
            "[G11_substandart,",
            "未放置的数据项",
            "G11_substandard",
        ),
        ("S71_I/2025.yaml", "row: 6_1, no", "row: 6_9, no", "行 '6_9' 没有任何数据项", "S71_I_6"),
        ("S71_I/2025.yaml", 'sum: ["1", "3"]', 'sum: ["1", "9"]', "未知的 row '9'", "sum"),
        ("XW2/2025.yaml", "key: XW2_branch_name", "key: XW2_name", "不在各列中", "改写"),
        ("COVER/items.yaml", "unit: flag", "unit: choice", "choices 与 unit 不符", "改写"),
    ],
)
def test_a_faulty_form_is_refused_with_file_line_and_remedy(
    changed: Change, *, file: str, old: str, new: str, what: str, fix: str
) -> None:
    error = refusal(changed(file, old, new))
    assert what in error.what
    assert fix in error.fix
    assert re.search(r"\.yaml:\d+$", error.where)
    assert error.expected


def test_a_fault_names_its_own_line(changed: Change) -> None:
    tree = changed("G01/2025.yaml", "C: G01_bills,", "C: G01_bill,")
    lines = (tree / "G01" / "2025.yaml").read_text(encoding="utf-8").splitlines()
    line = next(n for n, text in enumerate(lines, 1) if "G01_bill," in text)
    assert refusal(tree).where.endswith(f"G01/2025.yaml:{line}")
