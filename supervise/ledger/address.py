"""Where a ledger is: what was typed → a checked address that never shows a secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from supervise.ledger.faults import fault
from supervise.record import record

POSTGRESQL = "postgresql+psycopg"
_SQLITE = "sqlite:///"
_SECRETS = frozenset({"password", "sslpassword"})
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_DATABASE = re.compile(r"[^/\x00]+")


@record(kw_only=True)
class Address:
    """One ledger's place.

    Attributes:
        path: File of an SQLite ledger; None for PostgreSQL.
        host: Empty for a local socket of PostgreSQL, or as libpq's own settings say.
        options: Further settings of the connection, such as ``sslmode``.
        shown: What people may see: no password, no options.
    """

    path: Path | None = None
    user: str = ""
    password: str = ""
    host: str = ""
    port: int | None = None
    database: str = ""
    options: Mapping[str, str]
    shown: str


def parse_address(text: str, *, secret: bool = False) -> Address:
    """Understand a file name or URL.

    Args:
        text: ``quarter.db``, ``sqlite:///quarter.db`` or ``postgresql+psycopg://user@host/name``.
        secret: It comes from the environment, where a password may stand in it.

    Raises:
        LedgerError: ``ledger_url``, or ``secret_in_url`` for a password on a command line.
    """
    if not text.strip() or "\x00" in text:
        raise fault("ledger_url")
    if text.startswith(_SQLITE) or not _SCHEME.match(text):
        return _file(text.removeprefix(_SQLITE))
    return _server(text, secret=secret)


def _file(name: str) -> Address:
    """A name without a file, or with a question mark's options, is no ledger of ours."""
    if not name or name == ":memory:" or Path(name).name in ("", ".."):
        raise fault("ledger_url", name)
    return Address(path=Path(name), options={}, shown=name)


def _server(text: str, *, secret: bool) -> Address:
    """Only the scheme of a text that cannot be understood is ever shown."""
    scheme = text.partition("://")[0]
    try:
        parts = urlsplit(text)
        port = parts.port
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError:
        raise fault("ledger_url", f"{scheme}://…") from None
    database = unquote(parts.path.removeprefix("/"))
    if scheme != POSTGRESQL or not _DATABASE.fullmatch(database) or parts.fragment:
        raise fault("ledger_url", f"{scheme}://…")
    user, host = unquote(parts.username or ""), parts.hostname or ""
    shown = _shown(user, host, port, database)
    if not secret and (parts.password is not None or _SECRETS & options.keys()):
        raise fault("secret_in_url", shown)
    return Address(
        user=user,
        password=unquote(parts.password or ""),
        host=host,
        port=port,
        database=database,
        options=options,
        shown=shown,
    )


def _shown(user: str, host: str, port: int | None, database: str) -> str:
    who = f"{user}@" if user else ""
    at = f"[{host}]" if ":" in host else host
    return f"{POSTGRESQL}://{who}{at}{f':{port}' if port else ''}/{database}"
