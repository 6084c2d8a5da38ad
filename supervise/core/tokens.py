"""Text of a formula → tokens with their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

SCALES = {"": 1, "万": 10_000, "亿": 100_000_000}
_TOKEN = (
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)(?P<scale>[万亿])?"
    r"|(?P<name>[A-Za-z_{][A-Za-z0-9_{}]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?)"
    r"|'(?P<text>[^']*)'"
    r"|(?P<op><=|>=|!=|[-+*/()<>=,%]))"
)


class Token(NamedTuple):
    """``kind`` is number, name, text, op, or ``bad`` for a character of no token."""

    kind: str
    text: str
    scale: str
    column: int


def tokenise(text: str) -> Iterator[Token]:
    """Split a formula; after a ``bad`` token nothing follows."""
    token = re.compile(_TOKEN)
    position = 0
    end = len(text.rstrip())
    while position < end:
        match = token.match(text, position)
        if match is None:
            column = len(text) - len(text[position:].lstrip())
            yield Token("bad", text[column], "", column)
            return
        kind = "number" if match["number"] else match.lastgroup or ""
        yield Token(kind, match[kind], match["scale"] or "", match.start(kind))
        position = match.end()
