"""What an advisable part would need next period: a figure, a share, every row, a mechanism.

Each goal is tried out in the next period's world, so that its points are those that the rule
itself gives there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from supervise.core.compute import compute
from supervise.core.evaluation import TargetKind
from supervise.core.exact import as_decimal
from supervise.core.frame import Absent, Frame
from supervise.core.model import Row, Value
from supervise.core.whatif.ahead import NextBook, Supposed
from supervise.core.whatif.thresholds import thresholds
from supervise.core.whatif.trial import Open, Trial, item_of
from supervise.record import record, replace

HUNDREDTH = Fraction(1, 100)
ONE, ZERO = Fraction(1), Fraction(0)
FAR = 2
"""Times its present size that a balance or a number of borrowers cannot reach in a quarter."""

_STEPS: Mapping[str, Fraction] = {"ratio": Fraction(1, 10_000)}


@record(kw_only=True)
class Goal:
    """Something to be reached next period.

    Attributes:
        points: Of the part once it is reached.
        value: Of the part then; None: no number.
        change: Makes a world one in which it is reached.
        items: What it changes.
        below: Rows that are below now.
        lacking: Items that must first be answered otherwise.
    """

    kind: TargetKind
    item: str
    unit: str
    now: Fraction
    at_least: Fraction
    points: Fraction | None
    value: Fraction | None
    change: Callable[[Supposed], None]
    items: tuple[str, ...]
    below: int = 0
    lacking: tuple[str, ...] = ()


def goals_of(found: Open, world: NextBook) -> Iterator[Goal]:
    """The goals of one part, the nearest first; none if nothing that may be named helps.

    Args:
        found: The part.
        world: The next period; whatever was supposed there before is taken back.
    """
    driver = found.law.driver
    assert driver is not None
    world.forget()
    item = item_of(driver.item, world.present) if driver.item else ""
    if item in world.rulebook.forms.columns:
        yield from _rows(found, world, item)
    elif item and driver.cumulative and found.law.unit == "ratio":
        yield from _share(found, world, item)
    elif item:
        yield from _figure(found, world, item)
    elif not driver.item:
        yield from _mechanism(found, world)


def _figure(found: Open, world: NextBook, item: str) -> Iterator[Goal]:
    driver, now = found.law.driver, world.present.lookup(item, Frame())
    assert driver is not None
    if not isinstance(now, Fraction):
        return
    answers = _answered(found, world)
    trial = _trial(found, world, lambda figure: world.suppose(item, figure), now)
    if world.stands_in and world.new_year and driver.cumulative:
        return
    unit = world.rulebook.forms.items[item].unit
    for figure in thresholds(trial, found.curve.high, now, _step(item, unit, world)):
        if now and figure > FAR * now and not driver.cumulative:
            continue
        yield Goal(
            kind="figure",
            item=item,
            unit=unit,
            now=now,
            at_least=figure,
            points=trial.points(figure),
            value=trial.value(figure),
            change=_changing(answers, item, figure),
            items=(item, *answers),
            lacking=tuple(answers),
        )


def _share(found: Open, world: NextBook, item: str) -> Iterator[Goal]:
    """A ratio of cumulative figures: the share itself is the goal, whatever it is a share of."""
    now = world.present.lookup(item, Frame())
    if not isinstance(now, Fraction):
        return
    answers = _answered(found, world)
    unit = world.rulebook.forms.items[item].unit
    step = _step(item, unit, world)
    line = Trial(found, world, lambda figure: world.suppose(item, figure))
    here, beside = line.value(now), line.value(now + step)
    if here is None or beside is None or beside <= here:
        return
    slope = (beside - here) / step

    def figure_of(share: Fraction) -> Fraction:
        return now + (share - here) / slope

    trial = _trial(found, world, lambda share: world.suppose(item, figure_of(share)), here)
    for share in thresholds(trial, found.curve.high, here, _STEPS["ratio"]):
        figure = -(-figure_of(share) // step) * step
        yield Goal(
            kind="share",
            item=item,
            unit="ratio",
            now=here,
            at_least=share,
            points=trial.points(share),
            value=share,
            change=_changing(answers, item, figure),
            items=(item, *answers),
            lacking=tuple(answers),
        )


def _rows(found: Open, world: NextBook, item: str) -> Iterator[Goal]:
    """Every row of an open table that the part looks at."""
    driver = found.law.driver
    assert driver is not None
    table = world.rulebook.forms.columns[item]
    unit = world.rulebook.forms.items[item].unit
    rows = world.present.submission.tables.get(table, ())
    where = driver.where.tree if driver.where is not None else None
    looked_at = [
        where is None or compute(where, world.present, Frame(row=row)) is True for row in rows
    ]
    figures = [_number(row, item) for row, own in zip(rows, looked_at, strict=True) if own]
    if not figures:
        return

    def raised(least: Fraction) -> tuple[Row, ...]:
        return tuple(
            _raised(row, item, least, unit) if own else row
            for row, own in zip(rows, looked_at, strict=True)
        )

    now = min(figures)
    trial = _trial(found, world, lambda least: world.list_rows(table, raised(least)), now)
    step = ONE if unit == "flag" else _step(item, unit, world)
    limits = thresholds(trial, found.curve.high, now, step)
    if not limits:
        return
    least, then = limits[-1], raised(limits[-1])
    yield Goal(
        kind="rows",
        item=item,
        unit=unit,
        now=now,
        at_least=least,
        points=trial.points(least),
        value=trial.value(least),
        change=lambda other: other.list_rows(table, then),
        items=(item,),
        below=sum(1 for figure in figures if figure < least),
    )


def _mechanism(found: Open, world: NextBook) -> Iterator[Goal]:
    """Something to be put in place: as few cells as do it are answered otherwise."""
    driver = found.law.driver
    assert driver is not None
    _trial(found, world, lambda figure: None, ZERO)
    if _is_full(found, world):
        return
    answers = _answered(found, world)
    for item, formula in driver.establish:
        if _is_full(found, world):
            break
        value = compute(formula.tree, world, Frame())
        written = world.rulebook.forms.items[item].unit == "text"  # as good as any other
        if item not in answers and not written and not isinstance(value, Absent):
            answers[item] = _as_filed(value)
            world.answer(item, answers[item])
    if not answers or not _is_full(found, world):
        return
    yield Goal(
        kind="mechanism",
        item=next(iter(answers)),
        unit="flag",
        now=ZERO,
        at_least=ONE,
        points=found.curve.high,
        value=None,
        change=_changing(answers),
        items=tuple(answers),
        lacking=tuple(answers),
    )


def _trial(found: Open, world: NextBook, put: Callable[[Fraction], None], now: Fraction) -> Trial:
    """The part ready to be tried; where its base is not known yet, this period's stands in."""
    world.stand_in(stands_in=False)
    trial = Trial(found, world, put)
    if found.rule.year_ago:
        trial.points(now)
    if world.missed:
        world.stand_in(stands_in=True)
        trial = Trial(found, world, put)
    return trial


