"""Who files what and when: every file of a quarter with the outcome that it must have.

The plan follows from the wish alone. Outcomes are stated here and in ``faults`` and ``hostile``,
by hand: the program that is to be judged by them is not asked.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from samples.profile import Profile

from quarter.faults import FAULTS
from quarter.hostile import HOSTILE
from quarter.population import population
from supervise.core.period import Period
from supervise.record import record, replace

GOOD, MENDED = "good", "mended"
RURAL = ("rural_commercial", "rural_cooperative", "rural_credit", "village")
LATE_SHARE, MISSING_SHARE = 0.03, 0.015
OUTSIDERS_EACH = 500
"""Of so many good banks one is not on the register."""


@record(kw_only=True)
class Wish:
    """What kind of quarter.

    Attributes:
        count: Files in all.
        faults: Share of files with a fault; ``hostile``: of hostile files; ``resubmissions``: of
            files that replace an earlier one.
    """

    count: int
    period: str = "2026Q3"
    faults: float = 0.08
    hostile: float = 0.0
    resubmissions: float = 0.03
    seed: int = 1


@record(kw_only=True)
class Planned:
    """One file and what must come of it.

    Attributes:
        kind: ``good``, ``mended``, a key of ``FAULTS`` or of ``HOSTILE``.
        status: Status of the evaluation document; ``refusal``: reason code.
        stands: The bank is judged by this file; an earlier or later one may stand instead.
    """

    bank: Profile
    file: str
    received: date
    kind: str = GOOD
    sequence: int = 1
    reason: str = ""
    status: str = "passed"
    refusal: str | None = None
    checks: tuple[str, ...] = ()
    stands: bool = True


@record(kw_only=True)
class Registered:
    """A bank of the register and what ``supervise status`` must say of it.

    Attributes:
        state: As in the status document.
        listed: It is on the register.
    """

    bank: Profile
    due: date
    state: str
    late: bool = False
    resubmitted: bool = False
    listed: bool = True


@record
class Quarter:
    """A whole quarter."""

    wish: Wish
    files: tuple[Planned, ...]
    banks: tuple[Registered, ...]


def plan(wish: Wish) -> Quarter:
    """Deal out files, faults and dates; the same for the same wish."""
    dice = random.Random(f"{wish.seed} plan {wish.period} {wish.count}")
    chains = round(wish.count * wish.resubmissions)
    filing = wish.count - chains
    silent = max(2, round(filing * MISSING_SHARE))
    everybody = population(filing + silent, wish.seed)
    quiet = _quiet(everybody, silent, dice)
    banks = [bank for n, bank in enumerate(everybody) if n not in quiet]
    kinds = _kinds(banks, wish, chains, dice)
    files: list[Planned] = []
    rows: list[Registered] = []
    good = [bank.code for bank, kind in zip(banks, kinds, strict=True) if kind == GOOD]
    outside = set(good[::OUTSIDERS_EACH])
    for bank, kind in zip(banks, kinds, strict=True):
        due = due_of(bank, wish.period)
        some = list(_files(bank, kind, due, wish, dice))
        files += some
        row = _row(bank, due, some)
        rows.append(replace(row, listed=bank.code not in outside))
    for n in sorted(quiet):
        due = due_of(everybody[n], wish.period)
        rows.append(Registered(bank=everybody[n], due=due, state="missing"))
    return Quarter(wish, tuple(files), tuple(rows))


def due_of(bank: Profile, period: str) -> date:
    """Until when a bank must file."""
    last = Period.parse(period).last_day
    return last + timedelta(days=25 if bank.type in RURAL else 20)


def _quiet(banks: Sequence[Profile], count: int, dice: random.Random) -> set[int]:
    """Banks that file nothing: none that a branch needs."""
    parents = {bank.parent for bank in banks}
    able = [n for n, bank in enumerate(banks) if bank.code not in parents]
    return set(dice.sample(able, count))


def _kinds(banks: Sequence[Profile], wish: Wish, chains: int, dice: random.Random) -> list[str]:
    """What befalls each bank: kinds in turn, each to a bank that it can befall."""
    dealt = [GOOD] * len(banks)
    order = list(range(len(banks)))
    dice.shuffle(order)
    wanted = [f"chain {n % len(CHAINS)}" for n in range(chains)]
    for table, share in ((tuple(HOSTILE), wish.hostile), (tuple(FAULTS), wish.faults)):
        wanted += [table[n % len(table)] for n in range(round(wish.count * share))]
    for kind in wanted:
        at = next((n for n in order if _can(banks[n], kind)), None)
        if at is None:
            raise ValueError("more faults, hostile files and resubmissions than banks")
        order.remove(at)
        dealt[at] = kind
    return dealt


def _can(bank: Profile, kind: str) -> bool:
    return kind not in FAULTS or FAULTS[kind].fits(bank)


CHAINS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("accepted", ("cross_foot", MENDED)),
    ("accepted", ("unanswered", MENDED)),
    ("blocked", (GOOD, "closing_differs")),
    ("without a reason", (GOOD, "no_reason")),
    ("one number twice", (GOOD, GOOD)),
)
"""Resubmissions: how they end, and the kinds of the two files."""


def _files(
    bank: Profile, kind: str, due: date, wish: Wish, dice: random.Random
) -> Iterator[Planned]:
    """The file or the two files of one bank."""
    received = _day(due, wish, dice)
    if not kind.startswith("chain"):
        yield _outcome(_file(bank, wish.period, received), kind)
        return
    ending, kinds = CHAINS[int(kind.split()[1])]
    first = _outcome(_file(bank, wish.period, received), kinds[0])
    later = received + timedelta(days=dice.randint(2, 9))
    if ending == "one number twice":
        again = replace(first, file=first.file.replace(".xlsx", "(2).xlsx"), received=later)
        for each in (first, again):
            yield replace(each, status="refused", refusal="duplicate_submission", stands=False)
        return
    second = _outcome(_file(bank, wish.period, later, sequence=2), kinds[1])
    accepted = ending == "accepted"
    yield replace(first, stands=not accepted)
    yield replace(second, stands=accepted)


def _file(bank: Profile, period: str, received: date, *, sequence: int = 1) -> Planned:
    reason = "自查发现差错，已更正" if sequence > 1 else ""
    return Planned(
        bank=bank,
        file=f"{bank.code}-{period}-{sequence}.xlsx",
        received=received,
        sequence=sequence,
        reason=reason,
    )


def _outcome(file: Planned, kind: str) -> Planned:
    """The file with what is wrong with it and what comes of that."""
    file = replace(file, kind=kind)
    if kind in HOSTILE:
        return replace(file, status="refused", refusal=HOSTILE[kind][0], stands=False)
    if kind == "no_reason":
        return replace(file, reason="", status="blocked", checks=("COVER_001",))
    if kind not in FAULTS:
        return file
    fault = FAULTS[kind]
    return replace(
        file,
        file=file.file.removesuffix(".xlsx") + fault.suffix,
        status=fault.status,
        refusal=fault.refusal,
        checks=fault.checks,
        stands=fault.status != "refused",
    )


def _day(due: date, wish: Wish, dice: random.Random) -> date:
    """When a file comes: mostly in the last days, now and then too late."""
    if dice.random() < LATE_SHARE:
        return due + timedelta(days=dice.randint(1, 9))
    window = (due - Period.parse(wish.period).last_day).days
    return due - timedelta(days=min(int(dice.expovariate(0.25)), window - 3))


STATES = {"passed": "filed", "needs_explanation": "awaiting_explanation"}


def _row(bank: Profile, due: date, files: Sequence[Planned]) -> Registered:
    standing = next((file for file in files if file.stands), None)
    status = standing.status if standing is not None else "refused"
    accepted = [file for file in files if file.status in STATES]
    first = min(file.received for file in accepted or files)
    return Registered(
        bank=bank,
        due=due,
        state=STATES.get(status, status),
        late=first > due,
        resubmitted=any(file.sequence > 1 for file in files),
    )
