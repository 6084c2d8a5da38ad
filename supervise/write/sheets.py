"""The submission workbook, blank or filled, generated from the forms; the only door to openpyxl.

In: a ``FormSet`` and values in base units. Out: the bytes of an ``.xlsx``, the same for the same
input.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

from supervise.core.layout import Form, FormSet, Item
from supervise.core.model import Value
from supervise.core.period import Period
from supervise.write.sheet_form import draw_form, set_page
from supervise.write.sheet_guide import draw_guide
from supervise.write.sheet_pack import finish
from supervise.write.sheet_style import Painter
from supervise.write.sheet_validation import cell_range, table_range
from supervise.write.sheet_values import CellValue, Contents, Tables, fill


def write_template(
    forms: FormSet,
    *,
    period: Period,
    bank_type_name: str = "",
    values: Mapping[str, Value] | None = None,
    tables: Tables | None = None,
) -> bytes:
    """The submission workbook 空白报送表.

    Formula cells carry their results, so that a filled workbook can be read at once. A value
    given for a total or a reference is written in place of its formula: it is the bank's own
    figure, for the checks to judge.

    Args:
        forms: The forms in force for the period.
        period: The reporting period; its last day is the document's date.
        bank_type_name: Chinese name of the bank type, put on the cover.
        values: Item id to value in base units (元, plain ratio), 不适用 included.
        tables: Open-table id to its rows, each column id to value.

    Raises:
        UsageError: An unknown id, or a value of another kind than its item.
    """
    given = {**_defaults(forms, bank_type_name), **(values or {})}
    contents = fill(forms, period, given, tables or {})
    book = _book(forms, period, contents)
    target = io.BytesIO()
    book.save(target)
    return finish(target.getvalue(), _results(forms, contents), period.last_day)


def _book(forms: FormSet, period: Period, contents: Contents) -> Any:
    from openpyxl import Workbook
    from openpyxl.workbook.defined_name import DefinedName

    book = Workbook()
    book.remove(book.active)
    painter = Painter()
    for form in forms.forms:
        sheet = book.create_sheet(form.sheet)
        if form.placed or form.tables:
            plan = draw_form(sheet, form, dict(forms.items), contents, painter)
            set_page(sheet, form, plan, period)
        else:
            draw_guide(sheet, form, forms, period)
        for name, cells in _names(form):
            book.defined_names[name] = DefinedName(name, attr_text=f"'{form.sheet}'!{cells}")
    book.active = 0
    properties = book.properties
    properties.creator, properties.title = "supervise", f"{forms.forms[0].title} {period}"
    return book


def items_table(forms: FormSet) -> list[dict[str, str]]:
    """Every item with its id, name, unit, sheet, cell, 1104 code and definition, in sheet order.

    ``cell`` is a column such as ``E16:E`` for a column of an open table; ``kind`` tells inputs
    from what the template works out; ``table`` names the open table.
    """
    return [row for form in forms.forms for row in _form_rows(form, forms)]


def _form_rows(form: Form, forms: FormSet) -> Iterator[dict[str, str]]:
    for placed in form.placed:
        yield _about(form, forms.items[placed.item], placed.address, placed.kind)
    for table in form.tables:
        for letter, item in table.columns.items():
            cell = f"{letter}{table.first_row}:{letter}"
            yield {**_about(form, forms.items[item], cell, "input"), "table": table.id}


def _about(form: Form, item: Item, cell: str, kind: str) -> dict[str, str]:
    return {
        "id": item.id,
        "name": item.name,
        "unit": item.unit,
        "sheet": form.sheet,
        "cell": cell,
        "code": item.code,
        "kind": kind,
        "table": "",
        "choices": "、".join(item.choices),
        "what": item.what,
    }


def _defaults(forms: FormSet, bank_type_name: str) -> dict[str, Value]:
    defaults: dict[str, Value] = {
        form.status_item: "正常" for form in forms.forms if form.status_item
    }
    if bank_type_name:
        defaults["COVER_bank_type"] = bank_type_name
    return defaults


def _names(form: Form) -> list[tuple[str, str]]:
    cells = [(placed.item, cell_range(placed)) for placed in form.placed]
    columns = [
        (item, table_range(table, letter))
        for table in form.tables
        for letter, item in table.columns.items()
    ]
    return cells + columns


def _results(forms: FormSet, contents: Contents) -> dict[str, dict[str, CellValue]]:
    """Results by worksheet part; openpyxl numbers the parts in sheet order."""
    parts = {form.sheet: f"xl/worksheets/sheet{n}.xml" for n, form in enumerate(forms.forms, 1)}
    results: dict[str, dict[str, CellValue]] = {part: {} for part in parts.values()}
    for (sheet, address), value in contents.results.items():
        results[parts[sheet]][address] = value
    return results
