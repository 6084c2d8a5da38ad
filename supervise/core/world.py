"""The world a formula lives in: one submission, the law, and what is known from before.

Names resolve in this order: locals, the row at hand, definitions, items, parameters, dates.
Earlier values (standing rule 6) come from history if it has them, else from the comparative
cells; where both exist and differ, the bank's restated figure wins if it states a reason.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from supervise.core.compute import compute
from supervise.core.context import Context
from supervise.core.evaluation import Term
from supervise.core.formula import Call, Name, Number
from supervise.core.frame import Absent, Frame, Result
from supervise.core.law import Rulebook
from supervise.core.model import Fact, Row, Submission
from supervise.core.period import Period

LEDGER = "ledger"


class Book:
    """Answers for every name of the law about one submission; see ``compute.World``.

    Args:
        submission: What the bank filed.
        rulebook: The law resolved for this bank and period.
        context: History, peers, judgements, adjustments.
    """

    def __init__(self, submission: Submission, rulebook: Rulebook, context: Context) -> None:
        self.submission = submission
        self.rulebook = rulebook
        self.context = context
        self.used_parameters: set[str] = set()
        self.measured: Callable[[str, str], Result] = lambda indicator, part: Absent("no_history")
        self._adjusted = {a.item: a.adjusted for a in context.adjustments}
        self._known: dict[str, tuple[Result, Term | None]] = {}
        self._opened = self._opening_date()
        status = submission.sheet_status
        unused = [f for f in rulebook.forms.forms if status.get(f.sheet) == "not_applicable"]
        self._unused = frozenset(table.id for form in unused for table in form.tables)
        self._dates: dict[str, date] = {
            "period_end": rulebook.period.last_day,
            "period_start": rulebook.period.first_day,
        }

    def lookup(self, name: str, frame: Frame) -> Result:
        """See ``compute.World.lookup``."""
        if name in frame.local:
            return frame.local[name]
        if frame.row is not None and name in frame.row:
            return self._from_row(frame.row[name], frame)
        definition = self.rulebook.definitions.get(name)
        if definition is not None:
            return compute(definition.tree, self, frame)
        if name in self.submission.facts:
            return self._item(name, frame)
        if name in self.rulebook.parameters:
            return self._parameter(name, frame)
        if name in self._dates:
            return self._dates[name]
        return Absent("unknown_name", (name,))

    def rows(self, names: frozenset[str]) -> tuple[tuple[Row, ...] | Absent | None, str]:
        """See ``compute.World.rows``; a sheet marked 不适用 has no rows to speak of."""
        for name in sorted(names):
            table = self.rulebook.forms.columns.get(name)
            if table in self._unused:
                return Absent("not_applicable", (name,)), table
            if table is not None:
                return self.submission.tables.get(table, ()), table
        return None, ""

    def answered(self, name: str, frame: Frame) -> bool:
        """See ``compute.World.answered``."""
        if name in frame.local:
            return not isinstance(frame.local[name], Absent)
        if frame.row is not None and name in frame.row:
            return frame.row[name].state in ("given", "zero")
        fact = self.submission.facts.get(name)
        if fact is not None and frame.as_of == "now":
            return name in self._adjusted or fact.state in ("given", "zero")
        return not isinstance(self.lookup(name, Frame(as_of=frame.as_of)), Absent)

    def special(self, call: Call, frame: Frame) -> Result:
        """See ``compute.World.special``."""
        return _SPECIAL[call.name](self, call, frame)

    def period_of(self, word: str) -> Period:
        """The period that a period word speaks of."""
        period = self.rulebook.period
        if word in ("year_start", "last_year"):
            return period.year_start
        return period.year_ago if word == "year_ago" else period.previous  # also "predecessor"

    def _from_row(self, fact: Fact, frame: Frame) -> Result:
        value = read_fact(fact)
        if not isinstance(value, Absent):
            frame.trace.append(Term(fact.item, _shown(value), "cell", str(fact.cell)))
        return value

    def _item(self, name: str, frame: Frame) -> Result:
        if frame.as_of != "now":
            return self._earlier(name, frame)
        value, term = self._known.get(name) or self._now(name)
        if term is not None:
            frame.trace.append(term)
        return value

    def _now(self, name: str) -> tuple[Result, Term | None]:
        """An item's value with its term, made once for all formulas that use it."""
        fact = self.submission.facts[name]
        adjusted = name in self._adjusted
        value = self._adjusted[name] if adjusted else read_fact(fact)
        term = None
        if not isinstance(value, Absent):
            source = "judgement" if adjusted else "cell"
            term = Term(name, _shown(value), source, str(fact.cell))
        self._known[name] = value, term
        return value, term

    def _earlier(self, name: str, frame: Frame) -> Result:
        period = self.period_of(frame.as_of)
        comparative = self.rulebook.forms.bases.get((name, frame.as_of), "")
        fact = self.submission.facts.get(comparative)
        filed = read_fact(fact) if fact is not None else Absent("no_history", (name,))
        if fact is not None and comparative in self._adjusted:
            corrected = self._adjusted[comparative]
            frame.trace.append(Term(comparative, corrected, "judgement", str(fact.cell)))
            return corrected
        past = self.context.history.get(str(period))
        if past is not None and name in past.facts and not self._restated(filed):
            frame.trace.append(Term(name, past.facts[name], "history", str(period)))
            return past.facts[name]
        if self._opened is not None and self._opened > period.last_day and not _is_some(filed):
            return Absent("base_absent", (comparative or name,))
        if fact is not None and not isinstance(filed, Absent):
            frame.trace.append(Term(comparative, _shown(filed), "cell", str(fact.cell)))
        return filed

    def _restated(self, filed: Result) -> bool:
        """Whether the bank states with a reason that its comparative figure was revised."""
        if isinstance(filed, Absent):
            return False
        facts = self.submission.facts
        flag, reason = facts.get("BQ_restated"), facts.get("BQ_restated_reason")
        return bool(flag and flag.value is True and reason and reason.state == "given")

    def _parameter(self, name: str, frame: Frame) -> Result:
        parameter = self.rulebook.parameters[name]
        self.used_parameters.add(name)
        if parameter.value is None:
            return Absent("unset_parameter", (name,))
        frame.trace.append(Term(name, parameter.value, "rulebook", ""))
        return parameter.value

    def _opening_date(self) -> date | None:
        fact = self.submission.facts.get("COVER_opened_on")
        value = fact.value if fact is not None else None
        return value if isinstance(value, date) else None


