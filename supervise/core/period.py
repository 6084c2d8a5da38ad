"""The reporting period 报告期: a quarter such as 2026Q3.

The method grades per calendar year: a fourth quarter leads to an annual evaluation, any other
quarter to a monitoring run (standing rule 2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

from supervise.record import record

Kind = Literal["annual", "monitoring"]
_PATTERN = re.compile(r"(20\d\d)Q([1-4])")
_LAST_DAY = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}


@record(order=True)
class Period:
    """A calendar quarter; periods order by time."""

    year: int
    quarter: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read ``2026Q3``.

        Raises:
            ValueError: The text is not a year and a quarter.

        Example:
            >>> str(Period.parse("2026Q3").previous)
            '2026Q2'
        """
        match = _PATTERN.fullmatch(text)
        if match is None:
            raise ValueError(f"not a period: {text!r}")
        return cls(int(match[1]), int(match[2]))

    @property
    def kind(self) -> Kind:
        """``annual`` in the fourth quarter, else ``monitoring``."""
        return "annual" if self.quarter == 4 else "monitoring"

    @property
    def previous(self) -> Period:
        """The quarter before."""
        if self.quarter == 1:
            return Period(self.year - 1, 4)
        return Period(self.year, self.quarter - 1)

    @property
    def next(self) -> Period:
        """The quarter after."""
        if self.quarter == 4:
            return Period(self.year + 1, 1)
        return Period(self.year, self.quarter + 1)

    @property
    def year_start(self) -> Period:
        """The period whose closing is this year's opening: last year's fourth quarter."""
        return Period(self.year - 1, 4)

    @property
    def year_ago(self) -> Period:
        """The same quarter a year earlier."""
        return Period(self.year - 1, self.quarter)

    @property
    def first_day(self) -> date:
        """1 January: cumulative figures of a period count from there."""
        return date(self.year, 1, 1)

    @property
    def last_day(self) -> date:
        """The quarter's last calendar day."""
        month, day = _LAST_DAY[self.quarter]
        return date(self.year, month, day)

    def __str__(self) -> str:
        return f"{self.year}Q{self.quarter}"


def quarter_of(text: object) -> Period | None:
    """The period that an earlier evaluation names; None for what is no quarter.

    Earlier documents come from outside: an odd one is passed over, not stumbled on.
    """
    try:
        return Period.parse(str(text))
    except ValueError:
        return None


def quarters_before(names: Iterable[str], now: Period) -> dict[Period, str]:
    """Those of the names that are quarters before ``now``, oldest first, with the name."""
    found = {period: name for name in names if (period := quarter_of(name)) is not None}
    return {period: found[period] for period in sorted(found) if period < now}
