"""Nouns of the law: checks, indicators, requirements, scores, grades, and the rulebook.

A ``Rulebook`` is all the law at one period for one bank type and province, already resolved
from dated entries. Pure values: ``read/rulebook.py`` fills them from ``supervise/rulebook/``.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Literal

from supervise.core.derived import Settleable
from supervise.core.diagnosis import Diagnosis
from supervise.core.driver import Driver
from supervise.core.formula import Expression
from supervise.core.layout import FormSet
from supervise.core.model import Basis, Provenance, Scope, Severity
from supervise.core.period import Period
from supervise.core.references import BankType, PeerReference, PolicyItem, Source
from supervise.record import field, record

Unit = Literal["ratio", "pp", "bp", "yuan", "count", "flag", "days"]
Better = Literal["higher", "lower", "band"]
IndicatorKind = Literal["regular", "bonus", "monitored"]
RequirementKind = Literal["duty", "guidance"]
EMPTY: Mapping[str, Any] = MappingProxyType({})


@record
class Check(Settleable):
    """One check 校核关系; an entry with variables stands for all their combinations.

    Attributes:
        holds: What must be true; a comparison gives found (left) and expected (right).
        given: Condition under which the check applies; None: always.
        rows_of: Open table that the check runs over, row by row; empty: once per binding.
        bindings: One mapping of variables per instance; names in ``holds`` may contain
            ``{variable}``.
        tolerance: ``none``; ``rounding``: half the last digit for every figure on either side,
            (n + 1) halves where n figures are added up to one; or an exact amount in base
            units as text.
        needs: Earlier evaluation that the check compares with: ``predecessor`` (the quarter
            before), ``year_start``, ``year_ago`` or ``last_year``; empty: none.
        diagnosis: The shared mistake that the engine looks for; None: no such check.
    """

    id: str
    name: str
    severity: Severity
    scope: Scope
    holds: Expression | None
    given: Expression | None
    message: str
    fix: str
    basis: Basis
    provenance: Provenance
    tolerance: str = "none"
    bindings: tuple[Mapping[str, str], ...] = ({},)
    rows_of: str = ""
    needs: str = ""
    implies: tuple[str, ...] = ()
    why: str = ""
    diagnosis: Diagnosis | None = None


@record
class Case:
    """``points`` if ``when`` holds; ``when`` None: otherwise."""

    when: Expression | None
    points: Expression
    provenance: Provenance
    label: str = ""


@record
class Deduction:
    """Points that replace a part's own when ``when`` holds in an annual run (the worst wins)."""

    when: Expression
    points: Fraction
    provenance: Provenance
    label: str = ""


@record
class Curve:
    """Value to points 评分规则: the first case that holds, kept between ``low`` and ``high``."""

    high: Fraction
    low: Fraction
    cases: tuple[Case, ...]
    deductions: tuple[Deduction, ...]
    provenance: Provenance
    basis: Basis


@record
class PartLaw:
    """One measured and perhaps scored part of an indicator.

    Attributes:
        value: Formula of the part's value; None for a purely judged part.
        base: What the value is compared with (``base`` in the curve); None if nothing.
        curve: None for a part that is shown and not scored.
        judged: A qualitative part (standing rule 10): ``self_item`` holds the bank's own score.
        applies: The part's own condition; None: with its indicator.
        annual_only: Left out of both sides in a monitoring run.
        advisable: Whether advice may speak of it (standing rule 13), naming its ``driver``.
    """

    id: str
    name: str
    unit: Unit
    better: Better
    value: Expression | None
    base: Expression | None
    curve: Curve | None
    judged: bool = False
    self_item: str = ""
    applies: Expression | None = None
    annual_only: bool = False
    advisable: bool = False
    driver: Driver | None = None


