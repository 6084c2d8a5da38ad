"""Explanations on XW8: matched as clerks type them, shown, and said where they meet nothing."""

from __future__ import annotations

from time import process_time
from typing import Any

import pytest
from builders import HOUSE, book_of, filed, law, reading_finding
from sample_files import checked

from supervise.core.answers import BLOCKS, GONE, UNKNOWN, with_answers
from supervise.core.evaluate import evaluate, fault_counts, status_of
from supervise.core.evaluation import CheckState
from supervise.core.model import Explanation, Finding, Severity, Submission

SHEET = "XW5合规与服务"
STATES = tuple(CheckState(check.id, "passed") for check in law().checks)


def row(check: str | None, cell: str | None = None, text: str | None = "已核实") -> dict[str, Any]:
    return {"XW8_check": check, "XW8_cell": cell, "XW8_text": text}


def submission(*rows: dict[str, Any]) -> Submission:
    return filed(tables={"XW8_explanations": list(rows)})


def finding(check: str, *cells: str, severity: Severity = "explain") -> Finding:
    return Finding(check, severity, "form", cells, "说明", "改正。", HOUSE)


def answered(rows: list[dict[str, Any]], *findings: Finding) -> tuple[list[str | None], list[str]]:
    """What each finding was answered, and the checks that tell of answers in vain."""
    told, _ = with_answers(book_of(submission(*rows)), findings, STATES)
    texts = [one.explanation.text if one.explanation else None for one in told[: len(findings)]]
    return texts, [one.check for one in told[len(findings) :]]


PENALTY = finding("XW5_001", f"{SHEET}!D19", f"{SHEET}!D20")


@pytest.mark.parametrize(
    "typed",
    [
        "XW5_001",
        "xw5_001",
        " XW5_001 ",
        "XW5 001",
        "XW5-001",
        "ＸＷ５＿００１",
        "xw5001",
        "XW5_ 001",
    ],
)
def test_a_check_id_is_read_as_clerks_type_it(typed: str) -> None:
    assert answered([row(typed)], PENALTY) == (["已核实"], [])


@pytest.mark.parametrize(
    "typed",
    [
        f"{SHEET}!D19",
        f" {SHEET}!D19 ",
        f"{SHEET}！D19",
        f"{SHEET}!$D$19",
        f"'{SHEET}'!$D19",
        f"{SHEET}!d19",
        "XW5!D19",
        "xw5!d19",
        "ＸＷ５！Ｄ１９",
        "合规与服务!D19",
        "XW5 合规与服务!D19",
        "D19",
        "$d$19",
        "Ｄ19",
        f"{SHEET}!D20",
        f"{SHEET}!D7、D19",
        "D7，D19",
        "D7 D19",
        "XW5!D7;D19",
        "XW5!D18:D21",
        "D18～D21",
        "D21:C18",
        SHEET,
        "XW5",
        None,
    ],
)
def test_a_cell_is_read_as_clerks_type_it(typed: str | None) -> None:
    texts, _ = answered([row("XW5_001", typed)], PENALTY)
    assert texts == ["已核实"]


@pytest.mark.parametrize(
    "typed",
    ["D18", "XW6!D19", "S71_I!D19", "D190", "AD19", "XW5!E19", "见附件", "XW5!D1:D18", "XW"],
)
def test_another_cell_is_not_meant(typed: str) -> None:
    texts, vain = answered([row("XW5_001", typed)], PENALTY)
    assert texts == [None]
    assert vain == [GONE]


def test_a_blank_cell_answers_every_question_of_its_check() -> None:
    same = [finding("S71_I_013", f"S71_I!K{n}") for n in (10, 18)]
    assert answered([row("S71_I_013")], *same) == (["已核实", "已核实"], [])


def test_a_named_cell_answers_only_its_own_question() -> None:
    same = [finding("S71_I_013", f"S71_I!K{n}") for n in (10, 18)]
    assert answered([row("S71_I_013", "K18")], *same) == ([None, "已核实"], [])


def test_a_cell_without_its_sheet_is_meant_only_where_the_check_names_one_sheet() -> None:
    two = [finding("PL_005", "S71_I!C6"), finding("PL_005", "G01!C6")]
    assert answered([row("PL_005", "C6")], *two) == ([None, None], [GONE])
    assert answered([row("PL_005", "G01!C6")], *two) == ([None, "已核实"], [])


def test_g11_is_a_sheet_and_a_cell() -> None:
    on_sheet = finding("G11_001", "G11!C9")
    assert answered([row("G11_001", "G11")], on_sheet) == (["已核实"], [])
    at_cell = finding("S71_I_016", "S71_I!G11")
    assert answered([row("S71_I_016", "G11")], at_cell) == (["已核实"], [])


