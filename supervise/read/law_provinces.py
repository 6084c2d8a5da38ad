"""Provincial law 地方补充: parameters of its own, an element of its own, a notice.

In: ``provinces/<code>.yaml``, which may be absent. Out: the national tables with the
province's values in place.
"""

from __future__ import annotations

from functools import partial

from supervise.core.law import Indicator, Parameter
from supervise.read.law_dated import basis, in_force, provenance
from supervise.read.law_indicators import read_indicator
from supervise.read.law_reading import Reading
from supervise.read.law_tables import entries, parameter_value
from supervise.read.overlay import LawTree
from supervise.read.yaml import YamlMap, nearest
from supervise.record import record, replace

PROVINCE_KEYS = ("name", "parameters", "replace_element", "notice", "examples")


@record
class Province:
    """A province, or a city with its own supervisor 计划单列市; ``own`` is its law, if any."""

    code: str
    name: str
    own: YamlMap | None = None


def read_province(tree: LawTree, code: str) -> Province:
    """The province of a code.

    Raises:
        RulebookError: No such province, or a fault in its file.
    """
    names = tree.read("provinces.yaml")
    own = None
    if tree.has(f"provinces/{code}.yaml"):
        own = tree.read(f"provinces/{code}.yaml")
        own.only(PROVINCE_KEYS)
    if own is None and code not in names:
        names.fail(
            f"没有省份代码 {code!r}",
            expected="provinces.yaml 中的六位行政区划代码",
            fix=f"改为 {nearest(code, names) or '330000'!r}，或在 provinces.yaml 中补上。",
        )
    if own is not None and code in names and own.text("name", names[code]) != names[code]:
        own.fail(
            f"名称 {own['name']!r} 与 provinces.yaml 不同",
            key="name",
            expected=names.text(code),
            fix="两处写同一名称。",
        )
    name = names.text(code) if code in names else own.text("name") if own else ""
    return Province(code, name, own)


def province_codes(tree: LawTree) -> dict[str, str]:
    """Province name to code, in the order of ``provinces.yaml``; an office's own come last."""
    names = tree.read("provinces.yaml")
    codes = {names.text(code): code for code in names}
    for path in tree.paths("provinces"):
        code = path.removeprefix("provinces/").removesuffix(".yaml")
        if code not in names:
            codes[tree.read(path).text("name")] = code
    return codes


def apply_parameters(
    province: Province, parameters: dict[str, Parameter], at: Reading
) -> dict[str, Parameter]:
    """National parameters with those that the province sets otherwise.

    A provincial value in force stands for the national one, however late the latter's date.
    """
    if province.own is None:
        return parameters
    changed = dict(parameters)
    table = province.own.map("parameters")
    for key, entry in entries(table):
        own = at.attempt(partial(_override, table, key, entry, parameters, at))
        if own is not None:
            changed[key] = own
    return changed


def _override(
    table: YamlMap, key: str, entry: YamlMap, parameters: dict[str, Parameter], at: Reading
) -> Parameter | None:
    if key not in parameters:
        table.fail(
            f"没有参数 {key!r}",
            key=key,
            expected="parameters.yaml 中的参数",
            fix=f"改为 {nearest(key, parameters)!r}，或先在 parameters.yaml 中定义。",
        )
    entry.only(("values",))
    values = entry.map("values")
    start = in_force(values, at.day)
    if start is None:
        return None
    row = values.map(start)
    row.only(("value", "provenance", "basis"))
    return replace(
        parameters[key],
        value=parameter_value(row, parameters[key].unit),
        provenance=provenance(row),
        basis=basis(row, at.sources),
    )


def replaced_elements(
    province: Province, elements: tuple[str, ...], at: Reading
) -> dict[str, tuple[Indicator, ...]]:
    """Element id to the indicators that the province puts in place of the national ones.

    An element none of whose own indicators is in force on the day stays national.
    """
    if province.own is None:
        return {}
    found = {}
    table = province.own.map("replace_element")
    for element in table:
        if element not in elements:
            table.fail(
                f"没有评价要素 {element!r}",
                key=element,
                expected="、".join(elements),
                fix=f"改为 {nearest(element, elements)!r}。",
            )
        read = (at.attempt(partial(_inline, e, element, at)) for e in table.maps(element))
        own = tuple(indicator for indicator in read if indicator is not None)
        if own:
            found[element] = own
    return found


def _inline(entry: YamlMap, element: str, at: Reading) -> Indicator | None:
    return read_indicator(as_file(entry, element), entry.text("id"), element, at)


def as_file(entry: YamlMap, element: str) -> YamlMap:
    """An inline indicator as if it stood in a file of its own."""
    data = YamlMap(entry.path, entry.line)
    data.update({key: value for key, value in entry.items() if key != "id"})
    data.setdefault("element", element)
    data.lines = entry.lines
    return data
