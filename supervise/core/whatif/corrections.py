"""Which cells are wrong where figures do not add up, and what they should hold 更正值.

A total, a figure that the form repeats and a sum of other items follow from those others. What
follows is only told where every equation that the cell stands in agrees on it; where two of
them disagree, or a sum is as doubtful as its parts, nothing follows.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from supervise.core.finding import in_cell_unit
from supervise.core.model import Correction, Fact, Finding
from supervise.core.whatif.equations import Equation, Reckoned, equations, is_equation
from supervise.core.world import Book
from supervise.record import replace


def with_corrections(findings: tuple[Finding, ...], book: Book) -> tuple[Finding, ...]:
    """The findings, each with the right value of its cell where that follows from other cells.

    Args:
        findings: Those that have corrections keep them, and count as made for the others.
        book: The submission and its law.
    """
    checks = {check.id: check for check in book.rulebook.checks if is_equation(check)}
    open_ = [f for f in findings if f.check in checks and f.cells and not f.corrections]
    if not open_:
        return findings
    every = equations(checks.values(), book)
    reckoning = _Reckoning(every, Reckoned(book, book.rulebook), findings)
    found = reckoning.right_values({finding.cells[0] for finding in open_})
    told = {id(f): found[f.cells[0]] for f in open_ if f.cells[0] in found}
    return tuple(
        replace(f, corrections=(_correction(*told[id(f)], book),)) if id(f) in told else f
        for f in findings
    )


class _Reckoning:
    """Settles cells in the order in which they follow from one another.

    Args:
        every: All equations.
        world: Where values are tried.
        findings: Corrections that are known already; they are made first and stay.
    """

    def __init__(
        self, every: Iterable[Equation], world: Reckoned, findings: Iterable[Finding]
    ) -> None:
        self._world = world
        self._of: dict[str, list[Equation]] = {}
        self._with: dict[str, list[Equation]] = {}
        for equation in every:
            self._of.setdefault(equation.cell, []).append(equation)
            for cell in {equation.cell, *equation.others}:
                self._with.setdefault(cell, []).append(equation)
        self._met: set[str] = set()
        self._doubtful: set[str] = set()
        self._changed: dict[str, tuple[Equation, Fraction]] = {}
        self._before: dict[str, Fact] = {}
        for correction in (each for finding in findings for each in finding.corrections):
            world.correct(correction.item, correction.cell, correction.value)
            self._met.add(correction.cell)

    def right_values(self, cells: Iterable[str]) -> dict[str, tuple[Equation, Fraction]]:
        """Of those cells that turn out wrong, the equation that settles each, and its value."""
        for cell in sorted(cells):
            self._settle(cell)
        while broken := next((c for c in self._changed if self._contradicted(c)), None):
            del self._changed[broken]
            self._world.place(self._before[broken])
            self._doubtful.add(broken)
        return self._changed

    def _settle(self, cell: str) -> None:
        """Decide a cell once those that it follows from are decided."""
        if cell in self._met:
            return
        self._met.add(cell)
        for equation in self._of.get(cell, ()):
            for other in sorted(equation.others & self._of.keys()):
                self._settle(other)
        certain = [e for e in self._of.get(cell, ()) if not e.others & self._doubtful]
        failing = [equation for equation in certain if self._world.fails(equation)]
        if not failing:
            return
        for equation in failing:
            if equation.settles and self._agreed(equation, certain):
                return
        self._doubtful.add(cell)

    def _agreed(self, equation: Equation, certain: Iterable[Equation]) -> bool:
        """Whether every other equation of the cell holds with the value of this one, too."""
        found = self._world.sides(equation)
        right = found[1] if found is not None else None
        if not isinstance(right, Fraction):
            return False
        before = self._world.fact_at(equation.item, equation.cell)
        self._before[equation.cell] = before
        self._world.correct(equation.item, equation.cell, right)
        if any(self._world.fails(each) for each in certain):
            self._world.place(before)
            return False
        self._changed[equation.cell] = equation, right
        return True

    def _contradicted(self, cell: str) -> bool:
        """Whether a changed cell breaks an equation whose other cells are not in doubt."""
        return any(
            self._world.fails(equation)
            for equation in self._with.get(cell, ())
            if not {equation.cell, *equation.others} & self._doubtful
        )


def _correction(equation: Equation, value: Fraction, book: Book) -> Correction:
    item = book.rulebook.forms.items[equation.item]
    sheet = equation.cell.partition("!")[0]
    shown = in_cell_unit(value, item.unit, book.rulebook.forms.scale(item.unit, sheet))
    return Correction(item.id, equation.cell, value, shown)
