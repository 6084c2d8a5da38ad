"""Checks of which nothing is wrong, settled at once: no trace, no tolerance, no words.

Of the some 1,800 instances on a good submission nearly all compare figures that are there, and
hold exactly. Here a check becomes a function once, which takes all its instances together. It says
yes or no only where ``core/compute.py`` would say the same of each; whatever is missing, is no
number or is not plain is left to that, and so is every instance that does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import compress, repeat
from operator import add, eq, ge, gt, le, lt, mod, mul, ne, not_, sub
from typing import Any

from supervise.core.by_name import Exact, Figures, Unsettled, whole
from supervise.core.formula import Binary, Call, Name, Node, Number, Text, Unary, walk
from supervise.core.law import Check
from supervise.core.model import Row
from supervise.record import record

Columns = tuple[tuple[str, ...], ...]
"""For each name of a formula what it is called in each instance."""

Figure = Callable[[Figures, Columns], Iterator[Exact]]
Condition = Callable[[Figures, Columns], list[bool]]
_ARITHMETIC: dict[str, Callable[..., Exact]] = {"+": add, "-": sub, "*": mul, "/": Fraction}
_COMPARE: dict[str, Callable[..., bool]] = {
    "=": eq, "<=": le, ">=": ge, "<": lt, ">": gt, "!=": ne,
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[..., Exact]] = {"max": max, "min": min, "abs": abs}


@record
class Settler:
    """A check as functions of figures and of the names in it.

    Attributes:
        given: Whether each instance applies; raises ``Unsettled`` or ``ZeroDivisionError`` where
            only the general way can tell, as ``holds`` does. None: all apply.
        holds: Whether each passes; False: only the general way can tell.
        columns: The names, as the check's variables spell them.
    """

    given: Condition | None
    holds: Condition
    columns: Columns

    def told(self, figures: Figures, place: int) -> bool | None:
        """Of an instance: True: it passes. False: it does not apply. None: not settled."""
        columns = tuple([(column[place],) for column in self.columns])
        return {"passed": True, "vacuous": False}.get(self.state(figures, columns))

    def of_rows(self, figures: Figures, rows: Sequence[Row]) -> str:
        """``passed`` or ``vacuous`` if every instance is settled in every row, else empty."""
        states = {self.state(figures.of_row(row), self.columns) for row in rows}
        if "" in states:
            return ""
        return "passed" if "passed" in states else "vacuous"

    def state(self, figures: Figures, columns: Columns) -> str:
        """``passed`` or ``vacuous`` if every instance with these names is settled, else empty."""
        try:
            if self.given is not None:
                applies = self.given(figures, columns)
                if not any(applies):
                    return "vacuous"
                columns = columns if all(applies) else _chosen(columns, applies)
            return "passed" if all(self.holds(figures, columns)) else ""
        except (Unsettled, ZeroDivisionError):
            return ""


def settler_of(check: Check) -> Settler | None:
    """What settles the instances of a check, made once; None if nothing can."""
    try:
        known: Settler | None = check.settler
    except AttributeError:
        known = _settler(check)
        object.__setattr__(check, "settler", known)  # no part of the value, so not frozen
    return known


def _settler(check: Check) -> Settler | None:
    if check.holds is None or not check.bindings or _is_inequality(check.holds.tree):
        return None
    making = _Making()
    try:
        given = making.condition(check.given.tree) if check.given is not None else None
        holds = making.condition(check.holds.tree)
    except Unsettled:
        return None
    return Settler(given, holds, making.columns(check))


def _is_inequality(tree: Node) -> bool:
    """Whether a tolerance decides even where the sides differ; of texts it never does."""
    return isinstance(tree, Binary) and tree.op == "!=" and not isinstance(tree.right, Text)


def _chosen(columns: Columns, flags: Sequence[bool]) -> Columns:
    return tuple([tuple(compress(column, flags)) for column in columns])


class _Making:
    """Makes functions of formulas, and keeps the names that they ask for by place."""

    def __init__(self) -> None:
        self._patterns: list[str] = []

    def columns(self, check: Check) -> Columns:
        """The names with the check's variables filled in."""
        return tuple([tuple(map(name.format_map, check.bindings)) for name in self._patterns])

    def _place(self, name: str) -> int:
        if name not in self._patterns:
            self._patterns.append(name)
        return self._patterns.index(name)

    def condition(self, node: Node) -> Condition:
        """A yes or no."""
        if isinstance(node, Binary):
            return self._both(node) if node.op in ("and", "or") else self._comparison(node)
        if isinstance(node, Name):
            place = self._place(node.id)
            return lambda figures, columns: [*map(figures.truth, columns[place])]
        if isinstance(node, Unary) and node.op == "not":
            inner = self.condition(node.operand)
            return lambda figures, columns: [*map(not_, inner(figures, columns))]
        if isinstance(node, Call) and node.name == "given" and isinstance(node.args[0], Name):
            asked = self._place(node.args[0].id)
            return lambda figures, columns: [*map(figures.answered, columns[asked])]
        if isinstance(node, Call) and node.name == "multiple_of":
            number, unit = map(self._figure, node.args)
            return lambda figures, columns: [
                not rest for rest in map(mod, number(figures, columns), unit(figures, columns))
            ]
        raise Unsettled(type(node).__name__)

    def _both(self, node: Binary) -> Condition:
        """``and``, ``or``: the right side is asked only where the left one does not decide."""
        left, right = self.condition(node.left), self.condition(node.right)
        decides = node.op == "or"

        def both(figures: Figures, columns: Columns) -> list[bool]:
            first = left(figures, columns)
            open_ = [value is not decides for value in first]
            if all(open_):
                return right(figures, columns)
            second = iter(right(figures, _chosen(columns, open_)) if any(open_) else ())
            return [next(second) if undecided else decides for undecided in open_]

        return both

    def _comparison(self, node: Binary) -> Condition:
        compare = _COMPARE.get(node.op)
        if compare is None or not any(isinstance(each, Name) for each in walk(node)):
            raise Unsettled(node.op)
        if isinstance(node.right, Text):
            return self._worded(node.left, node.right.value, compare)
        if isinstance(node.left, Binary) and node.left.op == "/":
            return self._ratio(node.left, node.right, compare)
        left, right = self._figure(node.left), self._figure(node.right)
        return lambda figures, columns: [
            *map(compare, left(figures, columns), right(figures, columns))
        ]

    def _ratio(self, ratio: Binary, limit: Node, compare: Callable[..., bool]) -> Condition:
        """A quotient beside a number: whole numbers need not become a fraction for that."""
        above, below, other = map(self._figure, (ratio.left, ratio.right, limit))

        def compared(one: Exact, two: Exact, three: Exact) -> bool:
            if not two:
                raise ZeroDivisionError
            if type(three) is Fraction:
                one, three = one * three.denominator, three.numerator
            return compare(one * two, three * two * two)  # both sides times the square

        return lambda figures, columns: [
            *map(
                compared,
                above(figures, columns),
                below(figures, columns),
                other(figures, columns),
            )
        ]

    def _worded(self, node: Node, value: str | bool, compare: Callable[..., bool]) -> Condition:
        """A text beside a literal; in order only numbers and dates stand."""
        if not isinstance(node, Name) or not isinstance(value, str) or compare not in (eq, ne):
            raise Unsettled(type(node).__name__)
        place = self._place(node.id)
        return lambda figures, columns: [
            compare(figures.word(name), value) for name in columns[place]
        ]

    def _figure(self, node: Node) -> Figure:
        """A number; one that names nothing never ends, and so stands beside one that does."""
        if isinstance(node, Name):
            place = self._place(node.id)
            return lambda figures, columns: map(figures.__getitem__, columns[place])
        if isinstance(node, Number):
            exact = whole(node.value)
            return lambda figures, columns: repeat(exact)
        if isinstance(node, Unary) and node.op == "-":
            inner = self._figure(node.operand)
            return lambda figures, columns: (-value for value in inner(figures, columns))
        if isinstance(node, Binary) and node.op in _ARITHMETIC:
            return self._reckoned(_ARITHMETIC[node.op], (node.left, node.right))
        if isinstance(node, Call) and _is_plain(node):
            return self._reckoned(_FUNCTIONS[node.name], node.args)
        raise Unsettled(type(node).__name__)

    def _reckoned(self, function: Callable[..., Exact], nodes: Iterable[Node]) -> Figure:
        args = tuple(map(self._figure, nodes))

        def reckoned(figures: Figures, columns: Columns) -> Iterator[Any]:
            return map(function, *[arg(figures, columns) for arg in args])

        return reckoned


def _is_plain(node: Call) -> bool:
    """Whether a function reckons with numbers; ``max`` of one argument goes over rows."""
    return node.name in _FUNCTIONS and (len(node.args) > 1 or node.name == "abs")
