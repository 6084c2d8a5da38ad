"""Each reading check fails on its own workbook, exactly, and not on the nearest good one."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading_kit import DAY, KIT, XW5, as_cell, put, workbook

from supervise.core.evaluate import evaluate
from supervise.core.model import Finding
from supervise.pipeline.case import read_case
from supervise.read.findings import ALL
from supervise.settings import Settings


def findings(data: bytes, folder: Path) -> tuple[Finding, ...]:
    path = folder / "filing.xlsx"
    path.write_bytes(data)
    case = read_case(path, Settings())
    return evaluate(case.submission, case.rulebook).findings


def found(data: bytes, folder: Path) -> set[str]:
    return {finding.check for finding in findings(data, folder)}


def test_every_reading_check_is_in_the_kit() -> None:
    assert set(KIT) == set(ALL)


@pytest.mark.parametrize("check", sorted(KIT))
def test_a_reading_check_fails_on_its_workbook_and_nothing_else_does(
    check: str, tmp_path: Path
) -> None:
    edit = KIT[check]
    assert found(workbook(edit.fails, raw=edit.raw), tmp_path) == {check, *edit.also}


@pytest.mark.parametrize("check", sorted(name for name, edit in KIT.items() if edit.passes))
def test_the_nearest_good_workbook_passes(check: str, tmp_path: Path) -> None:
    edit = KIT[check]
    assert found(workbook(edit.passes, raw=edit.raw), tmp_path) == set(edit.also_passing)


def test_a_date_in_place_of_a_number_is_told_as_a_date(tmp_path: Path) -> None:
    """The file holds a count of days, 46295, which the bank never saw."""
    (told,) = findings(workbook(put(XW5, "D9", DAY, "yyyy-mm-dd")), tmp_path)
    assert (told.check, told.found) == ("R_014", "2026-09-30")
    assert "却是日期（2026-09-30）" in told.message
    assert "46295" not in told.message


@pytest.mark.parametrize("kind", ["", "str"])
def test_a_fraction_of_nine_thousand_digits_is_too_long_and_not_printed(
    kind: str, tmp_path: Path
) -> None:
    digits = "0." + "1" * 9_000
    edit = as_cell(XW5, "D9", f"<v>{digits}</v>", kind)
    (told,) = findings(workbook(edit, raw=True), tmp_path)
    assert told.check == "R_033"
    assert "位数太多" in told.message
    assert "…" in told.found
    assert max(map(len, (told.message, told.fix, told.found))) < 150
