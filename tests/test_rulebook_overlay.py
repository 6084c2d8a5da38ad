"""An office's overlay: what it adds, replaces and merges, and what it must say aloud."""

from __future__ import annotations

import os
import time
from fractions import Fraction
from pathlib import Path

import pytest
from small_law_edits import PERIOD, SMALL, add, small

from supervise.core.period import Period
from supervise.read.overlay import LawTree
from supervise.read.rulebook import provinces, read_law, read_rulebook
from supervise.read.yaml import read_yaml


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office's empty overlay."""
    path = tmp_path / "office"
    path.mkdir()
    return path


def test_an_overlay_adds_an_indicator_a_check_a_type_and_a_province(office: Path) -> None:
    growth = (SMALL / "indicators" / "supply" / "loan_growth.yaml").read_text(encoding="utf-8")
    monitored = growth.split("base:")[0].replace("kind: regular", "kind: monitored")
    watched = monitored + "provenance: provisional\nbasis: {source: house}\n"
    add(office / "indicators" / "supply" / "own.yaml", watched)
    check = (SMALL / "checks" / "across.yaml").read_text(encoding="utf-8")
    own_check = check.split("  - id: CF_903")[1]
    add(office / "checks" / "own.yaml", f"checks:\n  - id: CF_999{own_check}")
    add(office / "bank_types" / "village.yaml", "name: 村镇银行\ngroups: [rural]\n")
    add(office / "provinces" / "330200.yaml", "name: 宁波市\n")
    local = read_rulebook(PERIOD, "village", "330200", directory=SMALL, overlay=office)
    assert local.overlay == "office"
    assert local.province_name == "宁波市"
    assert {"own", "loan_growth"} <= {one.id for one in local.indicators}
    assert "CF_999" in {one.id for one in local.checks}
    assert provinces(SMALL, office)["宁波市"] == "330200"


def test_an_overlay_merges_dated_parameters_and_says_what_it_loosens(office: Path) -> None:
    add(
        office / "parameters.yaml",
        "growth_floor:\n  values:\n    2026-07-01:"
        " {value: 5%, provenance: provisional, basis: {source: house, article: 本局}}\n",
    )
    before = read_rulebook(Period(2026, 2), "large", "110000", directory=SMALL, overlay=office)
    after = read_rulebook(PERIOD, "large", "110000", directory=SMALL, overlay=office)
    assert before.parameters["growth_floor"].value == Fraction(12, 100)
    assert before.notices == ()
    assert after.parameters["growth_floor"].value == Fraction(5, 100)
    assert after.parameters["growth_floor"].name == "增速下限"
    assert any("12%" in notice and "5%" in notice for notice in after.notices)


def test_an_overlay_that_drops_a_duty_or_softens_a_check_is_said_aloud(office: Path) -> None:
    growth = (SMALL / "indicators" / "supply" / "loan_growth.yaml").read_text(encoding="utf-8")
    add(
        office / "indicators" / "supply" / "loan_growth.yaml",
        growth.replace("at_least: growth_floor", "at_least: 1%"),
    )
    checks = (SMALL / "checks" / "across.yaml").read_text(encoding="utf-8")
    add(
        office / "checks" / "across.yaml",
        checks.split("  - id: CF_903")[0].replace("severity: blocking", "severity: advisory"),
    )
    said = "".join(
        read_rulebook(PERIOD, "large", "110000", directory=SMALL, overlay=office).notices
    )
    assert "CF_901" in said
    assert "CF_903" in said
    assert "不再执行" in said
    assert "由 growth_floor 放宽为 1%" in said


def test_a_merged_mapping_says_the_line_of_the_file_that_speaks(office: Path) -> None:
    add(office / "parameters.yaml", "\n\nbill_scope:\n  what: 本局口径\n")
    merged = LawTree.open(SMALL, office).read("parameters.yaml")
    assert merged.where("bill_scope").endswith("office/parameters.yaml:3")
    assert merged.map("bill_scope").where("what").endswith("office/parameters.yaml:4")
    assert merged.map("bill_scope").where("unit").endswith("rulebook/parameters.yaml:3")
    assert read_yaml(SMALL / "parameters.yaml").map("bill_scope").text("unit") == "text"


def test_an_overlay_is_part_of_the_digest(office: Path) -> None:
    add(
        office / "parameters.yaml",
        "loan_ceiling:\n  values:\n    2025-01-01:"
        " {value: 900万, provenance: provisional, basis: {source: house}}\n",
    )
    local = read_rulebook(PERIOD, "city", "110000", directory=SMALL, overlay=office)
    assert local.digest != small().digest


def test_a_file_that_comes_goes_or_changes_makes_another_state(tmp_path: Path) -> None:
    below = tmp_path / "checks"
    below.mkdir()
    (tmp_path / "empty").mkdir()
    tree = LawTree.open(tmp_path, None)
    old = time.time_ns() - 10**10
    states = [tree.state()]
    for change in (
        lambda: (below / "a.yaml").write_text("a: 1"),
        lambda: (tmp_path / "empty" / "b.yaml").write_text("b: 1"),
        lambda: (below / "a.yaml").write_text("a: 12"),
        lambda: (below / "a.yaml").unlink(),
    ):
        for folder in (tmp_path, below, tmp_path / "empty"):
            os.utime(folder, ns=(old, old))  # long ago, so that the listing is trusted
        assert tree.state() == tree.state()
        change()
        states.append(tree.state())
    assert len(set(states)) == len(states)


def test_the_shipped_law_has_one_state_and_an_office_law_its_own(tmp_path: Path) -> None:
    assert LawTree.open(None, None).state() == ()
    (tmp_path / "checks").mkdir()
    before = LawTree.open(None, tmp_path).state()
    (tmp_path / "checks" / "own.yaml").write_text("a: 1")
    assert LawTree.open(None, tmp_path).state() != before
    assert read_law(tmp_path) is not read_law()
    assert read_law() is read_law()
