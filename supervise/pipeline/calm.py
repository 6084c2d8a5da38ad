"""Work during which Python's search for unreachable cycles would only stand in the way."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from supervise import deflate, json_text


@contextmanager
def calm() -> Iterator[None]:
    """No search within: one workbook makes some ten thousand values, none of them in a cycle.

    They are freed as ever when nothing refers to them any more. Nor are they searched at once
    when the calm is over, which would cost a twelfth of the check: they count as old, and a
    process that goes through all its old values some day goes through these too.
    """
    searches = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searches:
            _grow_old()
            gc.enable()


def _grow_old() -> None:
    """Put all values among the old ones unseen; not after ``settle``, which would be undone."""
    if not settle.cache_info().currsize:
        gc.freeze()
        gc.unfreeze()


@cache
def settle(after: str) -> None:
    """Once in a process that goes on to more banks: what it holds by now is there to stay.

    Law, wordings, typeface and libraries are then not searched again after every report.

    Args:
        after: What was done for the first time: a report needs more libraries than a measure.
    """
    json_text.quicken()
    deflate.quicken()
    gc.collect()
    gc.freeze()
