"""One text for one content: digests, exact figures."""

from __future__ import annotations

import hashlib
from fractions import Fraction

from supervise.json_text import canonical

_PLACES = 18
_UNIT = 10**_PLACES
BEGINNING = "0" * 64
"""What the first record of a chain names as the one before it."""


def digest(text: str | bytes) -> str:
    """SHA-256 in lower-case hexadecimal."""
    data = text.encode() if isinstance(text, str) else text
    return hashlib.sha256(data).hexdigest()


def chained(previous: str, institution: str, number: int, kind: str, content: str) -> str:
    """The digest that ties a record to all before it in its institution's chain.

    Args:
        previous: The same of the record before; ``BEGINNING`` for the first.
        institution: Whose chain it is.
        number: Place in the chain, from 1.
        kind: Kind of record.
        content: Digest of its canonical payload.
    """
    return digest(canonical([previous, institution, number, kind, content]))


def exact_text(value: Fraction | None) -> str | None:
    """An exact figure as text: a decimal where it ends, else a fraction such as ``1/3``.

    Example:
        >>> exact_text(Fraction(-1, 8)), exact_text(Fraction(1, 3))
        ('-0.125', '1/3')
    """
    if value is None:
        return None
    over, under = value.numerator, value.denominator
    if under == 1:
        return str(over)
    if _UNIT % under:
        return f"{over}/{under}"
    whole, rest = divmod(abs(over) * (_UNIT // under), _UNIT)
    return f"{'-' if over < 0 else ''}{whole}.{rest:0{_PLACES}d}".rstrip("0")


def storable(text: str) -> str:
    """A text that every database can hold: no NUL, no half of a surrogate pair."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")
