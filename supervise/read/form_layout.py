"""``<version>.yaml`` of a form → where its items sit: labels, cells, grid, open tables.

In: one parsed layout. Out: a ``Draft``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from supervise.core.layout import Item, OpenTable
from supervise.read.form_draft import MONEY, Draft, Link
from supervise.read.form_grid import Cell, read_grid
from supervise.read.yaml import YamlMap, nearest

_UNIT_WORDS = {
    "ratio": "%", "bp": "BP", "count": "户", "days": "天", "points": "分",
    "flag": "是/否", "date": "日期", "text": "文字", "choice": "选择",
}  # fmt: skip
_LAYOUT_KEYS = (
    "form", "sheet", "position", "title", "money_unit", "blank", "in_force", "labels",
    "columns", "header_row", "unit_column", "note_column", "rows", "grid", "tables",
    "checks", "notes",
)  # fmt: skip
_ROW_KEYS = ("at", "no", "label", "cells", "unit", "note", "section", "headings")
_COLUMN = re.compile(r"[A-Z]{1,2}")
_ADDRESS = re.compile(r"[A-Z]{1,2}[1-9]\d*")
BLANK_RULE = {"zero": "空白即零", "missing": "空白即未填，是零请填 0，无此业务填“不适用”"}


def read_layout(
    layout: YamlMap, version: str, texts: Mapping[str, str], items: Mapping[str, Item]
) -> Draft:
    """Read one layout; ``texts`` fills ``{period}`` and ``{version}`` of fixed cells.

    Raises:
        RulebookError: Unknown key, item or column, a place used twice.
    """
    layout.only(_LAYOUT_KEYS)
    _known(layout, "money_unit", MONEY)
    _known(layout, "blank", BLANK_RULE)
    draft = Draft(layout, version)
    labels = layout.map("labels")
    for address, text in labels.items():
        if not _ADDRESS.fullmatch(address):
            labels.fail(f"{address!r} 不是单元格地址", key=address, expected="如 A1", fix="改写。")
        draft.label(address, text, labels, address)
    if not {"rows", "grid", "tables"} & layout.keys():
        return draft
    _head(draft)
    _rows(draft, texts, items)
    if "grid" in layout:
        _grid(draft, items)
    for table in layout.maps("tables"):
        _table(draft, table, items)
    return draft


def _known(layout: YamlMap, key: str, known: Mapping[str, object]) -> None:
    value = layout.text(key)
    if value not in known:
        layout.fail(
            f"{key} 不能是 {value!r}",
            key=key,
            expected=f"可用：{'、'.join(known)}",
            fix=f"改为 {nearest(value, known) or next(iter(known))!r}。",
        )


def _head(draft: Draft) -> None:
    layout = draft.layout
    draft.label("A1", layout.text("title"), layout, "title")
    if layout.text("form") == "COVER":
        line = "只填浅黄色单元格；其余由模板写定。先填封面，再填各表。"
    else:
        rule = BLANK_RULE[layout.text("blank")]
        line = f"金额单位：{layout.text('money_unit')}（两位小数）；比率填百分数。{rule}。"
    draft.label("A3", line, layout, "money_unit")
    columns = layout.map("columns")
    for letter, text in columns.items():
        if not _COLUMN.fullmatch(letter):
            columns.fail(f"{letter!r} 不是列号", key=letter, expected="如 C", fix="改写列号。")
        draft.label(f"{letter}{layout.text('header_row')}", text, columns, letter)


def _rows(draft: Draft, texts: Mapping[str, str], items: Mapping[str, Item]) -> None:
    layout = draft.layout
    special = (layout.text("unit_column", ""), layout.text("note_column", ""), "A", "B")
    values = tuple(letter for letter in layout.map("columns") if letter not in special)
    for row in layout.maps("rows"):
        row.only(_ROW_KEYS)
        at = row_number(row, "at")
        if "section" in row:
            draft.label(f"A{at}", row.text("section"), row, "section")
        elif "headings" in row:
            _headings(draft, row.map("headings"), at)
        else:
            draft.label(f"A{at}", row.text("no"), row, "no")
            draft.label(f"B{at}", row.text("label"), row, "label")
            first = _cells(draft, row, at, texts, items)
            _beside(draft, row, at, items[first])
            cells = row.map("cells")
            for letter in values:
                if letter not in cells:
                    draft.occupy(f"{letter}{at}", row, "cells")
                    draft.undefined.append(f"{letter}{at}")


def _headings(draft: Draft, headings: YamlMap, at: int) -> None:
    for letter in headings:
        _column(draft.layout, headings, letter)
        draft.label(f"{letter}{at}", headings.text(letter), headings, letter)


def _beside(draft: Draft, row: YamlMap, at: int, item: Item) -> None:
    """Write unit and note next to a row, from its first item unless the row says otherwise."""
    layout = draft.layout
    if letter := layout.text("unit_column", ""):
        word = _UNIT_WORDS.get(item.unit, layout.text("money_unit"))
        draft.label(f"{letter}{at}", row.text("unit", word), row, "unit")
    if letter := layout.text("note_column", ""):
        draft.label(f"{letter}{at}", row.text("note", item.what), row, "note")


def _cells(
    draft: Draft, row: YamlMap, at: int, texts: Mapping[str, str], items: Mapping[str, Item]
) -> str:
    """Place a row's cells; returns its first item."""
    cells = row.map("cells")
    if not cells:
        row.fail("此行没有填报单元格", expected="cells: {列: 数据项}", fix="补上 cells。")
    first = ""
    for letter, entry in cells.items():
        _column(draft.layout, cells, letter)
        item, link, fixed = _entry(cells, letter, entry)
        known_item(cells, letter, item, items)
        draft.place(item, Cell(f"{letter}{at}", cells, letter))
        if link:
            draft.links[item] = link
        if fixed is not None:
            draft.fixed[item] = fixed.format_map(texts)
        first = first or item
    return first


