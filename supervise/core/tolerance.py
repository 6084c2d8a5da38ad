"""How far the two sides of a check may lie apart, by the mode that the law names.

``none``: not at all. ``rounding``: half the last digit of the form for every amount that was
added up. ``reported``: as far as the digits that were typed leave open (``core/reported.py``).
Anything else is an exact amount in base units. Regulatory limits are compared with ``none``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from operator import eq, ge, gt, le, lt

from supervise.core.evaluation import Term
from supervise.core.finding import figures_in, money_scale
from supervise.core.formula import Binary
from supervise.core.frame import Frame, Result
from supervise.core.reported import reach
from supervise.core.world import Book

MODES = ("none", "rounding", "reported")
HALF_LAST_DIGIT = Fraction(5, 1000)
_NO_SLACK = Fraction(0)
_WITHIN: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "=": lambda gap, slack: abs(gap) <= slack,
    "<=": lambda gap, slack: gap <= slack,
    ">=": lambda gap, slack: -gap <= slack,
    "<": lambda gap, slack: gap < slack or (slack == 0 and gap < 0),
    ">": lambda gap, slack: -gap < slack or (slack == 0 and gap > 0),
    "!=": lambda gap, slack: abs(gap) > slack,
}
COMPARISONS = frozenset(_WITHIN)
_EXACT: dict[str, Callable[..., bool]] = {"=": eq, "<=": le, ">=": ge, "<": lt, ">": gt}
_ORDERED = frozenset({Fraction, date})


def slack_of(mode: str, tree: Binary, book: Book, frame: Frame, unit: str) -> Fraction:
    """The slack between the sides of a comparison of numbers; base units, never negative.

    Args:
        mode: ``Check.tolerance``.
        tree: The comparison.
        book: The submission and its law.
        frame: Where both sides were computed; its trace holds their figures.
        unit: Unit of both sides.
    """
    if mode == "none":
        return _NO_SLACK
    if mode == "rounding":
        return rounding(book, frame.trace) if unit == "yuan" else _NO_SLACK
    return reach(tree, book, frame) if mode == "reported" else Fraction(mode)


def rounding(book: Book, trace: Sequence[Term]) -> Fraction:
    """Half the last digit of the form for every amount on either side: (n + 1) for a sum."""
    return len(figures_in(trace)) * HALF_LAST_DIGIT * money_scale(book, trace)


def holds_exactly(op: str, left: Result, right: Result) -> bool:
    """Whether amounts or dates need no slack: most do not, and slack is dear to work out."""
    alike = type(left) is type(right) and type(left) in _ORDERED
    return alike and op in _EXACT and _EXACT[op](left, right)


def holds(op: str, left: Result, right: Result, slack: Fraction) -> bool:
    """Whether a comparison holds: numbers within the slack, all else exactly."""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return _WITHIN[op](left - right, slack)
    if op in ("=", "!="):
        return (left == right) is (op == "=")
    if isinstance(left, date) and isinstance(right, date):
        return _WITHIN[op](Fraction((left - right).days), _NO_SLACK)
    return False
