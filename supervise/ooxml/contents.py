"""The workbook part: which sheets there are, in which state, and the workbook's own settings."""

from __future__ import annotations

from typing import Final, Literal

from supervise.ooxml import limits, marks
from supervise.ooxml.links import Link, read_links
from supervise.ooxml.markup import Attributes, PartParser, decoded, is_true, link_id
from supervise.ooxml.once import parsed
from supervise.ooxml.package import Package
from supervise.ooxml.refusals import refusal, shown
from supervise.record import record

SheetState = Literal["visible", "hidden", "veryHidden"]
_HIDDEN: Final[dict[str, SheetState]] = {"hidden": "hidden", "veryHidden": "veryHidden"}

_MODULE: Final = "\0"
"""Stands for the empty link of a macro module, which Excel 95 kept as a sheet of its own."""


@record
class SheetEntry:
    """A sheet as the workbook lists it; ``part`` is empty for a chart or dialogue sheet."""

    name: str
    state: SheetState
    part: str


@record
class Contents:
    """What the workbook part says.

    Attributes:
        sheets: In tab order.
        date1904: Dates count from 1904.
        names: Defined names; one that belongs to a sheet is written ``sheet!name``. Empty if ours
            (``marks.NAME``) is not among them: a form has some hundred, and nobody asks for them.
        strings: Part of the shared strings, empty if there is none.
        styles: Part of the styles, empty if there is none.
        macros: Carries a macro project or macro sheet.
        external_links: Other workbooks that formulas refer to.
    """

    sheets: tuple[SheetEntry, ...]
    date1904: bool
    names: dict[str, str]
    strings: str
    styles: str
    macros: bool
    external_links: tuple[str, ...]


class _WorkbookParser(PartParser):
    root = "workbook"
    wrong_root = "not_a_workbook"

    def __init__(self, package: Package, part: str) -> None:
        super().__init__(package, part)
        self.sheets: list[tuple[str, SheetState, str]] = []
        self.names: list[tuple[str, int | None, str]] = []
        self.date1904 = False
        self._name = ""
        self._owner: int | None = None
        self.on("sheet", self._sheet)
        self.on("workbookPr", self._settings)

    def parse(self, content: bytes | None = None) -> None:
        content = self.package.read_xml(self.part) if content is None else content
        if marks.NAME.encode() in content:
            self.on("definedName", self._open_name, self._close_name)
        else:
            self.skip("definedNames")
        super().parse(content)

    def _sheet(self, attributes: Attributes) -> None:
        if len(self.sheets) == limits.SHEETS:
            raise self.refuse("too_many_sheets")
        state = _HIDDEN.get(attributes.get("state", ""), "visible")
        link = link_id(attributes)
        if not link and any(name.endswith(" id") for name in attributes):
            link = _MODULE
        self.sheets.append((decoded(attributes.get("name", "")), state, link))

    def _settings(self, attributes: Attributes) -> None:
        self.date1904 = is_true(attributes.get("date1904"))

    def _open_name(self, attributes: Attributes) -> None:
        self._name = attributes.get("name", "")
        owner = attributes.get("localSheetId", "")
        self._owner = int(owner) if owner.isascii() and owner.isdigit() and len(owner) < 6 else None
        self.begin_text()

    def _close_name(self) -> None:
        self.names.append((self._name, self._owner, self.end_text()))


def read_contents(package: Package) -> Contents:
    """Find and read the workbook part.

    Raises:
        WorkbookUnreadable: No workbook in the package, a sheet without its part, two sheets of
            one name or one part, or too many sheets.
    """
    part = _main_part(package)
    parser = parsed(_WorkbookParser, package, part)
    links = read_links(package, part)
    sheets = _sheets(package, parser, links)
    return Contents(
        sheets=sheets,
        date1904=parser.date1904,
        names=_names(parser, sheets),
        strings=_first(links, "sharedStrings"),
        styles=_first(links, "styles"),
        macros=_has_macros(package, links),
        external_links=_external_links(package, links),
    )


def _main_part(package: Package) -> str:
    for link in read_links(package).values():
        if link.kind == "officeDocument" and not link.external:
            return link.target
    raise refusal("missing_part", package.name, "_rels/.rels 未指明工作簿")


def _sheets(
    package: Package, parser: _WorkbookParser, links: dict[str, Link]
) -> tuple[SheetEntry, ...]:
    entries: list[SheetEntry] = []
    seen: set[str] = set()
    for name, state, link in parser.sheets:
        sheet_part = "" if link == _MODULE else _sheet_part(package, name, links.get(link))
        entry = SheetEntry(name, state, sheet_part)
        for key in (f"name:{name.casefold()}", f"part:{entry.part.casefold()}"):
            if key in seen and key != "part:":
                raise refusal("damaged", package.name, f"工作表“{shown(name)}”重复")
            seen.add(key)
        entries.append(entry)
    if not entries:
        raise refusal("not_a_workbook", package.name, "没有工作表")
    return tuple(entries)


def _sheet_part(package: Package, name: str, link: Link | None) -> str:
    where = f"{package.name} · {shown(name)}"
    if link is None or link.external:
        raise refusal("missing_part", where, "工作表没有对应的内部文件")
    if not package.has(link.target):
        raise refusal("missing_part", where, shown(link.target))
    return link.target if link.kind == "worksheet" else ""


def _names(parser: _WorkbookParser, sheets: tuple[SheetEntry, ...]) -> dict[str, str]:
    names: dict[str, str] = {}
    for name, owner, reference in parser.names:
        local = owner is not None and owner < len(sheets)
        key = f"{sheets[owner].name}!{name}" if local and owner is not None else name
        names.setdefault(key, reference)
    return names


def _first(links: dict[str, Link], kind: str) -> str:
    for link in links.values():
        if link.kind == kind and not link.external:
            return link.target
    return ""


def _has_macros(package: Package, links: dict[str, Link]) -> bool:
    if any(link.kind in ("vbaProject", "xlMacrosheet") for link in links.values()):
        return True
    return any(part.endswith("vbaproject.bin") for part in package.members)


def _external_links(package: Package, links: dict[str, Link]) -> tuple[str, ...]:
    parts = {link.target.casefold() for link in links.values() if link.kind == "externalLink"}
    found: dict[str, None] = {}
    for part in sorted(parts):
        if package.has(part):
            found.update(
                (link.target, None) for link in read_links(package, part).values() if link.external
            )
    return tuple(found)
