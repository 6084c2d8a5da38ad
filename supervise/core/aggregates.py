"""Sums, counts and extremes: over the rows of an open table, or of several numbers."""

from __future__ import annotations

from fractions import Fraction

from supervise.core.compute import compute
from supervise.core.evaluation import Term
from supervise.core.formula import Call, Name, Node, walk
from supervise.core.frame import UNTRACED, Absent, Frame, Result, Scalar, World
from supervise.core.model import Row


def extreme(node: Call, world: World, frame: Frame) -> Result:
    """The least or largest of several numbers."""
    values: list[Fraction] = []
    for arg in node.args:
        value = compute(arg, world, frame)
        if isinstance(value, Absent):
            return value
        if not isinstance(value, Fraction):
            return Absent("not_a_number")
        values.append(value)
    return min(values) if node.name == "min" else max(values)


def aggregate(node: Call, world: World, frame: Frame) -> Result:
    """An aggregate over the rows of the one open table whose columns the argument names."""
    names = frozenset(n.id for n in walk(node) if isinstance(n, Name))
    rows, table = world.rows(names)
    if rows is None:
        return extreme(node, world, frame) if node.name in ("min", "max") else Absent("no_table")
    if isinstance(rows, Absent) or frame.as_of != "now":
        return rows if isinstance(rows, Absent) else Absent("no_history", (table,))
    chosen = _chosen(node, rows, world, frame)
    if isinstance(chosen, Absent):
        return chosen
    if node.name == "distinct":
        return _distinct(node.args[0], chosen, world, frame)
    values: list[Scalar] = []
    for row in chosen:
        value = compute(node.args[0], world, frame.of_row(row, frame.trace))
        if isinstance(value, Absent):
            return value
        values.append(value)
    return _fold(node.name, values, names, table)


def _chosen(
    node: Call, rows: tuple[Row, ...], world: World, frame: Frame
) -> tuple[Row, ...] | Absent:
    """The rows that fulfil the condition of an aggregate."""
    if node.where is None:
        return rows
    chosen: list[Row] = []
    for row in rows:
        kept = compute(node.where, world, frame.of_row(row, UNTRACED))
        if isinstance(kept, Absent):
            return kept
        if kept is True:
            chosen.append(row)
    return tuple(chosen)


def _distinct(node: Node, rows: tuple[Row, ...], world: World, frame: Frame) -> Result:
    """Whether no value stands in two rows; the trace keeps only the rows that share one."""
    met: dict[Scalar, list[list[Term]]] = {}
    for row in rows:
        inner = frame.of_row(row, [])
        value = compute(node, world, inner)
        if isinstance(value, Absent):
            return value
        met.setdefault(value, []).append(inner.trace)
    shared = [traces for traces in met.values() if len(traces) > 1]
    frame.trace.extend(term for traces in shared for trace in traces for term in trace)
    return not shared


def _fold(name: str, values: list[Scalar], names: frozenset[str], table: str) -> Result:
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
