"""The law as read: what stands on a day, for whom and where."""

from __future__ import annotations

import shutil
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from small_law_edits import PERIOD, SMALL, edit, small

from supervise.core.law import Indicator, Rulebook
from supervise.core.period import Period
from supervise.errors import RulebookError
from supervise.read.law_dated import in_force, read_number
from supervise.read.law_examples import read_examples
from supervise.read.lint import lint
from supervise.read.rulebook import bank_types, provinces, read_rulebook
from supervise.read.yaml import YamlMap


@pytest.fixture
def law(tmp_path: Path) -> Path:
    """A small sound law that a test may change."""
    shutil.copytree(SMALL.parent, tmp_path / "law")
    return tmp_path / "law" / "rulebook"


def indicator(rulebook: Rulebook, indicator_id: str) -> Indicator:
    return next(one for one in rulebook.indicators if one.id == indicator_id)


def test_the_shipped_law_is_sound() -> None:
    assert lint() == []


def test_the_small_law_is_sound() -> None:
    assert lint(SMALL) == []


@pytest.mark.parametrize("kind", sorted(bank_types().values()))
def test_every_bank_type_has_a_rulebook(kind: str) -> None:
    rulebook = read_rulebook(PERIOD, kind, "330000")
    assert rulebook.bank_type.id == kind
    assert len([one for one in rulebook.indicators if one.headline]) == 5
    assert sum(one.max for one in rulebook.elements if one.id != "bonus") == 100


def test_every_province_has_a_name_and_a_code() -> None:
    codes = provinces()
    assert codes["浙江省"] == "330000"
    assert len(codes) == 36
    assert len(set(codes.values())) == 36


def test_bank_types_are_listed_by_name() -> None:
    assert bank_types()["农村商业银行"] == "rural_commercial"
    assert len(bank_types()) == 11


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10%", Fraction(1, 10)),
        ("50", Fraction(50)),
        ("1000万", Fraction(10_000_000)),
        ("1.5亿", Fraction(150_000_000)),
        ("-3", Fraction(-3)),
        ("0.01%", Fraction(1, 10_000)),
        ("1,234.5", Fraction(2469, 2)),
    ],
)
def test_numbers_are_read_exactly(text: str, value: Fraction) -> None:
    assert read_number(text) == value


