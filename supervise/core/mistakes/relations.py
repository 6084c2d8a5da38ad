"""How figures hang together: each instance of a check, weighed without making a finding of it.

A relation is an equation, a limit, a condition, or a pair: an item beside its earlier value.
Weighed under a book it has failed or not, and shows by how much: that is what tells figures that
share a mistake from figures that do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Literal

from supervise.core.compute import compute
from supervise.core.evaluation import Term
from supervise.core.exact import over
from supervise.core.formula import Binary, Call, Expression, Unary, walk
from supervise.core.frame import Frame
from supervise.core.law import Check
from supervise.core.mistakes.filed_figures import FiledFigures
from supervise.core.tolerance import holds, holds_exactly, slack_of
from supervise.core.workings import unit_of
from supervise.core.world import Book, read_fact
from supervise.record import record

Kind = Literal["equation", "limit", "condition", "pair"]
_KINDS: Mapping[str, Kind] = {"=": "equation", **dict.fromkeys(("<", "<=", ">", ">="), "limit")}
_ZERO = Fraction(0)
_NO_PAIR = ("", "")


@record
class Relation:
    """One instance of a check, or an item beside its comparative.

    Attributes:
        check: Id of the check; empty for a pair.
        plain: Sums and multiples only, so that a limit tells how near its sides are.
    """

    kind: Kind
    check: str
    tree: Binary | None
    holds: Expression | None
    given: Expression | None
    tolerance: str
    binding: Mapping[str, str]
    table: str
    row: int
    plain: bool
    pair: tuple[str, str] = _NO_PAIR


@record
class Weighed:
    """A relation under one book.

    Attributes:
        failed: It applies and does not hold.
        cells: FiledFigures that it rests on.
        beyond: Of a limit, how many times the figure is what it may at most be (or the limit
            what the figure is, for a least); of a pair, the larger over the smaller. None where
            that means nothing.
        gap: Of an equation, left less right as a share of the larger side.
    """

    failed: bool
    cells: tuple[str, ...]
    beyond: Fraction | None = None
    gap: Fraction = _ZERO


def relations(book: Book) -> Iterator[Relation]:
    """Every relation of the law and the forms that this book can be weighed by."""
    for check in book.rulebook.checks:
        if check.holds is None:
            continue
        if check.needs and str(book.period_of(check.needs)) not in book.context.history:
            continue
        yield from _instances(check, book)
    for (item, _), comparative in book.rulebook.forms.bases.items():
        yield _pair(item, comparative)


def _instances(check: Check, book: Book) -> Iterator[Relation]:
    assert check.holds is not None
    top = check.holds.tree
    tree = top if isinstance(top, Binary) and top.op in _KINDS else None
    rows = len(book.submission.tables.get(check.rows_of, ())) if check.rows_of else 1
    plain = tree is not None and _is_plain(tree)
    for binding in check.bindings:
        for row in range(rows):
            yield Relation(
                kind=_KINDS[tree.op] if tree else "condition",
                check=check.id,
                tree=tree,
                holds=check.holds,
                given=check.given,
                tolerance=check.tolerance,
                binding=binding,
                table=check.rows_of,
                row=row,
                plain=plain,
                pair=_NO_PAIR,
            )


def _pair(item: str, comparative: str) -> Relation:
    return Relation("pair", "", None, None, None, "none", {}, "", 0, True, (item, comparative))


def _is_plain(tree: Binary) -> bool:
    return not any(
        isinstance(node, Call | Unary) or (isinstance(node, Binary) and node.op in ("/", "-"))
        for node in walk(tree)
    )


def weigh(relation: Relation, book: Book, figures: FiledFigures) -> Weighed:
    """Whether a relation fails under a book, and by how much.

    Args:
        relation: What to weigh.
        book: The submission as filed, or with some cells corrected.
        figures: Says which cells are figures.
    """
    if relation.kind == "pair":
        return _weighed_pair(relation.pair, book, figures)
    try:
        return _weighed(relation, book, figures)
    except Exception:  # a check that breaks is told by ``core/checks.py``; it proves nothing here
        return Weighed(False, ())


def _weighed(relation: Relation, book: Book, figures: FiledFigures) -> Weighed:
    row = book.submission.tables[relation.table][relation.row] if relation.table else None
    frame = Frame(binding=relation.binding, row=row)
    asked: list[Term] = []
    if relation.given is not None:
        applies = compute(relation.given.tree, book, frame)
        # The tolerance counts the figures that are compared, not those of the condition.
        asked, frame.trace = frame.trace, []
        if applies is not True:
            return Weighed(False, _cells(asked, figures))
    failed, beyond, gap = _tried(relation, book, frame)
    return Weighed(failed, _cells([*asked, *frame.trace], figures), beyond, gap)


def _tried(relation: Relation, book: Book, frame: Frame) -> tuple[bool, Fraction | None, Fraction]:
    """Whether it fails, ``Weighed.beyond`` and ``Weighed.gap``."""
    tree = relation.tree
    if tree is None:
        assert relation.holds is not None
        return compute(relation.holds.tree, book, frame) is False, None, _ZERO
    left, right = compute(tree.left, book, frame), compute(tree.right, book, frame)
    if not (isinstance(left, Fraction) and isinstance(right, Fraction)):
        return False, None, _ZERO
    failed = False
    if not holds_exactly(tree.op, left, right):
        names = relation.binding
        unit = unit_of(tree.left, book, names) or unit_of(tree.right, book, names)
        slack = slack_of(relation.tolerance, tree, book, frame, unit)
        failed = not holds(tree.op, left, right, slack)
    if relation.kind == "equation":
        return failed, None, _gap(left, right) if failed else _ZERO
    if left.numerator <= 0 or right.numerator <= 0:
        return failed, None, _ZERO
    return failed, over(left, right) if tree.op in ("<", "<=") else over(right, left), _ZERO


def _gap(left: Fraction, right: Fraction) -> Fraction:
    most = max(abs(left), abs(right))
    return (left - right) / most if most else _ZERO


def _weighed_pair(pair: tuple[str, str], book: Book, figures: FiledFigures) -> Weighed:
    facts = [book.submission.facts.get(item) for item in pair]
    cells = [figures.source.get(cell, cell) for fact in facts if fact and (cell := str(fact.cell))]
    known = [read_fact(fact) for fact in facts if fact is not None]
    values = [value for value in known if isinstance(value, Fraction) and value > _ZERO]
    if len(values) < 2:
        return Weighed(False, ())
    return Weighed(False, tuple(cells), max(values) / min(values))


def _cells(trace: Iterable[Term], figures: FiledFigures) -> tuple[str, ...]:
    cells: dict[str, None] = {}
    for term in trace:
        if term.source == "cell":
            cell = figures.source.get(term.cell, term.cell)
            if cell in figures.by_cell:
                cells[cell] = None
    return tuple(cells)
