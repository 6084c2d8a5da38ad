"""National figures beside the region's own 全国参考数: context, never a threshold.

The law's series are of several scopes and dates. Here the latest of each that was known by the
period stands beside what the banks at hand come to together, where they file the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from supervise.core.period import Period
from supervise.core.region.figures import BankFigures
from supervise.record import record

BALANCE, CREDIT = "inclusive_balance", "credit_balance"
LENT, INTEREST = "inclusive_lent", "inclusive_interest"
SUMMED = (BALANCE, CREDIT, LENT, INTEREST)
"""Definitions of the law whose values are added up over banks."""

_OWN: Mapping[str, tuple[str, str]] = {
    "inclusive_balance": (BALANCE, ""),
    "inclusive_growth": (BALANCE, f"{BALANCE}@year_start"),
    "new_loan_rate": (INTEREST, LENT),
    "credit_share": (CREDIT, BALANCE),
}
"""Benchmark id to what is divided by what of the banks; an empty divisor: a plain sum."""

_WHEN = re.compile(r"(20\d\d)(?:Q([1-4])|-(\d\d)(?:至(\d\d))?)")


@record(kw_only=True)
class Beside:
    """One national figure and the region's own.

    Attributes:
        value: The national figure in base units.
        own: The region's, None where the banks file nothing like it.
        n: Banks that ``own`` rests on.
        since_year_start: ``own`` is growth since the beginning of the year, the national figure
            growth over twelve months.
    """

    id: str
    name: str
    scope: str
    period: str
    value: Fraction
    unit: str
    source: str
    provenance: str
    own: Fraction | None
    n: int
    since_year_start: bool


def beside(
    benchmarks: Iterable[Mapping[str, Any]], banks: tuple[BankFigures, ...], period: Period
) -> tuple[Beside, ...]:
    """The latest national figure of each series that is not later than the period.

    Args:
        benchmarks: Series of the law, oldest first.
        banks: Whose figures count, each loan once.
        period: The region's period.
    """
    latest: dict[str, Mapping[str, Any]] = {}
    for row in benchmarks:
        if _known_by(str(row["period"]), period) and _number(row["value"]) is not None:
            latest[str(row["id"])] = row
    return tuple(_beside(row, banks) for row in latest.values())


def _number(written: object) -> Fraction | None:
    """``14.7%`` or ``33300000000000`` as the law writes it."""
    text = str(written)
    try:
        return Fraction(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        return None


def _known_by(when: str, period: Period) -> bool:
    match = _WHEN.fullmatch(when)
    if match is None:
        return False
    month = int(match[2]) * 3 if match[2] else int(match[4] or match[3])
    return (int(match[1]), month) <= (period.year, period.quarter * 3)


def _beside(row: Mapping[str, Any], banks: tuple[BankFigures, ...]) -> Beside:
    name = str(row["id"])
    own, n = _own(name, banks)
    return Beside(
        id=name,
        name=str(row["name"]),
        scope=str(row.get("scope_shown", row["scope"])),
        period=str(row.get("period_shown", row["period"])),
        value=_number(row["value"]) or Fraction(0),
        unit=str(row["unit"]),
        source=str(row["source"]),
        provenance=str(row["provenance"]),
        own=own,
        n=n,
        since_year_start=name == "inclusive_growth",
    )


def _own(name: str, banks: tuple[BankFigures, ...]) -> tuple[Fraction | None, int]:
    """Sum over banks, or sum over sum, of those that filed both."""
    if name not in _OWN:
        return None, 0
    over, under = _OWN[name]
    known = [bank.amounts for bank in banks if {over, under} - {""} <= bank.amounts.keys()]
    upper = sum((amounts[over] for amounts in known), Fraction(0))
    if not known or not under:
        return (upper if known else None), len(known)
    lower = sum((amounts[under] for amounts in known), Fraction(0))
    if lower == 0:
        return None, 0
    quotient = upper / lower
    return (quotient - 1 if under.endswith("@year_start") else quotient), len(known)
