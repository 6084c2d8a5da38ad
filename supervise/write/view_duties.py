"""Policy requirements and 政策落实核查表 → rows of texts."""

from __future__ import annotations

from supervise.core.evaluation import IndicatorResult, RequirementResult
from supervise.core.references import PolicyItem
from supervise.record import record
from supervise.write.phrases import Mark, Phrases, limit_of
from supervise.write.view_headlines import leading

_ORDER = ("duty", "guidance")


@record
class DutyRow:
    """One requirement with what was found."""

    name: str
    indicator: str
    value: str
    demand: str
    status: Mark
    basis: str
    mark: Mark


@record
class DutyGroup:
    """Duties, then guidance."""

    title: str
    remark: str
    rows: tuple[DutyRow, ...]


@record
class PolicyRow:
    """One of the 23 measures with what answers it."""

    number: str
    title: str
    answers: tuple[tuple[str, str, Mark | None], ...]
    note: str


def duty_groups(say: Phrases) -> tuple[DutyGroup, ...]:
    """Requirements that address this bank, duties first."""
    return tuple(
        DutyGroup(
            say.words(f"report.requirement.{kind}.title"),
            say.words(f"report.requirement.{kind}.remark"),
            tuple(
                _duty_row(say, result, requirement)
                for result in say.results
                for requirement in result.requirements
                if requirement.law.kind == kind
            ),
        )
        for kind in _ORDER
    )


def _duty_row(say: Phrases, result: IndicatorResult, requirement: RequirementResult) -> DutyRow:
    return DutyRow(
        name=requirement.law.name,
        indicator=result.law.name,
        value=say.found(requirement, result),
        demand=say.demand(requirement, say.unit(requirement, result)),
        status=say.requirement(requirement),
        basis=say.basis(requirement.law.basis),
        mark=say.provenance(requirement.law.provenance),
    )


def policy_rows(say: Phrases) -> tuple[PolicyRow, ...]:
    """The 23 measures, each once."""
    return tuple(_policy_row(say, item) for item in say.evaluation.rulebook.policy_items)


def _policy_row(say: Phrases, item: PolicyItem) -> PolicyRow:
    note = item.note
    if not item.addressed_to_bank:
        note = note or say.words("report.policy.not_addressed")
    known = [answer for answer in item.answered_by if _stands(say, answer)]
    if len(known) < len(item.answered_by):
        note = note or say.words("report.policy.replaced")
    answers = tuple(_answer(say, answer) for answer in known)
    return PolicyRow(str(item.number), item.title, answers, note)


def _stands(say: Phrases, answer: str) -> bool:
    """Whether the law still has what answers a measure; a province may have replaced it."""
    filed = say.evaluation.submission.facts
    return answer in filed or any(r.law.id == answer.partition(".")[0] for r in say.results)


def _answer(say: Phrases, answer: str) -> tuple[str, str, Mark | None]:
    """Name, value and status of an indicator, a part or a filed item."""
    results = {result.law.id: result for result in say.results}
    indicator, _, part_id = answer.partition(".")
    if indicator not in results:
        return say.name(answer), _filed(say, answer), None
    result = results[indicator]
    for part in result.parts:
        if part.law.id == part_id:
            return part.law.name, say.numbers.value(part.measure.value, part.law.unit), None
    chosen = leading(result)
    status = say.requirement(chosen) if chosen is not None and result.applies else None
    value = say.numbers.value(result.measure.value, result.law.unit, near=limit_of(result))
    return result.law.name, value, status


def _filed(say: Phrases, item: str) -> str:
    fact = say.evaluation.submission.facts.get(item)
    if fact is None:
        return "—"
    return fact.text or say.words("reasons.missing")
