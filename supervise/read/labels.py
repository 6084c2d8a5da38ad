"""Whether a sheet's locked labels still stand where the form put them.

Figures are read by address. A row inserted or deleted moves every figure below it to the address
of another item, so the labels are compared before any figure is believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from supervise.read.raw import RawCell, RawSheet
from supervise.read.text import fold
from supervise.record import record

RECOGNISED = 0.8
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@record
class Drift:
    """How the labels of a sheet differ from the form's.

    Attributes:
        stands: Share of the labels found in their place, 0 to 1.
        changed: Addresses whose label is not there, in sheet order.
        moved: At least one of them stands elsewhere in its own column or row.
        row: First row whose label is not in place; 0 if none.
        offset: ``(rows, columns)`` that all displaced labels moved by, None if they disagree.
    """

    stands: float
    changed: tuple[str, ...] = ()
    moved: bool = False
    row: int = 0
    offset: tuple[int, int] | None = None

    @property
    def misplaced(self) -> bool:
        """The sheet's addresses cannot be trusted."""
        return self.moved or self.stands < 0.5

    @property
    def how(self) -> str:
        """The displacement in Chinese."""
        if self.offset is None:
            return "与模板位置不符，且移动的行列数不一致"
        rows, columns = self.offset
        if rows:
            return f"整体{'下' if rows > 0 else '上'}移 {abs(rows)} 行"
        return f"整体{'右' if columns > 0 else '左'}移 {abs(columns)} 列"


def position(address: str) -> tuple[int, int]:
    """Row and column of ``C14``: (14, 3).

    Raises:
        ValueError: Not an address.
    """
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(f"not an address: {address!r}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def compare_labels(labels: Mapping[str, str], sheet: RawSheet) -> Drift:
    """Hold a form's labels against a sheet."""
    if _all_stand(labels, sheet.cells):
        return Drift(1.0)
    expected = {position(address): fold(text) for address, text in labels.items() if fold(text)}
    if not expected:
        return Drift(1.0)
    changed = sorted(
        position(address)
        for address, text in labels.items()
        if fold(text) and _words(sheet, address) != fold(text)
    )
    stands = 1 - len(changed) / len(expected)
    if not changed:
        return Drift(stands)
    longest = 2 * max(map(len, labels.values()))
    wanted = frozenset(expected.values())
    found = {
        (cell.row, cell.column): text
        for cell in sheet.cells.values()
        if len(cell.text) <= longest and (text := fold(cell.text)) in wanted
    }
    offsets = set(_offsets(changed, expected, found))
    names = {position(address): address for address in labels}
    return Drift(
        stands,
        tuple(names[place] for place in changed),
        bool(offsets),
        changed[0][0],
        offsets.pop() if len(offsets) == 1 else None,
    )


def _all_stand(labels: Mapping[str, str], cells: Mapping[str, RawCell]) -> bool:
    """Whether every label is in its place: nearly always so, to the letter."""
    for address, label in labels.items():
        cell = cells.get(address)
        if cell is None or cell.text != label:
            found = "" if cell is None else fold(cell.text)
            if fold(label) not in ("", found):
                return False
    return True


def _words(sheet: RawSheet, address: str) -> str:
    cell = sheet.cells.get(address)
    return fold(cell.text) if cell is not None else ""


_Place = tuple[int, int]


def _offsets(
    changed: Iterable[_Place], expected: Mapping[_Place, str], found: Mapping[_Place, str]
) -> Iterable[_Place]:
    """Where displaced labels went: the nearest place of the same text that is not its own.

    Bare figures are left out: a row number found elsewhere may be a figure that was filed.
    """
    strays: dict[str, list[_Place]] = {}
    for place, text in found.items():
        if expected.get(place) != text and not text.replace(".", "").isdigit():
            strays.setdefault(text, []).append(place)
    for row, column in changed:
        steps = [
            (there_row - row, there_column - column)
            for there_row, there_column in strays.get(expected[row, column], ())
            if (there_row == row) != (there_column == column)
        ]
        if steps:
            yield min(steps, key=lambda step: (abs(step[0]) + abs(step[1]), step))
