"""What the ledger says of banks beside their filings: marks, corrections, stages, objections, 整改.

Read once for a period and a process: a run over thousands of banks asks a handful of queries.
Marks of a file that a run was given go before those that were kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from supervise.core.context import Adjustment, Context, Judgement
from supervise.core.demands import Demand, with_demands
from supervise.core.law import Rulebook
from supervise.core.model import Submission
from supervise.core.objection import Objection
from supervise.core.period import Period, quarters_before
from supervise.core.procedure import BY_MACHINE, Step, stage_of
from supervise.core.world import read_fact
from supervise.pipeline.given import Keeping, ledger_of
from supervise.record import record, replace
from supervise.write.document_indicator import decimal_text

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.later_records import Adjusted, Judged
    from supervise.ledger.ledger import Ledger
    from supervise.pipeline.case import Case

T = TypeVar("T")


@record(kw_only=True)
class Said:
    """All that the ledger says of one bank for one period.

    Attributes:
        judged: The latest mark of each part, withdrawn ones too.
        adjusted: The latest correction of each item, withdrawn ones too.
        steps: With the digest of the submission whose evaluation was signed; in order.
        objections: To this period's evaluation and to earlier ones.
        demands: Of all periods up to this one.
    """

    judged: tuple[Judged, ...] = ()
    adjusted: tuple[Adjusted, ...] = ()
    steps: tuple[tuple[str, Step], ...] = ()
    objections: tuple[Objection, ...] = ()
    demands: tuple[Demand, ...] = ()

    def steps_of(self, submission: str) -> tuple[Step, ...]:
        """Steps over evaluations of one submission: another filing begins anew."""
        return tuple(step for filed, step in self.steps if filed == submission)


NOTHING_SAID = Said()
_READ: WeakKeyDictionary[Ledger, dict[str, Mapping[str, Said]]] = WeakKeyDictionary()


def said_of(keeping: Keeping | None, bank: str, period: str) -> Said:
    """What the ledger of a run says of a bank, as it stood when the process first asked."""
    if keeping is None:
        return NOTHING_SAID
    ledger = ledger_of(keeping.ledger)
    known = _READ.setdefault(ledger, {})
    if period not in known:
        known[period] = all_said(ledger, period)
    return known[period].get(bank, NOTHING_SAID)


def all_said(ledger: Ledger, period: str) -> Mapping[str, Said]:
    """What a ledger says of every bank, by code."""
    from supervise.ledger.later_records import Adjusted, Judged

    found: dict[str, dict[str, Any]] = {}
    for name, kept in (
        ("judged", _grouped(ledger.records(Judged, periods=[period], latest=True))),
        ("adjusted", _grouped(ledger.records(Adjusted, periods=[period], latest=True))),
        ("steps", _steps(ledger, period)),
        ("objections", _objections(ledger, period)),
        ("demands", _inherited(ledger, period, all_demands(ledger, period))),
    ):
        for bank, several in kept.items():
            found.setdefault(bank, {})[name] = tuple(several)
    return {bank: Said(**fields) for bank, fields in found.items()}


def _grouped(pairs: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for bank, one in pairs:
        found.setdefault(bank, []).append(one)
    return found


def _steps(ledger: Ledger, period: str) -> dict[str, list[tuple[str, Step]]]:
    from supervise.ledger.later_records import StageStep
    from supervise.ledger.records import Evaluated

    signed = ledger.records(StageStep, periods=[period])
    banks = {bank for bank, _ in signed}
    evaluated = ledger.records(Evaluated, institutions=banks, periods=[period]) if banks else []
    filed = {(bank, one.document): one.submission for bank, one in evaluated}
    return _grouped((bank, (filed.get((bank, one.digest), ""), _step(one))) for bank, one in signed)


def _step(one: Any) -> Step:
    return Step(stage=one.stage, digest=one.digest, by=one.by, role=one.role, on=one.on)


def _objections(ledger: Ledger, period: str) -> dict[str, list[Objection]]:
    from supervise.ledger.later_records import Objected, ObjectionStep

    latest = {
        (bank, one.period, one.objection): one
        for bank, one in ledger.records(ObjectionStep, latest=True)
    }
    found: list[tuple[str, Objection]] = []
    for bank, one in ledger.records(Objected):
        if Period.parse(one.period) <= Period.parse(period):
            raised = Objection(
                period=one.period, id=one.objection, subject=one.subject, text=one.text, on=one.on
            )
            step: Any = latest.get((bank, one.period, one.objection))
            if step is not None:
                raised = replace(raised, state=step.state, answer=step.text, stated_on=step.on)
            found.append((bank, raised))
    return _grouped(found)


def all_demands(ledger: Ledger, period: str | None = None) -> dict[str, list[Demand]]:
    """Every 整改 demand by bank, as its steps leave it.

    Args:
        ledger: Where to look.
        period: The last one wanted; None: all.
    """
    from supervise.ledger.later_records import Rectification, RectificationStep

    steps: dict[tuple[str, str, str], list[Any]] = {}
    for bank, one in ledger.records(RectificationStep):
        steps.setdefault((bank, one.period, one.rectification), []).append(one)
    found: list[tuple[str, Demand]] = []
    for bank, made in ledger.records(Rectification):
        if period is None or Period.parse(made.period) <= Period.parse(period):
            taken = steps.get((bank, made.period, made.rectification), ())
            found.append((bank, _demand(made, taken)))
    return _grouped(found)


def _demand(made: Any, steps: Iterable[Any]) -> Demand:
    demand = Demand(
        period=made.period,
        id=made.rectification,
        requirement=made.requirement,
        text=made.text,
        due=made.due,
        on=made.on,
    )
    for step in steps:
        demand = replace(
            demand,
            state=step.state,
            evidence=step.evidence,
            due=step.due or demand.due,
            on=step.on,
        )
    return demand


def _inherited(
    ledger: Ledger, period: str, demands: dict[str, list[Demand]]
) -> dict[str, list[Demand]]:
    """With what predecessors owed before they were continued (standing rule 6)."""
    from supervise.ledger.later_records import Succession

    if not demands:
        return demands
    found = {bank: list(several) for bank, several in demands.items()}
    for bank, one in ledger.records(Succession):
        start = Period.parse(one.from_period)
        if start <= Period.parse(period):
            owed = demands.get(one.predecessor, ())
            found.setdefault(bank, []).extend(d for d in owed if Period.parse(d.period) < start)
    return found


# --- what counts in an evaluation -------------------------------------------------------------


def with_kept_marks(context: Context, case: Case, keeping: Keeping | None) -> Context:
    """A context with the marks and corrections that the ledger has and that still fit."""
    filed = case.submission
    said = said_of(keeping, filed.bank.code, str(filed.period))
    return replace(
        context,
        judgements=standing_marks(said, case.rulebook),
        adjustments=standing_corrections(said, filed, case.rulebook),
    )


def with_procedure(context: Context, case: Case, keeping: Keeping | None) -> Context:
    """A context with the objections and the 整改 that the ledger has."""
    filed = case.submission
    said = said_of(keeping, filed.bank.code, str(filed.period))
    earlier = quarters_before(context.history, filed.period)
    shown = {str(filed.period), str(max(earlier)) if earlier else ""}
    told = with_demands(context, filed.period, said.demands) if said.demands else context
    return replace(told, objections=tuple(o for o in said.objections if o.period in shown))


def signed_stage_of(case: Case, keeping: Keeping | None) -> str:
    """The stage of a filing's evaluation as persons signed it."""
    filed = case.submission
    said = said_of(keeping, filed.bank.code, str(filed.period))
    return stage_of(said.steps_of(filed.sha256)) if said.steps else BY_MACHINE


