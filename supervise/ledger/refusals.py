"""Refused files that belong to a period, though nobody knows for sure of which bank they are."""

from __future__ import annotations

from sqlalchemy import Connection, select

from supervise.ledger.records import OFFICE, Refused
from supervise.ledger.schema import LINKS, RECORDS
from supervise.ledger.standing import read


def refusals(connection: Connection, period: str) -> list[Refused]:
    """What was refused for a period and was not taken later, by file name.

    A file that tells no period belongs to those of the run that refused it. The same bytes filed
    after all, e.g. once another file of the same number was withdrawn, are no longer refused.

    Args:
        connection: In a transaction.
        period: As ``2026Q3``.
    """
    runs = _runs_of(connection, period)
    found = read(connection, Refused, institutions=[OFFICE], periods=[period, ""], latest=True)
    ours = {number for number, run in _refused_in(connection) if run in runs}
    taken = _filed(connection, {one.sha256 for _, _, one in found})
    kept = [
        one
        for _, number, one in found
        if (one.period or number in ours) and one.sha256 not in taken
    ]
    return sorted(kept, key=lambda one: (one.file, one.sha256))


def _runs_of(connection: Connection, period: str) -> set[str]:
    """Runs that appended a result for the period."""
    table = RECORDS["evaluation"]
    same = (LINKS.c.institution == table.c.institution) & (LINKS.c.number == table.c.number)
    query = select(LINKS.c.run).distinct().join(table, same).where(table.c.period == period)
    return {run for run in connection.execute(query).scalars() if run}


def _refused_in(connection: Connection) -> list[tuple[int, str]]:
    query = select(LINKS.c.number, LINKS.c.run).where(
        LINKS.c.institution == OFFICE, LINKS.c.kind == "refusal"
    )
    return [(number, run) for number, run in connection.execute(query)]


def _filed(connection: Connection, digests: set[str]) -> set[str]:
    table = RECORDS["submission"]
    query = select(table.c.sha256).where(table.c.sha256.in_(sorted(digests)))
    return set(connection.execute(query).scalars())
