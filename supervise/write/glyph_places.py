"""Where in a report a character stands: section and row, for a message about a missing glyph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from supervise.write.numbers import Words
from supervise.write.view import ReportView

_AROUND = 8
_MOST = 3
# Part of a report to the wording of its heading.
_HEADINGS = {
    "headlines": "report.headlines.title",
    "elements": "report.elements.title",
    "groups": "report.indicators.title",
    "duties": "report.requirement.title",
    "findings": "report.findings.title",
    "blocking": "report.findings.title",
    "opinions": "report.opinions.title",
    "rectification": "report.rectification.title",
    "use": "report.use.title",
    "policy": "report.policy.title",
    "statements": "report.conclusion.title",
    "concerns": "report.conclusion.title",
    "things": "report.conclusion.title",
    "workings": "report.workings.title",
    "sources": "report.sources.title",
    "annex": "report.method.title",
}
Found = tuple[str, int, str]


class Places:
    """Finds characters in the texts of one report.

    Args:
        view: The report in texts.
        words: Wordings of the headings.
    """

    def __init__(self, view: ReportView, words: Words) -> None:
        self._view = view
        self._words = words

    def of(self, character: str) -> str:
        """The first few places with the words around; those of the template itself otherwise."""
        told: list[str] = []
        for section, row, text in _texts(self._view):
            if character in text and len(told) < _MOST:
                said = self._told(section, row, around(text, character))
                told += [] if said in told else [said]
        return self._words("report.list_semicolon").join(told) or self._words("report.place.other")

    def _told(self, section: str, row: int, text: str) -> str:
        name = self._words(_HEADINGS.get(section, "report.place.cover"))
        key = "report.place.row" if row else "report.place.section"
        return self._words(key, section=name, row=row, text=text)


def around(text: str, character: str) -> str:
    """The words around a character."""
    at = text.index(character)
    line = text[max(at - _AROUND, 0) : at + _AROUND + 1]
    return "".join(c if c.isprintable() else "□" if c == character else " " for c in line)


def _texts(view: ReportView) -> Iterator[Found]:
    for name in type(view).__slots__:  # type: ignore[attr-defined]  # a record
        yield from _within(getattr(view, name), name, 0)


def _within(value: Any, section: str, row: int) -> Iterator[Found]:
    """Every text below a value, with the row of the outermost list that it stands in."""
    if isinstance(value, str):
        yield section, row, value
    elif isinstance(value, tuple):
        for number, each in enumerate(value, 1):
            yield from _within(each, section, row or number)
    elif hasattr(value, "__slots__"):
        for name in value.__slots__:
            inner = name if name in _HEADINGS and section == "annex" else section
            yield from _within(getattr(value, name), inner, row)
