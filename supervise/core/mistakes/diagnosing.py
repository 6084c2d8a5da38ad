"""From mistakes found by trial to findings: what they explain goes, what remains is told anew.

A finding that the corrections do away with is dropped. One that outlasts them, or that they
bring to light, is computed on the corrected figures and says so: it is what the bank would meet
once it has corrected the cells, and it is told in the same pass.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from supervise.core.checks import outcomes_of, overall
from supervise.core.evaluation import CheckState
from supervise.core.implied import without_implied
from supervise.core.law import Check
from supervise.core.mistakes.inquiry import Inquiry
from supervise.core.mistakes.shared_mistake import Shared, shared_mistakes
from supervise.core.model import Correction, Finding, Severity
from supervise.core.world import Book
from supervise.record import record, replace

MOST_LEFT = 100
"""Relations that may fail whatever is corrected, for the corrections to be believed."""
_GRAVITY: tuple[Severity, ...] = ("advisory", "explain", "blocking")
Told = tuple[tuple[Finding, ...], tuple[CheckState, ...]]


@record
class Mistake:
    """A shared mistake, and the check that reports it."""

    check: Check
    shared: Shared

    @property
    def settled(self) -> str:
        """Words before a finding that is computed on the corrected figures."""
        assert self.check.diagnosis is not None
        return self.check.diagnosis.settled


@record
class Retold:
    """What one check comes to once the mistakes are known.

    Attributes:
        state: Of the figures as filed.
        kept: Findings as filed that no correction touches, and those that outlast them.
        unveiled: Findings that only the corrected figures give.
        explained: Findings that the corrections do away with, each with the mistake behind it.
    """

    check: Check
    state: CheckState
    kept: tuple[Finding, ...]
    unveiled: tuple[Finding, ...]
    explained: tuple[tuple[Finding, Mistake], ...]


def diagnosed(book: Book, kinds: Sequence[Check], suspects: Collection[str]) -> Told | None:
    """Findings and states of a submission with its shared mistakes told once.

    Args:
        book: The submission and its law.
        kinds: Checks that have a diagnosis.
        suspects: Checks of which something failed.

    Returns:
        None if no such mistake stands, or if so much is wrong besides that figures prove nothing.
    """
    inquiry = Inquiry(book, suspects)
    mistakes = tuple(_mistakes(inquiry, kinds))
    if not mistakes or inquiry.failing > MOST_LEFT:
        return None
    after = Book(inquiry.submission, book.rulebook, book.context)
    checks = book.rulebook.checks
    retold = [_retold(check, (book, after), mistakes) for check in checks]
    reports = [_report(one, inquiry, _gravest(one, retold)) for one in mistakes]
    gravest = max((one.severity for one in reports), key=_GRAVITY.index)
    findings = list(book.submission.reading)
    states = []
    for one in retold:
        own = [report for report in reports if report.check == one.check.id]
        unveiled = [_at_most(gravest, finding) for finding in one.unveiled]
        findings += [*own, *one.kept, *unveiled]
        states.append(_state(one, bool(own)))
    return without_implied(findings, states, checks)


def _mistakes(inquiry: Inquiry, kinds: Sequence[Check]) -> Iterator[Mistake]:
    """Signs first: a negative figure hides what it is a multiple of."""
    for kind in sorted(kinds, key=lambda kind: not _is_of_sign(kind)):
        if kind.diagnosis is not None:
            for shared in shared_mistakes(inquiry, kind.diagnosis):
                yield Mistake(kind, shared)


def _is_of_sign(kind: Check) -> bool:
    return kind.diagnosis is not None and any(slip.factor < 0 for slip in kind.diagnosis.slips)


def _retold(check: Check, books: tuple[Book, Book], mistakes: Sequence[Mistake]) -> Retold:
    filed, corrected = books
    before = outcomes_of(check, filed)
    then = outcomes_of(check, corrected)
    pairs: Iterable[tuple[Finding | None, Finding | None]]
    if check.holds is not None:
        pairs = zip((o.finding for o in before), (o.finding for o in then), strict=True)
    else:
        still = {o.finding.cells: o.finding for o in then if o.finding is not None}
        pairs = [(o.finding, still.get(o.finding.cells)) for o in before if o.finding is not None]
    kept, unveiled, explained = [], [], []
    for old, new in pairs:
        if new is None:
            explained += [(old, _behind(old, mistakes))] if old is not None else []
        elif old is None:
            unveiled.append(_settled(new, mistakes))
        else:
            kept.append(old if old == new else _settled(new, mistakes))
    state = overall(check, before)
    return Retold(check, state, tuple(kept), tuple(unveiled), tuple(explained))


def _behind(finding: Finding, mistakes: Sequence[Mistake]) -> Mistake:
    cells = set(finding.cells)
    return next((one for one in mistakes if cells.intersection(one.shared.cells)), mistakes[0])


def _settled(finding: Finding, mistakes: Sequence[Mistake]) -> Finding:
    """A finding computed on corrected figures says so."""
    return replace(finding, message=_behind(finding, mistakes).settled + finding.message)


def _at_most(gravest: Severity, finding: Finding) -> Finding:
    """What only follows from a correction is no graver than what asks for it."""
    severity = min(gravest, finding.severity, key=_GRAVITY.index)
    return replace(finding, severity=severity)


def _gravest(mistake: Mistake, retold: Iterable[Retold]) -> Severity:
    """A mistake is as grave as the gravest finding that it stands for."""
    own = mistake.check.severity
    stood = [f.severity for one in retold for f, behind in one.explained if behind is mistake]
    return max((own, *stood), key=_GRAVITY.index)


def _state(one: Retold, reported: bool) -> CheckState:
    if reported or one.kept or one.unveiled:
        return replace(one.state, state="failed")
    if one.explained:
        _, behind = one.explained[0]
        return CheckState(one.check.id, "vacuous", f"implied: {behind.check.id}")
    return one.state


def _report(mistake: Mistake, inquiry: Inquiry, severity: Severity) -> Finding:
    check, cells = mistake.check, mistake.shared.cells
    corrections = (*(_correction(cell, inquiry) for cell in cells), *_carried(cells, inquiry))
    first = corrections[0]
    found = inquiry.figures.filed(cells[0])
    words = {
        "cell": cells[0],
        "item": inquiry.book.rulebook.forms.items[first.item].name,
        "count": str(len(cells)),
        "sheet": "、".join(dict.fromkeys(cell.rpartition("!")[0] for cell in cells)),
        "text": mistake.shared.slip.label,
        "value": found,
        "expected": first.shown,
    }
    return Finding(
        check=check.id,
        severity=severity,
        scope=check.scope,
        cells=cells,
        message=check.message.format_map(words),
        fix=check.fix.format_map(words),
        basis=check.basis,
        found=found,
        expected=first.shown,
        corrections=corrections,
    )


def _correction(cell: str, inquiry: Inquiry) -> Correction:
    """What a cell should hold once every mistake found in it is mended."""
    times, figures = inquiry.times[cell], inquiry.figures
    figure = figures.by_cell[cell]
    value = Fraction(figure.value * times)
    return Correction(figure.fact.item, cell, value, figures.shown(cell, times))


def _carried(cells: Sequence[str], inquiry: Inquiry) -> Iterator[Correction]:
    """What totals over some cells come to, which were wrong by no factor of their own."""
    filed, corrected = inquiry.book.submission.facts, inquiry.submission.facts
    for total in inquiry.figures.totals_over(cells):
        value = corrected[total.item].value
        if total.cell not in inquiry.times and value != filed[total.item].value:
            assert isinstance(value, Decimal)
            shown = inquiry.figures.written(total.item, value)
            yield Correction(total.item, total.cell, Fraction(value), shown)
