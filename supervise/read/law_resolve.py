"""YAML → the law for one period, bank type and province.

In: the shipped law tree, perhaps an office's overlay, and the forms. Out: a ``Rulebook``,
resolved from dated entries, checked for names, maxima and references, with its digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from itertools import chain
from pathlib import PurePosixPath

from supervise.core.law import Check, Element, Indicator, Rulebook
from supervise.core.period import Period
from supervise.core.references import BankType
from supervise.errors import RulebookError
from supervise.read.digest import sealed
from supervise.read.forms import read_forms
from supervise.read.law_checks import linked, read_check
from supervise.read.law_grades import read_grades
from supervise.read.law_indicators import read_indicator
from supervise.read.law_library import read_library
from supervise.read.law_provinces import (
    apply_parameters,
    read_province,
    replaced_elements,
)
from supervise.read.law_reading import Reading
from supervise.read.law_tables import (
    read_bank_types,
    read_definitions,
    read_elements,
    read_parameters,
    read_sources,
)
from supervise.read.law_whole import whole_faults
from supervise.read.loosening import notices_of, province_notices
from supervise.read.overlay import LawTree
from supervise.read.yaml import YamlMap, nearest
from supervise.record import record, replace


@record
class Case:
    """What law is asked for; ``day`` decides which dated entries apply."""

    period: Period
    bank_type: str
    province: str
    day: date

    @classmethod
    def of(cls, period: Period, bank_type: str, province: str) -> Case:
        """The case of a period, judged by the law of its last day."""
        return cls(period, bank_type, province, period.last_day)


def resolved(tree: LawTree, case: Case) -> Rulebook:
    """The law of one case; under an overlay with a notice of each point where it is looser.

    Raises:
        RulebookError: The first fault of the law, with file and line.
    """
    rulebook, _ = resolve(tree, case)
    if tree.overlay is None:
        return rulebook
    return replace(rulebook, notices=(*rulebook.notices, *_loosened(tree, case, rulebook)))


def retyped(tree: LawTree, case: Case, like: Rulebook) -> Rulebook:
    """The law of a case that differs from a sound one in nothing but the bank type.

    Only indicators and peer references know whom they address.
    """
    at = _reading(case, like.bank_types, tuple(like.sources), strict=True)
    province = read_province(tree, case.province)
    own = replaced_elements(province, tuple(one.id for one in like.elements), at)
    changed = replace(
        like,
        bank_type=at.bank_type,
        indicators=_in_order(_indicators(tree, own, at), like.elements),
        peer_references=read_library(tree, at).peer_references,
    )
    return sealed(changed)


def _loosened(tree: LawTree, case: Case, local: Rulebook) -> tuple[str, ...]:
    """In what the overlay is looser; nothing if only the overlay knows the type or province."""
    plain = tree.shipped()
    known = case.province in plain.read("provinces.yaml")
    if not known or not plain.has(f"bank_types/{case.bank_type}.yaml"):
        return ()
    shipped, _ = resolve(plain, case)
    return notices_of(shipped, local, local.overlay or "")


def resolve(tree: LawTree, case: Case, *, strict: bool = True) -> tuple[Rulebook, Reading]:
    """The law of one case with the faults met, none in a strict reading.

    Units are judged in an overlay and in a reading that gathers faults; the shipped law's are
    held by lint and need not be judged again for every bank.

    Raises:
        RulebookError: The first fault, or in a lenient reading one that nothing can survive.
    """
    sources = read_sources(tree.read("sources.yaml"))
    bank_types = read_bank_types(tree)
    at = _reading(case, bank_types, tuple(sources), strict=strict)
    rulebook = replace(_read_all(tree, case, at), sources=sources, bank_types=bank_types)
    units = not strict or tree.overlay is not None
    faults = whole_faults(rulebook, at, _later(tree, rulebook), units=units)
    at.report_all(faults)
    return sealed(rulebook), at


def _reading(
    case: Case, types: Mapping[str, BankType], sources: tuple[str, ...], *, strict: bool
) -> Reading:
    if case.bank_type not in types:
        raise RulebookError(
            f"没有机构类型 {case.bank_type!r}",
            where="bank_types/",
            expected="、".join(types),
            fix=f"改为 {nearest(case.bank_type, types) or 'rural_commercial'!r}。",
            code="bank_type_unknown",
        )
    groups = {group for one in types.values() for group in one.groups}
    return Reading(
        case.day, types[case.bank_type], frozenset(groups | types.keys()), sources, strict
    )


def _read_all(tree: LawTree, case: Case, at: Reading) -> Rulebook:
    province = read_province(tree, case.province)
    national = read_parameters(tree.read("parameters.yaml"), at)
    parameters = apply_parameters(province, national, at)
    elements = read_elements(tree.read("elements.yaml"), at)
    grades = read_grades(tree.read("grades.yaml"), at)
    own = replaced_elements(province, tuple(one.id for one in elements), at)
    form_law = read_forms(case.day, directory=tree.forms(), overlay=tree.overlay)
    library = read_library(tree, at)
    return Rulebook(
        version=library.version,
        digest="",
        overlay=tree.overlay.name if tree.overlay else None,
        period=case.period,
        bank_type=at.bank_type,
        province=case.province,
        province_name=province.name,
        forms=form_law.forms,
        sources={},
        checks=_checks(tree, form_law.checks, at),
        elements=elements,
        indicators=_in_order(_indicators(tree, own, at), elements),
        definitions=read_definitions(tree.read("definitions.yaml"), at),
        parameters=parameters,
        peer_references=library.peer_references,
        bands=grades.bands,
        vetoes=grades.vetoes,
        bonus_cap=grades.bonus_cap,
        grades_provenance=grades.provenance,
        grades_basis=grades.basis,
        policy_items=library.policy_items,
        standing_rules=library.standing_rules,
        benchmarks=library.benchmarks,
        notices=province_notices(province, national, parameters),
    )


def _checks(tree: LawTree, in_form: Iterable[YamlMap], at: Reading) -> tuple[Check, ...]:
    blocks = [*in_form]
    for path in tree.paths("checks"):
        data = tree.read(path)
        at.attempt(partial(data.only, ("checks",)))
        blocks += at.attempt(partial(data.maps, "checks")) or []
    read = [(entry, at.attempt(partial(read_check, entry, at))) for entry in blocks]
    pairs = [(entry, check) for entry, check in read if check is not None]
    at.report_all(linked(pairs))
    at.places.update({check.id: entry.where("id") for entry, check in pairs})
    return tuple(check for _, check in pairs)


def _indicators(
    tree: LawTree, own: Mapping[str, tuple[Indicator, ...]], at: Reading
) -> tuple[Indicator, ...]:
    found: list[Indicator] = []
    for path in tree.paths("indicators"):
        element, name = PurePosixPath(path).parts[-2:]
        if element in own:
            continue
        data = tree.read(path)
        one = at.attempt(partial(read_indicator, data, name.removesuffix(".yaml"), element, at))
        if one is not None:
            found.append(one)
    return (*found, *chain.from_iterable(own.values()))


def _in_order(
    indicators: tuple[Indicator, ...], elements: tuple[Element, ...]
) -> tuple[Indicator, ...]:
    """Indicators as people read them: by element, then as the element lists them."""
    places = {e.id: (n, e.order) for n, e in enumerate(elements)}

    def place(law: Indicator) -> tuple[int, int, str]:
        element, order = places.get(law.element, (len(places), ()))
        return element, order.index(law.id) if law.id in order else len(order), law.id

    return tuple(sorted(indicators, key=place))


def _later(tree: LawTree, rulebook: Rulebook) -> frozenset[str]:
    """Names that the law knows and that have no value on the day."""
    known = {*tree.read("parameters.yaml"), *tree.read("definitions.yaml")}
    return frozenset(known - rulebook.parameters.keys() - rulebook.definitions.keys())
