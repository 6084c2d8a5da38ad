"""Law that is looser than the shipped one is said aloud.

In: the national and the local values. Out: one Chinese sentence for each floor lowered, ceiling
raised, requirement, check or scored indicator left out, severity lowered. Nothing is refused:
an office may loosen, but not silently.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from supervise.core.law import Check, Indicator, Parameter, Requirement, Rulebook
from supervise.read.law_dated import read_number
from supervise.read.law_provinces import Province

SEVERITIES = ("advisory", "explain", "blocking")
FLOORS = ("_floor",)
CEILINGS = ("_ceiling", "_limit", "_zero")


def province_notices(
    province: Province, national: Mapping[str, Parameter], local: Mapping[str, Parameter]
) -> tuple[str, ...]:
    """The province's own notice and every parameter that it loosens."""
    if province.own is None:
        return ()
    own = province.own.text("notice", "")
    said = _parameters(national, local, province.name)
    return (*((own,) if own else ()), *said)


def notices_of(shipped: Rulebook, local: Rulebook, office: str) -> tuple[str, ...]:
    """Everything in which an office's overlay is looser than the shipped law."""
    return (
        *_parameters(shipped.parameters, local.parameters, office),
        *_requirements(shipped, local, office),
        *_checks(shipped.checks, local.checks, office),
        *_left_out(shipped.indicators, local.indicators, office),
    )


def _parameters(
    shipped: Mapping[str, Parameter], local: Mapping[str, Parameter], who: str
) -> Iterator[str]:
    for key, old in shipped.items():
        new = local.get(key)
        if new is None or new.value == old.value:
            continue
        if _looser(_direction(key), old.value, new.value):
            yield (
                f"{who}：参数“{old.name}”由 {shown(old.value, old.unit)} 放宽为"
                f" {shown(new.value, old.unit)}（{new.basis.source} {new.basis.article}）。"
            )


def _requirements(shipped: Rulebook, local: Rulebook, who: str) -> Iterator[str]:
    kept = {(one.id, duty.id): duty for one in local.indicators for duty in one.requirements}
    for one in shipped.indicators:
        for old in one.requirements:
            new = kept.get((one.id, old.id))
            if new is None or (old.applies and not new.applies):
                yield f"{who}：要求“{old.name}”（{one.name}）不再适用。"
            elif old.kind == "duty" and new.kind != "duty":
                yield f"{who}：要求“{old.name}”（{one.name}）由义务降为导向。"
            elif _looser(old.test, _limit(old, shipped), _limit(new, local)):
                yield (
                    f"{who}：要求“{old.name}”（{one.name}）的界限由 {_text(old)} 放宽为"
                    f" {_text(new)}（{new.basis.source} {new.basis.article}）。"
                )


def _checks(shipped: tuple[Check, ...], local: tuple[Check, ...], who: str) -> Iterator[str]:
    kept = {check.id: check for check in local}
    for old in shipped:
        new = kept.get(old.id)
        if new is None:
            yield f"{who}：校核 {old.id}（{old.name}）不再执行。"
        elif SEVERITIES.index(new.severity) < SEVERITIES.index(old.severity):
            yield f"{who}：校核 {old.id}（{old.name}）由 {old.severity} 降为 {new.severity}。"


def _left_out(
    shipped: tuple[Indicator, ...], local: tuple[Indicator, ...], who: str
) -> Iterator[str]:
    kept = {one.id: one for one in local}
    for old in shipped:
        new = kept.get(old.id)
        if new is None or (old.applies and not new.applies):
            yield f"{who}：指标“{old.name}”不再适用。"
        elif old.kind == "regular" and new.kind == "monitored":
            yield f"{who}：指标“{old.name}”由评分改为仅监测。"


def _direction(parameter: str) -> str:
    if parameter.endswith(FLOORS):
        return "at_least"
    return "at_most" if parameter.endswith(CEILINGS) else ""


def _looser(direction: str, old: object, new: object) -> bool:
    if old is not None and new is None:
        return True
    if not (isinstance(old, Fraction) and isinstance(new, Fraction)):
        return False
    if direction == "at_least":
        return new < old
    return direction == "at_most" and new > old


def _limit(duty: Requirement, rulebook: Rulebook) -> object:
    text = _text(duty)
    parameter = rulebook.parameters.get(text)
    return parameter.value if parameter else read_number(text)


def _text(duty: Requirement) -> str:
    return duty.limit.text if duty.limit else ""


def shown(value: Fraction | str | None, unit: str) -> str:
    """A parameter's value as people write it."""
    if value is None:
        return "未定"
    if isinstance(value, str):
        return value
    if unit in ("ratio", "pp"):
        return f"{_decimal(value * 100)}%"
    return _decimal(value)


def _decimal(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    digits = f"{value.numerator * 10**6 // value.denominator:07d}"
    return f"{digits[:-6]}.{digits[-6:]}".rstrip("0").rstrip(".")
