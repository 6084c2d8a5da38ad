"""What a bank can honestly move to earn an advisable part's points (standing rule 13).

Never a classification of loans, a violation, an exemption, a write-off, the all-loan balance or
a figure of a period that is over: advice on those would invite a false figure. The refusal
stands here and not in the law, so that no office's overlay can lift it.
"""

from __future__ import annotations

import re

from supervise.core.formula import Expression
from supervise.core.layout import Item
from supervise.record import record

_TOLD_AS_THEY_ARE = (
    "S71_I_.+_C.",  # NPLs by row and tier
    "S71_I_6_4_.+",  # overdue loans by band
    "G11_.+",
    "XW3_.+",  # NPLs formed, handled, written off
    "XW4_(due|determined|exempted)_count",
    "XW5_(violations_.+|fees_refunded|penalties|penalty_amount)",
)
_NOT_A_GOAL = (*_TOLD_AS_THEY_ARE, "G01_.+", "BQ_.+", "COVER_.+", "XW7_.+", "XW8_.+")
_SENSITIVE = re.compile(f"({'|'.join(_TOLD_AS_THEY_ARE)})(_year_start|_year_ago|_last_year)?")
_FORBIDDEN = re.compile("|".join(_NOT_A_GOAL))


@record
class Driver:
    """What earns the points of an advisable part.

    Attributes:
        name: As people call it, e.g. 首贷户数; for a mechanism what is to be in place.
        item: The item to be raised, or a definition that comes down to one; empty: none.
        cumulative: The item counts from 1 January, so that it begins anew each year.
        where: With a column of an open table: the rows that the part looks at.
        establish: Item and what it then holds, of everything that must be in place first.
    """

    name: str
    item: str = ""
    cumulative: bool = False
    where: Expression | None = None
    establish: tuple[tuple[str, Expression], ...] = ()


def is_sensitive(item: str) -> bool:
    """Whether telling what another figure would earn invites a false one."""
    return _SENSITIVE.fullmatch(item) is not None


def may_be_advised(item: Item) -> bool:
    """Whether advice may name an item at all: no comparative, and nothing told as it is."""
    return item.as_of == "now" and not item.of and _FORBIDDEN.fullmatch(item.id) is None
