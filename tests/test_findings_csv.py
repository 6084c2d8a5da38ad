"""The CSV: Excel and WPS open it right, nothing in it is computed, no id is mangled."""

from __future__ import annotations

import csv
import io

import pytest
from builders import evaluated, filed, law_with, reading_finding

from supervise.core.model import Finding
from supervise.errors import WorkbookUnreadable
from supervise.read.words import read_words
from supervise.record import replace
from supervise.write.finding_list import Checked, listed_rows
from supervise.write.finding_rows import COLUMNS
from supervise.write.findings_csv import MARK, findings_csv, guarded, is_plain_figure

WORDS = read_words("zh")
HOSTILE = "=cmd|' /C calc'!A0"


def made(*findings: Finding, name: str = "示例农商行", code: str = "B0001H233000001") -> bytes:
    submission = filed()
    bank = replace(submission.bank, name=name, code=code)
    evaluation = evaluated(law_with(), replace(submission, bank=bank))
    file = Checked(file="a.xlsx", evaluation=replace(evaluation, findings=findings))
    return findings_csv(listed_rows((file,), WORDS), WORDS)


def read(data: bytes) -> list[dict[str, str]]:
    """As a program reads it: by column id."""
    text = data.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    assert head == [WORDS(f"check.column.{name}") for name in COLUMNS]
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def test_it_has_a_byte_order_mark_and_windows_line_ends() -> None:
    data = made(reading_finding())
    assert data.startswith(MARK)
    assert data.count(b"\r\n") == data.count(b"\n") == 2
    assert data.endswith(b"\r\n")


def test_it_is_one_line_of_headings_where_nothing_was_found() -> None:
    assert read(made()) == []
    assert made().count(b"\r\n") == 1


def test_every_row_carries_message_fix_basis_and_cells() -> None:
    finding = replace(reading_finding(), cells=("G01!C6", "G01!C7"), message='他说"错", 真的')
    row = read(made(finding))[0]
    assert row["message"] == '他说"错", 真的'
    assert row["fix"] == "改正。"
    assert row["basis"].endswith("测试")
    assert row["cells"] == "G01!C6、G01!C7"
    assert row["bank_code"] == "B0001H233000001"
    assert row["file"] == "示例.xlsx"


@pytest.mark.parametrize(
    "text",
    [
        HOSTILE,
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "＝1+1",
        "＋1+1",
        "－A1",
        "＠SUM",
        " =1",
        "\u3000=1",
        '=HYPERLINK("http://a")',
        "-",
    ],
)
def test_what_begins_like_a_formula_is_a_text(text: str) -> None:
    for figure in (False, True):
        assert guarded(text, figure) == f"'{text}"


@pytest.mark.parametrize("start", ["\t", "\r", "\n", "\u200b", "\x00"])
def test_a_hidden_character_before_a_formula_does_not_hide_it(start: str) -> None:
    row = read(made(reading_finding(), name=f"{start}=1+1"))[0]
    assert row["bank_name"] == "'=1+1"


@pytest.mark.parametrize("text", ["-36", "+1.80", "0", "40121.02", "-0.5%", "123456789012345"])
def test_a_plain_figure_stays_a_number(text: str) -> None:
    assert is_plain_figure(text)
    assert guarded(text, figure=True) == text


@pytest.mark.parametrize(
    "text", ["007", "1,204", "1E5", "1234567890123456", "2026-10-12", "１２３", "3-1", ""]
)
def test_a_figure_that_a_spreadsheet_would_change_is_a_text(text: str) -> None:
    assert guarded(text, figure=True) == (f"\t{text}" if text else "")


@pytest.mark.parametrize(
    "text",
    [
        "110000001",
        "911100001000012345",
        "-36",
        "1.1E+08",
        "2024-11-25",
        "2025-05",
        "3-1",
        "1/2",
        "10%",
        "2026年9月30日",
        "MAR1",
        "Sept-2",
        "5 May",
    ],
)
def test_digits_in_a_column_of_texts_stay_as_they_are(text: str) -> None:
    assert guarded(text) == f"\t{text}"


@pytest.mark.parametrize(
    "text", ["S71_I!C14", "R_005", "2026年三季度", "B0001H233000001", "3-1支行", "示例银行", "e"]
)
def test_ordinary_texts_are_left_alone(text: str) -> None:
    assert guarded(text) == text


def test_a_code_of_digits_is_kept_as_text() -> None:
    row = read(made(reading_finding(), code="911100001000012345"))[0]
    assert row["bank_code"] == "\t911100001000012345"


def test_a_hostile_bank_cannot_put_a_formula_into_any_column() -> None:
    names = ("message", "fix", "found", "expected", "difference", "tolerance")
    hostile = replace(reading_finding(), cells=(HOSTILE, HOSTILE), **dict.fromkeys(names, HOSTILE))
    row = read(made(hostile, name=HOSTILE, code=HOSTILE))[0]
    guardeds = [name for name, text in row.items() if text == f"'{HOSTILE}"]
    assert {*names, "bank_name", "bank_code", "cell"} <= set(guardeds)
    assert not [text for text in row.values() if text.startswith(("=", "+", "-", "@"))]


def test_a_line_feed_of_a_bank_makes_no_line() -> None:
    data = made(replace(reading_finding(), message="甲\r\n=1+1\n乙"), name="丙\n丁")
    assert len(read(data)) == 1
    assert data.count(b"\n") == 2
    assert read(data)[0]["message"] == "甲 =1+1 乙"


def test_several_files_stand_in_one_list_refused_ones_too() -> None:
    evaluation = replace(evaluated(law_with(), filed()), findings=(reading_finding(),))
    refusal = WorkbookUnreadable("坏文件", where="b.xlsx", fix="另存为。", code="not_a_workbook")
    files = (
        Checked(file="a.xlsx", evaluation=evaluation),
        Checked(file="b.xlsx", refusal=refusal),
    )
    first, second = read(findings_csv(listed_rows(files, WORDS), WORDS))
    assert (first["file"], first["severity"]) == ("示例.xlsx", "blocking")
    assert (second["file"], second["severity"], second["check"]) == (
        "b.xlsx", "refused", "not_a_workbook",
    )  # fmt: skip
    assert (second["message"], second["fix"]) == ("坏文件", "另存为。")


def test_a_thousand_findings_are_all_there() -> None:
    found = [replace(reading_finding(), cells=(f"G01!C{n}",)) for n in range(1, 1001)]
    rows = read(made(*found))
    assert [row["cell"] for row in rows] == [f"G01!C{n}" for n in range(1, 1001)]
    assert rows[-1]["number"] == "1000"


def test_a_name_of_forty_three_characters_is_whole() -> None:
    name = "示例农村商业银行" * 5 + "支行部"
    assert len(name) == 43
    assert read(made(reading_finding(), name=name))[0]["bank_name"] == name


def test_the_same_findings_make_the_same_bytes() -> None:
    assert made(reading_finding()) == made(reading_finding())
