"""Findings → flat rows of texts: the one order and the one set of columns of every output.

Text, CSV, the list workbook and the leading sheet of the marked workbook are made from these
rows, so none of them can lack the message, the fix, the basis or the cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType

from supervise.core.evaluation import Evaluation
from supervise.core.layout import Item
from supervise.core.model import Fact, Finding
from supervise.record import record
from supervise.write.numbers import Words
from supervise.write.own_notes import Notes, notes_beside, own_notes
from supervise.write.phrases import Phrases
from supervise.write.visible import one_line

Marks = Mapping[tuple[str, str], str]
"""(check id, first cell) to what became of a finding since the last filing."""

NO_MARKS: Marks = MappingProxyType({})
SEVERITIES = ("blocking", "explain", "advisory")
COLUMNS = (
    "cell",
    "period",
    "message",
    "fix",
    "severity_word",
    "consequence",
    "item_name",
    "row_key",
    "own_notes",
    "found",
    "expected",
    "difference",
    "tolerance",
    "unit",
    "score_impact",
    "corrections",
    "explanation",
    "mark",
    "basis",
    "basis_date",
    "cells",
    "item",
    "check",
    "check_name",
    "severity",
    "sheet",
    "bank_code",
    "bank_name",
    "file",
    "number",
)
"""Columns for people: where, when, what, how to mend it; then the figures; the ids last."""

_UNITS = frozenset({"bp", "days", "points"})
_FIGURES = ("found", "expected", "difference", "tolerance")


@record(kw_only=True)
class FindingRow:
    """One finding as texts; a text that means nothing here is empty.

    Attributes:
        number: From 1, in the order of the rows.
        cell: The cell to look at first, ``Sheet!C14``; a sheet's name where all of it is meant.
        cells: Every cell involved, joined as the language lists things.
        item: Item id of the first cell.
        row_key: What names the row of an open table, e.g. a branch.
        own_notes: What the bank keeps for itself in the row of the first cell.
        severity: ``blocking``, ``explain`` or ``advisory``; ``severity_word`` for people.
        consequence: What it means for the filing.
        unit: Unit of ``found``, ``expected``, ``difference`` and ``tolerance``.
        basis: Instrument and article; ``basis_date``: since when the instrument is in force.
        score_impact: Points that the total gains once the corrections are made, with sign.
        corrections: Cell and right value, one after another.
        explanation: The bank's answer with its state; ``explanation_state``: given, accepted,
            rejected, or empty.
        mark: 新增, 仍在, 复发, or empty where nothing was compared.
    """

    number: str
    period: str
    bank_code: str
    bank_name: str
    file: str
    sheet: str
    cell: str
    cells: str
    item: str
    item_name: str
    row_key: str
    own_notes: str
    message: str
    fix: str
    severity: str
    severity_word: str
    consequence: str
    check: str
    check_name: str
    found: str
    expected: str
    difference: str
    tolerance: str
    unit: str
    basis: str
    basis_date: str
    score_impact: str
    corrections: str
    explanation: str
    explanation_state: str
    mark: str


@record
class _Place:
    """What stands in a cell: the item, and what names its row in an open table."""

    item: Item
    row_key: str


def finding_rows(
    evaluation: Evaluation, words: Words, marks: Marks = NO_MARKS
) -> tuple[FindingRow, ...]:
    """Every finding as a row, the gravest first, then in the order found.

    Args:
        evaluation: What was judged.
        words: Wordings of the language.
        marks: ``new``, ``still`` or ``recurred`` by check and first cell.
    """
    found = in_order(evaluation.findings)
    say = Phrases(evaluation, words, "bank")
    places = _places(evaluation, frozenset(first_cell(f) for f in found))
    names = {check.id: check.name for check in evaluation.rulebook.checks}
    notes = own_notes(evaluation.submission)
    return tuple(
        _row(say, finding, places, _Told(str(n), names, marks, notes))
        for n, finding in enumerate(found, 1)
    )


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The gravest first, those of one severity in the order found."""
    return tuple(sorted(findings, key=lambda f: SEVERITIES.index(f.severity)))


def first_cell(finding: Finding) -> str:
    """The cell to look at; empty for a finding about no cell."""
    return finding.cells[0] if finding.cells else ""


def mark_text(finding: Finding, words: Words, marks: Marks) -> str:
    """新增, 仍在 or 复发; empty where nothing was compared."""
    mark = marks.get((finding.check, first_cell(finding)), "")
    return words(f"check.mark.{mark}") if mark else ""


