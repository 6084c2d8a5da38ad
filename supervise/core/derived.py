"""Room in a value of the law for what is made of it once, and is no part of it.

A formula is read for every bank anew, and what it comes to as a function is always the same. What
stands here is never compared, copied or written.
"""

from __future__ import annotations

from typing import Any


class Runnable:
    """A node of a formula, with the function that computes it (``core/compute.py``)."""

    __slots__ = ("run",)

    run: Any


class Worded:
    """A formula, with the period words in it (``core/measures.py``)."""

    __slots__ = ("periods",)

    periods: Any


class Laid:
    """A form, as the reader goes through it.

    Attributes:
        places: Its places (``read/sheet_facts.py``).
        own: What tells its own cells from the bank's (``read/own_cells.py``).
    """

    __slots__ = ("own", "places")

    own: Any
    places: Any


class Gathered:
    """All forms, with the items that are typed in on any of them (``read/sheet_facts.py``)."""

    __slots__ = ("typed_in",)

    typed_in: Any


class Settleable:
    """A check, with what settles it at once (``core/settled.py``)."""

    __slots__ = ("settler",)

    settler: Any
