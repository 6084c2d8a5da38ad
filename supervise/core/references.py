"""Nouns that the law refers to: instruments, bank types, frozen peer figures, the 23 measures."""

from __future__ import annotations

from fractions import Fraction

from supervise.core.model import Provenance
from supervise.record import record


@record
class Source:
    """A legal instrument 法规依据.

    Attributes:
        short: How rules cite it, in a language that does not cite by number or title.
    """

    id: str
    title: str
    number: str
    issued_on: str
    in_force_on: str
    status: str
    link: str
    provenance: Provenance
    short: str = ""


@record
class BankType:
    """机构类型 and what applies to it."""

    id: str
    name: str
    groups: tuple[str, ...]
    by_reference: bool
    note: str = ""


@record
class PeerReference:
    """A peer figure frozen with the rulebook (standing rule 7)."""

    indicator: str
    group: str
    period: str
    value: Fraction | None
    n: int
    provenance: Provenance


@record
class PolicyItem:
    """One of the 23 measures and what answers it."""

    number: int
    title: str
    addressed_to_bank: bool
    answered_by: tuple[str, ...]
    note: str = ""
