"""What ties a part into its package: the lists of links (``.rels``) and of content types."""

from __future__ import annotations

import posixpath
from typing import Final

from supervise.ooxml.package import resolve
from supervise.ooxml.rewriting.archive import Rewrite
from supervise.ooxml.rewriting.source import Source, escaped
from supervise.ooxml.rewriting.tree import Node, parse_tree

TYPES: Final = "[Content_Types].xml"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_LINKS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_KINDS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_KINDS: Final = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_STRICT: Final = "http://purl.oclc.org/"


def is_strict(namespace: str) -> bool:
    """Whether a part is written in Strict Open XML, by its namespace."""
    return namespace.startswith(_STRICT)


def kinds_of(strict: bool) -> str:
    """Namespace of ``r:id`` and beginning of the types of links."""
    return _STRICT_KINDS if strict else _KINDS


def links_path(part: str) -> str:
    """The part that lists the links of another; of the package itself if none is named."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


class Links:
    """The links of one part, to be read and changed; nothing is written before ``save``."""

    def __init__(self, rewrite: Rewrite, part: str) -> None:
        self._rewrite = rewrite
        self._part = part
        self.path = links_path(part)
        empty = f'{_HEAD}<Relationships xmlns="{_LINKS}"/>'.encode()
        content = rewrite.read(self.path) if rewrite.has(self.path) else empty
        self._source = Source(content, rewrite.package.where(self.path))
        self._root = parse_tree(self._source, "Relationships")
        self._nodes = {node.attributes.get("Id", ""): node for node in self._root.children}
        self._added: list[str] = []

    def find(self, kind: str) -> tuple[str, str]:
        """Id and part of the first link of a kind, two empty texts if there is none."""
        for id_, node in self._nodes.items():
            found = node.attributes.get("Type", "").rpartition("/")[2]
            inside = node.attributes.get("TargetMode", "").lower() != "external"
            if found == kind and inside:
                return id_, self.target(id_)
        return "", ""

    def target(self, id_: str) -> str:
        """The part that an id stands for; empty if there is no such id."""
        node = self._nodes.get(id_)
        return resolve(self._part, node.attributes.get("Target", "")) if node else ""

    def add(self, kind: str, target: str, *, strict: bool) -> str:
        """Link to another part of the package; gives the new link's id."""
        number = len(self._nodes) + len(self._added) + 1
        while f"rId{number}" in self._nodes or f"rId{number}" in self._added:
            number += 1
        id_ = f"rId{number}"
        self._added.append(id_)
        xml = (
            f'<Relationship Id="{id_}" Type="{kinds_of(strict)}/{kind}"'
            f' Target="/{escaped(target)}"/>'
        )
        self._source.append(self._root, xml)
        return id_

    def remove(self, id_: str) -> None:
        """Take a link away."""
        node = self._nodes.pop(id_)
        self._source.replace(node.start, node.end, b"")

    def save(self) -> None:
        """Write the list; one that is empty is no part at all."""
        if self._nodes or self._added:
            self._rewrite.write(self.path, self._source.finish())
        else:
            self._rewrite.drop(self.path)


class Types:
    """The list of content types; nothing is written before ``save``."""

    def __init__(self, rewrite: Rewrite) -> None:
        self._rewrite = rewrite
        self._source = Source(rewrite.read(TYPES), rewrite.package.where(TYPES))
        self._root = parse_tree(self._source, "Types")
        self._new: list[str] = []

    def default(self, extension: str, content_type: str) -> None:
        """Say the type of all parts with an ending, unless it is said already."""
        endings = {n.attributes.get("Extension", "").lower() for n in self._root.named("Default")}
        if extension not in endings:
            xml = f'<Default Extension="{extension}" ContentType="{content_type}"/>'
            if xml not in self._new:
                self._new.append(xml)

    def add(self, part: str, content_type: str) -> None:
        """Say the type of one part."""
        self.remove(part)
        self._new.append(f'<Override PartName="/{escaped(part)}" ContentType="{content_type}"/>')

    def remove(self, part: str) -> None:
        """Say nothing of a part any more."""
        for node in self._overrides(part):
            self._source.replace(node.start, node.end, b"")

    def save(self) -> None:
        """Write the list, endings before single parts."""
        if self._new:
            self._source.append(self._root, "".join(sorted(self._new, key=_by_kind)))
        self._rewrite.write(TYPES, self._source.finish())

    def _overrides(self, part: str) -> list[Node]:
        wanted = f"/{part}".casefold()
        return [
            node
            for node in self._root.named("Override")
            if node.attributes.get("PartName", "").casefold() == wanted
        ]


def _by_kind(xml: str) -> bool:
    return not xml.startswith("<Default")
