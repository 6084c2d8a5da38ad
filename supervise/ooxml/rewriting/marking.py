"""Marks put on the cells of a sheet, fills and comments, and taken off again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from supervise.ooxml import marks
from supervise.ooxml.contents import SheetEntry
from supervise.ooxml.rewriting.book import Book
from supervise.ooxml.rewriting.comments import CommentList, Note
from supervise.ooxml.rewriting.notes import NoteDrawing
from supervise.ooxml.rewriting.sheet_patch import SheetPatch
from supervise.ooxml.rewriting.sheet_scan import split_address
from supervise.ooxml.rewriting.sheet_size import Grid, text_lines, text_units
from supervise.ooxml.rewriting.wiring import Links, is_strict

_COMMENTS: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_WIDE, _NARROW = 380, 260
_LINE, _MARGIN = 17, 14
_UNIT: Final = 6.4
"""Pixels of half a Chinese character in the size comments are written in."""

_MOST_HEIGHT: Final = 620

Fills = dict[str, list[str]]
"""Fill before to the cells that had it."""


def mark_sheet(book: Book, entry: SheetEntry, notes: Mapping[str, Note]) -> Fills:
    """Colour cells and say at each what is the matter.

    Args:
        book: The open workbook.
        entry: The sheet.
        notes: By address; a cell within merged cells stands for all of them.

    Returns:
        What the cells were filled with.
    """
    patch = SheetPatch(book.rewrite.read(entry.part), book.where(entry.part))
    if patch.scan.data is None:
        return {}
    told = _merged(notes, patch.anchors(notes))
    before: Fills = {}
    styles = {}
    for address, note in told.items():
        style = patch.style(address)
        styles[address] = book.styles.filled(style, marks.COLOURS[note.severity])
        before.setdefault(book.styles.fill_of(style), []).append(address)
    book.born += patch.restyle(styles)
    _Remarks(book, entry, patch).add({a: n for a, n in told.items() if n.lines})
    book.rewrite.write(entry.part, patch.finish())
    return before


def unmark_sheet(
    book: Book, entry: SheetEntry, marked: Mapping[int, str], before: Mapping[str, str]
) -> None:
    """Take our fills and comments off a sheet.

    Args:
        book: The open workbook.
        entry: The sheet.
        marked: Styles that bear a fill of ours, and the fill behind it.
        before: Address to fill before, as our own sheet has it on record.
    """
    patch = SheetPatch(book.rewrite.read(entry.part), book.where(entry.part))
    patch.restyle(
        {
            address: book.styles.unfilled(style, before.get(address, marked[style]))
            for address, (_, text) in patch.scan.cells.items()
            if (style := int(text) if text.isdigit() else 0) in marked
        }
    )
    _Remarks(book, entry, patch).strip()
    book.rewrite.write(entry.part, patch.finish())


class _Remarks:
    """Comments and their drawing of one sheet."""

    def __init__(self, book: Book, entry: SheetEntry, patch: SheetPatch) -> None:
        self._book = book
        self._patch = patch
        self._links = Links(book.rewrite, entry.part)
        self._strict = is_strict(patch.scan.namespace)
        self._comment_link, self._comment_part = self._links.find("comments")
        self._drawing_link = patch.scan.drawing
        self._drawing_part = self._links.target(self._drawing_link)
        self._comments = CommentList(
            self._read(self._comment_part), book.where(self._comment_part), patch.scan.namespace
        )
        self._drawing = NoteDrawing(self._read(self._drawing_part))

    def add(self, notes: Mapping[str, Note]) -> None:
        """Write the comments; a sheet whose drawing nobody can add to is left without."""
        if not notes or not self._drawing.usable:
            return
        grid = Grid(self._patch.scan)
        longer = []
        for address, note in notes.items():
            row, column = (number - 1 for number in split_address(address))
            bank = self._comments.text_of(address)
            width, height = _size((bank, *(line.text for line in note.lines)))
            if self._comments.add(address, note.lines):
                box = grid.beside(row, column, width, height)
                self._drawing.add(row, column, box, (width, height))
            else:
                longer.append((row, column, height))
        self._drawing.grow(longer, grid)
        self._save()

    def strip(self) -> None:
        """Take our words out; parts in which nothing is left go with them."""
        if not self._comment_part:
            return
        gone = self._comments.strip()
        cells = {(row - 1, column - 1) for row, column in map(split_address, gone)}
        self._drawing.remove(cells)
        if not self._comments.empty or not self._drawing.empty:
            self._save()
            return
        for part, link in (
            (self._comment_part, self._comment_link),
            (self._drawing_part, self._drawing_link),
        ):
            if part:
                self._book.rewrite.drop(part)
                self._book.types.remove(part)
                self._links.remove(link)
        self._patch.unlink_drawing()
        self._links.save()

    def _save(self) -> None:
        rewrite, types = self._book.rewrite, self._book.types
        if not self._comment_part:
            self._comment_part = rewrite.free("xl/comments{}.xml")
            self._links.add("comments", self._comment_part, strict=self._strict)
            types.add(self._comment_part, _COMMENTS)
        rewrite.write(self._comment_part, self._comments.finish())
        if not self._drawing_part:
            self._drawing_part = rewrite.free("xl/drawings/vmlDrawing{}.vml")
            id_ = self._links.add("vmlDrawing", self._drawing_part, strict=self._strict)
            types.default("vml", _VML)
            self._patch.unlink_drawing()  # one that leads nowhere
            self._patch.link_drawing(id_)
        rewrite.write(self._drawing_part, self._drawing.finish())
        self._links.save()

    def _read(self, part: str) -> bytes | None:
        return self._book.rewrite.read(part) if part else None


def _merged(notes: Mapping[str, Note], anchors: Mapping[str, str]) -> dict[str, Note]:
    """Notes by the cell that shows them; what merged cells hide is said at their corner."""
    told: dict[str, Note] = {}
    for address, note in notes.items():
        anchor = anchors[address]
        other = told.get(anchor)
        if other is not None:
            gravest = min(other.severity, note.severity, key=list(marks.COLOURS).index)
            note = Note(gravest, (*other.lines, *note.lines))
        told[anchor] = note
    return told


def _size(texts: tuple[str, ...]) -> tuple[int, int]:
    """Width and height of a box in pixels that holds the texts and their frame."""
    longest = max(text_units(text) for text in texts)
    width = _WIDE if longest * _UNIT > 2 * _NARROW else _NARROW
    room = int((width - _MARGIN) / _UNIT)
    lines = sum(text_lines(text, room) for text in texts) + 2
    return width, min(lines * _LINE + _MARGIN, _MOST_HEIGHT)