@record
class Requirement:
    """A policy requirement 政策要求, separate from the score (standing rule 3).

    Attributes:
        test: ``at_least``, ``at_most`` or ``holds``.
        value: What is tested; the indicator's value by default. With ``holds`` the condition.
        limit: The limit when ``test`` is not ``holds``.
        applies: Whether this bank type is addressed.
        mend: What a bank is to do where it is unmet, as a supervisor would write it; prose.
    """

    id: str
    name: str
    kind: RequirementKind
    test: Literal["at_least", "at_most", "holds"]
    value: Expression
    limit: Expression | None
    applies: bool
    applies_when: Expression | None
    basis: Basis
    provenance: Provenance
    mend: str = ""


@record
class Indicator:
    """A supervisory indicator 监管指标, one file of the rulebook.

    ``memo`` is the same value in the other scope of bills (standing rule 5).
    """

    id: str
    element: str
    name: str
    kind: IndicatorKind
    unit: Unit
    better: Better
    headline: bool
    what: str
    why: str
    value: Expression | None
    value_text: str
    parts: tuple[PartLaw, ...]
    requirements: tuple[Requirement, ...]
    levels: tuple[str, ...]
    applies: bool
    applies_when: Expression | None
    annual_only: bool
    provenance: Provenance
    basis: Basis
    remark: str = ""
    memo: Expression | None = None


@record
class Element:
    """One of the six elements 评价要素, or the bonus.

    Attributes:
        order: Its indicators as the annex lists them; any other follows by id.
    """

    id: str
    name: str
    max: Fraction
    provenance: Provenance
    order: tuple[str, ...] = ()


@record
class Band:
    """Grade for totals in [at_least, next band)."""

    id: str
    label: str
    at_least: Fraction
    provenance: Provenance
    use: str


@record
class Veto:
    """``grade`` whatever the total when ``when`` holds; may name ``regular`` and ``total``."""

    id: str
    name: str
    when: Expression
    grade: str
    basis: Basis
    provenance: Provenance


@record
class Parameter:
    """A dated value of the law that formulas name; None: unset by the regulator so far."""

    id: str
    name: str
    unit: str
    value: Fraction | str | None
    provenance: Provenance
    basis: Basis


@record(kw_only=True)
class Rulebook:
    """All the law for one period, bank type and province.

    Attributes:
        version: Version of the shipped law.
        digest: SHA-256 of the resolved law: formulas, curves, limits, checks, layouts, basis,
            provenance; no prose.
        overlay: Name of the office's overlay, None for the shipped law alone.
        definitions: Shared named formulas such as ``inclusive_balance``.
        standing_rules: Number to text of the standing rules 1–13.
        benchmarks: Context series for charts, never a threshold.
        wording: What the core itself says, from the Chinese in the code to the language of the
            law; empty: Chinese.
        articles: How articles read in the language of the law; what identifies a basis stays
            as the instrument has it.
    """

    version: str
    digest: str
    overlay: str | None
    period: Period
    bank_type: BankType
    province: str
    province_name: str
    forms: FormSet
    sources: Mapping[str, Source]
    checks: tuple[Check, ...]
    elements: tuple[Element, ...]
    indicators: tuple[Indicator, ...]
    definitions: Mapping[str, Expression]
    parameters: Mapping[str, Parameter]
    peer_references: tuple[PeerReference, ...]
    bands: tuple[Band, ...]
    vetoes: tuple[Veto, ...]
    bonus_cap: Fraction
    grades_provenance: Provenance
    policy_items: tuple[PolicyItem, ...]
    bank_types: Mapping[str, BankType] = field(default_factory=lambda: EMPTY)
    standing_rules: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    benchmarks: tuple[Mapping[str, Any], ...] = ()
    notices: tuple[str, ...] = ()
    grades_basis: Basis = Basis("")
    wording: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    articles: Mapping[str, str] = field(default_factory=lambda: EMPTY)

    def say(self, text: str) -> str:
        """A text of the core, or a token of a drop-down, in the language of the law."""
        return self.wording.get(text, text)

    def article(self, basis: Basis) -> str:
        """The article of a basis for people."""
        return self.articles.get(basis.article, basis.article)

    @property
    def bill_scope(self) -> str:
        """``ex_bills`` or ``with_bills`` (standing rule 5)."""
        return str(self.parameters["bill_scope"].value)