def standing_marks(said: Said, law: Rulebook) -> tuple[Judgement, ...]:
    """Marks that are not withdrawn and that the law still asks for."""
    curves = {(i.id, p.id): p.curve for i in law.indicators for p in i.parts if p.judged}
    found = []
    for one in said.judged:
        curve = curves.get((one.indicator, one.part))
        if one.points is None or curve is None:
            continue
        points = Fraction(one.points)
        if curve.low <= points <= curve.high:
            found.append(Judgement(one.indicator, one.part, points, one.by, one.reason, one.on))
    return tuple(found)


def standing_corrections(said: Said, filed: Submission, law: Rulebook) -> tuple[Adjustment, ...]:
    """Corrections that are not withdrawn, of figures that are filed as when they were corrected."""
    found = []
    for one in said.adjusted:
        fact = filed.facts.get(one.item)
        value = read_fact(fact) if fact is not None else None
        before = value if isinstance(value, Fraction) else None
        known = Fraction(one.filed) if one.filed is not None else None
        same = decimal_text(before) == decimal_text(known)
        if one.adjusted is not None and same and one.item in law.forms.items:
            told = (Fraction(one.adjusted), one.reason, one.evidence, one.by, one.on)
            found.append(Adjustment(one.item, before, *told))
    return tuple(found)
