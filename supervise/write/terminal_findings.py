"""The findings as lines for a terminal: the first of each check in full, the rest counted.

At most ``MOST_PER_CHECK`` of a check and ``MOST_SHOWN`` in all are told in full, the gravest
first; a check whose findings are not told is still named with their number, so that what is
shown and what is counted always make up the total.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from supervise.core.model import Finding
from supervise.record import record, replace
from supervise.write.finding_rows import FindingRow, Marks, finding_rows, in_order
from supervise.write.phrases import Phrases
from supervise.write.visible import one_line

if TYPE_CHECKING:
    from supervise.write.terminal import Style

MOST_PER_CHECK = 10
MOST_SHOWN = 60
MOST_OF_NOTES = 80
MOST_CELLS = 4
_TONES = {"blocking": "bad", "explain": "unsure", "advisory": "plain"}
_FIGURES = ("found", "expected", "difference", "tolerance")


@record
class _Group:
    """The findings of one check and severity: how many there are, which are told in full."""

    check: str
    severity: str
    count: int
    told: tuple[Finding, ...]


def finding_lines(say: Phrases, style: Style, marks: Marks) -> Iterator[str]:
    """Totals, then the findings by check, then how to see what is not shown.

    Args:
        say: Wordings with the evaluation.
        style: Colours a text by tone.
        marks: What became of each finding since an earlier filing.
    """
    findings = say.evaluation.findings
    if not findings:
        yield say.words("check.no_findings")
        return
    yield _totals(say, findings)
    groups = _groups(findings)
    told = tuple(finding for group in groups for finding in group.told)
    rows = iter(finding_rows(replace(say.evaluation, findings=told), say.words, marks))
    names = {check.id: check.name for check in say.evaluation.rulebook.checks}
    severity = ""
    for group in groups:
        if group.severity != severity:
            severity = group.severity
            yield _heading(say, severity, findings)
        for finding in group.told:
            yield from _told(say, finding, next(rows), style)
        if group.count > len(group.told):
            yield _counted(say, group, names.get(group.check, ""), style)
    yield _elsewhere(say, len(findings) - len(told))


def _totals(say: Phrases, findings: Sequence[Finding]) -> str:
    severities = [finding.severity for finding in findings]
    line = say.words(
        "check.findings",
        n=len(findings),
        blocking=severities.count("blocking"),
        explain=severities.count("explain"),
        advisory=severities.count("advisory"),
    )
    answered = sum(finding.explanation is not None for finding in findings)
    return line + (say.words("check.findings_answered", n=answered) if answered else "")


def _heading(say: Phrases, severity: str, findings: Sequence[Finding]) -> str:
    return say.words(
        "check.severity_heading",
        word=say.words(f"report.severity.{severity}"),
        n=sum(finding.severity == severity for finding in findings),
        consequence=say.words(f"check.consequence.{severity}"),
    )


def _groups(findings: Sequence[Finding]) -> tuple[_Group, ...]:
    """By severity and check, both gravest and first found first; told while there is room."""
    together: dict[tuple[str, str], list[Finding]] = {}
    for finding in in_order(findings):
        together.setdefault((finding.severity, finding.check), []).append(finding)
    room, groups = MOST_SHOWN, []
    for (severity, check), same in together.items():
        told = tuple(same[: min(MOST_PER_CHECK, room)])
        room -= len(told)
        groups.append(_Group(check, severity, len(same), told))
    return tuple(groups)


def _counted(say: Phrases, group: _Group, name: str, style: Style) -> str:
    """What is not told of a check: its number, and which check unless that was just said."""
    n = group.count - len(group.told)
    if group.told:
        return "    " + say.words("check.more_findings", n=n, check=group.check)
    label = say.words("check.label", word=say.words(f"report.severity.{group.severity}"))
    head = style(f"{label} {group.check}", _TONES[group.severity])
    return f"{head}  " + say.words("check.only_counted", n=n, name=name)


def _elsewhere(say: Phrases, hidden: int) -> str:
    return say.words("check.see_hidden" if hidden else "check.see_list", n=hidden)


def _told(say: Phrases, finding: Finding, row: FindingRow, style: Style) -> Iterator[str]:
    words = say.words
    labels = [words("check.label", word=word) for word in (row.severity_word, row.mark) if word]
    head = style(f"{' '.join(labels)} {row.check}", _TONES[row.severity])
    yield f"{head}  {row.message}"
    if row.cell:
        yield "    " + words("check.finding_cells", cells=_few(say, finding.cells))
    if row.expected:
        yield "    " + _figures(say, row)
    if finding.corrections:
        shown = [words("check.correction", cell=c.cell, value=c.shown) for c in finding.corrections]
        yield "    " + words("check.finding_corrections", corrections=_few(say, shown))
    if finding.score_impact is not None:
        kind = "score_changes" if finding.score_impact else "score_stays"
        yield "    " + words(f"check.{kind}", points=row.score_impact)
    yield "    " + words("check.finding_fix", fix=row.fix)
    yield "    " + words("check.finding_basis", basis=row.basis)
    if row.own_notes:
        yield "    " + words("check.finding_own_notes", text=_beginning(say, row.own_notes))
    if row.explanation:
        yield "    " + words("check.finding_answered", text=row.explanation)


def _beginning(say: Phrases, text: str) -> str:
    left = len(text) - MOST_OF_NOTES
    return say.words("check.cut", text=text[:MOST_OF_NOTES], n=left) if left > 0 else text


def _few(say: Phrases, texts: Sequence[str]) -> str:
    shown = one_line(say.words("report.list_comma").join(texts[:MOST_CELLS]))
    if len(texts) > MOST_CELLS:
        return say.words("check.more_cells", cells=shown, n=len(texts))
    return shown


def _figures(say: Phrases, row: FindingRow) -> str:
    """``填报 0　应为 1　相差 -1　容差 0``, what means nothing left out."""
    parts = [
        say.words(f"check.figure.{name}", text=text)
        for name in _FIGURES
        if (text := getattr(row, name))
    ]
    said = not row.unit or row.unit in row.expected
    unit = "" if said else say.words("check.figure.unit", unit=row.unit)
    line, *rest = parts
    for part in rest:
        line = say.words("check.figure.beside", before=line, after=part)
    return line + unit
