"""Each reading check fails on its own workbook, exactly, and not on the nearest good one."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading_kit import KIT, workbook

from supervise.core.evaluate import evaluate
from supervise.pipeline.case import read_case
from supervise.read.findings import ALL
from supervise.settings import Settings


def found(data: bytes, folder: Path) -> set[str]:
    path = folder / "filing.xlsx"
    path.write_bytes(data)
    case = read_case(path, Settings())
    return {finding.check for finding in evaluate(case.submission, case.rulebook).findings}


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
