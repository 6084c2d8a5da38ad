"""存在问题与监管意见 → rows of texts, and the same for the evaluation document.

What is generated states facts with their figures and one thing to do; a supervisor's own words
stand in its place where there are any. The bank's copy has what counts and no draft of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from supervise.core.opinions import (
    NO_DUE,
    Opinion,
    OpinionKind,
    closed_ids,
    due_of,
    edit_of,
    opinions_of,
)
from supervise.core.supervision import AddedOpinion
from supervise.record import record, replace
from supervise.write.document_indicator import basis_document
from supervise.write.phrases import Mark, Phrases, Tone

ADDED = "added"
DAYS = "rectification_days"
_TONES: dict[str, Tone] = {
    "refile": "bad", "mend": "bad", "rectify": "bad", "explain": "unsure",
    "suggest": "plain", ADDED: "unsure",
}  # fmt: skip


@record(kw_only=True)
class Draft:
    """What is generated about one thing, in words.

    Attributes:
        problem: The facts.
        text: What to do.
    """

    problem: str
    text: str


@record(kw_only=True)
class OpinionRow:
    """One opinion as the report prints it.

    Attributes:
        number: From 1 on in the order printed; empty for one that is left out.
        due: When it is to be mended, in words; empty where guidance knows no 整改.
        cited: The check behind it, for whoever reads the report; of all else in the internal copy.
        draft: What was generated, where the supervisor worded it otherwise; internal.
        dropped: Why it is left out; internal.
    """

    id: str
    number: str
    kind: str
    mark: Mark
    problem: str
    text: str
    basis: str
    due: str
    source: str
    cited: str = ""
    draft: str = ""
    dropped: str = ""


@record(kw_only=True)
class Opinions:
    """The section.

    Attributes:
        remark: What the section rests on, or why duties are not in it.
        dropped: What is left out with the reasons, in the internal copy only.
    """

    overall: str
    rows: tuple[OpinionRow, ...]
    remark: str
    note: str = ""
    dropped: tuple[OpinionRow, ...] = ()


def opinions(say: Phrases) -> Opinions:
    """Every opinion that stands, numbered, the gravest first."""
    kept = [_numbered(row, n) for n, row in enumerate(_kept(say), 1)]
    internal = say.audience == "internal"
    edits = say.evaluation.edits
    return Opinions(
        overall=edits.overall,
        rows=tuple(kept),
        remark=say.words("report.opinions.blocked" if say.blocked else "report.opinions.remark"),
        note=edits.note if internal else "",
        dropped=tuple(_dropped(say)) if internal else (),
    )


def opinions_document(say: Phrases) -> dict[str, Any]:
    """The same for the evaluation document; the internal copy also has what was generated."""
    shown = opinions(say)
    known = {opinion.id: opinion for opinion in opinions_of(say.evaluation)}
    told: dict[str, Any] = {
        "overall": shown.overall or None,
        "items": [_document(say, row, known.get(row.id)) for row in shown.rows],
    }
    if say.audience == "internal":
        told["note"] = shown.note or None
        told["dropped"] = [_document(say, row, known.get(row.id)) for row in shown.dropped]
    return told


def drafted(say: Phrases, opinion: Opinion) -> Draft:
    """What is generated about one thing."""
    if opinion.requirement is not None:
        return _of_requirement(say, opinion)
    if opinion.kind == "refile":
        checks = {finding.check for finding in opinion.findings}
        count = {"n": len(opinion.findings), "checks": len(checks)}
        return Draft(
            problem=say.words("report.opinions.refile.problem", **count),
            text=say.words("report.opinions.refile.text", **count),
        )
    return _of_check(say, opinion)


def _of_check(say: Phrases, opinion: Opinion) -> Draft:
    """The first finding of a check speaks for all; a rejected answer is quoted."""
    first = opinion.findings[0]
    told = first.explanation
    rejected = told is not None and told.state == "rejected"
    key = "rejected" if rejected else opinion.kind
    answer = told.text if told is not None else ""
    problem = say.words(f"report.opinions.{key}.problem", message=first.message, answer=answer)
    more = len(opinion.findings) - 1
    if more:
        problem += say.words("report.opinions.more", n=more)
    return Draft(problem=problem, text=say.words(f"report.opinions.{key}.text", fix=first.fix))


def _of_requirement(say: Phrases, opinion: Opinion) -> Draft:
    result, requirement = opinion.result, opinion.requirement
    assert result is not None
    assert requirement is not None
    law = requirement.law
    named = {
        "indicator": result.law.name,
        "name": law.name,
        "value": say.found(requirement, result),
        "demand": say.demand(requirement, say.unit(requirement, result)),
    }
    test = "holds" if law.test == "holds" else "figure"
    problem = say.words(f"report.opinions.{opinion.kind}.problem_{test}", **named)
    if opinion.kind == "rectify" and law.mend:
        return Draft(problem=problem, text=law.mend)
    return Draft(
        problem=problem, text=say.words(f"report.opinions.{opinion.kind}.text_{test}", **named)
    )


def _kept(say: Phrases) -> Iterator[OpinionRow]:
    closed = closed_ids(say.evaluation)
    for opinion in opinions_of(say.evaluation):
        edit = edit_of(say.evaluation.edits, opinion.id)
        if opinion.id not in closed and (edit is None or not edit.drop):
            yield _row(say, opinion)
    for added in say.evaluation.edits.added:
        yield _added_row(say, added)


def _dropped(say: Phrases) -> Iterator[OpinionRow]:
    for opinion in opinions_of(say.evaluation):
        edit = edit_of(say.evaluation.edits, opinion.id)
        if edit is not None and edit.drop:
            yield _row(say, opinion)


def _row(say: Phrases, opinion: Opinion) -> OpinionRow:
    edit = edit_of(say.evaluation.edits, opinion.id)
    draft = drafted(say, opinion)
    reworded = edit.text if edit is not None else ""
    internal = say.audience == "internal"
    return OpinionRow(
        id=opinion.id,
        number="",
        kind=opinion.kind,
        mark=kind_mark(say, opinion.kind),
        problem=draft.problem,
        text=reworded or draft.text,
        basis=say.basis(opinion.basis),
        due="" if opinion.kind in NO_DUE else due_text(say, due_of(say.evaluation, opinion.id)),
        source=opinion.source,
        cited=opinion.source if internal or opinion.findings else "",
        draft=draft.text if reworded and internal else "",
        dropped=edit.drop if edit is not None and internal else "",
    )


def _added_row(say: Phrases, added: AddedOpinion) -> OpinionRow:
    return OpinionRow(
        id=added.id,
        number="",
        kind=ADDED,
        mark=kind_mark(say, ADDED),
        problem=added.problem or "—",
        text=added.text,
        basis=added.basis,
        due=due_text(say, due_of(say.evaluation, added.id)),
        source=added.id,
    )


def _numbered(row: OpinionRow, number: int) -> OpinionRow:
    return replace(row, number=str(number))


def kind_mark(say: Phrases, kind: OpinionKind | str) -> Mark:
    """重报, 更正, 整改, 说明, 建议关注 or 监管补充."""
    return Mark(say.words(f"report.opinions.kind.{kind}"), _TONES[kind])


def due_text(say: Phrases, due: str) -> str:
    """A day that a supervisor set, the days that the law gives, or who is to set it."""
    if due:
        return say.words("report.opinions.due.by", day=say.numbers.day(date.fromisoformat(due)))
    days = due_days(say)
    if days is not None:
        return say.words("report.opinions.due.within", n=say.numbers.short(days))
    return say.words("report.opinions.due.unset")


def due_days(say: Phrases) -> Fraction | None:
    """Days from receipt of the report that the law gives; None: it gives none."""
    parameter = say.evaluation.rulebook.parameters.get(DAYS)
    value = parameter.value if parameter is not None else None
    return value if isinstance(value, Fraction) else None


def _document(say: Phrases, row: OpinionRow, opinion: Opinion | None) -> dict[str, Any]:
    due = due_of(say.evaluation, row.id)
    days = due_days(say) if row.due and not due else None
    told: dict[str, Any] = {
        "number": int(row.number) if row.number else None,
        "id": row.id,
        "kind": row.kind,
        "problem": row.problem,
        "text": row.text,
        "basis": basis_document(opinion.basis) if opinion is not None else None,
        "basis_text": row.basis,
        "due": due or None,
        "due_days": int(days) if days is not None else None,
        "source": row.source,
    }
    if say.audience == "internal":
        told |= {"generated": row.draft or None, "dropped": row.dropped or None}
    return told
