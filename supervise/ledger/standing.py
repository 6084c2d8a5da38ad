"""Which filing stands for a bank and a period, and what is read back of the records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, bindparam, select

from supervise.core.context import PastEvaluation
from supervise.core.period import Period
from supervise.ledger.drafting import unpacked
from supervise.ledger.kinds import BY_CLASS, Kind
from supervise.ledger.later_records import Succession
from supervise.ledger.past import Parse, Summable, constituents, past_of, pro_forma
from supervise.ledger.records import Evaluated, Filed
from supervise.ledger.schema import CHILDREN, DOCUMENTS, RECORDS
from supervise.record import record, replace

R = TypeVar("R")
BLOCKED = "blocked"
_AT_ONCE = 200


@record
class Standing:
    """The filing that stands.

    Attributes:
        evaluation: Its latest evaluation, without measures and findings; None: not judged yet.
        number: Place of that evaluation in the bank's chain; 0: none.
        filings: How many filings there are for the period; of one filing among several, up to it.
    """

    bank: str
    filed: Filed
    evaluation: Evaluated | None
    number: int
    filings: int

    @property
    def accepted(self) -> bool:
        """Judged, and nothing blocks it."""
        return self.evaluation is not None and self.evaluation.status != BLOCKED


def read(
    connection: Connection,
    made: type[R],
    *,
    institutions: Collection[str] | None = None,
    periods: Collection[str] | None = None,
    latest: bool = False,
) -> list[tuple[str, int, R]]:
    """Records of one kind with institution and number, in the order of the chains.

    Args:
        connection: In a transaction.
        made: Their class; children are left out, see ``with_children``.
        institutions: None: of all.
        periods: None: of all.
        latest: Only the last of each key.
    """
    kind = BY_CLASS[made]
    wanted = {"institution": institutions, "period": periods}
    narrow = {name: sorted(several) for name, several in wanted.items() if several is not None}
    found = [
        (institution, number, _record(kind, values))
        for institution, number, *values in connection.execute(_query(kind.name, *narrow), narrow)
    ]
    if latest:
        last = {(i, *(getattr(r, name) for name in kind.key)): (i, n, r) for i, n, r in found}
        found = list(last.values())
    return found


@cache
def _query(kind: str, *narrow: str) -> Select[Any]:
    """Records of a kind, narrowed to values of these columns that are given with the question.

    Made once: a run asks the same of each bank, and to make a statement takes longer than to
    answer it.
    """
    table = RECORDS[kind]
    query = select(table).order_by(table.c.institution, table.c.number)
    for name in narrow:
        query = query.where(table.c[name].in_(bindparam(name, expanding=True)))
    return query


def _record(kind: Kind, values: Sequence[Any]) -> Any:
    return kind.made(**dict(zip(kind.fields, values, strict=True)))


def with_children(connection: Connection, institution: str, number: int, made: R) -> R:
    """A record with the rows that belong to it."""
    kind = BY_CLASS[type(made)]
    rows: dict[str, Any] = {}
    for child in kind.children:
        table = CHILDREN[child.table]
        query = select(*(table.c[name] for name in child.row._fields))
        query = query.where(table.c.institution == institution, table.c.number == number)
        keys = [table.c[name] for name in child.key]
        rows[child.field] = tuple(
            child.row(*one) for one in connection.execute(query.order_by(*keys))
        )
    return replace(made, **rows)


def standing(
    connection: Connection,
    *,
    institutions: Collection[str] | None,
    periods: Collection[str] | None,
) -> dict[tuple[str, str], Standing]:
    """By bank and period: the highest sequence that is judged and not blocked, else the highest.

    The filed version stands until its successor is accepted: a resubmission that is blocked, or
    not judged yet, replaces nothing that was accepted.
    """
    stands: dict[tuple[str, str], Standing] = {}
    for this in filings(connection, institutions=institutions, periods=periods):
        key = (this.bank, this.filed.period)
        before = stands.get(key)
        if before is not None and _rank(before) > _rank(this):
            this = replace(before, filings=this.filings)
        stands[key] = this
    return stands


def filings(
    connection: Connection,
    *,
    institutions: Collection[str] | None,
    periods: Collection[str] | None,
) -> list[Standing]:
    """Every filing with its latest evaluation, a bank's in the order in which they came.

    ``filings`` of each counts those up to it; which of them stands is for ``standing``.
    """
    papers = read(connection, Filed, institutions=institutions, periods=periods)
    if not papers:
        return []
    judged: dict[tuple[str, str, str], tuple[int, Evaluated]] = {}
    for bank, number, found in read(
        connection, Evaluated, institutions=institutions, periods=periods
    ):
        judged[bank, found.period, found.submission] = (number, found)
    known: list[Standing] = []
    count: Counter[tuple[str, str]] = Counter()
    for bank, _, filed in papers:
        count[bank, filed.period] += 1
        number, evaluation = judged.get((bank, filed.period, filed.sha256), (0, None))
        known.append(Standing(bank, filed, evaluation, number, count[bank, filed.period]))
    return known


def _rank(standing: Standing) -> tuple[bool, int]:
    return standing.accepted, standing.filed.sequence


def scored_values(
    connection: Connection, period: str, indicators: Collection[str]
) -> list[tuple[str, int, str, str]]:
    """Values of indicators that have points, of every evaluation of a period."""
    judged, rows = RECORDS["evaluation"], CHILDREN["measures"]
    same = (rows.c.institution == judged.c.institution) & (rows.c.number == judged.c.number)
    query = (
        select(rows.c.institution, rows.c.number, rows.c.indicator, rows.c.value)
        .join(judged, same)
        .where(
            judged.c.period == period,
            rows.c.indicator.in_(sorted(indicators)),
            rows.c.part == "",
            rows.c.value.is_not(None),
            rows.c.points.is_not(None),
        )
    )
    return [tuple(row) for row in connection.execute(query)]


def first_filing(connection: Connection, bank: str, period: str) -> tuple[int, int] | None:
    """Faults of the first filing: checks that block, 需说明 checks unanswered; None: not known."""
    found = read(connection, Evaluated, institutions=[bank], periods=[period])
    first = [evaluation for _, _, evaluation in found if evaluation.sequence == 1]
    return (first[-1].blocking, first[-1].unanswered) if first else None


def history(
    connection: Connection,
    bank: str,
    periods: Sequence[Period],
    *,
    summable: Summable,
    parse: Parse,
) -> dict[str, PastEvaluation]:
    """What a bank's evaluation compares with: its own past, or that of those it continues.

    Only accepted filings count. A period for which a predecessor's filing is not known is left
    out: part of a sum would pass for the whole.
    """
    successions = [(to, one) for to, _, one in read(connection, Succession)]
    wanted = {period: constituents(bank, period, successions) for period in periods}
    names = {name for several in wanted.values() for name in several}
    stands = standing(connection, institutions=names, periods=[str(p) for p in periods])
    accepted = {key: one for key, one in stands.items() if one.accepted}
    known = _excerpts(connection, accepted.values(), parse)
    found: dict[str, PastEvaluation] = {}
    for period in sorted(wanted):
        parts = [known.get((name, str(period))) for name in wanted[period]]
        whole = [part for part in parts if part is not None]
        if whole and len(whole) == len(parts):
            alone = len(whole) == 1
            found[str(period)] = whole[0] if alone else pro_forma(period, whole, summable)
    return found


def _excerpts(
    connection: Connection, stands: Iterable[Standing], parse: Parse
) -> dict[tuple[str, str], PastEvaluation]:
    return {
        (one.bank, one.filed.period): past_of(data, parse)
        for one, data in excerpts(connection, stands)
    }


def excerpts(
    connection: Connection, stands: Iterable[Standing]
) -> Iterator[tuple[Standing, bytes]]:
    """The excerpt of each evaluation, some at a time: thousands would fill the memory."""
    source = iter(stands)
    while some := list(islice(source, _AT_ONCE)):
        wanted = {(one.bank, one.number): one for one in some}
        query = select(DOCUMENTS.c.institution, DOCUMENTS.c.number, DOCUMENTS.c.past).where(
            DOCUMENTS.c.institution.in_({bank for bank, _ in wanted}),
            DOCUMENTS.c.number.in_({number for _, number in wanted}),
        )
        for bank, number, packed in connection.execute(query):
            if (bank, number) in wanted:
                yield wanted[bank, number], unpacked(packed)
