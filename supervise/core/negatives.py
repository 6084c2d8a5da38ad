"""Figures below zero where none can be: of every item that is not ``signed``, on every form.

One check for all forms, made by the engine: a formula would have to name each item.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from supervise.core.finding import in_cell_unit
from supervise.core.law import Check
from supervise.core.model import Finding
from supervise.core.world import Book

CHECK = "AF_001"


def negatives(check: Check, book: Book) -> Iterator[Finding]:
    """One finding for each figure that is below zero and may not be.

    Args:
        check: Words, severity and basis.
        book: The submission and its law.
    """
    if not (book.context.adjustments or _any_below_zero(book)):
        return
    items = book.rulebook.forms.items
    for fact in book.submission.every_fact():
        value = fact.value
        if not isinstance(value, Decimal) or value >= 0 or items[fact.item].signed:
            continue
        item = items[fact.item]
        scale = book.rulebook.forms.scale(item.unit, fact.cell.sheet)
        shown = in_cell_unit(Fraction(value), item.unit, scale)
        words = {"cell": str(fact.cell), "item": item.name, "value": shown, "expected": "0"}
        yield Finding(
            check=check.id,
            severity=check.severity,
            scope=check.scope,
            cells=(str(fact.cell),),
            message=check.message.format_map(words),
            fix=check.fix.format_map(words),
            basis=check.basis,
            found=shown,
            expected="0",
            difference=shown,
            tolerance="0",
        )


def _any_below_zero(book: Book) -> bool:
    """Whether there is anything to look for: there hardly ever is."""
    figures = book.figures
    rows = (row for rows in book.submission.tables.values() for row in rows)
    every = (figures, *map(figures.of_row, rows))
    return any(min(each.values(), default=0) < 0 for each in every)
