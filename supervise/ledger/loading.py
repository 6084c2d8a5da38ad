"""Chains read back whole, some institutions at a time: what verifying and exporting walk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, select

from supervise.ledger.drafting import payload
from supervise.ledger.kinds import BY_NAME, KINDS
from supervise.ledger.schema import CHILDREN, DOCUMENTS, LINKS, RECORDS
from supervise.record import record

_AT_ONCE = 100
Rows = Mapping[int, list[tuple[Any, ...]]]
"""By number in the chain."""


@record
class Link:
    """One place in a chain, as stored."""

    number: int
    kind: str
    key: str
    digest: str
    previous: str
    chain: str
    run: str
    at: str


@record
class Chain:
    """One institution's part of the ledger, as stored; nothing is checked yet.

    Attributes:
        tables: By table name: its rows without institution and number.
    """

    institution: str
    links: tuple[Link, ...]
    tables: Mapping[str, Rows]

    def fields(self, link: Link) -> dict[str, Any] | None:
        """The record's own fields; None unless there is exactly one row for it."""
        kind = BY_NAME.get(link.kind)
        rows = self.tables.get(kind.table, {}).get(link.number, []) if kind is not None else []
        if kind is None or len(rows) != 1:
            return None
        return dict(zip(kind.fields, rows[0], strict=True))

    def children(self, link: Link) -> dict[str, tuple[tuple[Any, ...], ...]]:
        """Its children's rows by table."""
        kind = BY_NAME[link.kind]
        return {c.table: tuple(self.tables[c.table].get(link.number, ())) for c in kind.children}

    def payload(self, link: Link) -> str | None:
        """The canonical text as it must be for the digest to be right."""
        fields = self.fields(link)
        if fields is None:
            return None
        return payload(BY_NAME[link.kind], fields, self.children(link))

    def packed(self, link: Link) -> tuple[bytes, bytes] | None:
        """The compressed document and excerpt of an evaluation."""
        rows = self.tables[DOCUMENTS.name].get(link.number, [])
        return (rows[0][0], rows[0][1]) if len(rows) == 1 else None


def institutions_of(connection: Connection) -> list[str]:
    """Everyone of whom there is a row anywhere, in the order of their codes."""
    found: set[str] = set()
    for table in _TABLES:
        found.update(connection.execute(select(table.c.institution).distinct()).scalars())
    return sorted(found)


def chains(connection: Connection, institutions: Sequence[str]) -> Iterator[Chain]:
    """Chain by chain, in the order given."""
    for start in range(0, len(institutions), _AT_ONCE):
        some = institutions[start : start + _AT_ONCE]
        links = _grouped(connection, LINKS, some)
        tables = {t.name: _grouped(connection, t, some) for t in _TABLES if t is not LINKS}
        for institution in some:
            own = links.get(institution, {})
            yield Chain(
                institution,
                tuple(Link(number, *row) for number in sorted(own) for row in own[number]),
                {name: rows.get(institution, {}) for name, rows in tables.items()},
            )


_TABLES: tuple[Table, ...] = (
    LINKS,
    *(RECORDS[kind.name] for kind in KINDS),
    *CHILDREN.values(),
    DOCUMENTS,
)


def _grouped(connection: Connection, table: Table, some: Sequence[str]) -> dict[str, Rows]:
    found: dict[str, dict[int, list[tuple[Any, ...]]]] = {}
    query = select(table).where(table.c.institution.in_(some))
    for institution, number, *rest in connection.execute(query):
        own = found.setdefault(institution, defaultdict(list))
        own[number].append(tuple(rest))
    return dict(found)
