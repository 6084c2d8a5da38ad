"""Sheets XW2 and XW4 to XW9: mechanisms, compliance, local work, as a bank would file them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from samples.closing import Closing
from samples.profile import Mechanism, Profile, percent
from supervise.core.model import Value
from supervise.core.period import Period

Values = dict[str, Value]
YUAN = Decimal(100)
BASIS_POINT = Decimal("0.0001")
SELF = {
    "resource_tilt_bonus": 1,
    "resource_tilt_plan": 1,
    "due_diligence_exemption_rules": 3,
    "due_diligence_exemption_linked": 2,
    "due_diligence_exemption_review": 2,
    "npl_tolerance_appraisal": 1,
    "npl_tolerance_linked": 1,
    "online_loan_review_mechanism": 1,
    "online_loan_review_independent": 1,
}
PLACES = ("城中", "城东", "城西", "城南", "城北", "新区", "河东", "河西", "滨湖", "南岭")
NOT_APPLICABLE = "不适用"
PLAN_ON = date(2025, 7, 10)


def ratio(text: str) -> Decimal:
    """``"27.5"`` as 0.275."""
    return Decimal(text) / 100


def mechanisms(profile: Profile, period: str, now: Closing, earlier: Sequence[Closing]) -> Values:
    """Items of XW2 and XW4 to XW9 but the balances of the key sectors."""
    way = profile.mechanism
    year = int(period[:4])
    return {
        **_tilt(profile, year),
        **_exemption(way, Period.parse(period)),
        **_tolerance(profile, year),
        **_conduct(profile, now),
        **_online(way),
        **_coordination(way, now, earlier),
        **_own_view(way, year),
        **_monitored(way, now),
        **_plan(Period.parse(period)),
    }


def branches(profile: Profile, year: int = 2026) -> list[Values]:
    """Rows of the branch table: those in the business, then one that is not.

    Args:
        profile: The bank.
        year: When it filed, of the appraisal document that it names.
    """
    way, short = profile.mechanism, profile.name.removesuffix("股份有限公司")
    rows: list[Values] = []
    for place, weight in zip(PLACES, way.weights, strict=False):
        rows.append(
            {
                "XW2_branch_name": f"{short}{place}{way.branch_level}",
                "XW2_branch_level": way.branch_level,
                "XW2_in_business": True,
                "XW2_kpi_weight": ratio(weight),
                "XW2_has_department": way.departments,
                "XW2_kpi_doc": f"示例考〔{year}〕6号",
            }
        )
    if way.abroad:
        rows += [_idle(f"{short}示例境外分行", "境外机构"), _idle(f"{short}票据中心", "专营机构")]
    return rows


def _idle(name: str, level: str) -> Values:
    """A branch that stands outside the appraisal of small loans."""
    return {
        "XW2_branch_name": name,
        "XW2_branch_level": level,
        "XW2_in_business": False,
        "XW2_kpi_weight": NOT_APPLICABLE,
        "XW2_has_department": False,
        "XW2_kpi_doc": NOT_APPLICABLE,
    }


def _tilt(profile: Profile, year: int) -> Values:
    way = profile.mechanism
    values: Values = {
        "XW2_ftp_discount_bp": Decimal(way.ftp),
        "XW2_ftp_base": Decimal("0.0215"),
        "XW2_kpi_bonus": way.bonus,
        "XW2_credit_plan": way.plan,
        "XW2_branch_count": Decimal(len(branches(profile))),
    }
    if way.bonus:
        values["XW2_kpi_bonus_doc"] = f"示例发〔{year}〕11号"
    if way.plan:
        values["XW2_credit_plan_doc"] = f"示例发〔{year}〕3号"
    return values


def _exemption(way: Mechanism, period: Period) -> Values:
    values: Values = {
        "XW4_standards": way.rules,
        "XW4_exempt_situations": Decimal(14 if way.rules else 0),
        "XW4_linked": way.linked,
        "XW4_due_count": Decimal(way.due),
        "XW4_determined_count": Decimal(way.determined),
        "XW4_exempted_count": Decimal(way.exempted),
    }
    if way.rules:
        values |= {"XW4_rules_doc": "示例发〔2024〕86号", "XW4_rules_on": date(2024, 12, 20)}
    if way.reviewed_on:
        reviewed = date.fromisoformat(way.reviewed_on)
        reviewed = reviewed.replace(year=reviewed.year - 2026 + period.year)
        if reviewed > period.last_day:
            reviewed = reviewed.replace(year=reviewed.year - 1)
        values["XW4_reviewed_on"] = reviewed
    return values


def _tolerance(profile: Profile, year: int) -> Values:
    way = profile.mechanism
    return {
        "XW4_tolerance_form": "绝对值" if way.absolute else "较全行加点",
        "XW4_tolerance_value": ratio(way.tolerance),
        "XW4_tolerance_doc": f"示例发〔{year}〕8号",
        "XW4_tolerance_in_appraisal": way.in_appraisal,
    }


def _conduct(profile: Profile, now: Closing) -> Values:
    way = profile.mechanism
    disclosed = round(now.lent * percent(way.disclosed)) if way.disclosed else 0
    return {
        "XW5_violations_established": Decimal(way.violations),
        "XW5_violations_self": Decimal(1 + way.violations),
        "XW5_fees_refunded": Decimal(18_600) * (1 + way.violations),
        "XW5_disclosure_pilot": bool(way.disclosed),
        "XW5_disclosed_amount": disclosed * YUAN,
        "XW5_offline_days": Decimal("4.5"),
        "XW5_penalties": Decimal(way.violations),
        "XW5_penalty_amount": Decimal(way.violations) * 300_000,
    }


def _online(way: Mechanism) -> Values:
    values: Values = {"XW5_online_business": way.online}
    if not way.online:
        fields = ("review", "triggers", "independent")
        return values | {f"XW5_online_{field}": NOT_APPLICABLE for field in fields}
    values |= {"XW5_online_review": way.review, "XW5_online_independent": way.independent}
    triggers = "单笔 50 万元以上、评分低于 600 分或联系信息不一致的转人工复审"
    values["XW5_online_triggers"] = triggers if way.review else NOT_APPLICABLE
    return values


def _coordination(way: Mechanism, now: Closing, earlier: Sequence[Closing]) -> Values:
    values: Values = {}
    for span, years in (("since", (*earlier, now)), ("ytd", (now,)), ("incl", (now,))):
        small = [max(100, 4 * (at.lent_borrowers // 100)) for at in years]
        few = span == "incl"
        recommended = sum(small) if few else sum(count + count // 10 for count in small)
        credited = round(recommended * percent(way.coordination))
        granted = credited * 18_500
        lent = round(granted * percent(way.lending))
        values |= {
            f"XW6_recommended_count_{span}": Decimal(recommended),
            f"XW6_credited_count_{span}": Decimal(credited),
            f"XW6_credited_amount_{span}": granted * YUAN,
            f"XW6_lent_amount_{span}": lent * YUAN,
            f"XW6_lent_credit_amount_{span}": lent * 31 // 100 * YUAN,
        }
    jobs = now.small // 250
    return values | {
        "XW6_jobs_balance": jobs * YUAN,
        "XW6_jobs_count": Decimal(max(1, jobs // 30_000)),
        "XW6_jobs_max_firm": min(jobs, 180_000) * YUAN,
        "XW6_jobs_max_person": min(jobs, 30_000) * YUAN,
        "XW6_jobs_max_rate": Decimal("0.0365"),
    }


def _own_view(way: Mechanism, year: int) -> Values:
    supported = {
        "resource_tilt_bonus": way.bonus,
        "resource_tilt_plan": way.plan,
        "due_diligence_exemption_rules": way.rules,
        "due_diligence_exemption_linked": way.linked,
        "due_diligence_exemption_review": way.reviewed_on >= "2025-10",
        "npl_tolerance_appraisal": way.in_appraisal,
        "npl_tolerance_linked": way.linked,
        "online_loan_review_mechanism": way.review,
        "online_loan_review_independent": way.independent,
    }
    values: Values = {}
    for part, most in SELF.items():
        here = f"XW7_{part}_"
        if part.startswith("online") and not way.online:
            values |= {here + field: NOT_APPLICABLE for field in ("score", "evidence", "doc")}
            continue
        kept = supported[part]
        values[here + "score"] = Decimal(way.marks.get(part, most) if kept else 0)
        values[here + "evidence"] = "制度已印发并执行，见所附文件" if kept else "尚未建立"
        values[here + "doc"] = f"示例发〔{year}〕11号" if kept else NOT_APPLICABLE
    return values


def _monitored(way: Mechanism, now: Closing) -> Values:
    return {
        "XW9_relending_amount": now.small // 20 * YUAN,
        "XW9_relending_rate": Decimal("0.0345"),
        "XW9_guaranteed_balance": now.small // 18 * YUAN,
        "XW9_tax_exempt_interest": now.interest // 5 * YUAN,
        "XW9_platform_lent": now.lent // 12 * YUAN if way.platform else Decimal(0),
        "XW9_repaired_count": Decimal(now.borrowers // 900),
    }


def _plan(period: Period) -> Values:
    """The plan that the measures of May 2025 ask for, once it was made."""
    if period.last_day < PLAN_ON:
        return {"XW9_plan_on": NOT_APPLICABLE, "XW9_plan_transmitted": False}
    return {"XW9_plan_on": PLAN_ON, "XW9_plan_transmitted": True}
