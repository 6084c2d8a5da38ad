"""A comparison of versions as text for a terminal: findings first, then values, then points.

Long lists are cut, the most telling first, and what is not shown is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from supervise.core.comparing.diff import Diff, Figure
from supervise.core.comparing.diff_findings import STATES, FindingChange
from supervise.core.comparing.diff_values import RowChange, ValueChange, number_in
from supervise.core.evaluation import Evaluation
from supervise.core.layout import NUMERIC
from supervise.core.model import Fact
from supervise.record import record
from supervise.write.diff_document import in_cell
from supervise.write.document_indicator import decimal_text
from supervise.write.numbers import Words, format_near
from supervise.write.phrases import Phrases
from supervise.write.terminal import Style, aligned, plain

MOST_FINDINGS = 20
MOST_VALUES = 20
MOST_ROWS = 10
LONGEST_TEXT = 30
COVER = "COVER_"
_PERCENT = Fraction(1, 100)
_TONES = {
    "new": "bad",
    "recurred": "bad",
    "still": "unsure",
    "mended": "good",
    "unchecked": "unsure",
}


def diff_text(diff: Diff, words: Words, style: Style = plain) -> str:
    """What people read after ``supervise diff``.

    Args:
        diff: Two versions compared.
        words: Wordings of the language.
        style: Colours a text by tone (good, bad, unsure, plain).
    """
    say = Phrases(diff.after, words, "bank")
    lines = [*_head(diff, say), ""]
    lines += [_counted(diff, words), *_findings(diff, words, style), ""]
    lines += [*_values(diff, words), ""]
    lines += list(_score(diff, say))
    return "\n".join(lines) + "\n"


def previous_lines(diff: Diff, words: Words, style: Style = plain) -> list[str]:
    """What ``check --previous`` says beside the findings: counts, and what is mended.

    The findings that are there bear their own marks (``Diff.marks``).
    """
    say = Phrases(diff.after, words, "bank")
    compared = words("diff.compared", version=_version(diff.before, say))
    lines = [compared, *_notes(diff, words), _counted(diff, words)]
    for state in ("mended", "unchecked"):
        lines += _of_state(diff, state, words, style)
    return lines


def _head(diff: Diff, say: Phrases) -> Iterator[str]:
    words, bank = say.words, diff.after.submission.bank
    yield words("diff.title", name=bank.name, code=bank.code)
    if len(diff.versions) > 2:
        files = [version.submission.file for version in diff.versions[:-2]]
        yield words("diff.earlier", files=words("report.list_comma").join(files))
    yield words("diff.before", version=_version(diff.before, say))
    yield words("diff.after", version=_version(diff.after, say))
    yield from _notes(diff, words)


def _version(version: Evaluation, say: Phrases) -> str:
    filed = version.submission
    return say.words(
        "diff.version",
        file=filed.file,
        period=say.numbers.period(filed.period),
        sequence=filed.sequence,
        verdict=say.words(f"check.may_file.{version.status}"),
    )


def _notes(diff: Diff, words: Words) -> Iterator[str]:
    before, after = diff.before, diff.after
    across = before.submission.period != after.submission.period
    if diff.backwards:
        yield words("diff.backwards")
    if across:
        yield words("diff.across")
    elif before.rulebook.digest != after.rulebook.digest:
        yield words("diff.rules")


def _counted(diff: Diff, words: Words) -> str:
    counts = diff.counts
    line = words("diff.findings", **counts)
    return line + (
        words("diff.and_unchecked", n=counts["unchecked"]) if counts["unchecked"] else ""
    )


def _findings(diff: Diff, words: Words, style: Style) -> Iterator[str]:
    for state in STATES:
        yield from _of_state(diff, state, words, style)


def _of_state(diff: Diff, state: str, words: Words, style: Style) -> Iterator[str]:
    same = [change for change in diff.findings if change.state == state]
    for change in same[:MOST_FINDINGS]:
        yield from _finding(change, words, style)
    if len(same) > MOST_FINDINGS:
        label = words(f"diff.state.{state}")
        yield "  " + words("diff.more_findings", state=label, n=len(same) - MOST_FINDINGS)


def _finding(change: FindingChange, words: Words, style: Style) -> Iterator[str]:
    finding = change.finding
    label = words(
        "diff.finding",
        state=words(f"diff.state.{change.state}"),
        severity=words(f"report.severity.{finding.severity}"),
        check=finding.check,
    )
    yield "  " + style(label, _TONES[change.state]) + f"  {finding.message}"
    if change.state == "unchecked":
        yield "    " + words("diff.unchecked")
    if change.since:
        yield "    " + words("diff.since", since=change.since)
    before = change.before
    if before is not None and (before.found, before.expected) != (finding.found, finding.expected):
        yield "    " + words("diff.was", found=before.found, expected=before.expected)
    if before is not None and finding.explanation is not None and before.explanation is None:
        yield "    " + words("diff.now_explained")
    if change.state in ("new", "recurred", "still"):
        yield "    " + words("check.finding_fix", fix=finding.fix)


@record
class _Told:
    """A changed datum with the row that it stands in, empty outside open tables."""

    change: ValueChange
    row: str = ""


def _values(diff: Diff, words: Words) -> Iterator[str]:
    states = [row.state for row in diff.rows]
    counts = {state: states.count(state) for state in ("added", "removed", "changed")}
    changed = [row for row in diff.rows if row.state == "changed"]
    told = [_Told(change) for change in diff.values]
    told += [_Told(c, row.key) for row in changed for c in row.values]
    yield words("diff.values", n=len(told), **counts)
    if told:
        shown = _telling(told, diff)[:MOST_VALUES]
        yield from aligned([_columns(words), *(_line(one, words) for one in shown)])
    if len(told) > MOST_VALUES:
        yield "  " + words("diff.more_values", n=len(told) - MOST_VALUES)
    moved = [row for row in diff.rows if row.state != "changed"]
    for row in moved[:MOST_ROWS]:
        yield "  " + _row(row, words)
    if len(moved) > MOST_ROWS:
        yield "  " + words("diff.more_rows", n=len(moved) - MOST_ROWS)


def _telling(told: Sequence[_Told], diff: Diff) -> list[_Told]:
    """Cells of findings that came or went, then figures by how far they moved; cover last."""
    moved = {"new", "recurred", "mended"}
    cells = {cell for c in diff.findings if c.state in moved for cell in c.finding.cells}
    return sorted(
        told,
        key=lambda one: (
            one.change.cell not in cells,
            one.change.item.id.startswith(COVER),
            one.change.item.unit not in NUMERIC,
            -_moved_by(one.change),
        ),
    )


def _moved_by(change: ValueChange) -> Fraction:
    """The difference as a share of the larger figure; 1 where one side holds no figure."""
    old, new = number_in(change.before), number_in(change.after)
    if old is None or new is None:
        return Fraction(1)
    return abs(new - old) / (max(abs(old), abs(new)) or 1)


def _columns(words: Words) -> list[str]:
    names = ("cell", "item", "before", "after", "difference", "unit")
    return [words(f"diff.column.{name}") for name in names]


def _line(told: _Told, words: Words) -> list[str]:
    change = told.change
    name = words("diff.in_row", row=told.row, name=change.item.name) if told.row else ""
    return [
        change.cell,
        _short(name or change.item.name),
        _shown(change.before, change, words),
        _shown(change.after, change, words),
        _signed(change.difference, change.scale),
        _unit(change, words),
    ]


def _shown(fact: Fact | None, change: ValueChange, words: Words) -> str:
    text = in_cell(fact, change.scale) if fact is not None else ""
    return _short(text) or words("diff.blank")


def _short(text: str) -> str:
    """One line of printable characters, not too long: a cell may hold anything."""
    line = "".join(c if c.isprintable() else " " for c in text).strip()
    return line if len(line) <= LONGEST_TEXT else line[: LONGEST_TEXT - 1] + "…"


def _signed(difference: Fraction | None, scale: Fraction) -> str:
    text = decimal_text(difference / scale) if difference is not None else None
    return f"+{text}" if text is not None and difference and difference > 0 else text or ""


def _unit(change: ValueChange, words: Words) -> str:
    unit = change.item.unit
    if unit == "yuan":
        return words(f"check.unit.yuan_{int(change.scale)}")
    known = {"ratio": "diff.unit.pp", "bp": "check.unit.bp", "days": "check.unit.days"}
    return words(known[unit]) if unit in known and change.difference is not None else ""


def _row(row: RowChange, words: Words) -> str:
    cell = row.values[0].cell if row.values else ""
    return words(
        f"diff.row.{row.state}",
        table=row.name,
        key=_short(row.key) or words("diff.blank"),
        cell=cell,
    )


def _score(diff: Diff, say: Phrases) -> Iterator[str]:
    words = say.words
    total = next(figure for figure in diff.score if figure.id == "total")
    spans = [say.span(v.score.low, v.score.high) for v in (diff.before, diff.after)]
    grades = [_grade(v, words) for v in (diff.before, diff.after)]
    changed = [f for f in (*diff.elements, *diff.indicators) if f.before != f.after]
    if total.before == total.after and not changed and spans[0] == spans[1]:
        yield words("diff.score_same", total=say.numbers.points(total.after, say.band_limits()))
    else:
        yield words("diff.score")
        yield from aligned(list(_figures(diff, total, say)))
        if spans[0] != spans[1]:
            yield "  " + words("diff.span", before=spans[0], after=spans[1])
    key = "diff.grade" if grades[0] != grades[1] else "diff.grade_same"
    yield words(key, before=grades[0], after=grades[1])


def _figures(diff: Diff, total: Figure, say: Phrases) -> Iterator[list[str]]:
    yield [say.words(f"diff.column.{name}") for name in ("points", "before", "after", "difference")]
    yield _figure(say.words("diff.total"), total, say)
    for figure in diff.elements:
        if figure.before != figure.after:
            yield _figure(figure.name, figure, say)
    for figure in diff.indicators:
        yield _figure(f"  {figure.name}", figure, say)


def _figure(name: str, figure: Figure, say: Phrases) -> list[str]:
    near = (*say.band_limits(), *(p for p in (figure.before, figure.after) if p is not None))
    moved = figure.difference
    shown = format_near(moved, Fraction(0)) if moved is not None else ""
    return [
        name,
        say.numbers.points(figure.before, near),
        say.numbers.points(figure.after, near),
        f"+{shown}" if moved is not None and moved > 0 else shown,
    ]


def _grade(evaluation: Evaluation, words: Words) -> str:
    graded = evaluation.grade
    return graded.band.label if graded.band else words(f"report.verdict.none_{graded.reason}")
