"""A ledger made and raised; what is no ledger of ours is left alone and said so."""

from __future__ import annotations

import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest
from ledgers import BANK, PASSWORD, PERIOD, Place, Server, filing, one_of_each
from sqlalchemy import Connection, inspect

from supervise.errors import LedgerError
from supervise.ledger.address import Address, parse_address
from supervise.ledger.later_records import SignedOff
from supervise.ledger.ledger import Ledger
from supervise.ledger.schema import TABLES, VERSION
from supervise.ledger.upgrading import upgrade

NEWER = VERSION + 1


def noted(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE remarks (institution TEXT, number INTEGER)")


def opening(place: Place) -> str:
    with pytest.raises(LedgerError) as caught:
        place.open()
    assert caught.value.exit_code == 5
    assert caught.value.expected
    assert caught.value.fix
    return caught.value.code


def test_a_ledger_that_is_new_enough_is_left_as_it_is(place: Place) -> None:
    with place.open() as ledger:
        ledger.append_evaluations([filing()])
        before = list(ledger.export())
        assert upgrade(place.address) == VERSION
        assert list(ledger.export()) == before


def test_an_older_ledger_is_raised_and_keeps_every_record(place: Place) -> None:
    with place.open() as ledger:
        ledger.append_evaluations([filing()])
        before = list(ledger.export())
    assert upgrade(place.address, steps={NEWER: noted}, target=NEWER) == VERSION
    assert opening(place) == "ledger_newer"
    with pytest.raises(LedgerError) as caught:
        upgrade(place.address)
    assert caught.value.code == "ledger_newer"
    place.tamper(f"DELETE FROM ledger_schema WHERE version = {NEWER}")
    with place.open() as ledger:
        assert list(ledger.export()) == before


def test_a_ledger_of_the_first_version_learns_to_keep_sign_offs(place: Place) -> None:
    with place.open() as ledger:
        ledger.append_evaluations([filing()])
        before = list(ledger.export())
    place.tamper(
        "DROP TABLE sign_offs", "DELETE FROM ledger_schema",
        "INSERT INTO ledger_schema (version, program, at) VALUES (1, '0.2.0', '2026-10-01')",
    )  # fmt: skip
    assert opening(place) == "ledger_outdated"
    assert upgrade(place.address) == 1
    signed = next(one for one in one_of_each()[0] if isinstance(one, SignedOff))
    with place.open() as ledger:
        assert list(ledger.export()) == before
        ledger.append(BANK, [signed])
        assert ledger.records(SignedOff) == [(BANK, signed)]
    with pytest.raises(Exception, match="only added to"):
        place.plainly("DELETE FROM sign_offs")


def test_a_step_that_fails_leaves_the_ledger_at_its_version(place: Place) -> None:
    def failing(connection: Connection) -> None:
        noted(connection)
        connection.exec_driver_sql("CREATE TABLE links (x TEXT)")

    with pytest.raises(LedgerError):
        upgrade(place.address, steps={NEWER: failing}, target=NEWER)
    with place.open() as ledger, ledger._connector.reading() as connection:
        assert "remarks" not in inspect(connection).get_table_names()


def test_an_older_ledger_is_not_used_before_it_is_raised(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("supervise.ledger.upgrading.VERSION", NEWER)
    assert opening(place) == "ledger_outdated"


def test_a_database_of_somebody_else_is_left_alone(place: Place) -> None:
    drops = [f'DROP TABLE "{table.name}"' for table in TABLES if table.name != "links"]
    place.tamper(*drops)
    assert opening(place) == "not_a_ledger"
    with pytest.raises(LedgerError) as caught:
        upgrade(place.address)
    assert caught.value.code == "not_a_ledger"


def file(path: Path) -> Address:
    return parse_address(str(path))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a database at all" * 100])
def test_a_file_that_is_no_ledger_is_named_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(content)
    with pytest.raises(LedgerError) as caught:
        Ledger(file(path))
    assert caught.value.code == "not_a_ledger"
    assert path.read_bytes() == content


def test_an_empty_file_may_become_a_ledger(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.touch()
    assert upgrade(file(path)) == 0
    Ledger(file(path)).close()


def test_a_new_ledger_is_for_its_owner_alone(tmp_path: Path) -> None:
    upgrade(file(tmp_path / "a.db"))
    assert stat.S_IMODE((tmp_path / "a.db").stat().st_mode) == 0o600


def test_another_sqlite_database_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as session:
        session.execute("CREATE TABLE own (x TEXT)")
        session.commit()
    before = path.read_bytes()
    with pytest.raises(LedgerError) as caught:
        upgrade(file(path))
    assert caught.value.code == "not_a_ledger"
    assert path.read_bytes() == before


def test_what_does_not_exist_is_not_made_by_opening(tmp_path: Path) -> None:
    for path in (tmp_path / "none.db", tmp_path / "no" / "none.db", tmp_path):
        with pytest.raises(LedgerError) as caught:
            Ledger(file(path))
        assert caught.value.code == "ledger_missing"
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(LedgerError) as caught:
        upgrade(file(tmp_path / "no" / "none.db"))
    assert caught.value.code == "ledger_missing"


def test_a_damaged_file_is_named_so(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    upgrade(file(path))
    with Ledger(file(path)) as ledger:
        ledger.append_evaluations([filing(f"B{n}") for n in range(50)])
    data = bytearray(path.read_bytes())
    data[8192:-4096] = b"\xff" * (len(data) - 8192 - 4096)
    path.write_bytes(data)
    with pytest.raises(LedgerError) as caught, Ledger(file(path)) as ledger:
        ledger.verify()
    assert caught.value.code in ("ledger_damaged", "not_a_ledger")


def test_without_the_driver_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(LedgerError) as caught:
        Ledger(parse_address("postgresql+psycopg://keeper@127.0.0.1/ledger"))
    assert caught.value.code == "driver_missing"
    assert "pip install 'supervise[postgres]'" in caught.value.fix


def test_a_server_that_does_not_answer_is_named_so() -> None:
    with pytest.raises(LedgerError) as caught:
        Ledger(parse_address("postgresql+psycopg://keeper@127.0.0.1:1/ledger"))
    assert caught.value.code == "ledger_unreachable"


@pytest.mark.real
def test_a_database_that_the_server_does_not_have_is_missing(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    with pytest.raises(LedgerError) as caught:
        Ledger(parse_address(server.url("x", database="nowhere")))
    assert caught.value.code == "ledger_missing"


@pytest.mark.real
def test_a_wrong_password_is_refused_and_not_repeated(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", "wrong-secret")
    with pytest.raises(LedgerError) as caught:
        Ledger(parse_address(server.url("x")))
    assert caught.value.code == "ledger_unreachable"
    assert "wrong-secret" not in str(caught.value.parts())


@pytest.mark.real
def test_the_password_may_stand_in_a_file_of_the_owner(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = tmp_path / "pgpass"
    secrets.write_text(f"127.0.0.1:*:*:*:{PASSWORD}\n", encoding="utf-8")
    secrets.chmod(0o600)
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setenv("PGPASSFILE", str(secrets))
    address = parse_address(server.url(server.new_schema()))
    assert upgrade(address) == 0
    with Ledger(address) as ledger:
        ledger.append_evaluations([filing()])
        assert ledger.standing(BANK, PERIOD) is not None
