"""What a page of a rule consists of."""

from __future__ import annotations

from supervise.core.model import Finding
from supervise.record import record


@record
class Section:
    """A headed part of a page: lines of text, then rows of a table."""

    title: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@record
class RulePage:
    """One rule for people."""

    id: str
    name: str
    heading: str
    lead: str
    sections: tuple[Section, ...]


@record
class Shown:
    """What the worked example of a check showed.

    Attributes:
        finding: The finding of the failing filing.
        boundary: Cells and figures of the filing that just passes; empty: none.
        why_none: Why no filing just passes.
    """

    finding: Finding | None = None
    boundary: tuple[str, ...] = ()
    why_none: str = ""
