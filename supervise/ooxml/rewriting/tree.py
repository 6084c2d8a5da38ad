"""A small part of a workbook as a tree of elements that know where their bytes stand.

In: a ``Source``. Out: its outermost ``Node``; what is to be changed is told to the source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from supervise.errors import WorkbookUnreadable
from supervise.ooxml.refusals import refusal, shown
from supervise.ooxml.rewriting.source import TAG, Source

_SHARED_FROM: Final = 256
_SHARED_UP_TO: Final = 1 << 17
"""Bytes of a part whose tree is kept for the next file."""


class Node:
    """An element and where its bytes stand; never changed, for files share it.

    Attributes:
        space: Namespace.
        name: Local name.
        attributes: By name; one of another namespace by ``namespace name``.
        start: Where the opening tag begins.
        close: Where the closing tag begins; ``end``: where it ends. ``<a/>`` has none: then both
            are where the opening tag ends.
        text: The characters right inside it.
    """

    __slots__ = (
        "_whole",
        "attributes",
        "children",
        "close",
        "end",
        "name",
        "space",
        "start",
        "text",
    )

    def __init__(self, name: str, attributes: Mapping[str, str], start: int, whole: bytes) -> None:
        self.space, _, self.name = name.rpartition(" ")
        self.attributes = attributes
        self.start = start
        self.close = self.end = 0
        self.children: list[Node] = []
        self.text = ""
        self._whole = whole

    @property
    def inside(self) -> int:
        """Where the opening tag ends."""
        match = TAG.match(self._whole, self.start)
        assert match is not None  # expat found an element there
        return match.end()

    @property
    def prefix(self) -> str:
        """As the element is written: ``x:`` or nothing."""
        match = TAG.match(self._whole, self.start)
        before, colon, _ = match[1].rpartition(b":") if match is not None else (b"", b"", b"")
        return (before + colon).decode()

    def named(self, name: str) -> Iterator[Node]:
        """The children of that local name and this element's namespace."""
        return (c for c in self.children if c.name == name and c.space == self.space)

    def child(self, name: str) -> Node | None:
        """The first child of that local name, None if there is none."""
        return next(self.named(name), None)

    def walk(self) -> Iterator[Node]:
        """This element and all below it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()


def parse_tree(source: Source, root: str = "") -> Node:
    """The outermost element with all below it; for parts that are not large.

    A part that nobody would call so, ``limits.TREE_ELEMENTS``, is refused.

    Args:
        source: The part.
        root: Local name that the outermost element must have; any if empty.

    Raises:
        WorkbookUnreadable: The part is damaged or too large.
    """
    source.require_few_elements()
    shared = _SHARED_FROM <= len(source.text) <= _SHARED_UP_TO
    found = (_sound_tree(source.text) if shared else None) or _tree(source)
    if root and found.name != root:
        raise refusal("damaged", source.where, f"最外层元素为 {shown(found.name)}")
    return found


def _tree(source: Source) -> Node:
    parser, text = source.parser(), source.text
    top = Node("", {}, 0, text)
    stack = [top]

    def opened(name: str, attributes: dict[str, str]) -> None:
        node = Node(name, attributes, parser.CurrentByteIndex, text)
        stack[-1].children.append(node)
        stack.append(node)

    def closed(_: str) -> None:
        node = stack.pop()
        at = parser.CurrentByteIndex
        node.close = node.end = at  # of <a/> expat says where it ends
        if node.children or node.text or text[at - 2 : at] != b"/>":
            node.end = text.index(b">", at) + 1

    def said(characters: str) -> None:
        stack[-1].text += characters

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.CharacterDataHandler = said
    source.run(parser)
    return top.children[0]


@lru_cache(maxsize=16)
def _sound_tree(text: bytes) -> Node | None:
    """The tree of a part that other files have to the byte; None: refused, in the file's own name.

    All that is filed on one template has the same list of sheets and the same styles.
    """
    try:
        return _tree(Source(text, ""))
    except WorkbookUnreadable:
        return None
