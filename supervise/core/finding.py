"""A failed check → ``Finding``: its message, its cells, its figures in the unit of the cell."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from supervise.core.evaluation import Term
from supervise.core.exact import bare, rounded
from supervise.core.frame import Frame, Result
from supervise.core.law import Check
from supervise.core.layout import Item
from supervise.core.model import Finding
from supervise.core.world import Book
from supervise.record import record

_UNKNOWN = Item("", "", "text")
_NO_SLACK = "无"


@record
class Sides:
    """What a comparison compared.

    Attributes:
        slack: How far the sides might lie apart; base units.
        unit: Unit of both sides, empty for a plain number.
    """

    left: Result
    right: Result
    slack: Fraction
    unit: str


def finding_of(check: Check, book: Book, frame: Frame, sides: Sides | None) -> Finding:
    """The finding that one instance of a check gives.

    Args:
        check: What failed.
        book: The submission and its law.
        frame: Where it was computed; its trace names the cells.
        sides: What was compared; None for a condition.
    """
    trace = frame.trace
    cells = tuple(dict.fromkeys(term.cell for term in trace if term.source == "cell"))
    words = {"cell": cells[0] if cells else "", "row": "", **frame.binding}
    words["item"] = _item(book, trace).name
    figures = _figures(book, trace, sides)
    words |= figures
    say = book.rulebook.say
    words |= {name: say(figures[name]) for name in ("found", "expected")}
    if figures["tolerance"] in ("", "0"):
        words["tolerance"] = say(_NO_SLACK)
    return Finding(
        check=check.id,
        severity=check.severity,
        scope=check.scope,
        cells=cells,
        message=check.message.format_map(words),
        fix=check.fix.format_map(words),
        basis=check.basis,
        found=figures["found"],
        expected=figures["expected"],
        difference=figures["difference"],
        tolerance=figures["tolerance"],
    )


def _figures(book: Book, trace: Sequence[Term], sides: Sides | None) -> dict[str, str]:
    """Found, expected, difference and tolerance in the unit of the cell; empty: means nothing."""
    if sides is None:
        shown = _first_figure(book, trace)
        return {"found": shown, "expected": "", "difference": "", "tolerance": ""}
    unit = sides.unit
    scale = money_scale(book, trace) if unit == "yuan" else Fraction(1)
    left, right = sides.left, sides.right
    gap = slack = ""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        gap = in_cell_unit(left - right, unit, scale)
        slack = in_cell_unit(sides.slack, unit, scale) if sides.slack else "0"
    return {
        "found": in_cell_unit(left, unit, scale),
        "expected": in_cell_unit(right, unit, scale),
        "difference": gap,
        "tolerance": slack,
    }


def _first_figure(book: Book, trace: Sequence[Term]) -> str:
    """What stands in the cell that a condition speaks of first."""
    figures = figures_in(trace)
    if not figures or figures[0].value is None:
        return ""
    unit = _item(book, figures[:1]).unit
    scale = money_scale(book, figures) if unit == "yuan" else Fraction(1)
    return in_cell_unit(figures[0].value, unit, scale)


def in_cell_unit(value: Result, unit: str, scale: Fraction) -> str:
    """A figure as the bank typed it: 万元 without separators, ratios as percentages.

    Args:
        value: In base units.
        unit: Unit of its item.
        scale: Base units per unit typed.
    """
    if isinstance(value, bool):
        return "是" if value else "否"
    if not isinstance(value, Fraction):
        return str(value)
    if unit == "ratio":
        return f"{_decimal(value * 100)}%"
    return _decimal(value / scale)


def _decimal(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    shown = rounded(value, 6 if abs(value) < 1 else 4)
    return bare(shown) if shown else "0"


def figures_in(trace: Sequence[Term]) -> list[Term]:
    """Terms that are figures of the bank, parameters of the law left out."""
    return [term for term in trace if term.source != "rulebook"]


def _item(book: Book, trace: Sequence[Term]) -> Item:
    """The item that the check speaks of: the first figure that is on a form."""
    items = book.rulebook.forms.items
    known = (items[t.item] for t in figures_in(trace) if t.item in items)
    return next(known, _UNKNOWN)


def money_scale(book: Book, trace: Sequence[Term]) -> Fraction:
    """元 per unit typed on the sheet of the first cell; 万元 where no cell is involved."""
    sheet = next((t.cell.partition("!")[0] for t in trace if t.source == "cell"), "")
    return book.rulebook.forms.scale("yuan", sheet)
