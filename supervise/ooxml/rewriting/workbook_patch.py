"""The workbook part with a sheet put in front of all others, or taken out.

References by position (names that belong to a sheet, the sheet in view) move along; references by
``sheetId``, as in the order of calculation, do not depend on position and stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from supervise.ooxml.rewriting.source import Source, escaped, prefixed, with_attributes
from supervise.ooxml.rewriting.tree import Node, parse_tree
from supervise.ooxml.rewriting.wiring import is_strict, kinds_of
from supervise.record import record

_SECOND_IN_VIEW: Final = '<bookViews><workbookView activeTab="1"/></bookViews>'
_BEFORE_NAMES: Final = ("sheets", "functionGroups", "externalReferences")


@record
class DefinedName:
    """A name of ours; ``local`` belongs to the leading sheet alone."""

    name: str
    reference: str
    local: bool = False
    hidden: bool = False


class WorkbookPatch:
    """The workbook part being changed.

    Args:
        content: The part.
        where: File and part, for messages.
    """

    def __init__(self, content: bytes, where: str) -> None:
        self._source = Source(content, where)
        self._root = parse_tree(self._source)
        listed = self._root.child("sheets")
        self._sheets = list(listed.named("sheet")) if listed is not None else []
        self._listed = listed
        self._changes: dict[int, tuple[Node, dict[str, str]]] = {}

    @property
    def strict(self) -> bool:
        """Whether the workbook is written in Strict Open XML."""
        return is_strict(self._root.space)

    @property
    def namespace(self) -> str:
        """Namespace of the workbook's elements."""
        return self._root.space

    def lead(self, sheet: str, link: str, names: tuple[DefinedName, ...]) -> None:
        """Put a sheet in front.

        Args:
            sheet: Its name, which no other sheet bears.
            link: Id of the link to its part.
            names: Defined names to be added.
        """
        assert self._listed is not None  # a workbook without sheets is not read
        ids = [int(n.attributes.get("sheetId", "0") or 0) for n in self._sheets]
        space = f' xmlns:r="{kinds_of(self.strict)}"'
        if space.encode() in self._source.text[self._root.start : self._root.inside]:
            space = ""
        element = (
            f'<sheet name="{escaped(sheet)}" sheetId="{max([0, *ids]) + 1}"{space} r:id="{link}"/>'
        )
        if self._root.child("bookViews") is None:
            views = prefixed(_SECOND_IN_VIEW, self._root.prefix)
            self._source.insert(self._listed.start, views.encode())
        self._source.insert(self._listed.inside, prefixed(element, self._listed.prefix).encode())
        for node, attribute, position in self._positions():
            self._set(node, attribute, 0 if attribute == "firstSheet" else position + 1)
        for view in self._views():
            if "activeTab" not in view.attributes:
                self._set(view, "activeTab", 1)
        self._define(names)

    def remove(self, at: int, name: str) -> str:
        """Take a sheet out, with all names that belong to it and one more.

        Args:
            at: Its position, from 0.
            name: The defined name that goes with it.

        Returns:
            Id of the link to its part.
        """
        node = self._sheets[at]
        self._source.replace(node.start, node.end, b"")
        gone = []
        for place, attribute, position in self._positions():
            if attribute == "localSheetId" and position == at:
                gone.append(place)
            elif position > at:
                self._set(place, attribute, position - 1)
        gone += [n for n in self._names() if n.attributes.get("name", "").lower() == name.lower()]
        self._undefine(gone)
        return next(v for k, v in node.attributes.items() if k.endswith(" id"))

    def forget(self, name: str) -> None:
        """Take a defined name away."""
        self._undefine([n for n in self._names() if n.attributes.get("name") == name])

    def finish(self) -> bytes:
        """The part with its changes."""
        for node, changes in self._changes.values():
            tag = self._source.text[node.start : node.inside]
            self._source.replace(node.start, node.inside, with_attributes(tag, dict(changes)))
        return self._source.finish()

    def _positions(self) -> Iterator[tuple[Node, str, int]]:
        """Every place that counts sheets: element, attribute and number."""
        for view in self._views():
            for attribute in ("firstSheet", "activeTab"):
                if view.attributes.get(attribute, "").isdigit():
                    yield view, attribute, int(view.attributes[attribute])
        for name in self._names():
            if name.attributes.get("localSheetId", "").isdigit():
                yield name, "localSheetId", int(name.attributes["localSheetId"])

    def _views(self) -> list[Node]:
        listed = self._root.child("bookViews")
        return list(listed.named("workbookView")) if listed is not None else []

    def _names(self) -> list[Node]:
        listed = self._root.child("definedNames")
        return list(listed.named("definedName")) if listed is not None else []

    def _set(self, node: Node, attribute: str, number: int) -> None:
        _, changes = self._changes.setdefault(node.start, (node, {}))
        changes[attribute] = str(number)

    def _define(self, names: tuple[DefinedName, ...]) -> None:
        xml = "".join(_defined(name) for name in names)
        listed = self._root.child("definedNames")
        if listed is not None:
            self._source.append(listed, xml)
            return
        before = [c for c in self._root.children if c.name in _BEFORE_NAMES]
        whole = prefixed(f"<definedNames>{xml}</definedNames>", self._root.prefix)
        self._source.insert(before[-1].end, whole.encode())

    def _undefine(self, gone: list[Node]) -> None:
        listed = self._root.child("definedNames")
        if listed is None:
            return
        if all(node in gone for node in listed.children):
            self._source.replace(listed.start, listed.end, b"")
            return
        for node in gone:
            self._source.replace(node.start, node.end, b"")


def _defined(name: DefinedName) -> str:
    local = ' localSheetId="0"' if name.local else ""
    hidden = ' hidden="1"' if name.hidden else ""
    reference = escaped(name.reference)
    return f'<definedName name="{name.name}"{local}{hidden}>{reference}</definedName>'
