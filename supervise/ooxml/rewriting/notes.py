"""The drawing behind a sheet's comments: one hidden box for each, in VML.

Spreadsheet programs still keep the boxes of (ordinary) comments in this old language, and a comment
without its box may be dropped. Other shapes in the part, form controls for example, are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

from supervise.ooxml.rewriting.sheet_size import Box, Grid

_SPACES: Final = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
_HEAD: Final = (
    f'<xml xmlns:v="{_SPACES["v"]}" xmlns:o="{_SPACES["o"]}" xmlns:x="{_SPACES["x"]}">'
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
)
_TYPE: Final = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"'
    ' path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE: Final = re.compile(rb"<([\w.-]+):shape\b(?:(?!</\1:shape>).)*</\1:shape>", re.DOTALL)
_ROW: Final = re.compile(rb"<[\w.-]+:Row>\s*([0-9]{1,7})\s*<")
_COLUMN: Final = re.compile(rb"<[\w.-]+:Column>\s*([0-9]{1,5})\s*<")
_ANCHOR: Final = re.compile(rb"(<[\w.-]+:Anchor>)([^<]*)(<)")
_NUMBER: Final = re.compile(rb"_x0000_s([0-9]{1,9})")
_HEIGHT: Final = re.compile(rb"(;\s*height:\s*)([0-9.]+)(p[tx])")
_PREFIX: Final = re.compile(r"(</?| )([vox]):")
_ROOT: Final = re.compile(rb"<xml\b[^>]*>")
_CLOSE: Final = re.compile(rb"</xml\s*>\s*\Z")
_BLOCKS: Final = re.compile(rb"(:idmap\b[^>]*?\bdata=[\"'])([0-9, ]*)")
_DRAWN: Final = re.compile(rb"<[\w.-]+:(?:shape|rect|roundrect|oval|line|group|image)\b")
_BLOCK: Final = 1024
"""Numbers of shapes come in blocks; a part says which ones it uses."""


class NoteDrawing:
    """The VML part of one sheet.

    Args:
        content: The part; None to begin one.
    """

    def __init__(self, content: bytes | None) -> None:
        self._text = content or f"{_HEAD}{_TYPE}</xml>".encode()
        self._new: list[str] = []
        numbers = [int(n) for n in _NUMBER.findall(self._text)]
        self._first = self._next = max([_BLOCK, *numbers]) + 1

    @property
    def usable(self) -> bool:
        """Whether boxes can be added: the part is VML as every program writes it."""
        return _CLOSE.search(self._text) is not None and _ROOT.search(self._text) is not None

    @property
    def empty(self) -> bool:
        """No shape of any kind is left."""
        return not self._new and _DRAWN.search(self._text) is None

    def add(self, row: int, column: int, box: Box, size: tuple[int, int]) -> None:
        """A hidden box for the comment at a cell, rows and columns counted from 0.

        Args:
            row: The cell's row.
            column: The cell's column.
            box: Where it stands when shown.
            size: Width and height in pixels, for programs that do not look at the grid.
        """
        number, self._next = self._next, self._next + 1
        self._new.append(
            f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;'
            f"margin-left:60pt;margin-top:2pt;width:{size[0] * 3 // 4}pt;"
            f'height:{size[1] * 3 // 4}pt;z-index:{number - _BLOCK};visibility:hidden"'
            ' fillcolor="#fffdf5" strokecolor="#b9b4a5" o:insetmode="auto">'
            '<v:fill color2="#fffdf5"/><v:shadow on="t" color="#9a9a9a" obscured="t"/>'
            '<v:path o:connecttype="none"/>'
            '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
            '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
            f"<x:Anchor>{box.anchor()}</x:Anchor><x:AutoFill>False</x:AutoFill>"
            f"<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
        )

    def remove(self, cells: Collection[tuple[int, int]]) -> None:
        """Take the boxes of comments away, rows and columns counted from 0."""
        if cells:
            self._text = _SHAPE.sub(
                lambda match: b"" if _cell(match[0]) in cells else match[0], self._text
            )

    def grow(self, heights: Iterable[tuple[int, int, int]], grid: Grid) -> None:
        """Make boxes that are there high enough: row, column and pixels for each."""
        wanted = {(row, column): pixels for row, column, pixels in heights}
        if wanted:
            self._text = _SHAPE.sub(lambda match: _grown(match[0], wanted, grid), self._text)

    def finish(self) -> bytes:
        """The part with its changes."""
        if not self._new:
            return self._text
        new = "".join(self._new)
        if b"_x0000_t202" not in self._text:
            new = _TYPE + new
        new = self._spelled(new)
        text = _BLOCKS.sub(self._blocks, self._text, count=1)
        return _CLOSE.sub(lambda match: new.encode() + match[0], text)

    def _spelled(self, new: str) -> str:
        """Shapes with the prefixes of the part, whatever they are."""
        root = _ROOT.search(self._text)
        declared = root[0].decode("utf-8", "replace") if root is not None else ""
        names = {}
        for prefix, space in _SPACES.items():
            match = re.search(rf"""xmlns:([\w.-]+)=["']{space}["']""", declared)
            names[prefix] = match[1] if match is not None else prefix
            if match is None:
                told = rf'\1 xmlns:{prefix}="{space}"'
                new = re.sub(r"(<v:shape(?:type)?)\b", told, new)
        return _PREFIX.sub(lambda match: f"{match[1]}{names[match[2]]}:", new)

    def _blocks(self, match: re.Match[bytes]) -> bytes:
        known = [int(number) for number in re.findall(rb"[0-9]+", match[2])]
        used = range(self._first // _BLOCK, (self._next - 1) // _BLOCK + 1)
        known += [block for block in used if block not in known]
        return match[1] + ",".join(str(block) for block in known).encode()


def _cell(shape: bytes) -> tuple[int, int] | None:
    """The cell that a comment's box belongs to; None for another shape."""
    row, column = _ROW.search(shape), _COLUMN.search(shape)
    if row is None or column is None or b'"Note"' not in shape:
        return None
    return int(row[1]), int(column[1])


def _grown(shape: bytes, wanted: dict[tuple[int, int], int], grid: Grid) -> bytes:
    pixels = wanted.get(_cell(shape) or (-1, -1))
    if pixels is None:
        return shape
    anchor = _ANCHOR.search(shape)
    if anchor is None:
        return _HEIGHT.sub(lambda match: _taller(match, pixels), shape, count=1)
    numbers = [int(n) for n in re.findall(rb"-?[0-9]+", anchor[2])]
    if len(numbers) != 8:
        return shape
    bottom = max(tuple(numbers[6:]), grid.below(numbers[2], numbers[3] + pixels))
    told = ", ".join(str(n) for n in (*numbers[:6], *bottom)).encode()
    return shape[: anchor.start(2)] + told + shape[anchor.end(2) :]


def _taller(height: re.Match[bytes], pixels: int) -> bytes:
    unit = 1.0 if height[3] == b"px" else 0.75
    if float(height[2]) >= pixels * unit:
        return height[0]
    return height[1] + f"{pixels * unit:g}".encode() + height[3]
