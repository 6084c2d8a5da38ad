"""Banks worked by hand with a pencil, held against the evaluation document, figure by figure."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import oracle_arithmetic as pencil
import pytest
from oracle_case import HERE, NAMES, case, document, number, printed

from supervise.read.yaml import YamlMap

ALLOWED = ("supervise.pipeline", "supervise.read", "supervise.write", "supervise.settings")
NOUNS = {"supervise.core.period": {"Period"}, "supervise.core.context": {"Context", "Parent"}}
ON_OR_OFF = {"writeoff_use", "fee_transparency", "credit_platform"}
MAXIMA = {
    "inclusive_loan_growth": 15,
    "inclusive_loan_share": 8,
    "borrower_count": 4,
    "loan_cost": 5,
    "asset_quality": 5,
    "first_loan": 5,
    "credit_loan": 5,
    "medium_long_term": 3,
    "renewal": 3,
    "legal_person": 2,
    "private_owned": 2,
    "branch_kpi_weight": 10,
    "resource_tilt": 6,
    "due_diligence_exemption": 10,
    "npl_tolerance": 4,
    "seven_prohibitions": 3,
    "online_loan_review": 2,
    "data_quality": 3,
    "coordination_mechanism": 3,
    "key_sectors": 2,
    "writeoff_use": 1,
    "fee_transparency": 1,
    "credit_platform": 1,
}


@pytest.fixture(scope="module", params=NAMES)
def worked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    name = request.param
    return case(name).map("expect"), document(name, tmp_path_factory.mktemp(name))


def test_every_indicator_comes_out_as_worked_by_hand(worked: Any) -> None:
    expected, found = worked
    by_id = {entry["id"]: entry for entry in found["indicators"]}
    wrong = [
        f"{name} {what}: {have} instead of {want}"
        for name, told in expected.map("indicators").items()
        for what, have, want in _compared(told, by_id[name])
        if have != want
    ]
    assert wrong == []


def _compared(told: YamlMap, entry: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    applies = told.get("applies") != "false"
    yield "applies", entry["applicability"], "applies" if applies else "not_applicable"
    for key in ("value", "memo"):
        if key in told:
            yield key, entry[key], printed(told[key])
    if "reason" in told:
        yield "reason", entry["reason"], told["reason"]
    if applies and "points" in told:
        high = told.get("high", told["points"])
        for key, text in (("points", told["points"]), ("low", told["points"]), ("high", high)):
            yield key, entry["score"][key], printed(text)
    yield from _details(told, entry)


def _details(told: YamlMap, entry: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    parts = {part["id"]: part for part in entry["parts"]}
    for part, points in told.map("parts").items():
        yield f"part {part}", parts[part]["points"], printed(points)
    for part, value in told.map("part_values").items():
        yield f"part {part} value", parts[part]["value"], printed(value)
    statuses = {one["id"]: one["status"] for one in entry["requirements"]}
    for one, status in told.map("requirements").items():
        yield f"requirement {one}", statuses.get(one), status


def test_every_element_comes_out_as_worked_by_hand(worked: Any) -> None:
    expected, found = worked
    by_id = {element["id"]: element for element in found["elements"]}
    for name, told in expected.map("elements").items():
        if told == "empty":
            assert by_id[name]["raw_max"] == "0", name
        else:
            have = by_id[name]["raw"], by_id[name]["points"]
            assert have == (printed(told["raw"]), printed(told["points"])), name


def test_every_total_comes_out_as_worked_by_hand(worked: Any) -> None:
    expected, found = worked
    score = {key: found["score"][key] for key in expected.map("score")}
    assert score == {key: printed(text) for key, text in expected.map("score").items()}


def test_every_grade_comes_out_as_worked_by_hand(worked: Any) -> None:
    expected, found = worked
    grade = expected.text("grade")
    assert found["grade"]["id"] == (None if grade == "none" else grade)
    assert found["grade"]["vetoes"] == list(expected.texts("vetoes"))
    assert found["evaluation"]["kind"] == expected.text("kind")
    assert found["grade"]["official"] is False


def test_every_submission_has_the_findings_that_its_page_tells(worked: Any) -> None:
    expected, found = worked
    assert found["status"] == expected.text("status")
    for severity in ("blocking", "explain"):
        checks = {f["check"] for f in found["findings"] if f["severity"] == severity}
        assert checks == set(expected.texts(severity)), severity


@pytest.mark.parametrize("name", NAMES)
def test_every_sum_shown_on_a_page_is_right(name: str) -> None:
    shown = list(pencil.lines(_page(name)))
    assert len(shown) > 10
    assert [line for line in shown if not pencil.holds(line)] == []


@pytest.mark.parametrize("name", NAMES)
def test_page_and_figures_tell_the_same_points(name: str) -> None:
    on_page = dict(re.findall(r"`(\w+)` → \*\*(\S+) 分(?:（高 \S+ 分）)?\*\*", _page(name)))
    indicators = case(name).map("expect").map("indicators")
    points = {one: told["points"] for one, told in indicators.items() if "points" in told}
    assert on_page == points


def _page(name: str) -> str:
    return (HERE / f"{name}.md").read_text(encoding="utf-8")


def _reached(indicator: str) -> set[Fraction]:
    """Points that the worked banks get for an indicator, where nothing is open."""
    expected = (case(name).map("expect").map("indicators").get(indicator) for name in NAMES)
    return {number(one["points"]) for one in expected if one and "points" in one}


@pytest.mark.parametrize("indicator", MAXIMA)
def test_each_indicator_is_worked_at_full_at_zero_and_between(indicator: str) -> None:
    most, points = MAXIMA[indicator], _reached(indicator)
    assert most in points
    assert any(one <= 0 for one in points)
    assert indicator in ON_OR_OFF or any(0 < one < most for one in points)


def test_totals_lie_exactly_on_each_boundary_of_the_second_class() -> None:
    expected = (case(name).map("expect") for name in NAMES)
    graded = {(e.map("score").text("low"), e.text("grade")) for e in expected}
    assert {("90", "1"), ("85", "2A"), ("80", "2B"), ("75", "2C")} <= graded


@pytest.mark.parametrize("path", sorted(HERE.glob("*.py")), ids=lambda path: path.name)
def test_the_oracle_never_imports_a_formula_of_the_engine(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert not any(alias.name.startswith("supervise") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("supervise"):
            names = {alias.name for alias in node.names}
            module = node.module or ""
            assert module.startswith(ALLOWED) or names <= NOUNS.get(module, set()), module
