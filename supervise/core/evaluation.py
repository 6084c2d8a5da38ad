"""Nouns of the result; the fold that makes them is ``evaluate`` in ``core/evaluate.py``.

Everything a report, a JSON document or a ledger needs is in ``Evaluation``: nothing downstream
computes anything again.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from supervise.core.context import Adjustment, Judgement, PastEvaluation, PeerStat
from supervise.core.later import Later
from supervise.core.law import Band, Indicator, PartLaw, Requirement, Rulebook
from supervise.core.model import Finding, Provenance, Submission
from supervise.core.objection import Objection
from supervise.core.supervision import NO_EDITS, OpinionEdits, RectificationItem
from supervise.record import record

Status = Literal["passed", "needs_explanation", "blocked", "incomplete", "refused"]
RequirementStatus = Literal["met", "unmet", "not_applicable", "not_computable"]


@record
class Term:
    """One number of a formula with where it came from.

    Attributes:
        source: ``cell``, ``ledger``, ``history``, ``judgement``, ``rulebook`` or ``finding``.
        cell: ``Sheet!C14`` when the source is a cell, else the period or the file.
    """

    item: str
    value: Fraction | str | bool | None
    source: str
    cell: str


@record
class Measure:
    """A value with its trace, or the reason why there is none 指标值.

    Attributes:
        reason: None, or ``missing``, ``not_applicable``, ``base_absent``, ``zero_denominator``,
            ``small_sample``, ``unset_parameter``, ``no_history``, ``invalid``,
            ``awaiting_judgement``.
        about: What the reason is about: item, parameter or period.
        shown: The formula with its numbers in place, e.g. ``1,204.00 ÷ 98,310.55``.
    """

    value: Fraction | None
    reason: str | None = None
    about: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    shown: str | Later = ""

    @property
    def workings(self) -> str:
        """``shown``, as a text."""
        return str(self.shown)


@record
class PartResult:
    """One part of an indicator, measured and scored.

    Attributes:
        points: What counts; None for an unscored part or one that does not apply.
        low: Points if everything unknown turns out worst.
        high: Points if everything unknown turns out best.
        judged: Bank's own, supervisor's and counted points of a qualitative part.
        note: Id of a wording that explains the points, e.g. ``owed_and_missing``,
            ``self_assessed``, ``deduction``.
    """

    law: PartLaw
    applies: bool
    measure: Measure
    base: Measure | None
    base_period: str
    base_source: str
    points: Fraction | None
    low: Fraction | None
    high: Fraction | None
    case: str
    case_provenance: Provenance | None
    peer: PeerStat | None = None
    self_points: Fraction | None = None
    supervisor: Judgement | None = None
    counted: str | None = None
    note: str = ""


@record
class RequirementResult:
    """Whether a policy requirement is met 达标 / 未达标, 符合导向 / 未体现."""

    law: Requirement
    status: RequirementStatus
    value: Fraction | None
    limit: Fraction | None


@record
class IndicatorResult:
    """One indicator of this bank. ``points`` and ``max`` are None for a monitored one."""

    law: Indicator
    applies: bool
    why_not: str
    measure: Measure
    parts: tuple[PartResult, ...]
    requirements: tuple[RequirementResult, ...]
    points: Fraction | None
    max: Fraction | None
    low: Fraction | None
    high: Fraction | None
    provenance: Provenance
    peer: PeerStat | None = None
    memo: Measure | None = None


@record
class ElementResult:
    """Points of one element, raw and scaled to its full maximum (standing rule 4)."""

    id: str
    name: str
    points: Fraction
    raw: Fraction
    raw_max: Fraction
    max: Fraction
    low: Fraction
    high: Fraction
    scaled: bool
    peer: PeerStat | None = None


@record
class Score:
    """The total, not rounded, with its span while something is not computable."""

    regular: Fraction
    bonus: Fraction
    total: Fraction
    low: Fraction
    high: Fraction
    regular_low: Fraction
    regular_high: Fraction
    not_computable: tuple[str, ...]


@record
class GradeResult:
    """The grade, or why there is none.

    Attributes:
        band: None while blocked, or while low and high disagree.
        reason: ``blocked``, ``span`` or None.
        next_band: The band above, None at the top.
        official: True only for an annual run whose used rows are all ``confirmed``.
    """

    band: Band | None
    reason: str | None
    vetoes: tuple[str, ...]
    next_band: Band | None
    points_short: Fraction | None
    official: bool
    provenance: Provenance


@record
class CheckState:
    """What became of one check.

    Attributes:
        state: ``passed``, ``failed``, ``vacuous``, ``no_predecessor`` or ``not_evaluated``.
        reason: Why it was not evaluated; with ``failed``: why a part of it was not.
    """

    check: str
    state: str
    reason: str = ""


TargetKind = Literal["figure", "share", "rows", "mechanism"]


@record(kw_only=True)
class NextTarget:
    """What an advisable part would need next period, and what it would bring 下一期目标.

    Attributes:
        indicator: Indicator id.
        part: Part id.
        kind: ``figure``: the item must reach ``at_least``. ``share``: the part's value must, a
            ratio of cumulative figures; the item is its numerator. ``rows``: the item must in
            every row of its open table. ``mechanism``: what ``name`` says must be in place.
        name: What is to be raised or put in place, as people call it.
        item: The datum to be raised: an item of the forms.
        unit: Unit of ``now`` and ``at_least``.
        now: This period's value; base units; of rows the lowest, of a mechanism 0.
        at_least: Value next period from which the points below are reached; base units, whole
            steps of what the form can hold.
        gain: Points of the total more than now, everything else unchanged.
        points: Points of the part then.
        period: The next period.
        base_period: Period of the figure compared with then; empty: none.
        base_assumed: That figure is not known yet, and the one of ``base_period`` stands in.
        value: The part's own value then, in ``value_unit``; None: there is none.
        below: Rows that are below now.
        lacking: Items that must first be answered otherwise, e.g. 是 or a document's number.
    """

    indicator: str
    part: str
    kind: TargetKind = "figure"
    name: str
    item: str
    unit: str
    now: Fraction
    at_least: Fraction
    gain: Fraction
    points: Fraction
    period: str
    base_period: str = ""
    base_assumed: bool = False
    value: Fraction | None = None
    value_unit: str = ""
    below: int = 0
    lacking: tuple[str, ...] = ()


@record(kw_only=True)
class Evaluation:
    """Everything known about one bank for one period 评价结果.

    Attributes:
        status: ``refused`` never stands here: a refused file has no evaluation.
        stage: ``self`` for a bank's own check; of a regulator's run the stage that was signed
            last, ``preliminary`` until one was.
        unconfirmed: Ids of the rows, bands, vetoes, limits and parameters that were used and
            are not ``confirmed``.
        forecast: Indicators that count the faults of a first filing, as they would come out if
            this submission were filed as it is; empty where it was filed.
        targets: What would lift the score next period, the largest gain first.
        peer: Where the total stands among live peers; None: nobody is known to compare with.
        edits: What the supervisor says beside what is generated.
        rectification: What is to be mended 整改, the oldest first, and where it stands.
        objections: Of the bank to this evaluation or the one before, and what became of them.
    """

    submission: Submission
    rulebook: Rulebook
    status: Status
    stage: str
    findings: tuple[Finding, ...]
    states: tuple[CheckState, ...]
    indicators: tuple[IndicatorResult, ...]
    elements: tuple[ElementResult, ...]
    score: Score
    grade: GradeResult
    unconfirmed: tuple[str, ...]
    adjustments: tuple[Adjustment, ...]
    history: Mapping[str, PastEvaluation]
    forecast: tuple[IndicatorResult, ...] = ()
    targets: tuple[NextTarget, ...] = ()
    peer: PeerStat | None = None
    edits: OpinionEdits = NO_EDITS
    rectification: tuple[RectificationItem, ...] = ()
    objections: tuple[Objection, ...] = ()

    @property
    def kind(self) -> str:
        """``annual`` or ``monitoring`` (standing rule 2)."""
        return self.rulebook.period.kind

    def indicator(self, indicator_id: str) -> IndicatorResult:
        """The result of one indicator.

        Raises:
            KeyError: The rulebook has no such indicator.
        """
        for result in self.indicators:
            if result.law.id == indicator_id:
                return result
        raise KeyError(indicator_id)

    @property
    def headlines(self) -> tuple[IndicatorResult, ...]:
        """The five headline indicators in rulebook order."""
        return tuple(r for r in self.indicators if r.law.headline)
