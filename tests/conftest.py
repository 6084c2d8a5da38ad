"""What all tests share: where the checkout is, and an environment that lets nothing slip in."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:  # only some tests need a database or a quarter
    from ledgers import Place, Server
    from made_quarter import Made
    from signing_kit import Quarter
ROOT = Path(__file__).parents[1]

# The same examples on every machine, so that a red run means the change and not the dice; `make
# soak` rolls them.
settings.register_profile(
    "sure", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("soak", max_examples=20_000, deadline=None, print_blob=True)
settings.load_profile("sure")

# Whoever is started in the background ignores Ctrl-C and hands that on; the runs that the tests
# start and interrupt have to hear it.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(autouse=True)
def _nothing_of_the_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the tester's own rulebook overlay, ledger and mailbox out of the results."""
    for key in [key for key in os.environ if key.startswith("SUPERVISE_SMTP_")]:
        monkeypatch.delenv(key)
    monkeypatch.delenv("SUPERVISE_RULEBOOK", raising=False)
    monkeypatch.delenv("SUPERVISE_LEDGER", raising=False)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server of our own; tests that need it fail where there is none."""
    from ledgers import running_server

    with running_server() as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """An empty ledger, on each of the two databases."""
    from ledgers import PASSWORD, file_place, server_place

    if request.param == "sqlite":
        return file_place(tmp_path / "quarter.db")
    running = request.getfixturevalue("server")
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    return server_place(running)


@pytest.fixture
def server_ledger(server: Server, monkeypatch: pytest.MonkeyPatch) -> Place:
    """An empty ledger on PostgreSQL."""
    from ledgers import PASSWORD, server_place

    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    return server_place(server)


@pytest.fixture(scope="session")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Sixty invented submissions and the run over them, made once for all tests."""
    from made_quarter import SIXTY, made_and_run

    return made_and_run(SIXTY, tmp_path_factory.mktemp("quarter"))


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Quarter:
    """A quarter of three banks, judged into a ledger, that nobody has signed; to be copied."""
    from signing_kit import judged_quarter

    return judged_quarter(tmp_path_factory.mktemp("judged"))
