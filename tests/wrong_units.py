"""A sample's submission as its bank would have filed it with some cells wrong by one factor."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from sample_files import JUDGED, case_of

from supervise.core.checks import run_checks
from supervise.core.context import NO_CONTEXT, Context
from supervise.core.evaluation import CheckState
from supervise.core.law import Rulebook
from supervise.core.layout import FormSet
from supervise.core.mistakes.units import diagnose
from supervise.core.model import Fact, Finding, Submission
from supervise.core.world import Book
from supervise.record import replace

Wanted = Callable[[str, str, str], bool]
IN_YUAN = "2026Q3/vb03-ouxi.xlsx"
HONEST = [sample.path for sample in JUDGED if sample.path != IN_YUAN]
AMOUNTS = frozenset({"yuan"})
PAST, XW3 = "BQ比较期", "XW3不良处置与核销"
_ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")
_CELLS = re.compile(r"[A-Z]{1,2}[1-9][0-9]*")


class Wrong:
    """A submission with some of its figures multiplied.

    Attributes:
        right: The cells that were multiplied, with what they should hold.
    """

    def __init__(
        self, path: str, wanted: Wanted, factor: str, units: frozenset[str] = AMOUNTS
    ) -> None:
        case = case_of(path)
        self.law: Rulebook = case.rulebook
        self.right: dict[str, Fraction] = {}
        self._wanted, self._factor, self._units = wanted, Decimal(factor), units
        filed = case.submission
        shows = references(self.law.forms)
        facts = {i: f if i in shows else self._filed(f) for i, f in filed.facts.items()}
        for item, source in shows.items():
            if source in self.right:
                facts[item] = replace(facts[item], value=number(facts[item]) * self._factor)
        tables = {
            name: tuple({i: self._filed(f) for i, f in row.items()} for row in rows)
            for name, rows in filed.tables.items()
        }
        self.submission: Submission = replace(filed, facts=facts, tables=tables)

    def _filed(self, fact: Fact) -> Fact:
        sheet, address = fact.cell.sheet, fact.cell.address
        unit = self.law.forms.items[fact.item].unit
        filled = isinstance(fact.value, Decimal) and fact.value != 0
        if not (filled and unit in self._units and self._wanted(sheet, address, fact.item)):
            return fact
        self.right[str(fact.cell)] = Fraction(number(fact))
        return replace(fact, value=number(fact) * self._factor)

    def told(
        self, context: Context = NO_CONTEXT
    ) -> tuple[tuple[Finding, ...], tuple[CheckState, ...]]:
        """What the checks and the diagnosis make of it."""
        return told(self.submission, self.law, context)


def number(fact: Fact) -> Decimal:
    """The number that a cell holds."""
    assert isinstance(fact.value, Decimal)
    return fact.value


def told(
    submission: Submission, law: Rulebook, context: Context = NO_CONTEXT
) -> tuple[tuple[Finding, ...], tuple[CheckState, ...]]:
    """Findings and states after the diagnosis."""
    book = Book(submission, law, context)
    return diagnose(book, *run_checks(book))


def mended(wrong: Wrong, findings: tuple[Finding, ...]) -> Submission:
    """The submission once the clerk has typed every correction."""
    values = {c.cell: c.value for finding in findings for c in finding.corrections}
    filed = wrong.submission

    def typed(fact: Fact) -> Fact:
        value = values.get(str(fact.cell))
        if value is None:
            return fact
        return replace(fact, value=Decimal(value.numerator) / Decimal(value.denominator))

    facts = {item: typed(fact) for item, fact in filed.facts.items()}
    for item, source in references(wrong.law.forms).items():
        shown = next(fact for fact in facts.values() if str(fact.cell) == source)
        facts[item] = replace(facts[item], value=shown.value)
    tables = {
        name: tuple({i: typed(f) for i, f in row.items()} for row in rows)
        for name, rows in filed.tables.items()
    }
    return replace(filed, facts=facts, tables=tables)


def references(forms: FormSet) -> Mapping[str, str]:
    """Items that only show another cell, and that cell."""
    placed = [one for form in forms.forms for one in form.placed]
    typed = {one.item for one in placed if one.kind != "reference"}
    return {
        one.item: one.formula.replace("$", "").replace("'", "").lstrip("=")
        for one in placed
        if one.kind == "reference" and one.item not in typed
    }


def cell(where: str) -> Wanted:
    """One cell, ``G01!C6``."""
    return lambda sheet, address, item: f"{sheet}!{address}" == where


def column(sheet: str, letter: str) -> Wanted:
    """One column of a sheet."""
    return lambda s, address, item: s == sheet and _parts(address)[0] == letter


def row(sheet: str, number: str) -> Wanted:
    """One row of a sheet."""
    return lambda s, address, item: s == sheet and _parts(address)[1] == number


def sheets(*names: str) -> Wanted:
    """Whole sheets."""
    return lambda sheet, address, item: sheet in names


def all_but(*names: str) -> Wanted:
    """All sheets but some."""
    return lambda sheet, address, item: sheet not in names


def _parts(address: str) -> tuple[str, str]:
    match = _ADDRESS.fullmatch(address)
    assert match is not None
    return match[1], match[2]


def of(check: str, findings: tuple[Finding, ...]) -> list[Finding]:
    """The findings of one check."""
    return [finding for finding in findings if finding.check == check]


def once(check: str, wrong: Wrong) -> tuple[Finding, list[str]]:
    """The one finding of a check, and the checks of all others."""
    findings, _ = wrong.told()
    found = of(check, findings)
    assert len(found) == 1, [(f.check, f.cells) for f in findings]
    return found[0], [f.check for f in findings if f is not found[0]]


def with_formulas(filed: Submission, forms: FormSet) -> Submission:
    """The submission as a workbook shows it whose totals are formulas."""
    placed = [(form.sheet, one) for form in forms.forms for one in form.placed]
    items = {f"{sheet}!{one.address}": one.item for sheet, one in placed}
    shown = references(forms)
    facts = dict(filed.facts)
    totals = [(sheet, one) for sheet, one in placed if one.kind == "total" and one.item in facts]
    for _ in range(2):  # a total of totals stands on those of the first round
        for sheet, one in totals:
            parts = {items[f"{sheet}!{address}"] for address in _CELLS.findall(one.formula)}
            known = [facts[part].value for part in parts if part in facts]
            value = sum((v for v in known if isinstance(v, Decimal)), Decimal(0))
            facts[one.item] = replace(facts[one.item], value=value)
    for item, source in shown.items():
        facts[item] = replace(facts[item], value=facts[items[source]].value)
    return replace(filed, facts=facts)
