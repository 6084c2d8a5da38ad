"""Sums, counts and extremes: over the rows of an open table, or of several numbers."""

from __future__ import annotations

from fractions import Fraction

from supervise.core.compute import Run, runnable
from supervise.core.evaluation import Term
from supervise.core.exact import total
from supervise.core.formula import Call, Name, walk
from supervise.core.frame import UNTRACED, Absent, Frame, Result, Scalar, World
from supervise.core.model import Row


def extreme(node: Call) -> Run:
    """The least or largest of several numbers, as a function."""
    args = tuple(map(runnable, node.args))
    chosen = min if node.name == "min" else max

    def run(world: World, frame: Frame) -> Result:
        values: list[Fraction] = []
        for arg in args:
            value = arg(world, frame)
            if isinstance(value, Absent):
                return value
            if not isinstance(value, Fraction):
                return Absent("not_a_number")
            values.append(value)
        return chosen(values)

    return run


def aggregate(node: Call) -> Run:
    """An aggregate over the rows of the one open table whose columns the argument names."""
    names = frozenset(n.id for n in walk(node) if isinstance(n, Name))
    inner = runnable(node.args[0])
    where = None if node.where is None else runnable(node.where)
    no_table = extreme(node) if node.name in ("min", "max") else None

    def run(world: World, frame: Frame) -> Result:
        rows, table = world.rows(names)
        if rows is None:
            return no_table(world, frame) if no_table is not None else Absent("no_table")
        if isinstance(rows, Absent) or frame.as_of != "now":
            return rows if isinstance(rows, Absent) else Absent("no_history", (table,))
        chosen = rows if where is None else _chosen(where, rows, world, frame)
        if isinstance(chosen, Absent):
            return chosen
        if node.name == "distinct":
            return _distinct(inner, chosen, world, frame)
        values: list[Scalar] = []
        for row in chosen:
            value = inner(world, frame.of_row(row, frame.trace))
            if isinstance(value, Absent):
                return value
            values.append(value)
        return _fold(node.name, values, names, table)

    return run


def _chosen(
    where: Run, rows: tuple[Row, ...], world: World, frame: Frame
) -> tuple[Row, ...] | Absent:
    """The rows that fulfil the condition of an aggregate."""
    chosen: list[Row] = []
    for row in rows:
        kept = where(world, frame.of_row(row, UNTRACED))
        if isinstance(kept, Absent):
            return kept
        if kept is True:
            chosen.append(row)
    return tuple(chosen)


def _distinct(value_in: Run, rows: tuple[Row, ...], world: World, frame: Frame) -> Result:
    """Whether no value stands in two rows; the trace keeps only the rows that share one."""
    met: dict[Scalar, list[list[Term]]] = {}
    for row in rows:
        inner = frame.of_row(row, [])
        value = value_in(world, inner)
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
        return total(exact)
    if not exact:
        return Absent("missing", tuple(sorted(names)) or (table,))
    if name in ("min", "max"):
        return min(exact) if name == "min" else max(exact)
    return total(exact) / len(exact)
