"""Markup of our templates → the tree that an HTML parser would give, some fifteen times sooner.

Templates fill in well-formed markup but for elements that HTML leaves open and a namespace that it
implies. With these written out an XML parser reads it. What is not well-formed even then, and what
an HTML parser would mend (an office's template may hold either), is left to the HTML parser.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

_OPEN = re.compile(r"<(br|col|hr|img|input|link|meta|source|wbr)\b([^<>]*?)\s*/?>")
_SVG = re.compile(r"<svg(?![^<>]*\bxmlns=)")
_NAMESPACE = '<svg xmlns="http://www.w3.org/2000/svg"'
_DOCTYPE = "<!DOCTYPE html>"
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p",
    "pre", "section", "table", "ul",
})  # fmt: skip
_IN_TABLE = {
    "table": frozenset({"caption", "colgroup", "thead", "tbody", "tfoot"}),
    "tr": frozenset({"td", "th"}),
    **dict.fromkeys(("thead", "tbody", "tfoot"), frozenset({"tr"})),
}


def tree_of(markup: str) -> ElementTree.Element | None:
    """The tree; None where only an HTML parser can tell."""
    if not markup.startswith(_DOCTYPE):
        return None
    text = _SVG.sub(_NAMESPACE, _OPEN.sub(r"<\1\2/>", markup.removeprefix(_DOCTYPE)))
    try:
        tree = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return None
    return None if any(map(_mended, tree.iter())) else tree


def _mended(element: ElementTree.Element) -> bool:
    """Whether an HTML parser would put the contents of an element elsewhere."""
    if element.tag == "p":
        return any(inner.tag in _BLOCKS for inner in element)
    allowed = _IN_TABLE.get(element.tag)
    return allowed is not None and any(inner.tag not in allowed for inner in element)