def _answered(found: Open, world: NextBook) -> dict[str, Value]:
    """Whatever must be in place first and is blank or 否 is answered as it should be."""
    driver = found.law.driver
    answers: dict[str, Value] = {}
    for item, formula in driver.establish if driver is not None else ():
        filed = world.present.submission.facts[item]
        value = compute(formula.tree, world, Frame())
        if isinstance(value, Absent) or (filed.state == "given" and filed.value is not False):
            continue
        answers[item] = _as_filed(value)
        world.answer(item, answers[item])
    return answers


def _changing(
    answers: Mapping[str, Value], item: str = "", figure: Fraction = ZERO
) -> Callable[[Supposed], None]:
    def change(world: Supposed) -> None:
        for each, value in answers.items():
            world.answer(each, value)
        if item:
            world.suppose(item, figure)

    return change


def _as_filed(value: Value | Fraction) -> Value:
    return as_decimal(value) if isinstance(value, Fraction) else value


def _is_full(found: Open, world: NextBook) -> bool:
    points = Trial(found, world, lambda figure: None).points(ZERO)
    return points is not None and points >= found.curve.high


def _number(row: Row, item: str) -> Fraction:
    """A figure of a row, 是 as one; nothing there as zero."""
    value = row[item].value
    return Fraction(value) if isinstance(value, Decimal | bool) else ZERO


def _raised(row: Row, item: str, least: Fraction, unit: str) -> Row:
    if _number(row, item) >= least:
        return row
    value: Value = True if unit == "flag" else _as_filed(least)
    return {**row, item: replace(row[item], value=value, state="given")}


def _step(item: str, unit: str, world: NextBook) -> Fraction:
    """The smallest step of a figure on its form: 0.01 of the sheet's unit for an amount."""
    if unit != "yuan":
        return _STEPS.get(unit, ONE)
    sheet = world.present.submission.facts[item].cell.sheet
    return world.rulebook.forms.scale(unit, sheet) * HUNDREDTH
