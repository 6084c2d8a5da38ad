"""Who has filed for a period: the register beside what came, whatever kept it.

In: rows of the register 名册 and filings, from a run's folder or a ledger alike. Out: one row for
each bank that has to file, what cannot be placed, and the counts. Which of a bank's filings stands
follows the rule of a run: the highest sequence that is not blocked, else the highest.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

from supervise.core.period import Period
from supervise.record import record

State = Literal[
    "filed", "awaiting_explanation", "incomplete", "blocked", "refused", "missing", "not_due"
]
STATES: tuple[State, ...] = (
    "missing",
    "refused",
    "blocked",
    "incomplete",
    "awaiting_explanation",
    "not_due",
    "filed",
)
"""From what most wants doing to what is done."""
STAGES = ("self", "preliminary", "reviewed", "notified", "objected", "final", "archived")
OPEN = frozenset({"missing", "refused", "blocked", "incomplete"})
"""States in which the period's collection is not complete."""
_OF_STATUS: Mapping[str, State] = {
    "passed": "filed",
    "needs_explanation": "awaiting_explanation",
    "incomplete": "incomplete",
    "blocked": "blocked",
}
_ACCEPTED = ("passed", "needs_explanation")
_CODES = re.compile(r"[A-Z0-9]{4,20}")


@record(kw_only=True)
class Registered:
    """A row of the register 名册: a bank that has to file, and until when.

    Attributes:
        type: Bank type id.
        province: Six-digit code.
        due: The last day on which a filing is in time 报送期限.
    """

    code: str
    name: str
    type: str
    province: str
    due: date


@record(kw_only=True)
class Filing:
    """One file that came in. A ledger gives the same as a run's folder.

    Attributes:
        bank: Code as filed; empty for a file that could not be read.
        period: As ``2026Q3``; empty for a file that could not be read.
        status: As in its evaluation document, whether it was replaced later or not.
        received: When it came; None: not known.
        reason: Reason code of a refusal.
        stage: How far the procedure has come 环节: ``preliminary`` … ``archived``.
        file: Base name.
    """

    bank: str
    period: str
    status: str
    sequence: int = 1
    received: date | None = None
    name: str = ""
    type: str = ""
    province: str = ""
    file: str = ""
    sha256: str = ""
    reason: str = ""
    stage: str = ""


@record(kw_only=True)
class StatusRow:
    """One bank of the register and where it stands.

    Attributes:
        filings: All that it filed for the period, by sequence; refused files too.
        standing: The filing that it is judged by; None: none could be read.
        received: When the filing came that decides whether the bank was in time; None: not known.
        days_late: Days after the due date, 0 if in time; None: not known, or nothing came.
        resubmitted: There is a filing with a sequence above 1.
        reopened: A later filing than the one that stands was blocked.
        differs: What filing and register do not agree on: ``name``, ``type``, ``province``.
    """

    bank: Registered
    state: State
    filings: tuple[Filing, ...] = ()
    standing: Filing | None = None
    received: date | None = None
    days_late: int | None = None
    resubmitted: bool = False
    reopened: bool = False
    differs: tuple[str, ...] = ()

    @property
    def late(self) -> bool:
        """It filed after the due date."""
        return bool(self.days_late)


@record(kw_only=True)
class FilingStatus:
    """The whole answer.

    Attributes:
        on: The day for which it is asked; None: no bank is spared because its due date is to come.
        rows: By state, then province, type and code.
        strangers: Filings of banks that are not on the register.
        unknown: Files that could not be read and whose names name no bank of the register.
        other_periods: How many filings were of other periods.
    """

    period: Period
    on: date | None
    rows: tuple[StatusRow, ...]
    strangers: tuple[Filing, ...]
    unknown: tuple[Filing, ...]
    other_periods: int

    def stages(self) -> dict[str, int]:
        """How many banks have come to each stage of the procedure."""
        known = Counter(row.standing.stage for row in self.rows if row.standing is not None)
        return {stage: known[stage] for stage in STAGES if known[stage]}

    def counts(self) -> dict[str, int]:
        """How many banks are in each state, and what cuts across the states."""
        return {
            "registered": len(self.rows),
            **counted(self.rows),
            "not_on_register": len({filing.bank for filing in self.strangers}),
            "unknown_files": len(self.unknown),
            "other_periods": self.other_periods,
        }

    @property
    def complete(self) -> bool:
        """Nothing is missing, blocked, incomplete or refused."""
        strange = any(_of(filing) in OPEN for filing in self.strangers)
        return not (strange or self.unknown or any(row.state in OPEN for row in self.rows))


