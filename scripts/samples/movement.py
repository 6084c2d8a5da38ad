"""Sheet XW3: how bad loans came and went between the year start and the period end.

Small loans and the rest of the loan book are made apart and added, so that a part can never
exceed the whole and both columns balance.
"""

from __future__ import annotations

from decimal import Decimal

from samples.closing import Closing
from samples.profile import Profile, percent

DONE = {"2025Q1": 24, "2025Q2": 49, "2025Q3": 76, "2026Q1": 30, "2026Q2": 64}
"""Per cent of the year's ways out by then; all of them by the other periods."""
WAYS = {"writeoff": 24, "cash": 15, "sold": 7, "upgraded": 4, "other": 1}


def movement(profile: Profile, period: str, now: Closing, start: Closing | None) -> dict[str, int]:
    """Items of XW3 in units of 0.01 万元, households of the listed write-offs."""
    opened = start.small_npl if start else 0
    opened_rest = start.npl - start.small_npl if start else 0
    done = DONE.get(period, 100)
    whole = _column(opened, now.small_npl, Decimal(1), 100)
    small = _column(opened, now.small_npl, Decimal(1), done)
    rest = _column(opened_rest, now.npl - now.small_npl, Decimal(profile.book.tilt), done)
    cents = {f"XW3_{flow}_incl": amount for flow, amount in small.items()}
    cents |= {f"XW3_{flow}_all": amount + rest[flow] for flow, amount in small.items()}
    del cents["XW3_opening_all"]
    listed = small["writeoff"] // 10
    count = -(-listed // 2_500)
    return cents | {
        "XW3_listed_amount": listed,
        "XW3_listed_count": count,
        "XW3_listed_max": min(listed, 4_800),
        "XW3_writeoff_quota": round(whole["writeoff"] / percent(profile.book.used)),
    }


def _column(opening: int, closing: int, writeoff: Decimal, done: int) -> dict[str, int]:
    reduced = {way: opening * share // 100 for way, share in WAYS.items()}
    reduced["writeoff"] = round(reduced["writeoff"] * writeoff)
    reduced = {way: amount * done // 100 for way, amount in reduced.items()}
    formed = closing + sum(reduced.values()) - opening
    if formed < 0:
        raise ValueError("bad loans fell by more than the ways out of them explain")
    return {
        "opening": opening,
        "formed": formed,
        "transferred_in": 0,
        **reduced,
        "transferred_out": 0,
        "closing": closing,
    }
