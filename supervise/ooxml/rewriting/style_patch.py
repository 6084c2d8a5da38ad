"""The styles of a workbook with some added: a cell's own look in another fill, and new looks.

Nothing that is there is changed or moved, so that every style number keeps its meaning; what is
there already is found again, so that doing the same twice adds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from supervise.ooxml.refusals import refusal
from supervise.ooxml.rewriting.source import (
    Source,
    closing_tag,
    opened_tag,
    prefixed,
    unprefixed,
    with_attributes,
)
from supervise.ooxml.rewriting.tree import Node, parse_tree

MOST_STYLES: Final = 64_000
"""Cell formats that Excel takes in a workbook."""

_ORDER: Final = (
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
)
_RESERVED: Final = {
    "fonts": ("<font/>",),
    "fills": (
        '<fill><patternFill patternType="none"/></fill>',
        '<fill><patternFill patternType="gray125"/></fill>',
    ),
    "borders": ("<border><left/><right/><top/><bottom/><diagonal/></border>",),
    "cellXfs": ('<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',),
}
"""What Excel takes the first entries of a list to be, whatever they say."""

NO_FILL: Final = _RESERVED["fills"][0]
_SOLID: Final = re.compile(
    r'<patternFill patternType="solid">\s*<fgColor rgb="[0-9A-Fa-f]{0,2}([0-9A-F]{6})"\s*/>'
    r"\s*(<bgColor[^>]*/>)?"
)
_FOREGROUND: Final = re.compile(r'patternType="solid"[^>]*>\s*<fgColor([^>]*?)/?>')
_AUTOMATIC: Final = '<bgColor indexed="64"/>'


class _Entries:
    """One list of the part (fonts, fills, borders or cell formats), and what is added to it."""

    def __init__(self, source: Source, root: Node, name: str) -> None:
        self.name = name
        self.node = root.child(name)
        self.prefix = self.node.prefix if self.node is not None else root.prefix
        self.nodes = list(self.node.children) if self.node is not None else []
        self.texts = [
            unprefixed(source.text[n.start : n.end].decode(), self.prefix) for n in self.nodes
        ]
        self.before = len(self.texts)
        self.texts += _RESERVED[name][self.before :]
        self._numbers: dict[str, int] = {}
        for number, text in enumerate(self.texts):
            self._numbers.setdefault(text, number)

    def number(self, text: str) -> int:
        """Where the entry stands; it is added if it is not there."""
        number = self._numbers.setdefault(text, len(self.texts))
        if number == len(self.texts):
            self.texts.append(text)
        return number

    def save(self, source: Source, root: Node) -> None:
        new = prefixed("".join(self.texts[self.before :]), self.prefix).encode()
        count = str(len(self.texts))
        if self.node is None:
            whole = f'<{self.prefix}{self.name} count="{count}">'.encode()
            source.insert(_place(root, self.name), whole + new + closing_tag(whole))
        elif new:
            tag = source.text[self.node.start : self.node.inside]
            told = with_attributes(opened_tag(tag), {"count": count})
            if self.node.inside == self.node.end:
                source.replace(self.node.start, self.node.end, told + new + closing_tag(tag))
            else:
                source.replace(self.node.start, self.node.inside, told)
                source.insert(self.node.close, new)


class StylePatch:
    """The style part being added to.

    Args:
        content: The part.
        where: File and part, for messages.
    """

    def __init__(self, content: bytes, where: str) -> None:
        self._source = Source(content, where)
        self._root = parse_tree(self._source)
        if self._root.inside == self._root.end:
            tag = self._source.text[self._root.start : self._root.end]
            self._source = Source(opened_tag(tag) + closing_tag(tag), where)
            self._root = parse_tree(self._source)
        self._lists = {name: _Entries(self._source, self._root, name) for name in _RESERVED}
        self._known: dict[tuple[object, ...], int] | None = None
        self._filled: dict[tuple[int, str], int] = {}
        self._unfilled: dict[tuple[int, str], int] = {}

    def look(self, *, font: str, fill: str, border: str, alignment: str) -> int:
        """The cell format of such parts, each a whole element without prefixes.

        Args:
            font: ``<font>``.
            fill: ``<fill>``.
            border: ``<border>``.
            alignment: ``<alignment/>``.
        """
        ids = {
            "fontId": self._lists["fonts"].number(font),
            "fillId": self._lists["fills"].number(fill),
            "borderId": self._lists["borders"].number(border),
        }
        if self._root.child("cellStyleXfs") is not None:
            ids["xfId"] = 0
        told = " ".join(f'{name}="{number}"' for name, number in ids.items())
        return self._lists["cellXfs"].number(
            f'<xf numFmtId="0" {told} applyFont="1" applyFill="1" applyBorder="1"'
            f' applyAlignment="1">{alignment}</xf>'
        )

    @property
    def count(self) -> int:
        """How many formats there are."""
        return len(self._lists["cellXfs"].texts)

    def reserve(self, count: int) -> None:
        """Have so many formats at least: plain ones for numbers that no format answers to.

        A cell that names a format the file does not have would otherwise take one of ours.
        """
        texts = self._lists["cellXfs"].texts
        texts += [_RESERVED["cellXfs"][0]] * (count - len(texts))

    def filled(self, style: int, colour: str) -> int:
        """The format like ``style``, filled with a colour.

        What the fill was is kept in the colour that a solid fill does not show.
        """
        known = self._filled.get((style, colour))
        if known is None:
            before = _FOREGROUND.search(self.fill_of(style))
            behind = f"<bgColor{before[1].rstrip()}/>" if before else _AUTOMATIC
            fill = (
                '<fill><patternFill patternType="solid">'
                f'<fgColor rgb="FF{colour}"/>{behind}</patternFill></fill>'
            )
            known = self._filled[style, colour] = self._with_fill(style, fill)
        return known

    def colours(self, wanted: Sequence[str]) -> dict[int, str]:
        """Formats that are filled with one of the colours, and the fill behind it."""
        behind = {}
        for number, text in enumerate(self._lists["fills"].texts):
            match = _SOLID.search(text)
            if match is not None and match[1] in wanted:
                behind[number] = _fill_behind(match[2] or _AUTOMATIC)
        found = {}
        for number in range(len(self._lists["cellXfs"].texts)):
            fill = _number(self._attributes(number), "fillId")
            if fill in behind:
                found[number] = behind[fill]
        return found

    def unfilled(self, style: int, fill: str) -> int:
        """The format like ``style`` with another fill, as it was before ``filled``."""
        number = self._unfilled.get((style, fill))
        if number is None:
            key = self._key(dict(self._attributes(style)), fill, self._inner(style))
            number = self._by_key().get(key)
            number = self._with_fill(style, fill) if number is None else number
            self._unfilled[style, fill] = number
        return number

    def fill_of(self, style: int) -> str:
        """The fill of a format, a whole element without prefixes."""
        fills = self._lists["fills"].texts
        number = _number(self._attributes(style), "fillId")
        return fills[number] if number < len(fills) else NO_FILL

    def finish(self) -> bytes:
        """The part with what was added.

        Raises:
            WorkbookUnreadable: More formats than a workbook can have.
        """
        if len(self._lists["cellXfs"].texts) > MOST_STYLES:
            raise refusal("too_large", self._source.where, f"单元格格式超过 {MOST_STYLES:,} 种")
        for entries in self._lists.values():
            entries.save(self._source, self._root)
        return self._source.finish()

    def _with_fill(self, style: int, fill: str) -> int:
        formats = self._lists["cellXfs"]
        text = formats.texts[style if style < len(formats.texts) else 0]
        tag = text[: _tag_end(text)].encode()
        changes = {"fillId": str(self._lists["fills"].number(fill)), "applyFill": "1"}
        if style >= len(formats.texts):
            changes["numFmtId"] = "0"
        return formats.number(with_attributes(tag, changes).decode() + text[len(tag.decode()) :])

    def _attributes(self, style: int) -> Mapping[str, str]:
        formats = self._lists["cellXfs"]
        if style < len(formats.nodes):
            return formats.nodes[style].attributes
        text = formats.texts[style] if style < len(formats.texts) else _RESERVED["cellXfs"][0]
        return dict(re.findall(r'\s([A-Za-z]+)="([^"]*)"', text[: _tag_end(text)]))

    def _inner(self, style: int) -> str:
        text = self._lists["cellXfs"].texts[style]
        return text[_tag_end(text) :]

    def _by_key(self) -> dict[tuple[object, ...], int]:
        """Formats by what they look like, whatever order their attributes are written in."""
        if self._known is None:
            self._known = {}
            for number in range(len(self._lists["cellXfs"].texts)):
                attributes = dict(self._attributes(number))
                key = self._key(attributes, self.fill_of(number), self._inner(number))
                self._known.setdefault(key, number)
        return self._known

    @staticmethod
    def _key(attributes: dict[str, str], fill: str, inner: str) -> tuple[object, ...]:
        left = {k: v for k, v in attributes.items() if k not in ("fillId", "applyFill")}
        return frozenset(left.items()), fill, inner


def _fill_behind(background: str) -> str:
    if background == _AUTOMATIC:
        return NO_FILL
    colour = background.replace("<bgColor", "<fgColor")
    return f'<fill><patternFill patternType="solid">{colour}</patternFill></fill>'


def _place(root: Node, name: str) -> int:
    """Where a list that the part lacks belongs."""
    later = _ORDER[_ORDER.index(name) + 1 :]
    return next((c.start for c in root.children if c.name in later), root.close)


def _tag_end(text: str) -> int:
    return text.index(">") + 1


def _number(attributes: Mapping[str, str], name: str) -> int:
    text = attributes.get(name, "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
