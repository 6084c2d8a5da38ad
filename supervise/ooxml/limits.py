"""How large a submission may be, so that no file can exhaust the machine that reads it.

A submission of some fifteen sheets is 60 kB on disk, 1 MB inflated, 3,000 cells: every limit
leaves at least a hundredfold room.
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

MARKUP: Final = 1_000_000
"""``<`` signs in all the XML read: bounds the work before the parser starts on it."""

SHEETS: Final = 64
"""Sheets in a workbook."""

ROWS: Final = 20_000
"""Last row that may hold something."""

COLUMNS: Final = 512
"""Last column that may hold something."""

CELLS: Final = 200_000
"""Cells in a workbook, formatted empty ones included."""

STRING_CHARACTERS: Final = 32_767
"""Characters in a cell or a formula: what Excel itself allows in a cell."""
