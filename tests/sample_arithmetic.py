"""The method worked a second time, on its own: points of a sample from its cells.

Written from the indicator table, not from the engine or the rulebook, and reads workbooks with
openpyxl through their named cells. Money stays in 万元; every number is a Fraction.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

F = Fraction
REFERENCE = {
    "大型商业银行": F(13, 100),
    "股份制商业银行": F(13, 100),
    "农村商业银行": F(30, 100),
    "农村合作银行": F(30, 100),
    "农村信用社": F(30, 100),
    "村镇银行": F(30, 100),
    "城市商业银行": F(15, 100),
    "民营银行": F(15, 100),
}
REFERENCE_SINCE = "2025Q4"
MAXIMA = {"supply": 27, "cost_and_risk": 10, "structure": 20}
MAXIMA |= {"incentives": 30, "compliance": 8, "local_economy": 5}


class Filed:
    """A workbook's cells by item id; blank numbers are zero where the sheet says so."""

    def __init__(self, path: Path) -> None:
        book = load_workbook(path, data_only=True)
        self.cells: dict[str, Any] = {}
        for name, defined in book.defined_names.items():
            sheet, _, place = defined.attr_text.rpartition("!")
            page = book[sheet.strip("'")]
            found = page[place.replace("$", "")]
            if isinstance(found, tuple):
                self.cells[name] = [row[0].value for row in found]
            else:
                self.cells[name] = found.value

    def __getitem__(self, item: str) -> Fraction:
        return exact(self.cells[item])

    def given(self, item: str) -> bool:
        return self.cells[item] not in (None, "", "不适用")

    def yes(self, item: str) -> bool:
        return bool(self.cells[item] == "是")

    def day(self, item: str) -> date | None:
        value = self.cells[item]
        return value.date() if isinstance(value, datetime) else None

    def earlier(self, item: str, when: str) -> Fraction | None:
        """A comparative; None for a bank that was not open then."""
        if self.cells["COVER_status_BQ"] == "不适用":
            return None
        return self[f"{item}_{when}"]


def exact(value: Any) -> Fraction:
    return F(Decimal(str(value))) if value not in (None, "", "不适用") else F(0)


def proportion(value: Fraction, base: Fraction, most: int) -> Fraction:
    if value > 0 and value >= base:
        return F(most)
    return min(F(most), max(F(0), most * value / base)) if base > 0 else F(0)


def share_part(filed: Filed, part: str, whole: str, most: int) -> list[tuple[Fraction | None, int]]:
    start, start_whole = filed.earlier(part, "year_start"), filed.earlier(whole, "year_start")
    if start is None or start_whole is None:
        return []
    return [(proportion(filed[part] / filed[whole], start / start_whole, most), most)]


SMALL, NPL, CREDIT = "S71_I_6_A5", "S71_I_6_C5", "S71_I_6_1_A5"


def loans(filed: Filed, when: str = "") -> Fraction:
    return filed[f"G01_loans{when}"] - filed[f"G01_bills{when}"]


def growth(filed: Filed, item: str) -> Fraction:
    return filed[item] / filed[f"{item}_year_start"] - 1


def all_growth(filed: Filed) -> Fraction:
    return loans(filed) / loans(filed, "_year_start") - 1


def supply(filed: Filed) -> list[tuple[Fraction | None, int]]:
    kind = filed.cells["COVER_bank_type"]
    share = filed[SMALL] / loans(filed)
    known = kind in REFERENCE and str(filed.cells["COVER_period"]) >= REFERENCE_SINCE
    level = proportion(share, REFERENCE[kind], 4) if known else None
    if filed.earlier(SMALL, "year_start") is None:
        return [(level, 4)]
    grew, target = growth(filed, SMALL), all_growth(filed)
    increment = filed[SMALL] - filed[f"{SMALL}_year_start"]
    done = increment / filed["BQ_credit_plan"]
    if grew <= 0:
        points = F(0)
    elif grew >= target:
        points = F(15)
    elif filed.yes("COVER_differentiated"):
        points = 15 * min(F(1), done)
    else:
        points = 15 * grew / target if done >= 1 else F(0)
    before = filed[f"{SMALL}_year_start"] / loans(filed, "_year_start")
    borrowers = filed["S71_I_6_B5"] / filed["S71_I_6_B5_year_start"]
    kept = F(4) if borrowers >= 1 else 4 * borrowers if borrowers >= F(9, 10) else F(0)
    return [(points, 15), (level, 4), (proportion(share, before, 4), 4), (kept, 4)]


def rate(filed: Filed, when: str = "") -> Fraction:
    return filed[f"S71_I_6_F5{when}"] / filed[f"S71_I_6_D5{when}"]


def npl_gap(filed: Filed) -> Fraction:
    bad = filed["G11_npl"] - filed["G11_bills_npl"]
    return filed[NPL] / filed[SMALL] - bad / loans(filed)


