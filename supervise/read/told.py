"""Values of a JSON document that was written by this program, or perhaps by somebody else.

Each reader gives the value or raises what ``MALFORMED`` lists.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeVar

MALFORMED = (
    KeyError, TypeError, ValueError, AttributeError, IndexError, ZeroDivisionError, OverflowError,
    RecursionError,
)  # fmt: skip
LONGEST = 200
_FIGURE = re.compile(r"-?[0-9]{1,300}(\.[0-9]{1,300}|/[0-9]{1,300})?")
Value = TypeVar("Value")


def text(value: Any) -> str:
    """A text."""
    if not isinstance(value, str):
        raise TypeError("text")
    return value


def figure(value: Any) -> Fraction:
    """A decimal or ``3/7``; no exponent, which would be long to write out."""
    if not isinstance(value, str) or not _FIGURE.fullmatch(value):
        raise ValueError("figure")
    return Fraction(value)


def whole(value: Any) -> int:
    """A whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("whole number")
    return value


def truth(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise TypeError("truth value")
    return value


def optional(read: Callable[[Any], Value], value: Any) -> Value | None:
    """What ``read`` makes of a value; None of null."""
    return None if value is None else read(value)


def json_of(data: bytes) -> Any:
    """A JSON document; a key that stands twice could mean two things.

    Raises:
        ValueError: It is none.
        RecursionError: It is nested without end.
    """
    return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def short(value: Any) -> str:
    """A text cut and cleaned so that it can be shown."""
    return "".join(c if c.isprintable() else "?" for c in text(value)[:LONGEST])
