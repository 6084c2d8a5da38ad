"""A workbook opened to be changed: its sheets, their parts, and what all changes share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from supervise.ooxml.contents import Contents, SheetEntry, read_contents
from supervise.ooxml.guard import open_package
from supervise.ooxml.rewriting.archive import Rewrite
from supervise.ooxml.rewriting.source import Source
from supervise.ooxml.rewriting.style_patch import MOST_STYLES, StylePatch
from supervise.ooxml.rewriting.wiring import Links, Types
from supervise.ooxml.rewriting.workbook_patch import WorkbookPatch

_STYLE: Final = re.compile(rb"\ss=[\"']([0-9]{1,9})[\"']")
_STYLES: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"


class Book:
    """An open workbook and the changes to it.

    ``born`` counts the cells that were added to the bank's sheets.

    Args:
        data: The whole file.
        name: Its name, for messages.

    Raises:
        WorkbookUnreadable: The file is refused.
    """

    def __init__(self, data: bytes, name: str) -> None:
        package = open_package(data, name)
        self.rewrite = Rewrite(package)
        self.contents: Contents = read_contents(package)
        self.types = Types(self.rewrite)
        root = Links(self.rewrite, "")
        self.part = root.find("officeDocument")[1]
        self.links = Links(self.rewrite, self.part)
        self.workbook = WorkbookPatch(self.rewrite.read(self.part), package.where(self.part))
        self.styles = self._styles()
        self.born = 0

    def sheets(self) -> tuple[SheetEntry, ...]:
        """The sheets that have cells, in tab order."""
        return tuple(entry for entry in self.contents.sheets if entry.part)

    def keep_styles_apart(self, marked: Iterable[SheetEntry]) -> None:
        """See to it that no cell of the bank's names a style that is yet to be added.

        Sound files have none that does; all sheets are looked through only if one that is to be
        marked, or the lack of any style, gives reason to.
        """
        if not self.contents.styles or self._highest(marked) >= self.styles.count:
            self.styles.reserve(self._highest(self.sheets()) + 1)

    def _highest(self, entries: Iterable[SheetEntry]) -> int:
        texts = (Source(self.rewrite.read(e.part), e.part).text for e in entries)
        numbers = (int(number) for text in texts for number in _STYLE.findall(text))
        return max((n for n in numbers if n < MOST_STYLES), default=0)

    def where(self, part: str) -> str:
        """File and part, for messages."""
        return self.rewrite.package.where(part)

    def finish(self) -> bytes:
        """The file with every change."""
        self.rewrite.write(self._style_part, self.styles.finish())
        self.rewrite.write(self.part, self.workbook.finish())
        self.links.save()
        self.types.save()
        return self.rewrite.finish()

    def _styles(self) -> StylePatch:
        self._style_part = self.contents.styles
        if not self._style_part:
            self._style_part = self.rewrite.free("xl/styles{}.xml")
            self.links.add("styles", self._style_part, strict=self.workbook.strict)
            self.types.add(self._style_part, _STYLES)
            content = f'<styleSheet xmlns="{self.workbook.namespace}"/>'.encode()
        else:
            content = self.rewrite.read(self._style_part)
        return StylePatch(content, self.where(self._style_part))
