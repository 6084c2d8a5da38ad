"""Law and forms hold together: names, maxima, direction of points, bases, and what is needed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import pairwise

import pytest
from builders import book_of, filed, law, law_with

from supervise.core.compute import compute
from supervise.core.formula import PERIOD_WORDS, Call, Expression, Name, walk
from supervise.core.frame import Absent, Frame, Result
from supervise.core.law import Check, Curve, Indicator, PartLaw, Rulebook
from supervise.core.scoring import score_part
from supervise.core.world import Book
from supervise.read.rulebook import bank_types, provinces
from supervise.record import replace

CASES = [
    (period, kind, province)
    for period in ("2026Q3", "2026Q4")
    for kind, province in (
        ("rural_commercial", "510000"), ("large", "110000"), ("village", "330000"),
        ("city", "440000"), ("foreign", "310000"),
    )
]  # fmt: skip
RULEBOOKS = [law(*case) for case in CASES]
EVERY = pytest.mark.parametrize("book", RULEBOOKS, ids=["-".join(case) for case in CASES])
GIVEN_BY_ENGINE = {"value", "base", "max", "min", "regular", "total", "period_end", "period_start"}
REFERRING = ("measure", "peer_reference", "annual_ago")


def formulas_of(one: Indicator) -> Iterator[Expression]:
    wanted: list[Expression | None] = [one.value, one.memo, one.applies_when]
    for part in one.parts:
        wanted += [part.value, part.base, part.applies]
        if part.curve is not None:
            wanted += [f for c in part.curve.cases for f in (c.when, c.points)]
            wanted += [d.when for d in part.curve.deductions]
    for duty in one.requirements:
        wanted += [duty.value, duty.limit, duty.applies_when]
    return (formula for formula in wanted if formula is not None)


def names_of(formula: Expression) -> set[str]:
    referred = {
        arg
        for node in walk(formula.tree)
        if isinstance(node, Call) and node.name in REFERRING
        for arg in node.args
    }
    return {n.id for n in walk(formula.tree) if isinstance(n, Name) and n not in referred}


def names_of_check(check: Check) -> set[str]:
    templates = [f for f in (check.holds, check.given) if f is not None]
    return {
        name.format_map(binding)
        for formula in templates
        for name in names_of(formula)
        for binding in check.bindings
    }


@EVERY
def test_every_formula_names_only_what_exists(book: Rulebook) -> None:
    known = {*book.forms.items, *book.definitions, *book.parameters, *GIVEN_BY_ENGINE}
    for one in book.indicators:
        local = {part.id for part in one.parts}
        for formula in formulas_of(one):
            assert names_of(formula) <= known | local, (one.id, formula.text)
    for formula in book.definitions.values():
        assert names_of(formula) <= known, formula.text
    for check in book.checks:
        assert names_of_check(check) <= known, check.id
    for veto in book.vetoes:
        assert names_of(veto.when) <= known


@EVERY
def test_maxima_add_up_to_the_elements_and_the_elements_to_a_hundred(book: Rulebook) -> None:
    scored: dict[str, Fraction] = {}
    for one in book.indicators:
        highs = [part.curve.high for part in one.parts if part.curve is not None]
        if one.kind != "monitored":
            scored[one.element] = scored.get(one.element, Fraction(0)) + sum(highs)
        else:
            assert highs == []
    assert scored == {element.id: element.max for element in book.elements}
    assert sum(e.max for e in book.elements if e.id != "bonus") == 100
    assert {e.id: e.max for e in book.elements}["bonus"] == book.bonus_cap


@EVERY
def test_every_rule_rests_on_an_instrument_of_the_sources(book: Rulebook) -> None:
    sources = book.sources.keys()
    for one in book.indicators:
        for duty in one.requirements:
            assert duty.basis.source in sources, (one.id, duty.id)
        for part in one.parts:
            assert part.curve is None or part.curve.basis.source in sources, (one.id, part.id)
    for check in book.checks:
        assert check.basis.source in sources, check.id
        assert check.fix
        assert check.message
        assert check.why
    for parameter in book.parameters.values():
        assert parameter.basis.source in sources, parameter.id
    for veto in book.vetoes:
        assert veto.basis.source in sources


@EVERY
def test_a_confirmed_duty_rests_on_a_confirmed_instrument(book: Rulebook) -> None:
    for one in book.indicators:
        for duty in one.requirements:
            if duty.provenance == "confirmed":
                assert book.sources[duty.basis.source].provenance == "confirmed", duty.id
                assert duty.kind == "duty"


@EVERY
def test_every_comparison_with_before_has_a_cell_for_it(book: Rulebook) -> None:
    """What an indicator compares with must be on a form, or a bank without history cannot file."""
    for one in book.indicators:
        for formula in formulas_of(one):
            for word, item in sorted(_earlier(formula, book)):
                if word != "previous":
                    assert (item, word) in book.forms.bases, (one.id, word, item)


def _earlier(formula: Expression, book: Rulebook) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for node in walk(formula.tree):
        if isinstance(node, Call) and node.name in PERIOD_WORDS:
            found |= {(node.name, item) for item in _items(Expression("", node.args[0]), book)}
        elif isinstance(node, Name) and node.id in book.definitions:
            found |= _earlier(book.definitions[node.id], book)
    return found


def _items(formula: Expression, book: Rulebook) -> set[str]:
    found: set[str] = set()
    for name in names_of(formula):
        if name in book.definitions:
            found |= _items(book.definitions[name], book)
        elif name in book.forms.items:
            found.add(name)
    return found


def test_every_item_stands_in_exactly_one_input_cell() -> None:
    forms = law().forms
    placed = [p.item for form in forms.forms for p in form.placed if p.kind != "reference"]
    placed += list(forms.columns)
    assert len(placed) == len(set(placed))
    assert set(placed) | {p.item for f in forms.forms for p in f.placed} == forms.items.keys()
    cells = [(f.sheet, p.address) for f in forms.forms for p in f.placed]
    assert len(cells) == len(set(cells))


def test_every_judged_part_has_its_self_score_on_a_form() -> None:
    for book in RULEBOOKS:
        for one in book.indicators:
            for part in one.parts:
                if part.judged:
                    assert book.forms.items[part.self_item].unit == "points"


def test_the_five_headlines_and_the_twenty_three_measures_are_complete() -> None:
    for book in RULEBOOKS:
        assert sum(one.headline for one in book.indicators) == 5
        assert [item.number for item in book.policy_items] == list(range(1, 24))
        # A province that replaces an element answers the measure with indicators of its own.
        known = {one.id for one in book.indicators} | {one.id for one in law().indicators}
        for item in book.policy_items:
            assert set(item.answered_by) & known or not item.addressed_to_bank or item.note


def test_there_are_eleven_bank_types_and_thirty_six_places() -> None:
    assert len(bank_types()) == 11
    assert len(provinces()) == 36


def test_bands_and_vetoes_name_each_other() -> None:
    for book in RULEBOOKS:
        limits = [band.at_least for band in sorted(book.bands, key=lambda b: b.at_least)]
        assert len(set(limits)) == len(limits)
        assert limits[0] < 0
        assert {veto.grade for veto in book.vetoes} <= {band.id for band in book.bands}


class Healthy(Book):
    """A bank whose other figures are all in good order: amounts one, answers yes."""

    def lookup(self, name: str, frame: Frame) -> Result:
        if name in frame.local:
            return frame.local[name]
        if name in self.rulebook.parameters or name in self._dates:
            return super().lookup(name, frame)
        return _WORLD.get(name, Fraction(1))

    def answered(self, name: str, frame: Frame) -> bool:
        return name not in ("BQ_supervisory_growth_target", "loan_cost_level")


_WORLD: dict[str, Result] = {"differentiated": False, "exemption_rules_in_force": True}
SCORED = [
    (one, part)
    for one in law("2026Q4", "large", "330000").indicators
    for part in one.parts
    if part.curve is not None and part.better != "band" and part.unit != "flag" and not part.judged
]


def numeric(curve: Curve) -> set[str]:
    formulas = [f for c in curve.cases for f in (c.when, c.points) if f is not None]
    return {name for formula in formulas for name in names_of(formula)}


def grid(part: PartLaw) -> list[Fraction]:
    unit = {"ratio": "0.001", "pp": "0.0005", "bp": "1", "count": "1", "yuan": "100"}[part.unit]
    low = -40 if part.unit in ("ratio", "pp") else 0
    return [n * Fraction(unit) for n in range(low, 200)]


@cache
def healthy() -> Healthy:
    book = law("2026Q4", "large", "330000")
    return Healthy(filed(book), law_with(book), book_of().context)


def earned(one: Indicator, part: PartLaw, value: Fraction, base: Fraction) -> Fraction | None:
    """Points of a value, whatever its formula: the curve alone is on trial."""
    from supervise.core.formula import Number

    fixed = Expression("", Number(value, str(value)))
    basis = Expression("", Number(base, str(base))) if part.base is not None else None
    on_trial = replace(part, value=fixed, base=basis, applies=None)
    before = {p.id: Fraction(0) for p in one.parts if p.id != part.id}
    local: dict[str, Result] = {**before, "indicator": one.id}
    return score_part(on_trial, one, healthy(), local).points


@pytest.mark.parametrize(
    ("one", "part"), SCORED, ids=[f"{one.id}.{part.id}" for one, part in SCORED]
)
def test_a_better_value_never_gives_fewer_points(one: Indicator, part: PartLaw) -> None:
    bases = [Fraction("0.05"), Fraction("0.1"), Fraction(20)] if part.base else [Fraction(0)]
    for base in bases:
        found = [(value, earned(one, part, value, base)) for value in grid(part)]
        earning = [(value, points) for value, points in found if points is not None]
        if part.better == "lower":
            earning.reverse()
        for (worse, few), (value, more) in pairwise(earning):
            assert few <= more, f"{one.id}.{part.id}: {value} 得 {more}，{worse} 却得 {few}"


def test_the_grid_moves_most_curves() -> None:
    moved = 0
    for one, part in SCORED:
        base = Fraction("0.05") if part.unit in ("ratio", "pp") else Fraction(20)
        moved += len({earned(one, part, value, base) for value in grid(part)}) > 1
    assert moved >= len(SCORED) * 2 // 3


def test_every_definition_can_be_computed_or_says_why_not() -> None:
    for book in RULEBOOKS:
        world = book_of(filed(book), book)
        for name, formula in book.definitions.items():
            found = compute(formula.tree, world, Frame())
            allowed = ("missing", "zero_denominator", "small_sample", "unknown_name", "base_absent")
            assert not isinstance(found, Absent) or found.reason in allowed, (name, found)
