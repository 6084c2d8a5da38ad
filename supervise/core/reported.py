"""Tolerance by reported precision: what the true figures may be, given the digits typed.

A figure typed as 1204.12 stands for any from 1204.115 to 1204.125. A relation is broken only if
no true figures within these intervals satisfy it. A sum is followed figure by figure, so that a
figure on both sides cancels; a product, quotient, ``min``, ``max`` or ``abs`` is enclosed by its
extremes, which is exact unless one figure occurs twice in it and then errs in favour of the bank.

A workbook keeps no trailing zeros, so a figure has at least the digits that its form asks for
(two decimals in 万元, hundredths of a percent), and more if more were typed. Counts, points and
values of the law are exact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from supervise.core.compute import compute
from supervise.core.evaluation import Term
from supervise.core.finding import money_scale
from supervise.core.formula import PERIOD_WORDS, Binary, Call, Name, Node, Unary, walk
from supervise.core.frame import Absent, Frame
from supervise.core.layout import AsOf
from supervise.core.model import Fact
from supervise.core.world import Book
from supervise.record import record, replace

FORM_DECIMALS: Mapping[str, int] = MappingProxyType({"yuan": 2, "ratio": 4, "bp": 0, "days": 0})
_MOST_DECIMALS = 12
_TYPED = re.compile(r"[+-]?[0-9][0-9,]*\.([0-9]{1,12})(%?)")
_ZERO = Fraction(0)
_NOTHING: Mapping[Any, Fraction] = MappingProxyType({})


@record
class Spread:
    """A figure with all that it may truly be.

    Attributes:
        value: As reported.
        parts: By figure of the bank, how far that figure's last digit can move this one, with
            sign.
        under: How far below ``value`` it may lie besides.
        over: How far above.
    """

    value: Fraction
    parts: Mapping[Any, Fraction] = _NOTHING
    under: Fraction = _ZERO
    over: Fraction = _ZERO

    @property
    def low(self) -> Fraction:
        """The least that it may be."""
        return self.value - self.under - sum(map(abs, self.parts.values()), _ZERO)

    @property
    def high(self) -> Fraction:
        """The most that it may be."""
        return self.value + self.over + sum(map(abs, self.parts.values()), _ZERO)


def reach(tree: Binary, book: Book, frame: Frame) -> Fraction:
    """How far the true sides may lie nearer to what is asked than the reported ones; base units.

    Args:
        tree: A comparison of numbers that does not hold as reported.
        book: The submission and its law.
        frame: Binding and row that it is computed in.
    """
    if tree.op == "!=":
        return _ZERO
    left, right = _spread(tree.left, book, frame), _spread(tree.right, book, frame)
    if left is None or right is None:
        return _unlimited(tree, book, frame)
    gap = _plus(left, _minus(right))
    shrinks = tree.op in ("<", "<=") or (tree.op == "=" and gap.value > 0)
    return gap.value - gap.low if shrinks else gap.high - gap.value


def _unlimited(tree: Binary, book: Book, frame: Frame) -> Fraction:
    """A divisor may truly be zero, so that no gap is too wide."""
    inner = replace(frame, trace=[])
    left, right = compute(tree.left, book, inner), compute(tree.right, book, inner)
    both = isinstance(left, Fraction) and isinstance(right, Fraction)
    return abs(left - right) + 1 if both else _ZERO  # type: ignore[operator]  # both are numbers


def _spread(node: Node, book: Book, frame: Frame) -> Spread | None:
    """A tree's value with its spread; None if there is no limit to it."""
    reader = _BY_KIND.get(type(node), _exact)
    return reader(node, book, frame)


def _exact(node: Node, book: Book, frame: Frame) -> Spread | None:
    value = compute(node, book, replace(frame, trace=[]))
    return Spread(value) if isinstance(value, Fraction) else None


def _name(node: Name, book: Book, frame: Frame) -> Spread | None:
    name = node.id.format_map(frame.binding) if "{" in node.id else node.id
    definition = book.rulebook.definitions.get(name)
    if definition is not None:
        return _spread(definition.tree, book, frame)
    inner = replace(frame, trace=[])
    value = compute(node, book, inner)
    if not isinstance(value, Fraction):
        return None
    half = _half(inner.trace[-1], book, frame) if inner.trace else _ZERO
    if not half:
        return Spread(value)
    term = inner.trace[-1]
    return Spread(value, {(term.item, term.source, term.cell): half})


def _half(term: Term, book: Book, frame: Frame) -> Fraction:
    """Half of the last digit reported of a figure; base units."""
    item = book.rulebook.forms.items.get(term.item)
    if term.source == "rulebook" or item is None or item.unit not in FORM_DECIMALS:
        return _ZERO
    if not isinstance(term.value, Fraction):
        return _ZERO
    scale = money_scale(book, (term,)) if item.unit == "yuan" else Fraction(1)
    fact = (frame.row or {}).get(term.item) or book.submission.facts.get(term.item)
    typed = _typed(fact) if fact is not None and str(fact.cell) == term.cell else 0
    decimals = max(FORM_DECIMALS[item.unit], typed, _decimals(term.value / scale))
    return scale / 2 / Fraction(10) ** decimals


