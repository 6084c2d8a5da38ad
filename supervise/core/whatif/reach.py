"""How far a figure reaches: what a formula reads, and which scored parts read an item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TypeGuard

from supervise.core.formula import (
    PERIOD_WORDS,
    Binary,
    Call,
    Expression,
    Name,
    Node,
    Unary,
    walk,
)
from supervise.core.law import Indicator, PartLaw, Rulebook
from supervise.record import record

Place = tuple[str, str]
"""Indicator and part."""

MOST_KEPT = 512
"""Laws: of a run over all provinces, an overlay has one for each type of bank in each of them."""

_COMPARISONS = frozenset({"<", "<=", ">", ">=", "=", "!="})
_KEPT: dict[tuple[int, int], Reach] = {}


@record
class Reads:
    """Names that a formula comes down to, of this period and, by a period word, of earlier ones."""

    now: frozenset[str]
    earlier: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Both."""
        return self.now | self.earlier


def reads(expression: Expression, definitions: Mapping[str, Expression]) -> Reads:
    """What a formula reads, definitions looked through."""
    now: set[str] = set()
    earlier: set[str] = set()
    _gather(expression.tree, definitions, (now, earlier), past=False)
    return Reads(frozenset(now), frozenset(earlier))


def _gather(
    node: Node,
    definitions: Mapping[str, Expression],
    found: tuple[set[str], set[str]],
    *,
    past: bool,
) -> None:
    if isinstance(node, Name):
        definition = definitions.get(node.id)
        if definition is not None:
            _gather(definition.tree, definitions, found, past=past)
        else:
            found[past].add(node.id)
    elif isinstance(node, Unary):
        _gather(node.operand, definitions, found, past=past)
    elif isinstance(node, Binary):
        _gather(node.left, definitions, found, past=past)
        _gather(node.right, definitions, found, past=past)
    elif isinstance(node, Call) and node.name != "peer_reference":
        past = past or node.name in PERIOD_WORDS
        below = (*node.args, node.where) if node.where is not None else node.args
        for each in below:
            _gather(each, definitions, found, past=past)


def formulas_of(part: PartLaw) -> Iterator[Expression]:
    """Every formula that decides a part's points."""
    curve = part.curve
    cases = curve.cases if curve is not None else ()
    deductions = curve.deductions if curve is not None else ()
    formulas = [part.value, part.base, part.applies]
    formulas += [each for case in cases for each in (case.when, case.points)]
    formulas += [deduction.when for deduction in deductions]
    return (formula for formula in formulas if formula is not None)


@record
class Rule:
    """What turning a part's scoring rule round needs to know of it.

    Attributes:
        inner: Earlier parts of its indicator that its formulas name.
        compared: Comparisons of its curve that this period's figures decide.
        year_ago: Whether it reads anything of a year ago.
        base: What its comparison base reads; None: it has none.
    """

    inner: tuple[str, ...]
    compared: tuple[Binary, ...]
    year_ago: bool
    base: Reads | None


