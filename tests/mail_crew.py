"""Sends as ``supervise distribute`` does, in a process that a test can kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from post_office import PostOffice
from signed_results import Office

COMMAND = Path(sys.executable).with_name("supervise")


def arguments(office: Office, *more: str) -> list[str]:
    return [
        str(COMMAND), "distribute", "2026Q3", "--ledger", str(office.ledger),
        "--reports", str(office.reports), "--recipients", str(office.recipients),
        "--passphrases", str(office.passphrases), "--via", "mail", "--format", "json", *more,
    ]  # fmt: skip


def start(office: Office, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        arguments(office), env={**os.environ, **environment}, stdout=quiet, stderr=quiet
    )


def killed_at(
    post: PostOffice, office: Office, message: int, *, taken: bool, **settings: str
) -> None:
    """One run that dies while the server has its n-th message in hand.

    Args:
        taken: Whether the server had already taken it.
    """
    process = start(office, post.environment(**settings))
    seen = 0

    def strike() -> None:
        nonlocal seen
        seen += 1
        if seen == message:
            process.send_signal(signal.SIGKILL)
            process.wait()

    if taken:
        post.after = strike
    else:
        post.before = strike
    process.wait(timeout=150)
    post.after = post.before = lambda: None