def _typed(fact: Fact) -> int:
    """Decimals of a figure as it stands in its cell; 0 if its text is no plain number."""
    match = _TYPED.fullmatch(fact.text)
    return len(match[1]) + (2 if match[2] else 0) if match else 0


def _decimals(value: Fraction) -> int:
    """Decimals that a figure needs."""
    found = 0
    while value.denominator != 1 and found < _MOST_DECIMALS:
        value *= 10
        found += 1
    return found


def _unary(node: Unary, book: Book, frame: Frame) -> Spread | None:
    inner = _spread(node.operand, book, frame)
    return None if inner is None else _minus(inner)


def _binary(node: Binary, book: Book, frame: Frame) -> Spread | None:
    left, right = _spread(node.left, book, frame), _spread(node.right, book, frame)
    if left is None or right is None:
        return None
    if node.op == "+":
        return _plus(left, right)
    if node.op == "-":
        return _plus(left, _minus(right))
    return _times(left, right) if node.op == "*" else _over(left, right)


def _plus(left: Spread, right: Spread) -> Spread:
    parts = dict(left.parts)
    for key, part in right.parts.items():
        parts[key] = parts.get(key, _ZERO) + part
    value = left.value + right.value
    return Spread(value, parts, left.under + right.under, left.over + right.over)


def _minus(one: Spread) -> Spread:
    parts = {key: -part for key, part in one.parts.items()}
    return Spread(-one.value, parts, one.over, one.under)


def _scaled(one: Spread, by: Fraction) -> Spread:
    if by < 0:
        return _scaled(_minus(one), -by)
    parts = {key: part * by for key, part in one.parts.items()}
    return Spread(one.value * by, parts, one.under * by, one.over * by)


def _times(left: Spread, right: Spread) -> Spread:
    if left.low == left.high:
        return _scaled(right, left.value)
    if right.low == right.high:
        return _scaled(left, right.value)
    corners = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
    return _between(corners, left.value * right.value)


def _over(left: Spread, right: Spread) -> Spread | None:
    low, high = right.low, right.high
    if low <= 0 <= high:
        return None
    if low == high:
        return _scaled(left, 1 / low)
    corners = [a / b for a in (left.low, left.high) for b in (low, high)]
    return _between(corners, left.value / right.value)


def _between(corners: Iterable[Fraction], value: Fraction) -> Spread:
    ends = sorted(corners)
    return Spread(value, _NOTHING, value - ends[0], ends[-1] - value)


def _call(node: Call, book: Book, frame: Frame) -> Spread | None:
    if node.name in PERIOD_WORDS:
        word: AsOf = node.name  # type: ignore[assignment]  # period words are as-of names
        return _spread(node.args[0], book, replace(frame, as_of=word))
    if node.name == "if":
        condition = compute(node.args[0], book, replace(frame, trace=[]))
        return _spread(node.args[1 if condition is True else 2], book, frame)
    if node.name == "small_sample_if":
        return _spread(node.args[1], book, frame)
    fold = _FOLDS.get(node.name)
    if fold is None:
        return _exact(node, book, frame)
    spreads = _terms(node, book, frame)
    if not spreads:
        return _exact(node, book, frame)
    known = [one for one in spreads if one is not None]
    return fold(known) if len(known) == len(spreads) else None


def _terms(node: Call, book: Book, frame: Frame) -> list[Spread | None]:
    """What an aggregate runs over: its arguments, or its one argument in every row."""
    rows, _ = book.rows(frozenset(n.id for n in walk(node) if isinstance(n, Name)))
    if rows is None or isinstance(rows, Absent) or len(node.args) > 1:
        return [_spread(arg, book, frame) for arg in node.args]
    inner = [replace(frame, row=row) for row in rows]
    if node.where is not None:
        kept = node.where
        inner = [f for f in inner if compute(kept, book, replace(f, trace=[])) is True]
    return [_spread(node.args[0], book, f) for f in inner]


def _sum(spreads: list[Spread]) -> Spread:
    total = Spread(_ZERO)
    for one in spreads:
        total = _plus(total, one)
    return total


def _avg(spreads: list[Spread]) -> Spread:
    return _scaled(_sum(spreads), Fraction(1, len(spreads)))


def _extreme(pick: Callable[[Iterable[Fraction]], Fraction]) -> Callable[[list[Spread]], Spread]:
    def of(spreads: list[Spread]) -> Spread:
        if len(spreads) == 1:
            return spreads[0]
        ends = pick(one.low for one in spreads), pick(one.high for one in spreads)
        return _between(ends, pick(one.value for one in spreads))

    return of


def _abs(spreads: list[Spread]) -> Spread:
    one = spreads[0]
    if one.low >= 0:
        return one
    if one.high <= 0:
        return _minus(one)
    return _between((_ZERO, max(-one.low, one.high)), abs(one.value))


_FOLDS: Mapping[str, Callable[[list[Spread]], Spread]] = {
    "sum": _sum,
    "avg": _avg,
    "min": _extreme(min),
    "max": _extreme(max),
    "abs": _abs,
}
_BY_KIND: dict[type, Callable[..., Spread | None]] = {
    Name: _name,
    Unary: _unary,
    Binary: _binary,
    Call: _call,
}
