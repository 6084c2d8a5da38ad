"""A worksheet with other styles on some cells, and its link to the drawing of its comments.

Only ``s`` of the named cells, the ``<legacyDrawing>`` element and cells that were not there are
written; every other byte of the sheet stays.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Final

from supervise.ooxml.addresses import column_letters
from supervise.ooxml.markup import is_true
from supervise.ooxml.rewriting.sheet_scan import RowPlace, link_attribute, scan_sheet, split_address
from supervise.ooxml.rewriting.source import Source, closing_tag, opened_tag, with_attributes

_STYLE: Final = re.compile(rb"\ss=\"[0-9]*\"")
_BEHIND_DRAWING: Final = frozenset(
    {
        "legacyDrawingHF",
        "drawingHF",
        "picture",
        "oleObjects",
        "controls",
        "webPublishItems",
        "tableParts",
        "extLst",
        "AlternateContent",
    }
)


class SheetPatch:
    """One sheet being marked.

    Args:
        content: The part.
        where: File and part, for messages.
    """

    def __init__(self, content: bytes, where: str) -> None:
        self._source = Source(content, where)
        self.scan = scan_sheet(self._source)
        self._rows: dict[int, RowPlace] = {}
        for row in self.scan.rows:
            self._rows.setdefault(row.number, row)

    def anchors(self, addresses: Iterable[str]) -> dict[str, str]:
        """Each cell, or the corner of the merged cells that it is part of."""
        wanted = {address: split_address(address) for address in addresses}
        by_row: dict[int, list[tuple[int, str]]] = {}
        for address, (row, column) in wanted.items():
            by_row.setdefault(row, []).append((column, address))
        found = {address: address for address in wanted}
        for reference in self.scan.merged if wanted else ():
            first, _, last = reference.replace("$", "").upper().partition(":")
            (top, left), (bottom, right) = split_address(first), split_address(last)
            rows = range(max(top, 1), bottom + 1)
            for row in rows if len(rows) < len(by_row) else [r for r in by_row if r in rows]:
                for column, address in by_row.get(row, ()):
                    if left <= column <= right:
                        found[address] = first
        return found

    def style(self, address: str) -> int:
        """Style number of a cell; of one that is not there, what it would be born with."""
        known = self.scan.cells.get(address)
        if known is not None:
            return _number(known[1])
        number, column = split_address(address)
        row = self._rows.get(number)
        if row is not None and is_true(row.attributes.get("customFormat")):
            return _number(row.attributes.get("s", "0"))
        for entry in self.scan.columns:
            if _number(entry.get("min", "")) <= column <= _number(entry.get("max", "")):
                return _number(entry.get("style", "0"))
        return 0

    def restyle(self, styles: Mapping[str, int]) -> int:
        """Give cells their style numbers, once for all.

        Returns:
            How many cells were not there and had to be made.
        """
        missing: dict[int, list[tuple[int, int]]] = {}
        for address, style in styles.items():
            known = self.scan.cells.get(address)
            if known is not None:
                tag = self._source.tag(known[0])
                self._source.replace(known[0], known[0] + len(tag), _styled(tag, style))
            else:
                row, column = split_address(address)
                missing.setdefault(row, []).append((column, style))
        if missing and self.scan.data is not None:
            self._create(missing)
        return sum(len(born) for born in missing.values())

    def link_drawing(self, id_: str) -> None:
        """Point to the drawing of the comments; the sheet must have none yet."""
        behind = (start for name, start in self.scan.top if name in _BEHIND_DRAWING)
        at = next(behind, self.scan.close)
        prefix = self._prefix(self._root())
        space = link_attribute(self.scan)
        element = f'<{prefix}legacyDrawing xmlns:r="{space}" r:id="{id_}"/>'
        self._source.insert(at, element.encode())

    def unlink_drawing(self) -> None:
        """Take the link to the drawing of the comments away."""
        for name, start in self.scan.top:
            if name == "legacyDrawing":
                tag = self._source.tag(start)
                end = start + len(tag)
                if not tag.endswith(b"/>"):
                    end = self._source.text.index(b">", end) + 1
                self._source.replace(start, end, b"")

    def finish(self) -> bytes:
        """The sheet with its edits."""
        return self._source.finish()

    def _create(self, missing: Mapping[int, list[tuple[int, int]]]) -> None:
        starts = sorted((start, address) for address, (start, _) in self.scan.cells.items())
        new_rows = []
        for number in sorted(missing):
            born = sorted(missing[number])
            if number in self._rows:
                self._fill(self._rows[number], born, starts)
            else:
                new_rows.append((number, born))
        self._add_rows(new_rows)

    def _fill(
        self, row: RowPlace, born: list[tuple[int, int]], starts: list[tuple[int, str]]
    ) -> None:
        """Put cells into a row that is there."""
        tag = self._source.tag(row.start)
        prefix = self._prefix(tag)
        told = with_attributes(tag, {"spans": None})
        if tag.endswith(b"/>"):
            whole = opened_tag(told) + _cells(row.number, born, prefix) + closing_tag(tag)
            self._source.replace(row.start, row.start + len(tag), whole)
            return
        self._source.replace(row.start, row.start + len(tag), told)
        first, last = bisect_left(starts, (row.start,)), bisect_left(starts, (row.close,))
        standing = [(split_address(address)[1], at) for at, address in starts[first:last]]
        for column, style in born:
            at = next((at for other, at in standing if other > column), row.close)
            self._source.insert(at, _cells(row.number, [(column, style)], prefix))

    def _add_rows(self, new: list[tuple[int, list[tuple[int, int]]]]) -> None:
        """Put rows between those that are there."""
        if not new or self.scan.data is None:
            return
        start, close = self.scan.data
        tag = self._source.tag(start)
        prefix = self._prefix(tag)
        if tag.endswith(b"/>"):
            body = b"".join(_row(number, born, prefix) for number, born in new)
            whole = opened_tag(tag) + body + closing_tag(tag)
            self._source.replace(start, start + len(tag), whole)
            return
        for number, born in new:
            at = next((row.start for row in self.scan.rows if row.number > number), close)
            self._source.insert(at, _row(number, born, prefix))

    def _root(self) -> bytes:
        """The outermost tag, read back from where the first element below it stands."""
        closing = self._source.text[self.scan.close :]
        return b"<" + closing[2:] if closing.startswith(b"</") else closing

    @staticmethod
    def _prefix(tag: bytes) -> str:
        name = tag[1:].split(b">")[0].split()[0].rstrip(b"/")
        prefix, colon, _ = name.rpartition(b":")
        return (prefix + colon).decode()


def _styled(tag: bytes, style: int) -> bytes:
    """The tag of a cell with its style number; nearly all are written the same way."""
    if b"'" not in tag and _STYLE.search(tag) is not None:
        return _STYLE.sub(b' s="%d"' % style, tag, count=1)
    if b"s=" in tag or b"s =" in tag:
        return with_attributes(tag, {"s": str(style)})
    end = -2 if tag.endswith(b"/>") else -1
    return b'%s s="%d"%s' % (tag[:end].rstrip(), style, tag[end:])


def _cells(row: int, born: list[tuple[int, int]], prefix: str) -> bytes:
    return "".join(
        f'<{prefix}c r="{column_letters(column)}{row}" s="{style}"/>' for column, style in born
    ).encode()


def _row(number: int, born: list[tuple[int, int]], prefix: str) -> bytes:
    cells = _cells(number, born, prefix).decode()
    return f'<{prefix}row r="{number}">{cells}</{prefix}row>'.encode()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
