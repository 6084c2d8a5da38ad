"""Banks that need attention 需关注机构, each with its reasons, the gravest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Literal, get_args

from supervise.core.region.figures import BankFigures
from supervise.core.region.league import Ranked, grade_step
from supervise.record import record

Kind = Literal[
    "blocked",
    "veto",
    "lowest_grade",
    "incomplete",
    "near_veto",
    "span",
    "unmet_duty",
    "grade_fell",
    "fall",
]
GRAVITY: tuple[Kind, ...] = get_args(Kind)

FALL = Fraction(3)
"""House: a total that fell by as many points is worth a look."""


@record(kw_only=True)
class Reason:
    """Why a bank needs attention.

    Attributes:
        names: Vetoes, duties, checks or grades that it is about.
        figure: Points that it is about.
        n: Findings or parts that it is about.
    """

    kind: Kind
    names: tuple[str, ...] = ()
    figure: Fraction | None = None
    n: int = 0


@record(kw_only=True)
class Attention:
    """One bank with its reasons; ``rank`` is None while it is blocked."""

    bank: BankFigures
    rank: int | None
    change: Fraction | None
    reasons: tuple[Reason, ...]


def attention(
    rows: Iterable[Ranked], blocked: Iterable[BankFigures], order: Sequence[str]
) -> tuple[Attention, ...]:
    """Every bank with at least one reason.

    Args:
        rows: The league table, and the branches'.
        blocked: Banks without a rank.
        order: Grade ids, best first.
    """
    found = [
        Attention(bank=bank, rank=None, change=None, reasons=(_blocked(bank),)) for bank in blocked
    ]
    for row in rows:
        reasons = tuple(sorted(_reasons(row, order), key=lambda r: GRAVITY.index(r.kind)))
        if reasons:
            found.append(
                Attention(bank=row.bank, rank=row.rank, change=row.change, reasons=reasons)
            )
    return tuple(sorted(found, key=_gravity))


def _gravity(one: Attention) -> tuple[int, int, Fraction, str]:
    worst = min(GRAVITY.index(reason.kind) for reason in one.reasons)
    return worst, -len(one.reasons), one.bank.total, one.bank.code


def _blocked(bank: BankFigures) -> Reason:
    stopped = [f for f in bank.findings if f.severity == "blocking"]
    return Reason(kind="blocked", names=tuple(f.name for f in stopped), n=sum(f.n for f in stopped))


def _reasons(row: Ranked, order: Sequence[str]) -> Iterator[Reason]:
    bank, graded = row.bank, row.bank.grade
    if graded.vetoes:
        yield Reason(kind="veto", names=graded.vetoes)
    elif order and graded.id == order[-1]:
        yield Reason(kind="lowest_grade", names=(graded.label,))
    if bank.status == "incomplete":
        names = tuple(dict.fromkeys(check.name for check in bank.not_run))
        yield Reason(kind="incomplete", names=names, n=len(names))
    if graded.near:
        yield Reason(kind="near_veto", names=graded.near, figure=bank.regular)
    if graded.reason == "span":
        yield Reason(kind="span", n=bank.open_parts)
    unmet = unmet_duties(bank)
    if unmet:
        yield Reason(kind="unmet_duty", names=unmet, n=len(unmet))
    yield from _worse(row, order)


def _worse(row: Ranked, order: Sequence[str]) -> Iterator[Reason]:
    """A worse grade than before, or a total that fell far."""
    step = grade_step(row, order)
    if step is not None and step < 0:
        yield Reason(kind="grade_fell", names=(row.before, row.bank.grade.id), figure=row.change)
    elif row.change is not None and row.change <= -FALL:
        yield Reason(kind="fall", figure=row.change)


def unmet_duties(bank: BankFigures) -> tuple[str, ...]:
    """Names of the duties that a bank does not meet."""
    return tuple(
        demand.name
        for figure in bank.indicators
        for demand in figure.demands
        if demand.kind == "duty" and demand.status == "unmet"
    )
