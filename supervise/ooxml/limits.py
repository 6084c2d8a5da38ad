"""How large a submission may be, so that no file can exhaust the machine that reads it.

A submission of some fifteen sheets is 70 kB on disk, 0.6 MB inflated, 3,000 cells and 20,000
attributes: every limit leaves fortyfold room, and no file within all of them takes five seconds.
"""

from __future__ import annotations

from typing import Final

FILE_BYTES: Final = 64 * 1024 * 1024
"""Size of the file on disk."""

MEMBERS: Final = 500
"""Entries in the zip directory."""

PART_BYTES: Final = 64 * 1024 * 1024
"""One part, inflated."""

TOTAL_BYTES: Final = 256 * 1024 * 1024
"""All parts together, inflated."""

RATIO: Final = 200
"""Inflated to packed size; a large honest sheet stays below 20."""

RATIO_FROM_BYTES: Final = 1024 * 1024
"""The ratio is not looked at for parts up to this size."""

XML_BYTES: Final = 40 * 1024 * 1024
"""All the XML that is parsed, inflated; pictures and the like are never read."""

MARKUP: Final = 1_000_000
"""``<`` signs in all the XML read: bounds the work before the parser starts on it."""

ATTRIBUTES: Final = 800_000
"""``=`` signs in all the XML read, likewise; a full cell has three."""

PIECE_BYTES: Final = 512 * 1024
"""One text, tag or comment in the XML: the parser reads an open one again and again."""

PIECES_FROM_BYTES: Final = 1024 * 1024
"""The pieces are not looked at for parts up to this size."""

NAMESPACE_BYTES: Final = 256
"""One declaration of a namespace: expat spells its name out anew for each element and attribute."""

TREE_ELEMENTS: Final = 200_000
"""Elements of a part that is taken apart whole, as only marking a workbook does."""

SHEETS: Final = 64
"""Sheets in a workbook."""

ROWS: Final = 20_000
"""Last row that may hold something."""

TABLE_ROWS: Final = 6_000
"""Rows filled in an open table: a row is read, checked and shown, which costs more than cells."""

COLUMNS: Final = 512
"""Last column that may hold something."""

CELLS: Final = 200_000
"""Cells in a workbook, formatted empty ones included."""

LONG_TEXTS: Final = 20_000_000
"""Characters in all cells whose text is long, each time that a cell shows it."""

LONG_TEXT_FROM: Final = 200
"""Length from which a text counts as long."""

STRING_CHARACTERS: Final = 32_767
"""Characters in a cell or a formula: what Excel itself allows in a cell."""
