"""Shared strings in the form in which programs write them, read by one search.

In: the part's bytes. Out: its texts, or None if only the general reader (``strings.py``) can read
or refuse it: phonetic guides, for one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from xml.parsers import expat

from supervise.errors import WorkbookUnreadable
from supervise.ooxml import limits
from supervise.ooxml.markup import PartParser, decoded
from supervise.ooxml.package import Package
from supervise.ooxml.plain import LARGEST, TEXT, NotPlain, text_of, unescaped

_FIRST: Final = b"<si>"
_LAST: Final = b"</si>"
_TAG: Final = r'<[a-zA-Z]+(?: [a-zA-Z]+="[^"<>&]*")* ?/>'
_RUN: Final = rf'<r>(?:<rPr>(?:{_TAG})*</rPr>)?<t(?: xml:space="preserve")?>{TEXT}</t></r>'
_STRINGS: Final = re.compile(
    # a plain text, or one of several runs
    rf'<si>(?:<t(?: xml:space="preserve")?(?:>({TEXT})</t>| ?/>)|((?:{_RUN})+))'
    r'(?:<phoneticPr fontId="[0-9]+"(?: type="[a-zA-Z]+")?(?: alignment="[a-zA-Z]+")?/>)?</si>'
    # what is neither
    r"|(.+)",
    re.DOTALL,
)
_RUNS: Final = re.compile(r"<r>(?:<rPr>(.*?)</rPr>)?<t[^>]*>([^<]*)</t></r>", re.DOTALL)


class _PlainStringsParser(PartParser):
    """Gives expat the part without its strings."""

    root = "sst"

    def __init__(self, package: Package, part: str) -> None:
        super().__init__(package, part)
        self.strings: list[str] = []

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        raise NotPlain

    def _feed(self, parser: expat.XMLParserType, content: bytes) -> None:
        start, end = content.find(_FIRST), content.rfind(_LAST) + len(_LAST)
        if not 0 <= start < end or b"<sst" not in content[:start]:
            raise NotPlain
        parser.Parse(content[:start], False)
        found = _STRINGS.findall(text_of(content[start:end]))
        if found[-1][2] or content.count(b"<si") != len(found):
            raise NotPlain
        parser.StartElementHandler = None
        parser.Parse(memoryview(content)[end:], True)
        texts = [text or (_joined(runs) if runs else "") for text, runs, _ in found]
        self.strings = [decoded(unescaped(text)) for text in texts]


def read_plain_strings(package: Package, part: str, content: bytes) -> list[str] | None:
    """All shared strings in order; None if they are for the general reader to read or to refuse.

    Args:
        package: The open file.
        part: Its name.
        content: Its bytes.
    """
    if len(content) > LARGEST:
        return None
    parser = _PlainStringsParser(package, part)
    try:
        parser.parse(content)
    except (NotPlain, WorkbookUnreadable):
        return None
    return parser.strings


def _joined(runs: str) -> str:
    """The text of several runs, whose looks are held to the rules of XML."""
    found = _RUNS.findall(runs)
    text = "".join([text for _, text in found])
    if len(text) > limits.STRING_CHARACTERS or not all(_is_sound(look) for look, _ in found):
        raise NotPlain
    return text


@lru_cache(maxsize=256)
def _is_sound(look: str) -> bool:
    """Whether the elements that say how a run looks are well-formed; a few looks serve all."""
    try:
        expat.ParserCreate("UTF-8", " ").Parse(f"<x>{look}</x>", True)
    except expat.ExpatError:
        return False
    return True
