"""Drafts → chained rows: the one place where a ledger grows.

Runs inside a transaction that excludes other writers of the same chains, so that what it reads
of them cannot change under its hands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from supervise.errors import LedgerError
from supervise.ledger.canonical import BEGINNING, chained
from supervise.ledger.connecting import bulk
from supervise.ledger.drafting import Draft
from supervise.ledger.faults import fault
from supervise.ledger.schema import CHILDREN, DOCUMENTS, LINKS, RECORDS
from supervise.record import record

Group = tuple[str, Sequence[Draft]]
"""An institution and what is to be appended to its chain, all or nothing."""


@record
class _Entry:
    """A record that a chain has, or will have with what is being appended."""

    number: int
    digest: str
    draft: Draft | None = None


Known = dict[tuple[str, str, str], list[_Entry]]


@record
class Appended:
    """What became of an appending.

    Attributes:
        added: Records that were new.
        known: Records that the ledger had already.
        rejected: Institutions whose group contradicts what stands, with the reason; nothing of
            such a group was appended.
    """

    added: int = 0
    known: int = 0
    rejected: tuple[tuple[str, LedgerError], ...] = ()

    def __add__(self, other: Appended) -> Appended:
        return Appended(
            self.added + other.added, self.known + other.known, self.rejected + other.rejected
        )


def append_groups(connection: Connection, groups: Sequence[Group], run: str) -> Appended:
    """Append each group whole, or reject it.

    Args:
        connection: In a writing transaction over all institutions named.
        groups: An institution may occur more than once.
        run: Identifier of the run; empty: none.
    """
    work = _Appending(connection, groups, run)
    for institution, drafts in groups:
        work.take(institution, drafts)
    work.write()
    return Appended(work.added, work.known_already, tuple(work.rejected))


class _Appending:
    """Rows collected in memory until everything is decided."""

    def __init__(self, connection: Connection, groups: Sequence[Group], run: str) -> None:
        self._connection = connection
        self._stamp = (run, datetime.now(UTC).isoformat(timespec="seconds"))
        names = sorted({institution for institution, _ in groups})
        self._heads = heads_of(connection, names)
        self._known = _known(connection, names, {d.key for _, drafts in groups for d in drafts})
        self._rows: dict[Any, list[tuple[Any, ...]]] = defaultdict(list)
        self.added = self.known_already = 0
        self.rejected: list[tuple[str, LedgerError]] = []

    def take(self, institution: str, drafts: Sequence[Draft]) -> None:
        """Decide on one group; a contradiction rejects all of it."""
        fresh: list[Draft] = []
        try:
            for draft in drafts:
                if not self._has(institution, draft, fresh):
                    fresh.append(draft)
        except LedgerError as error:
            self.rejected.append((institution, error))
            return
        self.known_already += len(drafts) - len(fresh)
        for draft in fresh:
            self._add(institution, draft)

    def write(self) -> None:
        """Everything that was decided, table by table."""
        for table, rows in self._rows.items():
            bulk(self._connection, table, rows)

    def _has(self, institution: str, draft: Draft, fresh: Sequence[Draft]) -> bool:
        """Whether the ledger has this record, or will have it with the rest of its group.

        Raises:
            LedgerError: It has another one that excludes this one.
        """
        entries = list(self._known.get((institution, draft.kind.name, draft.key), ()))
        entries += [
            _Entry(0, d.digest, d) for d in fresh if (d.kind, d.key) == (draft.kind, draft.key)
        ]
        if not entries:
            return False
        if draft.kind.repeat == "step":
            return any(entry.digest == draft.digest for entry in entries)
        last = entries[-1]
        if last.digest == draft.digest or draft.kind.repeat == "latest":
            return last.digest == draft.digest
        self._require_same(institution, last, draft)
        return True

    def _require_same(self, institution: str, entry: _Entry, draft: Draft) -> None:
        kind = draft.kind
        known = self._told(institution, entry, draft)
        if not kind.same or known != tuple(draft.fields[name] for name in kind.same):
            shown = "、".join(map(str, known))
            where = f"{institution} {kind.name} {draft.key}"
            raise fault(kind.conflict, where, kind=kind.name, known=shown)

    def _told(self, institution: str, entry: _Entry, draft: Draft) -> tuple[Any, ...]:
        """What stands in the fields that tell a repeat from a contradiction."""
        names = draft.kind.same or draft.kind.fields
        if entry.draft is not None:
            return tuple(entry.draft.fields[name] for name in names)
        table = RECORDS[draft.kind.name]
        place = (table.c.institution == institution, table.c.number == entry.number)
        query = select(*(table.c[name] for name in names)).where(*place)
        return tuple(self._connection.execute(query).one_or_none() or ())

    def _add(self, institution: str, draft: Draft) -> None:
        last, previous = self._heads.get(institution, (0, BEGINNING))
        number, name = last + 1, draft.kind.name
        chain = chained(previous, institution, number, name, draft.digest)
        place = (institution, number)
        link = (*place, name, draft.key, draft.digest, previous, chain, *self._stamp)
        self._rows[LINKS].append(link)
        self._rows[RECORDS[name]].append((*place, *draft.row))
        for table, rows in draft.children.items():
            self._rows[CHILDREN[table]].extend([(*place, *row) for row in rows])
        if draft.packed is not None:
            self._rows[DOCUMENTS].append((*place, *draft.packed))
        self._heads[institution] = (number, chain)
        entry = _Entry(number, draft.digest, draft)
        self._known.setdefault((institution, name, draft.key), []).append(entry)
        self.added += 1


def heads_of(
    connection: Connection, institutions: Sequence[str] | None = None
) -> dict[str, tuple[int, str]]:
    """Last number and chain digest of each institution's chain; None: of all."""
    last = select(LINKS.c.institution, func.max(LINKS.c.number).label("number"))
    if institutions is not None:
        last = last.where(LINKS.c.institution.in_(institutions))
    ends = last.group_by(LINKS.c.institution).subquery()
    query = select(LINKS.c.institution, LINKS.c.number, LINKS.c.chain).join(
        ends, (LINKS.c.institution == ends.c.institution) & (LINKS.c.number == ends.c.number)
    )
    return {row.institution: (row.number, row.chain) for row in connection.execute(query)}


def _known(connection: Connection, institutions: Sequence[str], keys: Iterable[str]) -> Known:
    """What the chains have under these keys, in their order."""
    found: Known = {}
    query = (
        select(LINKS.c.institution, LINKS.c.kind, LINKS.c.key, LINKS.c.number, LINKS.c.digest)
        .where(LINKS.c.institution.in_(institutions), LINKS.c.key.in_(sorted(keys)))
        .order_by(LINKS.c.institution, LINKS.c.number)
    )
    for row in connection.execute(query):
        entries = found.setdefault((row.institution, row.kind, row.key), [])
        entries.append(_Entry(row.number, row.digest))
    return found
