"""A raw workbook bound to its forms: every fact, every reading finding in its cell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hand_filled import (
    CHECKS,
    COVER,
    FORMS,
    G01,
    GUIDE,
    PROVINCES,
    TYPES,
    XW2,
    XW3,
    bound,
    cell,
    cover,
    filed,
    found,
    g01,
    good,
    number,
    only,
    sheet,
    without,
    workbook,
    xw2,
    xw3,
)

from supervise.core.layout import Placed
from supervise.errors import RulebookError
from supervise.read import findings as f
from supervise.read.own_cells import CAP
from supervise.read.submission import bind
from supervise.record import replace


def test_every_reading_check_is_complete_and_known_to_the_reader() -> None:
    assert tuple(sorted(CHECKS)) == f.ALL
    for check in CHECKS.values():
        assert check.message and check.fix and check.why and check.basis.source  # noqa: PT018
        assert check.severity in ("blocking", "explain", "advisory")


def test_a_good_workbook_has_no_findings_and_every_item() -> None:
    submission = filed()
    assert submission.reading == ()
    assert set(submission.facts) == {place.item for form in FORMS.forms for place in form.placed}
    assert submission.facts["G01_loans"].value == Decimal(1_000_000)
    assert str(submission.facts["G01_loans"].cell) == "G01!C6"
    assert submission.facts["COVER_filed_on"].value == date(2026, 10, 12)
    assert submission.bank.type == "rural_commercial"
    assert submission.bank.province == "330000"
    assert (submission.bank.code_system, submission.bank.level) == ("licence", "legal_person")
    assert (str(submission.period), submission.sequence) == ("2026Q3", 1)
    assert submission.form_version == "2025"


def test_the_order_and_width_of_sheet_names_change_nothing() -> None:
    raw = workbook()
    turned = tuple(
        replace(one, name=one.name.replace("XW", "ＸＷ") + " ") for one in raw.sheets[::-1]
    )
    assert bound(replace(raw, sheets=turned)).facts == bound(raw).facts
    assert bound(replace(raw, sheets=turned)).reading == ()


def test_a_missing_sheet_blocks_and_its_items_are_blank_not_zero() -> None:
    submission = bound(without(workbook(), "G01"))
    assert found(submission)[0] == (f.SHEET_MISSING, ("G01",))
    assert submission.facts["G01_loans"].state == "blank"
    assert submission.facts["G01_loans"].value is None


def test_a_renamed_sheet_is_named_and_not_read() -> None:
    raw = workbook(replace(g01(), name="G01 (2)"))
    finding = bound(without(raw, "G01")).reading[0]
    assert (finding.check, "G01 (2)" in finding.message) == (f.SHEET_RENAMED, True)


def test_a_missing_sheet_that_does_not_apply_is_no_finding() -> None:
    submission = bound(without(workbook(cover(status_XW2="不适用")), "XW2分支机构"))
    assert submission.reading == ()
    assert submission.facts["XW2_branch_count"].state == "not_applicable"
    assert submission.sheet_status["XW2分支机构"] == "not_applicable"


def test_blank_is_zero_on_one_sheet_and_unanswered_on_another() -> None:
    submission = filed(good(XW2))
    assert submission.facts["G01_count"].state == "zero"
    assert submission.facts["XW2_branch_count"].state == "blank"
    finding = only(submission)
    assert (finding.check, finding.cells) == (f.REQUIRED_BLANK, ("XW2分支机构!C3",))
    assert submission.facts["XW3_writeoff"].state == "blank"


def test_a_finding_names_cell_item_text_and_reading() -> None:
    submission = filed(xw3(cell("C4", "１,２３４.5")))
    finding = only(submission)
    assert (finding.check, finding.cells) == (f.NUMBER_AS_TEXT, ("XW3不良处置与核销!C4",))
    for word in ("XW3不良处置与核销!C4", "核销", "１,２３４.5", "1234.5 万元"):
        assert word in finding.message
    assert submission.facts["XW3_writeoff"].text == "１,２３４.5"


def test_never_calculated_formulas_are_told_once_a_sheet() -> None:
    submission = filed(
        g01(cell("C6", "", "none", formula="1+1"), cell("C8", "", "none", formula=""))
    )
    finding = only(submission)
    assert (finding.check, finding.cells) == (f.NEVER_CALCULATED, ("G01!C6", "G01!C8"))
    assert submission.facts["G01_total"].state == "invalid"


def test_an_invented_total_is_read_as_the_banks_figure() -> None:
    assert filed(g01(number("C8", "999"))).facts["G01_total"].value == Decimal(9_990_000)


def test_a_duplicate_cell_is_invalid() -> None:
    submission = filed(replace(g01(), duplicates=("C6",)))
    assert (only(submission).check, submission.facts["G01_loans"].state) == (
        f.CELL_TWICE,
        "invalid",
    )


def test_a_value_in_a_grey_cell_blocks_and_a_dash_or_zero_does_not() -> None:
    finding = only(filed(g01(number("D6", "5"), cell("D7", "—"))))
    assert (finding.check, finding.cells) == (f.GREY_FILLED, ("G01!D6",))
    assert filed(g01(number("D6", "0"))).reading == ()


def test_a_nil_return_is_zero_and_a_figure_on_it_blocks() -> None:
    nil = cover(status_XW3="零报送")
    submission = filed(nil, xw3(number("C3", "0")))
    assert submission.facts["XW3_writeoff"].state == "zero"
    assert submission.facts["XW3_writeoff"].value == 0
    assert submission.sheet_status["XW3不良处置与核销"] == "nil"
    contradicted = filed(nil, xw3(number("C3", "0"), number("C4", "7")))
    assert (f.NIL_FILLED, ("XW3不良处置与核销!C4",)) in found(contradicted)
    assert contradicted.facts["XW3_writeoff"].state == "invalid"


def test_rows_on_a_nil_sheet_block_and_are_not_taken() -> None:
    submission = filed(cover(status_XW2="零报送"), good(XW2, cell("B7", "甲支行")))
    assert found(submission) == [(f.NIL_FILLED, ("XW2分支机构!B7",))]
    assert submission.tables["XW2_branches"] == ()


def test_data_on_a_sheet_that_does_not_apply_must_be_explained() -> None:
    submission = filed(cover(status_XW2="不适用"), xw2(cell("B7", "甲支行")))
    finding = only(submission)
    assert (finding.check, finding.severity) == (f.NOT_APPLICABLE_FILLED, "explain")
    assert finding.cells == ("XW2分支机构!C3", "XW2分支机构!B7")


def test_open_rows_keep_their_row_numbers_and_skip_blank_rows() -> None:
    rows = filed(
        xw2(
            cell("B7", "甲支行"), number("C7", "0.1", is_percent=True),
            cell("B9", "乙支行"), number("C9", "0.12", is_percent=True),
            cell("B8", "  "),
        )
    ).tables["XW2_branches"]  # fmt: skip
    assert [str(row["XW2_branch_name"].cell) for row in rows] == [
        "XW2分支机构!B7",
        "XW2分支机构!B9",
    ]
    assert rows[1]["XW2_kpi_weight"].value == Decimal("0.12")


def test_a_row_without_its_name_blocks() -> None:
    finding = only(filed(xw2(number("C8", "0.1", is_percent=True))))
    assert (finding.check, finding.cells) == (f.ROW_WITHOUT_KEY, ("XW2分支机构!B8",))
    assert "第 8 行" in finding.message


def test_a_required_blank_in_an_open_row_is_told() -> None:
    submission = filed(xw2(cell("B7", "甲支行")))
    assert found(submission) == [(f.REQUIRED_BLANK, ("XW2分支机构!C7",))]
    assert submission.tables["XW2_branches"][0]["XW2_kpi_weight"].state == "blank"


def test_hidden_rows_and_sheets_that_hold_data_are_explained() -> None:
    hidden = number("C6", "100", hidden=True)
    assert only(filed(g01(hidden))).check == f.CELLS_HIDDEN
    assert only(filed(replace(g01(), state="hidden"))).check == f.SHEET_HIDDEN
    own = sheet("底稿", number("A1", "5"), state="veryHidden")
    assert found(filed(own)) == [(f.SHEET_HIDDEN, ("底稿!A1",))]


def test_a_hidden_list_of_words_is_no_data() -> None:
    lists = filed(sheet("lists", cell("A1", "正常"), state="hidden"))
    assert lists.reading == ()
    assert lists.reference == {}


def test_a_reference_shows_its_source_even_if_never_calculated() -> None:
    submission = filed(good(XW3, cell("C3", "", "none", formula="'G01'!C7")))
    assert submission.reading == ()
    assert submission.facts["XW3_opening_all"].value == Decimal(200_000)
    assert str(submission.facts["XW3_opening_all"].cell) == "XW3不良处置与核销!C3"


def test_a_reference_that_shows_something_else_blocks() -> None:
    finding = only(filed(good(XW3, number("C3", "21"))))
    assert (finding.check, finding.found, finding.expected) == (f.LOCKED_CHANGED, "21", "20")
    assert filed(good(XW3, number("C3", "20"))).reading == ()


def test_a_reference_to_a_blank_that_means_zero_may_show_zero() -> None:
    blank_bills = good(G01, number("C6", "100"), number("C8", "100"))
    assert filed(blank_bills, good(XW3, number("C3", "0", formula="G01!C7"))).reading == ()


def test_a_reference_never_displaces_the_item_it_shows() -> None:
    again = replace(XW3, placed=(Placed("G01_bills", "C3", "reference", "G01!C7"), XW3.placed[1]))
    forms = replace(FORMS, forms=(COVER, GUIDE, G01, XW2, again))
    submission = bind(workbook(), forms, bank_types=TYPES, provinces=PROVINCES, checks=CHECKS)
    assert str(submission.facts["G01_bills"].cell) == "G01!C7"


def test_the_banks_own_cells_are_passed_through() -> None:
    submission = filed(
        g01(cell("H6", "底稿\x07"), cell("A1", "G01表")), sheet("附注", cell("A1", "甲"))
    )
    assert submission.reading == ()
    assert submission.reference == {"G01!H6": "底稿", "附注!A1": "甲"}


def test_too_many_own_cells_are_cut_and_said() -> None:
    own = sheet("底稿", *(number(f"A{row}", "1") for row in range(1, CAP + 12)))
    submission = filed(own)
    assert len(submission.reference) == CAP
    assert only(submission).check == f.REFERENCE_CUT
    assert str(CAP + 11) in only(submission).message


def test_macros_are_said() -> None:
    finding = only(bound(workbook(macros=True)))
    assert (finding.check, finding.cells) == (f.MACROS, ("示例.xlsx",))


def test_messages_carry_no_control_or_direction_characters() -> None:
    message = only(filed(xw3(cell("C4", "x\u202e\x1b[31m" + "长" * 200)))).message
    assert "\u202e" not in message
    assert "\x1b" not in message
    assert len(message) < 160


def test_braces_in_a_banks_text_do_no_harm() -> None:
    assert "{item.__class__}" in only(filed(xw3(cell("C4", "{item.__class__}")))).message


def test_a_rulebook_without_a_reading_check_is_refused() -> None:
    fewer = {name: check for name, check in CHECKS.items() if name != f.MACROS}
    with pytest.raises(RulebookError) as caught:
        bind(workbook(), FORMS, bank_types=TYPES, provinces=PROVINCES, checks=fewer)
    assert f.MACROS in caught.value.what
