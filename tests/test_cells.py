"""Typed text to values: what a cell says, and what is said about it."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import pytest

from supervise.core.layout import Item
from supervise.read import findings as f
from supervise.read.amounts import Typed, serial_date, stored_number, typed_date, typed_number
from supervise.read.cells import Manner, Reading, has_data, is_blank, read_cell
from supervise.read.raw import CellKind, RawCell
from supervise.read.text import clean, fold, half_width, shorten

WAN = Manner(Decimal(10_000))
ZEROS = Manner(Decimal(10_000), blank_is_zero=True)
MONEY = Item("G01_loans", "各项贷款", "yuan")
RATIO = Item("XW2_kpi_weight", "考核权重", "ratio")
COUNT = Item("XW2_branch_count", "机构数", "count")
BP = Item("XW2_ftp_discount_bp", "FTP 优惠", "bp")
DAY = Item("XW4_rules_on", "制度日期", "date")
FLAG = Item("XW4_linked", "挂钩", "flag")
TEXT = Item("XW4_rules_doc", "文号", "text")
CHOICE = Item("XW4_tolerance_form", "形式", "choice", choices=("较全行加点", "绝对值"))


def cell(text: str, kind: CellKind = "text", **more: object) -> RawCell:
    return RawCell("C6", 6, 3, text, kind, **more)  # type: ignore[arg-type]


def read(text: str, item: Item, kind: CellKind = "text", **more: object) -> Reading:
    return read_cell(cell(text, kind, **more), item, WAN)


def checks(reading: Reading) -> list[str]:
    return [remark.check for remark in reading.remarks]


def test_a_number_in_ten_thousands_becomes_yuan() -> None:
    reading = read("1234.5", MONEY, "number")
    assert (reading.value, reading.state, reading.remarks) == (Decimal(12345000), "given", ())


def test_binary_residue_is_rounded_away_at_fifteen_digits() -> None:
    assert read("0.30000000000000004", MONEY, "number").value == Decimal(3000)
    assert read("98310.549999999996", MONEY, "number").value == Decimal("983105500")


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [
        ("1,234.50", "12345000"),
        ("１，２３４", "12340000"),
        ("  12.5\u00a0", "125000"),
        ("(1,234.50)", "-12345000"),
        ("（5）", "-50000"),
        ("\u22123", "-30000"),
        ("负3", "-30000"),
        ("12万元", "120000"),
        ("120000元", "120000"),
        ("1.5亿元", "150000000"),
        ("￥12", "120000"),
    ],
)
def test_a_number_typed_as_text_is_read_and_said(typed: str, yuan: str) -> None:
    reading = read(typed, MONEY)
    assert reading.value == Decimal(yuan)
    assert checks(reading) == [f.NUMBER_AS_TEXT]
    assert "元" in reading.remarks[0].words["value"]


@pytest.mark.parametrize(
    "typed",
    ["无", "-", "—", "12,34", "1 234", "(-5)", "(5", "12%", "12户", "NaN", "inf", "0x10", "1e"],
)
def test_text_that_is_no_amount_is_invalid_and_never_zero(typed: str) -> None:
    reading = read(typed, MONEY)
    assert (reading.state, reading.value) == ("invalid", None)
    assert checks(reading) == [f.NOT_A_NUMBER]


@pytest.mark.parametrize("stored", ["1e309", "1E+21", "NaN", "INF", "0x10", "1,234"])
def test_a_stored_number_that_is_not_finite_is_out_of_range(stored: str) -> None:
    assert stored_number(stored) is None
    assert checks(read(stored, MONEY, "number")) == [f.OUT_OF_RANGE]


def test_a_residue_near_zero_and_a_negative_zero_are_zero() -> None:
    assert stored_number("1.2E-320") == 0
    assert str(stored_number("-0")) == "0"


def test_percent_text_is_a_ratio() -> None:
    reading = read("12.3%", RATIO)
    assert (reading.value, checks(reading)) == (Decimal("0.123"), [f.NUMBER_AS_TEXT])
    assert read("１２.３％", RATIO).value == Decimal("0.123")


def test_ratio_text_without_a_percent_sign_is_not_guessed() -> None:
    reading = read("12.3", RATIO)
    assert (reading.state, checks(reading)) == ("invalid", [f.RATIO_WITHOUT_PERCENT])
    assert read("0", RATIO).value == 0


def test_a_percent_cell_holds_the_ratio() -> None:
    reading = read("0.1", RATIO, "number", is_percent=True)
    assert (reading.value, reading.remarks) == (Decimal("0.1"), ())


def test_a_large_ratio_without_percent_format_is_taken_as_stored_and_said() -> None:
    reading = read("12.3", RATIO, "number")
    assert (reading.value, checks(reading)) == (Decimal("12.3"), [f.FORMAT_DISAGREES])
    assert reading.remarks[0].words["value"] == "1230%"
    assert read("0.123", RATIO, "number").remarks == ()


def test_an_amount_in_percent_format_is_said() -> None:
    assert checks(read("12", MONEY, "number", is_percent=True)) == [f.FORMAT_DISAGREES]


def test_a_count_must_be_whole() -> None:
    assert read("12", COUNT, "number").value == 12
    assert read("1,200户", COUNT).value == 1200
    assert checks(read("12.5", COUNT, "number")) == [f.NOT_WHOLE]


def test_basis_points_may_carry_their_unit() -> None:
    assert read("50BP", BP).value == 50
    assert read("５０个基点", BP).value == 50


def test_more_than_two_decimals_are_kept_and_said() -> None:
    reading = read("1.23456", MONEY, "number")
    assert (reading.value, checks(reading)) == (Decimal("12345.6"), [f.TOO_PRECISE])
    assert read("0.1000000000000023", MONEY, "number").remarks == ()


def test_an_error_value_is_invalid() -> None:
    reading = read("#REF!", MONEY, "error", formula="A1")
    assert (reading.state, checks(reading)) == ("invalid", [f.ERROR_VALUE])


def test_a_formula_never_calculated_is_neither_blank_nor_zero() -> None:
    reading = read_cell(cell("", "none", formula="C7+C8"), MONEY, ZEROS)
    assert (reading.state, checks(reading)) == ("invalid", [f.NEVER_CALCULATED])


def test_a_picture_in_a_cell_is_no_number() -> None:
    picture = cell("#NAME?", "error", formula='_xlfn.DISPIMG("ID_1",1)')
    assert checks(read_cell(picture, MONEY, WAN)) == [f.PICTURE]
    assert checks(read('=DISPIMG("ID_1",1)', TEXT)) == [f.PICTURE]


def test_a_value_from_another_workbook_is_used_and_said() -> None:
    reading = read("7", MONEY, "number", formula="[1]Sheet1!B2")
    assert (reading.value, checks(reading)) == (Decimal(70000), [f.EXTERNAL_LINK])


@pytest.mark.parametrize("kind", ["number", "text", "date"])
def test_a_date_where_a_number_is_due_is_refused(kind: CellKind) -> None:
    text = "46112" if kind == "number" else "2026-03-31"
    reading = read(text, MONEY, kind, is_date=kind == "number")
    assert checks(reading) == [f.DATE_FOR_NUMBER]


def test_a_truth_value_is_no_number() -> None:
    assert checks(read("TRUE", MONEY, "bool")) == [f.NOT_A_NUMBER]


@pytest.mark.parametrize(
    "typed", ["2026-10-12", "2026/10/12", "2026年10月12日", "２０２６-10-12", "2026-10-12 08:30"]
)
def test_text_dates_are_read_without_remark(typed: str) -> None:
    assert read(typed, DAY) == Reading("given", date(2026, 10, 12), typed)


def test_serial_dates_follow_the_date_system() -> None:
    assert read("46307", DAY, "number", is_date=True).value == date(2026, 10, 12)
    assert serial_date(Decimal(44845), date1904=True) == date(2026, 10, 12)
    assert serial_date(Decimal(61), date1904=False) == date(1900, 3, 1)


@pytest.mark.parametrize("serial", ["60", "1", "-5", "999999"])
def test_impossible_serials_are_no_dates(serial: str) -> None:
    assert checks(read(serial, DAY, "number", is_date=True)) == [f.NOT_A_DATE]


def test_a_bare_number_in_a_date_cell_is_read_and_said() -> None:
    assert checks(read("46307", DAY, "number")) == [f.DATE_GUESSED]
    packed = read("20261012", DAY, "number")
    assert (packed.value, checks(packed)) == (date(2026, 10, 12), [f.DATE_GUESSED])


@pytest.mark.parametrize("typed", ["12/10/2026", "2026-13-01", "去年", "2026年10月"])
def test_other_writings_are_no_dates(typed: str) -> None:
    assert checks(read(typed, DAY)) == [f.NOT_A_DATE]


@pytest.mark.parametrize(("typed", "yes"), [("是", True), (" 否 ", False)])
def test_flags_are_yes_or_no(typed: str, yes: bool) -> None:
    reading = read(typed, FLAG)
    assert reading.value is yes
    assert reading.remarks == ()


@pytest.mark.parametrize(("typed", "yes"), [("Y", True), ("√", True), ("Ｎ", False), ("×", False)])
def test_other_yes_and_no_are_tolerated_with_advice(typed: str, yes: bool) -> None:
    reading = read(typed, FLAG)
    assert (reading.value, checks(reading)) == (yes, [f.FLAG_TOLERATED])


def test_a_vague_flag_is_refused() -> None:
    assert checks(read("部分", FLAG)) == [f.NOT_A_FLAG]
    assert read("TRUE", FLAG, "bool").value is True


def test_a_choice_is_exact_after_normalisation_else_refused_with_the_list() -> None:
    assert read(" 绝对 值　", CHOICE).value == "绝对值"
    reading = read("相对值", CHOICE)
    assert checks(reading) == [f.NOT_A_CHOICE]
    assert reading.remarks[0].words["expected"] == "较全行加点、绝对值"


def test_text_items_keep_digits_and_lose_control_characters() -> None:
    assert read("13800000000", TEXT, "number").value == "13800000000"
    assert read("1.38E+10", TEXT, "number").value == "13800000000"
    assert read("甲\u202e乙\x07", TEXT).value == "甲乙"


@pytest.mark.parametrize("item", [MONEY, RATIO, FLAG, TEXT, DAY, CHOICE])
def test_not_applicable_is_a_state_of_its_own(item: Item) -> None:
    assert read("不适用", item) == Reading("not_applicable", None, "不适用")


def test_not_applicable_is_a_value_where_it_is_a_choice() -> None:
    status = Item("COVER_status_G01", "G01", "choice", choices=("正常", "零报送", "不适用"))
    assert read("不适用", status).value == "不适用"


def test_a_blank_is_zero_only_where_the_sheet_says_so_and_only_for_numbers() -> None:
    assert read_cell(None, MONEY, ZEROS) == Reading("zero", Decimal(0))
    assert read_cell(None, TEXT, ZEROS) == Reading("blank")
    assert read_cell(None, MONEY, WAN) == Reading("blank")
    assert read("　 ", MONEY).state == "blank"
    assert read("", MONEY, "text", formula='IF(A1="","",A1)').state == "blank"


def test_zero_dashes_and_waiting_formulas_are_no_data() -> None:
    assert not has_data(cell("0.00", "number"))
    assert not has_data(cell("—"))
    assert not has_data(cell("", "none", formula="A1"))
    assert has_data(cell("0.5", "number"))
    assert not is_blank(cell("", "none", formula="A1"))


def test_texts_for_messages_are_short_and_on_one_line() -> None:
    assert shorten("甲\n乙") == "甲 乙"
    assert len(shorten("长" * 500)) == 60
    assert fold("ＸＷ２ 分支机构") == fold("xw2分支机构")


def test_a_character_that_cannot_be_seen_is_not_there() -> None:
    assert clean("\u061c12\xad3\u180e\u206a\ufff9\uffff\U000e0041") == "123"
    assert typed_number("\u061c123") == Typed(Decimal(123), "")


def test_a_text_is_made_plain_character_by_character() -> None:
    assert fold("㈱ １２㎡…") == "(株)12m2..."
    assert fold("\ufdfa") == "\ufdfa"
    assert half_width("１２３") == "123"


def test_a_text_longer_than_any_known_is_compared_as_it_stands() -> None:
    assert fold("Ａ" * 400) == "a" * 400
    assert fold("Ａ" * 401) == "Ａ" * 401
    assert half_width("９" * 65) == "９" * 65


@pytest.mark.parametrize("text", ["a" + "\u0300\u0316" * 16_000, "\ufdfa" * 32_000, "㌖" * 32_000])
def test_no_text_takes_long_to_be_compared(text: str) -> None:
    started = time.process_time()
    for _ in range(10):
        assert fold(text) != half_width("x")
        assert typed_number(text) is None
        assert typed_date(text) is None
    assert time.process_time() - started < 0.5


def test_what_is_no_number_or_date_is_none() -> None:
    assert typed_number("9" * 100) is None
    assert typed_number("1e30") is None
    assert typed_date("2026-02-30") is None