def counted(rows: Sequence[StatusRow]) -> dict[str, int]:
    """Banks by state, and those late, resubmitted, reopened, of unknown date."""
    states = Counter(row.state for row in rows)
    return {
        **{state: states[state] for state in STATES},
        "late": sum(row.late for row in rows),
        "resubmitted": sum(row.resubmitted for row in rows),
        "reopened": sum(row.reopened for row in rows),
        "undated": sum(bool(row.filings) and row.days_late is None for row in rows),
    }


def filing_status(
    period: Period,
    register: Iterable[Registered],
    filings: Iterable[Filing],
    *,
    on: date | None = None,
) -> FilingStatus:
    """Put what came beside who has to file.

    Args:
        period: The period that is collected.
        register: Every bank once.
        filings: In any order; the same file told twice counts once, as told last.
        on: Banks whose due date is not past on this day and that filed nothing are not missing.
    """
    known = {row.code: row for row in register}
    by_bank: dict[str, list[Filing]] = {code: [] for code in known}
    strangers: list[Filing] = []
    unknown: list[Filing] = []
    others = 0
    for filing in _once(filings):
        code = filing.bank or _named(filing.file, known)
        if filing.period and filing.period != str(period):
            others += 1
        elif code in by_bank:
            by_bank[code].append(filing)
        else:
            (strangers if code else unknown).append(filing)
    rows = [_row(bank, by_bank[bank.code], on) for bank in known.values()]
    return FilingStatus(
        period=period,
        on=on,
        rows=tuple(sorted(rows, key=_order)),
        strangers=tuple(sorted(strangers, key=lambda f: (f.bank, f.sequence, f.file))),
        unknown=tuple(sorted(unknown, key=lambda f: f.file)),
        other_periods=others,
    )


def _once(filings: Iterable[Filing]) -> Iterator[Filing]:
    """Each file once, as the last source tells it: a rerun of the same file says more recently."""
    told: dict[tuple[str, str], Filing] = {}
    for number, filing in enumerate(filings):
        key = (filing.sha256, filing.file) if filing.sha256 else ("", str(number))
        told.pop(key, None)
        told[key] = filing
    yield from told.values()


def _named(file: str, known: Mapping[str, Registered]) -> str:
    """The bank whose code is part of a file's name, if there is one and only one.

    Example:
        >>> due = date(2026, 10, 20)
        >>> bank = Registered(code="B9001H1", name="", type="", province="", due=due)
        >>> _named("b9001h1-2026Q3.xlsx", {"B9001H1": bank})
        'B9001H1'
    """
    found = {word for word in _CODES.findall(file.upper()) if word in known}
    return found.pop() if len(found) == 1 else ""


def _row(bank: Registered, filings: Sequence[Filing], on: date | None) -> StatusRow:
    ordered = sorted(filings, key=lambda f: (f.sequence, f.received or date.min, f.file))
    readable = [filing for filing in ordered if filing.status in _OF_STATUS]
    standing = max(readable, key=_rank, default=None)
    received = _decisive(ordered)
    return StatusRow(
        bank=bank,
        state=_state(bank, ordered, standing, on),
        filings=tuple(ordered),
        standing=standing,
        received=received,
        days_late=max((received - bank.due).days, 0) if received is not None else None,
        resubmitted=any(filing.sequence > 1 for filing in ordered),
        reopened=standing is not None
        and standing.status in _ACCEPTED
        and any(filing.sequence > standing.sequence for filing in readable),
        differs=_differs(bank, standing) if standing is not None else (),
    )


def _state(
    bank: Registered, filings: Sequence[Filing], standing: Filing | None, on: date | None
) -> State:
    if standing is not None:
        return _of(standing)
    if filings:
        return "refused"
    return "not_due" if on is not None and on <= bank.due else "missing"


def _of(filing: Filing) -> State:
    return _OF_STATUS.get(filing.status, "refused")


def _rank(filing: Filing) -> tuple[bool, int]:
    return filing.status != "blocked", filing.sequence


def _decisive(filings: Sequence[Filing]) -> date | None:
    """When the first filing came that could be accepted; without one, the first filing at all.

    A blocked filing keeps no date: what counts is when the office first had something to judge.
    Not known as soon as the date of one of them is not known.
    """
    accepted = [filing for filing in filings if filing.status in _ACCEPTED]
    days = [filing.received for filing in accepted or filings]
    known = [day for day in days if day is not None]
    return min(known) if known and len(known) == len(days) else None


def _differs(bank: Registered, filing: Filing) -> tuple[str, ...]:
    """What a filing says otherwise than the register, where it says anything."""
    pairs = {
        "name": (filing.name, bank.name),
        "type": (filing.type, bank.type),
        "province": (filing.province, bank.province),
    }
    return tuple(what for what, (filed, listed) in pairs.items() if filed and filed != listed)


def _order(row: StatusRow) -> tuple[int, str, str, str]:
    bank = row.bank
    return STATES.index(row.state), bank.province, bank.type, bank.code
