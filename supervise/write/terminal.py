"""An evaluation as text for a terminal: may I file, what is wrong, where does the score stand.

Wide characters count two columns. Colour is the caller's affair (``style``), so that pipes and
files stay plain.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence

from supervise.core.evaluation import Evaluation
from supervise.core.period import Period
from supervise.errors import SuperviseError
from supervise.write.finding_rows import NO_MARKS, Marks
from supervise.write.numbers import Words
from supervise.write.phrases import Phrases
from supervise.write.terminal_findings import finding_lines
from supervise.write.view_headlines import headlines
from supervise.write.visible import one_line

Style = Callable[[str, str], str]
MOST_BROKEN = 5
_BROKEN = ("not_evaluated", "failed")
MOST_TARGETS = 8
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


def check_text(
    evaluation: Evaluation, words: Words, style: Style = plain, marks: Marks = NO_MARKS
) -> str:
    """What a clerk reads after ``supervise check``.

    Args:
        evaluation: The bank's own pre-check.
        words: Wordings of the language.
        style: Colours a text by tone (good, bad, unsure, plain).
        marks: What became of each finding since an earlier filing, by check and first cell.
    """
    say = Phrases(evaluation, words, "bank")
    lines = [_title(say), "", *_verdict(say, style), ""]
    lines += [*finding_lines(say, style, marks), ""]
    lines += [words("check.headlines"), *_headline_lines(say, style), ""]
    lines += [*_score(say), *_targets(say)]
    return "\n".join(lines) + "\n"


def refusal_text(file: str, error: SuperviseError, words: Words, style: Style = plain) -> str:
    """What a clerk reads when the file cannot be read."""
    verdict = words("check.verdict", text=words("check.may_file.refused"))
    return "\n".join([one_line(file), style(verdict, "bad"), *error_lines(error, words)]) + "\n"


def error_lines(error: SuperviseError, words: Words) -> list[str]:
    """A message in its four parts, one line each, empty parts left out."""
    lines = ["  " + words("check.error.what", text=one_line(error.what), code=error.code)]
    for part in ("where", "expected", "fix"):
        told = [one_line(line) for line in error.parts()[part].split("\n")]
        if any(told):
            lines += ("  " + words(f"check.error.{part}", text="\n  ".join(told))).split("\n")
    return lines


def _title(say: Phrases) -> str:
    filed = say.evaluation.submission
    return say.words(
        "check.title",
        name=one_line(filed.bank.name),
        code=one_line(filed.bank.code),
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
    yield from _not_carried_out(say)


def _not_carried_out(say: Phrases) -> Iterator[str]:
    """Which checks could have run and did not, or not in all places: no such filing passes."""
    names = {check.id: check.name for check in say.evaluation.rulebook.checks}
    broken = [state for state in say.evaluation.states if state.state in _BROKEN and state.reason]
    for state in broken[:MOST_BROKEN]:
        told = {"check": state.check, "name": names.get(state.check, "")}
        yield "  " + say.words(
            f"check.broken.{state.state}", **told, reason=one_line(_reason(say, state.reason))
        )
    if len(broken) > MOST_BROKEN:
        yield "  " + say.words("check.broken.more", n=len(broken) - MOST_BROKEN)


def _reason(say: Phrases, text: str) -> str:
    """``missing: G01_loans`` in words; what is none of our reasons as it is."""
    reason, _, about = text.partition(": ")
    if not say.words.has(f"reasons.{reason}"):
        return text
    told = say.words(f"reasons.{reason}")
    if not about:
        return told
    names = say.words("report.list_comma").join(map(say.name, about.split(", ")))
    return say.words("report.reason_about", reason=told, about=names)


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


def _targets(say: Phrases) -> Iterator[str]:
    """What would lift the score next period, the largest gain first."""
    targets = say.evaluation.targets
    if not targets:
        return
    from supervise.write.targets import target_sentences

    yield ""
    yield say.words("check.targets", period=say.numbers.period(Period.parse(targets[0].period)))
    for sentence in target_sentences(say.evaluation, say.words)[:MOST_TARGETS]:
        yield f"  {sentence}"
    if len(targets) > MOST_TARGETS:
        yield "  " + say.words("check.more_targets", n=len(targets) - MOST_TARGETS)
