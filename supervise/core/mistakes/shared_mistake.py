"""The search for mistakes that many cells share: which cells, and which slip.

In: a book in which an anchor failed. Out: for each slip the smallest set of cells which, corrected,
makes the anchors hold and contradicts nothing, rounded out to the column, row, sheet or workbook
where nothing in it speaks for itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from supervise.core.diagnosis import Diagnosis, Slip
from supervise.core.mistakes.filed_figures import CURRENT
from supervise.core.mistakes.inquiry import Inquiry, SpentError
from supervise.core.mistakes.supposition import Supposition
from supervise.record import record

MOST_SEEDS = 60
"""Failing anchors that a search starts from, before it takes the rest for ordinary mistakes."""
SIZES = (40, 160, 10_000)
"""Cells up to which suppositions are followed before larger ones are."""
MOST_OPEN = 4
"""Figures of a block that are not known to be wrong, for each that is, that may yet be tried."""
FEW = 60
"""Figures of a block that are tried however few are known to be wrong."""


@record
class Shared:
    """Cells that share one slip, in the order of the sheets."""

    slip: Slip
    cells: tuple[str, ...]


def shared_mistakes(inquiry: Inquiry, diagnosis: Diagnosis) -> tuple[Shared, ...]:
    """Every mistake of one kind; the inquiry then holds the corrections.

    Args:
        inquiry: The book's relations; what was accepted stays accepted.
        diagnosis: The kind of mistake.
    """
    inquiry.begin()
    _search(inquiry, diagnosis)
    inquiry.share_totals()
    order = {cell: place for place, cell in enumerate(inquiry.figures.by_cell)}
    found: dict[Slip, list[str]] = {}
    for cell in sorted(inquiry.taken, key=order.__getitem__):
        found.setdefault(inquiry.taken[cell], []).append(cell)
    return tuple(Shared(slip, tuple(cells)) for slip, cells in found.items())


def _search(inquiry: Inquiry, diagnosis: Diagnosis) -> None:
    """Accept what stands, each before the next is supposed; what was accepted stays so."""
    with suppress(SpentError):
        for slip in diagnosis.slips:
            if slip.factor < 0 and (flipped := _flipped(inquiry, diagnosis, slip)):
                inquiry.accept(slip, flipped.times, flipped.seen)
        for seed in _seeds(inquiry, diagnosis):
            best = _best(inquiry, diagnosis, seed)
            if best is not None:
                inquiry.accept(best.slip, best.times, best.seen)


def _flipped(inquiry: Inquiry, diagnosis: Diagnosis, slip: Slip) -> Supposition | None:
    """All figures that cannot be negative and are, but for those that do not fit as positive.

    One alone may be wrong in any way; it is a matter of sign if an equation says so.
    """
    guess = Supposition(inquiry, diagnosis, slip)
    figures = inquiry.figures
    guess.add([cell for cell in figures.by_cell if guess.fits(cell) and not figures.follows(cell)])
    while guess.cells and (broken := guess.broken):
        guess = guess.without({cell for place in broken for cell in guess.seen[place].cells})
    return guess if len(guess.cells) > 1 or guess.balanced() else None


def _seeds(inquiry: Inquiry, diagnosis: Diagnosis) -> Iterator[int]:
    """Failing anchors, those that are mended meanwhile left out."""
    rank = {check: place for place, check in enumerate(diagnosis.anchors)}
    failing = inquiry.failing_of(rank)
    failing.sort(key=lambda place: rank[inquiry.relations[place].check])
    for place in failing[:MOST_SEEDS]:
        if inquiry.now[place].failed:
            yield place


def _best(inquiry: Inquiry, diagnosis: Diagnosis, seed: int) -> Supposition | None:
    """What explains most with the fewest cells; None if nothing explains the seed.

    What one takes for wrong another takes for right, so that next to a small mistake there may
    be one of all the rest: small ones are followed first, and larger only if none stands.
    """
    begun = list(_begun(inquiry, diagnosis, seed))
    for most in SIZES:
        closed = {id(guess): guess.close(most) for guess in begun}
        whole = [guess.appeased() for guess in begun if closed[id(guess)]]
        stand = [guess for guess in whole if not guess.seen[seed].failed and guess.confirmed()]
        if stand:
            likely = dict.fromkeys((max(stand, key=_rank), min(stand, key=_size)))
            return max((_rounded(guess, inquiry) for guess in likely), key=_rank)
        begun = [guess for guess in begun if closed[id(guess)] is None]
    return None


def _begun(inquiry: Inquiry, diagnosis: Diagnosis, seed: int) -> Iterator[Supposition]:
    """Suppositions of one cell that mend a failing anchor, or of a part of a total in it."""
    own = inquiry.now[seed].cells
    under = (part for cell in own for part in inquiry.figures.under(cell))
    cells = tuple(dict.fromkeys((*own, *under)))
    for slip in diagnosis.slips:
        for cell in cells:
            guess = Supposition(inquiry, diagnosis, slip)
            if slip.factor > 0 and guess.fits(cell) and guess.mends(seed, cell):
                guess.add([cell])
                yield guess


def _rank(guess: Supposition) -> tuple[int, int]:
    return guess.gain, -_size(guess)


def _size(guess: Supposition) -> int:
    return len(guess.cells)


def _rounded(guess: Supposition, inquiry: Inquiry) -> Supposition:
    """The supposition with the blocks in which every figure that tells anything shares it.

    Whole sheets first; where no sheet holds a figure that is right, the rest of this period's
    sheets, with those of comparatives if they are in it; then columns and rows.
    """
    figures = inquiry.figures
    contradicted = False
    for sheet in dict.fromkeys(figures.by_cell[cell].sheet for cell in guess.cells):
        wider = _with_block(guess, figures.inside[sheet], inquiry)
        contradicted |= wider is None
        guess = wider or guess
    times = dict.fromkeys(figures.time_of(cell) for cell in guess.cells)
    if not contradicted and CURRENT in times:
        rest = [cell for time in times for cell in figures.inside[time]]
        guess = _with_block(guess, rest, inquiry) or guess
    lines = [line for cell in guess.cells for line in figures.by_cell[cell].lines]
    for line in dict.fromkeys(lines):
        guess = _with_block(guess, figures.inside[line], inquiry) or guess
    return guess


def _with_block(guess: Supposition, block: Sequence[str], inquiry: Inquiry) -> Supposition | None:
    """The supposition, with the rest of a block if there is enough for it; None: it is refuted."""
    same = [cell for cell in block if inquiry.taken.get(cell) == guess.slip]
    held = len(same) + sum(cell in guess.cells for cell in block)
    more = _heard([cell for cell in block if guess.open(cell)], held, inquiry)
    if not more or len(more) > max(FEW, MOST_OPEN * held):
        return guess
    wider = guess.with_all(more)
    lost = len(wider.broken) > len(guess.broken) or wider.gain < guess.gain
    if lost or wider.contradicted():
        return None
    return wider if wider.gain > guess.gain or len(more) < held else guess


def _heard(more: list[str], held: int, inquiry: Inquiry) -> list[str]:
    """The figures of a block whose part in the mistake can be told.

    One that no relation rests on would never speak against it. It goes with its block only where
    those that do speak outnumber such: one wrong cell tells nothing about the one beside it.
    """
    speaking = [cell for cell in more if inquiry.at.get(cell)]
    mute = len(more) - len(speaking)
    return more if held + len(speaking) > mute else speaking
