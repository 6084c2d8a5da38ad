"""Records ↔ rows of plain JSON: exact, shared, and only of classes that were named beforehand.

In: values made of records, ``Fraction``, ``Decimal``, tuples, lists, mappings, texts, truth
values and whole numbers. Out: rows that ``json`` writes, each value once, what it is made of
before it. A row that is a list ends with the kind of its value; all else in it are places of
earlier rows. Any other row is the value itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

Row = Any
Make = Callable[[list[int], list[Any]], Any]
TUPLE, LIST, MAPPING, READ_ONLY, TABLE, FRACTION, DECIMAL = range(7)
RECORD = 7
ATOMS = (str, int, bool, type(None))


class Encoder:
    """Writes values as rows; equal values of one type become one row.

    Args:
        classes: The record classes that may occur; their order is part of the rows' meaning.
        rows: Rows that are already written.
    """

    def __init__(self, classes: Sequence[type], rows: Sequence[Row] = ()) -> None:
        self.rows: list[Row] = list(rows)
        self._tags = {cls: RECORD + number for number, cls in enumerate(classes)}
        self._places: dict[object, int] = {}
        self._met: dict[int, tuple[int, object]] = {}

    def beside(self) -> Encoder:
        """An encoder that goes on from here, leaving this one as it is."""
        other = Encoder(())
        other.rows = list(self.rows)
        other._tags = self._tags
        other._places = dict(self._places)
        other._met = dict(self._met)
        return other

    def add(self, value: object) -> int:
        """Write a value.

        Returns:
            The place of its row.

        Raises:
            TypeError: A value of a class that was not named.
        """
        if isinstance(value, ATOMS):
            return self._place((type(value), value), value)
        if id(value) not in self._met:
            row = self._row(value)
            # The value is kept, so that no other one gets its id.
            self._met[id(value)] = self._place(tuple(row), row), value
        return self._met[id(value)][0]

    def _place(self, key: object, row: Row) -> int:
        if key not in self._places:
            self._places[key] = len(self.rows)
            self.rows.append(row)
        return self._places[key]

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
            return [value.numerator, value.denominator, FRACTION]
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


def decode(rows: Sequence[Row], classes: Sequence[type], values: list[Any]) -> None:
    """Append the value of each row to ``values``, which holds those of the rows before.

    Raises:
        LookupError: A row speaks of a kind or a place that there is not.
    """
    makers = [*_PLAIN, *map(_maker, classes)]
    append = values.append
    for row in rows:
        append(makers[row[-1]](row, values) if row.__class__ is list else row)


def _maker(cls: type) -> Make:
    """Sets the slots at once: a value that was written is complete and in order."""
    new = cls.__new__
    setters = tuple(getattr(cls, name).__set__ for name in cls.__slots__)  # type: ignore[attr-defined]  # a record

    def make(row: list[int], values: list[Any]) -> Any:
        made = new(cls)
        for put, place in zip(setters, row):  # noqa: B905  # the kind stands last
            put(made, values[place])
        return made

    return make


def _tuple(row: list[int], values: list[Any]) -> tuple[Any, ...]:
    return tuple([values[place] for place in row[:-1]])


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
    return Fraction(row[0], row[1])


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
