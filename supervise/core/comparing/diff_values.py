"""Two filings of one bank side by side: which data differ, which rows came and went 填报值变动.

Data are matched by item, rows of an open table by what names them (a branch, a check), so that a
row that only moved is no difference. How a figure was typed is none either.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from supervise.core.comparing.pairing import pair_up
from supervise.core.layout import FormSet, Item, OpenTable
from supervise.core.model import Fact, Row, Submission
from supervise.record import record

RowState = Literal["added", "removed", "changed"]


@record
class ValueChange:
    """One datum that differs.

    Attributes:
        scale: Base units per unit of the cell: 元 per 万元, a hundredth for a percentage.
        before: None where its row did not exist.
        after: None where its row is gone, or the form has no such datum any more.
    """

    item: Item
    scale: Fraction
    before: Fact | None
    after: Fact | None

    @property
    def cell(self) -> str:
        """Where it stands now, or stood last."""
        fact = self.after or self.before
        return str(fact.cell) if fact is not None else ""

    @property
    def difference(self) -> Fraction | None:
        """New less old in base units; None unless both are numbers."""
        old, new = number_in(self.before), number_in(self.after)
        return None if old is None or new is None else new - old


@record
class RowChange:
    """A row of an open table that was added, removed or changed.

    Attributes:
        key: What names the row; empty where its key cell is blank.
        values: Its data that differ; for an added or removed row, all that is filled in.
    """

    table: str
    name: str
    key: str
    state: RowState
    values: tuple[ValueChange, ...]


def number_in(fact: Fact | None) -> Fraction | None:
    """The number of a fact, None if it holds none."""
    value = fact.value if fact is not None else None
    if isinstance(value, bool) or not isinstance(value, Decimal):
        return None
    return Fraction(value)


def changed_values(
    old: Submission, new: Submission, forms: FormSet, earlier: FormSet
) -> tuple[ValueChange, ...]:
    """Data outside open tables that differ, in the order of the forms.

    Args:
        old: The earlier filing.
        new: The later one.
        forms: The forms of the later one.
        earlier: The forms of the earlier one, for what the later ones lack.
    """
    names = dict.fromkeys((*new.facts, *old.facts))
    scales = _scales(earlier) | _scales(forms)
    return tuple(
        _change(_item(name, forms, earlier), scales, old.facts.get(name), new.facts.get(name))
        for name in names
        if _content(old.facts.get(name)) != _content(new.facts.get(name))
    )


def changed_rows(old: Submission, new: Submission, forms: FormSet) -> tuple[RowChange, ...]:
    """Rows of open tables that differ: table by table, removed rows last."""
    scales = _scales(forms)
    found: list[RowChange] = []
    for form in forms.forms:
        for table in form.tables:
            before, after = old.tables.get(table.id, ()), new.tables.get(table.id, ())
            found.extend(_rows(table, before, after, _Meaning(forms, scales)))
    return tuple(found)


def row_key(row: Row, table: OpenTable) -> str:
    """What names a row; empty where its key cell holds nothing."""
    fact = row.get(table.key)
    return str(fact.value).strip() if fact is not None and fact.value is not None else ""


@record
class _Meaning:
    """What the cells of a form mean."""

    forms: FormSet
    scales: dict[str, int]


def _rows(
    table: OpenTable, before: tuple[Row, ...], after: tuple[Row, ...], of: _Meaning
) -> Iterator[RowChange]:
    pairs, gone, _ = pair_up(
        before, after, key=lambda row: row_key(row, table), content=_row_content
    )
    partner = {id(new): old for old, new in pairs}
    for row in after:
        old = partner.get(id(row))
        values = tuple(_cells(table, old or {}, row, of))
        if old is None or values:
            state: RowState = "added" if old is None else "changed"
            yield RowChange(table.id, table.name, row_key(row, table), state, values)
    for row in gone:
        values = tuple(_cells(table, row, {}, of))
        yield RowChange(table.id, table.name, row_key(row, table), "removed", values)


def _cells(table: OpenTable, old: Row, new: Row, of: _Meaning) -> Iterator[ValueChange]:
    for name in table.columns.values():
        before, after = old.get(name), new.get(name)
        if _content(before) != _content(after):
            yield _change(of.forms.items[name], of.scales, before, after)


def _change(
    item: Item, scales: dict[str, int], before: Fact | None, after: Fact | None
) -> ValueChange:
    fact = after or before
    scale = Fraction(1)
    if item.unit == "ratio":
        scale = Fraction(1, 100)
    elif item.unit == "yuan" and fact is not None:
        scale = Fraction(scales.get(fact.cell.sheet, 10_000))
    return ValueChange(item, scale, before, after)


def _scales(forms: FormSet) -> dict[str, int]:
    return {form.sheet: int(form.money_scale) for form in forms.forms}


def _item(name: str, forms: FormSet, earlier: FormSet) -> Item:
    return forms.items.get(name) or earlier.items.get(name) or Item(name, name, "text")


def _content(fact: Fact | None) -> Hashable:
    """What a fact says: a blank that counts as zero says the same as a zero."""
    if fact is None or fact.state == "blank":
        return None
    if fact.state in ("given", "zero"):
        return (type(fact.value).__name__, fact.value)
    return (fact.state, fact.text if fact.state == "invalid" else "")


def _row_content(row: Row) -> Hashable:
    return tuple((name, _content(fact)) for name, fact in row.items())
