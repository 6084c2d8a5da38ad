"""What the readers of plainly written parts share: their texts, and how they give up.

A part in the form in which programs write one is read by one search (``plain_sheet.py``,
``plain_strings.py``). It has no references to characters but the five named ones, no sections,
and no line ends that a parser would change.
"""

from __future__ import annotations

import re
from typing import Final

from supervise.ooxml import limits

TEXT: Final = f"[^<]{{0,{limits.STRING_CHARACTERS}}}"
"""Pattern of the characters between two tags."""

LARGEST: Final = 1 << 20
"""Bytes of a part beyond which its tokens would take more memory than they save time."""

_FIT: Final = bytes({*range(256)} - {*range(9)} - {*range(11, 32)})
"""All bytes but those of control characters and of line ends that a parser would change."""

_ODD_ENTITY: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")
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
    """``text`` with the five named characters in place of their names."""
    if "&" in text:
        for entity, character in _ENTITIES:
            text = text.replace(entity, character)
    return text
