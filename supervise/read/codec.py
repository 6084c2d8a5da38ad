"""Records ↔ rows of plain JSON: exact, shared, and only of classes that were named beforehand.

In: values made of records, ``Fraction``, ``Decimal``, tuples, lists, mappings, texts, truth
values and whole numbers. Out: rows that ``json`` writes, each value once, what it is made of
before it. A row that is a list ends with the kind of its value; all else in it are places of
earlier rows. Any other row is the value itself; those come first in a block.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

Row = Any
Block = dict[str, Any]
Make = Callable[[list[int], list[Any]], Any]
TUPLE, LIST, MAPPING, READ_ONLY, TABLE, FRACTION, DECIMAL = range(7)
RECORD = 7
ATOMS = (str, int, bool, type(None))
_PLAIN_KINDS = frozenset(ATOMS)


class Encoder:
    """Writes values as rows; equal values of one type become one row.

    Args:
        classes: The record classes that may occur; their order is part of the rows' meaning.
    """

    def __init__(self, classes: Sequence[type]) -> None:
        self.rows: list[Row] = []
        self._tags = {cls: RECORD + number for number, cls in enumerate(classes)}
        self._places: dict[object, int] = {}
        self._met: dict[int, tuple[int, object]] = {}

    def alone(self, value: object) -> Block:
        """The block of one value that nothing was written before: all rows belong to it.

        Raises:
            TypeError: As ``add``.
        """
        root = self.add(value)
        plain = [place for place, row in enumerate(self.rows) if type(row) is not list]
        made = [place for place, row in enumerate(self.rows) if type(row) is list]
        moved = [0] * len(self.rows)
        for number, place in enumerate(plain + made):
            moved[place] = number
        rows = [[*[moved[each] for each in self.rows[p][:-1]], self.rows[p][-1]] for p in made]
        return {"root": moved[root], "plain": [self.rows[place] for place in plain], "rows": rows}

    def beyond(self, root: int, known: Mapping[int, int]) -> tuple[Block, dict[int, int]]:
        """What ``root`` needs beside the rows that are known, numbered on from there.

        Args:
            root: Place of a value.
            known: Place of each known row, and its place for whoever reads.

        Returns:
            The block, and the places of its rows as in ``known``.
        """
        needed: set[int] = set()
        open_places = [root]
        while open_places:
            place = open_places.pop()
            if place not in known and place not in needed:
                needed.add(place)
                open_places += _parts(self.rows[place])
        order = sorted(needed, key=lambda place: (isinstance(self.rows[place], list), place))
        new = {place: len(known) + number for number, place in enumerate(order)}
        moved = {**known, **new}
        rows = [_moved(self.rows[place], moved) for place in order]
        plain = sum(not isinstance(row, list) for row in rows)
        return {"root": moved[root], "plain": rows[:plain], "rows": rows[plain:]}, new

    def add(self, value: object) -> int:
        """Write a value.

        Returns:
            The place of its row.

        Raises:
            TypeError: A value of a class that was not named.
        """
        if type(value) in _PLAIN_KINDS or isinstance(value, ATOMS):
            return self._place((type(value), value), value)
        met = self._met.get(id(value))
        if met is None:
            row = self._row(value)
            # The value is kept, so that no other one gets its id.
            met = self._met[id(value)] = self._place(tuple(row), row), value
        return met[0]

    def _place(self, key: object, row: Row) -> int:
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = len(self.rows)
            self.rows.append(row)
        return place

    def _row(self, value: Any) -> list[int]:
        if type(value) in self._tags:
            fields = [self.add(getattr(value, name)) for name in value.__slots__]
            return [*fields, self._tags[type(value)]]
        if isinstance(value, tuple):
            return self._table(value) if _is_table(value) else [*map(self.add, value), TUPLE]
        if isinstance(value, list):
            return [*map(self.add, value), LIST]
        if isinstance(value, Mapping):
            pairs = (self.add(each) for pair in value.items() for each in pair)
            return [*pairs, READ_ONLY if isinstance(value, MappingProxyType) else MAPPING]
        if isinstance(value, Fraction):
            return [self.add(value.numerator), self.add(value.denominator), FRACTION]
        if isinstance(value, Decimal):
            return [self.add(str(value)), DECIMAL]
        raise TypeError(f"no code for {type(value).__qualname__}")

    def _table(self, rows: tuple[dict[str, Any], ...]) -> list[int]:
        cells = (self.add(cell) for row in rows for cell in row.values())
        return [self.add(tuple(rows[0])), *cells, TABLE]


def _is_table(rows: tuple[Any, ...]) -> bool:
    """Mappings of the same few names, such as the bindings of a check."""
    if len(rows) < 2 or not all(type(row) is dict and row for row in rows):
        return False
    return all(tuple(row) == tuple(rows[0]) for row in rows)


def _parts(row: Row) -> list[int]:
    return row[:-1] if isinstance(row, list) else []


def _moved(row: Row, places: Mapping[int, int]) -> Row:
    if not isinstance(row, list):
        return row
    return [*(places[place] for place in row[:-1]), row[-1]]


def decode(block: Block, classes: Sequence[type], values: list[Any]) -> Any:
    """Append the value of each row to ``values``, which holds those of the rows before.

    Returns:
        The value that the block was written for.

    Raises:
        LookupError: A row speaks of a kind or a place that there is not.
    """
    makers = [*_PLAIN, *map(_maker, classes)]
    values += block["plain"]
    append = values.append
    for row in block["rows"]:
        append(makers[row[-1]](row, values))
    return values[block["root"]]


def _maker(cls: type) -> Make:
    """Sets the slots at once: a value that was written is complete and in order."""
    new: Any = cls.__new__
    setters = tuple(getattr(cls, name).__set__ for name in cls.__slots__)  # type: ignore[attr-defined]  # a record

    def make(row: list[int], values: list[Any]) -> Any:
        made = new(cls)
        for put, place in zip(setters, row):  # noqa: B905  # the kind stands last
            put(made, values[place])
        return made

    return make


def _tuple(row: list[int], values: list[Any]) -> tuple[Any, ...]:
    return tuple(map(values.__getitem__, row[:-1]))


def _list(row: list[int], values: list[Any]) -> list[Any]:
    return [values[place] for place in row[:-1]]


def _mapping(row: list[int], values: list[Any]) -> dict[Any, Any]:
    pairs = [values[place] for place in row[:-1]]
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


def _read_only(row: list[int], values: list[Any]) -> Mapping[Any, Any]:
    return MappingProxyType(_mapping(row, values))


def _table_of(row: list[int], values: list[Any]) -> tuple[dict[str, Any], ...]:
    names = values[row[0]]
    cells = iter([values[place] for place in row[1:-1]])
    lines = zip(*[cells] * len(names), strict=True)
    return tuple([dict(zip(names, line)) for line in lines])  # noqa: B905  # of one length


def _fraction(row: list[int], values: list[Any]) -> Fraction:
    return Fraction(values[row[0]], values[row[1]])


def _decimal(row: list[int], values: list[Any]) -> Decimal:
    return Decimal(values[row[0]])


_PLAIN: tuple[Make, ...] = (
    _tuple,
    _list,
    _mapping,
    _read_only,
    _table_of,
    _fraction,
    _decimal,
)
