"""Texts that a bank wrote, made harmless to show: on a terminal, in a list, in a spreadsheet.

A sheet name or an explanation may hold control characters: an escape sequence recolours a
terminal, a line feed forges a line of ours, a control character makes a workbook unreadable.
"""

from __future__ import annotations

import re

# Patterns are texts: most runs meet printable texts only and need none of them compiled.
_HIDDEN = (
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_UNWRITABLE = "[\ud800-\udfff\ufffe\uffff]"
_SPACE = r"[ \t\n\r\x0b\x0c\x85\u2028\u2029]+"
LOST = "\ufffd"


def one_line(text: str) -> str:
    r"""``text`` on one line, without what cannot be seen; what cannot be written is marked.

    Example:
        >>> one_line("甲\n\x1b[31m乙")
        '甲 [31m乙'
    """
    if text.isprintable():
        return text
    whole = re.sub(_UNWRITABLE, LOST, text)
    return re.sub(_SPACE, " ", re.sub(_HIDDEN, "", whole)).strip()
