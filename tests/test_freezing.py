"""``supervise rules freeze``: peer references written once, into ledger and rules."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from kept_runs import filed_first, kept
from ledgers import PERIOD, Place, file_place, filing

from supervise.cli.main import cli
from supervise.core.freezing import references, wanted_measures
from supervise.core.period import Period
from supervise.errors import LedgerError, UsageError
from supervise.ledger.records import OFFICE, FrozenReference
from supervise.pipeline.law.freezing import Frozen, freeze
from supervise.pipeline.run.frozen_peers import frozen_values
from supervise.read.lint import lint
from supervise.read.rulebook import read_rulebook
from supervise.settings import Settings

SHARE = "inclusive_loan_share"
ZH = Settings()


def filed(place: Place, kind: str, count: int, start: int = 0) -> None:
    """Banks of a type whose shares are 1/300, 2/300 … so that no median ends as a decimal."""
    with place.open() as ledger:
        ledger.append_evaluations(
            [
                filing(
                    f"{kind}{n}",
                    bank_type=kind,
                    compared={"total": str(60 + n), SHARE: f"{n + 1}/300"},
                )
                for n in range(start, start + count)
            ]
        )


def frozen(place: Place, reason: str = "") -> Frozen:
    return freeze(place.url, PERIOD, ZH, reason=reason)


def records(place: Place) -> list[FrozenReference]:
    with place.open() as ledger:
        known = ledger.records(FrozenReference, institutions=[OFFICE], latest=True)
    return [one for _, one in known]


def told(found: Frozen) -> dict[str, tuple[str, int]]:
    return {one.group: (str(one.value), len(one.values)) for one in found.references}


def test_the_law_says_which_measures_have_a_reference() -> None:
    book = read_rulebook(Period.parse(PERIOD), "rural_commercial", "330000")
    assert wanted_measures(book) == {SHARE}


def test_a_group_is_pooled_where_its_types_are_small() -> None:
    """Nine and three: neither is told alone, the twelve of them together are."""
    one, two = ({SHARE: tuple(map(Fraction, range(n)))} for n in (9, 3))
    groups = {"a": ("all_of_them",), "b": ("all_of_them",)}
    (found,) = references({"a": one, "b": two}, groups, [SHARE], 10)
    assert (found.group, found.value, len(found.values)) == ("all_of_them", Fraction(5, 2), 12)
    assert references({"a": one}, groups, [SHARE], 10) == ()


def test_medians_of_types_and_groups_are_kept_for_the_next_period(place: Place) -> None:
    filed(place, "rural_commercial", 11)
    filed(place, "village", 3)
    found = frozen(place)
    assert told(found) == {
        "rural_commercial": ("1/50", 11),  # the sixth of 1/300 … 11/300
        "rural": ("3/200", 14),  # between the seventh and eighth: 4 and 5 of 300
    }
    assert found.banks == {"rural_commercial": 11, "village": 3}
    medians = [one for one in records(place) if one.statistic == "median"]
    assert {(one.group, one.period, one.source_period, one.value) for one in medians} == {
        ("rural_commercial", "2026Q4", PERIOD, "0.02"),
        ("rural", "2026Q4", PERIOD, "0.015"),
    }


def test_where_a_bank_stands_is_frozen_with_every_value(place: Place) -> None:
    filed(place, "rural_commercial", 11)
    frozen(place)
    filed(place, "rural_commercial", 1, start=20)
    with place.open() as ledger:
        values = frozen_values(ledger, [PERIOD])[PERIOD]["rural_commercial"]
    assert values["total"] == tuple(map(Fraction, range(60, 71)))
    assert values[SHARE][0] == Fraction(1, 300)


def test_the_same_again_adds_nothing_and_other_values_need_a_reason(place: Place) -> None:
    filed(place, "rural_commercial", 11)
    first = frozen(place)
    assert first.added == len(records(place))
    again = frozen(place)
    assert (again.added, again.digest) == (0, first.digest)
    filed(place, "rural_commercial", 1, start=20)
    with pytest.raises(LedgerError) as caught:
        frozen(place)
    assert caught.value.code == "already_frozen"
    assert "法人由 11 家变为 12 家" in caught.value.what
    assert len(records(place)) == first.added
    later = frozen(place, reason="补报一家")
    assert later.added > 0
    assert later.digest != first.digest
    whole = [one for one in records(place) if one.statistic == "freeze"]
    assert [(one.value, one.n, one.digest) for one in whole] == [("补报一家", 12, later.digest)]
    with place.open() as ledger:
        kept = ledger.records(FrozenReference, institutions=[OFFICE])
        assert ledger.verify().broken == ()
    reasons = [one.value for _, one in kept if one.statistic == "freeze"]
    assert reasons == ["", "补报一家"]


def test_a_group_that_shrinks_below_the_minimum_loses_its_reference(place: Place) -> None:
    filed(place, "rural_commercial", 10)
    assert set(told(frozen(place))) == {"rural_commercial", "rural"}
    blocked = filing(
        "rural_commercial0", bank_type="rural_commercial", status="blocked",
        compared={"total": "60", SHARE: "1/300"},
    )  # fmt: skip
    with place.open() as ledger:
        ledger.append_evaluations([blocked])
    assert told(frozen(place, reason="一家改为阻断")) == {}
    medians = [one for one in records(place) if one.statistic == "median"]
    assert {(one.value, one.n) for one in medians} == {(None, 0)}


def test_nothing_filed_is_nothing_to_freeze(place: Place) -> None:
    with pytest.raises(UsageError) as caught:
        frozen(place)
    assert caught.value.code == "nothing_filed"


# --- as rules ---------------------------------------------------------------------------------


def called(place: Place, *options: object) -> Result:
    told = ["rules", "freeze", PERIOD, "--ledger", place.url, *map(str, options)]
    return CliRunner().invoke(cli, told, standalone_mode=False)


def reference(overlay: Path, period: str, kind: str) -> tuple[str, Fraction | None]:
    """What a bank type's share is compared with: of which period, and how much."""
    book = read_rulebook(Period.parse(period), kind, "330000", overlay=overlay)
    found = {one.group: one for one in book.peer_references}
    groups = (kind, *book.bank_type.groups)
    one = next(found[group] for group in groups if group in found)
    return one.period, one.value


