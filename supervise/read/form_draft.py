"""One sheet while it is being read: every address once, every item once.

Formulas that reach into other sheets are written only when every sheet's addresses are known
(``Draft.finish``).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from supervise.core.layout import Form, Item, OpenTable, Placed
from supervise.read.form_grid import Cell
from supervise.read.yaml import YamlMap, nearest
from supervise.record import field, record

MONEY = {"元": 1, "万元": 10_000, "亿元": 100_000_000}


class Link(NamedTuple):
    """A cell whose formula names items: a ``total`` of several, or a ``reference`` to one."""

    kind: str
    items: tuple[str, ...]


@record(frozen=False)
class Draft:
    """One sheet while it is being read; ``cells`` maps an item to its place and source."""

    layout: YamlMap
    version: str
    labels: dict[str, str] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
    undefined: list[str] = field(default_factory=list)
    tables: list[OpenTable] = field(default_factory=list)
    taken: dict[str, str] = field(default_factory=dict)

    @property
    def sheet(self) -> str:
        """Name of the worksheet."""
        return self.layout.text("sheet")

    def place(self, item: str, cell: Cell) -> None:
        """Give an item its cell.

        Raises:
            RulebookError: The item or the address is used twice on this sheet.
        """
        if item in self.cells:
            first = self.cells[item]
            cell.source.fail(
                f"数据项 {item!r} 放了两次",
                key=cell.key,
                expected=f"每项只有一个填报单元格；已在 {first.address}（{first.where()}）",
                fix="删去其中一处，或改为引用。",
            )
        self.occupy(cell.address, cell.source, cell.key)
        self.cells[item] = cell

    def occupy(self, address: str, source: YamlMap, key: str | None) -> None:
        """Take an address.

        Raises:
            RulebookError: Something else stands there.
        """
        if address in self.taken:
            source.fail(
                f"单元格 {address} 用了两次",
                key=key,
                expected=f"每个单元格只用一次；已用于 {self.taken[address]}",
                fix="改用空着的行或列。",
            )
        self.taken[address] = f"{source.path}:{source.line}"

    def label(self, address: str, text: str, source: YamlMap, key: str | None = None) -> None:
        """Write a locked label.

        Raises:
            RulebookError: Something else stands there.
        """
        self.occupy(address, source, key)
        self.labels[address] = text

    def finish(self, places: Mapping[str, tuple[str, str]], items: Mapping[str, Item]) -> Form:
        """The form, once every item's ``(sheet, address)`` is known.

        Raises:
            RulebookError: A total or reference names an item that stands nowhere.
        """
        layout = self.layout
        form_id = layout.text("form")
        status = f"COVER_status_{form_id}"
        return Form(
            id=form_id,
            sheet=self.sheet,
            title=layout.text("title"),
            version=self.version,
            money_scale=Decimal(MONEY[layout.text("money_unit")]),
            blank=layout.text("blank"),  # type: ignore[arg-type]
            labels=self.labels,
            placed=tuple(self._placed(item, cell, places) for item, cell in self.cells.items()),
            undefined=tuple(self.undefined),
            tables=tuple(self.tables),
            status_item=status if status in items else "",
            notes=layout.texts("notes"),
        )

    def _placed(self, item: str, cell: Cell, places: Mapping[str, tuple[str, str]]) -> Placed:
        if item in self.fixed:
            return Placed(item, cell.address, "fixed", self.fixed[item])
        link = self.links.get(item)
        if link is None:
            return Placed(item, cell.address, "input", "")
        spots = [self._spot(each, cell, places) for each in link.items]
        if link.kind == "reference":
            return Placed(item, cell.address, "reference", spots[0])
        return Placed(item, cell.address, "total", self._total(spots))

    def _spot(self, item: str, cell: Cell, places: Mapping[str, tuple[str, str]]) -> str:
        if item not in places:
            cell.source.fail(
                f"公式引用了未放置的数据项 {item!r}",
                key=cell.key,
                expected="已放在某张表上的数据项",
                fix=f"改为 {nearest(item, places)!r}。",
            )
        sheet, address = places[item]
        return address if sheet == self.sheet else f"'{sheet}'!{address}"

    def _total(self, spots: list[str]) -> str:
        """A sum; where blank means unanswered it stays blank until every part is answered."""
        if self.layout.text("blank") == "zero":
            return "+".join(spots)
        blank = ",".join(f'{spot}=""' for spot in spots)
        return f'IF(OR({blank}),"",SUM({",".join(spots)}))'