@pytest.mark.parametrize("text", ["", "十", "1.2.3", "ex_bills", "10 %", "1e3", "１０"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_number(text) is None


def test_the_latest_entry_not_after_the_day_applies() -> None:
    entries = YamlMap("x.yaml", 1)
    entries.update({"2024-11-25": "a", "2026-01-01": "b", "2027-01-01": "repealed"})
    assert in_force(entries, date(2024, 11, 24)) is None
    assert in_force(entries, date(2024, 11, 25)) == "2024-11-25"
    assert in_force(entries, date(2026, 1, 1)) == "2026-01-01"
    assert in_force(entries, date(2027, 1, 1)) is None


def test_a_parameter_has_its_value_of_the_last_day_of_the_period() -> None:
    assert small(Period(2025, 4)).parameters["growth_floor"].value == Fraction(1, 10)
    assert small(Period(2026, 1)).parameters["growth_floor"].value == Fraction(12, 100)


def test_an_unset_parameter_is_there_without_a_value() -> None:
    assert small().parameters["unset_level"].value is None


def test_amounts_and_texts_of_parameters_are_typed_by_their_unit() -> None:
    parameters = small().parameters
    assert parameters["loan_ceiling"].value == Fraction(10_000_000)
    assert parameters["bill_scope"].value == "ex_bills"


def test_a_requirement_knows_whether_it_addresses_the_bank_type() -> None:
    assert indicator(small(kind="large"), "loan_growth").requirements[0].applies
    assert not indicator(small(kind="city"), "loan_growth").requirements[0].applies


def test_an_indicator_knows_whether_it_addresses_the_bank_type() -> None:
    assert indicator(small(kind="city"), "resource_tilt").applies
    assert not indicator(small(kind="large"), "resource_tilt").applies


def test_a_score_without_parts_makes_one_part_with_the_indicators_id() -> None:
    one = indicator(small(), "loan_growth")
    assert [part.id for part in one.parts] == ["loan_growth"]
    curve = one.parts[0].curve
    assert curve is not None
    assert [case.label for case in curve.cases] == ["full_if", "无贷款", "达到水平", "otherwise"]
    assert [case.provenance for case in curve.cases] == ["extracted", *["provisional"] * 3]
    assert curve.deductions[0].points == -3
    assert one.memo is not None


def test_a_judged_part_knows_its_self_score_item() -> None:
    part = indicator(small(), "resource_tilt").parts[0]
    assert part.judged
    assert part.self_item == "XW7_resource_tilt_bonus_score"


def test_the_variables_of_a_check_become_bindings() -> None:
    check = next(one for one in small().checks if one.id == "CF_901")
    assert check.bindings == ({"when": "year_start"}, {"when": "year_ago"})
    assert check.implies == ("CF_902",)


def test_a_province_overrides_parameters_and_says_what_it_loosens() -> None:
    local = small(province="330000")
    assert local.parameters["growth_floor"].value == Fraction(8, 100)
    assert local.parameters["growth_floor"].basis.article == "试点"
    assert local.notices[0] == "浙江省实行示例试点。"
    assert "12%" in local.notices[1]
    assert "8%" in local.notices[1]
    assert small().notices == ()


def test_a_province_replaces_an_element_as_a_whole() -> None:
    local = small(province="440000")
    assert [one.id for one in local.indicators if one.element == "incentives"] == ["local_share"]
    assert local.province_name == "广东省"


def test_an_unknown_province_is_refused_with_the_nearest_code() -> None:
    with pytest.raises(RulebookError) as caught:
        small(province="330001")
    assert "330000" in caught.value.fix


def test_an_unknown_bank_type_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(RulebookError) as caught:
        small(kind="citi")
    assert "city" in caught.value.fix


def test_a_repealed_indicator_leaves_the_law(law: Path) -> None:
    path = law / "indicators" / "bonus" / "relending.yaml"
    edit(
        path,
        "formula: {2024-11-25: XW9_relending_amount}",
        "formula: {2024-11-25: XW9_relending_amount, 2026-07-01: repealed}",
    )
    path.write_text(path.read_text(encoding="utf-8") + "  2026-07-01: repealed\n", encoding="utf-8")
    edit(
        law / "elements.yaml",
        "  in_force: {2024-11-25: {max: 3, provenance: provisional}}",
        "  in_force: {2024-11-25: {max: 3, provenance: provisional}, 2026-07-01: repealed}",
    )
    before = read_rulebook(Period(2026, 2), "city", "110000", directory=law)
    after = read_rulebook(PERIOD, "city", "110000", directory=law)
    assert "relending" in {one.id for one in before.indicators}
    assert "relending" not in {one.id for one in after.indicators}


def test_a_rulebook_is_kept_until_a_file_changes(law: Path) -> None:
    first = read_rulebook(PERIOD, "city", "110000", directory=law)
    assert read_rulebook(PERIOD, "city", "110000", directory=law) is first
    edit(law / "parameters.yaml", "1000万", "999万")
    again = read_rulebook(PERIOD, "city", "110000", directory=law)
    assert again.parameters["loan_ceiling"].value == 9_990_000


def test_a_check_stands_between_its_dates(law: Path) -> None:
    edit(
        law / "checks" / "across.yaml",
        "    rows_of: XW2_branches",
        "    rows_of: XW2_branches\n    in_force: 2026-07-01\n    until: 2026-12-31",
    )
    found = {
        str(period): {
            one.id for one in read_rulebook(period, "city", "110000", directory=law).checks
        }
        for period in (Period(2026, 2), PERIOD, Period(2027, 1))
    }
    assert [name for name, checks in found.items() if "CF_903" in checks] == ["2026Q3"]


def test_examples_are_typed() -> None:
    examples = read_examples(SMALL)
    first = next(one for one in examples if one.indicator == "loan_growth")
    assert first.period == PERIOD
    assert first.bank_type == "large"
    assert first.given["G01_loans"] == "11亿"
    assert first.value == Fraction(1, 10)
    assert first.points == 50
    assert first.requirements == {"": "unmet"}
    local = next(one for one in examples if one.indicator == "local_share")
    assert local.province == "440000"


def test_the_shipped_examples_are_well_formed() -> None:
    examples = read_examples()
    assert len({one.indicator for one in examples}) >= 30
    assert all(one.where.rpartition(":")[2].isdigit() for one in examples)
