"""The cover: whose filing, for which period, on which template, or a refusal."""

from __future__ import annotations

import pytest
from hand_filled import cell, cover, filed, number, only, refusal, sheet, without, workbook

from supervise.core.period import Period
from supervise.errors import WorkbookUnreadable
from supervise.read import findings as f
from supervise.read.submission import find_period
from supervise.record import replace


def test_the_period_is_found_by_its_label_before_any_form() -> None:
    assert find_period(workbook()) == Period(2026, 3)
    assert find_period(workbook(cover(period="２０２６q3"))) == Period(2026, 3)


@pytest.mark.parametrize(("text", "code"), [("三季度", "wrong_period"), ("2026Q5", "wrong_period")])
def test_an_unreadable_period_is_refused(text: str, code: str) -> None:
    with pytest.raises(WorkbookUnreadable) as caught:
        find_period(workbook(cover(period=text)))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"template_version": "2024"}, "wrong_version"),
        ({"template_version": ""}, "wrong_version"),
        ({"bank_type": "信托公司"}, "unknown_bank_type"),
        ({"province": "某省"}, "unknown_province"),
        ({"level": "支行"}, "unknown_level"),
        ({"bank_code": "无"}, "bad_bank_code"),
        ({"bank_code": "../../x"}, "bad_bank_code"),
    ],
)
def test_a_cover_that_cannot_be_understood_is_refused(changed: dict[str, str], code: str) -> None:
    wanted = "wrong_template" if changed == {"template_version": ""} else code
    assert refusal(workbook(cover(**changed))).code == wanted


def test_all_that_is_wrong_with_who_files_is_told_at_once() -> None:
    """The bank that mends one cell must not be sent back for the next."""
    wrong = {"bank_code": "", "level": "支行", "bank_type": "", "province": "某省"}
    error = refusal(workbook(cover(**wrong)))
    assert error.code == "bad_bank_code"
    assert error.where.count("!") == len(wrong)
    for told in ("4 处", "机构编码“”", "机构层级“支行”", "机构类型“”", "省份“某省”"):
        assert told in error.what
    assert error.fix.count("\n") == len(wrong) - 1


def test_a_workbook_without_our_cover_is_the_wrong_template() -> None:
    assert refusal(without(workbook(), "封面")).code == "wrong_template"
    assert refusal(workbook(sheet("封面", cell("A1", "别的表")))).code == "wrong_template"
    with pytest.raises(WorkbookUnreadable):
        find_period(workbook(sheet("封面", cell("A1", "别的表"))))


def test_a_shifted_cover_is_refused_with_its_row() -> None:
    moved = [cell(f"{c.address[0]}{c.row + (c.row >= 6)}", c.text) for c in cover().cells.values()]
    error = refusal(workbook(sheet("封面", *moved)))
    assert error.code == "wrong_template"
    assert "第 6 行" in error.what
    assert "下移 1 行" in error.what


def test_another_period_than_the_collected_one_is_refused() -> None:
    assert refusal(workbook(), Period(2026, 2)).code == "wrong_period"


def test_a_credit_code_stored_as_a_number_has_lost_its_end() -> None:
    cells = dict(cover().cells)
    cells["C5"] = number("C5", "913300001234567000")
    error = refusal(workbook(replace(cover(), cells=cells)))
    assert error.code == "bad_bank_code"
    assert "丢失" in error.what


def test_a_code_that_does_not_fit_its_system_is_advised() -> None:
    finding = only(filed(cover(bank_code="B9001")))
    assert (finding.check, finding.cells) == (f.CODE_DISAGREES, ("封面!C5",))


def test_a_credit_code_is_held_against_its_check_digit() -> None:
    codes = {"code_system": "统一社会信用代码", "bank_code": "91350100M000100Y43"}
    assert filed(cover(**codes)).reading == ()
    wrong = filed(cover(**codes | {"bank_code": "91350100M000100Y44"}))
    assert only(wrong).check == f.CODE_DISAGREES


def test_a_branch_carries_the_code_of_its_legal_person() -> None:
    branch = filed(cover(level="一级分行", parent_code="B9000H100000001"))
    assert branch.reading == ()
    assert (branch.bank.level, branch.bank.parent) == ("tier1_branch", "B9000H100000001")
    assert filed(cover(level="一级分行")).bank.parent is None


def test_a_blank_required_cover_item_blocks() -> None:
    finding = only(filed(cover(prepared_by="")))
    assert (finding.check, finding.severity) == (f.COVER_BLANK, "blocking")
    assert finding.cells == ("封面!C14",)


def test_a_changed_fixed_text_blocks() -> None:
    finding = only(filed(cover(scope="境内外")))
    assert (finding.check, finding.found, finding.expected) == (f.LOCKED_CHANGED, "境内外", "境内")