def test_a_finding_about_a_whole_sheet_is_answered_by_its_name() -> None:
    hidden = finding("R_025", "草稿")
    assert answered([row("R_025")], hidden) == (["已核实"], [])
    sheet = finding("R_026", SHEET)
    assert answered([row("R_026", "XW5")], sheet) == (["已核实"], [])
    assert answered([row("R_026", SHEET)], sheet) == (["已核实"], [])


def test_the_first_of_two_answers_stands() -> None:
    rows = [row("XW5_001", "D19", "先"), row("XW5_001", "D19", "后")]
    assert answered(rows, PENALTY) == (["先"], [])


@pytest.mark.parametrize("text", [None, ""])
def test_an_answer_without_words_is_none(text: str | None) -> None:
    assert answered([row("XW5_001", "D19", text)], PENALTY) == ([None], [])
    assert answered([row(None, "D19")], PENALTY) == ([None], [])


def test_a_note_to_a_hint_is_shown_too() -> None:
    hint = finding("CF_014", "XW6协调机制与重点领域!F10", severity="advisory")
    assert answered([row("CF_014")], hint) == (["已核实"], [])


def test_an_answer_whose_question_is_gone_is_said_at_its_own_cell() -> None:
    book = book_of(submission(row("XW5_001", "XW5!D19")))
    told, states = with_answers(book, (), STATES)
    assert [(one.check, one.severity, one.cells) for one in told] == [
        (GONE, "advisory", ("XW8说明!B6",))
    ]
    assert "XW5_001" in told[0].message
    assert f"{SHEET}!D19" in told[0].message
    assert [s.check for s in states if s.state == "failed"] == [GONE]
    assert [s.check for s in states] == [s.check for s in STATES]


def test_of_several_cells_only_those_without_a_question_are_said() -> None:
    book = book_of(submission(row("XW5_001", "D19、D7")))
    told, _ = with_answers(book, (PENALTY,), STATES)
    assert told[0].explanation == Explanation("已核实", "given")
    assert [one.check for one in told[1:]] == [GONE]
    assert "D7" in told[1].message
    assert "D19" not in told[1].message


def test_no_answer_lifts_what_blocks() -> None:
    blocking = finding("S71_I_001", "S71_I!F10", severity="blocking")
    told, states = with_answers(
        book_of(submission(row("S71_I_001", "S71_I!F10"))), (blocking,), STATES
    )
    assert told[0].explanation is None
    assert [(one.check, one.cells) for one in told[1:]] == [(BLOCKS, ("XW8说明!B6",))]
    assert status_of(told, states) == "blocked"


def test_an_id_that_no_check_has_is_said() -> None:
    book = book_of(submission(row("S71_I_999"), row("S71_I_012、S71_I_013")))
    told, _ = with_answers(book, (), STATES)
    assert [(one.check, one.cells, one.found) for one in told] == [
        (UNKNOWN, ("XW8说明!B6",), "S71_I_999"),
        (UNKNOWN, ("XW8说明!B7",), "S71_I_012、S71_I_013"),
    ]


def test_without_a_row_nothing_changes() -> None:
    told = with_answers(book_of(filed()), (PENALTY,), STATES)
    assert told == ((PENALTY,), STATES)


def test_an_answered_question_is_no_longer_open() -> None:
    twins = {"COVER_prepared_by": "甲", "COVER_reviewed_by": "甲"}
    asked = evaluate(filed(None, twins), law())
    rows = {"XW8_explanations": [row("COVER_006", "封面!C20", "复核岗出缺，已报批")]}
    told = evaluate(filed(None, twins, tables=rows), law())
    assert [f.check for f in asked.findings] == [f.check for f in told.findings] == ["COVER_006"]
    assert asked.status == "needs_explanation"
    assert told.status == "passed"
    assert told.findings[0].explanation == Explanation("复核岗出缺，已报批", "given")
    assert fault_counts(asked.findings) == (0, 1)
    assert fault_counts(told.findings) == (0, 0)


def test_the_sample_with_one_answer_has_one_question_left() -> None:
    evaluation = checked("2026Q3/rc11-tongji.xlsx").evaluation
    assert evaluation is not None
    told = {f.check: f.explanation is not None for f in evaluation.findings}
    assert told == {"S71_I_013": False, "XW1_004": True}
    assert evaluation.status == "needs_explanation"


def test_an_answer_of_any_length_takes_no_time() -> None:
    """What a clerk pastes, or a hostile file holds, is read to the length of a list of cells."""
    hostile = "A" * 32_767
    rows = [row("XW5_001", hostile), row(hostile, hostile), row("XW5_001", "A1:XFD1048576" * 2_000)]
    started = process_time()
    answered(rows * 20, *[reading_finding()] * 200)
    assert process_time() - started < 1
