"""Evaluations of one bank side by side 版本比较: values, findings and points that changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from supervise.core.comparing.diff_findings import (
    STATES,
    FindingChange,
    Key,
    compare_findings,
    finding_marks,
)
from supervise.core.comparing.diff_values import (
    RowChange,
    ValueChange,
    changed_rows,
    changed_values,
)
from supervise.core.evaluation import Evaluation
from supervise.record import record


@record
class Figure:
    """Points before and after; None where there are none."""

    id: str
    name: str
    before: Fraction | None
    after: Fraction | None

    @property
    def difference(self) -> Fraction | None:
        """Points more than before; None where one side has none."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@record(kw_only=True)
class Diff:
    """Two versions compared.

    Attributes:
        versions: Everything given, oldest first; the last two are compared.
        score: Total, regular and bonus points, the lowest and the highest total.
        elements: Every element.
        indicators: Indicators whose points differ.
    """

    versions: tuple[Evaluation, ...]
    values: tuple[ValueChange, ...]
    rows: tuple[RowChange, ...]
    findings: tuple[FindingChange, ...]
    score: tuple[Figure, ...]
    elements: tuple[Figure, ...]
    indicators: tuple[Figure, ...]

    @property
    def before(self) -> Evaluation:
        """The older of the two."""
        return self.versions[-2]

    @property
    def after(self) -> Evaluation:
        """The newer of the two."""
        return self.versions[-1]

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each state."""
        told = [change.state for change in self.findings]
        return {state: told.count(state) for state in STATES}

    @property
    def marks(self) -> Mapping[Key, str]:
        """See ``finding_marks``."""
        return finding_marks(self.findings)

    @property
    def backwards(self) -> bool:
        """Whether the newer version was filed before the older one by period or sequence."""
        old, new = self.before.submission, self.after.submission
        return (new.period, new.sequence) < (old.period, old.sequence)


def compare_versions(versions: Sequence[Evaluation]) -> Diff:
    """Compare the last two of several evaluations of one bank.

    Args:
        versions: Two or more, oldest first.

    Raises:
        ValueError: Fewer than two.
    """
    if len(versions) < 2:
        raise ValueError("a comparison needs two versions")
    before, after = versions[-2:]
    forms, earlier = after.rulebook.forms, before.rulebook.forms
    old, new = before.submission, after.submission
    return Diff(
        versions=tuple(versions),
        values=changed_values(old, new, forms, earlier),
        rows=changed_rows(old, new, forms),
        findings=compare_findings(versions),
        score=_score(before, after),
        elements=_elements(before, after),
        indicators=tuple(f for f in _indicators(before, after) if f.before != f.after),
    )


def _score(before: Evaluation, after: Evaluation) -> tuple[Figure, ...]:
    names = ("total", "regular", "bonus", "low", "high")
    old, new = before.score, after.score
    return tuple(Figure(name, name, getattr(old, name), getattr(new, name)) for name in names)


def _elements(before: Evaluation, after: Evaluation) -> tuple[Figure, ...]:
    old = {element.id: element for element in before.elements}
    new = {element.id: element for element in after.elements}
    return tuple(
        Figure(
            name,
            (new.get(name) or old[name]).name,
            old[name].points if name in old else None,
            new[name].points if name in new else None,
        )
        for name in dict.fromkeys((*new, *old))
    )


def _indicators(before: Evaluation, after: Evaluation) -> Iterator[Figure]:
    old = {result.law.id: result for result in before.indicators}
    new = {result.law.id: result for result in after.indicators}
    for name in dict.fromkeys((*new, *old)):
        law = (new.get(name) or old[name]).law
        was = old[name].points if name in old else None
        yield Figure(name, law.name, was, new[name].points if name in new else None)
