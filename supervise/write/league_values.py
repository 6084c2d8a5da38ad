"""Points, values and exact values: every bank by every indicator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from supervise.core.region.figures import IndicatorFigure
from supervise.write.document_indicator import decimal_text
from supervise.write.league_lines import Line, Tables
from supervise.write.numbers import Numbers
from supervise.write.tables import Column, Sheet, Value, frame


def points(t: Tables) -> Sheet:
    """得分: points of every bank for every scored indicator."""
    scored = [figure for figure in t.indicators if figure.kind != "monitored"]
    numbers, most = Numbers(t.words), _maxima(t)
    columns = (
        *t.identity,
        t.column("result", "total", "points"),
        *(
            Column(
                t.group_of(f),
                t.say("points_head", name=f.name, max=numbers.short(most.get(f.id))),
                "points",
            )
            for f in scored
        ),
    )
    return Sheet(
        t.say("points"),
        t.say("note.points_text"),
        columns,
        frame(columns, _with_totals(t, scored)),
    )


def _with_totals(t: Tables, scored: Sequence[IndicatorFigure]) -> Iterator[list[Value]]:
    rows = t.by_indicator(scored, _points)
    for line, row in zip(t.lines, rows, strict=True):
        yield [*row[:3], line.bank.total if line.counted else None, *row[3:]]


def _maxima(t: Tables) -> dict[str, Fraction]:
    """The maximum of each indicator where it applies."""
    found: dict[str, Fraction] = {}
    for line in t.lines:
        for figure in line.bank.indicators:
            if figure.max is not None:
                found[figure.id] = max(figure.max, found.get(figure.id, figure.max))
    return found


def _points(line: Line, figure: IndicatorFigure) -> tuple[Value, ...]:
    return (figure.points if line.counted else None,)


def values(t: Tables) -> Sheet:
    """指标: value and status of every bank for every indicator."""
    pairs = (
        (
            Column(
                t.group_of(f),
                t.say("head", name=f.name, unit=t.say(f"unit.{f.unit}")),
                f.unit,
            ),
            Column(t.group_of(f), t.say("state_head", name=f.name)),
        )
        for f in t.indicators
    )
    columns = (*t.identity, *(column for pair in pairs for column in pair))
    rows = t.by_indicator(t.indicators, lambda _, f: (f.value, state(t, f)), 2)
    return Sheet(t.say("indicators"), t.say("note.indicators_text"), columns, frame(columns, rows))


def state(t: Tables, figure: IndicatorFigure) -> str:
    """What a bank's indicator comes to: worst requirement, else why there is no value."""
    if not figure.applies and figure.why_not != "annual_only":
        return t.words(f"reasons.{figure.why_not or 'not_applicable'}")
    for status in ("unmet", "met"):
        for kind in ("duty", "guidance"):
            if any(d.status == status and d.kind == kind for d in figure.demands):
                return t.words(f"report.requirement.{kind}.{status}")
    if figure.reason is not None:
        return t.words(f"reasons.{figure.reason}")
    return t.say("state.value")


def exact(t: Tables) -> Sheet:
    """精确值: totals and values as the texts of the evaluation document."""
    columns = (
        *t.identity,
        *(t.column("result", name) for name in ("total", "low", "high")),
        *(Column(t.group_of(f), f.name) for f in t.indicators),
    )

    def row(line: Line, cells: list[Value]) -> list[Value]:
        bank = line.bank
        known = (bank.total, bank.low, bank.high) if line.counted else (None, None, None)
        return [*cells[:3], *(decimal_text(value) for value in known), *cells[3:]]

    wide = t.by_indicator(t.indicators, lambda _, f: (decimal_text(f.value),))
    rows = (row(line, cells) for line, cells in zip(t.lines, wide, strict=True))
    return Sheet(t.say("exact"), t.say("note.exact_text"), columns, frame(columns, rows))
