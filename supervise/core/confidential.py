"""What a bank may read: its own evaluation without names of people (domain rules, section 5).

Contacts of the cover sheet and whoever signed an explanation can come back in the text of a
finding; an examiner's name can stand in the reason for a mark. Both are taken out of the bank's
copy of a supervisor's run. A bank's own check shows the bank what it typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from supervise.core.context import Adjustment, Judgement
from supervise.core.evaluation import Evaluation, IndicatorResult
from supervise.core.model import Finding, Submission
from supervise.core.supervision import LEFT_OUT
from supervise.record import replace

CONTACTS = ("COVER_prepared_by", "COVER_reviewed_by", "COVER_responsible", "COVER_phone")
SIGNED = ("XW8_by",)
OBJECTED = ("subject", "text", "answer")
_SELF = "self"
_SHORTEST_NAME, _LONGEST_NAME, _SHORTEST_NUMBER = 2, 20, 7
T = TypeVar("T")
Signed = TypeVar("Signed", Judgement, Adjustment)


def seen_by(evaluation: Evaluation, audience: str) -> Evaluation:
    """The evaluation as an audience may read it.

    Args:
        evaluation: The result.
        audience: ``bank`` or ``internal``.
    """
    if audience != "bank" or evaluation.stage == _SELF:
        return evaluation
    hidden = hidden_in(evaluation)
    kept = {cell: hidden.text(text) for cell, text in evaluation.submission.reference.items()}
    return replace(
        evaluation,
        submission=replace(evaluation.submission, reference=kept),
        findings=tuple(hidden.finding(f) for f in evaluation.findings),
        indicators=tuple(hidden.indicator(r) for r in evaluation.indicators),
        adjustments=tuple(hidden.signed(a) for a in evaluation.adjustments),
        rectification=tuple(hidden.texts(i, "evidence") for i in evaluation.rectification),
        objections=tuple(hidden.texts(o, *OBJECTED) for o in evaluation.objections),
    )


def hidden_in(evaluation: Evaluation) -> Hidden:
    """What takes the people of one evaluation out of texts."""
    names = {*contacts_of(evaluation.submission), *examiners(evaluation)}
    return Hidden(tuple(sorted(names, key=lambda name: (-len(name), name))))


def contacts_of(filed: Submission) -> tuple[str, ...]:
    """People and telephone numbers that a submission names."""
    facts = [filed.facts[item] for item in CONTACTS if item in filed.facts]
    facts += [row[item] for rows in filed.tables.values() for row in rows for item in SIGNED
              if item in row]  # fmt: skip
    return tuple(dict.fromkeys(text for fact in facts for text in _named(fact.text)))


def _named(text: str) -> Iterator[str]:
    """A cell's text where it can be a name or a number, and not any word or figure."""
    text = text.strip()
    digits = any(c.isdigit() for c in text)
    shortest = _SHORTEST_NUMBER if digits else _SHORTEST_NAME
    if shortest <= len(text) <= _LONGEST_NAME:
        yield text


def examiners(evaluation: Evaluation) -> Iterator[str]:
    """Names of those who signed the marks and corrections that count."""
    for adjustment in evaluation.adjustments:
        yield from _named(adjustment.by)
    for result in evaluation.indicators:
        for part in result.parts:
            if part.supervisor is not None:
                yield from _named(part.supervisor.by)


class Hidden:
    """Takes names out of texts; longer names go first."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names

    def text(self, text: str) -> str:
        """A text without the names."""
        for name in self._names:
            text = text.replace(name, LEFT_OUT)
        return text

    def texts(self, value: T, *fields: str) -> T:
        """A record whose named texts are without the names."""
        told = {name: getattr(value, name) for name in fields}
        mended = {name: self.text(text) for name, text in told.items()}
        return value if mended == told else replace(value, **mended)

    def everywhere(self, value: Any) -> Any:
        """A value of a JSON document whose texts are without the names."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.everywhere(each) for each in value]
        if isinstance(value, dict):
            return {key: self.everywhere(each) for key, each in value.items()}
        return value

    def signed(self, said: Signed) -> Signed:
        """A mark or a correction with its reason and evidence; who gave it is the writer's."""
        fields = [name for name in ("reason", "evidence") if hasattr(said, name)]
        return self.texts(said, *fields)

    def finding(self, finding: Finding) -> Finding:
        """A finding with its figures and its answer."""
        found = self.texts(finding, "message", "fix", "found", "expected")
        told = finding.explanation
        return found if told is None else replace(found, explanation=self.texts(told, "text"))

    def indicator(self, result: IndicatorResult) -> IndicatorResult:
        """An indicator with the reasons for its marks."""
        if all(part.supervisor is None for part in result.parts):
            return result
        parts = tuple(
            part if part.supervisor is None
            else replace(part, supervisor=self.signed(part.supervisor))
            for part in result.parts
        )  # fmt: skip
        return replace(result, parts=parts)


NOBODY = Hidden(())
