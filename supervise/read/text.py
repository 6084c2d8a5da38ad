"""Text from a workbook made comparable and safe to show; nothing here knows what it means."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SHOWN = 60
NOT_APPLICABLE = "不适用"
EMPTY = "（空）"
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_SPACE = re.compile(r"\s+")
_COMPARED = 400
"""Characters beyond which a text is none that is known: the longest note of a form has 363."""
_FIGURE = 64
"""Characters beyond which a text is neither a figure nor a date nor a code."""
_KNOWN_CHARACTERS = 1 << 16
_MOST_PLAIN = 6


class _PlainCharacters(dict[int, str]):
    """Each character in its plain form (NFKC), for ``str.translate``; found out once.

    Character by character, because a whole text takes time with the square of a run of accents,
    and a microsecond for many a single character.
    """

    def __missing__(self, code: int) -> str:
        character = chr(code)
        plain = unicodedata.normalize("NFKC", character)
        if len(plain) > _MOST_PLAIN:  # a whole sentence of Arabic in one character
            plain = character
        if len(self) < _KNOWN_CHARACTERS:
            self[code] = plain
        return plain


_PLAIN = _PlainCharacters()


def clean(text: str) -> str:
    """``text`` without control, zero-width and bidirectional characters and outer spaces."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return _UNSAFE.sub("", text.replace("\r\n", "\n")).strip()


def shorten(text: str) -> str:
    """``text`` fit for a message: clean, on one line, at most 60 characters."""
    line = _SPACE.sub(" ", clean(text))
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"


def fold(text: str) -> str:
    """``text`` reduced to what decides sameness: half width, no spaces, no case.

    A text longer than any that is compared with another is only made clean.

    Example:
        >>> fold(" Ｓ71_I　")
        's71_i'
    """
    return _known_folded(text) if len(text) <= _FIGURE else _folded(text)


def half_width(text: str) -> str:
    """``text`` with full-width forms and the various minus signs made plain, outer spaces off.

    A text longer than any figure is only made clean.
    """
    bare = clean(text)
    if bare.isascii() or len(bare) > _FIGURE:
        return bare
    return bare.translate(_PLAIN).replace("\u2212", "-").replace("\u2013", "-").strip()


def _folded(text: str) -> str:
    bare = clean(text)
    if len(bare) > _COMPARED:
        return bare
    return _SPACE.sub("", bare if bare.isascii() else bare.translate(_PLAIN)).casefold()


_known_folded = lru_cache(maxsize=8192)(_folded)
