"""What a formula means: tree and world → exact value with its trace, or the reason why not.

Values are ``Fraction``, truth values, texts and dates. ``Absent`` propagates: missing is never
zero. The world (``core/world.py``) answers for names; here is only arithmetic and logic.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne

from supervise.core.exact import minus, over, plus, times
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
)
from supervise.core.frame import Absent, Frame, Result, Scalar, World
from supervise.core.layout import AsOf

Run = Callable[[World, Frame], Result]
Compare = Callable[..., bool]


def compute(node: Node, world: World, frame: Frame) -> Result:
    """Compute a tree.

    Args:
        node: Root of a parsed formula.
        world: Knows the names.
        frame: Period word, row and locals in force.

    Returns:
        The exact value, or ``Absent``.
    """
    return runnable(node)(world, frame)


def runnable(node: Node) -> Run:
    """The function that computes a tree, made once."""
    try:
        known: Run = node.run
    except AttributeError:
        known = _MAKERS[type(node)](node)
        object.__setattr__(node, "run", known)  # no part of the value, so not frozen
    return known


def _literal(node: Number | Text) -> Run:
    value = node.value
    return lambda world, frame: value


def _name(node: Name) -> Run:
    name = node.id
    if "{" in name:
        return lambda world, frame: world.lookup(name.format_map(frame.binding), frame)
    return lambda world, frame: world.lookup(name, frame)


def _unary(node: Unary) -> Run:
    operand, negates = runnable(node.operand), node.op == "not"

    def run(world: World, frame: Frame) -> Result:
        value = operand(world, frame)
        if isinstance(value, Absent):
            return value
        if negates:
            return value is False if isinstance(value, bool) else Absent("not_a_condition")
        return -value if isinstance(value, Fraction) else Absent("not_a_number")

    return run


def _binary(node: Binary) -> Run:
    left, right = runnable(node.left), runnable(node.right)
    if node.op in ("and", "or"):
        return _logic(left, right, decides=node.op == "or")
    reckon, otherwise = _OPERATORS[node.op]

    def run(world: World, frame: Frame) -> Result:
        one, two = left(world, frame), right(world, frame)
        if type(one) is Fraction and type(two) is Fraction:
            return reckon(one, two)
        for side in (one, two):
            if isinstance(side, Absent):
                return side
        return otherwise(one, two)

    return run


def _logic(left: Run, right: Run, *, decides: bool) -> Run:
    """``and``/``or``: a deciding side decides even if the other one is absent."""

    def run(world: World, frame: Frame) -> Result:
        one = left(world, frame)
        if one is decides:
            return one
        two = right(world, frame)
        if two is decides:
            return two
        for side in (one, two):
            if not isinstance(side, bool):
                return side if isinstance(side, Absent) else Absent("not_a_condition")
        return not decides

    return run


def _divided(left: Fraction, right: Fraction) -> Result:
    return over(left, right) if right else Absent("zero_denominator")


def _of_numbers(compare: Compare) -> Callable[[Fraction, Fraction], Result]:
    def compared(left: Fraction, right: Fraction) -> Result:
        above, under = left.as_integer_ratio()
        other, below = right.as_integer_ratio()
        return compare(above * below, other * under)

    return compared


def _ordered(compare: Compare) -> Callable[[Scalar, Scalar], Result]:
    """What is no number stands in an order beside its like alone."""

    def compared(left: Scalar, right: Scalar) -> Result:
        return compare(left, right) if type(left) is type(right) else Absent("not_comparable")

    return compared


def _no_number(left: Scalar, right: Scalar) -> Result:
    return Absent("not_a_number")


def _call(node: Call) -> Run:
    name = node.name
    if name in PERIOD_WORDS:
        inner, as_of = runnable(node.args[0]), _as_of(name)
        return lambda world, frame: inner(world, frame.at(as_of))
    if name in AGGREGATES or name == "distinct":
        from supervise.core.aggregates import aggregate, extreme  # they compute in turn

        return aggregate(node) if len(node.args) == 1 else extreme(node)
    simple = _SIMPLE.get(name)
    if simple is None:
        return lambda world, frame: world.special(node, frame)
    return simple(node)


def _as_of(word: str) -> AsOf:
    return word  # type: ignore[return-value]  # PERIOD_WORDS and "previous" are as-of names


def _abs(node: Call) -> Run:
    inner = runnable(node.args[0])

    def run(world: World, frame: Frame) -> Result:
        value = inner(world, frame)
        if isinstance(value, Fraction):
            return abs(value)
        return value if isinstance(value, Absent) else Absent("not_a_number")

    return run


def _if(node: Call) -> Run:
    condition, then, otherwise = map(runnable, node.args)

    def run(world: World, frame: Frame) -> Result:
        holds = condition(world, frame)
        if holds is True:
            return then(world, frame)
        if holds is False:
            return otherwise(world, frame)
        return holds if isinstance(holds, Absent) else Absent("not_a_condition")

    return run


def _given(node: Call) -> Run:
    arg = node.args[0]
    if not isinstance(arg, Name):
        inner = runnable(arg)
        return lambda world, frame: not isinstance(inner(world, frame.unseen()), Absent)
    name = arg.id
    if "{" in name:
        return lambda world, frame: world.answered(name.format_map(frame.binding), frame)
    return lambda world, frame: world.answered(name, frame)


def _small_sample(node: Call) -> Run:
    small, otherwise = map(runnable, node.args)

    def run(world: World, frame: Frame) -> Result:
        condition = small(world, frame.unseen())
        if condition is True:
            return Absent("small_sample")
        return condition if isinstance(condition, Absent) else otherwise(world, frame)

    return run


def _days_between(node: Call) -> Run:
    args = tuple(map(runnable, node.args))

    def run(world: World, frame: Frame) -> Result:
        days = [arg(world, frame) for arg in args]
        for day in days:
            if not isinstance(day, date):
                return day if isinstance(day, Absent) else Absent("not_a_date")
        first, last = (day for day in days if isinstance(day, date))
        return Fraction((last - first).days)

    return run


def _multiple_of(node: Call) -> Run:
    """Whether a number is a whole multiple of another: 1200万 of 100万; 0 of anything."""
    args = tuple(map(runnable, node.args))

    def run(world: World, frame: Frame) -> Result:
        values = [arg(world, frame) for arg in args]
        for value in values:
            if not isinstance(value, Fraction):
                return value if isinstance(value, Absent) else Absent("not_a_number")
        number, unit = (value for value in values if isinstance(value, Fraction))
        return (number / unit).denominator == 1 if unit else Absent("zero_denominator")

    return run


_INEQUALITIES: dict[str, Compare] = {"<": lt, "<=": le, ">": gt, ">=": ge}
_OPERATORS: dict[str, tuple[Callable[[Fraction, Fraction], Result], Callable[..., Result]]] = {
    "+": (plus, _no_number),
    "-": (minus, _no_number),
    "*": (times, _no_number),
    "/": (_divided, _no_number),
    "=": (_of_numbers(eq), eq),
    "!=": (_of_numbers(ne), ne),
    **{op: (_of_numbers(each), _ordered(each)) for op, each in _INEQUALITIES.items()},
}
"""What an operator does with two numbers, and with anything else that is there."""

_SIMPLE: dict[str, Callable[[Call], Run]] = {
    "abs": _abs,
    "if": _if,
    "given": _given,
    "small_sample_if": _small_sample,
    "days_between": _days_between,
    "multiple_of": _multiple_of,
}
_MAKERS: dict[type, Callable[..., Run]] = {
    Number: _literal,
    Text: _literal,
    Name: _name,
    Unary: _unary,
    Binary: _binary,
    Call: _call,
}
