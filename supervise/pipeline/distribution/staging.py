"""A folder of our own in which parcels lie until they leave, gone when the run ends.

A run that is killed cannot tidy up: the next one on the same machine does.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SAFE = re.compile(r"[^A-Za-z0-9]+")


@contextmanager
def staging(beside: Path | None) -> Iterator[Path]:
    """A folder for its owner alone.

    Args:
        beside: Where parcels are to be moved to in one step, made if need be; None: anywhere.
    """
    root = Path(tempfile.gettempdir()) if beside is None else beside
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    start = f".supervise-parcels-{_SAFE.sub('', socket.gethostname())}-"
    _tidy(root, start)
    folder = Path(tempfile.mkdtemp(prefix=f"{start}{os.getpid()}-", dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tidy(root: Path, start: str) -> None:
    """Remove what dead processes of this machine left."""
    for left in root.glob(f"{start}*"):
        number = left.name.removeprefix(start).partition("-")[0]
        if number.isdecimal() and not _runs(int(number)):
            shutil.rmtree(left, ignore_errors=True)


def _runs(number: int) -> bool:
    if os.name != "posix":  # asking there would end the process
        return True
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
