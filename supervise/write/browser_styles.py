"""The style sheet that WeasyPrint has for every document, without what a document has no use for.

That sheet styles a marker, the five parts of a note and more on every element, used or not: seven
styles an element instead of one, which are half of what a report holds in memory while it is
printed. In: that sheet, the document. Out: the sheet with markers on list items alone and without
notes; None for a document that makes list items or notes itself, and needs all of it.
"""

from __future__ import annotations

import re

_NOTES = re.compile(r"^::(?:foot)?note-[^{}]*\{[^{}]*\}", re.MULTILINE)
_MARKER = re.compile(r"^::marker\b", re.MULTILINE)
_MADE = re.compile(r"list-item|footnote|note\(|\\", re.IGNORECASE)
"""What makes something a list item or a note; an escape may hide any word."""


def spare_sheet(whole: str, *documents: str) -> str | None:
    """The sheet without the unused rules; None where some of them may be used.

    Args:
        whole: The sheet for every document.
        documents: All that may hold styles: markup, style sheets.
    """
    if any(map(_MADE.search, documents)):
        return None
    return _MARKER.sub("li::marker", _NOTES.sub("", whole))
