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

from supervise.core.by_name import Figures
from supervise.core.compute import compute
from supervise.core.context import Context
from supervise.core.evaluation import Term
from supervise.core.formula import Call, Expression
from supervise.core.frame import UNTRACED, Absent, Frame, Result
from supervise.core.law import Rulebook
from supervise.core.model import Fact, Row, Submission
from supervise.core.period import Period
from supervise.core.special import SPECIAL
from supervise.record import record

_FLEETING = "()"
"""Stands for a function of the world among the names that a definition asked for."""


@record
class _Definition:
    """What a definition came to, and every name that it asked for."""

    value: Result
    terms: tuple[Term, ...]
    asked: frozenset[str]


class Book:
    """Answers for every name of the law about one submission; see ``compute.World``.

    Args:
        submission: What the bank filed.
        rulebook: The law resolved for this bank and period.
        context: History, peers, judgements, adjustments.
    """

    remembers = True
    """Nothing filed changes, so a definition is computed once."""

    def __init__(self, submission: Submission, rulebook: Rulebook, context: Context) -> None:
        self.submission = submission
        self.rulebook = rulebook
        self.context = context
        self.used_parameters: set[str] = set()
        self.measured: Callable[[str, str], Result] = lambda indicator, part: Absent("no_history")
        self._adjusted = {a.item: a.adjusted for a in context.adjustments}
        self._known: dict[str, tuple[Result, Term | None]] = {}
        self._figures: Figures | None = None
        self._defined: dict[tuple[str, str], _Definition] = {}
        self._asked: set[str] | None = None
        self._opened = self._opening_date()
        status = submission.sheet_status
        unused = [f for f in rulebook.forms.forms if status.get(f.sheet) == "not_applicable"]
        self._unused = frozenset(table.id for form in unused for table in form.tables)
        self._dates: dict[str, date] = {
            "period_end": rulebook.period.last_day,
            "period_start": rulebook.period.first_day,
        }

    @property
    def figures(self) -> Figures:
        """Its numbers for ``core/settled.py``, made once: nothing filed changes."""
        if self._figures is None:
            self._figures = Figures(self)
        return self._figures

    def lookup(self, name: str, frame: Frame) -> Result:
        """See ``compute.World.lookup``."""
        if self._asked is not None:
            self._asked.add(name)
        if name in frame.local:
            return frame.local[name]
        if frame.row is not None and name in frame.row:
            return self._from_row(frame.row[name], frame)
        if frame.as_of == "now" and (known := self._known.get(name)) is not None:
            value, term = known
            if term is not None:
                frame.trace.append(term)
            return value
        return self._sought(name, frame)

    def _sought(self, name: str, frame: Frame) -> Result:
        """What a name stands for that is no local, and no item that was asked for before."""
        definition = self.rulebook.definitions.get(name)
        if definition is not None:
            return self._definition(name, definition, frame)
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
        if self._asked is not None:
            self._asked.add(_FLEETING)
        return SPECIAL[call.name](self, call, frame)

    def period_of(self, word: str) -> Period:
        """The period that a period word speaks of."""
        period = self.rulebook.period
        if word in ("year_start", "last_year"):
            return period.year_start
        return period.year_ago if word == "year_ago" else period.previous  # also "predecessor"

    def _definition(self, name: str, definition: Expression, frame: Frame) -> Result:
        """A definition's value, with its terms; computed again where a local or a row counts."""
        if frame.row is not None or not self.remembers:
            return compute(definition.tree, self, frame)
        known = self._defined.get((name, frame.as_of))
        if known is None or not frame.local.keys().isdisjoint(known.asked):
            known = self._define(name, definition, frame)
        frame.trace.extend(known.terms)
        if self._asked is not None:
            self._asked.update(known.asked)
        return known.value

    def _define(self, name: str, definition: Expression, frame: Frame) -> _Definition:
        outer, self._asked = self._asked, set()
        inner = Frame(frame.as_of, binding=frame.binding, local=frame.local)
        try:
            value = compute(definition.tree, self, inner)
        finally:
            asked, self._asked = self._asked, outer
        found = _Definition(value, tuple(inner.trace), frozenset(asked))
        if _FLEETING not in asked and frame.local.keys().isdisjoint(asked):
            self._defined[name, frame.as_of] = found
        return found

    def _from_row(self, fact: Fact, frame: Frame) -> Result:
        value = read_fact(fact)
        if not isinstance(value, Absent) and frame.trace is not UNTRACED:
            frame.trace.append(Term(fact.item, _shown(value), "cell", str(fact.cell)))
        return value

    def _item(self, name: str, frame: Frame) -> Result:
        if frame.as_of != "now":
            return self._earlier(name, frame)
        value, term = self._now(name)
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
            frame.trace.append(Term(name, past.facts[name], past.source, str(period)))
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
        term = Term(name, parameter.value, "rulebook", "")
        self._known[name] = parameter.value, term
        frame.trace.append(term)
        return parameter.value

    def _opening_date(self) -> date | None:
        fact = self.submission.facts.get("COVER_opened_on")
        value = fact.value if fact is not None else None
        return value if isinstance(value, date) else None


def read_fact(fact: Fact) -> Result:
    """A fact's value for arithmetic, or why there is none."""
    value = fact.value
    if fact.state in ("given", "zero") and value is not None:
        return _exact(value) if isinstance(value, Decimal) else value
    reason = {"blank": "missing", "not_applicable": "not_applicable"}.get(fact.state, "invalid")
    return Absent(reason, (fact.item,))


def _exact(value: Decimal) -> Fraction:
    numerator, denominator = value.as_integer_ratio()
    return Fraction(numerator) if denominator == 1 else Fraction(numerator, denominator)


def _is_some(value: Result) -> bool:
    return not isinstance(value, Absent) and value != 0


def _shown(value: Result) -> Fraction | str | bool | None:
    if type(value) is Fraction:
        return value
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, Absent) else value
