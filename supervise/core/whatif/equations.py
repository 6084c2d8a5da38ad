"""Equations between cells: each instance of a check that sets one cell equal to something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from supervise.core.compute import compute
from supervise.core.formula import PERIOD_WORDS, Binary, Call, Name, Node, Unary
from supervise.core.frame import Frame, Result
from supervise.core.law import Check
from supervise.core.model import Row
from supervise.core.tolerance import holds, holds_exactly, slack_of
from supervise.core.whatif.ahead import Supposed
from supervise.core.workings import unit_of
from supervise.core.world import Book
from supervise.record import record

_DEPENDENT = frozenset({"total", "reference"})


@record
class Equation:
    """One instance of a check with one cell on its left side.

    Attributes:
        item: The left side.
        cell: Its cell.
        row: Its row in the table that the check runs over.
        others: Cells of this period on the right side.
        settles: Whether the law makes the left side follow from the right one: a total, a
            figure that the form repeats, a sum of other items, an earlier filing's figure.
    """

    check: Check
    tree: Binary
    binding: Mapping[str, str]
    item: str
    cell: str
    row: int
    others: frozenset[str]
    settles: bool


class Reckoned(Supposed):
    """Cells otherwise than filed; every look-up leaves its trace.

    Tolerances count the figures of a trace, so that nothing may be remembered between two.
    """

    def lookup(self, name: str, frame: Frame) -> Result:
        """See ``compute.World.lookup``."""
        return Book.lookup(self, name, frame)

    def sides(self, equation: Equation) -> tuple[Result, Result, Frame] | None:
        """Both sides of an equation; None if it does not apply."""
        check = equation.check
        row = self._tables[check.rows_of][equation.row] if check.rows_of else None
        frame = Frame(binding=equation.binding, row=row)
        if check.given is not None and compute(check.given.tree, self, frame) is not True:
            return None
        frame = Frame(binding=equation.binding, row=row)
        left = compute(equation.tree.left, self, frame)
        return left, compute(equation.tree.right, self, frame), frame

    def fails(self, equation: Equation) -> bool:
        """Whether an equation applies and does not hold within its tolerance."""
        found = self.sides(equation)
        if found is None:
            return False
        left, right, frame = found
        if not (isinstance(left, Fraction) and isinstance(right, Fraction)):
            return False
        tree, binding = equation.tree, equation.binding
        if holds_exactly("=", left, right):
            return False
        unit = unit_of(tree.left, self, binding) or unit_of(tree.right, self, binding)
        slack = slack_of(equation.check.tolerance, tree, self, frame, unit)
        return not holds("=", left, right, slack)


def is_equation(check: Check) -> bool:
    """Whether a check sets one single item equal to something."""
    tree = check.holds.tree if check.holds is not None else None
    return isinstance(tree, Binary) and tree.op == "=" and isinstance(tree.left, Name)


def equations(checks: Iterable[Check], book: Book) -> Iterator[Equation]:
    """Every instance of checks that are equations, as far as the cells are there."""
    kinds = {p.item: p.kind for form in book.rulebook.forms.forms for p in form.placed}
    dependent = frozenset(item for item, kind in kinds.items() if kind in _DEPENDENT)
    nothing: Row = {}
    for check in checks:
        for binding in check.bindings:
            tables = book.submission.tables
            rows = tables.get(check.rows_of, ()) if check.rows_of else (nothing,)
            for number, row in enumerate(rows):
                found = _equation(check, binding, (row, number), dependent, book)
                if found is not None:
                    yield found


def _equation(
    check: Check,
    binding: Mapping[str, str],
    place: tuple[Row, int],
    dependent: frozenset[str],
    book: Book,
) -> Equation | None:
    assert check.holds is not None
    tree = check.holds.tree
    assert isinstance(tree, Binary)
    assert isinstance(tree.left, Name)
    row, number = place
    facts = book.submission.facts
    item = tree.left.id.format_map(binding)
    left = row.get(item) or facts.get(item)
    if left is None:
        return None
    names = [name.format_map(binding) for name in _read_now(tree.right)]
    right = (row.get(name) or facts.get(name) for name in names)
    others = frozenset(str(fact.cell) for fact in right if fact is not None)
    settles = item in dependent or _settles(check, tree, item, book)
    return Equation(check, tree, binding, item, str(left.cell), number, others, settles)


def _settles(check: Check, tree: Binary, item: str, book: Book) -> bool:
    known = book.rulebook.forms.items.get(item)
    if check.scope == "cross_period":
        return known is not None and known.as_of != "now"
    return isinstance(tree.right, Binary) and _is_sum(tree.right)


def _is_sum(node: Node) -> bool:
    if isinstance(node, Binary):
        return node.op == "+" and _is_sum(node.left) and _is_sum(node.right)
    return isinstance(node, Name)


def _read_now(node: Node) -> Iterator[str]:
    """Names of a tree that stand for this period's figures."""
    if isinstance(node, Name):
        yield node.id
    elif isinstance(node, Unary):
        yield from _read_now(node.operand)
    elif isinstance(node, Binary):
        yield from _read_now(node.left)
        yield from _read_now(node.right)
    elif isinstance(node, Call) and node.name not in PERIOD_WORDS:
        for arg in node.args:
            yield from _read_now(arg)
