"""Indicators 监管指标: one YAML file → ``Indicator``, with parts, score and requirements.

In: the file's mapping and a ``Reading``. Out: the indicator as it stands on the day, or None
before its first dated entry and after its repeal.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast, get_args

from supervise.core.formula import Expression
from supervise.core.law import Better, Curve, Indicator, IndicatorKind, PartLaw, Requirement, Unit
from supervise.core.model import Basis, Provenance
from supervise.read.law_dated import basis, in_force, one_of, provenance, worst
from supervise.read.law_drivers import read_driver
from supervise.read.law_reading import Reading, Use
from supervise.read.law_requirements import read_requirements
from supervise.read.law_scores import read_curve
from supervise.read.yaml import YamlMap
from supervise.record import replace

PART_KEYS = ("name", "unit", "better", "formula", "base", "judged", "annual_only", "advisable")
SHARED_KEYS = ("applies", "score", "remark", "driver")
PART_ONLY = ("id", *PART_KEYS, *SHARED_KEYS)
INDICATOR_KEYS = (
    "name", "element", "kind", "unit", "better", "headline", "what", "why", "levels",
    "annual_only", "applies", "formula", "memo", "parts", "score", "requirements", "examples",
    "base", "judged", "advisable", "driver", "remark", "provenance", "basis",
)  # fmt: skip
LEVELS = ("legal_person", "tier1_branch")


def read_indicator(data: YamlMap, indicator_id: str, element: str, at: Reading) -> Indicator | None:
    """Read one indicator.

    Args:
        data: Top of its file, or an entry of a province's ``replace_element``.
        indicator_id: Name of its file.
        element: Name of its folder.
        at: Day, bank type and known words.

    Raises:
        RulebookError: A fault, with file and line.
    """
    data.only(INDICATOR_KEYS)
    _in_its_folder(data, element)
    at.places[indicator_id] = data.where("element")
    return _indicator(data, indicator_id, at) if _stands(data, at) else None


def _in_its_folder(data: YamlMap, element: str) -> None:
    own = data.text("element")
    if own != element:
        data.fail(
            f"指标属于要素 {own!r}，却放在 {element!r} 之下",
            key="element",
            expected="element 与文件夹同名",
            fix=f"移到 indicators/{own}/，或改为 element: {element}。",
        )


def _indicator(data: YamlMap, indicator_id: str, at: Reading) -> Indicator:
    value = _dated_formula(data, "formula", at, data.text("unit"))
    parts = _parts(data, indicator_id, value, at)
    requirements = read_requirements(data, value, tuple(part.id for part in parts), at)
    mark, cited = _standing(data, parts, requirements, at)
    applies = data.map("applies")
    return Indicator(
        id=indicator_id,
        element=data.text("element"),
        name=data.text("name"),
        kind=cast(IndicatorKind, one_of(data, "kind", get_args(IndicatorKind))),
        unit=_unit(data),
        better=_better(data),
        headline=data.flag("headline"),
        what=_prose(data, "what"),
        why=_prose(data, "why"),
        value=value,
        value_text=value.text if value else "",
        parts=parts,
        requirements=requirements,
        levels=_levels(data),
        applies=_applies(applies, at),
        applies_when=_when(applies, at),
        annual_only=data.flag("annual_only"),
        provenance=mark,
        basis=cited,
        remark=data.text("remark", ""),
        memo=_dated_formula(data, "memo", at, data.text("unit")),
    )


def _stands(data: YamlMap, at: Reading) -> bool:
    """Whether anything dated in the file is in force."""
    dated = [data.map("formula"), data.map("score")]
    for part in data.maps("parts"):
        dated += [part.map("formula"), part.map("score")]
    if not any(dated):
        data.fail("指标没有任何生效条目", expected="formula 或 score，按日期书写", fix="补上公式。")
    return any(in_force(entries, at.day) is not None for entries in dated)


def _parts(
    data: YamlMap, indicator_id: str, value: Expression | None, at: Reading
) -> tuple[PartLaw, ...]:
    blocks = data.maps("parts")
    if not blocks:
        return _single_part(data, indicator_id, value, at)
    for key in ("score", "base", "judged", "advisable", "driver"):
        if key in data:
            data.fail(f"有 parts 时 {key!r} 应写在各部分之内", key=key, fix=f"把 {key} 移入部分。")
    seen: dict[str, str | None] = {}
    for block in blocks:
        block.only(PART_ONLY)
        if block.text("id") in seen:
            block.fail(f"部分 {block.text('id')!r} 写了两次", key="id", fix="改用另一个 id。")
        seen[block.text("id")] = block.text("unit")
    read = (_part(block, indicator_id, seen, at) for block in blocks)
    return tuple(part for part in read if part is not None)


def _single_part(
    data: YamlMap, indicator_id: str, value: Expression | None, at: Reading
) -> tuple[PartLaw, ...]:
    if "score" not in data or in_force(data.map("score"), at.day) is None:
        return ()
    part = _part(data, indicator_id, {}, at)
    return (replace(part, value=value, applies=None, annual_only=False),) if part else ()


def _part(
    block: YamlMap, indicator_id: str, others: dict[str, str | None], at: Reading
) -> PartLaw | None:
    part_id = block.text("id", indicator_id)
    dated = [block.map("formula"), block.map("score")]
    if all(in_force(entries, at.day) is None for entries in dated):
        return None
    unit = _unit(block)
    judged = block.flag("judged")
    self_item = f"XW7_{indicator_id}_{part_id}_score" if judged else ""
    if judged:
        at.uses.append(Use(_name_of(self_item), block.where("judged"), "any"))
    value = _dated_formula(block, "formula", at, unit)
    base = _dated_formula(block, "base", at, None)
    local: dict[str, str | None] = {**others, "value": unit, "base": None}
    applies = block.map("applies")
    return PartLaw(
        id=part_id,
        name=block.text("name"),
        unit=unit,
        better=_better(block),
        value=value,
        base=base,
        curve=read_curve(block.map("score"), local, at),
        judged=judged,
        self_item=self_item,
        applies=_when(applies, at),
        annual_only=block.flag("annual_only"),
        advisable=block.flag("advisable"),
        driver=read_driver(block, f"{indicator_id}.{part_id}", at),
    )


def _name_of(item: str) -> Expression:
    from supervise.core.formula import Name

    return Expression(item, Name(item))


def _standing(
    data: YamlMap,
    parts: Iterable[PartLaw],
    requirements: Iterable[Requirement],
    at: Reading,
) -> tuple[Provenance, Basis]:
    """Provenance and basis of the whole: its own, else those of its rows."""
    rows: list[Curve | Requirement] = [part.curve for part in parts if part.curve]
    rows = rows or list(requirements)
    own = "basis" in data or not rows
    cited = basis(data, at.sources) if own else rows[0].basis
    if "provenance" in data or not rows:
        return provenance(data), cited
    return worst(row.provenance for row in rows), cited


def _dated_formula(data: YamlMap, key: str, at: Reading, unit: str | None) -> Expression | None:
    entries = data.map(key)
    start = in_force(entries, at.day)
    return at.formula(entries, start, "value", unit=unit) if start else None


def _when(applies: YamlMap, at: Reading) -> Expression | None:
    return at.formula(applies, "when", "condition") if "when" in applies else None


def _applies(applies: YamlMap, at: Reading) -> bool:
    applies.only(("types", "when", "not_types"))
    out = at.mentioned(applies, "not_types")
    own = {at.bank_type.id, *at.bank_type.groups}
    return at.addressed(applies, "types") and out.isdisjoint(own)


def _levels(data: YamlMap) -> tuple[str, ...]:
    levels = data.texts("levels") or LEVELS[:1]
    for level in levels:
        if level not in LEVELS:
            data.fail(f"没有层级 {level!r}", key="levels", expected="、".join(LEVELS), fix="改写。")
    return levels


def _unit(block: YamlMap) -> Unit:
    return cast(Unit, one_of(block, "unit", get_args(Unit)))


def _better(block: YamlMap) -> Better:
    return cast(Better, one_of(block, "better", get_args(Better)))


def _prose(data: YamlMap, key: str) -> str:
    text = data.text(key)
    if not text.strip():
        data.fail(f"{key!r} 为空", key=key, expected="一两句中文说明", fix=f"写明 {key}。")
    return text
