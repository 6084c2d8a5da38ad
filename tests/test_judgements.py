"""Supervisors' marks and corrections: one file, every fault with its line."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from builders import law

from supervise.core.context import Adjustment, Judgement
from supervise.errors import UsageError
from supervise.read.judgements import read_judgements, require_known

MARK = """judgements:
  - {bank: B1, indicator: due_diligence_exemption, part: rules, points: 2.5, \
by: 甲, on: 2026-10-20, reason: 现场核实}
"""
CORRECTION = """adjustments:
  - {bank: B1, item: G01_loans, adjusted: 1.5亿, \
by: 甲, on: 2026-10-20, reason: 错报, evidence: 底稿3}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "marks.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def fault(folder: Path, text: str) -> UsageError:
    with pytest.raises(UsageError) as caught:
        read_judgements(written(folder, text))
    assert caught.value.code == "judgements_invalid"
    return caught.value


def test_marks_and_corrections_are_read_by_bank(tmp_path: Path) -> None:
    marks = read_judgements(written(tmp_path, MARK + CORRECTION))
    assert marks.judgements == {"B1": (
        Judgement(
            "due_diligence_exemption", "rules", Fraction(5, 2), "甲", "现场核实", "2026-10-20"
        ),
    )}  # fmt: skip
    assert marks.adjustments == {"B1": (
        Adjustment("G01_loans", None, Fraction(150_000_000), "错报", "底稿3", "甲", "2026-10-20"),
    )}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"), [("-3", -3), ("10%", Fraction(1, 10)), ("1200万", 12_000_000)]
)
def test_a_number_is_written_as_in_the_law(tmp_path: Path, text: str, value: Fraction) -> None:
    marks = read_judgements(written(tmp_path, CORRECTION.replace("1.5亿", text)))
    assert marks.adjustments["B1"][0].adjusted == value


def test_an_empty_file_marks_nothing(tmp_path: Path) -> None:
    assert read_judgements(written(tmp_path, "judgements: []\n")).judgements == {}


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("points: 2.5", "points: 好", "不认识的字符"),
        ("points: 2.5", "points: 1,200", "未知的键"),
        ("points: 2.5", "points: 1 + 1", "不是数"),
        ("on: 2026-10-20", "on: 2026-13-01", "日期"),
        ("by: 甲, ", "", "by"),
        ("reason: 现场核实", "reason: 现场核实, grade: 1", "grade"),
        ("judgements:", "judgement:", "judgement"),
    ],
)
def test_a_fault_is_one_of_usage_and_names_its_line(
    tmp_path: Path, old: str, new: str, what: str
) -> None:
    error = fault(tmp_path, MARK.replace(old, new))
    assert what in error.what
    assert "marks.yaml" in error.where
    assert error.exit_code == 2


@pytest.mark.parametrize("text", [MARK, CORRECTION])
def test_one_thing_cannot_be_marked_twice(tmp_path: Path, text: str) -> None:
    head, line = text.split("\n")[:2]
    error = fault(tmp_path, f"{head}\n{line}\n{line}\n")
    assert "写了两次" in error.what
    assert ":3" in error.where
    other = line.replace("B1", "B2")
    read_judgements(written(tmp_path, f"{head}\n{line}\n{other}\n"))


def test_a_file_that_is_not_there_is_a_fault_of_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read_judgements(tmp_path / "none.yaml")


def mark(part: str = "rules", points: int = 3) -> Judgement:
    return Judgement("due_diligence_exemption", part, Fraction(points), "甲", "", "2026-10-20")


@pytest.mark.parametrize("points", [0, 3])
def test_a_mark_within_its_part_is_known(points: int) -> None:
    require_known((mark(points=points),), law(), frozenset({"G01_loans"}))


@pytest.mark.parametrize(
    ("judgement", "what", "expected"),
    [
        (mark("rule"), "due_diligence_exemption.rule", "due_diligence_exemption.rules"),
        (mark("undetermined"), "undetermined", "due_diligence_exemption"),
        (mark(points=4), "超出范围", "0–3"),
        (mark(points=-1), "超出范围", "0–3"),
    ],
)
def test_a_mark_that_the_law_does_not_know_is_refused(
    judgement: Judgement, what: str, expected: str
) -> None:
    with pytest.raises(UsageError) as caught:
        require_known((judgement,), law(), frozenset())
    assert what in caught.value.what
    assert expected in caught.value.expected


@pytest.mark.parametrize(
    ("item", "near"),
    [
        ("G01_loan", "G01_loans"),
        ("XW2_kpi_weight", ""),
        ("XW4_linked", ""),
        ("COVER_bank_name", ""),
    ],
)
def test_only_a_figure_of_its_own_cell_can_be_corrected(item: str, near: str) -> None:
    with pytest.raises(UsageError) as caught:
        require_known((), law(), frozenset({item}))
    assert item in caught.value.what
    assert near in caught.value.expected
