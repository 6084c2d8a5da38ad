"""Whatever is done to a workbook: never a traceback, a wrong exit code, or a score for nothing.

``make test`` runs 300 mutations with fixed seeds, ``make soak`` 10,000.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from filled_template import sheets
from mutations import mutated

from supervise.errors import WorkbookUnreadable
from supervise.ooxml.refusals import REASONS
from supervise.pipeline.precheck.check import as_json, as_text, check_files, exit_code
from supervise.read.raw import RawWorkbook
from supervise.read.workbook import read_workbook
from supervise.settings import Settings

SHORT, LONG = 300, 10_000
COVER_CODES = {
    "wrong_template",
    "wrong_version",
    "wrong_period",
    "unknown_bank_type",
    "unknown_level",
    "unknown_province",
    "bad_bank_code",
}
ADDRESS = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
EXITS = {"passed": 0, "needs_explanation": 0, "blocked": 1, "incomplete": 1, "refused": 3}


def judge(file: Path) -> dict[str, Any]:
    """Check one file, hold what comes out against the contract, and give the document."""
    outcomes = check_files([file], Settings())
    text = as_text(outcomes, Settings())
    document: dict[str, Any] = json.loads(as_json(outcomes))
    assert exit_code(outcomes) == EXITS[document["status"]]
    assert text.strip()
    assert UNPRINTABLE.search(text) is None
    if document["status"] == "refused":
        hold_refused(document)
    else:
        hold_judged(document, file.name)
    return document


def hold_refused(document: dict[str, Any]) -> None:
    """A refusal has its reason and nothing that looks like a result."""
    refusal = document["refusal"]
    assert refusal["code"] in COVER_CODES | set(REASONS)
    assert refusal["message"]
    assert refusal["fix"]
    assert document["score"] is None
    assert document["grade"] is None
    assert not any(document[name] for name in ("findings", "indicators", "elements"))


def hold_judged(document: dict[str, Any], name: str) -> None:
    """A judged file has figures that are numbers, and findings whose cells can be found."""
    findings = document["findings"]
    assert document["refusal"] is None
    blocked = any(finding["severity"] == "blocking" for finding in findings)
    assert (document["status"] == "blocked") is blocked
    if blocked:
        assert document["grade"]["id"] is None
    low, high = (Decimal(document["score"][side]) for side in ("low", "high"))
    assert low <= Decimal(document["score"]["total"]) <= high
    for finding in findings:
        assert finding["message"]
        assert finding["fix"]
        assert UNPRINTABLE.search(finding["message"]) is None
        assert finding["cells"]
        for cell in finding["cells"]:
            sheet, _, address = cell.rpartition("!")
            assert ADDRESS.fullmatch(address) if sheet else cell in {name, *sheets()}, cell


def survive(seeds: range, folder: Path) -> Counter[str]:
    """Check one mutation a seed; how often each status came out."""
    file = folder / "报送表.xlsx"
    seen: Counter[str] = Counter()
    for seed in seeds:
        file.write_bytes(mutated(seed))
        try:
            seen[judge(file)["status"]] += 1
        except Exception as error:
            error.add_note(f"seed {seed}")
            raise
    return seen


def read(data: bytes) -> RawWorkbook | str:
    """What stands in a workbook, or the reason why it is refused."""
    try:
        return read_workbook(data, "a.xlsx")
    except WorkbookUnreadable as error:
        return error.code


def require_agreement(seeds: range, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both readers of a sheet see the same in each mutation."""
    for seed in seeds:
        data = mutated(seed)
        quick = read(data)
        with monkeypatch.context() as patch:
            patch.setattr("supervise.ooxml.sheet.read_plain", lambda *_: None)
            assert read(data) == quick, f"seed {seed}"


def test_a_mutated_workbook_is_refused_or_judged_as_the_contract_says(tmp_path: Path) -> None:
    seen = survive(range(SHORT), tmp_path)
    assert seen["refused"] > SHORT // 10
    assert seen["blocked"] > SHORT // 10
    assert seen["passed"] + seen["needs_explanation"] > SHORT // 10


def test_the_quick_reader_reads_mutations_as_the_general_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    require_agreement(range(SHORT, SHORT + 60), monkeypatch)


@pytest.mark.soak
def test_ten_thousand_mutated_workbooks_are_refused_or_judged(tmp_path: Path) -> None:
    seen = survive(range(SHORT, SHORT + LONG), tmp_path)
    print(f"soak: {LONG} mutations, {dict(seen)}, no traceback")
    assert seen["refused"] > LONG // 10
    assert seen["blocked"] > LONG // 10


@pytest.mark.soak
def test_the_quick_reader_agrees_on_thousands_of_mutations(monkeypatch: pytest.MonkeyPatch) -> None:
    require_agreement(range(SHORT, SHORT + LONG // 4), monkeypatch)
