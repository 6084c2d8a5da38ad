"""Tables made and raised from version to version; triggers that let records only be added.

A new ledger is made as ``schema.py`` says; an older one goes through every step after its own
version, each in the same transaction. Steps never change or delete a record: what is kept stays
as it was chained.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, func, insert, inspect, select

from supervise import __version__
from supervise.ledger.address import Address
from supervise.ledger.connecting import WHOLE, Connector
from supervise.ledger.faults import fault
from supervise.ledger.schema import METADATA, RECORDS, SCHEMA, TABLES, VERSION

Step = Callable[[Connection], None]


def _sign_offs(connection: Connection) -> None:
    """2: who signed which evaluation off."""
    RECORDS["sign_off"].create(connection)


STEPS: Mapping[int, Step] = {2: _sign_offs}
"""What leads to a version from the one before it, from 2 on."""


def upgrade(address: Address, *, steps: Mapping[int, Step] = STEPS, target: int = VERSION) -> int:
    """Make a ledger in an empty database, or raise an older one to this program's version.

    Args:
        address: An SQLite file, made if it does not exist, or a PostgreSQL database.
        steps: What leads to each version.
        target: The version to reach.

    Returns:
        The version that it had before; 0 for a new ledger.

    Raises:
        LedgerError: ``not_a_ledger``, ``ledger_newer``, or the database fails.
    """
    path = address.path
    if path is not None and not path.parent.is_dir():
        raise fault("ledger_missing", address.shown)
    connector = Connector(address, create=True)
    _reserve(path)
    try:
        with connector.writing([WHOLE]) as connection:
            before = _raised(connection, connector, steps, target)
        connector.write_ahead()
        return before
    finally:
        connector.close()


def _reserve(path: Path | None) -> None:
    """A new file for its owner's eyes alone: names of persons and unpublished results are in it."""
    if path is not None and not path.exists():
        with suppress(OSError):  # the database will say what is wrong with the place
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _raised(
    connection: Connection, connector: Connector, steps: Mapping[int, Step], target: int
) -> int:
    before = version_of(connection)
    if before is None:
        if inspect(connection).get_table_names():
            raise fault("not_a_ledger", connector.shown)
        METADATA.create_all(connection, checkfirst=False)
        guard(connection)
        _note(connection, target)
        return 0
    if before > target:
        raise fault("ledger_newer", connector.shown, found=before, known=target)
    for version in range(before + 1, target + 1):
        steps[version](connection)
        _note(connection, version)
    guard(connection)
    return before


def version_of(connection: Connection) -> int | None:
    """The version of a ledger's schema; None if this is no ledger."""
    if not inspect(connection).has_table(SCHEMA.name):
        return None
    found = connection.execute(select(func.max(SCHEMA.c.version))).scalar_one()
    return None if found is None else int(found)


def require_version(connection: Connection, connector: Connector) -> None:
    """Refuse what this program cannot use.

    Raises:
        LedgerError: ``not_a_ledger``, ``ledger_newer`` or ``ledger_outdated``.
    """
    found = version_of(connection)
    if found is None:
        raise fault("not_a_ledger", connector.shown)
    if found != VERSION:
        code = "ledger_newer" if found > VERSION else "ledger_outdated"
        raise fault(code, connector.shown, found=found, known=VERSION)


def guard(connection: Connection) -> None:
    """Triggers on every table that refuse to change or delete a row."""
    on_file = connection.dialect.name == "sqlite"
    if not on_file:
        connection.exec_driver_sql(_FUNCTION)
    for table in TABLES:
        for statement in _SQLITE if on_file else _POSTGRESQL:
            connection.exec_driver_sql(statement.format(table=table.name))


def _note(connection: Connection, version: int) -> None:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    connection.execute(insert(SCHEMA).values(version=version, program=__version__, at=at))


_SQLITE = tuple(
    f"CREATE TRIGGER IF NOT EXISTS {{table}}_no_{word.lower()} BEFORE {word} ON {{table}} "
    "BEGIN SELECT RAISE(ABORT, 'a ledger is only added to'); END"
    for word in ("UPDATE", "DELETE")
)
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION ledger_only_added_to() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'a ledger is only added to'; END $$"
)
_POSTGRESQL = tuple(
    f"CREATE OR REPLACE TRIGGER {{table}}_no_{word.lower()} BEFORE {word} ON {{table}} "
    f"FOR EACH {'STATEMENT' if word == 'TRUNCATE' else 'ROW'} "
    "EXECUTE FUNCTION ledger_only_added_to()"
    for word in ("UPDATE", "DELETE", "TRUNCATE")
)
