"""Text from a workbook made comparable and safe to show; nothing here knows what it means."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SHOWN = 60
NOT_APPLICABLE = "不适用"
EMPTY = "（空）"
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACE = re.compile(r"\s+")


def clean(text: str) -> str:
    """``text`` without control, zero-width and bidirectional characters and outer spaces."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return _UNSAFE.sub("", text.replace("\r\n", "\n")).strip()


def shorten(text: str) -> str:
    """``text`` fit for a message: clean, on one line, at most 60 characters."""
    line = _SPACE.sub(" ", clean(text))
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """``text`` reduced to what decides sameness: half width, no spaces, no case.

    Example:
        >>> fold(" Ｓ71_I　")
        's71_i'
    """
    return _SPACE.sub("", unicodedata.normalize("NFKC", clean(text))).casefold()


def half_width(text: str) -> str:
    """``text`` with full-width forms and the various minus signs made plain, outer spaces off."""
    plain = unicodedata.normalize("NFKC", clean(text))
    return plain.replace("\u2212", "-").replace("\u2013", "-").strip()
