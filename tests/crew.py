"""Work for processes that a test starts: they import it by name."""

from __future__ import annotations

import os
from pathlib import Path

from supervise.errors import SuperviseError


def squared(number: int) -> int:
    return number * number


def fatal_at_three(number: int) -> int:
    if number == 3:
        os._exit(9)
    return number * number


def fatal_once(path: str) -> str:
    """Dies the first time it sees a path."""
    mark = Path(path)
    if not mark.exists():
        mark.touch()
        os._exit(9)
    return mark.name


def failing(number: int) -> int:
    raise ValueError(f"no {number}")


def lost(number: int, error: SuperviseError) -> int:
    assert error.what
    assert error.expected
    assert error.fix
    return -number


def lost_name(path: str, error: SuperviseError) -> str:
    return error.code
