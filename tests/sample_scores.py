"""Elements and totals of a sample, worked from ``sample_arithmetic``: incentives and the sum."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

from sample_arithmetic import (
    MAXIMA,
    Filed,
    bonus,
    compliance,
    cost_and_risk,
    judged,
    loans,
    local_economy,
    proportion,
    structure,
    supply,
)

F = Fraction
Parts = list[tuple[Fraction | None, int]]
Span = tuple[Fraction, Fraction]
PILOT_SINCE = "2025Q2"
LAST_DAY = {"1": (3, 31), "2": (6, 30), "3": (9, 30), "4": (12, 31)}


def incentives(filed: Filed, annual: bool, end: date) -> Parts:
    """机构考核, and for a legal person 资源倾斜, 尽职免责, 不良容忍度."""
    parts = weights(filed)
    if filed.cells["COVER_level"] != "法人":
        return parts
    return [*parts, *tilt(filed, annual), *exemption(filed, annual, end), *tolerance(filed, annual)]


def branches(filed: Filed) -> list[tuple[str, Fraction, bool]]:
    columns = ("level", "weight", "business", "department")
    names = ("XW2_branch_level", "XW2_kpi_weight", "XW2_in_business", "XW2_has_department")
    cells = zip(*(filed.cells[name] for name in names), strict=True)
    table = [dict(zip(columns, row, strict=True)) for row in cells]
    return [
        (str(row["level"]), weight(row["weight"]), row["department"] == "是")
        for row in table
        if row["business"] == "是" and row["level"] != "境外机构"
    ]


def weight(value: object) -> Fraction:
    return F(str(value))


def weights(filed: Filed) -> Parts:
    every = [weight for _, weight, _ in branches(filed)]
    if not every:
        return []
    enough = [weight for weight in every if weight >= F(1, 10)]
    return [(F(10 * len(enough), len(every)), 10)]


def tilt(filed: Filed, annual: bool) -> Parts:
    bonus_doc = filed.yes("XW2_kpi_bonus") and filed.given("XW2_kpi_bonus_doc")
    plan_doc = filed.yes("XW2_credit_plan") and filed.given("XW2_credit_plan_doc")
    parts: Parts = [
        (proportion(filed["XW2_ftp_discount_bp"], F(50), 3), 3),
        judged(filed, "resource_tilt_bonus", bonus_doc, annual, 1),
        judged(filed, "resource_tilt_plan", plan_doc, annual, 1),
    ]
    due = [has for level, _, has in branches(filed) if level in ("一级分行", "二级分行")]
    return [*parts, (F(all(due)), 1)] if due else parts


def exemption(filed: Filed, annual: bool, end: date) -> Parts:
    on, reviewed = filed.day("XW4_rules_on"), filed.day("XW4_reviewed_on")
    rules = filed.yes("XW4_standards") and filed.given("XW4_rules_doc") and on is not None
    fresh = reviewed is not None and 0 <= (end - reviewed).days <= 366
    due, determined = filed["XW4_due_count"], filed["XW4_determined_count"]
    own = "due_diligence_exemption_"
    return [
        judged(filed, own + "rules", rules, annual, 3),
        judged(filed, own + "linked", filed.yes("XW4_linked"), annual, 2),
        judged(filed, own + "review", fresh, annual, 2),
        (F(2 if due <= determined else 0), 2),
        (F(1 if due == 0 or filed["XW4_exempted_count"] >= 1 else 0), 1),
    ]


def tolerance(filed: Filed, annual: bool) -> Parts:
    gap = filed["XW4_tolerance_value"]
    if filed.cells["XW4_tolerance_form"] == "绝对值":
        gap -= (filed["G11_npl"] - filed["G11_bills_npl"]) / loans(filed)
    pilot = filed.cells["COVER_province"] == "浙江省" and filed.cells["COVER_period"] >= PILOT_SINCE
    ceiling = F(4, 100) if pilot else F(3, 100)
    written = filed.given("XW4_tolerance_doc") and 0 < gap <= ceiling
    appraised = filed.yes("XW4_tolerance_in_appraisal")
    return [
        (F(2 if written else 0), 2),
        judged(filed, "npl_tolerance_appraisal", appraised, annual, 1),
        judged(filed, "npl_tolerance_linked", filed.yes("XW4_linked"), annual, 1),
    ]


def work_out(path: Path) -> tuple[dict[str, Span], Span, Fraction]:
    """Lowest and highest points by element, the same of the regular total, and the bonus."""
    filed = Filed(path)
    period = str(filed.cells["COVER_period"])
    annual = period.endswith("Q4")
    end = date(int(period[:4]), *LAST_DAY[period[-1]])
    parts = {
        "supply": supply(filed),
        "cost_and_risk": cost_and_risk(filed, annual),
        "structure": structure(filed),
        "incentives": incentives(filed, annual, end),
        "compliance": compliance(filed, annual),
        "local_economy": local_economy(filed),
    }
    spans = {name: span(found, MAXIMA[name]) for name, found in parts.items() if found}
    there = sum(MAXIMA[name] for name in spans)
    low, high = (sum(each[side] for each in spans.values()) for side in (0, 1))
    return spans, (low * F(100, there), high * F(100, there)), bonus(filed, annual)


def span(parts: Parts, most: int) -> Span:
    """Points scaled to the element's maximum; what does not apply is not among the parts."""
    owed = sum(maximum for _, maximum in parts)
    low = sum((points or F(0) for points, _ in parts), F(0))
    high = sum((F(maximum) if points is None else points for points, maximum in parts), F(0))
    return low * F(most, owed), high * F(most, owed)
