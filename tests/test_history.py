"""Earlier evaluation documents as history: which count, and what a broken one says."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from builders import CODE, evaluated, filed, law

from supervise.core.context import Context
from supervise.errors import LedgerError
from supervise.json_text import to_json
from supervise.read.history import read_history
from supervise.record import replace
from supervise.write.document import evaluation_document, refusal_document


def document(period: str = "2025Q4", **figures: Any) -> dict[str, Any]:
    book = law(period)
    sequence = figures.pop("sequence", 1)
    submission = replace(filed(book, figures), sequence=sequence)
    found = evaluation_document(evaluated(book, submission))
    return {**found, "status": "passed"}


def write(folder: Path, name: str, content: object) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else to_json(content), encoding="utf-8")
    return path


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    write(tmp_path, "a/b/2025.json", document(G01_loans="12亿", S71_I_6_A5="3亿", XW1_due="0.5"))
    past = read_history(tmp_path)[CODE]["2025Q4"]
    assert (past.period, past.kind, past.file) == ("2025Q4", "annual", "2025.json")
    assert past.facts["G01_loans"] == 1_200_000_000
    assert past.facts["XW1_due"] == Fraction(1, 2)
    assert past.parts["inclusive_loan_share", ""] == Fraction(1, 4)
    assert past.total is not None
    assert set(past.elements) >= {"supply", "incentives"}


def test_a_later_run_compares_with_what_was_read(tmp_path: Path) -> None:
    write(tmp_path, "last.json", document(S71_I_6_A5="3亿"))
    context = Context(history=read_history(tmp_path)[CODE])
    found = evaluated(law(), filed(S71_I_6_A5="3.3亿"), context).indicator("inclusive_loan_growth")
    assert found.measure.value == Fraction(1, 10)


def test_the_highest_sequence_of_a_period_stands(tmp_path: Path) -> None:
    write(tmp_path, "a.json", document(G01_loans=2, sequence=2))
    write(tmp_path, "b.json", document(G01_loans=1, sequence=1))
    assert read_history(tmp_path)[CODE]["2025Q4"].facts["G01_loans"] == 2


def test_periods_of_a_bank_stand_side_by_side(tmp_path: Path) -> None:
    write(tmp_path, "a.json", document("2025Q4"))
    write(tmp_path, "b.json", document("2026Q2"))
    assert read_history(tmp_path)[CODE].keys() == {"2025Q4", "2026Q2"}


@pytest.mark.parametrize("status", ["blocked", "refused"])
def test_what_was_blocked_or_refused_is_no_history(tmp_path: Path, status: str) -> None:
    write(tmp_path, "a.json", {**document(), "status": status})
    assert read_history(tmp_path) == {}


def test_a_refusal_document_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "r.json", refusal_document("a.xlsx", "", LedgerError("x")))
    assert read_history(tmp_path) == {}


@pytest.mark.parametrize(
    "content",
    ["{", "[]", "null", '"supervise/evaluation/1"', '{"schema": "other/1"}', "\ud83d"[:0]],
)
def test_other_json_in_the_folder_does_no_harm(tmp_path: Path, content: str) -> None:
    write(tmp_path, "other.json", content)
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "broken.json").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder.json").mkdir()
    assert read_history(tmp_path) == {}


def without(*keys: str) -> Callable[[dict[str, Any]], None]:
    def cut(content: dict[str, Any]) -> None:
        inner = content
        for key in keys[:-1]:
            inner = inner[key]
        del inner[keys[-1]]

    return cut


def put(value: Any, *keys: str) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        inner = content
        for key in keys[:-1]:
            inner = inner[key]
        inner[keys[-1]] = value

    return change


@pytest.mark.parametrize(
    "spoil",
    [
        without("submission"),
        without("submission", "bank"),
        without("submission", "bank", "code"),
        without("submission", "sequence"),
        without("score", "total"),
        without("grade"),
        without("indicators"),
        put(None, "score"),
        put("a", "submission", "sequence"),
        put([], "facts"),
        put({"G01_loans": "12,5"}, "facts"),
        put({"G01_loans": "1/0"}, "facts"),
        put(float("inf"), "score", "total"),
    ],
)
def test_a_document_of_ours_that_is_not_whole_is_an_error_of_the_ledger(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], None]
) -> None:
    content = json.loads(to_json(document()))
    spoil(content)
    path = write(tmp_path, "a.json", content)
    with pytest.raises(LedgerError) as caught:
        read_history(tmp_path)
    assert (caught.value.code, caught.value.where) == ("history_invalid", str(path))
    assert caught.value.exit_code == 5
    assert caught.value.fix


def test_a_folder_that_does_not_exist_is_an_error_of_the_ledger(tmp_path: Path) -> None:
    with pytest.raises(LedgerError) as caught:
        read_history(tmp_path / "none")
    assert caught.value.code == "history_missing"
