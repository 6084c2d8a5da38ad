"""A marked copy made into the bank's own workbook again: our sheet, fills and comments out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from supervise.ooxml import marks
from supervise.ooxml.contents import SheetEntry
from supervise.ooxml.rewriting.book import Book
from supervise.ooxml.rewriting.fill_record import Record, read_record
from supervise.ooxml.rewriting.marking import unmark_sheet
from supervise.ooxml.rewriting.source import Source
from supervise.ooxml.rewriting.wiring import Links, links_path
from supervise.ooxml.strings import read_strings


def open_unmarked(data: bytes, name: str) -> Book:
    """A workbook opened without anything of ours in it, to be marked.

    Args:
        data: The whole file.
        name: Its name, for messages.

    Raises:
        WorkbookUnreadable: The file is refused.
    """
    book = Book(data, name)
    marked = book.styles.colours(tuple(marks.COLOURS.values()))
    commented = [entry for entry in book.sheets() if _speaks(book, entry)]
    if not marked and not commented and marks.NAME not in book.contents.names:
        return book
    own = _own(book)
    record = _record(book, own) if own is not None else None
    for entry in book.sheets():
        ours = record is not None and entry is own
        if not ours and (entry in commented or _bears(book, entry, marked)):
            unmark_sheet(book, entry, marked, (record or {}).get(entry.name, {}))
    if own is not None and record is not None:
        _remove(book, own)
    elif marks.NAME in book.contents.names:
        book.workbook.forget(marks.NAME)
    return Book(book.finish(), name)


def _own(book: Book) -> SheetEntry | None:
    name = marks.own_sheet(book.contents.names)
    return next((entry for entry in book.sheets() if entry.name == name), None)


def _record(book: Book, own: SheetEntry) -> Record | None:
    part = book.contents.strings
    strings: Sequence[str] = read_strings(book.rewrite.package, part) if part else ()
    return read_record(Source(book.rewrite.read(own.part), book.where(own.part)), strings)


def _remove(book: Book, own: SheetEntry) -> None:
    book.rewrite.drop(links_path(own.part))
    book.rewrite.drop(own.part)
    book.types.remove(own.part)
    at = book.contents.sheets.index(own)
    book.links.remove(book.workbook.remove(at, marks.NAME))


def _bears(book: Book, entry: SheetEntry, styles: Iterable[int]) -> bool:
    """Whether a sheet may have a cell in one of the styles: a look before the labour."""
    text = Source(book.rewrite.read(entry.part), entry.part).text
    return any(f"s={q}{style}{q}".encode() in text for style in styles for q in "\"'")


def _speaks(book: Book, entry: SheetEntry) -> bool:
    """Whether there are words of ours in the comments of a sheet."""
    if not book.rewrite.has(links_path(entry.part)):
        return False
    part = Links(book.rewrite, entry.part).find("comments")[1]
    if not part:
        return False
    return marks.BEGIN.encode() in Source(book.rewrite.read(part), part).text
