"""First and last sheet of the judging workbook: how to fill it in, which figures there are."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

from supervise.core.judge_book import (
    GUIDE,
    ITEMS,
    PERIOD_LABEL,
    SHEETS,
    STAMP,
    STAMP_LABEL,
)
from supervise.core.period import Period
from supervise.record import record
from supervise.write import sheet_style as style
from supervise.write.sheet_form import protect

_WIDTHS = {"A": 18.0, "B": 92.0}
_HOW = (
    "浅黄色单元格由监管人员填写，其余由程序写定并锁定。不改的行留空；填了一格，该行须填全。",
    "导入：supervise judge import 本文件 --ledger 台账。先加 --dry-run 只检查。"
    "有任何一处不对，全部列出，一条也不登记。",
    "同一文件导入两次不重复登记；改过的评分、调整都留在台账里，以最后登记的为准。",
    "单元格里不写公式；可以从别处粘贴数值。行的次序可以变，工作表名和标题行不要改。",
    "生成本文件之后有了新的报送件、新的评分或新的评价，有关的行不予导入：重新生成后再填。",
    "评分和调整导入后，重新运行 supervise evaluate --ledger，才计入评价；"
    "复审及其后各环节，须在评分已计入的评价上登记。",
    "已归档的评价不再改动。",
)


@record
class Known:
    """A figure that may be corrected."""

    item: str
    name: str
    unit: str
    sheet: str
    cell: str


def draw_guide(book: Any, period: Period) -> None:
    """What the workbook is, how it is filled in, what each sheet is for."""
    sheet, painter = book.create_sheet(GUIDE), style.Painter()
    for letter, width in _WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    lines = [("", f"评分工作簿　{period}"), (STAMP_LABEL, STAMP), (PERIOD_LABEL, str(period))]
    lines += [("填写" if number == 0 else "", text) for number, text in enumerate(_HOW)]
    lines += [(plan.name, plan.note) for plan in SHEETS]
    lines.append((ITEMS, "可以调整的数值项：编号、单位、所在单元格。"))
    for number, (label, text) in enumerate(lines, 1):
        looks = (style.SECTION, style.BODY) if number > 1 else (style.TITLE, style.TITLE)
        for at, (words, look) in enumerate(zip((label, text), looks, strict=True), 1):
            cell = sheet.cell(number, at, words or None)
            painter.paint(cell, look, "@")
        tall = style.text_lines(text, _WIDTHS["B"] - 2)
        sheet.row_dimensions[number].height = max(22.0, tall * 15.5 + 6)
    _page(sheet, "portrait")


def draw_items(book: Any, items: Sequence[Known]) -> None:
    """Every figure that may be corrected, to be found by name or by cell."""
    sheet, painter = book.create_sheet(ITEMS), style.Painter()
    headings = (
        ("编号", 24.0),
        ("数据项", 52.0),
        ("单位", 10.0),
        ("工作表", 20.0),
        ("单元格", 10.0),
    )
    for at, (heading, width) in enumerate(headings, 1):
        cell = sheet.cell(1, at, heading)
        painter.paint(cell, style.HEAD, "@")
        sheet.column_dimensions[cell.column_letter].width = width
    for number, one in enumerate(items, 2):
        texts = (one.item, one.name, one.unit, one.sheet, one.cell)
        for at, text in enumerate(texts, 1):
            cell = sheet.cell(number, at, text)
            cell.data_type = "s"
            if (number, at) == (2, 1):
                painter.paint(cell, style.LABEL, "@")
            else:
                cell._style = copy(sheet["A2"]._style)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:E{len(items) + 1}"
    sheet.print_title_rows = "1:1"
    _page(sheet, "landscape")
    sheet.protection.autoFilter = False


def _page(sheet: Any, orientation: str) -> None:
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = style.TABS["GUIDE"]
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = orientation
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    protect(sheet)
