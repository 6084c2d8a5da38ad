"""One form → one worksheet: labels, cells, sizes, freezing, printing, protection.

The look of a row follows from what stands in it: a row of labels without data is a heading, a
single label is a section, the rest are data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from supervise.core.layout import BANNER, Form, Item, OpenTable
from supervise.core.period import Period
from supervise.record import field, record
from supervise.write import sheet_style as style
from supervise.write.sheet_validation import add_validations
from supervise.write.sheet_values import Contents

_TOP_ROWS = 3
_MANY_COLUMNS = 20
_MARGIN_WIDTH, _NUMBER_WIDTH, _LABEL_MAX, _NOTE_WIDTH, _UNIT_WIDTH = 2.0, 7.0, 46.0, 52.0, 8.0
_ROW_HEIGHT, _LINE_HEIGHT = 21.0, 15.5
_PORTRAIT_WIDTH, _ONE_PAGE_WIDTH = 130.0, 260.0


@record(frozen=False)
class Plan:
    """What stands where on one sheet, worked out from the form."""

    labels: dict[tuple[int, int], str] = field(default_factory=dict)
    data: dict[tuple[int, int], tuple[Item, str]] = field(default_factory=dict)
    undefined: list[tuple[int, int]] = field(default_factory=list)
    headings: set[int] = field(default_factory=set)
    sections: set[int] = field(default_factory=set)
    widths: dict[int, float] = field(default_factory=dict)
    last_column: int = 1


def draw_form(
    sheet: Any, form: Form, items: dict[str, Item], contents: Contents, painter: style.Painter
) -> Plan:
    """Write a form on an empty worksheet."""
    plan = _plan(form, items)
    _labels(sheet, plan, painter)
    for (row, column), (item, kind) in plan.data.items():
        cell = sheet.cell(row, column)
        look = style.datum_look(item.unit, kind)
        painter.paint(cell, look, style.FORMATS[item.unit])
    for row, column in plan.undefined:
        painter.paint(sheet.cell(row, column), style.UNDEFINED)
    for table in form.tables:
        _table(sheet, table, items, painter, _rows_filled(contents, form, table))
    _write(sheet, form, contents)
    _sizes(sheet, plan, contents, form)
    add_validations(sheet, form, items)
    return plan


def _plan(form: Form, items: dict[str, Item]) -> Plan:
    from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

    def at(address: str) -> tuple[int, int]:
        letters, row = coordinate_from_string(address)
        return row, column_index_from_string(letters)

    plan = Plan(labels={at(address): text for address, text in form.labels.items()})
    plan.data = {at(p.address): (items[p.item], p.kind) for p in form.placed}
    plan.undefined = [at(address) for address in form.undefined]
    busy = {row for row, _ in (*plan.data, *plan.undefined)}
    texts: dict[int, int] = defaultdict(int)
    for row, _ in plan.labels:
        texts[row] += 1
    free = [row for row in texts if row > _TOP_ROWS and row not in busy]
    plan.sections = {row for row in free if texts[row] == 1}
    plan.headings = {row for row in free if texts[row] > 1}
    tables = [column for column, _ in _table_columns(form, items)]
    spots = (*plan.labels, *plan.data, *plan.undefined)
    plan.last_column = max([column for _, column in spots] + tables)
    plan.widths = _widths(form, plan, items)
    return plan


def _widths(form: Form, plan: Plan, items: dict[str, Item]) -> dict[int, float]:
    widths: dict[int, float] = {1: _NUMBER_WIDTH if form.placed else _MARGIN_WIDTH}
    for (_, column), (item, _) in plan.data.items():
        widths[column] = max(widths.get(column, 0), style.datum_width(item))
    for column, item in _table_columns(form, items):
        widths[column] = max(widths.get(column, 0), style.datum_width(item))
    data = set(widths)
    for (row, column), text in plan.labels.items():
        if column not in data and row not in plan.sections and row > _TOP_ROWS:
            wide = style.text_width(text) + 3.0
            widths[column] = max(widths.get(column, _UNIT_WIDTH), min(wide, _LABEL_MAX))
    if plan.last_column not in data and plan.last_column > 2:
        widths[plan.last_column] = min(widths[plan.last_column], _NOTE_WIDTH)
    if len(data) > _MANY_COLUMNS:
        widths |= {column: widths[column] * 0.8 for column in data if column > 1}
    return widths


def _table_columns(form: Form, items: dict[str, Item]) -> Iterator[tuple[int, Item]]:
    from openpyxl.utils.cell import column_index_from_string

    for table in form.tables:
        for letter, item in table.columns.items():
            yield column_index_from_string(letter), items[item]


def _labels(sheet: Any, plan: Plan, painter: style.Painter) -> None:
    last = plan.last_column
    for (row, column), text in plan.labels.items():
        cell = sheet.cell(row, column, text)
        cell.data_type = "s"
        painter.paint(cell, _label_look(plan, row, column))
    painter.paint(sheet[BANNER], style.BANNER_LOOK)
    for row in (1, 2, 3, *sorted(plan.sections)):
        if row in plan.sections:
            for column in range(1, last + 1):
                painter.paint(sheet.cell(row, column), style.SECTION)
        if last > 1:
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=last)
    for row in sorted(plan.headings):
        _heading(sheet, plan, row, painter)


def _label_look(plan: Plan, row: int, column: int) -> style.Look:
    if row <= _TOP_ROWS:
        return style.TITLE if row == 1 else style.HINT
    if row in plan.headings:
        return style.HEAD
    if row in plan.sections:
        return style.SECTION
    if column == 1:
        return style.NUMBER
    if column == 2:
        return style.LABEL
    return style.NOTE if column == plan.last_column else style.UNIT


def _heading(sheet: Any, plan: Plan, row: int, painter: style.Painter) -> None:
    """Fill the heading row; in a two-row heading a label spans what it covers."""
    double = {row - 1, row + 1} & plan.headings
    columns = [column for r, column in plan.labels if r == row]
    for column in range(min(columns), (plan.last_column if double else max(columns)) + 1):
        painter.paint(sheet.cell(row, column), style.HEAD)
    if row + 1 not in plan.headings:
        return
    for start, stop in zip(columns, [*columns[1:], plan.last_column + 1], strict=True):
        if (row + 1, start) not in plan.labels:
            sheet.merge_cells(start_row=row, end_row=row + 1, start_column=start, end_column=start)
        elif stop - start > 1:
            sheet.merge_cells(start_row=row, end_row=row, start_column=start, end_column=stop - 1)


def _rows_filled(contents: Contents, form: Form, table: OpenTable) -> int:
    filled = [
        int(address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        for sheet, address in contents.values
        if sheet == form.sheet
    ]
    return max([table.template_rows, *(row - table.first_row + 1 for row in filled)])


def _table(
    sheet: Any, table: OpenTable, items: dict[str, Item], painter: style.Painter, rows: int
) -> None:
    """Format the offered rows, and the columns below them for banks that need more."""
    for letter, item_id in table.columns.items():
        unit = items[item_id].unit
        look = style.datum_look(unit, "input")
        for row in range(table.first_row, table.first_row + rows):
            painter.paint(sheet[f"{letter}{row}"], look, style.FORMATS[unit])
        below = style.Look(across=look.across, border=False, locked=False)
        painter.paint(sheet.column_dimensions[letter], below, style.FORMATS[unit])


def _write(sheet: Any, form: Form, contents: Contents) -> None:
    for (name, address), value in contents.values.items():
        if name == form.sheet:
            cell = sheet[address]
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    for (name, address), formula in contents.formulas.items():
        if name == form.sheet:
            sheet[address] = f"={formula}"


def _sizes(sheet: Any, plan: Plan, contents: Contents, form: Form) -> None:
    from openpyxl.utils import get_column_letter

    for column, width in plan.widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = width
    lines: dict[int, int] = defaultdict(lambda: 1)
    for (row, column), text in plan.labels.items():
        if row > _TOP_ROWS and row not in plan.sections:
            width = _spanned(plan, row, column)
            size = _label_look(plan, row, column).size
            lines[row] = max(lines[row], style.text_lines(text, width, size))
    for (row, column), (item, _) in plan.data.items():
        spot = (form.sheet, sheet.cell(row, column).coordinate)
        value = contents.values.get(spot)
        if item.unit == "text" and isinstance(value, str):
            lines[row] = max(lines[row], style.text_lines(value, plan.widths[column]))
    sheet.row_dimensions[1].height = 32
    sheet.row_dimensions[2].height = 18 if form.id != "COVER" else 4
    sheet.row_dimensions[3].height = 18
    for row in sorted({row for row, _ in (*plan.labels, *plan.data)} - {1, 2, 3}):
        extra = 6 if row in plan.headings else 5
        sheet.row_dimensions[row].height = max(_ROW_HEIGHT, lines[row] * _LINE_HEIGHT + extra)


def _spanned(plan: Plan, row: int, column: int) -> float:
    """A group heading is as wide as the columns it spans."""
    width = plan.widths.get(column, _UNIT_WIDTH)
    if row in plan.headings and row + 1 in plan.headings and column > 2:
        return width * 4
    return width


def set_page(sheet: Any, form: Form, plan: Plan, period: Period) -> None:
    """Freezing, zoom, paper, repeated rows, header, footer, tab, protection without password."""
    from openpyxl.utils import get_column_letter

    head = max(plan.headings & set(range(_TOP_ROWS + 1, _TOP_ROWS + 4)), default=_TOP_ROWS)
    sheet.freeze_panes = f"{'A' if form.id == 'COVER' else 'C'}{head + 1}"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = style.tab_colour(form.id)
    width = sum(plan.widths.values())
    setup = sheet.page_setup
    setup.paperSize = sheet.PAPERSIZE_A4
    setup.orientation = "landscape" if width > _PORTRAIT_WIDTH else "portrait"
    setup.fitToWidth = 2 if width > _ONE_PAGE_WIDTH else 1
    setup.fitToHeight = 0 if form.tables else 1
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    repeat = form.tables[0].header_row if form.tables else 0
    sheet.print_title_rows = f"{repeat}:{repeat}" if repeat else f"1:{head}"
    if width > _ONE_PAGE_WIDTH:
        sheet.print_title_cols = f"A:{get_column_letter(2)}"
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom = 0.7, 0.65
    sheet.print_options.horizontalCentered = True
    _header_and_footer(sheet, form, period)
    protect(sheet)


def _header_and_footer(sheet: Any, form: Form, period: Period) -> None:
    for part, text in (
        (sheet.oddHeader.left, f"小微企业金融服务监管评价报送表　{period}"),
        (sheet.oddHeader.right, "&A"),
        (sheet.oddFooter.left, f"模板版本 {form.version}"),
        (sheet.oddFooter.right, "第 &P 页，共 &N 页"),
    ):
        part.text, part.size, part.font = text, 8, style.FONT


def protect(sheet: Any) -> None:
    """Lock what is not to be typed in, without a password: against slips, not against people."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
