"""Formulas of the law → measures with their trace and workings 指标计算."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from supervise.core.compute import compute
from supervise.core.evaluation import Measure, Term
from supervise.core.formula import PERIOD_WORDS, Call, Expression, walk
from supervise.core.frame import UNTRACED, Absent, Frame, Result
from supervise.core.later import Later
from supervise.core.workings import whole
from supervise.core.world import Book

PEER_REFERENCE = "peer_reference."
NOT_MEASURED = Measure(None, "not_applicable")


def measure(
    expression: Expression | None, book: Book, local: Mapping[str, Result] | None = None
) -> Measure:
    """Compute one formula with its trace.

    Args:
        expression: The formula; None gives a measure that does not apply.
        book: The world.
        local: Extra names.

    Returns:
        The value (a condition counts 1 or 0), or the reason why there is none.
    """
    if expression is None:
        return NOT_MEASURED
    frame = Frame(local=local or {}, trace=[])
    result = compute(expression.tree, book, frame)
    terms = _distinct(frame.trace)
    if isinstance(result, Absent):
        return Measure(None, result.reason, result.about, terms)
    value = as_fraction(result)
    if value is None:
        return Measure(None, "not_a_number", (), terms)
    names = dict(local or {})  # as it stands: later parts add theirs
    tree = expression.tree
    shown = Later(lambda: whole(tree, book, Frame(local=names, trace=UNTRACED)))
    return Measure(value, None, (), terms, shown)


def value_of(expression: Expression | None, book: Book, local: Mapping[str, Result]) -> Result:
    """The value alone, as a name of a curve: what ``measure`` finds, at a third of its cost."""
    if expression is None:
        return Absent("not_applicable")
    result = compute(expression.tree, book, Frame(local=local, trace=UNTRACED))
    if isinstance(result, Absent):
        return result
    value = as_fraction(result)
    return Absent("not_a_number") if value is None else value


def as_fraction(result: Result) -> Fraction | None:
    """A number of any result: conditions as 1 or 0, dates and texts as None."""
    if type(result) is Fraction:
        return result
    if isinstance(result, bool):
        return Fraction(result)
    if isinstance(result, Absent | str | date):
        return None
    return result


def base_of(expression: Expression | None, found: Measure, book: Book) -> tuple[str, str]:
    """Period and source (``history``, ``ledger``, ``form``, ``rulebook``) of a comparison base."""
    if expression is None:
        return "", ""
    frozen = [term for term in found.terms if term.item.startswith(PEER_REFERENCE)]
    if frozen:
        return frozen[0].cell, "rulebook"
    words = period_words(expression)
    period = str(book.period_of(words[0])) if words else str(book.rulebook.period)
    earlier = [term.source for term in found.terms if term.source in ("history", "ledger")]
    return period, earlier[0] if earlier else "form"


def period_words(expression: Expression) -> tuple[str, ...]:
    """The period words of a formula in reading order, found once."""
    try:
        known: tuple[str, ...] = expression.periods
    except AttributeError:
        calls = (node.name for node in walk(expression.tree) if isinstance(node, Call))
        known = tuple([name for name in calls if name in PERIOD_WORDS])
        object.__setattr__(expression, "periods", known)  # no part of the value, so not frozen
    return known


def _distinct(terms: list[Term]) -> tuple[Term, ...]:
    """Each number once; one item from one source in one cell is one number."""
    if len(terms) < 2:
        return tuple(terms)
    return tuple({(term.item, term.source, term.cell): term for term in terms}.values())
