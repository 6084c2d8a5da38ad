"""What an evaluation needs beside the submission and the law: history, peers, supervisors."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from supervise.record import field, record

if TYPE_CHECKING:
    from supervise.core.evaluation import Evaluation


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
    """Where a value stands among live peers: context only (standing rule 7)."""

    group: str
    n: int
    median: Fraction | None
    quartile: int | None
    percentile: Fraction | None
    reason: str | None = None
    trimmed_min: Fraction | None = None
    trimmed_max: Fraction | None = None


@record
class PastEvaluation:
    """What an earlier evaluation holds that later ones need.

    Attributes:
        source: Where it comes from: ``history``, a document, or ``ledger``.
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
    source: str = "history"


@record(kw_only=True)
class Context:
    """What an evaluation needs beside the submission and the law.

    Attributes:
        history: Earlier evaluations of the same bank by period text.
        peers: ``indicator`` and ``indicator.part`` to the sorted values of the bank's group,
            this bank's own included.
        peer_group: Name of that group.
        parent: The legal person's evaluation, for a branch (standing rule 8).
        first_filing: Of the first filed version, as a ledger knows it: checks that blocked and
            需说明 checks left unanswered; None without a ledger.
        filed: The submission at hand was filed, so a first filing can be counted from itself.
    """

    history: Mapping[str, PastEvaluation] = field(default_factory=lambda: MappingProxyType({}))
    peers: Mapping[str, tuple[Fraction, ...]] = field(default_factory=lambda: MappingProxyType({}))
    peer_group: str = ""
    judgements: tuple[Judgement, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    parent: Evaluation | None = None
    first_filing: tuple[int, int] | None = None
    filed: bool = False


NO_CONTEXT = Context()
