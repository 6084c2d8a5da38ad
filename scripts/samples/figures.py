"""Every filed value of one bank for one period, by item id, in base units."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from samples.closing import BILL_RATE, Closing, closing
from samples.grid import s71, split
from samples.mechanisms import mechanisms
from samples.movement import movement
from samples.profile import Profile
from supervise.core.model import Value
from supervise.read.rulebook import bank_types, provinces
from supervise.record import record, replace

Values = dict[str, Value]
YUAN = Decimal(100)
FILED_ON = {
    "2025Q1": date(2025, 4, 15),
    "2025Q2": date(2025, 7, 14),
    "2025Q3": date(2025, 10, 15),
    "2025Q4": date(2026, 1, 16),
    "2026Q1": date(2026, 4, 14),
    "2026Q2": date(2026, 7, 14),
    "2026Q3": date(2026, 10, 14),
}
COORDINATED_FROM = 2024
"""The coordination mechanism began late in that year."""
WHO = ("firm", "household", "owner")
FIRST_AMOUNT = {"firm": 9_300, "household": 2_400, "owner": 3_900}
TYPES = {kind: name for name, kind in bank_types().items()}
PROVINCES = {code: name for name, code in provinces().items()}


@record
class Filing:
    """One bank in one period: its closing figures and those that it compares with.

    ``start`` and ``ago`` are None for a bank that was not open then.
    """

    profile: Profile
    period: str
    now: Closing
    start: Closing | None
    ago: Closing | None


def filing(profile: Profile, period: str) -> Filing:
    """The figures behind one submission."""
    now = closing(profile, period)
    year, quarter = int(period[:4]), period[-1]
    if date.fromisoformat(profile.opened_on) > date(year - 1, 12, 31):
        return Filing(profile, period, now, None, None)
    start, ago = closing(profile, f"{year - 1}Q4"), closing(profile, f"{year - 1}Q{quarter}")
    if profile.restated and period == "2026Q3":
        more = profile.restated
        start = replace(start, small=start.small + more, firm=start.firm + more)
    return Filing(profile, period, now, start, ago)


def values_of(profile: Profile, period: str) -> Values:
    """Item id to value; totals and references are the template's to work out."""
    case = filing(profile, period)
    cents = {
        **_stocks(case),
        **s71(case.now, profile.mechanism.technology),
        **_comparatives(case),
        **_first(case.now),
        **movement(profile, period, case.now, case.start),
    }
    values: Values = {item: _base_unit(item, number) for item, number in cents.items()}
    values |= mechanisms(profile, period, case.now, _earlier(profile, period))
    if case.start is None:
        values |= dict.fromkeys(
            ("XW6_srdi_year_start", "XW6_tech_year_start", "XW6_overlap_year_start"), "不适用"
        )
    values |= _cover(profile, period)
    return _patched(values, profile, period)


def _earlier(profile: Profile, period: str) -> tuple[Closing, ...]:
    """Closings of the years before, for what runs since the mechanism began."""
    if date.fromisoformat(profile.opened_on) > date(2025, 12, 31):
        return ()
    years = range(COORDINATED_FROM, int(period[:4]))
    return tuple(closing(profile, f"{year}Q4") for year in years)


def is_count(item: str) -> bool:
    """Whether an item of the forms counts households or cases instead of money."""
    if item.startswith("S71_I_"):
        return "_B" in item or "_E" in item
    return "count" in item or item in ("S63_I_7_3", "S63_I_7_4", "S63_I_5_2", "S63_I_5_3")


def _base_unit(item: str, number: int) -> Decimal:
    return Decimal(number) if is_count(item) else number * YUAN


def _stocks(case: Filing) -> dict[str, int]:
    now = case.now
    cents: dict[str, int] = {}
    for name, at in (("", now), ("_year_start", case.start), ("_year_ago", case.ago)):
        if at is not None:
            cents |= {f"G01_loans{name}": at.loans, f"G01_bills{name}": at.bills}
    for name, at in (("", now), ("_year_start", case.start)):
        if at is not None:
            worst = zip(("substandard", "doubtful", "loss"), split(at.npl, (5, 3, 2)), strict=True)
            cents |= {f"G11_{kind}{name}": amount for kind, amount in worst}
            cents[f"G11_bills_npl{name}"] = 0
            cents |= {f"XW6_srdi{name}": at.srdi, f"XW6_tech{name}": at.tech}
            cents[f"XW6_overlap{name}"] = at.overlap
    return cents | {
        "S63_I_7_1": now.renewal * 27 // 20,
        "S63_I_7_2": now.renewed * 13 // 10,
        "S63_I_7_3": now.borrowers // 6,
        "S63_I_7_4": now.lent_borrowers // 5,
        "S63_I_10": now.srdi * 6 // 5,
        "S63_I_5_2": now.lent_borrowers * 7 // 5,
        "S63_I_5_3": now.borrowers * 23 // 20,
        "S63_III_1_private_small": now.private,
    }


