"""Reading one XML part with expat, safely: the base of every part parser here.

A DOCTYPE is refused by the parser itself, whatever the encoding hides; the encoding is UTF-8 or
UTF-16 whatever the declaration says; malformed XML becomes a refusal, never a traceback.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, NoReturn
from xml.parsers import expat

from supervise.errors import WorkbookUnreadable
from supervise.ooxml import limits
from supervise.ooxml.package import Package
from supervise.ooxml.refusals import refusal, shown

Attributes = Mapping[str, str]
Opener = Callable[[Attributes], None]
Closer = Callable[[], None]

SHEET_NAMESPACES: Final = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
PACKAGE_NAMESPACES: Final = ("http://schemas.openxmlformats.org/package/2006/relationships",)
LINK_NAMESPACES: Final = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


class PartParser:
    """Feeds one part to expat; a subclass names the elements it wants and keeps what it reads.

    Args:
        package: The open file.
        part: Which part to read.
    """

    root: str = ""
    """Local name of the outermost element."""

    namespaces: tuple[str, ...] = SHEET_NAMESPACES
    wrong_root: str = "damaged"
    """Reason code if the outermost element is another."""

    def __init__(self, package: Package, part: str) -> None:
        self.package = package
        self.part = part
        self._openers: dict[str, Opener] = {}
        self._closers: dict[str, Closer] = {}
        self._pieces: list[str] = []

    def on(self, name: str, opener: Opener | None = None, closer: Closer | None = None) -> None:
        """Have functions called where the element ``name`` begins and ends."""
        if opener is not None:
            self._openers[name] = opener
        if closer is not None:
            self._closers[name] = closer

    def skip(self, name: str) -> None:
        """Have nothing called for what stands inside the element ``name``: it may be long."""
        self.on(name, self._mute, self._unmute)

    def parse(self, content: bytes | None = None) -> None:
        """Read the part to its end.

        Args:
            content: Its bytes, if they were taken out of the package already.

        Raises:
            WorkbookUnreadable: ``missing_part``, ``damaged``, ``doctype`` or a limit passed.
        """
        if content is None:
            content = self.package.read_xml(self.part)
        # Without a dictionary of all names: a hostile part has a million different ones.
        self._parser = parser = expat.ParserCreate("UTF-8", " ", None)
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._open_root
        try:
            self._feed(parser, content)
        except expat.ExpatError as error:
            detail = f"第 {error.lineno} 行第 {error.offset + 1} 字符处 XML 有误"
            raise self.refuse("damaged", detail) from error
        finally:
            # Bound methods of this object hold it: without this each part stays until a sweep.
            parser.StartElementHandler = parser.EndElementHandler = None
            parser.StartDoctypeDeclHandler = parser.CharacterDataHandler = None
            self._openers, self._closers = {}, {}

    def release(self) -> None:
        """Let go of expat, which holds much: the part is read, and the parser will be kept."""
        del self._parser

    def _feed(self, parser: expat.XMLParserType, content: bytes) -> None:
        parser.Parse(content, True)

    def begin_text(self) -> None:
        """Collect characters from here on."""
        pieces: list[str] = []
        self._pieces = pieces
        self._parser.CharacterDataHandler = pieces.append

    def end_text(self) -> str:
        """The characters since ``begin_text``.

        Raises:
            WorkbookUnreadable: ``string_too_long``.
        """
        self._parser.CharacterDataHandler = None
        pieces = self._pieces
        text = pieces[0] if len(pieces) == 1 else "".join(pieces)
        if len(text) > limits.STRING_CHARACTERS:
            raise self.refuse("string_too_long", f"{len(text):,} 个字符")
        return text

    def refuse(self, code: str, detail: str = "") -> WorkbookUnreadable:
        """A refusal that names this part."""
        return refusal(code, self.package.where(self.part), detail)

    def _open_root(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if local != self.root or namespace not in self.namespaces:
            raise self.refuse(self.wrong_root, f"最外层元素为 {shown(name)}")
        self._openers = {f"{namespace} {name}": call for name, call in self._openers.items()}
        self._closers = {f"{namespace} {name}": call for name, call in self._closers.items()}
        self._begin(namespace, self._parser)

    def _begin(self, namespace: str, parser: expat.XMLParserType) -> None:
        """Set the handlers for what stands inside the outermost element."""
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._close

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        opener = self._openers.get(name)
        if opener is not None:
            opener(attributes)

    def _mute(self, attributes: Attributes) -> None:
        self._parser.StartElementHandler = None

    def _unmute(self) -> None:
        self._parser.StartElementHandler = self._open

    def _close(self, name: str) -> None:
        closer = self._closers.get(name)
        if closer is not None:
            closer()

    def _refuse_doctype(self, *_: object) -> NoReturn:
        raise self.refuse("doctype")


def link_id(attributes: Attributes) -> str:
    """The ``r:id`` of an element, empty if it has none."""
    for namespace in LINK_NAMESPACES:
        found = attributes.get(f"{namespace} id")
        if found is not None:
            return found
    return ""


def is_true(value: str | None) -> bool:
    """An XML boolean: ``1``, ``true`` or ``on``."""
    return value is not None and value.strip().lower() in ("1", "true", "on")


def decoded(text: str) -> str:
    """``_x000D_`` and its like turned into the characters they stand for.

    Control characters other than tab and line ends stay spelled out, and so do surrogates: neither
    may reach a terminal or an encoder.
    """
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    if (code < 32 and code not in (9, 10, 13)) or 0xD800 <= code <= 0xDFFF:
        return match[0]
    return chr(code)
