"""Points → elements → total → grade 评级, under the standing rules 2, 4, 9 and 12."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from supervise.core import exact
from supervise.core.compute import compute
from supervise.core.evaluation import (
    ElementResult,
    GradeResult,
    IndicatorResult,
    Score,
    Status,
)
from supervise.core.frame import Frame
from supervise.core.indicators import worst
from supervise.core.law import Band, Element
from supervise.core.model import Provenance
from supervise.core.world import Book

BONUS = "bonus"
FULL = Fraction(100)
ZERO = Fraction(0)


def sum_elements(indicators: tuple[IndicatorResult, ...], book: Book) -> tuple[ElementResult, ...]:
    """Points by element, each scaled to its full maximum if a part of it does not apply."""
    results = []
    for element in book.rulebook.elements:
        mine = [r for r in indicators if r.law.element == element.id and r.points is not None]
        sure = all(r.low is r.points and r.high is r.points for r in mine)
        raw = exact.total(r.points or ZERO for r in mine)
        low = raw if sure else exact.total(r.low or ZERO for r in mine)
        high = raw if sure else exact.total(r.high or ZERO for r in mine)
        raw_max = exact.total(r.max or ZERO for r in mine)
        factor = stretch(element, raw_max)
        results.append(
            ElementResult(
                id=element.id,
                name=element.name,
                points=exact.times(raw, factor),
                raw=raw,
                raw_max=raw_max,
                max=element.max,
                low=exact.times(low, factor),
                high=exact.times(high, factor),
                scaled=factor != 1,
            )
        )
    return tuple(results)


def stretch(element: Element | ElementResult, raw_max: Fraction) -> Fraction:
    """Factor that scales an element to its full maximum (standing rule 4)."""
    scaled = element.id != BONUS and ZERO < raw_max < element.max
    return element.max / raw_max if scaled else Fraction(1)


def total(elements: tuple[ElementResult, ...], book: Book, unknown: tuple[str, ...]) -> Score:
    """The total: regular elements scaled to 100 if one is empty, plus the capped bonus."""
    cap = book.rulebook.bonus_cap
    points, extra = joined(elements, [e.points for e in elements], cap)
    low, extra_low = joined(elements, [e.low for e in elements], cap)
    high, extra_high = joined(elements, [e.high for e in elements], cap)
    return Score(
        regular=points,
        bonus=extra,
        total=points + extra,
        low=low + extra_low,
        high=high + extra_high,
        regular_low=low,
        regular_high=high,
        not_computable=unknown,
    )


def joined(
    elements: Sequence[ElementResult], points: Sequence[Fraction], cap: Fraction
) -> tuple[Fraction, Fraction]:
    """Regular points and bonus of the whole, from the points of each element."""
    bonus, there, regular = list[Fraction](), list[Fraction](), list[Fraction]()
    for element, each in zip(elements, points, strict=True):
        if element.id == BONUS:
            bonus.append(each)
        elif element.raw_max.numerator > 0:
            there.append(element.max)
            regular.append(each)
    most = exact.total(there)
    factor = FULL / most if ZERO < most < FULL else Fraction(1)
    return (
        exact.times(exact.total(regular), factor),
        exact.within(exact.total(bonus), ZERO, cap),
    )


def grade(score: Score, status: Status, book: Book) -> GradeResult:
    """The grade, given only where the lowest and the highest possible score agree on it."""
    if status == "blocked":
        return GradeResult(None, "blocked", (), None, None, False, "provisional")
    low, low_vetoes = _graded(score.regular_low, score.low, book)
    high, high_vetoes = _graded(score.regular_high, score.high, book)
    vetoes = tuple(v for v in low_vetoes if v in high_vetoes)
    if low.id != high.id:
        return GradeResult(None, "span", vetoes, None, None, False, low.provenance)
    above = [b for b in book.rulebook.bands if b.at_least > low.at_least]
    next_band = min(above, key=lambda b: b.at_least, default=None)
    short = None
    if next_band is not None:
        reached = min(score.low, score.regular_low) if vetoes else score.low
        short = next_band.at_least - reached
    used = [low.provenance, *(v.provenance for v in book.rulebook.vetoes if v.id in vetoes)]
    return GradeResult(low, None, vetoes, next_band, short, False, worst(used))


def _graded(regular: Fraction, total_points: Fraction, book: Book) -> tuple[Band, tuple[str, ...]]:
    frame = Frame(local={"regular": regular, "total": total_points})
    struck = [v for v in book.rulebook.vetoes if compute(v.when.tree, book, frame) is True]
    bands = sorted(book.rulebook.bands, key=lambda b: b.at_least)
    if struck:
        named = {v.grade for v in struck}
        return next(b for b in bands if b.id in named), tuple(v.id for v in struck)
    reached = [b for b in bands if b.at_least <= total_points]
    return (reached[-1] if reached else bands[0]), ()


def _stretched(element: ElementResult) -> bool:
    """Whether standing rule 4 moved points: a scaled element, or an empty one."""
    return element.scaled or (element.id != BONUS and element.raw_max == 0)


def unconfirmed(
    indicators: tuple[IndicatorResult, ...],
    elements: tuple[ElementResult, ...],
    graded: GradeResult,
    book: Book,
) -> tuple[str, ...]:
    """Ids of everything that was used and is not ``confirmed``, sorted."""
    found = [row for result in indicators for row in _used_rows(result)]
    found += [(f"element.{e.id}", e.provenance) for e in book.rulebook.elements]
    found += [("standing_rule.4", "provisional")] if any(map(_stretched, elements)) else []
    if graded.band is not None:
        found.append((f"grade.{graded.band.id}", graded.band.provenance))
    found += [(f"veto.{v.id}", v.provenance) for v in book.rulebook.vetoes if v.id in graded.vetoes]
    for name in book.used_parameters:
        parameter = book.rulebook.parameters.get(name)
        found.append((name, parameter.provenance if parameter else "provisional"))
    return tuple(sorted({name for name, provenance in found if provenance != "confirmed"}))


def _used_rows(result: IndicatorResult) -> Iterator[tuple[str, Provenance]]:
    """Scored parts and answered requirements of an indicator, with how sure they are."""
    for part in result.parts:
        if part.points is not None and part.law.curve is not None:
            used = [part.law.curve.provenance, part.case_provenance or "confirmed"]
            yield f"{result.law.id}.{part.law.id}", worst(used)
    for requirement in result.requirements:
        if requirement.status in ("met", "unmet"):
            name = f"{result.law.id}.requirement.{requirement.law.id}"
            yield name, requirement.law.provenance
