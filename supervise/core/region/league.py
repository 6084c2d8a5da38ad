"""The league table 排名 and what moved since the last period that is known.

Ranks follow the unrounded total; equal totals share a rank and the next one is skipped. Blocked
submissions have no rank (standing rule 12).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from supervise.core.period import Period
from supervise.core.region.figures import BankFigures, PastFigure
from supervise.core.region.spread import spread
from supervise.record import record


@record(kw_only=True)
class Ranked:
    """One bank of the league table.

    Attributes:
        change: Points more than at the last period that the region compares with; None where
            this bank has none.
        before: Grade id then, empty if there was none.
    """

    rank: int
    bank: BankFigures
    change: Fraction | None = None
    before: str = ""


@record(kw_only=True)
class Moved:
    """What changed since an earlier period, among the banks known at both.

    Attributes:
        median: Median change of the total.
        raised: Banks with a better grade than then.
        lowered: Banks with a worse one.
        other_kind: One period was an annual evaluation, the other a monitoring run: annual-only
            items stand in one of the totals only.
    """

    period: Period
    n: int
    up: int
    down: int
    same: int
    median: Fraction
    raised: int
    lowered: int
    other_kind: bool


def ranked(banks: Sequence[BankFigures], since: Period | None) -> tuple[Ranked, ...]:
    """Banks by falling total, code within equal totals.

    Args:
        banks: Those that take part.
        since: The earlier period that totals are compared with.
    """
    ordered = sorted(banks, key=lambda bank: (-bank.total, bank.code))
    rows: list[Ranked] = []
    for place, bank in enumerate(ordered, 1):
        tied = rows and rows[-1].bank.total == bank.total
        past = _at(bank, since)
        rows.append(
            Ranked(
                rank=rows[-1].rank if tied else place,
                bank=bank,
                change=bank.total - past.total if past else None,
                before=past.grade if past else "",
            )
        )
    return tuple(rows)


def _at(bank: BankFigures, period: Period | None) -> PastFigure | None:
    return next((past for past in bank.past if past.period == period), None)


def last_known(banks: Sequence[BankFigures]) -> Period | None:
    """The latest earlier period of which any of the banks has a total."""
    return max((past.period for bank in banks for past in bank.past), default=None)


def moved(
    rows: Sequence[Ranked], now: Period, since: Period | None, order: Sequence[str]
) -> Moved | None:
    """Changes of the banks that are known at both periods; None if there are none.

    Args:
        rows: The league table.
        now: Its period.
        since: The earlier period.
        order: Grade ids, best first.
    """
    both = [row for row in rows if row.change is not None]
    if since is None or not both:
        return None
    changes = [row.change for row in both if row.change is not None]
    steps = [step for row in both if (step := grade_step(row, order)) is not None]
    middle = spread(changes).median
    assert middle is not None
    return Moved(
        period=since,
        n=len(both),
        up=sum(change > 0 for change in changes),
        down=sum(change < 0 for change in changes),
        same=sum(change == 0 for change in changes),
        median=middle,
        raised=sum(step > 0 for step in steps),
        lowered=sum(step < 0 for step in steps),
        other_kind=since.kind != now.kind,
    )


def grade_step(row: Ranked, order: Sequence[str]) -> int | None:
    """Bands gained (or lost) since then; None where either grade is not known."""
    if row.before not in order or row.bank.grade.id not in order:
        return None
    return order.index(row.before) - order.index(row.bank.grade.id)
