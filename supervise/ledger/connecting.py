"""Connections to either database, transactions that exclude other writers, faults in our words."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, exc
from sqlalchemy.pool import QueuePool

from supervise.errors import LedgerError
from supervise.ledger.address import POSTGRESQL, Address
from supervise.ledger.faults import fault

PATIENCE = 60
"""Seconds that a writer waits for another before it gives up."""
WHOLE = ""
"""Locks a ledger as a whole, e.g. while its tables are made."""
_PACKAGES = {"psycopg": ("psycopg", "supervise[postgres]")}
_SQLITE_CODES = {
    sqlite3.SQLITE_BUSY: "ledger_locked",
    sqlite3.SQLITE_LOCKED: "ledger_locked",
    sqlite3.SQLITE_READONLY: "ledger_readonly",
    sqlite3.SQLITE_CANTOPEN: "ledger_readonly",
    sqlite3.SQLITE_NOTADB: "not_a_ledger",
    sqlite3.SQLITE_CORRUPT: "ledger_damaged",
}
_POSTGRESQL_CODES = {
    "55P03": "ledger_locked",
    "25006": "ledger_readonly",
    "42501": "ledger_readonly",
    "42P01": "not_a_ledger",
}


class Connector:
    """One ledger's connections, one for each thread that asks.

    Args:
        address: Where it is.
        patience: Seconds to wait for other writers.
        create: Make the file of an SQLite ledger if there is none.
    """

    def __init__(self, address: Address, *, patience: int = PATIENCE, create: bool = False) -> None:
        self.address = address
        self.patience = patience
        self._create = create
        self._engine = self._made()

    @property
    def shown(self) -> str:
        """The ledger as people may see it."""
        return self.address.shown

    @property
    def on_file(self) -> bool:
        """Whether this is SQLite."""
        return self.address.path is not None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the ledger from beginning to end."""
        level = {} if self.on_file else {"isolation_level": "REPEATABLE READ"}
        with self._spoken(), self._engine.connect() as connection:
            chosen = connection.execution_options(**level)
            with chosen.begin():
                yield chosen

    @contextmanager
    def writing(self, institutions: Iterable[str]) -> Iterator[Connection]:
        """A transaction in which no other process appends to these institutions' chains.

        SQLite lets one writer in at a time; PostgreSQL one for each institution.
        """
        with self._spoken(), self._engine.connect() as connection:
            chosen = connection.execution_options(supervise_writing=True)
            with chosen.begin():
                if not self.on_file:
                    _lock(chosen, institutions, self.patience)
                yield chosen

    def write_ahead(self) -> None:
        """SQLite: readers and a writer do not wait for one another; the file remembers it."""
        if self.on_file:
            with self._spoken(), closing(self._opened()) as connection:
                connection.execute("PRAGMA journal_mode=WAL")

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def _made(self) -> Engine:
        if self.on_file:
            engine = create_engine(
                "sqlite://", creator=self._opened, poolclass=QueuePool, pool_size=1
            )
            event.listen(engine, "begin", _begin)
            return engine
        try:
            return create_engine(_url(self.address), pool_size=1, connect_args=_SETTINGS)
        except ModuleNotFoundError as error:
            package, install = _PACKAGES.get(str(error.name), (str(error.name), str(error.name)))
            raise fault("driver_missing", self.shown, package=package, install=install) from error

    def _opened(self) -> sqlite3.Connection:
        mode = "rwc" if self._create else "rw"
        path = quote(str(self.address.path))
        connection = sqlite3.connect(
            f"file:{path}?mode={mode}",
            uri=True,
            timeout=self.patience,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    @contextmanager
    def _spoken(self) -> Iterator[None]:
        """Faults of the database as errors of the ledger; the driver's text holds no password.

        SQLAlchemy wraps what it hears of; what goes to the driver directly comes as it is.
        """
        driver: Any = self._engine.dialect.loaded_dbapi
        try:
            yield
        except exc.DBAPIError as error:
            raise self._named(error.orig) from error
        except driver.Error as error:
            raise self._named(error) from error

    def _named(self, error: BaseException | None) -> LedgerError:
        detail = str(error).strip().partition("\n")[0]
        if isinstance(error, sqlite3.Error):
            code = _SQLITE_CODES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, "")
        else:
            state = getattr(error, "sqlstate", None)
            code = _POSTGRESQL_CODES.get(str(state), "")
            if state is None and not code:
                missing = "does not exist" in detail and "database" in detail
                code = "ledger_missing" if missing else "ledger_unreachable"
        return fault(code or "ledger_failed", self.shown, detail=detail, seconds=self.patience)


_SETTINGS = {"application_name": "supervise", "connect_timeout": 15}


def _url(address: Address) -> URL:
    """What is not said comes from libpq's own settings: PGHOST, PGPASSWORD, PGPASSFILE."""
    return URL.create(
        POSTGRESQL,
        username=address.user or None,
        password=address.password or None,
        host=address.host or None,
        port=address.port,
        database=address.database,
        query=dict(address.options),
    )


def _begin(connection: Connection) -> None:
    """SQLite: a writer takes its turn at once, so that what it reads cannot grow old."""
    writing = connection.get_execution_options().get("supervise_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _lock(connection: Connection, institutions: Iterable[str], patience: int) -> None:
    """Advisory locks of this transaction, always in one order, so that none waits in a ring."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{int(patience)}s'")
    for number in sorted({_lock_number(one) for one in institutions}):
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (number,))


def _lock_number(institution: str) -> int:
    seed = hashlib.sha256(f"supervise ledger {institution}".encode()).digest()
    return int.from_bytes(seed[:8], "big", signed=True)


def bulk(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Append many rows at once; each in the order of the table's columns."""
    if not rows:
        return
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(table.columns))
        connection.exec_driver_sql(
            f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', list(rows)
        )
        return
    driver: Any = connection.connection.driver_connection
    with (
        driver.cursor() as cursor,
        cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy,
    ):
        for row in rows:
            copy.write_row(row)
