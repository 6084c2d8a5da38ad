"""The links of a part (``.rels``): which part or outside file each id stands for."""

from __future__ import annotations

import posixpath

from supervise.ooxml import limits
from supervise.ooxml.markup import PACKAGE_NAMESPACES, Attributes, PartParser
from supervise.ooxml.once import parsed
from supervise.ooxml.package import Package, resolve
from supervise.ooxml.refusals import shown
from supervise.record import record


@record
class Link:
    """One relationship.

    Attributes:
        kind: Last step of the type: ``worksheet``, ``styles``, ``externalLink``…
        target: Part name; for an external link the address as written.
        external: The target lies outside the file.
    """

    kind: str
    target: str
    external: bool


class _LinksParser(PartParser):
    root = "Relationships"
    namespaces = PACKAGE_NAMESPACES

    def __init__(self, package: Package, part: str, base: str) -> None:
        super().__init__(package, part)
        self.links: dict[str, Link] = {}
        self._base = base
        self.on("Relationship", self._relationship)

    def _relationship(self, attributes: Attributes) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        target = attributes.get("Target", "")
        external = attributes.get("TargetMode", "").lower() == "external"
        resolved = target if external else resolve(self._base, target)
        if len(self.links) > limits.MEMBERS:
            raise self.refuse("too_many_members", "内部链接过多")
        known = self.links.setdefault(attributes.get("Id", ""), Link(kind, resolved, external))
        if known != Link(kind, resolved, external):
            raise self.refuse("damaged", f"链接编号 {shown(attributes.get('Id', ''))} 重复")


def read_links(package: Package, part: str = "") -> dict[str, Link]:
    """Links of a part by id; of the package itself if no part is named; none if it has no list.

    Raises:
        WorkbookUnreadable: The list is damaged.
    """
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if not package.has(path):
        return {}
    return dict(parsed(_LinksParser, package, path, part).links)
