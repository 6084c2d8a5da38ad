"""What a region needs to know of one bank: small, plain values that cross a process border.

A run makes them from an ``Evaluation`` (``taking.py``), a ledger may make them from what it keeps;
nothing here knows of either.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from supervise.core.evaluation import RequirementStatus, Status
from supervise.core.law import Better, IndicatorKind, RequirementKind, Unit
from supervise.core.model import Basis, Scope, Severity
from supervise.core.period import Period
from supervise.record import record


@record(kw_only=True)
class DemandFigure:
    """One policy requirement and whether this bank meets it."""

    id: str
    name: str
    kind: RequirementKind
    status: RequirementStatus
    basis: Basis


@record(kw_only=True)
class IndicatorFigure:
    """One indicator of this bank.

    Attributes:
        value: In base units; None if there is none, for ``reason``.
        why_not: Why it does not apply; empty if it does.
        points: None where it takes no part in the points.
    """

    id: str
    element: str
    name: str
    kind: IndicatorKind
    unit: Unit
    better: Better
    headline: bool
    applies: bool
    why_not: str
    value: Fraction | None
    reason: str | None
    points: Fraction | None
    max: Fraction | None
    low: Fraction | None
    high: Fraction | None
    demands: tuple[DemandFigure, ...]


@record(kw_only=True)
class ElementFigure:
    """Points of one element, scaled to its full maximum."""

    id: str
    name: str
    points: Fraction
    max: Fraction


@record(kw_only=True)
class FindingFigure:
    """How often one check found something at this bank.

    Attributes:
        unanswered: Findings of 需说明 without any explanation.
    """

    check: str
    name: str
    severity: Severity
    n: int
    unanswered: int


@record(kw_only=True)
class CheckFigure:
    """One kind of check and one outcome: how many checks of this bank ended so."""

    scope: Scope
    state: str
    n: int


@record(kw_only=True)
class NotRun:
    """A check that could not be carried out at this bank, wholly or for a part of it."""

    check: str
    name: str
    reason: str


@record(kw_only=True)
class GradeFigure:
    """The grade, or why there is none (``blocked``, ``span``).

    Attributes:
        vetoes: Names of the vetoes that struck.
        near: Names of those that would strike a few points lower.
        official: Everything that the grade rests on is confirmed (standing rule 1).
    """

    id: str = ""
    label: str = ""
    reason: str = ""
    vetoes: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    official: bool = False


@record(kw_only=True)
class PastFigure:
    """What an earlier period came to."""

    period: Period
    total: Fraction
    grade: str


@record(kw_only=True)
class BankFigures:
    """One bank's result for one period, as a region needs it.

    Attributes:
        total: Unrounded; ``low`` to ``high`` is its span.
        open_parts: Scored parts that could not be computed.
        elements: Those of which anything applies to this bank.
        amounts: Sums of the region in base units by definition, ``@year_start`` added for those
            at the beginning of the year; what this bank did not file is left out.
        past: Earlier periods, in any order.
        superseded: A resubmission stands instead; such a filing is only counted.
        rulebook: Version of the law, with the office's overlay if there is one.
    """

    code: str
    name: str
    type: str
    type_name: str
    level: str
    province: str
    province_name: str
    period: Period
    sequence: int
    file: str
    status: Status
    regular: Fraction
    bonus: Fraction
    total: Fraction
    low: Fraction
    high: Fraction
    open_parts: int
    grade: GradeFigure
    elements: tuple[ElementFigure, ...]
    indicators: tuple[IndicatorFigure, ...]
    findings: tuple[FindingFigure, ...]
    checks: tuple[CheckFigure, ...]
    not_run: tuple[NotRun, ...]
    amounts: Mapping[str, Fraction]
    past: tuple[PastFigure, ...] = ()
    superseded: bool = False
    rulebook: str = ""

    @property
    def blocked(self) -> bool:
        """Whether it is out of ranking and distribution (standing rule 12)."""
        return self.status == "blocked"

    def findings_of(self, severity: Severity) -> int:
        """Number of findings of one severity."""
        return sum(f.n for f in self.findings if f.severity == severity)

    @property
    def unanswered(self) -> int:
        """需说明 findings without any explanation."""
        return sum(f.unanswered for f in self.findings)


@record(kw_only=True)
class RefusedFile:
    """A file that could not be read at all."""

    file: str
    code: str
    message: str
    fix: str
