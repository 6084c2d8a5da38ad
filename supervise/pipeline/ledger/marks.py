"""What the ledger says of banks beside their filings: marks, corrections, stages, objections, 整改.

Read once for a period and a process: a run over thousands of banks asks a handful of queries.
Marks of a file that a run was given go before those that were kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

from supervise.core.context import Adjustment, Context, Judgement
from supervise.core.demands import Demand, with_demands
from supervise.core.law import Rulebook
from supervise.core.objection import Objection
from supervise.core.period import Period, quarters_before
from supervise.core.procedure import Step, stage_of
from supervise.record import record, replace

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.later_records import Adjusted, Judged
    from supervise.ledger.ledger import Ledger

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


def all_said(ledger: Ledger, period: str) -> Mapping[str, Said]:
    """What a ledger says of every bank, by code."""
    from supervise.ledger.later_records import Adjusted, Judged

    found: dict[str, dict[str, Any]] = {}
    for name, kept in (
        ("judged", _grouped(ledger.records(Judged, periods=[period], latest=True))),
        ("adjusted", _grouped(ledger.records(Adjusted, periods=[period], latest=True))),
        ("steps", steps_kept(ledger, period)),
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


def steps_kept(ledger: Ledger, period: str) -> dict[str, list[tuple[str, Step]]]:
    """By bank the steps of a period, each with the digest of the submission that it is about."""
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


def with_kept(context: Context, law: Rulebook, said: Said, *, demands: bool = True) -> Context:
    """A context with what the ledger says that still fits the law.

    Args:
        context: Of one bank, its history and the words of this run in it.
        law: By which it is judged.
        said: What the ledger says of it.
        demands: With what was demanded; a draft of opinions is made without.
    """
    if said is NOTHING_SAID:
        return context
    now = law.period
    earlier = quarters_before(context.history, now)
    shown = {str(now), str(max(earlier)) if earlier else ""}
    told = with_demands(context, now, said.demands) if demands and said.demands else context
    return replace(
        told,
        judgements=_standing_marks(said, law),
        adjustments=tuple(_standing_corrections(said, law)),
        objections=tuple(o for o in said.objections if o.period in shown),
    )


def signed_stage_of(said: Said, submission: str) -> str:
    """The stage of a filing's evaluation as persons signed it."""
    return stage_of(said.steps_of(submission))


def digest_of_procedure(said: Said) -> str:
    """What a result rests on besides marks and words: steps, objections, demands."""
    return repr((said.steps, said.objections, said.demands))


def _standing_marks(said: Said, law: Rulebook) -> tuple[Judgement, ...]:
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


def _standing_corrections(said: Said, law: Rulebook) -> Iterator[Adjustment]:
    """Corrections that are not withdrawn, beside the figure that they corrected."""
    for one in said.adjusted:
        if one.adjusted is not None and one.item in law.forms.items:
            filed = Fraction(one.filed) if one.filed is not None else None
            told = (Fraction(one.adjusted), one.reason, one.evidence, one.by, one.on)
            yield Adjustment(one.item, filed, *told)
