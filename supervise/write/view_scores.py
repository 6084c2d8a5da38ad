"""Scores by element and every indicator with its parts → rows of texts."""

from __future__ import annotations

from fractions import Fraction

from supervise.core.evaluation import (
    IndicatorResult,
    Measure,
    PartResult,
    RequirementResult,
)
from supervise.core.period import Period
from supervise.record import record
from supervise.write.drawing import Spark
from supervise.write.numbers import format_fixed
from supervise.write.phrases import Mark, Phrases, limit_of
from supervise.write.view_movement import spark_of


@record
class Bar:
    """A horizontal bar in per cent of its track: sure part, then what is still open."""

    sure: str
    open: str


@record
class Line:
    """A row of the indicator table: an indicator, or a part of the one above.

    ``lost`` is set where points were lost for sure.
    """

    level: str
    name: str
    headline: bool
    value: str
    note: str
    base: str
    demands: tuple[tuple[str, Mark], ...]
    points: str
    max: str
    lost: bool
    mark: Mark
    spark: Spark | None


@record
class Group:
    """The indicators of one element."""

    id: str
    name: str
    points: str
    lines: tuple[Line, ...]


def bar(points: Fraction | None, high: Fraction | None, full: Fraction | None) -> Bar | None:
    """A bar for points out of ``full``; None where there is nothing to draw."""
    if points is None or not full or full <= 0:
        return None
    sure = percent(points, full)
    top = percent(high if high is not None else points, full)
    return Bar(format_fixed(sure, 1), format_fixed(max(top - sure, Fraction(0)), 1))


def percent(part: Fraction, whole: Fraction) -> Fraction:
    """A share in per cent, kept between 0 and 100."""
    return min(max(part / whole * 100, Fraction(0)), Fraction(100))


def groups(say: Phrases) -> tuple[Group, ...]:
    """Scored indicators by element, then the monitored ones."""
    found: list[Group] = []
    points = {result.id: result for result in say.evaluation.elements}
    monitored: list[IndicatorResult] = []
    by_element: dict[str, list[IndicatorResult]] = {
        e.id: [] for e in say.evaluation.rulebook.elements
    }
    for result in say.results:
        if result.law.kind == "monitored":
            monitored.append(result)
        else:
            by_element.setdefault(result.law.element, []).append(result)
    for element in say.evaluation.rulebook.elements:
        results = by_element[element.id]
        if results:
            score = points.get(element.id)
            total = (
                f"{say.numbers.points(score.points)} / {say.numbers.short(score.max)}"
                if score
                else ""
            )
            found.append(_group(say, element.id, element.name, total, results))
    if monitored:
        name = say.words("report.indicators.monitored")
        found.append(_group(say, "monitored", name, "", monitored))
    return tuple(found)


def _group(
    say: Phrases, group_id: str, name: str, points: str, results: list[IndicatorResult]
) -> Group:
    lines: list[Line] = []
    for result in results:
        parts = _parts_shown(result)
        single = parts[0] if _alone(result, parts) else None
        lines.append(_indicator_line(say, result, single))
        if single is None:
            lines.extend(_part_line(say, result, part) for part in parts)
    return Group(group_id, name, points, tuple(lines))


def _parts_shown(result: IndicatorResult) -> tuple[PartResult, ...]:
    """Parts with points; all others stand in the annex."""
    return tuple(part for part in result.parts if part.law.curve is not None)


def _alone(result: IndicatorResult, parts: tuple[PartResult, ...]) -> bool:
    """Whether the only part says nothing that its indicator's line does not say."""
    return len(parts) == 1 and (
        not result.applies or parts[0].measure.value == result.measure.value
    )


def _indicator_line(say: Phrases, result: IndicatorResult, single: PartResult | None) -> Line:
    return Line(
        level="indicator",
        name=result.law.name,
        headline=result.law.headline,
        value=value_text(say, result.measure, result.law.unit, limit_of(result)),
        note=indicator_note(say, result, single),
        base=base_text(say, single) if single else "",
        demands=_demands(say, result),
        points=points_text(say, result),
        max=say.numbers.short(result.max) if counts(result) else "",
        lost=counts(result) and result.high != result.max,
        mark=say.provenance(result.provenance),
        spark=spark_of(say, result),
    )


def counts(result: IndicatorResult | PartResult) -> bool:
    """Whether a result takes part in the points."""
    return result.applies and result.points is not None


def points_text(say: Phrases, result: IndicatorResult) -> str:
    """Points, their span, or why there are none."""
    if not result.applies:
        return say.words("report.indicators.not_applicable")
    if result.points is None:
        return say.words("report.indicators.unscored") if result.max is None else "—"
    return say.span(result.low, result.high)


