"""Submission × rulebook → findings 校验: every check in one pass, none stops another.

A check ends as ``passed``, ``failed``, ``vacuous`` (nothing to compare), ``no_predecessor`` or
``not_evaluated`` (could have run and did not: never a pass).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from operator import eq, ge, gt, le, lt

from supervise.core.compute import compute
from supervise.core.evaluation import CheckState, Term
from supervise.core.formula import Binary, Expression, Name, Node, walk
from supervise.core.frame import Absent, Frame, Result
from supervise.core.implied import without_implied
from supervise.core.law import Check
from supervise.core.layout import Item
from supervise.core.model import Fact, Finding, Row
from supervise.core.workings import unit_of
from supervise.core.world import Book
from supervise.record import record

_RANK = ("failed", "not_evaluated", "passed", "no_predecessor", "vacuous")
_VACUOUS = frozenset({"missing", "not_applicable", "zero_denominator", "small_sample"})
_WITHIN = {
    "=": lambda gap, slack: abs(gap) <= slack,
    "<=": lambda gap, slack: gap <= slack,
    ">=": lambda gap, slack: -gap <= slack,
    "<": lambda gap, slack: gap < slack or (slack == 0 and gap < 0),
    ">": lambda gap, slack: -gap < slack or (slack == 0 and gap > 0),
    "!=": lambda gap, slack: abs(gap) > slack,
}
_EXACT: dict[str, Callable[..., bool]] = {"=": eq, "<=": le, ">=": ge, "<": lt, ">": gt}
_ORDERED = frozenset({Fraction, date})
HALF_LAST_DIGIT = Fraction(5, 1000)


@record
class Outcome:
    """What one instance of a check came to."""

    state: str
    reason: str = ""
    finding: Finding | None = None


PASSED, VACUOUS, NO_PREDECESSOR = map(Outcome, ("passed", "vacuous", "no_predecessor"))


def run_checks(book: Book) -> tuple[tuple[Finding, ...], tuple[CheckState, ...]]:
    """Run every check of the rulebook over one submission.

    Returns:
        All findings in rulebook order, reading findings first, and one state per check.
    """
    findings: list[Finding] = list(book.submission.reading)
    states: list[CheckState] = []
    read_ids = {finding.check for finding in findings}
    for check in book.rulebook.checks:
        if check.holds is None:
            state = "failed" if check.id in read_ids else "passed"
            states.append(CheckState(check.id, state))
            continue
        outcomes = list(_outcomes(check, book))
        findings.extend(o.finding for o in outcomes if o.finding is not None)
        states.append(_overall(check, outcomes))
    return without_implied(findings, states, book.rulebook.checks)


def _overall(check: Check, outcomes: list[Outcome]) -> CheckState:
    if not outcomes:
        return CheckState(check.id, "vacuous")
    worst = min(outcomes, key=lambda outcome: _RANK.index(outcome.state))
    return CheckState(check.id, worst.state, worst.reason)


def _outcomes(check: Check, book: Book) -> Iterator[Outcome]:
    if check.needs and str(book.period_of(check.needs)) not in book.context.history:
        yield NO_PREDECESSOR
        return
    rows: tuple[Row | None, ...] = (None,)
    if check.rows_of:
        rows = book.submission.tables.get(check.rows_of, ())
    for binding in check.bindings:
        for row in rows:
            yield _instance(check, book, binding, row)


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
    if isinstance(tree, Binary) and tree.op in _WITHIN:
        return _compared(tree, check, book, frame)
    result = compute(tree, book, frame)
    if isinstance(result, Absent):
        return _unable(result)
    if result is True:
        return PASSED
    known = {term.item for term in frame.trace}
    frame.trace.extend(term for term in _asked(tree, book, frame) if term.item not in known)
    return Outcome("failed", finding=_finding(check, book, frame, None))


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
    if _holds_exactly(tree.op, left, right):
        return PASSED
    slack = Fraction(0)
    if check.tolerance == "rounding" and _unit(tree, book, frame) == "yuan":
        slack = _rounding(book, frame.trace)
    elif check.tolerance not in ("none", "rounding"):
        slack = Fraction(check.tolerance)
    if _holds(tree.op, left, right, slack):
        return PASSED
    sides = _Sides(left, right, slack, _unit(tree, book, frame))
    return Outcome("failed", finding=_finding(check, book, frame, sides))


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


def _holds_exactly(op: str, left: Result, right: Result) -> bool:
    """Whether amounts or dates need no slack: most do not, and slack is dear to work out."""
    alike = type(left) is type(right) and type(left) in _ORDERED
    return alike and op in _EXACT and _EXACT[op](left, right)


def _holds(op: str, left: Result, right: Result, slack: Fraction) -> bool:
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return bool(_WITHIN[op](left - right, slack))
    if op in ("=", "!="):
        return (left == right) is (op == "=")
    if isinstance(left, date) and isinstance(right, date):
        return bool(_WITHIN[op](Fraction((left - right).days), Fraction(0)))
    return False


def _rounding(book: Book, trace: list[Term]) -> Fraction:
    """Slack between amounts: half the last digit reported for every figure on either side."""
    return len(_figures_in(trace)) * HALF_LAST_DIGIT * _money_scale(book, trace)


@record
class _Sides:
    left: Result
    right: Result
    slack: Fraction
    unit: str


def _finding(check: Check, book: Book, frame: Frame, sides: _Sides | None) -> Finding:
    trace = frame.trace
    cells = tuple(dict.fromkeys(term.cell for term in trace if term.source == "cell"))
    words = {"cell": cells[0] if cells else "", "item": "", "row": "", **frame.binding}
    words["item"] = _item(book, trace).name
    words |= _figures(book, trace, sides)
    return Finding(
        check=check.id,
        severity=check.severity,
        scope=check.scope,
        cells=cells,
        message=check.message.format_map(words),
        fix=check.fix.format_map(words),
        basis=check.basis,
        found=words["found"],
        expected=words["expected"],
        difference=words["difference"],
        tolerance=words["tolerance"],
    )


def _figures(book: Book, trace: list[Term], sides: _Sides | None) -> dict[str, str]:
    """Found, expected, difference and tolerance in the unit of the cell."""
    if sides is None:
        shown = _first_figure(book, trace)
        return {"found": shown, "expected": "", "difference": "", "tolerance": "0"}
    unit = sides.unit
    scale = _money_scale(book, trace) if unit == "yuan" else Fraction(1)
    left, right = sides.left, sides.right
    gap = ""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        gap = in_cell_unit(left - right, unit, scale)
    return {
        "found": in_cell_unit(left, unit, scale),
        "expected": in_cell_unit(right, unit, scale),
        "difference": gap,
        "tolerance": in_cell_unit(sides.slack, unit, scale),
    }


def _first_figure(book: Book, trace: list[Term]) -> str:
    """What stands in the cell that a condition speaks of first."""
    figures = _figures_in(trace)
    if not figures or figures[0].value is None:
        return ""
    unit = _item(book, figures[:1]).unit
    scale = _money_scale(book, figures) if unit == "yuan" else Fraction(1)
    return in_cell_unit(figures[0].value, unit, scale)


def in_cell_unit(value: Result, unit: str, scale: Fraction) -> str:
    """A figure as the bank typed it: 万元 without separators, ratios as percentages."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if not isinstance(value, Fraction):
        return str(value)
    if unit == "ratio":
        return f"{_decimal(value * 100)}%"
    return _decimal(value / scale)


