"""An evaluation as text for a terminal: may I file, what is wrong, where does the score stand.

Wide characters count two columns. Colour is the caller's affair (``style``), so that pipes and
files stay plain.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence

from supervise.core.evaluation import Evaluation
from supervise.core.model import Finding
from supervise.errors import SuperviseError
from supervise.write.numbers import Words
from supervise.write.phrases import Phrases
from supervise.write.view_headlines import headlines

Style = Callable[[str, str], str]
MOST_PER_CHECK = 20
MOST_CELLS = 4
_TONES = {"blocking": "bad", "explain": "unsure", "advisory": "plain"}
_STATUS_TONES = {"passed": "good", "needs_explanation": "unsure"}


def plain(text: str, tone: str) -> str:
    """No colour at all."""
    return text


def width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def padded(text: str, columns: int) -> str:
    """A text filled up with spaces to a number of columns."""
    return text + " " * max(columns - width(text), 0)


def aligned(rows: Sequence[Sequence[str]], indent: str = "  ") -> Iterator[str]:
    """Rows of texts in columns as wide as their widest cell."""
    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]))] if rows else []
    for row in rows:
        cells = [padded(cell, columns) for cell, columns in zip(row, widths, strict=True)]
        yield (indent + "  ".join(cells)).rstrip()


def check_text(evaluation: Evaluation, words: Words, style: Style = plain) -> str:
    """What a clerk reads after ``supervise check``.

    Args:
        evaluation: The bank's own pre-check.
        words: Wordings of the language.
        style: Colours a text by tone (good, bad, unsure, plain).
    """
    say = Phrases(evaluation, words, "bank")
    lines = [_title(say), "", *_verdict(say, style), ""]
    lines += list(_findings(say, style))
    lines += [words("check.headlines"), *_headline_lines(say, style), ""]
    lines += list(_score(say))
    return "\n".join(lines) + "\n"


def refusal_text(file: str, error: SuperviseError, words: Words, style: Style = plain) -> str:
    """What a clerk reads when the file cannot be read."""
    verdict = words("check.verdict", text=words("check.may_file.refused"))
    return "\n".join([file, style(verdict, "bad"), *error_lines(error)]) + "\n"


def error_lines(error: SuperviseError) -> list[str]:
    """A message in its four parts, one line each, empty parts left out."""
    parts = (
        ("", error.what),
        ("位置　", error.where),
        ("应为　", error.expected),
        ("处理　", error.fix),
    )
    lines = [f"  {label}{text}" for label, text in parts if text]
    lines[0] += f"（{error.code}）"
    return [line.replace("\n", "\n  ") for line in lines]


def _title(say: Phrases) -> str:
    filed = say.evaluation.submission
    return say.words(
        "check.title",
        name=filed.bank.name,
        code=filed.bank.code,
        period=say.numbers.period(filed.period),
        mark=say.words(f"report.mark.{'monitoring' if _monitoring(say) else 'trial'}"),
    )


def _monitoring(say: Phrases) -> bool:
    return say.evaluation.kind == "monitoring"


def _verdict(say: Phrases, style: Style) -> Iterator[str]:
    status = say.evaluation.status
    text = say.words("check.verdict", text=say.words(f"check.may_file.{status}"))
    yield style(text, _STATUS_TONES.get(status, "bad"))
    states = [state.state for state in say.evaluation.states]
    counts = {name: states.count(name) for name in ("passed", "failed", "vacuous")}
    line = say.words("check.coverage", **counts)
    if n := states.count("no_predecessor"):
        line += say.words("check.coverage_predecessor", n=n)
    if n := states.count("not_evaluated"):
        line += say.words("check.coverage_open", n=n)
    yield line


def _findings(say: Phrases, style: Style) -> Iterator[str]:
    findings = say.evaluation.findings
    if not findings:
        yield say.words("check.no_findings")
        yield ""
        return
    severities = [f.severity for f in findings]
    yield say.words(
        "check.findings",
        n=len(findings),
        blocking=severities.count("blocking"),
        explain=severities.count("explain"),
        advisory=severities.count("advisory"),
    )
    for severity in ("blocking", "explain", "advisory"):
        by_check: dict[str, list[Finding]] = {}
        for finding in findings:
            if finding.severity == severity:
                by_check.setdefault(finding.check, []).append(finding)
        for same in by_check.values():
            for finding in same[:MOST_PER_CHECK]:
                yield from _finding(say, finding, style)
            if len(same) > MOST_PER_CHECK:
                yield "  " + say.words("check.more_findings", n=len(same) - MOST_PER_CHECK)
    yield ""


def _finding(say: Phrases, finding: Finding, style: Style) -> Iterator[str]:
    words = say.words
    label = words(f"report.severity.{finding.severity}")
    yield style(f"[{label}] {finding.check}", _TONES[finding.severity]) + f"  {finding.message}"
    if finding.cells:
        cells = words("report.list_comma").join(finding.cells[:MOST_CELLS])
        if len(finding.cells) > MOST_CELLS:
            cells = words("check.more_cells", cells=cells, n=len(finding.cells))
        yield "    " + words("check.finding_cells", cells=cells)
    if finding.expected:
        yield "    " + words(
            "check.finding_figures",
            found=finding.found,
            expected=finding.expected,
            difference=finding.difference,
            tolerance=finding.tolerance,
        )
    yield "    " + words("check.finding_fix", fix=finding.fix)
    yield "    " + words("check.finding_basis", basis=say.basis(finding.basis))
    if finding.explanation is not None:
        yield "    " + words("check.finding_answered", text=finding.explanation.text)


def _headline_lines(say: Phrases, style: Style) -> Iterator[str]:
    shown = headlines(say)
    rows = [(h.name, h.value or h.note, h.demand, h.status.text) for h in shown]
    for headline, line in zip(shown, aligned(rows), strict=True):
        text = headline.status.text
        head = line[: len(line) - len(text)] if line.endswith(text) else line
        yield head + (style(text, headline.status.tone) if line.endswith(text) else "")


def _score(say: Phrases) -> Iterator[str]:
    words, evaluation = say.words, say.evaluation
    score, near = evaluation.score, say.band_limits()
    line = words(
        "check.score",
        total=say.numbers.points(score.total, near),
        regular=say.numbers.points(score.regular, near),
        bonus=say.numbers.points(score.bonus),
    )
    if score.low != score.high:
        line += words("check.span", span=say.span(score.low, score.high))
    yield line
    graded = evaluation.grade
    grade = graded.band.label if graded.band else words(f"report.verdict.none_{graded.reason}")
    yield words("check.grade" if _monitoring(say) else "check.grade_annual", grade=grade)
    if score.not_computable:
        names = words("report.list_comma").join(say.name(n) for n in score.not_computable)
        yield words("check.open_parts", n=len(score.not_computable), names=names)
    for result in evaluation.forecast:
        points, most = say.numbers.points(result.points), say.numbers.short(result.max)
        yield words("check.forecast", name=result.law.name, points=points, max=most)
    law = evaluation.rulebook
    overlay = words("check.overlay", name=law.overlay) if law.overlay else ""
    yield words(
        "check.scope",
        scope=words(f"report.scope.{law.bill_scope}"),
        version=law.version,
        digest=law.digest[:12],
        overlay=overlay,
    )
    if evaluation.unconfirmed:
        yield words("check.unconfirmed", n=len(evaluation.unconfirmed))
