"""Hostile copies of a filled template meet their guard; odd but sound ones are read as they are."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from faulty_template import FILE, JUDGED, Judged, own_hidden
from heavy_template import BRANCHES, branch_rows
from hostile_archive import ARCHIVES, Maker
from hostile_content import CONTENTS
from odd_template import SAME

from supervise.ooxml.refusals import REASONS
from supervise.pipeline.case import Outcome
from supervise.pipeline.precheck.check import as_json, as_text, check_files, exit_code
from supervise.settings import Settings

REFUSED = [
    pytest.param(code, maker, id=f"{code}-{name}")
    for table in (ARCHIVES, CONTENTS)
    for code, makers in table.items()
    for name, maker in makers.items()
]


def checked(data: bytes, folder: Path) -> Outcome:
    """What the pre-check makes of a file."""
    file = folder / FILE
    file.write_bytes(data)
    (outcome,) = check_files([file], Settings())
    return outcome


def document(outcome: Outcome) -> dict[str, Any]:
    """The evaluation document but for the digest of the file."""
    made: dict[str, Any] = json.loads(as_json([outcome]))
    made["submission"].pop("sha256")
    made.pop("digest")  # knows the digest of the file
    return made


@pytest.mark.parametrize(("code", "maker"), REFUSED)
def test_a_hostile_template_is_refused_with_its_reason(
    code: str, maker: Maker, tmp_path: Path
) -> None:
    data = maker()
    started = time.process_time()
    outcome = checked(data, tmp_path)
    assert time.process_time() - started < 5
    assert outcome.evaluation is None
    assert outcome.refusal is not None
    assert outcome.refusal.code == code, outcome.refusal.parts()
    assert outcome.refusal.where.startswith("报送表.xlsx")
    assert all(outcome.refusal.parts().values())
    assert exit_code([outcome]) == 3


def test_every_reason_code_has_a_template_that_meets_it() -> None:
    assert {*ARCHIVES, *CONTENTS} == set(REASONS)


@pytest.mark.parametrize("name", SAME)
def test_an_odd_but_sound_template_is_judged_as_the_template_is(name: str, tmp_path: Path) -> None:
    expected = document(checked(SAME["saved"](), tmp_path))
    assert expected["status"] == "passed"
    assert document(checked(SAME[name](), tmp_path)) == expected


@pytest.mark.parametrize("case", JUDGED.values(), ids=JUDGED)
def test_a_fault_in_a_cell_is_found_in_that_cell(case: Judged, tmp_path: Path) -> None:
    outcome = checked(case.maker(), tmp_path)
    assert outcome.evaluation is not None
    found = [f for f in document(outcome)["findings"] if f["check"].startswith("R_")]
    assert found[0]["check"] == case.check
    assert found[0]["cells"][0] == case.cell
    assert {finding["check"] for finding in found} == {case.check}
    blocked = any(f["severity"] == "blocking" for f in document(outcome)["findings"])
    assert exit_code([outcome]) == (1 if blocked else 0)


def test_a_table_of_too_many_rows_is_refused(tmp_path: Path) -> None:
    refusal = checked(branch_rows(6_001, '<c r="{at}" t="str"><v>怪{n}</v></c>'), tmp_path).refusal
    assert refusal is not None
    assert refusal.code == "too_many_rows"
    assert refusal.where == f"{FILE} · {BRANCHES}"
    assert refusal.what.endswith("填有 6,007 行明细")


def test_beyond_a_hundred_cells_of_a_column_the_rest_is_told_together(tmp_path: Path) -> None:
    data = branch_rows(150, '<c r="{at}" t="str"><v>怪{n}</v></c>')
    findings = document(checked(data, tmp_path))["findings"]
    told = [
        f for f in findings if f["check"] == "R_017" and f["cells"][0].startswith(f"{BRANCHES}!D")
    ]
    assert [len(finding["cells"]) for finding in told] == [1] * 100 + [50]
    cells = [cell for finding in told for cell in finding["cells"]]
    assert cells == [f"{BRANCHES}!D{row}" for row in range(40, 190)]
    assert "同列同类共 50 处" in told[-1]["message"]
    assert "同列同类" not in told[0]["message"]


def test_a_foreign_name_cannot_steer_a_terminal(tmp_path: Path) -> None:
    outcome = checked(own_hidden("a&#x202e;b&#x9b;31m_x001b_[2J"), tmp_path)
    (finding,) = document(outcome)["findings"]
    shown = finding["message"] + as_text([outcome], Settings())
    assert "底稿" not in shown
    assert re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown) is None
