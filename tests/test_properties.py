"""What must hold for any figures: directions, exact limits, blanks, the order of sheets."""

from __future__ import annotations

import io
import random
import re
import zipfile
from fractions import Fraction
from pathlib import Path

import pytest
from builders import (
    Given,
    branches,
    decimal,
    evaluated,
    filed,
    law,
    nil_bank,
    value_of,
    workbook,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from supervise.core.evaluation import Evaluation
from supervise.core.indicators import measure_indicator
from supervise.core.law import Indicator, Rulebook
from supervise.core.model import Submission
from supervise.core.world import Book
from supervise.pipeline.case import check_file
from supervise.settings import Settings

SPLITS = 1000
LARGE = law("2026Q3", "large", "110000")
CENT = Fraction(1, 100)


def indicator_of(name: str, book: Rulebook) -> Indicator:
    return next(one for one in book.indicators if one.id == name)


def judged(name: str, submission: Submission, book: Rulebook) -> tuple[Fraction | None, str]:
    """Points, and whether the first requirement is met."""
    from builders import book_of

    world: Book = book_of(submission, book)
    found = measure_indicator(indicator_of(name, book), world)
    return found.points, found.requirements[0].status if found.requirements else ""


def test_a_weight_of_exactly_a_tenth_passes_and_one_unit_below_fails() -> None:
    """Weights as banks type them: whole, one and two decimals of a percent."""
    dice = random.Random(10)
    for _ in range(SPLITS):
        digits = dice.choice((2, 3, 4))
        unit = Fraction(1, 10**digits)
        others = [Fraction(1, 10) + dice.randrange(0, 50) * unit for _ in range(dice.randrange(4))]
        for weight, met in ((Fraction(1, 10), True), (Fraction(1, 10) - unit, False)):
            weights = [*others, weight]
            dice.shuffle(weights)
            submission = filed(LARGE, XW2_branch_count=len(weights),
                               tables=branches(*map(decimal, weights)))  # fmt: skip
            points, status = judged("branch_kpi_weight", submission, LARGE)
            assert status == ("met" if met else "unmet")
            assert points == (10 if met else Fraction(10 * (len(weights) - 1), len(weights)))


def test_a_gap_of_exactly_three_points_passes_and_one_cent_more_fails() -> None:
    """a/b − c/d = 3 个百分点 on the nose, with amounts in whole 分."""
    dice = random.Random(3)
    book = law()
    for _ in range(SPLITS):
        loans = dice.randrange(10**6, 10**13)
        small = dice.randrange(10**4, loans)
        bad = dice.randrange(0, loans // 20)
        loans, small = loans * 100, small * 100
        bad *= 100
        exact = Fraction(bad, loans) * small + 3 * Fraction(small, 100)
        if exact.denominator != 1:
            scale = exact.denominator
            loans, small, bad, exact = loans * scale, small * scale, bad * scale, exact * scale
        for npl, full in ((exact, True), (exact + 1, False)):
            found = value_of(
                "npl_gap <= npl_gap_limit",
                _book(book, small=small, npl=int(npl), loans=loans, bad=bad),
            )
            assert found is full, (small, npl, loans, bad)


def _book(book: Rulebook, *, small: int, npl: int, loans: int, bad: int) -> Book:
    from builders import book_of

    figures = {"S71_I_6_A5": small, "S71_I_6_C5": npl, "G01_loans": loans, "G11_npl": bad}
    facts = filed(book, {name: fen * CENT for name, fen in figures.items()})
    return book_of(facts, book)


def test_full_points_for_asset_quality_end_at_three_points() -> None:
    dice = random.Random(33)
    book = law()
    for _ in range(100):
        small, ratio = dice.randrange(1, 10**6) * 10_000, Fraction(dice.randrange(0, 500), 10_000)
        figures: dict[str, Given] = {"G01_loans": 10**12, "S71_I_6_A5": small}
        figures["G11_npl"] = ratio * 10**12
        for over, full in ((Fraction(0), True), (CENT, False)):
            npl = (ratio + Fraction(3, 100)) * small + over
            points, _ = judged("asset_quality", filed(book, {**figures, "S71_I_6_C5": npl}), book)
            assert points is not None
            assert (points == 5) is full


def test_a_discount_of_exactly_fifty_points_passes_and_any_less_fails() -> None:
    dice = random.Random(50)
    for _ in range(SPLITS):
        unit = Fraction(1, 10 ** dice.randrange(0, 5))
        for discount, met in ((Fraction(50), True), (50 - unit, False)):
            submission = filed(LARGE, XW2_ftp_discount_bp=decimal(discount))
            _, status = judged("resource_tilt", submission, LARGE)
            assert status == ("met" if met else "unmet")


AMOUNTS = st.integers(1, 10**9).map(lambda n: Fraction(n * 100))
DIRECTIONS = (
    ("inclusive_loan_growth", "S71_I_6_A5", "higher"),
    ("borrower_count", "S71_I_6_B5", "higher"),
    ("asset_quality", "S71_I_6_C5", "lower"),
    ("loan_cost", "S71_I_6_F5", "lower"),
    ("credit_loan", "S71_I_6_1_A5", "higher"),
    ("medium_long_term", "S71_I_6_2_A5", "higher"),
    ("renewal", "S71_I_6_3_A5", "higher"),
    ("legal_person", "S71_I_1_A5", "higher"),
    ("private_owned", "S63_III_1_private_small", "higher"),
    ("first_loan", "XW1_first_count_total_incl", "higher"),
    ("key_sectors", "XW6_srdi", "higher"),
    ("seven_prohibitions", "XW5_violations_established", "lower"),
    ("coordination_mechanism", "XW6_credited_count_incl", "higher"),
)
FIGURES = (
    "S71_I_6_[A-F]5|S71_I_6_[123]_A5|S71_I_1_A5|G01_loans|G11_npl|S63_III_1_private_small"
    "|XW1_(first_count_total_incl|due|renewed)|XW6_(srdi|tech|overlap)"
    "|XW6_(recommended|credited)_count_incl|XW5_violations_established"
)
NEEDED = sorted(
    item
    for item in law().forms.items
    if re.fullmatch(f"({FIGURES})(_year_start|_year_ago|_last_year)?", item)
)


@pytest.mark.parametrize(("name", "item", "better"), DIRECTIONS, ids=[d[0] for d in DIRECTIONS])
@settings(max_examples=25)
@given(data=st.data())
def test_a_better_figure_never_lowers_the_points(
    name: str, item: str, better: str, data: st.DataObject
) -> None:
    """All else equal, more of the good and less of the bad is never punished."""
    rest = {i: data.draw(AMOUNTS, label=i) for i in NEEDED if i != item}
    low, high = sorted(data.draw(st.tuples(AMOUNTS, AMOUNTS), label=item))
    book = law()
    few, _ = judged(name, filed(book, {**rest, item: low}), book)
    many, _ = judged(name, filed(book, {**rest, item: high}), book)
    if few is not None and many is not None:
        assert few <= many if better == "higher" else few >= many


@given(st.fractions(0, 2, max_denominator=10**4), st.fractions(0, 2, max_denominator=10**4))
def test_a_higher_weight_never_lowers_the_points(one: Fraction, other: Fraction) -> None:
    from supervise.core.model import Fact
    from supervise.record import replace

    submission = filed(LARGE, XW2_branch_count=2, tables=branches("10%", "10%"))
    first, second = submission.tables["XW2_branches"]

    def points(weight: Fraction) -> Fraction:
        exact = decimal(Fraction(round(weight * 10_000), 10_000))
        changed: Fact = replace(first["XW2_kpi_weight"], value=exact)
        row = {**first, "XW2_kpi_weight": changed}
        tables = {**submission.tables, "XW2_branches": (row, second)}
        found, _ = judged("branch_kpi_weight", replace(submission, tables=tables), LARGE)
        assert found is not None
        return found

    low, high = sorted((one, other))
    assert points(low) <= points(high)


@given(st.data())
@settings(max_examples=30)
def test_points_stay_within_the_maximum_and_the_span(data: st.DataObject) -> None:
    picked = data.draw(st.sets(st.sampled_from(NEEDED)))
    figures = {i: data.draw(AMOUNTS) for i in sorted(picked)}
    found = evaluated(law(), filed(law(), figures))
    assert found.score.low <= found.score.total <= found.score.high <= 103
    for result in found.indicators:
        if result.points is not None:
            assert result.low is not None
            assert result.high is not None
            assert result.max is not None
            assert result.low <= result.points <= result.high <= result.max


@given(st.data())
@settings(max_examples=40)
def test_a_blank_follows_the_rule_of_its_sheet(data: st.DataObject) -> None:
    """On 1104 sheets leaving a cell blank and typing 0 are one thing; elsewhere they are two."""
    forms = law().forms
    form = data.draw(st.sampled_from([f for f in forms.forms if f.placed and f.id != "COVER"]))
    units = {p.item: forms.items[p.item].unit for p in form.placed if p.kind == "input"}
    numbers = [name for name, unit in units.items() if unit in ("yuan", "count", "bp", "ratio")]
    if not numbers:
        return
    item = data.draw(st.sampled_from(numbers))
    blank, zero = filed(), filed(law(), {item: 0})
    same = blank.facts[item].value == zero.facts[item].value
    assert same is (form.blank == "zero")
    assert (blank.facts[item].state == "blank") is (form.blank == "missing")


def shuffled(source: Path, target: Path, order: random.Random) -> Path:
    """The same workbook with its sheet tabs in another order."""
    with zipfile.ZipFile(source) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    book = parts["xl/workbook.xml"].decode()
    head, tabs, tail = re.split(r"(<sheets>.*?</sheets>)", book, maxsplit=1, flags=re.S)
    each = re.findall(r"<sheet .*?/>", tabs, flags=re.S)
    order.shuffle(each)
    head, tail = _unnamed(head), _unnamed(tail)
    parts["xl/workbook.xml"] = f"{head}<sheets>{''.join(each)}</sheets>{tail}".encode()
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)
    target.write_bytes(whole.getvalue())
    return target


def _unnamed(xml: str) -> str:
    """Without defined names and views: both count sheets by position."""
    kept = re.sub(r"<definedNames>.*?</definedNames>", "", xml, flags=re.S)
    return re.sub(r"<bookViews>.*?</bookViews>", "", kept, flags=re.S)


def checked(path: Path) -> Evaluation:
    outcome = check_file(path, Settings())
    assert outcome.evaluation is not None, outcome.refusal
    return outcome.evaluation


def test_the_order_of_sheets_changes_nothing(tmp_path: Path) -> None:
    from supervise.record import replace

    figures = nil_bank(
        COVER_status_G01="正常", G01_loans="12亿", COVER_status_XW1="正常", XW1_due="3万"
    )
    first = workbook(tmp_path / "a.xlsx", figures)
    expected = checked(first)
    assert expected.submission.facts["XW1_due"].value == 30_000
    for turn in range(3):
        again = checked(shuffled(first, tmp_path / f"{turn}.xlsx", random.Random(turn)))
        same = replace(again.submission, file="a.xlsx", sha256=expected.submission.sha256)
        assert same == expected.submission
        assert again.findings == expected.findings
        assert (again.score, again.grade) == (expected.score, expected.grade)
