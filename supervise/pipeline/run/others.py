"""On which other files of a run the measure of one rests, and what these come to.

A branch takes results from its legal person, a resubmission counts the faults of the first
filing. Both are measured once the others are.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from supervise.record import record

Faults = tuple[int, int]
"""Checks that block, and 需说明 checks left unanswered."""
FIRST = 1
"""Sequence number of a first filing."""


@record
class Others:
    """What is known of the others.

    Attributes:
        first_filing: Faults of the bank's first filing, if that is among the files of the run and
            this is another.
        parent: What the measure of the legal person rests on; empty: there is none.
        parent_first: As ``first_filing``, of the legal person.
    """

    first_filing: Faults | None = None
    parent: str = ""
    parent_first: Faults | None = None


NO_OTHERS = Others()


@record
class Awaits:
    """Whose filing it is that is measured after others.

    Attributes:
        parent: Code of the legal person; None: it is none's branch.
    """

    code: str
    period: str
    sequence: int
    parent: str | None

    @property
    def filer(self) -> tuple[str, str]:
        """Whose filing it is, and for which period."""
        return self.code, self.period


def awaits(code: str, period: str, sequence: int, parent: str | None) -> Awaits | None:
    """What a filing waits for; None: it rests on no other."""
    waits = sequence > FIRST or parent is not None
    return Awaits(code, period, sequence, parent) if waits else None


def ready(waiting: Mapping[Path, Awaits]) -> list[Path]:
    """Which files wait for none of the others; all where they only wait for each other.

    Args:
        waiting: What each file that is not measured yet waits for.
    """
    whole = {one.filer for one in waiting.values()}
    first = {one.filer for one in waiting.values() if one.sequence == FIRST}
    found = [
        path
        for path, one in waiting.items()
        if not (one.sequence > FIRST and one.filer in first)
        and not (one.parent is not None and (one.parent, one.period) in whole)
    ]
    return found or [*waiting]