def test_the_rows_are_rules_of_an_office_from_the_next_period_on(tmp_path: Path) -> None:
    place, overlay = file_place(tmp_path / "quarter.db"), tmp_path / "rules"
    overlay.mkdir()
    filed(place, "rural_commercial", 11)
    result = called(place, "-o", overlay)
    assert result.return_value == 0
    assert "农村商业银行" in result.stdout
    assert "0.02" in result.stdout
    assert lint(overlay=overlay) == []
    assert reference(overlay, PERIOD, "rural_commercial") == ("2025Q4", Fraction(3, 10))
    assert reference(overlay, "2026Q4", "rural_commercial") == (PERIOD, Fraction(1, 50))
    assert reference(overlay, "2026Q4", "city") == ("2025Q4", Fraction(15, 100))


def test_a_second_period_is_added_below_and_the_same_one_replaced(tmp_path: Path) -> None:
    place, rules = file_place(tmp_path / "quarter.db"), tmp_path / "peer_references.yaml"
    filed(place, "rural_commercial", 11)
    called(place, "-o", rules)
    once = rules.read_text(encoding="utf-8")
    called(place, "-o", rules)
    assert rules.read_text(encoding="utf-8") == once
    filed(place, "rural_commercial", 1, start=20)
    called(place, "-o", rules, "--reason", "补报一家")
    again = rules.read_text(encoding="utf-8")
    assert again.count(", period: 2026Q3") == once.count(", period: 2026Q3") == 2
    assert again.count("period: 2025Q4") == once.count("period: 2025Q4") == 6
    assert "n: 12" in again


# --- in a run ---------------------------------------------------------------------------------


def test_a_run_after_the_freeze_compares_with_what_was_frozen_and_says_so(tmp_path: Path) -> None:
    place = file_place(tmp_path / "quarter.db")
    for number in (1, 2):
        code = f"B{number:04}H233000001"
        filed_first(tmp_path / str(number) / "a.xlsx", COVER_bank_code=code)
    kept(tmp_path / "1", tmp_path / "out", place.url)
    frozen(place)
    kept(tmp_path / "2", tmp_path / "out", place.url)
    (path,) = (tmp_path / "out").rglob(f"B0002*-{PERIOD}.json")
    peer = json.loads(path.read_text(encoding="utf-8"))["score"]["peer"]
    assert (peer["group"], peer["n"]) == ("农村商业银行（2026年三季度冻结值）", 1)