def _demands(say: Phrases, result: IndicatorResult) -> tuple[tuple[str, Mark], ...]:
    """Limits with their status; conditions by their status alone, as their list says them."""
    shown = [
        (_short_demand(say, r, result), say.requirement(r))
        for r in result.requirements
        if r.status != "not_applicable"
    ]
    return tuple(dict.fromkeys(shown))


def _short_demand(say: Phrases, requirement: RequirementResult, result: IndicatorResult) -> str:
    """A limit, with the value beside it where that is not the indicator's own."""
    if requirement.law.test == "holds":
        return ""
    unit = say.unit(requirement, result)
    demand = say.demand(requirement, unit)
    if requirement.value is None or requirement.value == result.measure.value:
        return demand
    value = say.numbers.value(requirement.value, unit, near=requirement.limit)
    return say.words("report.requirement.beside", value=value, demand=demand)


def demand_text(say: Phrases, requirement: RequirementResult, result: IndicatorResult) -> str:
    """What a requirement demands: its limit, or its name if it is about something else."""
    if requirement.law.test == "holds":
        return requirement.law.name
    unit = say.unit(requirement, result)
    if requirement.value is not None and requirement.value != result.measure.value:
        value = say.numbers.value(requirement.value, unit, near=requirement.limit)
        return say.words("report.requirement.other", name=requirement.law.name, value=value)
    return say.demand(requirement, unit)


def value_text(say: Phrases, measure: Measure, unit: str, near: Fraction | None) -> str:
    """A value with its unit, kept on its side of ``near``."""
    return say.numbers.value(measure.value, unit, near=near)


def indicator_note(say: Phrases, result: IndicatorResult, single: PartResult | None) -> str:
    """Why an indicator has no value, or how its only part got its points."""
    if not result.applies:
        return say.words(f"reasons.{result.why_not}") if result.why_not else ""
    notes = [say.reason(result.measure)] if result.measure.reason != "not_applicable" else []
    return _joined(say, [*notes, *(_part_notes(say, single) if single else ())])


def _joined(say: Phrases, notes: list[str]) -> str:
    return say.words("report.list_semicolon").join(dict.fromkeys(n for n in notes if n))


def _part_notes(say: Phrases, part: PartResult) -> list[str]:
    notes: list[str] = []
    if part.law.judged:
        notes.append(_judged_note(say, part))
    elif part.measure.reason and part.applies:
        notes.append(say.reason(part.measure))
    if part.note and not (part.law.judged and part.counted):
        notes.append(say.words(f"report.note.{part.note}"))
    if not part.case.isascii():
        notes.append(part.case)
    return notes


def _judged_note(say: Phrases, part: PartResult) -> str:
    if part.counted == "supervisor" and part.supervisor is not None:
        key = (
            "report.note.supervisor_named"
            if say.audience == "internal"
            else "report.note.supervisor"
        )
        return say.words(key, by=part.supervisor.by, reason=part.supervisor.reason)
    if part.counted:
        return say.words("report.note.self_assessed")
    return say.words("reasons.awaiting_judgement")


def _part_line(say: Phrases, result: IndicatorResult, part: PartResult) -> Line:
    counted = counts(part)
    scored = part.law.curve
    return Line(
        level="part",
        name=part.law.name,
        headline=False,
        value=value_text(say, part.measure, part.law.unit, part.base.value if part.base else None),
        note=_joined(say, _part_notes(say, part)) if part.applies else "",
        base=base_text(say, part),
        demands=(),
        points=_part_points(say, part),
        max=say.numbers.short(scored.high) if scored and counted else "",
        lost=scored is not None and counted and part.high != scored.high,
        mark=say.provenance(part.case_provenance or result.provenance),
        spark=None,
    )


def _part_points(say: Phrases, part: PartResult) -> str:
    if not part.applies:
        return say.words("report.indicators.not_applicable")
    if part.law.curve is None:
        return say.words("report.indicators.unscored")
    return say.span(part.low, part.high) if part.points is not None else "—"


def base_text(say: Phrases, part: PartResult) -> str:
    """The base of comparison with when it was: 年初, 同期, or its period."""
    if part.base is None:
        return ""
    value = say.numbers.value(part.base.value, part.law.unit, near=part.measure.value)
    now = say.evaluation.rulebook.period
    known = {str(now): "now", str(now.year_start): "year_start", str(now.year_ago): "year_ago"}
    if not part.base_period or str(now.year_start) == str(now.year_ago) == part.base_period:
        return value
    frozen = part.base_source == "rulebook"
    key = "reference" if frozen else known.get(part.base_period, "other")
    when = "" if key in known.values() else say.numbers.period(Period.parse(part.base_period))
    return say.words(f"report.base.{key}", value=value, period=when)
