"""The digest of the law: what changes it, what does not, and that published law cannot move."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from small_law_edits import PERIOD, SMALL, add, edit, small

from supervise.core.period import Period
from supervise.read.digest import canonical
from supervise.read.lint import lint
from supervise.read.published import check_published
from supervise.read.rulebook import read_rulebook


@pytest.fixture
def law(tmp_path: Path) -> Path:
    """A small sound law that a test may change."""
    shutil.copytree(SMALL.parent, tmp_path / "law")
    return tmp_path / "law" / "rulebook"


def test_the_digest_is_the_same_for_the_same_law() -> None:
    assert small().digest == small().digest
    assert small().digest == small(Period(2026, 2)).digest
    assert len(small().digest) == 64


def test_two_quarters_under_the_same_law_have_the_same_digest() -> None:
    second = read_rulebook(Period(2026, 2), "rural_commercial", "330000")
    third = read_rulebook(PERIOD, "rural_commercial", "330000")
    assert second.digest == third.digest


def test_the_digest_differs_where_the_law_differs() -> None:
    digests = {small(Period(2025, 4)).digest, small().digest, small(kind="large").digest}
    digests |= {small(province="330000").digest, small(province="440000").digest}
    assert len(digests) == 5


def test_a_later_dated_entry_does_not_change_an_older_periods_digest(law: Path) -> None:
    before = read_rulebook(PERIOD, "city", "110000", directory=law)
    later = read_rulebook(Period(2027, 4), "city", "110000", directory=law)
    new = "2027-01-01: {value: 15%, provenance: confirmed, basis: {source: new}}"
    edit(law / "parameters.yaml", "第二条}}", f"第二条}}}}\n    {new}")
    add(
        law / "sources.yaml",
        (law / "sources.yaml").read_text(encoding="utf-8")
        + "new:\n  title: 新文件\n  provenance: confirmed\n",
    )
    tilt = law / "indicators" / "incentives" / "resource_tilt.yaml"
    add(
        law / "indicators" / "supply" / "future.yaml",
        tilt.read_text(encoding="utf-8")
        .replace("2024-11-25", "2027-01-01")
        .replace("incentives", "supply")
        .replace("kind: regular", "kind: monitored"),
    )
    assert read_rulebook(PERIOD, "city", "110000", directory=law).digest == before.digest
    (law / "indicators" / "supply" / "future.yaml").unlink()
    changed = read_rulebook(Period(2027, 4), "city", "110000", directory=law)
    assert changed.digest != later.digest


def test_prose_does_not_change_the_digest(law: Path) -> None:
    before = read_rulebook(PERIOD, "city", "110000", directory=law).digest
    path = law / "indicators" / "supply" / "loan_growth.yaml"
    edit(path, "what: 各项贷款较年初增速。", "what: 改。")
    edit(law / "checks" / "across.yaml", "fix: 核对两格。", "fix: 请核对。")
    edit(law / "elements.yaml", "name: 投放", "name: 信贷投放")
    assert read_rulebook(PERIOD, "city", "110000", directory=law).digest == before


def test_the_order_of_entries_does_not_change_the_digest(law: Path) -> None:
    before = read_rulebook(PERIOD, "city", "110000", directory=law).digest
    path = law / "definitions.yaml"
    net, growth = path.read_text(encoding="utf-8").split("net_growth:")
    path.write_text(f"net_growth:{growth}{net}", encoding="utf-8")
    checks = law / "checks" / "across.yaml"
    first, second = checks.read_text(encoding="utf-8").split("  - id: CF_903")
    add(law / "checks" / "across.yaml", first)
    add(law / "checks" / "aaa.yaml", f"checks:\n  - id: CF_903{second}")
    assert read_rulebook(PERIOD, "city", "110000", directory=law).digest == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("indicators/supply/loan_growth.yaml", "value >= base", "value > base"),
        ("indicators/supply/loan_growth.yaml", "otherwise: provisional}", "otherwise: extracted}"),
        ("indicators/supply/loan_growth.yaml", "article: 附件", "article: 附件一"),
        ("checks/across.yaml", "tolerance: rounding", "tolerance: none"),
        ("grades.yaml", "at_least: 90", "at_least: 91"),
        ("parameters.yaml", "1000万", "1001万"),
    ],
)
def test_each_part_of_the_law_is_in_the_digest(law: Path, file: str, old: str, new: str) -> None:
    before = read_rulebook(PERIOD, "city", "110000", directory=law).digest
    edit(law / file, old, new)
    assert read_rulebook(PERIOD, "city", "110000", directory=law).digest != before


def test_spaces_in_a_formula_mean_nothing_and_in_a_text_they_do() -> None:
    assert canonical("a +  b*( c )") == canonical("a+b * (c)")
    assert canonical("x = '一 级'") != canonical("x = '一级'")
    assert canonical("not a and b") == "not a and b"


def test_published_law_cannot_move(law: Path) -> None:
    plain = read_rulebook(PERIOD, "city", "110000", directory=law).digest
    local = read_rulebook(PERIOD, "city", "330000", directory=law).digest
    add(law / "published.yaml", f"2026Q3: {{city: {plain}, city/330000: {local}}}\n")
    assert check_published(law) == []
    edit(law / "indicators" / "supply" / "loan_growth.yaml", "value >= base", "value > base")
    moved = check_published(law)
    assert len(moved) == 2
    assert "已公布" in moved[0].what
    assert {problem.code for problem in lint(law)} == {"published_law_moved"}
