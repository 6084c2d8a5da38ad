"""The shared tables of the law: instruments, parameters, definitions, elements, bank types.

In: top-level files of the law tree and a ``Reading``. Out: typed values on the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import partial

from supervise.core.formula import Expression
from supervise.core.law import Element, Parameter
from supervise.core.period import Period
from supervise.core.references import BankType, PeerReference, Source
from supervise.read.law_dated import (
    UNSET,
    basis,
    in_force,
    number,
    one_of,
    provenance,
    read_number,
)
from supervise.read.law_names import cycles
from supervise.read.law_reading import Reading, Use
from supervise.read.overlay import LawTree
from supervise.read.yaml import YamlMap

SOURCE_KEYS = (
    "title", "number", "issued_on", "in_force_on", "status", "link", "provenance",
)  # fmt: skip
REFERENCE_KEYS = (
    "indicator", "group", "period", "from", "value", "n", "statistic", "digest", "provenance",
)  # fmt: skip
NUMERIC_UNITS = ("ratio", "pp", "bp", "yuan", "count", "days", "points", "months")
PARAMETER_UNITS = (*NUMERIC_UNITS, "text")


def entries(data: YamlMap) -> Iterator[tuple[str, YamlMap]]:
    """Each key of a table with its mapping.

    Raises:
        RulebookError: Something other than a mapping stands there.
    """
    for key in data:
        yield key, data.map(key)


def read_sources(data: YamlMap) -> dict[str, Source]:
    """Instruments 法规依据.

    Raises:
        RulebookError: A fault, with file and line.
    """
    found = {}
    for key, entry in entries(data):
        entry.only(SOURCE_KEYS)
        found[key] = Source(
            id=key,
            title=entry.text("title"),
            number=entry.text("number", ""),
            issued_on=entry.text("issued_on", ""),
            in_force_on=entry.text("in_force_on", ""),
            status=entry.text("status", ""),
            link=entry.text("link", ""),
            provenance=provenance(entry),
        )
    return found


def read_bank_types(tree: LawTree) -> dict[str, BankType]:
    """Bank types 机构类型 by id.

    Raises:
        RulebookError: A fault, with file and line.
    """
    found = {}
    for path in tree.paths("bank_types"):
        entry = tree.read(path)
        entry.only(("name", "groups", "by_reference", "note"))
        type_id = path.removeprefix("bank_types/").removesuffix(".yaml")
        found[type_id] = BankType(
            type_id,
            entry.text("name"),
            entry.texts("groups"),
            entry.flag("by_reference"),
            entry.text("note", ""),
        )
    return found


def read_parameters(data: YamlMap, at: Reading) -> dict[str, Parameter]:
    """Parameters that have a value, or are expressly unset, on the day."""
    found = {}
    for key, entry in entries(data):
        parameter = at.attempt(partial(_parameter, key, entry, at), key)
        if parameter is not None:
            found[key] = parameter
    return found


def _parameter(key: str, entry: YamlMap, at: Reading) -> Parameter | None:
    entry.only(("name", "unit", "what", "values"))
    unit = one_of(entry, "unit", PARAMETER_UNITS)
    values = entry.map("values")
    if not values:
        entry.fail("参数没有 values", expected="按日期书写的值", fix="补上 values。")
    start = in_force(values, at.day)
    if start is None:
        return None
    row = values.map(start)
    row.only(("value", "provenance", "basis"))
    return Parameter(
        id=key,
        name=entry.text("name"),
        unit=unit,
        value=parameter_value(row, unit),
        provenance=provenance(row),
        basis=basis(row, at.sources),
    )


def parameter_value(row: YamlMap, unit: str) -> Fraction | str | None:
    """A parameter's value in its unit; None for ``unset``.

    Raises:
        RulebookError: No number where the unit wants one.
    """
    text = row.text("value")
    if text == UNSET:
        return None
    if unit == "text":
        return text
    if read_number(text) is None:
        row.fail(
            f"参数值 {text!r} 不是数",
            key="value",
            expected=f"单位 {unit} 的数，例如 10%、50、1000万、1.5亿；未定写 unset",
            fix="改为数，或把 unit 改为 text。",
        )
    return read_number(text)


def read_definitions(data: YamlMap, at: Reading) -> dict[str, Expression]:
    """Shared formulas in force; a circle among them is a fault."""
    noted: dict[str, Use] = {}
    for key, entry in entries(data):
        expression = at.attempt(partial(_definition, entry, at), key)
        if expression is not None:
            noted[key] = at.uses[-1]
    at.report_all(cycles(noted))
    return {key: use.expression for key, use in noted.items()}


def _definition(entry: YamlMap, at: Reading) -> Expression | None:
    entry.only(("name", "what", "unit", "formula"))
    formulas = entry.map("formula")
    if not formulas:
        entry.fail("定义没有 formula", expected="按日期书写的公式", fix="补上 formula。")
    start = in_force(formulas, at.day)
    return at.formula(formulas, start, "any") if start else None


def read_elements(data: YamlMap, at: Reading) -> tuple[Element, ...]:
    """The elements 评价要素 and the bonus, in file order."""
    found = (at.attempt(partial(_element, key, entry, at)) for key, entry in entries(data))
    return tuple(element for element in found if element is not None)


def _element(key: str, entry: YamlMap, at: Reading) -> Element | None:
    entry.only(("name", "in_force", "order"))
    dated = entry.map("in_force")
    start = in_force(dated, at.day)
    if start is None:
        return None
    row = dated.map(start)
    row.only(("max", "provenance"))
    at.places[key] = row.where("max")
    order = entry.texts("order")
    return Element(key, entry.text("name"), number(row, "max"), provenance(row), order)


def read_peer_references(rows: Iterable[YamlMap], at: Reading) -> tuple[PeerReference, ...]:
    """Frozen peer figures 同业参照值 of the groups that hold the bank type.

    Of each indicator and group the latest one of a period that had ended by the day. One that was
    frozen from filings of a period (``rules freeze``) is used ``from`` the next: while that period
    is judged, nobody can know it.
    """
    latest: dict[tuple[str, str], PeerReference] = {}
    for row in rows:
        reference = at.attempt(partial(_peer_reference, row, at))
        if reference is not None:
            key = (reference.indicator, reference.group)
            if key not in latest or latest[key].period < reference.period:
                latest[key] = reference
    return tuple(latest.values())


def _peer_reference(row: YamlMap, at: Reading) -> PeerReference | None:
    row.only(REFERENCE_KEYS)
    group = row.text("group")
    if group != "all" and group not in at.audiences:
        row.fail(
            f"没有机构类型或分组 {group!r}",
            key="group",
            expected=f"all，或：{'、'.join(sorted(at.audiences))}",
            fix="改正 group。",
        )
    period = _quarter(row, "period")
    begun = _quarter(row, "from") if "from" in row else period
    if begun.last_day > at.day or group not in ("all", at.bank_type.id, *at.bank_type.groups):
        return None
    text = row.text("value")
    return PeerReference(
        indicator=row.text("indicator"),
        group=group,
        period=str(period),
        value=None if text == UNSET else number(row, "value"),
        n=int(number(row, "n", "0")),
        provenance=provenance(row),
    )


def _quarter(row: YamlMap, key: str) -> Period:
    text = row.text(key)
    try:
        return Period.parse(text)
    except ValueError:
        row.fail(f"{text!r} 不是报告期", key=key, expected="例如 2025Q4", fix="改写。")
