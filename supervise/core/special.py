"""Functions of formulas that need the world: earlier years, peers, other indicators, the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from supervise.core.compute import compute
from supervise.core.evaluation import Term
from supervise.core.formula import Call, Name, Number
from supervise.core.frame import Absent, Frame, Result
from supervise.core.period import Period

if TYPE_CHECKING:
    from supervise.core.world import Book

LEDGER = "ledger"
"""What a reason is about where the first filing of a submission is not known."""

Special = Callable[["Book", Call, Frame], Result]


def _months(book: Book, call: Call, frame: Frame) -> Result:
    return Fraction(book.rulebook.period.quarter * 3)


def _completed_share(book: Book, call: Call, frame: Frame) -> Result:
    return Fraction(book.rulebook.period.quarter, 4)


def _age_months(book: Book, call: Call, frame: Frame) -> Result:
    value = compute(call.args[0], book, frame)
    if not isinstance(value, date):
        return value if isinstance(value, Absent) else Absent("not_a_date")
    end = book.rulebook.period.last_day
    whole = (end.year - value.year) * 12 + end.month - value.month
    return Fraction(whole - (1 if value.day > end.day else 0))


def _annual_ago(book: Book, call: Call, frame: Frame) -> Result:
    years, part = call.args
    if not (isinstance(years, Number) and isinstance(part, Name)):
        return Absent("unknown_name")
    period = Period(book.rulebook.period.year - int(years.value), 4)
    past = book.context.history.get(str(period))
    indicator = frame.local.get("indicator")
    if past is None or not isinstance(indicator, str):
        return Absent("no_history", (str(period),))
    value = past.parts.get((indicator, part.id))
    if value is None:
        return Absent("no_history", (str(period), part.id))
    frame.trace.append(Term(f"{indicator}.{part.id}", value, past.source, str(period)))
    return value


def _peer_reference(book: Book, call: Call, frame: Frame) -> Result:
    arg = call.args[0]
    wanted = arg.id if isinstance(arg, Name) else ""
    groups = (book.rulebook.bank_type.id, *book.rulebook.bank_type.groups)
    for group in groups:
        for reference in book.rulebook.peer_references:
            if (reference.indicator, reference.group) == (wanted, group):
                if reference.value is None:
                    break
                name = f"peer_reference.{wanted}.{group}"
                book.used_parameters.add(name)
                frame.trace.append(Term(name, reference.value, "rulebook", reference.period))
                return reference.value
    return Absent("unset_parameter", (f"peer_reference.{wanted}",))


def _measure(book: Book, call: Call, frame: Frame) -> Result:
    arg = call.args[0]
    indicator, _, part = (arg.id if isinstance(arg, Name) else "").partition(".")
    return book.measured(indicator, part)


def _first_filing(position: int) -> Special:
    def count(book: Book, call: Call, frame: Frame) -> Result:
        known = book.context.first_filing
        if known is None:
            return Absent("no_history", (LEDGER,))
        value = Fraction(known[position])
        frame.trace.append(Term(call.name, value, "finding", ""))
        return value

    return count


SPECIAL: dict[str, Special] = {
    "months": _months,
    "completed_share": _completed_share,
    "age_months": _age_months,
    "annual_ago": _annual_ago,
    "peer_reference": _peer_reference,
    "measure": _measure,
    "first_filing_blocking": _first_filing(0),
    "first_filing_unanswered": _first_filing(1),
}
