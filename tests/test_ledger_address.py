"""Where a ledger is: what may be typed, and that no secret is ever shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from supervise.errors import LedgerError
from supervise.ledger.address import parse_address

SECRET = "s3cr%40t"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("quarter.db", "quarter.db"),
        ("sqlite:///quarter.db", "quarter.db"),
        ("sqlite:////var/台账.db", "/var/台账.db"),
        ("/var/a b?c#d.db", "/var/a b?c#d.db"),
    ],
)
def test_a_name_is_a_file(text: str, path: str) -> None:
    assert parse_address(text).path == Path(path)


def test_a_server_is_named_with_all_its_parts() -> None:
    found = parse_address("postgresql+psycopg://ji%C3%A0@db.local:5433/q%20x?sslmode=verify-full")
    assert (found.path, found.user, found.host, found.port) == (None, "jià", "db.local", 5433)
    assert (found.database, found.options) == ("q x", {"sslmode": "verify-full"})
    assert found.shown == "postgresql+psycopg://jià@db.local:5433/q x"


def test_what_libpq_knows_need_not_be_said() -> None:
    found = parse_address("postgresql+psycopg:///ledger")
    assert (found.user, found.host, found.port, found.database) == ("", "", None, "ledger")


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "sqlite:///", "sqlite://", ":memory:", "a\x00b", "postgresql+psycopg://host",
        "postgresql+psycopg://host/", f"postgresql://u:{SECRET}@host/db",
        f"postgres://u:{SECRET}@host/db", f"mysql://u:{SECRET}@host/db",
        f"postgresql+psycopg://u:{SECRET}@host:port/db",
        f"postgresql+psycopg://u:{SECRET}@host/db?x", f"postgresql+psycopg://u:{SECRET}@[/db",
        f"postgresql+psycopg://u:{SECRET}@host/db#x", f"http://u:{SECRET}@host/db",
    ],
)  # fmt: skip
@pytest.mark.parametrize("secret", [True, False])
def test_anything_else_is_refused_without_repeating_it(text: str, secret: bool) -> None:
    with pytest.raises(LedgerError) as caught:
        parse_address(text, secret=secret)
    assert caught.value.code == "ledger_url"
    assert SECRET not in str(caught.value.parts())


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql+psycopg://u:{SECRET}@host/db",
        f"postgresql+psycopg://u@host/db?password={SECRET}",
        f"postgresql+psycopg://u@host/db?sslpassword={SECRET}",
    ],
)
def test_a_password_belongs_in_the_environment(text: str) -> None:
    with pytest.raises(LedgerError) as caught:
        parse_address(text)
    assert caught.value.code == "secret_in_url"
    assert SECRET not in str(caught.value.parts())
    assert "PGPASSWORD" in caught.value.fix
    assert SECRET not in parse_address(text, secret=True).shown


def test_a_password_from_the_environment_is_used() -> None:
    found = parse_address(f"postgresql+psycopg://u:{SECRET}@host/db", secret=True)
    assert found.password == "s3cr@t"
    assert "s3cr@t" not in found.shown