def cost_and_risk(filed: Filed, annual: bool) -> list[tuple[Fraction | None, int]]:
    gap = npl_gap(filed)
    quality = F(5) if gap <= F(3, 100) else max(F(0), 5 * (F(4, 100) - gap) * 100)
    parts: list[tuple[Fraction | None, int]] = [(quality, 5)]
    if filed.earlier(SMALL, "year_start") is not None:
        rise = rate(filed) - rate(filed, "_last_year" if annual else "_year_ago")
        parts.append((max(F(0), 5 - max(F(0), rise) * 1000), 5))
    return parts


def structure(filed: Filed) -> list[tuple[Fraction | None, int]]:
    if filed.earlier(SMALL, "year_start") is None:
        return []
    first, lent = "XW1_first_count_total_incl", "S71_I_6_E5"
    before = filed[f"{first}_year_ago"]
    private, target = growth(filed, "S63_III_1_private_small"), all_growth(filed)
    renewed = filed["XW1_renewed"] / filed["XW1_due"]
    renewed_ago = filed["XW1_renewed_year_ago"] / filed["XW1_due_year_ago"]
    return [
        (proportion(filed[first], before, 3), 3),
        (proportion(filed[first] / filed[lent], before / filed[f"{lent}_year_ago"], 2), 2),
        *share_part(filed, CREDIT, SMALL, 3),
        (proportion(growth(filed, CREDIT), growth(filed, SMALL), 2), 2),
        *share_part(filed, "S71_I_6_2_A5", SMALL, 3),
        *share_part(filed, "S71_I_6_3_A5", SMALL, 2),
        (proportion(renewed, renewed_ago, 1), 1),
        *share_part(filed, "S71_I_1_A5", SMALL, 2),
        (proportion(private, target, 2), 2),
    ]


def compliance(filed: Filed, annual: bool) -> list[tuple[Fraction | None, int]]:
    parts: list[tuple[Fraction | None, int]] = [
        (max(F(-3), 3 - filed["XW5_violations_established"]), 3),
        (None, 3),
    ]
    if filed.yes("XW5_online_business") and filed.cells["COVER_level"] == "法人":
        review = filed.yes("XW5_online_review") and filed.given("XW5_online_triggers")
        parts.append(judged(filed, "online_loan_review_mechanism", review, annual, 1))
        own = filed.yes("XW5_online_independent")
        parts.append(judged(filed, "online_loan_review_independent", own, annual, 1))
    return parts


def judged(
    filed: Filed, part: str, supported: bool, annual: bool, most: int
) -> tuple[Fraction | None, int]:
    """A qualitative part: open in an annual run, else the self score as far as facts carry it."""
    if annual:
        return None, most
    return (min(filed[f"XW7_{part}_score"], F(most)) if supported else F(0)), most


def local_economy(filed: Filed) -> list[tuple[Fraction | None, int]]:
    if filed.cells["COVER_province"] == "广东省":
        landed = filed["XW6_lent_amount_incl"] / filed["XW6_credited_amount_incl"]
        technology = filed["S71_I_1_2_A5"] / filed["S71_I_1_A5"]
        return [(proportion(landed, F(7, 10), 3), 3), (proportion(technology, F(1, 10), 2), 2)]
    parts: list[tuple[Fraction | None, int]] = []
    if filed["XW6_recommended_count_incl"] > 0:
        reached = filed["XW6_credited_count_incl"] / filed["XW6_recommended_count_incl"]
        parts.append((proportion(reached, F(1, 2), 3), 3))
    if filed.earlier(SMALL, "year_start") is not None:
        now = filed["XW6_srdi"] + filed["XW6_tech"] - filed["XW6_overlap"]
        start = sum(
            sign * filed[f"XW6_{kind}_year_start"]
            for kind, sign in (("srdi", 1), ("tech", 1), ("overlap", -1))
        )
        grew = now / start - 1 if start else F(0)
        parts.append((proportion(grew, growth(filed, SMALL), 2), 2))
    return parts


def bonus(filed: Filed, annual: bool) -> Fraction:
    points = F(1 if filed["XW9_platform_lent"] > 0 else 0)
    disclosed = filed["XW5_disclosed_amount"] / filed["S71_I_6_D5"]
    points += 1 if filed.yes("XW5_disclosure_pilot") and disclosed >= F(8, 10) else 0
    if annual and filed.cells["COVER_level"] == "法人":
        used = filed["XW3_writeoff_incl"] / filed["XW3_writeoff_quota"]
        small = filed["XW3_opening_incl"] + filed["XW3_formed_incl"]
        every = filed["G11_npl_year_start"] + filed["XW3_formed_all"]
        tilt = filed["XW3_writeoff_incl"] / filed["XW3_writeoff_all"] / (small / every)
        points += 1 if used >= F(8, 10) and tilt >= 1 else 0
    return points