def _comparatives(case: Filing) -> dict[str, int]:
    if case.start is None or case.ago is None:
        return {}
    cents = {f"{item}_year_start": n for item, n in balances(case.start).items()}
    cents |= {f"{item}_year_ago": n for item, n in balances(case.ago).items()}
    cents |= {f"{item}_year_ago": n for item, n in flows(case.ago).items()}
    cents |= {f"{item}_last_year": n for item, n in flows(case.start).items()}
    cents |= {
        "XW1_first_count_total_all_year_ago": first_of_all(case.ago),
        "XW1_first_count_total_incl_year_ago": case.ago.first,
        "XW1_due_year_ago": case.ago.due,
        "XW1_renewed_year_ago": case.ago.renewed,
    }
    increment = case.now.small - case.start.small
    base = increment if increment > 0 else case.start.small * 6 // 100
    done = case.profile.book.plan_done
    cents["BQ_credit_plan"] = round(base * 100 / Decimal(done)) if base else 0
    return cents


def balances(at: Closing) -> dict[str, int]:
    """Balances of sheet BQ at one date."""
    parts = {"6_1": at.credit, "6_2": at.medium, "6_3": at.renewal}
    cents = {f"S71_I_{row}_A{tier}": n for row, n in parts.items() for tier in "05"}
    return cents | {
        "S71_I_6_A0": at.small + at.small_bills,
        "S71_I_6_A5": at.small,
        "S71_I_6_B0": at.borrowers + at.bill_borrowers,
        "S71_I_6_B5": at.borrowers,
        "S71_I_6_C0": at.small_npl,
        "S71_I_6_C5": at.small_npl,
        "S71_I_1_A0": at.firm + at.small_bills,
        "S71_I_1_A5": at.firm,
        "S63_III_1_private_small": at.private,
    }


def flows(at: Closing) -> dict[str, int]:
    """Flows of sheet BQ from 1 January."""
    return {
        "S71_I_6_D0": at.lent + at.lent_bills,
        "S71_I_6_D5": at.lent,
        "S71_I_6_E0": at.lent_borrowers + at.bill_borrowers,
        "S71_I_6_E5": at.lent_borrowers,
        "S71_I_6_F0": at.interest + round(at.lent_bills * BILL_RATE),
        "S71_I_6_F5": at.interest,
    }


def first_of_all(at: Closing) -> int:
    """首贷户 of any size: firms above 1000 万元 come on top."""
    return at.first + at.first // 40


def _first(now: Closing) -> dict[str, int]:
    cents = {"XW1_due": now.due, "XW1_renewed": now.renewed}
    small = dict(zip(WHO, split(now.first, (26, 34, 40)), strict=True))
    for who, count in small.items():
        more = first_of_all(now) - now.first if who == "firm" else 0
        amount = count * FIRST_AMOUNT[who]
        cents |= {
            f"XW1_first_count_{who}_incl": count,
            f"XW1_first_count_{who}_all": count + more,
            f"XW1_first_amount_{who}_incl": amount,
            f"XW1_first_amount_{who}_all": amount + more * 160_000,
            f"XW1_own_first_count_{who}_incl": count * 5 // 4,
            f"XW1_own_first_count_{who}_all": (count + more) * 5 // 4,
        }
    return cents


def _cover(profile: Profile, period: str) -> Values:
    cover: Values = {
        "COVER_bank_code": profile.code,
        "COVER_code_system": "统一社会信用代码" if profile.credit_code else "金融许可证机构编码",
        "COVER_bank_name": profile.name,
        "COVER_bank_type": TYPES[profile.type],
        "COVER_level": "一级分行" if profile.branch else "法人",
        "COVER_province": PROVINCES[profile.province],
        "COVER_opened_on": date.fromisoformat(profile.opened_on),
        "COVER_filing": "首次",
        "COVER_sequence": Decimal(1),
        "COVER_prepared_by": "示例甲",
        "COVER_reviewed_by": "示例乙",
        "COVER_responsible": "示例丙",
        "COVER_phone": "000-00000000",
        "COVER_filed_on": FILED_ON[period],
        "COVER_differentiated": bool(profile.differentiated),
        "COVER_succession": "无",
    }
    if profile.parent:
        cover["COVER_parent_code"] = profile.parent
    if profile.differentiated:
        cover["COVER_differentiated_doc"] = profile.differentiated
    return cover


def _patched(values: Values, profile: Profile, period: str) -> Values:
    values["BQ_restated"] = False
    if profile.restated and period == "2026Q3":
        values |= _restatement(profile)
    for item in profile.scaled_up:
        amount = values[item]
        assert isinstance(amount, Decimal)
        values[item] = amount * 10_000
    values |= {f"COVER_status_{form}": "零报送" for form in profile.nil}
    values |= {f"COVER_status_{form}": "不适用" for form in profile.not_applicable}
    for item, value in profile.patch.get(period, {}).items():
        if value is None:
            values.pop(item, None)
        else:
            values[item] = value
    return values


def _restatement(profile: Profile) -> Values:
    filed = closing(profile, "2025Q4")
    amounts = [Decimal(n) / 100 for n in (filed.small, filed.firm)]
    return {
        "BQ_restated": True,
        "BQ_restated_reason": "划型",
        "BQ_restated_original": f"6 行不含票据 {amounts[0]} 万元，1 行不含票据 {amounts[1]} 万元",
        "BQ_restated_doc": "示例函〔2026〕5号",
    }
