"""A figure taken at a glance is the one that a close look finds, or is left to that."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from supervise.core.layout import NUMERIC, Item
from supervise.read.cells import Manner, Reading, read_cell, read_closely
from supervise.read.ordinary import ordinary_figure
from supervise.read.raw import CellKind, RawCell

WAN = Decimal(10_000)
MANNER = Manner(WAN)
DIGITS = st.text("0123456789", min_size=1, max_size=18)
PLAIN = st.builds("{}{}{}".format, st.sampled_from(("", "-", "+")), DIGITS, st.just(""))
BROKEN = st.builds("{}.{}".format, PLAIN, DIGITS)
POWERS = st.builds("{}E{}".format, BROKEN, st.integers(-40, 40))
ODD = st.sampled_from(
    ("", " 7 ", "0", "-0", "0.00", "5.", ".5", "1_000", "1e5", "NaN", "１２", "²", "0x10", "1,2")
)
RESIDUE = st.sampled_from(("0.30000000000000004", "98310.549999999996", "1.0050000000000001"))
TEXTS = st.one_of(PLAIN, BROKEN, POWERS, ODD, RESIDUE)
FORMULAS = st.sampled_from((None, "", "A1+B1", "SUM(A1:B1)", "[1]S!A1", '=DISPIMG("x",1)'))
KINDS: tuple[CellKind, ...] = ("number", "text", "date", "error", "none", "bool")


def cell(text: str, kind: CellKind = "number", *, percent: bool = False) -> RawCell:
    return RawCell("C6", 6, 3, text, kind, is_percent=percent)


@given(
    text=TEXTS,
    unit=st.sampled_from((*sorted(NUMERIC), "text", "date", "flag")),
    kind=st.sampled_from((*["number"] * 5, *KINDS)),
    marks=st.tuples(st.booleans(), st.booleans(), FORMULAS),
)
@example("1.005", "yuan", "number", (False, False, None))
@example("2.5", "count", "number", (False, False, None))
@example("12", "ratio", "number", (False, False, None))
@example("12", "count", "number", (False, True, None))
@example("46112", "count", "number", (True, False, None))
@example("5", "yuan", "number", (False, False, "[1]S!A1"))
def test_a_glance_agrees_with_a_close_look(
    text: str, unit: str, kind: CellKind, marks: tuple[bool, bool, str | None]
) -> None:
    is_date, is_percent, formula = marks
    raw = RawCell("C6", 6, 3, text, kind, "0", is_date, is_percent, formula)
    item = Item("X", "项目", unit)  # type: ignore[arg-type]  # of those above
    figure = ordinary_figure(raw, unit, WAN)
    if figure is not None:
        assert read_closely(raw, item, MANNER) == Reading("given", figure, text.strip())
    assert read_cell(raw, item, MANNER) == read_closely(raw, item, MANNER)


@pytest.mark.parametrize(
    ("text", "unit", "percent", "value"),
    [
        ("49093.66", "yuan", False, "490936600"),
        ("86482.74000000001", "yuan", False, "864827400"),
        ("-5", "yuan", False, "-50000"),
        ("0", "yuan", False, "0"),
        ("1531", "count", False, "1531"),
        ("0.123", "ratio", True, "0.123"),
        ("25.5", "bp", False, "25.5"),
    ],
)
def test_what_fills_a_form_is_ordinary(text: str, unit: str, percent: bool, value: str) -> None:
    assert ordinary_figure(cell(text, percent=percent), unit, WAN) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "unit", "percent"),
    [
        ("1.234", "yuan", False),
        ("1.5", "count", False),
        ("12", "ratio", False),
        ("12", "count", True),
        ("1" * 25, "yuan", False),
    ],
)
def test_what_is_to_be_remarked_on_is_not(text: str, unit: str, percent: bool) -> None:
    assert ordinary_figure(cell(text, percent=percent), unit, WAN) is None
