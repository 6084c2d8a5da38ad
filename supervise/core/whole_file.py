"""A file that carries the digest of all its own bytes, so that one changed byte shows.

It is no signature: whoever makes a file can make its digest. It tells a damaged or edited file
from the one that was written. A signature stands behind the file and leaves it as it was.
"""

from __future__ import annotations

import hashlib
from typing import Literal

SealState = Literal["whole", "broken", "none"]
MARK = b"supervise-sha256:"
_LENGTH = 64
BLANK = MARK + b"0" * _LENGTH
"""What a file must hold once, where the digest is to stand."""
SEAL = "seal"
"""The element of a template with this id is where a report is signed: the destination of that name
is its whole area."""
_END = b"%%EOF\n"
_MOST_ENDS = 4


def sealed(data: bytes) -> bytes:
    """The file with its digest in place of the last ``BLANK``.

    Raises:
        ValueError: There is no place for it.
    """
    start = data.rindex(BLANK) + len(MARK)
    digest = hashlib.sha256(data).hexdigest().encode()
    return data[:start] + digest + data[start + _LENGTH :]


def seal_state(data: bytes) -> SealState:
    """Whether a file is the one that was sealed, another, or never was sealed.

    Example:
        >>> seal_state(sealed(b"one " + BLANK + b" two"))
        'whole'
        >>> seal_state(sealed(b"one " + BLANK + b" two").replace(b"two", b"too"))
        'broken'
    """
    place = data.rfind(MARK)
    if place < 0:
        return "none"
    start = place + len(MARK)
    blank = data[:start] + b"0" * _LENGTH + data[start + _LENGTH :]
    told = data[start : start + _LENGTH]
    return "whole" if told == hashlib.sha256(blank).hexdigest().encode() else "broken"


def sealed_length(data: bytes) -> int:
    r"""Length of the sealed file at the beginning of a file; 0: no beginning of it is one.

    Example:
        >>> report = sealed(BLANK + b"%%EOF\n")
        >>> sealed_length(report + b"signature") == sealed_length(report) == len(report)
        True
        >>> sealed_length(b"x" + report)
        0
    """
    end = 0
    for _ in range(_MOST_ENDS):
        place = data.find(_END, end)
        if place < 0:
            break
        end = place + len(_END)
        if seal_state(data[:end]) == "whole":
            return end
    return 0
