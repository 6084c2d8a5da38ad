"""Headline figures of a bank at its quarter ends, from its profile.

Four quarter ends are the model's own. Those between them lie on the way from one to the next:
lending runs ahead of the calendar in a year's first half, and ratios waver a little.

Amounts are integers in units of 0.01 万元 (100 元), the last digit that a form shows; counts are
integers. Every later step only divides these figures up, so that what a form adds up to is exact.
"""

from __future__ import annotations

import random
from fractions import Fraction

from samples.profile import Profile, percent
from supervise.record import record, replace

YI = 1_000_000
ANCHORS = ("2024Q4", "2025Q3", "2025Q4", "2026Q3")
LAST_YEAR_END = "2025Q4"
"""Year-to-date growth of a profile starts here."""
OF_YEAR = {"1": Fraction(29, 100), "2": Fraction(54, 100), "3": Fraction(77, 100), "4": Fraction(1)}
"""What is lent in a year up to the end of each quarter."""
ON_THE_WAY = {"1": Fraction(41, 100), "2": Fraction(74, 100), "3": Fraction(1)}
"""How far a balance has come by then on its way from the year's start to its third quarter."""
WAVER = 6
"""Ratios between the model's own quarter ends waver by so many thousandths of themselves."""
BILL_RATE = Fraction(17, 1000)


@record(kw_only=True)
class Closing:
    """A bank at the end of a period; flows run from 1 January.

    Attributes:
        small: 普惠型小微企业贷款 without bills; ``small_bills`` comes on top.
        lent: 当年累放 without bills; ``lent_bills`` comes on top.
        first: 首贷户 up to 1000 万元.
    """

    loans: int
    bills: int
    npl: int
    small: int
    small_bills: int
    small_npl: int
    borrowers: int
    bill_borrowers: int
    credit: int
    medium: int
    renewal: int
    firm: int
    private: int
    srdi: int
    tech: int
    overlap: int
    lent: int
    lent_bills: int
    lent_borrowers: int
    interest: int
    first: int
    due: int
    renewed: int


def closing(profile: Profile, period: str) -> Closing:
    """The headline figures of ``profile`` at the end of ``period``."""
    dice = random.Random(profile.code)
    spread = Fraction(dice.randrange(98_700, 101_300), 100_000)
    made = _made(profile, period, Fraction(1) if profile.exact else spread)
    return replace(made, **profile.closings.get(period, {}))


def grown(now: Fraction, growth: str, last: str, period: str) -> Fraction:
    """A balance or count at ``period`` that grew to ``now``."""
    year, quarter = period.split("Q")
    start = now / (1 + percent(growth))
    if year == "2026":
        return start + (now - start) * ON_THE_WAY[quarter]
    end = start / (1 + percent(last)) ** (2025 - int(year))
    if quarter == "4":
        return end
    third = end / (1 + percent(last) / 4)
    opening = end / (1 + percent(last))
    return opening + (third - opening) * ON_THE_WAY[quarter]


def quarters_ago(period: str) -> int:
    """Quarters from ``period`` to the last one of the samples."""
    year, quarter = period.split("Q")
    return (2026 - int(year)) * 4 + 3 - int(quarter)


def _made(profile: Profile, period: str, spread: Fraction) -> Closing:
    book = profile.book
    now = Fraction(book.small) * YI * spread
    small = grown(now, book.growth, book.growth_last, period)
    loans = grown(now / percent(book.share), book.all_growth, book.all_growth_last, period)
    lent = small * percent(book.turnover) * OF_YEAR[period[-1]]
    lent_borrowers = lent / 5_200
    dice = None if period in ANCHORS else random.Random(f"{profile.code} {period}")
    step = _Steps(Fraction(quarters_ago(period), 4), dice)
    key = grown(now * Fraction(16, 100), book.key_growth, book.growth_last, period)
    due = lent * Fraction(68, 100)
    whole = round(loans)
    bills = round(whole * percent(book.bills) / (1 - percent(book.bills)))
    return Closing(
        loans=whole + bills,
        bills=bills,
        npl=round(whole * step(book.npl, book.npl_step)),
        small=round(small),
        small_bills=round(small * Fraction(14, 1000)),
        small_npl=round(small * step(book.small_npl, book.npl_step)),
        borrowers=round(grown(now / 6_400, book.borrowers_growth, book.growth_last, period)),
        bill_borrowers=max(1, round(small / 1_400_000)),
        credit=round(small * step(book.credit, book.credit_step)),
        medium=round(small * step(book.medium, book.medium_step)),
        renewal=round(small * step(book.renewal, book.renewal_step)),
        firm=round(small * step(book.firm, book.firm_step)),
        private=round(grown(now * Fraction(11, 10), book.private_growth, book.growth_last, period)),
        srdi=round(key * Fraction(52, 100)),
        tech=round(key * Fraction(66, 100)),
        overlap=round(key * Fraction(18, 100)),
        lent=round(lent),
        lent_bills=round(lent * Fraction(3, 100)),
        lent_borrowers=round(lent_borrowers),
        interest=round(lent * step(book.rate, book.rate_step)),
        first=round(lent_borrowers * step(book.first, book.first_step)),
        due=round(due),
        renewed=round(due * step(book.renewed, book.renewed_step)),
    )


@record
class _Steps:
    """A ratio that moves by ``step`` percentage points a year, seen some years back."""

    years_ago: Fraction
    dice: random.Random | None

    def __call__(self, now: str, step: str) -> Fraction:
        straight = percent(now) - percent(step) * self.years_ago
        if self.dice is None:
            return straight
        return straight * (1 + Fraction(self.dice.randint(-WAVER, WAVER), 1000))
