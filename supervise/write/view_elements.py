"""Scores by element beside the last evaluation known → rows of texts."""

from __future__ import annotations

from fractions import Fraction

from supervise.core.evaluation import ElementResult
from supervise.core.trend import ElementChange, change
from supervise.record import record
from supervise.write.numbers import format_fixed
from supervise.write.phrases import Phrases
from supervise.write.view_scores import Bar, bar, percent


@record
class ElementRow:
    """One element: ``points`` of ``max`` after scaling, ``raw`` of ``raw_max`` before.

    Attributes:
        last: Points in the last evaluation that is known, 0 to 100 per cent of ``max``; empty:
            none is known.
        change: Points since then.
    """

    id: str
    name: str
    points: str
    max: str
    raw: str
    raw_max: str
    span: str
    rate: str
    scaled: bool
    bar: Bar
    last: str
    last_place: str
    change: str


def element_rows(say: Phrases) -> tuple[ElementRow, ...]:
    """One row per element, in the order of the law, beside the last evaluation known."""
    moved = change(say.evaluation)
    before = {each.id: each for each in moved.elements} if moved is not None else {}
    return tuple(_element_row(say, e, before.get(e.id)) for e in say.evaluation.elements)


def _element_row(say: Phrases, result: ElementResult, moved: ElementChange | None) -> ElementRow:
    drawn = bar(result.low, result.high, result.max)
    rate = result.points / result.max if result.max else None
    return ElementRow(
        id=result.id,
        name=result.name,
        points=say.numbers.points(result.points),
        max=say.numbers.short(result.max),
        raw=say.numbers.points(result.raw),
        raw_max=say.numbers.short(result.raw_max),
        span="" if result.low == result.high else say.span(result.low, result.high),
        rate="—" if rate is None else say.words("units.ratio", n=format_fixed(rate * 100, 1)),
        scaled=result.scaled,
        bar=drawn or Bar("0.0", "0.0"),
        last=say.numbers.points(moved.before) if moved else "—",
        last_place=_place(moved.before, result.max) if moved else "",
        change=say.numbers.points_change(moved.difference) if moved else "—",
    )


def _place(points: Fraction, full: Fraction) -> str:
    """Where the points of last time lie on an element's bar, in per cent."""
    return format_fixed(percent(points, full), 1) if full > 0 else ""
