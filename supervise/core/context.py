"""What an evaluation needs beside the submission and the law: history, peers, supervisors."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from supervise.core.objection import Objection
from supervise.core.supervision import NO_EDITS, OpinionEdits, RectificationItem
from supervise.record import field, record

if TYPE_CHECKING:
    from supervise.core.evaluation import IndicatorResult


@record
class Judgement:
    """A supervisor's mark for a qualitative part 监管评分."""

    indicator: str
    part: str
    points: Fraction
    by: str
    reason: str
    on: str


@record
class Adjustment:
    """A supervisor's correction of a filed figure (standing rule 11); base units."""

    item: str
    filed: Fraction | None
    adjusted: Fraction
    reason: str
    evidence: str
    by: str
    on: str


@record
class PeerStat:
    """Where a value stands among live peers: context only (standing rule 7).

    Attributes:
        group: Name of the bank type.
        n: Banks compared, this one included.
        quartile: 1 is the best quarter; None: too few peers, or no direction is better.
        percentile: Share of banks that are worse, from 0 to 1.
        reason: ``few_peers``, or None.
        trimmed_min: The 5th percentile of the values; ``trimmed_max`` the 95th.
        p25: A quarter of the values lie below; ``p75``: a quarter lie above.
    """

    group: str
    n: int
    median: Fraction | None
    quartile: int | None
    percentile: Fraction | None
    reason: str | None = None
    trimmed_min: Fraction | None = None
    trimmed_max: Fraction | None = None
    p25: Fraction | None = None
    p75: Fraction | None = None


@record
class Spread:
    """What the values of a group come to, whoever asks; nothing but their number of a small one.

    Attributes:
        n: Values in all.
        trimmed_min: The 5th percentile; ``trimmed_max`` the 95th.
    """

    n: int
    median: Fraction | None = None
    trimmed_min: Fraction | None = None
    trimmed_max: Fraction | None = None
    p25: Fraction | None = None
    p75: Fraction | None = None


@record
class Place:
    """Where one value lies in its group: how many are below it, and how many are the same."""

    spread: Spread
    below: int
    same: int


@record
class PastEvaluation:
    """What an earlier evaluation holds that later ones need.

    Attributes:
        high: The total if everything that was unknown had turned out best; None: as ``total``.
        source: Where it comes from: ``history``, a document, or ``ledger``.
        digest: Of what it was read from; empty if it was not read.
    """

    period: str
    kind: str
    file: str
    facts: Mapping[str, Fraction]
    parts: Mapping[tuple[str, str], Fraction]
    elements: Mapping[str, Fraction]
    total: Fraction | None
    grade: str | None
    findings: tuple[Mapping[str, Any], ...] = ()
    high: Fraction | None = None
    rectification: tuple[RectificationItem, ...] = ()
    source: str = "history"
    digest: str = ""


@record
class Parent:
    """What a branch may take from its legal person (standing rule 8).

    Attributes:
        code: Of the legal person, as is what follows.
        rulebook: Digest of the law that it is judged by.
        results: By indicator; none of those that the branch has itself need be there.
    """

    code: str
    type: str
    province: str
    rulebook: str
    results: Mapping[str, IndicatorResult]


@record(kw_only=True)
class Context:
    """What an evaluation needs beside the submission and the law.

    Attributes:
        history: Earlier evaluations of the same bank by period text.
        peers: ``indicator``, ``indicator.part``, ``total`` and ``element.id`` to the sorted
            values of the bank's group, this bank's own included.
        peer_group: Name of that group.
        places: The same names to this bank's places in its group, the values of which whoever
            made the context knows; the spreads have six digits.
        standings: The same names to standings that were worked out before, where
            the values themselves are not known.
        parent: The legal person's results, for a branch.
        first_filing: Of the first filed version, as a ledger knows it: checks that blocked and
            需说明 checks left unanswered; None without a ledger.
        filed: The submission at hand was filed, so a first filing can be counted from itself.
        edits: What the supervisor says about this bank for this period.
        objections: Of the bank to this evaluation or the one before.
    """

    history: Mapping[str, PastEvaluation] = field(default_factory=lambda: MappingProxyType({}))
    peers: Mapping[str, tuple[Fraction, ...]] = field(default_factory=lambda: MappingProxyType({}))
    peer_group: str = ""
    places: Mapping[str, Place] = field(default_factory=lambda: MappingProxyType({}))
    judgements: tuple[Judgement, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    standings: Mapping[str, PeerStat] = field(default_factory=lambda: MappingProxyType({}))
    parent: Parent | None = None
    first_filing: tuple[int, int] | None = None
    filed: bool = False
    edits: OpinionEdits = NO_EDITS
    objections: tuple[Objection, ...] = ()


NO_CONTEXT = Context()
