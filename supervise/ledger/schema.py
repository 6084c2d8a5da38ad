"""The tables, made from the records: one for each kind, one for the chains, one for documents."""

from __future__ import annotations

import typing
from typing import Any

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text

from supervise.ledger.kinds import KINDS, Child, Kind

VERSION = 2
"""Of the schema; a change adds one and a step in ``upgrading.py``."""

METADATA = MetaData()
_TYPES: dict[Any, Any] = {str: Text, int: Integer, bool: Boolean}
_NAMED: dict[str, Any] = {"str": str, "int": int, "bool": bool}


def _place() -> tuple[Column[str], Column[int]]:
    """Whose chain, and which place in it: what every row is found by."""
    return (
        Column("institution", Text, primary_key=True),
        Column("number", Integer, primary_key=True, autoincrement=False),
    )


def _column(name: str, declared: str, key: tuple[str, ...] = ()) -> Column[Any]:
    base, _, rest = declared.partition(" | ")
    kind = _TYPES[_NAMED[base]]
    return Column(name, kind, nullable=rest == "None", primary_key=name in key)


def _declared(made: Any) -> dict[str, str]:
    """Fields and the text of their annotations."""
    return {
        name: kind.__forward_arg__ if isinstance(kind, typing.ForwardRef) else str(kind)
        for name, kind in made.__annotations__.items()
    }


def _record_table(kind: Kind) -> Table:
    declared = _declared(kind.made)
    columns = [_column(name, declared[name]) for name in kind.fields]
    indexes = []
    if "period" in kind.fields:
        indexes.append(Index(f"{kind.table}_by_period", "period", "institution"))
    return Table(kind.table, METADATA, *_place(), *columns, *indexes, sqlite_with_rowid=False)


def _child_table(child: Child) -> Table:
    columns = [_column(n, t, child.key) for n, t in _declared(child.row).items()]
    return Table(child.table, METADATA, *_place(), *columns, sqlite_with_rowid=False)


SCHEMA = Table(
    "ledger_schema",
    METADATA,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("program", Text, nullable=False),
    Column("at", Text, nullable=False),
)
LINKS = Table(
    "links",
    METADATA,
    *_place(),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("chain", Text, nullable=False),
    Column("run", Text, nullable=False),
    Column("at", Text, nullable=False),
    Index("links_by_key", "institution", "key"),
    sqlite_with_rowid=False,
)
DOCUMENTS = Table(
    "documents",
    METADATA,
    *_place(),
    Column("document", LargeBinary, nullable=False),
    Column("past", LargeBinary, nullable=False),
)
RECORDS: dict[str, Table] = {kind.name: _record_table(kind) for kind in KINDS}
CHILDREN: dict[str, Table] = {
    child.table: _child_table(child) for kind in KINDS for child in kind.children
}
TABLES: tuple[Table, ...] = tuple(METADATA.sorted_tables)
