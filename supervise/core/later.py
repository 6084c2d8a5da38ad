"""A text that is written when it is first read: most are written for a report nobody asked for."""

from __future__ import annotations

from collections.abc import Callable


class Later:
    """Equal, and as a copy, the text that it comes to.

    Args:
        write: Gives the text; called once at most.
    """

    __slots__ = ("_text", "_write")

    def __init__(self, write: Callable[[], str]) -> None:
        self._write: Callable[[], str] | None = write
        self._text = ""

    def __str__(self) -> str:
        if self._write is not None:
            self._text = self._write()
            self._write = None
        return self._text

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other) if isinstance(other, Later | str) else NotImplemented

    def __hash__(self) -> int:
        return hash(str(self))

    def __repr__(self) -> str:
        return repr(str(self))

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)
