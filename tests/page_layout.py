"""Where the words of a PDF stand, and what is wrong with that.

In: a PDF file. Out: words with their boxes in points, page by page, and complaints: a word outside
the margins, two words upon each other, a heading that nothing follows on its page.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from html import unescape
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

MARGIN = 17 / 25.4 * 72
PAGE_WIDTH = 210 / 25.4 * 72
FOOT = 277 / 25.4 * 72
"""Below this stands the running foot."""
SLACK = 1.5
HEADING = 15.0
"""Height in points from which a word is a heading's."""
_WORD = re.compile(
    r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
)


class Word(NamedTuple):
    """A word and its box."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


def words_of(pdf: Path) -> list[list[Word]]:
    """The words of each page."""
    command = ["pdftotext", "-bbox", str(pdf), "-"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [[_word(found) for found in _WORD.findall(page)] for page in told.split("<page ")[1:]]


def _word(found: tuple[str, ...]) -> Word:
    left, top, right, bottom = map(float, found[:4])
    return Word(left, top, right, bottom, unescape(found[4]))


def complaints(pdf: Path) -> list[str]:
    """What is wrong with the layout; page 1 has margins of its own."""
    found: list[str] = []
    for number, words in enumerate(words_of(pdf), 1):
        edge = MARGIN if number > 1 else 0.0
        found += [f"page {number}: {told}" for told in _outside(words, edge)]
        found += [f"page {number}: {told}" for told in _upon_each_other(words)]
        if number > 1:
            found += [f"page {number}: {told}" for told in _orphans(words)]
    return found


def _outside(words: list[Word], edge: float) -> Iterator[str]:
    for word in words:
        if word.left < edge - SLACK or word.right > PAGE_WIDTH - edge + SLACK:
            yield f"outside the margins: {word.text}"


def _upon_each_other(words: list[Word]) -> Iterator[str]:
    """Words that share more than a third of the smaller one's box."""
    for one, other in combinations(sorted(words, key=lambda w: w.top), 2):
        if other.top >= one.bottom:
            continue
        across = min(one.right, other.right) - max(one.left, other.left)
        down = min(one.bottom, other.bottom) - max(one.top, other.top)
        if across <= 0 or down <= 0:
            continue
        smaller = min(_area(one), _area(other))
        if smaller and across * down > smaller / 3:
            yield f"upon each other: {one.text} / {other.text}"


def _orphans(words: list[Word]) -> Iterator[str]:
    """Headings under which nothing stands but the foot."""
    body = [word for word in words if word.bottom < FOOT]
    for word in body:
        tall = word.bottom - word.top
        if tall >= HEADING and not any(other.top > word.bottom for other in body):
            yield f"a heading at the end: {word.text}"


def _area(word: Word) -> float:
    return (word.right - word.left) * (word.bottom - word.top)
