"""What the readers of plainly written parts share: their texts, and how they give up.

A part in the form in which programs write one is read by one search (``plain_sheet.py``,
``plain_strings.py``). It has no sections, no line ends that a parser would change, and no
references to characters but the five named ones and those by which a writer of ASCII spells
Chinese, as openpyxl does beside lxml.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from supervise.ooxml import limits

TEXT: Final = f"[^<]{{0,{limits.STRING_CHARACTERS}}}"
"""Pattern of the characters between two tags."""

LARGEST: Final = 1 << 20
"""Bytes of a part beyond which its tokens would take more memory than they save time."""

_FIT: Final = bytes({*range(256)} - {*range(9)} - {*range(11, 32)})
"""All bytes but those of control characters and of line ends that a parser would change."""

_ODD_ENTITY: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[1-9][0-9]{2,4});)")
_SPELLED: Final = re.compile(r"&#([1-9][0-9]{2,4});")
_SHORT = 1024
_FIRST_SPELLED, _LAST_SPELLED, _SURROGATES = 160, 0xFFFD, range(0xD800, 0xE000)
_ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))


class NotPlain(Exception):
    """Something stands in the part that only the general reader understands."""


def text_of(data: bytes) -> str:
    """A stretch of a part, its named characters still spelled out.

    Raises:
        NotPlain: It is not UTF-8, or holds what XML forbids or a parser would change.
    """
    if data.translate(None, _FIT):
        raise NotPlain
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise NotPlain from None
    if "]]>" in text or "\ufffe" in text or "\uffff" in text:
        raise NotPlain
    if "&" in text and _ODD_ENTITY.search(text):
        raise NotPlain
    return text


def unescaped(text: str) -> str:
    """``text`` with the characters in place of their names and numbers.

    Raises:
        NotPlain: A number that is not of an ordinary character beyond ASCII.
    """
    if "&" not in text:
        return text
    return _known(text) if len(text) <= _SHORT else _unescaped(text)


def _unescaped(text: str) -> str:
    text = _SPELLED.sub(_character, text)
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text


# The texts of a template come again in every workbook that was made from it.
_known = lru_cache(maxsize=4096)(_unescaped)


def _character(match: re.Match[str]) -> str:
    code = int(match[1])
    if not _FIRST_SPELLED <= code <= _LAST_SPELLED or code in _SURROGATES:
        raise NotPlain
    return chr(code)