class Reach:
    """How far figures reach in one law; worked out as far as it is asked for.

    Args:
        rulebook: The law.
    """

    def __init__(self, rulebook: Rulebook) -> None:
        self._indicators = rulebook.indicators
        self._definitions = rulebook.definitions
        self._bases = rulebook.forms.bases
        self._rules: dict[Place, Rule] = {}

    @cached_property
    def touched(self) -> Mapping[str, tuple[Place, ...]]:
        """Item to the scored parts that read it or a comparative of it."""
        return _touched(self._indicators, self._definitions, self._bases)

    @cached_property
    def definitions(self) -> Mapping[str, tuple[str, ...]]:
        """Item to the definitions that read it."""
        found: dict[str, tuple[str, ...]] = {}
        for name, definition in self._definitions.items():
            for item in reads(definition, self._definitions).all:
                found[item] = (*found.get(item, ()), name)
        return found

    def rule(self, indicator: Indicator, part: PartLaw) -> Rule:
        """What the scoring rule of an advisable part compares."""
        place = indicator.id, part.id
        if place not in self._rules:
            self._rules[place] = self._rule(indicator, part)
        return self._rules[place]

    def is_for(self, rulebook: Rulebook) -> bool:
        """Whether it was worked out for these very formulas."""
        same = self._indicators is rulebook.indicators
        return same and self._definitions is rulebook.definitions

    def _rule(self, indicator: Indicator, part: PartLaw) -> Rule:
        ids = [each.id for each in indicator.parts]
        formulas = tuple(formulas_of(part))
        names = {name for each in formulas for name in each.names()}
        inner = tuple(name for name in ids[: ids.index(part.id)] if name in names)
        cases = part.curve.cases if part.curve is not None else ()
        nodes = (node for case in cases if case.when is not None for node in walk(case.when.tree))
        compared = (node for node in nodes if _is_decided_now(node, self._definitions))
        year_ago = any(_calls("year_ago", each, self._definitions) for each in formulas)
        base = reads(part.base, self._definitions) if part.base is not None else None
        return Rule(inner, tuple(dict.fromkeys(compared)), year_ago, base)


def reach_of(rulebook: Rulebook) -> Reach:
    """The reach of a law's figures, kept for whoever asks again."""
    key = id(rulebook.indicators), id(rulebook.definitions)
    if key not in _KEPT or not _KEPT[key].is_for(rulebook):
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = Reach(rulebook)
    return _KEPT[key]


def _is_decided_now(node: Node, definitions: Mapping[str, Expression]) -> TypeGuard[Binary]:
    if not isinstance(node, Binary) or node.op not in _COMPARISONS:
        return False
    return bool(reads(Expression("", node), definitions).now)


def _calls(word: str, expression: Expression, definitions: Mapping[str, Expression]) -> bool:
    """Whether a formula calls a function, definitions looked through."""
    if word in expression.functions():
        return True
    below = (definitions[name] for name in expression.names() if name in definitions)
    return any(_calls(word, each, definitions) for each in below)


def _touched(
    indicators: tuple[Indicator, ...],
    definitions: Mapping[str, Expression],
    bases: Mapping[tuple[str, str], str],
) -> dict[str, tuple[Place, ...]]:
    known = _read_by_part(indicators, definitions)
    scored = {
        (indicator.id, part.id)
        for indicator in indicators
        if indicator.kind != "monitored"
        for part in indicator.parts
        if part.curve is not None
    }
    found: dict[str, dict[Place, None]] = {}
    for place in known.keys() & scored:
        for name in _followed(known[place], known):
            found.setdefault(name, {})[place] = None
    for (item, _), comparative in bases.items():
        if item in found:
            found.setdefault(comparative, {}).update(found[item])
    return {name: tuple(sorted(places)) for name, places in found.items()}


def _read_by_part(
    indicators: tuple[Indicator, ...], definitions: Mapping[str, Expression]
) -> dict[Place, frozenset[str]]:
    """What each part reads, earlier parts of its indicator looked through."""
    found: dict[Place, frozenset[str]] = {}
    for indicator in indicators:
        common = _names(indicator.applies_when, definitions)
        found[indicator.id, ""] = common | _names(indicator.value, definitions)
        for part in indicator.parts:
            read = {name for each in formulas_of(part) for name in reads(each, definitions).all}
            inner = [found[indicator.id, name] for name in read if (indicator.id, name) in found]
            found[indicator.id, part.id] = frozenset(read.union(common, {part.self_item}, *inner))
    return found


def _names(expression: Expression | None, definitions: Mapping[str, Expression]) -> frozenset[str]:
    return reads(expression, definitions).all if expression is not None else frozenset()


def _followed(names: frozenset[str], known: Mapping[Place, frozenset[str]]) -> frozenset[str]:
    """The names with what ``measure(…)`` of another indicator or part reads, one step on."""
    places = (name.partition(".")[::2] for name in names)
    return names.union(*(known[place] for place in places if place in known))
