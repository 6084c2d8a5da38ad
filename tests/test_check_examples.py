"""Every check shows on the model filing what passes, what just passes and what fails.

In memory here; ``make soak`` writes each filing as a workbook and reads it back.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from model_workbook import workbook_of

from supervise.core.evaluate import evaluate
from supervise.core.evaluation import Evaluation
from supervise.core.model import Finding
from supervise.core.period import Period
from supervise.errors import RulebookError
from supervise.pipeline.case import Case, read_case
from supervise.pipeline.law.check_examples import filings, law_of, tries, wrong
from supervise.pipeline.law.model_filing import BLANK, changed, model_case
from supervise.read.findings import REQUIRED_BLANK
from supervise.read.law_check_examples import CheckExample, check_entries, read_check_examples
from supervise.read.overlay import LawTree
from supervise.record import replace
from supervise.settings import Settings

NOW = Period(2026, 3)


@cache
def examples() -> dict[str, CheckExample]:
    return read_check_examples()


def judged_by_figures() -> list[str]:
    entries = check_entries(LawTree.open(None, None))
    return sorted(e.text("id") for e in entries if e.text("scope") != "reading")


def test_the_model_filing_itself_has_no_finding() -> None:
    case = model_case(NOW)
    assert evaluate(case.submission, case.rulebook).findings == ()


@pytest.mark.parametrize("check", judged_by_figures())
def test_a_check_passes_just_passes_and_fails_as_its_example_says(check: str) -> None:
    assert check in examples(), f"{check} has no examples"
    example = examples()[check]
    faults = [wrong(example, tried.kind, tried.evaluation) for tried in tries(example)]
    assert [fault for fault in faults if fault] == []


@pytest.mark.parametrize("check", judged_by_figures())
def test_a_check_that_compares_figures_has_a_boundary(check: str) -> None:
    example = examples()[check]
    assert (example.boundary is None) is bool(example.no_boundary)
    assert example.boundary != example.fails


def reread(case: Case, folder: Path) -> Case:
    path = folder / "filing.xlsx"
    path.write_bytes(workbook_of(case))
    return read_case(path, Settings())


def without_blanks(evaluation: Evaluation) -> Evaluation:
    """Reading also lists cells that should not be blank, which a filing in memory cannot show."""
    left = tuple(f for f in evaluation.findings if f.check != REQUIRED_BLANK)
    return replace(evaluation, findings=left)


@pytest.mark.soak
@pytest.mark.parametrize("check", judged_by_figures())
def test_the_same_holds_of_real_workbooks(check: str, tmp_path: Path) -> None:
    example = examples()[check]
    faults = []
    for tried in tries(example):
        case = reread(tried.case, tmp_path)
        law = law_of(example, case.rulebook)
        evaluation = evaluate(case.submission, law, context=tried.context)
        if BLANK in {**example.given, **filings(example)[tried.kind]}.values():
            evaluation = without_blanks(evaluation)
        faults.append(wrong(example, tried.kind, evaluation))
    assert [fault for fault in faults if fault] == []


def test_a_changed_filing_reads_back_as_it_was_made(tmp_path: Path) -> None:
    made = changed(model_case(NOW), {"XW2_kpi_weight@2": "9%", "G01_loans": "G01_loans + 1亿"}, "")
    read = reread(made, tmp_path)
    assert read.rulebook.digest == made.rulebook.digest
    for item, fact in made.submission.facts.items():
        back = read.submission.facts[item]
        assert (item, back.value, back.cell) == (item, fact.value, fact.cell)
    rows = read.submission.tables["XW2_branches"]
    assert [row["XW2_kpi_weight"].value for row in rows] == [
        row["XW2_kpi_weight"].value for row in made.submission.tables["XW2_branches"]
    ]


@pytest.mark.parametrize(
    ("target", "text"),
    [("NO_SUCH_ITEM", "1"), ("NO_SUCH_COLUMN@1", "1"), ("G01_loans", "NO_SUCH_ITEM + 1")],
)
def test_an_example_that_does_not_fit_the_forms_is_refused(target: str, text: str) -> None:
    with pytest.raises(RulebookError) as caught:
        changed(model_case(NOW), {target: text}, "checks.yaml:7")
    assert caught.value.where == "checks.yaml:7"


def test_wrong_says_what_an_example_promised_and_what_came() -> None:
    example = examples()[judged_by_figures()[0]]
    case = model_case(NOW)
    evaluation = evaluate(case.submission, case.rulebook)
    assert "应为 failed" in wrong(example, "fails", evaluation)
    unknown = Finding(
        check="X_001", severity="explain", scope="form", cells=(), message="", fix="",
        basis=case.rulebook.checks[0].basis,
    )  # fmt: skip
    with_more = replace(evaluation, findings=(unknown,))
    assert "X_001" in wrong(example, "passes", with_more)
