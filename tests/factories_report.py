"""Evaluations built by hand for the report's tests: content as in life, no engine needed.

What the invented bank's indicators are stands in ``tests/data/report/*.csv``.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from factories_report_findings import ADJUSTMENT, BLOCKING, FINDINGS
from factories_report_law import LEVELS, METHOD, curve_of, requirement_law, rulebook

from supervise.core.evaluation import (
    CheckState,
    ElementResult,
    Evaluation,
    GradeResult,
    IndicatorResult,
    Measure,
    PartResult,
    RequirementResult,
    Score,
    Term,
)
from supervise.core.formula import parse
from supervise.core.law import Band, Indicator, PartLaw
from supervise.core.model import Bank, Cell, Fact, Finding, Submission
from supervise.core.period import Period
from supervise.record import replace

DATA = Path(__file__).parent / "data" / "report"
ZERO = Fraction(0)
NOW = Term("S71_I_6_A5", Fraction(13_162_000_000), "cell", "S71_I!F31")
YEAR_START = Term("S71_I_6_A5_year_start", Fraction(12_007_000_000), "history", "2025Q4")
Spec = Mapping[str, str]


def rows(name: str) -> tuple[Spec, ...]:
    """Rows of one data file."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


SPECS = rows("indicators")
PARTS = rows("parts")
UNCONFIRMED = (
    "bill_scope",
    "branch_kpi_weight.branch_kpi_weight",
    "branch_kpi_weight.requirement.r",
    "element.supply",
    "first_loan.count",
    "grade.2A",
    "standing_rule.4",
)


def evaluation(
    *,
    period: str = "2026Q3",
    name: str = "云岭农村商业银行股份有限公司",
    blocked: bool = False,
    points_factor: str = "1",
    findings: tuple[Finding, ...] = FINDINGS,
    specs: tuple[Spec, ...] = SPECS,
) -> Evaluation:
    """One bank's evaluation.

    Args:
        period: Monitoring run or, with a fourth quarter, annual run.
        name: The bank's name.
        blocked: Adds a blocking finding and takes the grade away.
        points_factor: Multiplies every indicator's points.
        findings: What the checks found.
        specs: Rows of the indicators.
    """
    results = tuple(_result(spec, Fraction(points_factor)) for spec in specs)
    found = (BLOCKING, *findings) if blocked else findings
    law = rulebook(period, tuple(r.law for r in results), rows("policy"))
    elements = tuple(_element(e.id, e.name, e.max, results) for e in law.elements)
    score = _score(elements, results)
    return Evaluation(
        submission=_submission(period, name),
        rulebook=law,
        status="blocked" if blocked else "needs_explanation" if found else "passed",
        stage="preliminary",
        findings=found,
        states=_states(len(found)),
        indicators=results,
        elements=elements,
        score=score,
        grade=_grade(score, law.bands, blocked),
        unconfirmed=UNCONFIRMED,
        adjustments=(ADJUSTMENT,),
        history={},
    )


def _states(failed: int) -> tuple[CheckState, ...]:
    counts = {"passed": 312, "failed": failed, "vacuous": 20, "no_predecessor": 14}
    return tuple(CheckState(f"{s}_{i}", s) for s, n in counts.items() for i in range(n))


def _number(text: str) -> Fraction | None:
    return Fraction(text) if text else None


def _result(spec: Spec, factor: Fraction) -> IndicatorResult:
    value = _number(spec["value"])
    about = (spec["about"],) if spec["about"] else ()
    workings = spec["workings"] or ("" if value is None else "13,162,000万元 ÷ 39,670,000万元")
    measured = Measure(value, spec["reason"] or None, about, _terms(spec["id"]), workings)
    scored = spec["kind"] != "monitored" and spec["applies"] == "yes"
    mine = [row for row in PARTS if row["indicator"] == spec["id"]]
    parts = tuple(_part(row, factor) for row in mine)
    points = Fraction(spec["points"]) * factor if scored else None
    if parts and scored:
        points = sum((p.points or ZERO for p in parts), ZERO)
    high = _number(spec["high"]) or points
    if not parts and spec["kind"] != "monitored":
        parts = (_single(spec, measured, points, high),)
    requirement = _requirement(spec, value)
    memo = spec["id"] == "inclusive_loan_growth" and value is not None
    return IndicatorResult(
        law=_law(spec, parts, requirement),
        applies=spec["applies"] == "yes",
        why_not=spec["why_not"],
        measure=measured,
        parts=parts,
        requirements=(requirement,) if requirement else (),
        points=points,
        max=Fraction(spec["max"]) if scored else None,
        low=points,
        high=high,
        provenance=spec["provenance"],  # type: ignore[arg-type]  # the file holds its words
        memo=Measure(value + Fraction(1, 250)) if memo and value is not None else None,
    )


def _terms(indicator: str) -> tuple[Term, ...]:
    if indicator != "branch_kpi_weight":
        return (NOW, YEAR_START)
    weights = (Fraction(12 - n % 3, 100) for n in range(12))
    return tuple(Term("XW2_kpi_weight", w, "cell", f"XW2!D{12 + n}") for n, w in enumerate(weights))


