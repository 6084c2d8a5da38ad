"""No two banks alike: levels shifted a little for each bank, seeded by its code.

Figures that are compared with one another shift together, and changes over time keep their
sign, so that a bank's role stays what its profile says.
"""

from __future__ import annotations

import random
from decimal import Decimal

from samples.profile import LoanBook, Mechanism, Profile
from supervise.record import replace

GROWTH = ("growth", "all_growth", "private_growth", "key_growth")
GROWTH_LAST = ("growth_last", "all_growth_last")
LEVELS = {"credit": 350, "medium": 420, "renewal": 260, "firm": 600, "first": 320, "renewed": 500}
LEVELS |= {"rate": 24, "bills": 160, "turnover": 1100}
BAD = ("npl", "small_npl")
STEPS = (
    "rate_step", "credit_step", "medium_step", "renewal_step", "firm_step", "first_step",
    "renewed_step", "borrowers_growth",
)  # fmt: skip
USUAL = Mechanism()


def varied(profile: Profile) -> Profile:
    """``profile`` with its own levels; unchanged where a role hangs on the last digit."""
    if profile.exact or not Decimal(profile.book.small_npl):
        return profile
    dice = random.Random(f"levels {profile.code}")
    return replace(
        profile,
        book=_book(profile.book, dice),
        mechanism=_mechanism(profile.mechanism, dice),
    )


def _book(book: LoanBook, dice: random.Random) -> LoanBook:
    changed: dict[str, str] = {}
    for names, most in ((GROWTH, 110), (GROWTH_LAST, 90), (BAD, 14)):
        shift = Decimal(dice.randint(-most, most)) / 100
        changed |= {name: str(Decimal(getattr(book, name)) + shift) for name in names}
    for name, most in LEVELS.items():
        shift = Decimal(dice.randint(-most, most)) / 100
        changed[name] = str(Decimal(getattr(book, name)) + shift)
    for name in STEPS:
        factor = Decimal(dice.randint(75, 125)) / 100
        changed[name] = str(Decimal(getattr(book, name)) * factor)
    return replace(book, **changed)


def _mechanism(way: Mechanism, dice: random.Random) -> Mechanism:
    """Other numbers than the usual ones, where the profile leaves the usual ones."""
    more, ftp = dice.randint(0, 16), 50 + 5 * dice.randint(0, 5)
    tolerance = dice.choice(("1.5", "2", "2.5", "3"))
    coordination = str(Decimal(dice.randint(520, 790)) / 10)
    changed: dict[str, object] = {}
    if way.due == way.determined == USUAL.due:
        changed |= {"due": way.due + more, "determined": way.determined + more}
        if way.exempted:
            changed["exempted"] = way.exempted + dice.randint(0, more)
    if way.ftp == USUAL.ftp:
        changed["ftp"] = str(ftp)
    if way.tolerance == USUAL.tolerance:
        changed["tolerance"] = tolerance
    if way.coordination == USUAL.coordination:
        changed["coordination"] = coordination
    return replace(way, **changed)