def _entry(cells: YamlMap, letter: str, entry: Any) -> tuple[str, Link | None, str | None]:
    if isinstance(entry, str):
        return entry, None, None
    if not isinstance(entry, YamlMap):
        cells.fail("单元格应为数据项编号", key=letter, expected="编号或 {item, …}", fix="改写。")
    entry.only(("item", "total", "reference", "fixed"))
    item = entry.text("item")
    if "total" in entry:
        return item, Link("total", entry.texts("total")), None
    if "reference" in entry:
        return item, Link("reference", (entry.text("reference"),)), None
    return item, None, entry.text("fixed")


def known_item(source: YamlMap, key: str, item: str, items: Mapping[str, Item]) -> None:
    """Refuse an item that no ``items.yaml`` defines.

    Raises:
        RulebookError: Unknown item, with the nearest known one.
    """
    if item not in items:
        source.fail(
            f"未知的数据项 {item!r}",
            key=key,
            expected="items.yaml 中定义的数据项",
            fix=f"改为 {nearest(item, items)!r}，或在 items.yaml 中定义。",
        )


def _column(layout: YamlMap, source: YamlMap, letter: str) -> None:
    columns = layout.map("columns")
    if letter not in columns:
        source.fail(
            f"未知的列 {letter!r}",
            key=letter,
            expected=f"columns 中的列：{'、'.join(columns)}",
            fix="改用已有的列，或在 columns 中增加该列。",
        )


def row_number(source: YamlMap, key: str) -> int:
    """The row number under ``key``.

    Raises:
        RulebookError: Not a whole number from 1 on.
    """
    text = source.text(key)
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        source.fail(f"{key} 应为行号", key=key, expected="1 以上的整数", fix="改写行号。")
    return int(text)


def _grid(draft: Draft, items: Mapping[str, Item]) -> None:
    grid = read_grid(draft.layout.map("grid"), items)
    for address, text, source in grid.labels:
        draft.label(address, text, source)
    for item, cell in grid.cells.items():
        draft.place(item, cell)
    for item, parts in grid.totals.items():
        draft.links[item] = Link("total", parts)
    draft.undefined.extend(grid.undefined)


def _table(draft: Draft, table: YamlMap, items: Mapping[str, Item]) -> None:
    table.only(("id", "name", "header_row", "rows", "key", "columns"))
    header = row_number(table, "header_row")
    columns = table.map("columns")
    for letter, item in columns.items():
        if not _COLUMN.fullmatch(letter):
            columns.fail(f"未知的列 {letter!r}", key=letter, expected="如 C", fix="改写列号。")
        known_item(columns, letter, item, items)
        draft.label(f"{letter}{header}", items[item].name, columns, letter)
    key = table.text("key")
    if key not in columns.values():
        table.fail(f"key {key!r} 不在各列中", key="key", expected="某一列的数据项", fix="改写。")
    draft.tables.append(
        OpenTable(
            id=table.text("id"),
            name=table.text("name"),
            header_row=header,
            first_row=header + 1,
            template_rows=row_number(table, "rows"),
            columns=dict(columns),
            key=key,
        )
    )
