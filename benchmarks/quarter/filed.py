"""What one bank files: the figures of the samples' model, with what small numbers need."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from samples.figures import Values, values_of
from samples.mechanisms import NOT_APPLICABLE, branches
from samples.profile import Profile

from supervise.core.model import Value

PARTS = ("1_2", "2", "4", "6_1", "6_2", "6_3", "1_4")
LEAVES = {"1_a": "1", "1_b": "1", "3_1": "3", "3_2": "3", "3_3": "3"}
MOST = {"1": Decimal(1_000_000), "2": Decimal(5_000_000), "3": Decimal(10_000_000)}
"""The largest loan of each tier, 元."""
FLOWS = {"A": "B", "D": "E"}
RULES = ("XW4_rules_doc", "XW4_rules_on")


def all_values(profile: Profile, period: str) -> Values:
    """Item id to value, totals included, free of anything to remark on."""
    values = values_of(profile, period)
    _enough_borrowers(values)
    if values.get("XW4_standards") is False:
        values |= dict.fromkeys(RULES, NOT_APPLICABLE)
    return values


def branch_rows(profile: Profile, year: int) -> dict[str, list[dict[str, Value]]]:
    """The open table of branches; none where the sheet does not apply."""
    if "XW2" in profile.not_applicable:
        return {}
    return {"XW2_branches": branches(profile, year)}


def _enough_borrowers(values: Values) -> None:
    """In a small book, rounding must not make a loan larger than its tier allows."""
    for row in (*LEAVES, *PARTS):
        counted_in = (row, LEAVES[row], "6") if row in LEAVES else (row,)
        for amounts, counts in FLOWS.items():
            for tier, most in MOST.items():
                amount = values.get(f"S71_I_{row}_{amounts}{tier}")
                count = values.get(f"S71_I_{row}_{counts}{tier}")
                if not isinstance(amount, Decimal) or not isinstance(count, Decimal):
                    continue
                more = (amount / most).to_integral_value(ROUND_CEILING) - count
                if more > 0:
                    columns = [counts + column for column in (tier, "0", "5")]
                    _add(values, [f"S71_I_{r}_{c}" for r in counted_in for c in columns], more)


def _add(values: Values, items: list[str], more: Decimal) -> None:
    for item in items:
        count = values[item]
        assert isinstance(count, Decimal)
        values[item] = count + more
