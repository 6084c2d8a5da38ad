"""A PDF's objects, mended before they are written: what WeasyPrint leaves out of PDF/A and tags.

In: the ``pydyf.PDF`` that WeasyPrint hands to a finisher. It changes in place:

- a header cell says whether it heads a column or a row; a table without header cells is layout;
- running heads and page numbers are no content but pagination;
- an attached file has its media type whatever this machine's table says, and is listed once;
- the destination ``seal`` names the whole area where a signature goes, not its corner alone.

At the end every object is written out, once instead of twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from supervise.core.whole_file import SEAL
from supervise.write.evidence import Attached

Element = dict[str, Any]
_LAYOUT = frozenset({"/Table", "/THead", "/TBody", "/TFoot", "/TR", "/TH", "/TD", "/Caption"})


def finish(pdf: Any, attached: Sequence[Attached], seal: tuple[float, float] | None = None) -> None:
    """Mend a document.

    Args:
        pdf: All its objects.
        attached: The files that it carries.
        seal: Width and height in points of the area called ``seal``; None: there is none.
    """
    tree = _Tree(pdf.objects)
    tree.describe_tables()
    if tree.root is not None:
        _set_apart(pdf, tree)
    _describe_files(pdf.objects, {each.name: each for each in attached})
    if seal is not None:
        _show_area(pdf.catalog["Names"]["Dests"]["Names"], *seal)
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])
    pdf.objects[:] = map(_Written, pdf.objects)


class _Written:
    """An object of the file with its bytes; a file with an identifier asks for them twice."""

    __slots__ = ("compressible", "data", "free", "generation", "number", "offset")

    def __init__(self, made: Any) -> None:
        self.number = made.number
        self.generation = made.generation
        self.free = made.free
        self.compressible = made.compressible
        self.data: bytes = b"" if made.free == "f" else made.data
        self.offset = 0

    @property
    def indirect(self) -> bytes:
        """The object as it stands in the file."""
        return b"%d %d obj\n%b\nendobj" % (self.number, self.generation, self.data)


def _number(reference: bytes) -> int:
    return int(reference.split(b" ", 1)[0])


class _Tree:
    """The structure elements of a document."""

    def __init__(self, objects: list[Any]) -> None:
        self._objects = objects
        found = (each for each in objects if isinstance(each, dict))
        self._elements = [each for each in found if each.get("Type") == "/StructElem"]
        documents = (each for each in self._elements if each["S"] == "/Document")
        self.root: Element | None = next(documents, None)

    def describe_tables(self) -> None:
        """Scopes for header cells; tables for layout become plain divisions."""
        headed = {id(self._table(each)) for each in self._elements if each["S"] == "/TH"}
        for element in self._elements:
            if element["S"] == "/TH":
                element["A"]["Scope"] = self._scope(element)
        layout = [
            each
            for each in self._elements
            if each["S"] in _LAYOUT and id(self._table(each)) not in headed
        ]
        for element in layout:
            element["S"] = "/Div"
            element.pop("A", None)

    def _parent(self, element: Element) -> Element:
        parent: Element = self._objects[_number(element["P"])]
        return parent

    def _table(self, element: Element) -> Element:
        """The table that an element of a table belongs to; itself if to none."""
        upper = element
        while upper.get("Type") == "/StructElem":
            if upper["S"] == "/Table":
                return upper
            upper = self._parent(upper)
        return element

    def _scope(self, header: Element) -> str:
        row = self._parent(header)
        if self._parent(row)["S"] == "/THead":
            return "/Column"
        kinds = [kid["S"] for kid in self._kids(row)]
        return "/Row" if "/TD" in kinds else "/Column"

    def _kids(self, element: Element) -> Iterator[Element]:
        for kid in element["K"]:
            if isinstance(kid, bytes):
                found = self._objects[_number(kid)]
                if found.get("Type") == "/StructElem":
                    yield found

    def reached(self) -> set[int]:
        """Numbers of the elements that hang together with the root."""
        assert self.root is not None
        found: set[int] = set()
        open_elements = [self.root]
        while open_elements:
            element = open_elements.pop()
            found.add(element.number)  # type: ignore[attr-defined]  # every object of the file has one
            open_elements += self._kids(element)
        return found


def _set_apart(pdf: Any, tree: _Tree) -> None:
    """Mark what no structure element holds, the margin boxes, as pagination."""
    reached = tree.reached()
    for number, owners in _owners(pdf):
        apart = {place for place, owner in enumerate(owners) if _number(owner) not in reached}
        if apart:
            page = pdf.objects[_number(pdf.page_references[number])]
            _mark(pdf.objects[_number(page["Contents"])].stream, apart)
            owners[:] = [b"null" if n in apart else owner for n, owner in enumerate(owners)]


def _owners(pdf: Any) -> Iterator[tuple[int, list[bytes]]]:
    """Of each page: its number, and the elements that its marked contents belong to."""
    root = pdf.objects[_number(pdf.catalog["StructTreeRoot"])]
    listed = pdf.objects[_number(root["ParentTree"])]["Nums"]
    pairs: Iterable[tuple[int, Any]] = zip(listed[::2], listed[1::2], strict=True)
    return ((number, owners) for number, owners in pairs if isinstance(owners, list))


def _mark(stream: list[Any], apart: set[int]) -> None:
    for place, item in enumerate(stream):
        if isinstance(item, dict) and item.get("MCID") in apart:
            stream[place - 1] = "/Artifact"
            stream[place] = b"<</Type/Pagination>>"


def _show_area(named: list[Any], width: float, height: float) -> None:
    """Make the destination of the seal a rectangle; before it was its upper left corner."""
    for name, place in zip(named[::2], named[1::2], strict=True):
        if name.string == SEAL:
            page, _, left, top, _ = place
            place[:] = [page, "/FitR", left, top - height, left + width, top]


def _describe_files(objects: list[Any], attached: dict[str, Attached]) -> None:
    for each in objects:
        if isinstance(each, dict) and each.get("Type") == "/Filespec":
            known = attached.get(each["UF"].string)
            if known is not None:
                each["AFRelationship"] = f"/{known.relationship}"
                stream = objects[_number(each["EF"]["F"])]
                stream.extra["Subtype"] = "/" + known.media.replace("/", "#2f")
