"""The conclusion → a few sentences, each from the evaluation, and what is not met."""

from __future__ import annotations

from supervise.write.phrases import Mark, Phrases


def statements(say: Phrases) -> tuple[str, ...]:
    """The conclusion in a few sentences, each from the evaluation."""
    evaluation = say.evaluation
    sentences = [_opening(say), _span_sentence(say), _duties(say), _guidance(say), _checks(say)]
    sentences += [
        say.words("report.conclusion.veto", name=veto.name, basis=say.basis(veto.basis))
        for veto in evaluation.rulebook.vetoes
        if veto.id in evaluation.grade.vetoes
    ]
    if evaluation.kind == "annual" and evaluation.grade.band and evaluation.grade.band.use:
        sentences.append(say.words("report.conclusion.use", use=evaluation.grade.band.use))
    return tuple(s for s in sentences if s)


def _opening(say: Phrases) -> str:
    evaluation = say.evaluation
    key = "blocked" if say.blocked else evaluation.kind if evaluation.grade.band else "ungraded"
    return say.words(
        f"report.conclusion.{key}",
        bank=evaluation.submission.bank.name,
        period=say.numbers.period(evaluation.rulebook.period),
        total=say.numbers.points(evaluation.score.total, say.band_limits()),
        regular=say.numbers.points(evaluation.score.regular, say.band_limits()),
        bonus=say.numbers.points(evaluation.score.bonus),
        grade=evaluation.grade.band.label if evaluation.grade.band else "",
    )


def _span_sentence(say: Phrases) -> str:
    score = say.evaluation.score
    if score.low == score.high:
        return ""
    return say.words(
        "report.conclusion.span",
        n=len(score.not_computable),
        low=say.numbers.points(score.low, say.band_limits()),
        high=say.numbers.points(score.high, say.band_limits()),
    )


def _count(say: Phrases, kind: str) -> dict[str, int]:
    counted = {"met": 0, "unmet": 0, "not_computable": 0, "not_applicable": 0}
    for result in say.results:
        for requirement in result.requirements:
            if requirement.law.kind == kind:
                counted[requirement.status] += 1
    counted["all"] = sum(counted.values()) - counted["not_applicable"]
    return counted


def _duties(say: Phrases) -> str:
    counted = _count(say, "duty")
    return say.words("report.conclusion.duties", **counted) if counted["all"] else ""


def _guidance(say: Phrases) -> str:
    counted = _count(say, "guidance")
    return say.words("report.conclusion.guidance", **counted) if counted["all"] else ""


def _checks(say: Phrases) -> str:
    severities = [finding.severity for finding in say.evaluation.findings]
    if not severities:
        return say.words("report.conclusion.no_findings")
    return say.words(
        "report.conclusion.findings",
        n=len(severities),
        blocking=severities.count("blocking"),
        explain=severities.count("explain"),
        advisory=severities.count("advisory"),
    )


def concerns(say: Phrases) -> tuple[Mark, ...]:
    """What needs attention first: vetoes, unmet duties, owed data."""
    found = [
        Mark(
            say.words(
                "report.conclusion.unmet",
                indicator=result.law.name,
                name=requirement.law.name,
                value=say.found(requirement, result),
                demand=say.demand(requirement, say.unit(requirement, result)),
                basis=say.basis(requirement.law.basis),
            ),
            "bad",
        )
        for result in say.results
        for requirement in result.requirements
        if requirement.status == "unmet" and requirement.law.kind == "duty"
    ]
    return tuple(found)
