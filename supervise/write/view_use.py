"""结果运用 → texts: what an annual grade leads to, or why there is nothing to say."""

from __future__ import annotations

from supervise.record import record
from supervise.write.phrases import Mark, Phrases


@record(kw_only=True)
class UseOfResult:
    """The section.

    Attributes:
        line: One line instead of all else; empty where a grade has a use.
        mark: How sure we are of the band and of its use.
    """

    line: str
    grade: str = ""
    use: str = ""
    basis: str = ""
    mark: Mark | None = None
    remark: str = ""


def use_of_result(say: Phrases) -> UseOfResult:
    """What the method says of a bank with this grade; monitoring runs have no use."""
    evaluation = say.evaluation
    band = evaluation.grade.band
    if evaluation.kind != "annual":
        return UseOfResult(line=say.words("report.use.monitoring"))
    if band is None or not band.use:
        return UseOfResult(line=say.words("report.use.none"))
    return UseOfResult(
        line="",
        grade=band.label,
        use=band.use,
        basis=say.basis(evaluation.rulebook.grades_basis),
        mark=say.provenance(band.provenance),
        remark="" if evaluation.grade.official else say.words("report.use.trial"),
    )
