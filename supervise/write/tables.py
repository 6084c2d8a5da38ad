"""Tables of exact values as frames; the only door to pandas.

A frame holds ``Fraction``, ``int`` and text as they are: what a cell shows is decided where the
workbook is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from supervise.record import record

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal[
    "text", "long", "points", "signed", "whole", "ratio", "pp", "bp", "yuan", "count", "days",
    "flag",
]  # fmt: skip
Value = Fraction | int | str | None


@record
class Column:
    """One column: its two headings and what its values are."""

    group: str
    heading: str
    kind: Kind = "text"


@record
class Sheet:
    """One worksheet: its name, a line above the table, the columns, the frame."""

    name: str
    note: str
    columns: tuple[Column, ...]
    frame: pd.DataFrame
    kept: int = 3


def frame(columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> pd.DataFrame:
    """Rows under two levels of headings; nothing is converted, a missing value stays None."""
    import pandas as pd

    heads = pd.MultiIndex.from_tuples([(column.group, column.heading) for column in columns])
    return pd.DataFrame(list(rows), columns=heads, dtype=object)