def _law(
    spec: Spec, parts: tuple[PartResult, ...], requirement: RequirementResult | None
) -> Indicator:
    words: dict[str, Any] = {k: spec[k] for k in ("id", "element", "name", "kind", "unit")}
    words |= {k: spec[k] for k in ("better", "provenance")}
    return Indicator(
        **words,
        headline=spec["headline"] == "yes",
        what=spec["name"],
        why="",
        value=parse("S71_I_6_A5"),
        value_text="inclusive_balance / all_loans",
        parts=tuple(p.law for p in parts),
        requirements=(requirement.law,) if requirement else (),
        levels=LEVELS,
        applies=spec["applies"] == "yes",
        applies_when=None,
        annual_only=False,
        basis=METHOD,
    )


def _part_law(part_id: str, name: str, unit: str, full: str) -> PartLaw:
    formula: Any = parse("S71_I_6_A5 / S71_I_6_A5_year_start")
    words: dict[str, Any] = {"id": part_id, "name": name, "unit": unit, "better": "higher"}
    return PartLaw(**words, value=formula, base=None, curve=curve_of(full))


def _single(
    spec: Spec, measured: Measure, points: Fraction | None, high: Fraction | None
) -> PartResult:
    counted = spec["id"] == "borrower_count"
    return PartResult(
        law=_part_law(spec["id"], spec["name"], spec["unit"], spec["max"]),
        applies=spec["applies"] == "yes",
        measure=measured,
        base=Measure(Fraction(19100), None, (), (), "19,100") if counted else None,
        base_period="2025Q4" if counted else "",
        base_source="form",
        points=points,
        low=points,
        high=high,
        case="full_if",
        case_provenance="provisional",
        note=spec["reason"] if spec["reason"] == "no_history" else "",
    )


def _part(row: Spec, factor: Fraction) -> PartResult:
    value, base, judged = _number(row["value"]), _number(row["base"]), row["judged"] == "yes"
    points = Fraction(row["points"]) * factor
    return PartResult(
        law=replace(_part_law(row["id"], row["name"], row["unit"], row["max"]), judged=judged),
        applies=True,
        measure=Measure(value, None, (), (NOW,), "131.62亿 ÷ 396.7亿"),
        base=Measure(base) if base is not None else None,
        base_period="2025Q4" if base is not None else "",
        base_source="form",
        points=points,
        low=points,
        high=points,
        case="otherwise",
        case_provenance="provisional",
        counted="self" if judged else None,
        self_points=points if judged else None,
        note="self_assessed" if judged else "",
    )


def _requirement(spec: Spec, value: Fraction | None) -> RequirementResult | None:
    if not spec["requirement"]:
        return None
    status: Any = spec["status"]
    shown = None if spec["test"] == "holds" else value
    return RequirementResult(requirement_law(spec), status, shown, _number(spec["limit"]))


def _element(
    element_id: str, name: str, full: Fraction, results: tuple[IndicatorResult, ...]
) -> ElementResult:
    mine = [r for r in results if r.law.element == element_id and r.max is not None]
    raw = sum((r.points or ZERO for r in mine), ZERO)
    raw_max = sum((r.max or ZERO for r in mine), ZERO)
    high = sum((r.high or ZERO for r in mine), ZERO)
    scaled = element_id != "bonus" and ZERO < raw_max < full
    up = full / raw_max if scaled else Fraction(1)
    return ElementResult(
        element_id, name, raw * up, raw, raw_max, full, raw * up, high * up, scaled
    )


def _score(elements: tuple[ElementResult, ...], results: tuple[IndicatorResult, ...]) -> Score:
    regular = sum((e.points for e in elements if e.id != "bonus"), ZERO)
    high = sum((e.high for e in elements if e.id != "bonus"), ZERO)
    bonus = sum((e.points for e in elements if e.id == "bonus"), ZERO)
    total = regular + bonus
    unknown = tuple(r.law.id for r in results if r.low != r.high)
    return Score(regular, bonus, total, total, high + bonus, regular, high, unknown)


def _grade(score: Score, bands: tuple[Band, ...], blocked: bool) -> GradeResult:
    if blocked:
        return GradeResult(None, "blocked", (), None, None, False, "provisional")
    low = [b for b in bands if b.at_least <= score.low][-1]
    high = [b for b in bands if b.at_least <= score.high][-1]
    if low.id != high.id:
        return GradeResult(None, "span", (), None, None, False, "extracted")
    above = next((b for b in bands if b.at_least > low.at_least), None)
    short = above.at_least - score.low if above else None
    vetoes = ("regular_below_60",) if score.regular < 60 else ()
    return GradeResult(low, None, vetoes, above, short, False, "extracted")


def _submission(period: str, name: str) -> Submission:
    plan = Fact("XW9_plan_on", date(2025, 8, 15), "given", Cell("XW9", "C12"), "2025-08-15")
    balance = Fact("S71_I_6_A5", Decimal("13162000000"), "given", Cell("S71_I", "F31"))
    return Submission(
        bank=Bank(
            "B9001H233010001", "licence", name, "rural_commercial", "legal_person", None, "330000"
        ),
        period=Period.parse(period),
        form_version="2025",
        file="B9001H233010001_2026Q3.xlsx",
        sha256="4f1c2d3e5a6b7c8d9e0f11223344556677889900aabbccddeeff001122334455",
        facts={"XW9_plan_on": plan, "S71_I_6_A5": balance},
    )
