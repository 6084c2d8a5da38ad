"""A real Dask scheduler and real workers on loopback, as processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from supervise.record import record

DASK = (sys.executable, "-m", "dask")
PATIENCE_SECONDS = 60


@record
class Machines:
    """A cluster.

    Attributes:
        address: Of the scheduler.
        scheduler: Its process.
        workers: Their processes, in the order in which they were started.
    """

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


def certified(folder: Path) -> dict[str, str]:
    """Settings of Dask for a network in which each machine proves who it is, as documented."""
    folder.mkdir()
    key = ("-newkey", "rsa:2048", "-nodes", "-subj")
    _openssl(folder, "req", "-x509", *key, "/CN=office", "-keyout", "ca.key", "-out", "ca.pem")
    _openssl(folder, "req", *key, "/CN=node", "-keyout", "node.key", "-out", "node.csr")
    signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "node.crt")
    _openssl(folder, "x509", "-req", "-in", "node.csr", *signed)
    both = folder / "node.pem"
    both.write_bytes((folder / "node.crt").read_bytes() + (folder / "node.key").read_bytes())
    tls = "DASK_DISTRIBUTED__COMM__TLS__"
    return {
        "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True",
        f"{tls}CA_FILE": str(folder / "ca.pem"),
        **{f"{tls}{one}__CERT": str(both) for one in ("SCHEDULER", "WORKER", "CLIENT")},
    }


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@contextmanager
def running(
    folder: Path, workers: int, *options: str, allowed_failures: int = 3, protocol: str = "tcp"
) -> Iterator[Machines]:
    """A cluster that works until the end of the block.

    Args:
        folder: For what the machines write.
        workers: How many.
        options: Of each worker, instead of those that the documentation gives.
        allowed_failures: Workers that an item may take down before the scheduler gives it up.
        protocol: ``tcp`` or ``tls``.
    """
    folder.mkdir(parents=True)
    settings = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(allowed_failures)}
    with ExitStack() as stack:
        told = folder / "scheduler.json"
        place = ("--protocol", protocol, "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        scheduler = stack.enter_context(
            _process(folder, "scheduler", "scheduler", *place, "--scheduler-file", told, **settings)
        )
        _wait_for(told)
        address = json.loads(told.read_text(encoding="utf-8"))["address"]
        chosen = options or ("--no-nanny", "--nthreads", "1")
        common = (*chosen, "--no-dashboard", "--local-directory", str(folder))
        started = [
            stack.enter_context(_process(folder, f"worker{n}", "worker", address, *common))
            for n in range(workers)
        ]
        for n in range(workers):
            _wait_for(folder / f"worker{n}.log", "Registered to")
        yield Machines(address, scheduler, started)


@contextmanager
def _process(
    folder: Path, name: str, *arguments: str | Path, **settings: str
) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / f"{name}.log").open("wb") as log:
        # What is sent to them may be work that only the tests know.
        known = {**os.environ, "PYTHONPATH": str(Path(__file__).parent), **settings}
        process = subprocess.Popen([*DASK, *arguments], stdout=log, stderr=log, env=known)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def _wait_for(path: Path, text: str = "") -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not (path.exists() and path.stat().st_size and text in path.read_text(encoding="utf-8")):
        assert time.monotonic() < until, f"{path.name} says nothing"
        time.sleep(0.05)
