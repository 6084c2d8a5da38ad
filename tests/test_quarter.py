"""Whole quarters of invented submissions: come out as planned, the same each time."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from made_quarter import SIXTY, Made, made_and_run, outcomes, planned
from make_quarter import FOLDER, make_quarter
from quarter.faults import FAULTS
from quarter.filed import all_values, branch_rows
from quarter.hostile import HOSTILE
from quarter.mould import mould_of
from quarter.names import code_of
from quarter.plan import CHAINS, GOOD, Wish, plan
from quarter.population import KINDS, kinds, population
from sample_files import figures
from samples.figures import FILED_ON
from samples.workbook import typed_in

from supervise.core.law import Check
from supervise.ooxml.refusals import REASONS
from supervise.pipeline.case import check_file
from supervise.read.rulebook import bank_types, provinces, read_rulebook
from supervise.read.submission import bind
from supervise.read.workbook import read_workbook
from supervise.settings import Settings
from supervise.write.sheets import write_template

NOT_OF_THE_GUARD = {"wrong_version", "bad_bank_code"}


def test_sixty_submissions_come_out_as_planned(quarter: Made) -> None:
    assert outcomes(quarter) == planned(quarter)


def test_every_kind_of_fault_is_among_the_sixty() -> None:
    dealt = {file.kind for file in plan(SIXTY).files}
    assert dealt >= {GOOD, *FAULTS, *HOSTILE, *(kind for _, two in CHAINS for kind in two)}


def test_the_reasons_expected_are_reasons_that_the_guard_knows() -> None:
    expected = {code for code, _ in HOSTILE.values()}
    expected |= {fault.refusal for fault in FAULTS.values() if fault.refusal}
    assert expected - NOT_OF_THE_GUARD <= set(REASONS)


def test_the_same_wish_gives_the_same_bytes(tmp_path: Path) -> None:
    wish = Wish(count=12, faults=0.5, hostile=0.25)
    for name, workers in (("one", 1), ("other", 2)):
        make_quarter(wish, tmp_path / name, workers=workers)
    files = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*.*"))
    assert len(files) == 12 + 3
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()


def test_another_seed_gives_other_figures() -> None:
    one, other = (population(30, seed) for seed in (1, 2))
    assert [bank.book for bank in one] != [bank.book for bank in other]


def test_a_workbook_from_the_mould_reads_like_one_from_the_template() -> None:
    mould = mould_of("2026Q3")
    bank = population(30, 1)[20]
    values = typed_in(mould.forms, all_values(bank, "2026Q3"))
    tables = branch_rows(bank, 2026)
    ours = mould.workbook(mould.contents(values, tables))
    theirs = write_template(mould.forms, period=mould.period, values=values, tables=tables)
    law = read_rulebook(mould.period, bank.type, bank.province)
    checks: dict[str, Check] = {check.id: check for check in law.checks}
    raw = [read_workbook(data, "filed.xlsx") for data in (ours, theirs)]
    one, other = (
        bind(each, mould.forms, bank_types=bank_types(), provinces=provinces(), checks=checks)
        for each in raw
    )
    assert figures(one.facts) == figures(other.facts)
    assert [*map(figures, one.tables["XW2_branches"])] == [
        *map(figures, other.tables["XW2_branches"])
    ]
    assert one.reading == other.reading == ()
    assert [[*sheet.cells] for sheet in raw[0].sheets] == [[*s.cells] for s in raw[1].sheets]


def test_banks_have_names_and_codes_of_their_own() -> None:
    banks = population(3000, 1)
    assert len({bank.code for bank in banks}) == len({bank.name for bank in banks}) == 3000
    assert all(re.fullmatch(r"[A-Z0-9]{15}|[A-Z0-9]{18}", bank.code) for bank in banks)
    assert code_of(7, "village", "330000") != code_of(10_007, "village", "330000")


def test_every_type_has_its_share_and_its_banks() -> None:
    many = kinds(4500)
    assert len(many) == 4500
    assert set(many) == set(kinds(12)) == set(KINDS)
    assert 1500 < many.count("rural_commercial") < 1650
    assert len(kinds(3)) == 3


def test_a_branch_names_a_legal_person_that_files() -> None:
    planned_quarter = plan(Wish(count=300))
    filing = {file.bank.code for file in planned_quarter.files}
    branches = [file.bank for file in planned_quarter.files if file.bank.branch]
    assert branches
    assert {bank.parent for bank in branches} <= filing


def test_shares_of_files_are_as_asked_for() -> None:
    files = plan(Wish(count=1000, faults=0.1, hostile=0.05, resubmissions=0.04)).files
    assert len(files) == 1000
    assert sum(file.kind in HOSTILE for file in files) == 50
    assert sum(file.sequence > 1 or "(2)" in file.file for file in files) == 40


def test_more_faults_than_banks_are_refused() -> None:
    with pytest.raises(ValueError, match="more faults"):
        plan(Wish(count=10, faults=1.0, hostile=0.5))


def test_a_period_without_figures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2026Q3"):
        make_quarter(Wish(count=10, period="2031Q1"), tmp_path)


@pytest.mark.soak
def test_a_thousand_come_out_as_planned(tmp_path: Path) -> None:
    start = time.perf_counter()
    wish = Wish(count=1000, hostile=0.05)
    make_quarter(wish, tmp_path, workers=2)
    print(f"\n1,000 submissions made in {time.perf_counter() - start:.1f} s by two processes")
    made = made_and_run(wish, tmp_path, workers=2)
    assert outcomes(made) == planned(made)


@pytest.mark.soak
@pytest.mark.parametrize("period", [*FILED_ON])
def test_every_period_comes_out_as_planned(period: str, tmp_path: Path) -> None:
    wish = Wish(count=200, period=period, faults=0.2, hostile=0.1, resubmissions=0.05, seed=5)
    made = made_and_run(wish, tmp_path, workers=2)
    assert outcomes(made) == planned(made)


@pytest.mark.soak
def test_four_thousand_good_banks_have_nothing_to_remark_on(tmp_path: Path) -> None:
    quarter = make_quarter(
        Wish(count=4000, faults=0.0, resubmissions=0.0, seed=3), tmp_path, workers=2
    )
    for file in quarter.files:
        evaluation = check_file(tmp_path / FOLDER / file.file, Settings()).evaluation
        assert evaluation is not None
        assert not evaluation.findings
