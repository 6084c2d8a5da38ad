"""The institutions of a quarter: all types in about the proportions in which they exist.

What a bank is follows from the seed and its number alone, so that the same seed gives the same
banks in every period. Performance hangs on one quality from 0 (weak) to 1 (sound) and some luck.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal

from samples.figures import PROVINCES
from samples.profile import LoanBook, Mechanism, Profile

from quarter.names import CREDIT_CODES, code_of, name_of
from supervise.record import record, replace

BRANCH = "branch"
PARENTS = ("large", "joint_stock")


@record
class Trait:
    """What institutions of one type are like.

    Attributes:
        share: How many there are among some 4,500.
        small: Least and most 普惠型小微企业贷款, 亿元.
        part: Least and most share of it in all loans, per cent.
        rate: Least and most loan rate, per cent.
        npl: Least and most NPL ratio of all loans, per cent.
        branches: Least and most branches.
    """

    share: int
    small: tuple[float, float]
    part: tuple[float, float]
    rate: tuple[float, float]
    npl: tuple[float, float]
    branches: tuple[int, int]


KINDS = {
    "policy": Trait(3, (300, 3000), (3, 9), (3.0, 3.6), (0.5, 1.0), (5, 8)),
    "large": Trait(6, (4000, 26000), (11, 17), (3.2, 3.8), (1.1, 1.5), (6, 10)),
    "joint_stock": Trait(12, (1500, 9000), (12, 19), (3.5, 4.3), (1.0, 1.8), (5, 10)),
    "city": Trait(124, (40, 2400), (15, 36), (3.9, 5.2), (1.0, 2.2), (4, 8)),
    "private": Trait(19, (60, 900), (40, 68), (5.2, 8.6), (1.2, 2.0), (0, 0)),
    "direct": Trait(2, (40, 400), (30, 55), (5.0, 8.0), (1.1, 1.9), (0, 0)),
    "foreign": Trait(41, (9, 120), (5, 14), (3.8, 5.0), (0.6, 1.4), (2, 4)),
    "rural_commercial": Trait(1560, (18, 900), (22, 52), (4.1, 6.0), (1.2, 2.9), (4, 9)),
    "rural_cooperative": Trait(23, (15, 80), (30, 55), (4.5, 6.2), (1.5, 3.0), (3, 6)),
    "rural_credit": Trait(458, (9, 120), (28, 55), (4.6, 6.6), (1.8, 3.4), (3, 6)),
    "village": Trait(1538, (1.6, 24), (55, 82), (5.0, 7.2), (1.4, 3.0), (1, 4)),
    BRANCH: Trait(648, (60, 1600), (10, 22), (3.2, 4.4), (0.7, 1.8), (3, 6)),
}
TOO_SMALL = 8
"""亿元 of small loans below which a bank has no part in the coordination mechanism."""
QUALITY = (1.7, 2.0)
"""Two shape parameters of the Beta distribution that qualities are drawn from."""
HEAVY = ("440000", "330000", "370000", "320000", "410000", "510000")
"""Provinces where more banks are."""


def kinds(count: int) -> list[str]:
    """The type of each of ``count`` banks, parents before their branches.

    From a dozen banks on every type has one; the rest are shared out by largest remainder.
    """
    least = 1 if count >= len(KINDS) else 0
    whole, left = sum(trait.share for trait in KINDS.values()), count - least * len(KINDS)
    exact = {kind: left * trait.share for kind, trait in KINDS.items()}
    given = {kind: least + amount // whole for kind, amount in exact.items()}
    order = sorted(exact, key=lambda kind: (-(exact[kind] % whole), kind))
    for kind in order[: count - sum(given.values())]:
        given[kind] += 1
    if not any(given[kind] for kind in PARENTS):
        given["rural_commercial"] += given.pop(BRANCH)
    return [kind for kind in KINDS for _ in range(given.get(kind, 0))]


def population(count: int, seed: int) -> list[Profile]:
    """``count`` banks, the same ones for the same seed and count."""
    banks: list[Profile] = []
    parents: list[Profile] = []
    for number, kind in enumerate(kinds(count)):
        dice = random.Random(f"{seed} bank {number}")
        if kind == BRANCH:
            banks.append(_branch(number, parents, dice))
        else:
            banks.append(_legal_person(number, kind, dice))
            if kind in PARENTS:
                parents.append(banks[-1])
    return banks


def _legal_person(number: int, kind: str, dice: random.Random) -> Profile:
    province = _province(dice)
    quality = dice.betavariate(*QUALITY)
    no_branches = KINDS[kind].branches == (0, 0)
    online = kind != "village" or dice.random() < 0.3
    book = _book(kind, quality, dice)
    profile = Profile(
        file="",
        role="",
        code=code_of(number, kind, province),
        name=name_of(number, kind),
        type=kind,
        province=province,
        credit_code=kind in CREDIT_CODES,
        book=book,
        mechanism=_mechanism(kind, quality, dice),
        opened_on=f"{dice.randint(1996, 2018)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
        nil=("XW6",) if Decimal(book.small) < TOO_SMALL else (),
    )
    way = replace(profile.mechanism, online=online)
    if no_branches:
        way = replace(way, weights=())
    if Decimal(book.growth) < Decimal(book.all_growth) and dice.random() < 0.05:
        profile = replace(profile, differentiated=f"示例金监函〔2026〕{number % 90 + 10}号")
    return replace(profile, mechanism=way)


def _branch(number: int, parents: Sequence[Profile], dice: random.Random) -> Profile:
    parent = parents[number % len(parents)]
    places = [code for code in PROVINCES if code != parent.province]
    province = places[(number // len(parents)) % len(places)]
    quality = dice.betavariate(*QUALITY)
    short = parent.name.removesuffix("股份有限公司")
    way = replace(_mechanism(BRANCH, quality, dice), branch_level="二级分行")
    return Profile(
        file="",
        role="",
        code=code_of(number, parent.type, province, branch=True),
        name=f"{short}{PROVINCES[province]}第{number}分行",
        type=parent.type,
        province=province,
        branch=True,
        parent=parent.code,
        not_applicable=("XW4", "XW7"),
        book=_book(BRANCH, quality, dice),
        mechanism=way,
        opened_on="2004-06-30",
    )


def _province(dice: random.Random) -> str:
    return dice.choice(HEAVY) if dice.random() < 0.35 else dice.choice(tuple(PROVINCES))


def _two(value: float) -> str:
    return f"{value:.2f}"


def _between(span: tuple[float, float], dice: random.Random) -> str:
    return _two(dice.uniform(*span))


def _size(span: tuple[float, float], dice: random.Random) -> str:
    """Many small ones, few large ones: even on a logarithmic scale."""
    low, high = span
    return _two(low * (high / low) ** dice.random())


def _book(kind: str, quality: float, dice: random.Random) -> LoanBook:
    trait, luck = KINDS[kind], dice.gauss(0, 1)
    npl, part = dice.uniform(*trait.npl), dice.uniform(*trait.part)
    # The bad small loans are a part of all bad loans: the rest of the book has some too.
    small_npl = min(npl + max(0.05, 3.3 - quality * 3.6 + luck * 0.3), npl * 88 / part)
    all_growth = dice.uniform(2.5, 7.5)
    lead = quality * 6.5 - 1.6 + luck * 0.6
    used = min(max(62 + quality * 34 + luck * 3, 45), 99)
    return LoanBook(
        small=_size(trait.small, dice),
        share=_two(part),
        growth=_two(all_growth + lead),
        growth_last=_two(all_growth + lead + dice.uniform(0.5, 3)),
        all_growth=_two(all_growth),
        all_growth_last=_two(all_growth + dice.uniform(0.3, 2.4)),
        borrowers_growth=_two(quality * 9 - 3 + dice.gauss(0, 0.8)),
        bills=_between((2.5, 7), dice),
        plan_done=_two(78 + quality * 26 + luck * 2),
        rate=_between(trait.rate, dice),
        rate_step=_two(0.22 - quality * 0.6 + dice.gauss(0, 0.05)),
        npl=_two(npl),
        npl_step=_two(dice.uniform(-0.09, 0.06)),
        small_npl=_two(small_npl),
        credit=_between((18, 38), dice),
        credit_step=_two(quality * 3.2 - 1.2 + dice.gauss(0, 0.3)),
        medium=_between((30, 42), dice),
        medium_step=_two(quality * 2.4 - 0.9 + dice.gauss(0, 0.3)),
        renewal=_between((8, 13.5), dice),
        renewal_step=_two(quality * 2.0 - 0.7 + dice.gauss(0, 0.2)),
        firm=_between((36, 56), dice),
        firm_step=_two(quality * 1.6 - 0.6 + dice.gauss(0, 0.2)),
        private_growth=_two(all_growth + lead - dice.uniform(0, 1.5)),
        first=_between((12, 23), dice),
        first_step=_two(quality * 1.9 - 0.8 + dice.gauss(0, 0.2)),
        renewed=_between((30, 46), dice),
        renewed_step=_two(quality * 2.6 - 0.6),
        key_growth=_two(2 + quality * 13 + luck),
        turnover=_between((70, 115), dice),
        used=_two(used),
        tilt=_two(0.75 + (1 - quality) * 0.5),
    )


def _mechanism(kind: str, quality: float, dice: random.Random) -> Mechanism:
    def has(doubt: float) -> bool:
        return dice.random() < 1 - doubt * (1 - quality)

    floor = 10 if has(0.6) else dice.choice((6, 7, 8, 8.5, 9, 9.5))
    count = dice.randint(*KINDS[kind].branches)
    weights = [floor + dice.randint(0, 8) / 2 for _ in range(count)]
    due = dice.randint(3, 30)
    determined = due if has(0.9) else round(due * dice.uniform(0.5, 0.95))
    rules = has(0.15)
    violations = 0 if has(0.5) else dice.randint(1, 2)
    return Mechanism(
        weights=tuple(f"{weight:g}" for weight in (float(floor), *weights[1:]) if count),
        branch_level="一级分行" if kind in (*PARENTS, "foreign", "policy") else "支行",
        departments=has(0.3),
        ftp=str(5 * dice.randint(10, 15) if has(0.7) else 5 * dice.randint(4, 9)),
        bonus=has(0.5),
        plan=has(0.4),
        rules=rules,
        linked=rules and has(0.5),
        reviewed_on="2026-05-18" if has(0.6) else "2024-11-08",
        due=due,
        determined=determined,
        exempted=round(determined * dice.uniform(0, 0.7)) if has(0.6) else 0,
        tolerance=dice.choice(("1.5", "2", "2.5", "3")) if has(0.4) else "3.6",
        in_appraisal=has(0.4),
        violations=violations,
        review=has(0.25),
        independent=has(0.4),
        coordination=_two(34 + quality * 34 + dice.gauss(0, 4)),
        lending=_between((55, 90), dice),
        disclosed=_between((60, 97), dice) if dice.random() < 0.3 else "",
        platform=has(0.4),
        technology=_two(5 + quality * 9),
    )
