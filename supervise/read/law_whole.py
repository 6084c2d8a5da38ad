"""Is the law sound as a whole: names, units, maxima, references between files?

In: a resolved ``Rulebook`` and the formulas met while reading it. Out: faults, nothing raised.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import chain

from supervise.core.law import Indicator, Rulebook
from supervise.errors import RulebookError
from supervise.read.law_drivers import driver_faults
from supervise.read.law_names import SPECIAL, Vocabulary, names_in, unknown_names
from supervise.read.law_reading import Reading, Use
from supervise.read.law_units import unit_faults, unit_of
from supervise.read.yaml import nearest

FULL = Fraction(100)
BONUS = "bonus"
BILL_SCOPES = ("ex_bills", "with_bills")
Places = Mapping[str, str]


def whole_faults(
    rulebook: Rulebook, at: Reading, later: frozenset[str], *, units: bool
) -> Iterator[RulebookError]:
    """Every fault that only the whole shows.

    Args:
        rulebook: The resolved law.
        at: The reading that met every formula and every place.
        later: Names that the law knows, but not yet on the day.
        units: Whether units and drivers are judged too, which takes as long as all the rest.
    """
    vocabulary = vocabulary_of(rulebook, later, at.broken)
    noted, places = at.uses, at.places
    unnamed: set[int] = set()
    for place, use in enumerate(noted):
        for error in unknown_names(use, vocabulary):
            unnamed.add(place)
            yield error
    if units:
        sound = [use for place, use in enumerate(noted) if place not in unnamed]
        yield from chain.from_iterable(unit_faults(use, vocabulary) for use in sound)
        yield from driver_faults(rulebook, places)
    yield from _element_faults(rulebook, places)
    yield from _tolerance_faults(rulebook, places)
    yield from _reference_faults(rulebook, vocabulary, places)


def vocabulary_of(
    rulebook: Rulebook, later: frozenset[str] = frozenset(), broken: Iterable[str] = ()
) -> Vocabulary:
    """Every name that formulas of this rulebook may use, with its unit."""
    names: dict[str, str | None] = {**dict.fromkeys(broken), **SPECIAL}
    names.update({item.id: item.unit for item in rulebook.forms.items.values()})
    names.update({one.id: one.unit for one in rulebook.parameters.values()})
    names.update(dict.fromkeys(rulebook.definitions))
    measures: dict[str, str | None] = {}
    for one in rulebook.indicators:
        measures[one.id] = one.unit
        measures.update({f"{one.id}.{part.id}": part.unit for part in one.parts})
    vocabulary = Vocabulary(names, measures, later)
    for _ in range(3):
        for key, expression in rulebook.definitions.items():
            use = Use(expression, "", "any")
            names[key] = unit_of(expression.tree, vocabulary, use)
    return vocabulary


def _element_faults(rulebook: Rulebook, places: Places) -> Iterator[RulebookError]:
    scored: dict[str, Fraction] = defaultdict(Fraction)
    for one in rulebook.indicators:
        if one.kind != "monitored":
            scored[one.element] += sum((p.curve.high for p in one.parts if p.curve), Fraction())
    regular = Fraction(0)
    for element in rulebook.elements:
        if element.id != BONUS:
            regular += element.max
        if scored[element.id] != element.max:
            yield _fault(
                f"要素 {element.name} 的指标满分合计为 {scored[element.id]}，不是 {element.max}",
                "indicators/ 下该要素各 max 之和等于 elements.yaml 所定满分",
                "调整各指标或各部分的 max，使合计相等。",
                places.get(element.id, ""),
            )
    if regular != FULL:
        last = places.get(rulebook.elements[-1].id, "") if rulebook.elements else "elements.yaml"
        yield _fault(
            f"常规要素满分合计为 {regular}", "100", "调整 elements.yaml 各要素的 max。", last
        )


def _tolerance_faults(rulebook: Rulebook, places: Places) -> Iterator[RulebookError]:
    """Limits stand in parameters, and 9.999% is below 10% however it prints."""
    for check in rulebook.checks:
        if check.holds is None or check.tolerance == "none":
            continue
        limits = sorted(names_in(check.holds)[0] & rulebook.parameters.keys())
        if limits:
            yield _fault(
                f"校核 {check.id} 与界限 {'、'.join(limits)} 比较而设有容差 {check.tolerance!r}",
                "与规则参数比较的关系容差为 none",
                "把容差改为 none。",
                places.get(check.id, ""),
            )


def _reference_faults(
    rulebook: Rulebook, vocabulary: Vocabulary, places: Places
) -> Iterator[RulebookError]:
    known = {element.id for element in rulebook.elements}
    counted = Counter(one.id for one in rulebook.indicators)
    for one in rulebook.indicators:
        for what, expected, fix in _placement_faults(one, known):
            yield _fault(what, expected, fix, places.get(one.id, ""))
        if counted[one.id] > 1:
            where = places.get(one.id, "")
            yield _fault(f"指标 {one.id} 写了两次", "每个指标一个文件", "改用另一个 id。", where)
    for reference in rulebook.peer_references:
        if reference.indicator not in vocabulary.measures:
            near = nearest(reference.indicator, vocabulary.measures)
            yield _fault(
                f"同业参照值指向未知的指标 {reference.indicator!r}",
                "已有的指标或 指标.部分",
                f"改为 {near!r}。",
                "peer_references.yaml",
            )
    yield from _table_faults(rulebook, places)


def _table_faults(rulebook: Rulebook, places: Places) -> Iterator[RulebookError]:
    tables = set(rulebook.forms.columns.values())
    for check in rulebook.checks:
        if check.rows_of and check.rows_of not in tables:
            near = nearest(check.rows_of, tables)
            yield _fault(
                f"校核 {check.id} 的 rows_of 指向未知的可变行表 {check.rows_of!r}",
                "、".join(sorted(tables)),
                f"改为 {near!r}。",
                places.get(check.id, ""),
            )
    scope = rulebook.parameters.get("bill_scope")
    if scope is None or scope.value not in BILL_SCOPES:
        yield _fault(
            "参数 bill_scope 缺少有效的值", "、".join(BILL_SCOPES), "改正。", "parameters.yaml"
        )


def _placement_faults(one: Indicator, elements: set[str]) -> Iterator[tuple[str, str, str]]:
    scored = any(part.curve for part in one.parts)
    if one.kind == "monitored":
        if scored:
            yield f"监测指标 {one.id} 带有评分", "监测指标没有 score", "删去 score，或改 kind。"
        return
    if one.element not in elements:
        near = nearest(one.element, elements)
        yield (
            f"指标 {one.id} 属于未知的要素 {one.element!r}",
            "、".join(sorted(elements)),
            f"改为 {near!r}。",
        )
    if not scored:
        yield f"指标 {one.id} 没有评分", "score，按日期书写", "补上 score，或改 kind: monitored。"
    if (one.kind == "bonus") != (one.element == BONUS):
        yield f"指标 {one.id} 的 kind 与要素不符", "加分指标归要素 bonus", "改正 kind 或 element。"


def _fault(what: str, expected: str, fix: str, where: str) -> RulebookError:
    return RulebookError(what, where=where, expected=expected, fix=fix, code="rulebook_invalid")
