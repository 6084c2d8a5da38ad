"""Banks in groups: by type and by province; their totals, grades and headline indicators."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

from supervise.core.law import Better, RequirementKind, Unit
from supervise.core.region.figures import BankFigures, IndicatorFigure
from supervise.core.region.spread import Spread, spread
from supervise.record import record

Value = TypeVar("Value")
Key = Callable[[BankFigures], tuple[str, str]]


@record(kw_only=True)
class Group:
    """Totals and grades of one group.

    Attributes:
        id: Bank type or province code; empty for all together.
        grades: Banks by grade id; an empty id counts those without a grade.
    """

    id: str
    name: str
    n: int
    totals: Spread
    grades: tuple[tuple[str, int], ...]


@record(kw_only=True)
class Met:
    """One headline indicator in one group.

    Attributes:
        banks: Banks in the group.
        values: Those that have a value.
        met: Banks that meet every requirement of the indicator that is answered.
        answered: Banks of which at least one requirement is met or unmet.
        sum: All values added up where that means something (counts and amounts), else None.
    """

    id: str
    name: str
    banks: int
    values: Spread
    met: int
    answered: int
    sum: Fraction | None


@record(kw_only=True)
class Headline:
    """One headline indicator over the region.

    Attributes:
        kinds: Kinds of its requirements: duties, guidance, or both.
        demands: Names of its requirements.
    """

    id: str
    name: str
    unit: Unit
    better: Better
    kinds: tuple[RequirementKind, ...]
    demands: tuple[str, ...]
    all: Met
    by_type: tuple[Met, ...]
    by_province: tuple[Met, ...]


@record(kw_only=True)
class ElementSpread:
    """One element over the region: share of its points that banks reach."""

    id: str
    name: str
    max: Fraction
    rates: Spread
    points: Spread


@record(kw_only=True)
class Groups:
    """The banks of a region in groups.

    Attributes:
        all: All of them as one group.
    """

    all: Group
    by_type: tuple[Group, ...]
    by_province: tuple[Group, ...]
    elements: tuple[ElementSpread, ...]
    headlines: tuple[Headline, ...]


def groups(banks: Sequence[BankFigures], bands: Sequence[str], order: Sequence[str]) -> Groups:
    """Totals, grades, elements and headline indicators of some banks.

    Args:
        banks: Those that take part.
        bands: Grade ids, best first.
        order: Element ids in the order of the law.
    """
    return Groups(
        all=group(("", ""), banks, bands),
        by_type=_grouped(banks, by_type, bands),
        by_province=_grouped(banks, by_province, bands),
        elements=elements(banks, order),
        headlines=headlines(banks),
    )


def _grouped(banks: Sequence[BankFigures], key: Key, bands: Sequence[str]) -> tuple[Group, ...]:
    return tuple(group((name, shown), members, bands) for name, shown, members in split(banks, key))


def by_type(bank: BankFigures) -> tuple[str, str]:
    """Bank type, id and name."""
    return bank.type, bank.type_name


def by_province(bank: BankFigures) -> tuple[str, str]:
    """Province, code and name."""
    return bank.province, bank.province_name


def split(
    banks: Sequence[BankFigures], key: Key
) -> tuple[tuple[str, str, tuple[BankFigures, ...]], ...]:
    """Banks by group, the largest group first."""
    found: dict[tuple[str, str], list[BankFigures]] = {}
    for bank in banks:
        found.setdefault(key(bank), []).append(bank)
    ordered = sorted(found, key=lambda group: (-len(found[group]), group[0]))
    return tuple((*group, tuple(found[group])) for group in ordered)


def group(name: tuple[str, str], banks: Sequence[BankFigures], bands: Sequence[str]) -> Group:
    """Totals and grades of some banks; ``bands`` are the grade ids, best first."""
    ids = [bank.grade.id for bank in banks]
    return Group(
        id=name[0],
        name=name[1],
        n=len(banks),
        totals=spread(bank.total for bank in banks),
        grades=tuple((band, ids.count(band)) for band in (*bands, "")),
    )


def headlines(banks: Sequence[BankFigures]) -> tuple[Headline, ...]:
    """The headline indicators of all banks, in the order of the law."""
    first: dict[str, IndicatorFigure] = {}
    for bank in banks:
        for figure in bank.indicators:
            if figure.headline:
                first.setdefault(figure.id, figure)
    return tuple(_headline(figure, banks) for figure in first.values())


def _headline(figure: IndicatorFigure, banks: Sequence[BankFigures]) -> Headline:
    return Headline(
        id=figure.id,
        name=figure.name,
        unit=figure.unit,
        better=figure.better,
        kinds=tuple(dict.fromkeys(demand.kind for demand in figure.demands)),
        demands=tuple(dict.fromkeys(demand.name for demand in figure.demands)),
        all=_met(figure, ("", ""), banks),
        by_type=_split(figure, banks, by_type),
        by_province=_split(figure, banks, by_province),
    )


def _split(of: IndicatorFigure, banks: Sequence[BankFigures], key: Key) -> tuple[Met, ...]:
    groups = split(banks, key)
    return tuple(_met(of, (name, shown), members) for name, shown, members in groups)


def _met(of: IndicatorFigure, name: tuple[str, str], banks: Sequence[BankFigures]) -> Met:
    figures = [f for bank in banks for f in bank.indicators if f.id == of.id and _told(f)]
    values = [f.value for f in figures if f.value is not None]
    answers = [_answer(figure) for figure in figures]
    return Met(
        id=name[0],
        name=name[1],
        banks=len(banks),
        values=spread(values),
        met=answers.count(True),
        answered=sum(answer is not None for answer in answers),
        sum=sum(values, Fraction(0)) if values and of.unit in ("count", "yuan") else None,
    )


def _told(figure: IndicatorFigure) -> bool:
    """Whether it says something of this bank; an annual-only one does before year's end too."""
    return figure.applies or figure.why_not == "annual_only"


def _answer(figure: IndicatorFigure) -> bool | None:
    """Whether every answered requirement is met; None where none is answered."""
    known = [demand.status for demand in figure.demands if demand.status in ("met", "unmet")]
    return all(status == "met" for status in known) if known else None


def elements(banks: Sequence[BankFigures], order: Sequence[str]) -> tuple[ElementSpread, ...]:
    """Points and share of points by element; ``order`` is that of the law."""
    found: dict[str, list[tuple[Fraction, Fraction]]] = {}
    names: dict[str, str] = {}
    for bank in banks:
        for element in bank.elements:
            names.setdefault(element.id, element.name)
            found.setdefault(element.id, []).append((element.points, element.max))
    return tuple(
        ElementSpread(
            id=name,
            name=names[name],
            max=max(full for _, full in pairs),
            rates=spread(points / full for points, full in pairs if full > 0),
            points=spread(points for points, _ in pairs),
        )
        for name, pairs in in_order(found, order)
    )


def in_order(found: Mapping[str, Value], order: Sequence[str]) -> tuple[tuple[str, Value], ...]:
    """Entries by the order given, any other after them as they came."""
    places = {name: place for place, name in enumerate(order)}
    return tuple(sorted(found.items(), key=lambda entry: places.get(entry[0], len(places))))