def read_fact(fact: Fact) -> Result:
    """A fact's value for arithmetic, or why there is none."""
    value = fact.value
    if fact.state in ("given", "zero") and value is not None:
        return Fraction(*value.as_integer_ratio()) if isinstance(value, Decimal) else value
    reason = {"blank": "missing", "not_applicable": "not_applicable"}.get(fact.state, "invalid")
    return Absent(reason, (fact.item,))


def _is_some(value: Result) -> bool:
    return not isinstance(value, Absent) and value != 0


def _shown(value: Result) -> Fraction | str | bool | None:
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, Absent) else value


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
    frame.trace.append(Term(f"{indicator}.{part.id}", value, "history", str(period)))
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


def _first_filing(position: int) -> Callable[[Book, Call, Frame], Result]:
    def count(book: Book, call: Call, frame: Frame) -> Result:
        known = book.context.first_filing
        if known is None:
            return Absent("no_history", (LEDGER,))
        value = Fraction(known[position])
        frame.trace.append(Term(call.name, value, "finding", ""))
        return value

    return count


_SPECIAL: dict[str, Callable[[Book, Call, Frame], Result]] = {
    "months": _months,
    "completed_share": _completed_share,
    "age_months": _age_months,
    "annual_ago": _annual_ago,
    "peer_reference": _peer_reference,
    "measure": _measure,
    "first_filing_blocking": _first_filing(0),
    "first_filing_unanswered": _first_filing(1),
}
