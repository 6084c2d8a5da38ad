"""The three things to do → at most three short sentences, the most important first.

Blocking findings, then vetoes and unmet duties, overdue 整改, the largest gains in points (rows
that may be advised only, standing rule 13), and data that are owed. Each names a figure and what
follows from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from supervise.core.evaluation import IndicatorResult, NextTarget, RequirementResult
from supervise.core.opinions import closed_ids, duty_id
from supervise.core.supervision import RectificationItem
from supervise.record import replace
from supervise.write.phrases import Phrases
from supervise.write.targets import target_goal

MOST = 3
LONGEST = 60
"""Characters of a sentence in Chinese; a language with letters may take ``_LETTERS`` times more."""

_LETTERS = 3
_FEW_DUTIES = 2
_OWED = "owed_and_missing"
_ASIDE = re.compile(r"[（(][^（）()]*[）)]$")


def three_things(say: Phrases) -> tuple[str, ...]:
    """What the bank should do first, at most three sentences without a full stop."""
    found: list[str] = []
    for sentence in _in_order(say):
        if len(found) == MOST:
            break
        begun = sentence[:1].upper() + sentence[1:]
        if begun not in found:
            found.append(begun)
    return tuple(found)


def _in_order(say: Phrases) -> Iterator[str]:
    yield from _blocking(say)
    yield from _vetoes(say)
    yield from _duties(say)
    yield from _overdue(say)
    yield from _gains(say)
    yield from _owed(say)


def _blocking(say: Phrases) -> Iterator[str]:
    found = [f for f in say.evaluation.findings if f.severity == "blocking"]
    if found:
        cell = found[0].cells[0] if found[0].cells else found[0].check
        yield _fitted(say, "blocking", cell, n=len(found))


def _vetoes(say: Phrases) -> Iterator[str]:
    evaluation = say.evaluation
    regular = say.numbers.points(evaluation.score.regular, say.band_limits())
    for veto in evaluation.rulebook.vetoes:
        if veto.id in evaluation.grade.vetoes:
            yield _fitted(say, "veto", veto.name, points=regular)


def _duties(say: Phrases) -> Iterator[str]:
    """Unmet duties, each by itself while they are few."""
    unmet = _unmet(say)
    if len(unmet) > _FEW_DUTIES:
        yield _fitted(say, "duties", unmet[0][1].law.name, n=len(unmet))
        return
    for result, requirement in unmet:
        yield _duty(say, result, requirement)


def _unmet(say: Phrases) -> list[tuple[IndicatorResult, RequirementResult]]:
    """Unmet duties but for those overdue, which come by themselves, and those closed."""
    elsewhere = {item.id for item in _late(say)} | closed_ids(say.evaluation)
    return [
        (result, requirement)
        for result in say.results
        for requirement in result.requirements
        if requirement.law.kind == "duty" and requirement.status == "unmet"
        if duty_id(result, requirement) not in elsewhere
    ]


def _duty(say: Phrases, result: IndicatorResult, requirement: RequirementResult) -> str:
    law = requirement.law
    if law.test == "holds" or requirement.value is None:
        return _fitted(say, "duty", law.name)
    value = say.found(requirement, result)
    demand = say.demand(requirement, say.unit(requirement, result))
    return _fitted(say, "duty_figure", result.law.name, value=value, demand=demand)


def _late(say: Phrases) -> tuple[RectificationItem, ...]:
    return tuple(i for i in say.evaluation.rectification if i.status == "overdue")


def _overdue(say: Phrases) -> Iterator[str]:
    late = sorted(_late(say), key=lambda item: (item.due, item.id))
    if not late:
        return
    due = say.numbers.day(date.fromisoformat(late[0].due)) if late[0].due else "—"
    key = "overdue" if len(late) == 1 else "overdue_many"
    yield _fitted(say, key, late[0].requirement, n=len(late), due=due)


def _gains(say: Phrases) -> Iterator[str]:
    """The best target of each indicator whose duty was not named above."""
    unmet = _unmet(say)
    named = {result.law.id for result, _ in unmet} if len(unmet) <= _FEW_DUTIES else set()
    for target in say.evaluation.targets:
        if target.indicator not in named:
            named.add(target.indicator)
            yield _gain(say, target)


def _gain(say: Phrases, target: NextTarget) -> str:
    """One target; its figures are never cut, only what it is called."""

    def told(name: str) -> str:
        goal, gain = target_goal(say.evaluation, replace(target, name=name), say.words)
        return say.words("report.priorities.gain", goal=goal, gain=gain)

    return _shortened(say, told, target.name)


def _owed(say: Phrases) -> Iterator[str]:
    owed = [part.law.name for r in say.results for part in r.parts if part.note == _OWED]
    if owed:
        yield _fitted(say, "owed", owed[0], n=len(owed))


def _fitted(say: Phrases, key: str, name: str, **names: object) -> str:
    """One sentence about something with a name."""
    return _shortened(
        say,
        lambda shown: say.words(f"report.priorities.{key}", name=shown, **names),
        name.rstrip("。"),
    )


def _shortened(say: Phrases, told: Callable[[str], str], name: str) -> str:
    """A sentence whose name is cut where it would be longer than the page allows.

    Asides in brackets go first, the end of the name after that.
    """
    room = LONGEST if say.words.lang.startswith("zh") else LONGEST * _LETTERS
    if len(told(name)) <= room:
        return told(name)
    name = _ASIDE.sub("", name)
    over = len(told(name)) - room
    return told(name[: -over - 1] + "…") if over > 0 else told(name)
