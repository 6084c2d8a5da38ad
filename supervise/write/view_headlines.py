"""The five headline indicators → rows of texts, and the requirement that speaks for each."""

from __future__ import annotations

from supervise.core.evaluation import IndicatorResult, RequirementResult
from supervise.record import record
from supervise.write.drawing import Bullet, Spark, bullet
from supervise.write.phrases import Mark, Phrases
from supervise.write.view_movement import spark_of
from supervise.write.view_scores import (
    Bar,
    bar,
    base_text,
    counts,
    demand_text,
    indicator_note,
    points_text,
    value_text,
)

_WORST_FIRST = ("unmet", "not_computable", "met", "not_applicable")


@record
class Headline:
    """One of the five headline indicators.

    Attributes:
        what: What it measures, as the law says.
        base: What the value is compared with, and when that was; empty: nothing.
        bullet: Value against limit; None where a requirement has none.
        spark: Up to eight quarters; None with fewer than two values.
    """

    name: str
    what: str
    value: str
    note: str
    base: str
    bullet: Bullet | None
    spark: Spark | None
    demand: str
    basis: str
    status: Mark
    points: str
    max: str
    bar: Bar | None


def headlines(say: Phrases) -> tuple[Headline, ...]:
    """The five headline indicators in the order of the law."""
    return tuple(_headline(say, result) for result in say.results if result.law.headline)


def _headline(say: Phrases, result: IndicatorResult) -> Headline:
    chosen = leading(result)
    near = chosen.limit if chosen else None
    return Headline(
        name=result.law.name,
        what=result.law.what,
        value=value_text(say, result.measure, result.law.unit, near),
        note=indicator_note(say, result, None),
        base=_base(say, result),
        bullet=_bullet(say, result, chosen) if chosen else None,
        spark=spark_of(say, result),
        demand=demand_text(say, chosen, result) if chosen else "—",
        basis=say.basis(chosen.law.basis if chosen else result.law.basis),
        status=_headline_status(say, result, chosen),
        points=points_text(say, result),
        max=say.numbers.short(result.max) if counts(result) else "",
        bar=bar(result.low, result.high, result.max) if counts(result) else None,
    )


def _base(say: Phrases, result: IndicatorResult) -> str:
    """The base of the part that measures what the indicator does."""
    for part in result.parts:
        if part.base is not None and part.measure.value == result.measure.value:
            return base_text(say, part)
    return ""


def _bullet(say: Phrases, result: IndicatorResult, chosen: RequirementResult) -> Bullet | None:
    """What the leading requirement compares: a value and its limit."""
    if chosen.law.test == "holds" or chosen.status == "not_computable":
        return None
    unit = say.unit(chosen, result)
    text = say.words(
        "report.headlines.bullet",
        name=result.law.name,
        value=say.numbers.value(chosen.value, unit, near=chosen.limit),
        demand=say.demand(chosen, unit),
    )
    good = {"met": True, "unmet": False}.get(chosen.status)
    return bullet(chosen.value, chosen.limit, good=good, text=text)


def leading(result: IndicatorResult) -> RequirementResult | None:
    """The requirement that speaks for an indicator: duties first, the worst first."""
    ranked = sorted(
        result.requirements,
        key=lambda r: (
            r.status == "not_applicable",
            r.law.kind != "duty",
            _WORST_FIRST.index(r.status),
        ),
    )
    return ranked[0] if ranked else None


def _headline_status(
    say: Phrases, result: IndicatorResult, chosen: RequirementResult | None
) -> Mark:
    if not result.applies and result.why_not != "annual_only":
        return Mark(say.words("report.indicators.not_applicable"), "plain")
    if chosen is None:
        return Mark(say.words("report.indicators.no_requirement"), "plain")
    return say.requirement(chosen)
