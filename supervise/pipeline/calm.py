"""Work during which Python's search for unreachable cycles would only stand in the way."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache


@contextmanager
def calm() -> Iterator[None]:
    """No search within: one workbook makes some ten thousand values, none of them in a cycle.

    They are freed as ever when nothing refers to them any more.
    """
    searches = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searches:
            gc.enable()


@cache
def settle() -> None:
    """Once in a process that goes on to more banks: what it holds by now is there to stay.

    Law, wordings, typeface and libraries are then not searched again after every report.
    """
    gc.collect()
    gc.freeze()
