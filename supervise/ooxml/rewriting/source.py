"""The XML of a part as bytes that are changed in places, all the rest staying byte for byte.

Nothing is written anew: expat says where an element stands, an edit replaces those bytes alone. So
white space, prefixes, attribute order and whatever we do not know survive. A part in UTF-16 is
worked on in UTF-8 and given back as it came.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NoReturn
from xml.parsers import expat

from supervise.ooxml import limits
from supervise.ooxml.refusals import refusal

if TYPE_CHECKING:
    from supervise.ooxml.rewriting.tree import Node

_ENCODINGS: Final = {
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}
TAG: Final = re.compile(rb"<([^\s/>]+)(?:\"[^\"]*\"|'[^']*'|[^>\"'])*>")
_ATTRIBUTE: Final = re.compile(rb"\s+([^\s=]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ELEMENT: Final = re.compile(r"<(/?)(?=[A-Za-z][\w.-]*[\s/>])")
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPECIAL: Final = re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff&<>"]')
_LOOKS_ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class Source:
    """A part's text and the edits to it.

    Args:
        content: The part as it stands in the package.
        where: File and part, for messages.
    """

    def __init__(self, content: bytes, where: str) -> None:
        self.where = where
        self._encoding = _ENCODINGS.get(content[:2], "")
        self.text = content
        if self._encoding:
            whole = content.decode(self._encoding, "surrogatepass")
            self.text = whole.encode("utf-8", "surrogatepass")
        self._edits: list[tuple[int, int, bytes]] = []
        self._appended: dict[int, tuple[Node, list[str]]] = {}

    def replace(self, start: int, end: int, new: bytes) -> None:
        """Put other bytes in place of ``start`` to ``end``."""
        self._edits.append((start, end, new))

    def insert(self, at: int, new: bytes) -> None:
        """Put bytes in front of what stands at ``at``, behind earlier insertions there."""
        self._edits.append((at, at, new))

    def append(self, node: Node, xml: str) -> None:
        """Put elements last inside an element, which may be written ``<a/>``.

        Args:
            node: The element.
            xml: The new ones, written without prefixes; they get that of ``node``.
        """
        self._appended.setdefault(node.start, (node, []))[1].append(prefixed(xml, node.prefix))

    def finish(self) -> bytes:
        """The part with every edit, in the encoding it came in."""
        for node, xml in self._appended.values():
            new = "".join(xml).encode()
            if node.inside == node.end:
                tag = self.text[node.start : node.inside]
                self.replace(node.start, node.end, opened_tag(tag) + new + closing_tag(tag))
            else:
                self.insert(node.close, new)
        self._appended.clear()
        text, at = self.text, 0
        pieces: list[bytes] = []
        for start, end, new in sorted(self._edits, key=lambda edit: edit[:2]):
            pieces += (text[at:start], new)
            at = end
        pieces.append(text[at:])
        whole = b"".join(pieces)
        if self._encoding:
            return whole.decode("utf-8", "surrogatepass").encode(self._encoding, "surrogatepass")
        return whole

    def tag(self, start: int) -> bytes:
        """The opening tag that begins at ``start``, with its brackets."""
        match = TAG.match(self.text, start)
        assert match is not None  # expat found an element there
        return match[0]

    def parser(self) -> expat.XMLParserType:
        """A parser for ``text`` that tells namespaces apart and refuses a DOCTYPE."""
        parser = expat.ParserCreate("UTF-8", " ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        return parser

    def run(self, parser: expat.XMLParserType) -> None:
        """Feed the text to the parser.

        Raises:
            WorkbookUnreadable: ``damaged`` or ``doctype``.
        """
        try:
            parser.Parse(self.text, True)
        except expat.ExpatError as error:
            raise refusal("damaged", self.where, f"第 {error.lineno} 行 XML 有误") from error
        finally:
            # The parser holds bound methods of its user: without this each part is a cycle.
            parser.StartElementHandler = parser.EndElementHandler = None
            parser.StartDoctypeDeclHandler = parser.CharacterDataHandler = None

    def require_few_elements(self) -> None:
        """Hold the part against what may be kept of each of its elements.

        Raises:
            WorkbookUnreadable: ``too_large``.
        """
        if self.text.count(b"<") - self.text.count(b"</") > limits.TREE_ELEMENTS:
            raise refusal("too_large", self.where, f"标记超过 {limits.TREE_ELEMENTS:,} 个")

    def _refuse_doctype(self, *_: object) -> NoReturn:
        raise refusal("doctype", self.where)


def opened_tag(tag: bytes) -> bytes:
    """``<a>`` for ``<a/>``."""
    return tag[:-2].rstrip() + b">" if tag.endswith(b"/>") else tag


def closing_tag(tag: bytes) -> bytes:
    """``</a>`` for the opening tag of an element."""
    match = TAG.match(tag)
    assert match is not None
    return b"</" + match[1] + b">"


def with_attributes(tag: bytes, changes: Mapping[str, str | None]) -> bytes:
    """An opening tag with attributes set, or (None) taken away; the others stay as written."""
    left = dict(changes)
    match = TAG.match(tag)
    assert match is not None
    at = match.end(1)
    pieces = [tag[:at]]
    for attribute in _ATTRIBUTE.finditer(tag, at):
        name = attribute[1].decode()
        if name not in left:
            pieces.append(attribute[0])
        elif (value := left.pop(name)) is not None:
            pieces.append(f' {name}="{escaped(value)}"'.encode())
        at = attribute.end()
    pieces += [f' {n}="{escaped(v)}"'.encode() for n, v in left.items() if v is not None]
    return b"".join((*pieces, tag[at:]))


def prefixed(xml: str, prefix: str) -> str:
    """Markup written without prefixes, as it is spelled below an element of that prefix."""
    return _ELEMENT.sub(rf"<\1{prefix}", xml) if prefix else xml


def unprefixed(xml: str, prefix: str) -> str:
    """The reverse of ``prefixed``."""
    return xml.replace(f"<{prefix}", "<").replace(f"</{prefix}", "</") if prefix else xml


def escaped(text: str) -> str:
    """Text fit for an XML attribute or element; what XML cannot hold is left out."""
    if _SPECIAL.search(text) is None:
        return text
    text = _UNWRITABLE.sub("", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;")


def cell_text(text: str) -> str:
    """``escaped`` for what a spreadsheet shows: ``_x0041_`` is spelled so that it stays that."""
    return escaped(_LOOKS_ESCAPED.sub("_x005F_", text) if "_x" in text else text)