def signed_points(say: Phrases, points: Fraction | None) -> str:
    """``+1.80``, ``-0.50``, ``0.00``; empty where unknown."""
    if points is None:
        return ""
    return ("+" if points > 0 else "") + say.numbers.points(points, (Fraction(0),))


def explanation_text(finding: Finding, words: Words) -> str:
    """The bank's answer with its state; empty where there is none."""
    told = finding.explanation
    if told is None:
        return ""
    state = words(f"report.findings.explanation.{told.state}")
    return words("check.answered", state=state, text=told.text)


@record
class _Told:
    number: str
    names: Mapping[str, str]
    marks: Marks
    notes: Notes


def _row(say: Phrases, finding: Finding, places: Mapping[str, _Place], told: _Told) -> FindingRow:
    words, filed = say.words, say.evaluation.submission
    source = say.evaluation.rulebook.sources.get(finding.basis.source)
    place = places.get(first_cell(finding))
    texts = {
        "number": told.number,
        "period": say.numbers.period(filed.period),
        "bank_code": filed.bank.code,
        "bank_name": filed.bank.name,
        "file": filed.file,
        "item": place.item.id if place else "",
        "item_name": place.item.name if place else "",
        "row_key": place.row_key if place else "",
        "own_notes": words("report.list_comma").join(
            notes_beside(finding.cells, told.notes).values()
        ),
        "message": finding.message,
        "fix": finding.fix,
        "check": finding.check,
        "check_name": told.names.get(finding.check, ""),
        "unit": _unit(say, finding, place),
        "basis": say.basis(finding.basis),
        "basis_date": source.in_force_on if source is not None else "",
        "score_impact": signed_points(say, finding.score_impact),
        "explanation": explanation_text(finding, words),
        "explanation_state": finding.explanation.state if finding.explanation else "",
        "mark": mark_text(finding, words, told.marks),
        **_cells(finding, words),
        **_severity(finding.severity, words),
        **{name: getattr(finding, name) for name in _FIGURES},
    }
    return FindingRow(**{name: one_line(text) for name, text in texts.items()})


def _cells(finding: Finding, words: Words) -> dict[str, str]:
    cell = first_cell(finding)
    corrected = [words("check.correction", cell=c.cell, value=c.shown) for c in finding.corrections]
    return {
        "cell": cell,
        "sheet": cell.rpartition("!")[0] or cell,
        "cells": words("report.list_comma").join(finding.cells),
        "corrections": words("report.list_semicolon").join(corrected),
    }


def _severity(severity: str, words: Words) -> dict[str, str]:
    return {
        "severity": severity,
        "severity_word": words(f"report.severity.{severity}"),
        "consequence": words(f"check.consequence.{severity}"),
    }


def _unit(say: Phrases, finding: Finding, place: _Place | None) -> str:
    """Unit of the figures: what they say themselves, else that of the first cell.

    What a reading finding quotes is as typed, and has no unit but the one typed with it.
    """
    figures = (finding.found, finding.expected, finding.difference)
    if finding.scope == "reading" or not any(figures):
        return ""
    if any(figure.endswith("%") for figure in figures):
        return say.words("check.unit.ratio")
    unit = place.item.unit if place is not None else ""
    if unit == "yuan":
        sheet = first_cell(finding).rpartition("!")[0]
        scale = say.evaluation.rulebook.forms.scale(unit, sheet)
        return say.words(f"check.unit.yuan_{int(scale)}")
    return say.words(f"check.unit.{unit}") if unit in _UNITS else ""


def _places(evaluation: Evaluation, wanted: frozenset[str]) -> dict[str, _Place]:
    """What stands in the wanted cells; empty cells that hold no datum are left out."""
    items = evaluation.rulebook.forms.items
    return {
        cell: _Place(items[fact.item], key)
        for fact, key in _facts(evaluation, bool(wanted))
        if (cell := str(fact.cell)) in wanted and fact.item in items
    }


def _facts(evaluation: Evaluation, any_wanted: bool) -> Iterator[tuple[Fact, str]]:
    if not any_wanted:
        return
    filed = evaluation.submission
    for fact in filed.facts.values():
        yield fact, ""
    keys = {t.id: t.key for form in evaluation.rulebook.forms.forms for t in form.tables}
    for table, rows in filed.tables.items():
        for row in rows:
            named = row.get(keys.get(table, ""))
            key = str(named.value) if named is not None and named.value is not None else ""
            for fact in row.values():
                yield fact, key
