"""The findings as the table of the sheet 校核结果: which columns, what in them, how high a row.

Texts only, never a formula: what a bank typed cannot come alive here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from supervise.ooxml.addresses import column_letters
from supervise.ooxml.marks import quoted
from supervise.ooxml.rewriting.sheet_size import text_lines
from supervise.ooxml.rewriting.source import escaped
from supervise.record import record
from supervise.write.annotate_look import CellWriter, plain
from supervise.write.annotate_notes import Places
from supervise.write.finding_rows import FindingRow
from supervise.write.numbers import Words

MOST_LINKS: Final = 65_000
"""Excel takes no more than 65,530 links on a sheet."""

_MOST_OTHERS: Final = 12
_LINE, _MARGIN = 15.0, 7.0
_HEIGHTS: Final = (26.0, 400.0)
_HEAD_HEIGHT: Final = 26.0
Line = tuple[float, str]
"""Height of a row in points, and its cells."""


@record
class Column:
    """A column: name of its words, look of its cells, width in characters.

    Attributes:
        always: It stands there even if no finding has anything to say in it.
    """

    name: str
    look: str
    width: float
    always: bool = False


COLUMNS: Final = (
    Column("number", "number", 5.5, always=True),
    Column("severity", "", 9, always=True),
    Column("mark", "number", 7),
    Column("cell", "link", 22, always=True),
    Column("others", "small", 17),
    Column("item", "text", 22),
    Column("message", "text", 46, always=True),
    Column("fix", "text", 36, always=True),
    Column("figures", "text", 21),
    Column("explanation", "text", 24),
    Column("basis", "small", 22, always=True),
    Column("check", "small", 18, always=True),
)


class FindingTable:
    """The table, one row for each finding.

    Args:
        rows: Every finding, the gravest first.
        words: Wordings of the language.
        places: The workbook's own sheets, to link to.
        cells: Writes cells.
    """

    def __init__(
        self, rows: Sequence[FindingRow], words: Words, places: Places, cells: CellWriter
    ) -> None:
        self._rows = rows
        self._words = words
        self._places = places
        self._cells = cells
        self._texts = [_texts(row, words) for row in rows]
        self.columns = tuple(
            column
            for column in COLUMNS
            if column.always or any(texts[column.name] for texts in self._texts)
        )
        self.links: list[str] = []

    def head(self, row: int) -> Line:
        """The row of headings."""
        return _HEAD_HEIGHT, "".join(
            self._cells.cell(
                column_letters(n), row, "head", plain(self._words(f"annotate.column.{c.name}"))
            )
            for n, c in enumerate(self.columns, 1)
        )

    def body(self, first: int) -> list[Line]:
        """All findings, from the row ``first`` on; fills ``links``."""
        return [self._line(n, first + n) for n in range(len(self._rows))]

    def _line(self, number: int, row: int) -> Line:
        texts, finding = self._texts[number], self._rows[number]
        cells = []
        lines = 1
        for n, column in enumerate(self.columns, 1):
            letters, text = column_letters(n), texts[column.name]
            lines = max(lines, text_lines(text, int(column.width) - 2) if text else 1)
            if column.name == "number":
                cells.append(self._cells.number(letters, row, column.look, text))
            elif column.name == "cell":
                cells.append(self._link(f"{letters}{row}", letters, row, text))
            else:
                look = column.look or finding.severity
                cells.append(self._cells.cell(letters, row, look, plain(text)))
        height = min(max(lines * _LINE + _MARGIN, _HEIGHTS[0]), _HEIGHTS[1])
        return height, "".join(cells)

    def _link(self, reference: str, letters: str, row: int, text: str) -> str:
        """The cell to look at; a click leads there."""
        place = self._places.find(text)
        if place is None or len(self.links) >= MOST_LINKS:
            return self._cells.cell(letters, row, "text", plain(text))
        target = escaped(f"{quoted(place.sheet)}!{place.address or 'A1'}")
        self.links.append(f'<hyperlink ref="{reference}" location="{target}"/>')
        return self._cells.cell(letters, row, "link", plain(text))


def _texts(row: FindingRow, words: Words) -> dict[str, str]:
    """What stands in each column."""
    named = row.check_name
    return {
        "number": row.number,
        "severity": row.severity_word,
        "mark": row.mark,
        "cell": row.cell,
        "others": _others(row, words),
        "item": "\n".join(text for text in (row.item_name, row.row_key) if text),
        "message": row.message,
        "fix": row.fix,
        "figures": _figures(row, words),
        "explanation": row.explanation,
        "basis": row.basis,
        "check": f"{row.check}\n{named}" if named else row.check,
    }


def _others(row: FindingRow, words: Words) -> str:
    """The cells beside the first, those of the same sheet without its name."""
    comma = words("report.list_comma")
    others = row.cells.split(comma)[1:]
    shown = " ".join(cell.removeprefix(f"{row.sheet}!") for cell in others[:_MOST_OTHERS])
    if len(others) > _MOST_OTHERS:
        return words("annotate.others_more", cells=shown, n=len(others))
    return shown


def _figures(row: FindingRow, words: Words) -> str:
    lines = []
    for name in ("found", "expected", "difference", "tolerance"):
        text = getattr(row, name)
        if text:
            lines.append(words(f"check.figure.{name}", text=text))
    if lines and row.unit and row.unit != "%":
        lines[0] += words("check.figure.unit", unit=row.unit)
    if row.corrections:
        lines.append(words("annotate.corrections", text=row.corrections))
    if row.score_impact:
        lines.append(words("annotate.score", points=row.score_impact))
    return "\n".join(lines)