def _decimal(value: Fraction) -> str:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    if exact == exact.to_integral_value():
        return str(exact.quantize(Decimal(1)))
    places = Decimal("0.000001") if abs(exact) < 1 else Decimal("0.0001")
    shown = exact.quantize(places, rounding=ROUND_HALF_UP)
    return f"{shown.normalize():f}" if shown else "0"


_UNKNOWN = Item("", "", "text")


def _figures_in(trace: list[Term]) -> list[Term]:
    """Terms that are figures of the bank, parameters of the law left out."""
    return [term for term in trace if term.source != "rulebook"]


def _item(book: Book, trace: list[Term]) -> Item:
    """The item that the check speaks of: the first figure that is on a form."""
    items = book.rulebook.forms.items
    known = (items[t.item] for t in _figures_in(trace) if t.item in items)
    return next(known, _UNKNOWN)


def _money_scale(book: Book, trace: list[Term]) -> Fraction:
    """元 per unit typed on the sheet of the first cell; 万元 where no cell is involved."""
    sheet = next((t.cell.partition("!")[0] for t in trace if t.source == "cell"), "")
    for form in book.rulebook.forms.forms:
        if form.sheet == sheet:
            return Fraction(form.money_scale)
    return Fraction(10_000)


def answer(finding: Finding, rows: tuple[Row, ...]) -> Fact | None:
    """The bank's explanation of a finding on sheet XW8, matched by check and cell."""
    for row in rows:
        check, cell, text = (row.get(k) for k in ("XW8_check", "XW8_cell", "XW8_text"))
        if check is None or text is None or text.state != "given" or check.value != finding.check:
            continue
        if cell is None or cell.state != "given" or str(cell.value).strip() in finding.cells:
            return text
    return None
