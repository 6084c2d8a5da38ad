"""What a formula means: tree and world → exact value with its trace, or the reason why not.

Values are ``Fraction``, truth values, texts and dates. ``Absent`` propagates: missing is never
zero. The world (``core/world.py``) answers for names; here is only arithmetic and logic.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from operator import add, eq, ge, gt, le, lt, mul, ne, sub

from supervise.core.formula import (
    AGGREGATES,
    PERIOD_WORDS,
    Binary,
    Call,
    Name,
    Node,
    Number,
    Text,
    Unary,
    walk,
)
from supervise.core.frame import Absent, Frame, Result, Scalar, World
from supervise.core.layout import AsOf
from supervise.record import replace


def compute(node: Node, world: World, frame: Frame) -> Result:
    """Compute a tree.

    Args:
        node: Root of a parsed formula.
        world: Knows the names.
        frame: Period word, row and locals in force.

    Returns:
        The exact value, or ``Absent``.
    """
    return _BY_KIND[type(node)](node, world, frame)


def _literal(node: Number | Text, world: World, frame: Frame) -> Result:
    return node.value


def _name(node: Name, world: World, frame: Frame) -> Result:
    name = node.id
    if "{" in name:
        name = name.format_map(frame.binding)
    return world.lookup(name, frame)


def _unary(node: Unary, world: World, frame: Frame) -> Result:
    value = compute(node.operand, world, frame)
    if isinstance(value, Absent):
        return value
    if node.op == "not":
        return value is False if isinstance(value, bool) else Absent("not_a_condition")
    return -value if isinstance(value, Fraction) else Absent("not_a_number")


def _binary(node: Binary, world: World, frame: Frame) -> Result:
    if node.op in ("and", "or"):
        return _logic(node, world, frame)
    left = compute(node.left, world, frame)
    right = compute(node.right, world, frame)
    if isinstance(left, Absent):
        return left
    if isinstance(right, Absent):
        return right
    if node.op in _COMPARE:
        return _compare(node.op, left, right)
    if not (isinstance(left, Fraction) and isinstance(right, Fraction)):
        return Absent("not_a_number")
    if node.op == "/":
        return left / right if right else Absent("zero_denominator")
    return _ARITHMETIC[node.op](left, right)


def _logic(node: Binary, world: World, frame: Frame) -> Result:
    """``and``/``or``: a deciding side decides even if the other one is absent."""
    decides = node.op == "or"
    left = compute(node.left, world, frame)
    if left is decides:
        return left
    right = compute(node.right, world, frame)
    if right is decides:
        return right
    for side in (left, right):
        if not isinstance(side, bool):
            return side if isinstance(side, Absent) else Absent("not_a_condition")
    return not decides


def _compare(op: str, left: Scalar, right: Scalar) -> Result:
    if op in ("=", "!="):
        return (left == right) is (op == "=")
    if type(left) is not type(right):
        return Absent("not_comparable")
    return _COMPARE[op](left, right)


def _call(node: Call, world: World, frame: Frame) -> Result:
    name = node.name
    if name in PERIOD_WORDS:
        return compute(node.args[0], world, replace(frame, as_of=_as_of(name)))
    if (name in AGGREGATES and len(node.args) == 1) or name == "distinct":
        return _aggregate(node, world, frame)
    simple = _SIMPLE.get(name)
    return simple(node, world, frame) if simple else world.special(node, frame)


def _as_of(word: str) -> AsOf:
    return word  # type: ignore[return-value]  # PERIOD_WORDS and "previous" are as-of names


def _extreme(node: Call, world: World, frame: Frame) -> Result:
    values: list[Fraction] = []
    for arg in node.args:
        value = compute(arg, world, frame)
        if isinstance(value, Absent):
            return value
        if not isinstance(value, Fraction):
            return Absent("not_a_number")
        values.append(value)
    return min(values) if node.name == "min" else max(values)


def _abs(node: Call, world: World, frame: Frame) -> Result:
    value = compute(node.args[0], world, frame)
    if isinstance(value, Fraction):
        return abs(value)
    return value if isinstance(value, Absent) else Absent("not_a_number")


def _if(node: Call, world: World, frame: Frame) -> Result:
    condition = compute(node.args[0], world, frame)
    if not isinstance(condition, bool):
        return condition if isinstance(condition, Absent) else Absent("not_a_condition")
    return compute(node.args[1] if condition else node.args[2], world, frame)


def _given(node: Call, world: World, frame: Frame) -> Result:
    arg = node.args[0]
    if isinstance(arg, Name):
        name = arg.id.format_map(frame.binding) if "{" in arg.id else arg.id
        return world.answered(name, frame)
    return not isinstance(compute(arg, world, replace(frame, trace=[])), Absent)


def _small_sample(node: Call, world: World, frame: Frame) -> Result:
    condition = compute(node.args[0], world, replace(frame, trace=[]))
    if condition is True:
        return Absent("small_sample")
    return condition if isinstance(condition, Absent) else compute(node.args[1], world, frame)


def _days_between(node: Call, world: World, frame: Frame) -> Result:
    days = [compute(arg, world, frame) for arg in node.args]
    for day in days:
        if not isinstance(day, date):
            return day if isinstance(day, Absent) else Absent("not_a_date")
    first, last = (day for day in days if isinstance(day, date))
    return Fraction((last - first).days)


def _aggregate(node: Call, world: World, frame: Frame) -> Result:
    """An aggregate over the rows of the one open table whose columns the argument names."""
    names = frozenset(n.id for n in walk(node) if isinstance(n, Name))
    rows, table = world.rows(names)
    if rows is None:
        return _extreme(node, world, frame) if node.name in ("min", "max") else Absent("no_table")
    if isinstance(rows, Absent) or frame.as_of != "now":
        return rows if isinstance(rows, Absent) else Absent("no_history", (table,))
    values: list[Scalar] = []
    for row in rows:
        inner = replace(frame, row=row)
        if node.where is not None:
            kept = compute(node.where, world, replace(inner, trace=[]))
            if isinstance(kept, Absent):
                return kept
            if kept is not True:
                continue
        value = compute(node.args[0], world, inner)
        if isinstance(value, Absent):
            return value
        values.append(value)
    return _fold(node.name, values, names, table)


def _fold(name: str, values: list[Scalar], names: frozenset[str], table: str) -> Result:
    if name == "distinct":
        return len(set(values)) == len(values)
    if name == "count":
        return Fraction(sum(1 for v in values if v is not False))
    if name in ("any", "all"):
        return any(v is True for v in values) if name == "any" else all(v is True for v in values)
    numbers = [Fraction(v) if isinstance(v, bool) else v for v in values]
    exact = [v for v in numbers if isinstance(v, Fraction)]
    if len(exact) < len(numbers):
        return Absent("not_a_number")
    if name == "sum":
        return sum(exact, Fraction(0))
    if not exact:
        return Absent("missing", tuple(sorted(names)) or (table,))
    if name in ("min", "max"):
        return min(exact) if name == "min" else max(exact)
    return sum(exact, Fraction(0)) / len(exact)


_ARITHMETIC: dict[str, Callable[[Fraction, Fraction], Fraction]] = {"+": add, "-": sub, "*": mul}
_COMPARE: dict[str, Callable[..., bool]] = {
    "<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "!=": ne,
}  # fmt: skip
_SIMPLE: dict[str, Callable[[Call, World, Frame], Result]] = {
    "min": _extreme,
    "max": _extreme,
    "abs": _abs,
    "if": _if,
    "given": _given,
    "small_sample_if": _small_sample,
    "days_between": _days_between,
}
_BY_KIND: dict[type, Callable[..., Result]] = {
    Number: _literal,
    Text: _literal,
    Name: _name,
    Unary: _unary,
    Binary: _binary,
    Call: _call,
}
