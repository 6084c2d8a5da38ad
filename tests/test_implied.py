"""One mistake is reported once; a resubmission knows its first filing; a check looks ahead."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

from supervise.batch import Mapper
from supervise.core.evaluation import CheckState
from supervise.core.implied import without_implied
from supervise.core.law import Check
from supervise.core.model import Basis, Finding
from supervise.pipeline.case import check_file
from supervise.pipeline.outputs import Target
from supervise.pipeline.run.evaluate import evaluate_many
from supervise.pipeline.run.items import Run
from supervise.settings import Settings

SAMPLES = Path(__file__).parents[1] / "sample_submissions" / "2026Q3"
BASIS = Basis("house")


def check(name: str, *implies: str) -> Check:
    return Check(
        id=name,
        name=name,
        severity="explain",
        scope="plausibility",
        holds=None,
        given=None,
        message="",
        fix="",
        basis=BASIS,
        provenance="provisional",
        implies=implies,
    )


def finding(name: str, *cells: str) -> Finding:
    return Finding(name, "explain", "plausibility", cells, "", "", BASIS)


def test_a_finding_on_the_same_cell_that_another_implies_is_left_out() -> None:
    states = [CheckState("UNIT", "failed"), CheckState("JUMP", "failed")]
    found, settled = without_implied(
        [finding("UNIT", "G01!C6", "G01!D6"), finding("JUMP", "G01!C6")],
        states,
        [check("UNIT", "JUMP"), check("JUMP")],
    )
    assert [f.check for f in found] == ["UNIT"]
    assert settled[1] == CheckState("JUMP", "vacuous", "implied: UNIT")


def test_an_implied_check_still_speaks_of_other_cells() -> None:
    states = [CheckState("UNIT", "failed"), CheckState("JUMP", "failed")]
    found, settled = without_implied(
        [finding("UNIT", "G01!C6"), finding("JUMP", "G01!C6"), finding("JUMP", "G11!C9")],
        states,
        [check("UNIT", "JUMP"), check("JUMP")],
    )
    assert [(f.check, f.cells[0]) for f in found] == [("UNIT", "G01!C6"), ("JUMP", "G11!C9")]
    assert settled[1].state == "failed"


def test_without_the_cause_the_implied_finding_stands() -> None:
    found, _ = without_implied(
        [finding("JUMP", "G01!C6")], [CheckState("JUMP", "failed")], [check("UNIT", "JUMP")]
    )
    assert len(found) == 1


def test_a_unit_mistake_is_reported_once() -> None:
    outcome = check_file(SAMPLES / "vb03-ouxi.xlsx", Settings())
    assert outcome.evaluation is not None
    assert [f.check for f in outcome.evaluation.findings] == ["UM_001"]


def test_a_resubmission_is_marked_by_the_faults_of_its_first_filing(tmp_path: Path) -> None:
    """The first filing of 芦屿 failed two blocking checks: 3 − 2 × 0.5 = 2 points."""
    run = Run(settings=Settings(), target=Target(folder=tmp_path, pdf=False))
    evaluate_many([SAMPLES / "rc10-luyu-1.xlsx", SAMPLES / "rc10-luyu-2.xlsx"], run, Mapper())
    text = (tmp_path / "B9010H251010001" / "B9010H251010001-2026Q3.json").read_text("utf-8")
    document = json.loads(text)
    quality = next(i for i in document["indicators"] if i["id"] == "data_quality")
    assert quality["score"]["points"] == "2"
    assert document["score"]["low"] == document["score"]["high"]


def test_a_banks_own_check_forecasts_the_quality_of_its_filing() -> None:
    blocked = check_file(SAMPLES / "rc09-chengyan.xlsx", Settings()).evaluation
    assert blocked is not None
    assert [(r.law.id, r.points) for r in blocked.forecast] == [("data_quality", Fraction(2))]
    quality = blocked.indicator("data_quality")
    assert (quality.low, quality.high) == (Fraction(0), Fraction(3))
