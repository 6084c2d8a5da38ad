"""Next period's targets 下一期目标: scoring rules turned round, each answer proved (rule 13).

Only parts that the law marks ``advisable`` are looked at, and only what their ``driver`` names
may be raised. A gain is what the whole total would be more than now, everything else as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from supervise.core.driver import may_be_advised
from supervise.core.evaluation import IndicatorResult, NextTarget, PartResult
from supervise.core.measures import period_words
from supervise.core.whatif.ahead import NextBook
from supervise.core.whatif.goals import Goal, goals_of
from supervise.core.whatif.reach import reach_of
from supervise.core.whatif.rescoring import Rescoring
from supervise.core.whatif.trial import Open
from supervise.core.world import Book

LEAST_GAIN = Fraction(1, 100)
"""A smaller gain prints as 0.00."""

_ASKED = frozenset({"", "owed_and_missing", "self_assessed", "supervisor_marked"})


def advise(
    book: Book, indicators: tuple[IndicatorResult, ...], rescoring: Rescoring
) -> tuple[NextTarget, ...]:
    """What would lift the score next period, the largest gain first.

    Args:
        book: The submission as it was judged.
        indicators: Its results.
        rescoring: Of the same results.
    """
    found = tuple(_open_parts(book, indicators))
    if not found:
        return ()
    world = NextBook(book)
    world.measured = book.measured
    targets = [target for part in found for target in _targets(part, world, rescoring)]
    return _in_order(targets)


def _in_order(targets: Iterable[NextTarget]) -> tuple[NextTarget, ...]:
    """The largest gain first; of one item's figures only those that bring more than a lower one."""
    kept = []
    best: dict[str, Fraction] = {}
    for target in sorted(targets, key=lambda t: (t.at_least, -t.points, t.indicator, t.part)):
        if target.kind == "figure":
            if target.gain <= best.get(target.item, 0):
                continue
            best[target.item] = target.gain
        kept.append(target)
    return tuple(sorted(kept, key=lambda t: (-t.gain, t.indicator, t.part)))


def _open_parts(book: Book, indicators: tuple[IndicatorResult, ...]) -> Iterator[Open]:
    """Advisable parts with points to be had, whatever they lack being known."""
    level = book.submission.bank.level
    reach = reach_of(book.rulebook)
    for result in indicators:
        if result.applies and level in result.law.levels:
            for part in result.parts:
                if _is_open(part):
                    yield Open(result.law, part, reach.rule(result.law, part.law))


def _is_open(part: PartResult) -> bool:
    law = part.law
    if not (law.advisable and law.driver and law.curve and part.applies):
        return False
    if part.points is None or part.low != part.high or part.points >= law.curve.high:
        return False
    return part.note in _ASKED and (part.note != "owed_and_missing" or not law.driver.item)


def _targets(found: Open, world: NextBook, rescoring: Rescoring) -> Iterator[NextTarget]:
    law, items = found.law, world.rulebook.forms.items
    if world.new_year and _compares_growth(found, world):
        return
    driver = law.driver
    assert driver is not None
    for goal in goals_of(found, world):
        points, before = goal.points, found.part.points
        named = (goal.item, *goal.lacking)
        if points is None or before is None or not all(may_be_advised(items[i]) for i in named):
            continue
        gain = _gain(found, goal, world, rescoring) if points > before else Fraction(0)
        if gain < LEAST_GAIN:
            continue
        period, assumed = _base(found, world)
        yield NextTarget(
            indicator=found.indicator.id,
            part=law.id,
            kind=goal.kind,
            name=driver.name,
            item=goal.item,
            unit=goal.unit,
            now=goal.now,
            at_least=goal.at_least,
            gain=gain,
            points=points,
            period=str(world.rulebook.period),
            base_period=period,
            base_assumed=assumed,
            value=goal.value,
            value_unit=law.unit,
            below=goal.below,
            lacking=goal.lacking,
        )


def _gain(found: Open, goal: Goal, world: NextBook, rescoring: Rescoring) -> Fraction:
    """The total with the part's points then, and with what else the change reaches as it is now.

    In a new year every base moves, so that only the part itself is counted.
    """
    assert goal.points is not None
    if not world.new_year:
        goal.change(rescoring.supposed)
    items = () if world.new_year else goal.items
    gain = rescoring.gain(items, {(found.indicator.id, found.law.id): goal.points})
    rescoring.supposed.forget()
    return gain


def _compares_growth(found: Open, world: NextBook) -> bool:
    """Whether the base is the growth of something else, of which a new year knows nothing."""
    read = found.rule.base
    if read is None:
        return False
    return bool(read.now & world.rulebook.forms.items.keys() and read.earlier)


def _base(found: Open, world: NextBook) -> tuple[str, bool]:
    """Period of the figure that the part is compared with, and whether it only stands in."""
    base, read = found.law.base, found.rule.base
    if base is None or read is None:
        return "", False
    if read.now & world.rulebook.forms.items.keys():
        return str(world.present.rulebook.period), True
    words = period_words(base)
    asked = world.present if world.stands_in else world
    return (str(asked.period_of(words[0])), world.stands_in) if words else ("", False)
