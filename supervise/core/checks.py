"""Submission × rulebook → findings 校验: every check in one pass, none stops another.

A check ends as ``passed``, ``failed``, ``vacuous`` (nothing to compare), ``no_predecessor`` or
``not_evaluated`` (could have run and did not: never a pass). One that breaks is among the last,
with what broke it as the reason, so that the others are still told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache

from supervise.core.compute import compute
from supervise.core.evaluation import CheckState, Term
from supervise.core.finding import Sides, finding_of
from supervise.core.formula import Binary, Expression, Name, Node, walk
from supervise.core.frame import Absent, Frame, Result
from supervise.core.implied import unread_cells, without_implied
from supervise.core.law import Check
from supervise.core.model import Finding, Row
from supervise.core.negatives import CHECK as NEGATIVES
from supervise.core.negatives import negatives
from supervise.core.settled import settler_of
from supervise.core.tolerance import COMPARISONS, holds, holds_exactly, slack_of
from supervise.core.workings import unit_of
from supervise.core.world import Book
from supervise.record import record

_RANK = ("failed", "not_evaluated", "passed", "no_predecessor", "vacuous")
_VACUOUS = frozenset({"missing", "not_applicable", "zero_denominator", "small_sample"})


@record
class Outcome:
    """What one instance of a check came to."""

    state: str
    reason: str = ""
    finding: Finding | None = None


PASSED, VACUOUS, NO_PREDECESSOR = map(Outcome, ("passed", "vacuous", "no_predecessor"))
_SETTLED: dict[bool | None, Outcome] = {True: PASSED, False: VACUOUS}


def run_checks(book: Book) -> tuple[tuple[Finding, ...], tuple[CheckState, ...]]:
    """Run every check of the rulebook over one submission.

    Returns:
        All findings in rulebook order, reading findings first, and one state per check. A check
        without a formula is made while reading, or by the engine once the others are known.
    """
    findings: list[Finding] = list(book.submission.reading)
    states: list[CheckState] = []
    for check in book.rulebook.checks:
        if state := _settled(check, book):
            states.append(_state(check.id, state))
            continue
        outcomes = outcomes_of(check, book)
        findings.extend(o.finding for o in outcomes if o.finding is not None)
        states.append(overall(check, outcomes))
    unread = unread_cells(book.submission)
    return without_implied(findings, states, book.rulebook.checks, unread)


@lru_cache(maxsize=4096)
def _state(check: str, state: str) -> CheckState:
    """The same for all banks, of which nearly all pass nearly every check."""
    return CheckState(check, state)


def _settled(check: Check, book: Book) -> str:
    """State of a check if nothing is wrong with any instance; empty if that is not plain."""
    try:
        settler = None if check.needs else settler_of(check)
        if settler is None:
            return ""
        if not check.rows_of:
            return settler.state(book.figures, settler.columns)
        return settler.of_rows(book.figures, book.submission.tables.get(check.rows_of, ()))
    except Exception:  # ``_attempt`` meets it again and tells of it
        return ""


def _rows(check: Check, book: Book) -> tuple[Row | None, ...]:
    return book.submission.tables.get(check.rows_of, ()) if check.rows_of else (None,)


def outcomes_of(check: Check, book: Book) -> list[Outcome]:
    """What each instance of a check comes to, in the order of its bindings and rows."""
    if check.holds is not None:
        return list(_outcomes(check, book))
    read = any(finding.check == check.id for finding in book.submission.reading)
    return _made(check, book) or [Outcome("failed") if read else PASSED]


def _made(check: Check, book: Book) -> list[Outcome]:
    """What the engine itself finds for a check without a formula."""
    if check.id != NEGATIVES:
        return []
    try:
        return [Outcome("failed", finding=finding) for finding in negatives(check, book)]
    except Exception as error:  # as in ``_attempt``
        return [Outcome("not_evaluated", _broken(error))]


def overall(check: Check, outcomes: list[Outcome]) -> CheckState:
    """The gravest state; the reason of a part that was not evaluated is never lost."""
    if len(outcomes) == 1:
        return CheckState(check.id, outcomes[0].state, outcomes[0].reason)
    if not outcomes:
        return CheckState(check.id, "vacuous")
    worst = min({outcome.state for outcome in outcomes}, key=_RANK.index)
    return CheckState(check.id, worst, next((o.reason for o in outcomes if o.reason), ""))


def _outcomes(check: Check, book: Book) -> Iterator[Outcome]:
    if check.needs and str(book.period_of(check.needs)) not in book.context.history:
        yield NO_PREDECESSOR
        return
    rows = _rows(check, book)
    for place in range(len(check.bindings)):
        for row in rows:
            yield _attempt(check, book, place, row)


def _attempt(check: Check, book: Book, place: int, row: Row | None) -> Outcome:
    """One instance: at once if it plainly passes, else in full."""
    try:
        settler = settler_of(check)
        told = settler.told(book.figures.of_row(row), place) if settler else None
        return _SETTLED.get(told) or _instance(check, book, check.bindings[place], row)
    except Exception as error:  # our fault in one check must not silence the others
        return Outcome("not_evaluated", _broken(error))


def _instance(check: Check, book: Book, binding: Mapping[str, str], row: Row | None) -> Outcome:
    if check.given is not None:
        condition = _compute(check.given, book, Frame(binding=binding, row=row))
        if isinstance(condition, Absent):
            return _unable(condition)
        if condition is not True:
            return VACUOUS
    frame = Frame(binding=binding, row=row)
    assert check.holds is not None
    tree = check.holds.tree
    if isinstance(tree, Binary) and tree.op in COMPARISONS:
        return _compared(tree, check, book, frame)
    result = compute(tree, book, frame)
    if isinstance(result, Absent):
        return _unable(result)
    if result is True:
        return PASSED
    known = {term.item for term in frame.trace}
    frame.trace.extend(term for term in _asked(tree, book, frame) if term.item not in known)
    return Outcome("failed", finding=finding_of(check, book, frame, None))


def _asked(tree: Node, book: Book, frame: Frame) -> Iterator[Term]:
    """Cells that a condition names, ``given(x)`` of a blank one among them."""
    for node in walk(tree):
        if isinstance(node, Name):
            name = node.id.format_map(frame.binding) if "{" in node.id else node.id
            fact = (frame.row or {}).get(name) or book.submission.facts.get(name)
            if fact is not None:
                yield Term(name, None, "cell", str(fact.cell))


def _compared(tree: Binary, check: Check, book: Book, frame: Frame) -> Outcome:
    left = compute(tree.left, book, frame)
    right = compute(tree.right, book, frame)
    for side in (left, right):
        if isinstance(side, Absent):
            return _unable(side)
    if holds_exactly(tree.op, left, right):
        return PASSED
    unit = _unit(tree, book, frame)
    slack = Fraction(0)
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        slack = slack_of(check.tolerance, tree, book, frame, unit)
    if holds(tree.op, left, right, slack):
        return PASSED
    # What must differ has no figure that it should be.
    sides = Sides(left, right, slack, unit) if tree.op != "!=" else None
    return Outcome("failed", finding=finding_of(check, book, frame, sides))


def _unit(tree: Binary, book: Book, frame: Frame) -> str:
    left = unit_of(tree.left, book, frame.binding)
    return left or unit_of(tree.right, book, frame.binding)


def _compute(expression: Expression, book: Book, frame: Frame) -> Result:
    return compute(expression.tree, book, frame)


def _unable(absent: Absent) -> Outcome:
    if absent.reason in _VACUOUS:
        return VACUOUS
    if absent.reason in ("base_absent", "no_history"):
        return NO_PREDECESSOR
    return Outcome("not_evaluated", f"{absent.reason}: {', '.join(absent.about)}")


def _broken(error: Exception) -> str:
    """What broke a check and where, short enough for a line of a report."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = ""
    if place is not None:
        module = str(place.tb_frame.f_globals.get("__name__", ""))
        where = f"{module.rpartition('.')[2]}:{place.tb_lineno}"
    return f"broken: {type(error).__name__}: {error} ({where})"
