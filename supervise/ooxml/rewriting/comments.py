"""The comments of a sheet: ours added to those of the bank, and taken out again.

A cell has one comment. Where the bank has written one, ours follows it in the same comment, framed
by ``marks.BEGIN`` and ``marks.END``, so that it can be told from the bank's words ever after.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal

from supervise.ooxml import marks
from supervise.ooxml.rewriting.source import Source, cell_text, prefixed, with_attributes
from supervise.ooxml.rewriting.tree import Node, parse_tree
from supervise.record import record

Tone = Literal["frame", "blocking", "explain", "advisory", "plain"]
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_COLOURS: Final[dict[str, str]] = {
    "frame": "FF8A8F98",
    "blocking": "FFB42318",
    "explain": "FF9A5B00",
    "advisory": "FF1F4E79",
    "plain": "FF262626",
}
_GAP: Final = "\n\n"
_GAP_BEFORE: Final = re.compile(r"(?:\r?\n|\r){1,2}\Z")
_BOLD: Final = frozenset({"blocking", "explain", "advisory"})


@record
class Line:
    """A line of a comment; its tone is its colour."""

    text: str
    tone: Tone = "plain"


@record
class Note:
    """What is said at one cell.

    Attributes:
        severity: The gravest that is found there: colour of the cell.
        lines: Text of the comment; none for a cell that is only coloured.
    """

    severity: str
    lines: tuple[Line, ...] = ()


class CommentList:
    """The comments part of one sheet.

    Args:
        content: The part; None to begin one.
        where: File and part, for messages.
        namespace: Of the sheet, for a part begun here.
    """

    def __init__(self, content: bytes | None, where: str, namespace: str) -> None:
        empty = f'<comments xmlns="{namespace}"><authors/><commentList/></comments>'
        self._source = Source(content or (_HEAD + empty).encode(), where)
        self._root = parse_tree(self._source, "comments")
        listed = self._root.child("commentList")
        self._nodes = list(listed.named("comment")) if listed is not None else []
        self._by_cell = {n.attributes.get("ref", "").upper(): n for n in self._nodes}
        self._authors = [
            node.text for part in self._root.named("authors") for node in part.named("author")
        ]
        self._new: list[str] = []

    def add(self, cell: str, lines: Iterable[Line]) -> bool:
        """Say something at a cell.

        Returns:
            Whether a new comment was needed; else the bank's own is longer now.
        """
        runs = _runs(lines)
        node = self._by_cell.get(cell)
        if node is None:
            author = self._author()
            self._new.append(
                f'<comment ref="{cell}" authorId="{author}"><text>{runs}</text></comment>'
            )
            return True
        text = node.child("text")
        if text is None:
            self._source.append(node, f"<text>{runs}</text>")
            return False
        separator = _run(Line(_GAP, "frame"))
        plain = text.child("t")
        if plain is not None:
            inner = self._source.text[plain.start : plain.end].decode()
            p = text.prefix
            whole = f"<{p}r>{inner}</{p}r>" + prefixed(separator + runs, p)
            self._source.replace(plain.start, plain.end, whole.encode())
        else:
            self._source.append(text, separator + runs)
        return False

    def strip(self) -> list[str]:
        """Take out what we wrote.

        Returns:
            Cells that have no comment any more.
        """
        gone = [node for node in self._nodes if self._strip(node)]
        starts = {node.start for node in gone}
        self._nodes = [node for node in self._nodes if node.start not in starts]
        return [node.attributes.get("ref", "").upper() for node in gone]

    def text_of(self, cell: str) -> str:
        """What the bank's own comment at a cell says; empty without one."""
        node = self._by_cell.get(cell)
        return "".join(t.text for t in _texts(node)) if node is not None else ""

    @property
    def empty(self) -> bool:
        """No comment is left."""
        return not self._nodes and not self._new

    def finish(self) -> bytes:
        """The part with what was added and taken out."""
        if self._new:
            listed = self._root.child("commentList")
            if listed is not None:
                self._source.append(listed, "".join(self._new))
            else:
                whole = f"<commentList>{''.join(self._new)}</commentList>"
                self._source.append(self._root, whole)
        return self._source.finish()

    def _author(self) -> int:
        if marks.AUTHOR not in self._authors:
            part = self._root.child("authors")
            xml = f"<author>{marks.AUTHOR}</author>"
            if part is not None:
                self._source.append(part, xml)
            elif self._root.inside == self._root.end:
                self._source.append(self._root, f"<authors>{xml}</authors>")
            else:
                whole = prefixed(f"<authors>{xml}</authors>", self._root.prefix)
                self._source.insert(self._root.inside, whole.encode())
            self._authors.append(marks.AUTHOR)
        return self._authors.index(marks.AUTHOR)

    def _strip(self, node: Node) -> bool:
        """Take our words out of a comment; whether the comment went with them."""
        texts = _texts(node)
        said = "".join(text.text for text in texts)
        start, end = _ours(said)
        if start < 0:
            return False
        if not (said[:start] + said[end:]).strip():
            self._source.replace(node.start, node.end, b"")
            return True
        at = 0
        for text in texts:
            first, at = at, at + len(text.text)
            before = text.text[: max(start - first, 0)]
            behind = text.text[max(end - first, 0) :]
            self._cut(node, text, before + behind)
        return False

    def _cut(self, comment: Node, text: Node, kept: str) -> None:
        """Leave part of one ``<t>``; the run around it goes if nothing is left."""
        if kept == text.text:
            return
        if kept:
            tag = self._source.text[text.start : text.inside]
            opened = with_attributes(tag, {"xml:space": "preserve"})
            self._source.replace(text.start, text.close, opened + cell_text(kept).encode())
            return
        runs = (n for n in comment.walk() if n.name == "r" and text in n.children)
        around = next(runs, text)
        self._source.replace(around.start, around.end, b"")


def _ours(said: str) -> tuple[int, int]:
    """Where our words begin and end, blank lines before them included; else ``(-1, -1)``."""
    start = said.rfind(marks.BEGIN)
    end = said.find(marks.END, max(start, 0))
    if start < 0 or end < 0:
        return -1, -1
    gap = _GAP_BEFORE.search(said, 0, start)
    return (gap.start() if gap else start), end + len(marks.END)


def _texts(node: Node) -> list[Node]:
    """The ``<t>`` of a comment, phonetic guides left out."""
    text = node.child("text")
    if text is None:
        return []
    return [t for part in (text, *text.named("r")) for t in part.named("t")]


def _runs(lines: Iterable[Line]) -> str:
    said = (Line(_said(line.text), line.tone) for line in lines)
    framed = [Line(marks.BEGIN, "frame"), *said, Line(marks.END, "frame")]
    last = len(framed) - 1
    return "".join(
        _run(line if n == last else Line(line.text + "\n", line.tone))
        for n, line in enumerate(framed)
    )


def _run(line: Line) -> str:
    bold = "<b/>" if line.tone in _BOLD else ""
    size = 8 if line.tone == "frame" else 9
    return (
        f'<r><rPr>{bold}<sz val="{size}"/><color rgb="{_COLOURS[line.tone]}"/>'
        f'<rFont val="微软雅黑"/><family val="2"/><charset val="134"/></rPr>'
        f'<t xml:space="preserve">{cell_text(line.text)}</t></r>'
    )


def _said(text: str) -> str:
    """A text that cannot be taken for the frame around it."""
    return text.replace(marks.BEGIN, marks.BEGIN[1:-1]).replace(marks.END, marks.END[1:-1])
