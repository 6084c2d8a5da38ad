"""Sheet XW3: how bad loans came and went between the year start and the period end.

Small loans and the rest of the loan book are made apart and added, so that a part can never
exceed the whole and both columns balance.
"""

from __future__ import annotations

from decimal import Decimal

from samples.closing import Closing
from samples.profile import Profile, percent

WAYS = {"writeoff": 24, "cash": 15, "sold": 7, "upgraded": 4, "other": 1}


def movement(profile: Profile, now: Closing, start: Closing | None) -> dict[str, int]:
    """Items of XW3 in units of 0.01 万元, households of the listed write-offs."""
    opened = start.small_npl if start else 0
    opened_rest = start.npl - start.small_npl if start else 0
    small = _column(opened, now.small_npl, Decimal(1))
    rest = _column(opened_rest, now.npl - now.small_npl, Decimal(profile.book.tilt))
    cents = {f"XW3_{flow}_incl": amount for flow, amount in small.items()}
    cents |= {f"XW3_{flow}_all": amount + rest[flow] for flow, amount in small.items()}
    del cents["XW3_opening_all"]
    listed = small["writeoff"] // 10
    count = -(-listed // 2_500)
    return cents | {
        "XW3_listed_amount": listed,
        "XW3_listed_count": count,
        "XW3_listed_max": min(listed, 4_800),
        "XW3_writeoff_quota": round(small["writeoff"] / percent(profile.book.used)),
    }


def _column(opening: int, closing: int, writeoff: Decimal) -> dict[str, int]:
    reduced = {way: opening * share // 100 for way, share in WAYS.items()}
    reduced["writeoff"] = round(reduced["writeoff"] * writeoff)
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
