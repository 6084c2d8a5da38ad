"""The guidance sheet 填报说明, made from its notes and from what the forms say."""

from __future__ import annotations

from typing import Any

from supervise.core.layout import Form, FormSet
from supervise.core.period import Period
from supervise.write import sheet_style as style
from supervise.write.sheet_form import protect

_COLUMNS = {"A": 24.0, "B": 50.0, "C": 12.0, "D": 34.0}
_LAST = len(_COLUMNS)
_HEADINGS = "一二三四五六七八九十"
_SCALES = {1: "元", 10_000: "万元", 100_000_000: "亿元"}
_COLOURS = (
    (style.INPUT, "浅黄色：由填报人填写"),
    (style.TOTAL, "浅蓝色：由公式得出或由模板写定，已锁定"),
    (style.GREY, "灰色：该表未定义，不得填写"),
)
_SEVERITIES = (
    ("阻断", "数据自相矛盾或缺少必要信息", "改正之前不予评价，得分与等级均不给出。"),
    (
        "需说明",
        "多数情况下不应出现，但可能有合理原因",
        "改正，或在 XW8说明 中答复；未答复的影响报送质量得分。",
    ),
    ("提示", "值得再看一眼", "不影响受理和评分。"),
)


def draw_guide(sheet: Any, guide: Form, forms: FormSet, period: Period) -> None:
    """Write the guidance sheet on an empty worksheet."""
    painter = style.Painter()
    for letter, width in _COLUMNS.items():
        sheet.column_dimensions[letter].width = width
    _line(sheet, painter, 1, f"{guide.title}（{period}，模板版本 {forms.version}）", style.TITLE)
    sheet.row_dimensions[1].height = 32
    row = 2
    for note in guide.notes:
        row = _note(sheet, painter, row, note, forms)
    _page(sheet, guide)


def _note(sheet: Any, painter: style.Painter, row: int, note: str, forms: FormSet) -> int:
    """Write one note or the table it stands for; returns the next free row."""
    if note == "{sheets}":
        head = ("工作表", "内容", "金额单位", "空白单元格")
        lines = [_about(form) for form in forms.forms if form.placed or form.tables]
        return _block(sheet, painter, row, head, lines)
    if note == "{severities}":
        lines = [(name, what, "", then) for name, what, then in _SEVERITIES]
        return _block(sheet, painter, row, ("等级", "含义", "", "后果"), lines)
    if note == "{colours}":
        for colour, text in _COLOURS:
            painter.paint(sheet.cell(row, 1), style.Look(fill=colour))
            painter.paint(sheet.cell(row, 2, text), style.BODY)
            sheet.row_dimensions[row].height = 20
            row += 1
        return row
    heading = note[:1] in _HEADINGS and note[1:2] == "、"
    _line(sheet, painter, row, note, style.SECTION if heading else style.BODY)
    return row + 1


def _about(form: Form) -> tuple[str, str, str, str]:
    if form.id == "COVER":
        return form.sheet, form.title, "", "逐项填写，选填项见说明"
    blank = "空白即零" if form.blank == "zero" else "空白即未填，是零请填 0"
    return form.sheet, form.title, _SCALES.get(int(form.money_scale), ""), blank


def _line(sheet: Any, painter: style.Painter, row: int, text: str, look: style.Look) -> None:
    sheet.cell(row, 1, text)
    for column in range(1, _LAST + 1):
        painter.paint(sheet.cell(row, column), look)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=_LAST)
    lines = style.text_lines(text, sum(_COLUMNS.values()))
    sheet.row_dimensions[row].height = max(22.0, lines * 16.0 + 6)


def _block(
    sheet: Any,
    painter: style.Painter,
    row: int,
    head: tuple[str, ...],
    lines: list[tuple[str, str, str, str]],
) -> int:
    for number, line in enumerate((head, *lines)):
        look = style.HEAD if number == 0 else style.LABEL
        for column, text in enumerate(line, 1):
            painter.paint(sheet.cell(row, column, text or None), look)
        if not line[2]:
            sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=3)
        tall = max(
            style.text_lines(text, width)
            for text, width in zip(line, _COLUMNS.values(), strict=True)
        )
        sheet.row_dimensions[row].height = tall * 15.5 + 6
        row += 1
    return row


def _page(sheet: Any, guide: Form) -> None:
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = style.tab_colour(guide.id)
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    footer = sheet.oddFooter.right
    footer.text, footer.size, footer.font = "第 &P 页，共 &N 页", 8, style.FONT
    protect(sheet)
