"""The cover 封面: is this our template, of this version, and whose filing for which period?

Needs nothing but the cover sheet, because type, province and period decide which rulebook the
rest is read under. Whatever leaves that in doubt is refused, not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from supervise.core.layout import FormSet
from supervise.core.model import Bank
from supervise.core.period import Period
from supervise.errors import WorkbookUnreadable
from supervise.read.amounts import stored_number, typed_number
from supervise.read.labels import compare_labels
from supervise.read.raw import RawCell, RawSheet, RawWorkbook
from supervise.read.sheets import COVER, find_sheet
from supervise.read.text import clean, fold, half_width, shorten
from supervise.record import record

SHEET = "封面"
PERIOD_LABEL = "报告期"
LEVELS = {"法人": "legal_person", "一级分行": "tier1_branch"}
CODE_SYSTEMS = {"金融许可证机构编码": "licence", "统一社会信用代码": "uscc"}
_CODE = re.compile(r"[A-Z0-9]{4,20}")
_EXACT_DIGITS = 15
_CODE_LABELS = {"bank_code": "机构编码", "parent_code": "法人代码"}
_TEMPLATE_FIX = "用 supervise template 生成本期空白报送表，把数据填入后重新报送，不要增删行列。"


@record(kw_only=True)
class Cover:
    """What decides how the rest is read.

    Attributes:
        sequence: 1 for a first filing; 1 too where the cell cannot be read (a finding says so).
        form_version: Version of the template.
    """

    bank: Bank
    period: Period
    sequence: int
    reason: str
    form_version: str


def find_period(raw: RawWorkbook) -> Period:
    """The period on the cover, found by its label, before any form is chosen.

    Raises:
        WorkbookUnreadable: ``wrong_template`` without a cover or a label 报告期,
            ``wrong_period`` if what stands beside it is no period.
    """
    sheet = cover_sheet(raw)
    beside = beside_label(sheet, PERIOD_LABEL)
    if beside is not None:
        return _parse_period(beside.text, f"{raw.file} {sheet.name}!{beside.address}")
    raise _refuse(
        "wrong_template", "封面上找不到报告期", f"{raw.file} {sheet.name}", "封面有“报告期”一栏"
    )


def recognise(
    raw: RawWorkbook,
    forms: FormSet,
    *,
    bank_types: Mapping[str, str],
    provinces: Mapping[str, str],
    expected: Period | None = None,
) -> Cover:
    """Read who files what, or refuse.

    Args:
        raw: The workbook; its cover sheet is enough.
        forms: The forms of the period.
        bank_types: Chinese name of a bank type to its id.
        provinces: Chinese name of a province to its six-digit code.
        expected: The period that the caller collects; None: any.

    Raises:
        WorkbookUnreadable: ``wrong_template``, ``wrong_version``, ``wrong_period``,
            ``unknown_bank_type``, ``unknown_level``, ``unknown_province`` or ``bad_bank_code``.
    """
    page = _Page(raw, forms)
    version, period = page.version(), page.period(expected)
    return Cover(
        bank=_bank(page, bank_types, provinces),
        period=period,
        sequence=page.sequence(),
        reason=page.text("resubmission_reason"),
        form_version=version,
    )


def _bank(page: _Page, bank_types: Mapping[str, str], provinces: Mapping[str, str]) -> Bank:
    system = CODE_SYSTEMS.get(page.choice("code_system", CODE_SYSTEMS) or "", "")
    code = page.code("bank_code")
    level = LEVELS.get(page.known("level", LEVELS, "unknown_level", "机构层级"), "legal_person")
    has_parent = level == "tier1_branch" and page.text("parent_code")
    parent = page.code("parent_code") if has_parent else None
    kind = page.known("bank_type", bank_types, "unknown_bank_type", "机构类型")
    place = page.known("province", provinces, "unknown_province", "省份")
    page.refuse()
    return Bank(
        code=code,
        code_system=system or ("uscc" if len(code) == 18 else "licence"),
        name=page.text("bank_name"),
        type=bank_types[kind],
        level=level,
        parent=parent,
        province=provinces[place],
    )


class _Page:
    """The cover sheet with its cells by item.

    What says who files is read to its end before anything of it is refused: a bank that mends
    one cell is not to be sent back for the next.
    """

    def __init__(self, raw: RawWorkbook, forms: FormSet) -> None:
        self._sheet = cover_sheet(raw)
        self._file = raw.file
        form = forms.form(COVER)
        self._places = {placed.item: placed.address for placed in form.placed}
        self._expected_version = forms.version
        self._drift = compare_labels(form.labels, self._sheet)
        self._refusals: list[WorkbookUnreadable] = []

    def cell(self, name: str) -> RawCell | None:
        return self._sheet.cells.get(self._places.get(f"COVER_{name}", ""))

    def text(self, name: str) -> str:
        cell = self.cell(name)
        return clean(cell.text) if cell is not None and cell.kind != "error" else ""

    def where(self, name: str) -> str:
        address = self._places.get(f"COVER_{name}", "")
        return f"{self._file} {self._sheet.name}!{address}"

    def version(self) -> str:
        """The template's version, once the labels stand where they belong."""
        found = half_width(self.text("template_version"))
        if found.endswith(".0"):
            found = found[:-2]
        if found == self._expected_version and not self._drift.misplaced:
            return found
        if re.fullmatch(r"20[0-9]{2}[A-Za-z0-9.]*", found) and found != self._expected_version:
            raise _refuse(
                "wrong_version",
                f"报送表模板版本为“{shorten(found)}”",
                self.where("template_version"),
                f"本报告期适用的模板版本 {self._expected_version}",
            )
        what = "封面版式与模板不符"
        if self._drift.moved:
            what = f"封面自第 {self._drift.row} 行起{self._drift.how}"
        elif not self._drift.misplaced:
            what = f"模板版本一栏为“{shorten(found)}”"
        raise _refuse(
            "wrong_template",
            what,
            f"{self._file} {self._sheet.name}",
            f"{self._expected_version} 版报送表的封面，锁定文字和单元格位置未改动",
        )

    def period(self, expected: Period | None) -> Period:
        period = _parse_period(self.text("period"), self.where("period"))
        if expected is not None and period != expected:
            raise _refuse(
                "wrong_period", f"报告期为 {period}", self.where("period"), f"本次收取 {expected}"
            )
        return period

    def choice(self, name: str, known: Mapping[str, str]) -> str | None:
        word = fold(self.text(name))
        return next((text for text in known if fold(text) == word), None)

    def refuse(self) -> None:
        """Refuse for all that could not be read, if anything could not.

        Raises:
            WorkbookUnreadable: With the reason code of what stands first.
        """
        if self._refusals:
            raise _together(self._refusals, self._file)

    def known(self, name: str, known: Mapping[str, str], code: str, label: str) -> str:
        """The choice that stands in a cell; empty, and noted, if it is none of them."""
        found = self.choice(name, known)
        if found is None:
            refusal = _refuse(
                code,
                f"{label}“{shorten(self.text(name))}”不能识别",
                self.where(name),
                f"下拉列表中的一项：{'、'.join(known)}",
                fix=f"在该单元格的下拉列表中选择{label}。",
            )
            self._refusals.append(refusal)
        return found or ""

    def code(self, name: str) -> str:
        """A bank's code; noted, if it is none."""
        cell = self.cell(name)
        code = half_width(self.text(name)).upper()
        number = stored_number(code) if cell is not None and cell.kind == "number" else None
        digits_lost = number is not None and number.adjusted() >= _EXACT_DIGITS
        if digits_lost or _CODE.fullmatch(code) is None:
            label = _CODE_LABELS[name]
            refusal = _refuse(
                "bad_bank_code",
                f"{label}“{shorten(code)}”不能识别"
                + ("：按数字存储，末几位已丢失" if digits_lost else ""),
                self.where(name),
                "4 至 20 位大写字母或数字",
                fix="把该单元格设为文本格式，重新录入完整编码。",
            )
            self._refusals.append(refusal)
        return code

    def sequence(self) -> int:
        text = self.text("sequence")
        typed = typed_number(text)
        number = stored_number(text) or (typed.amount if typed else Decimal(1))
        whole = number == number.to_integral_value() and 1 <= number <= 999
        return int(number) if whole else 1


def cover_sheet(raw: RawWorkbook) -> RawSheet:
    """The cover.

    Raises:
        WorkbookUnreadable: ``wrong_template``: there is none.
    """
    sheet = find_sheet(raw, SHEET)
    if sheet is None:
        names = "、".join(shorten(sheet.name) for sheet in raw.sheets[:5])
        raise _refuse(
            "wrong_template", f"没有“{SHEET}”工作表（现有：{names}）", raw.file, "本项目的报送表"
        )
    return sheet


def beside_label(sheet: RawSheet, label: str) -> RawCell | None:
    """The first filled cell to the right of a label."""
    labels = (cell for cell in sheet.cells.values() if fold(cell.text).rstrip(":*") == label)
    return next((cell for each in labels if (cell := _right_of(sheet, each))), None)


def _right_of(sheet: RawSheet, label: RawCell) -> RawCell | None:
    row = (
        cell
        for cell in sheet.cells.values()
        if cell.row == label.row and cell.column > label.column and clean(cell.text)
    )
    return min(row, key=lambda cell: cell.column, default=None)


def _parse_period(text: str, where: str) -> Period:
    try:
        return Period.parse(half_width(text).upper())
    except ValueError:
        raise _refuse(
            "wrong_period", f"报告期“{shorten(text)}”不能识别", where, "形如 2026Q3 的年份和季度"
        ) from None


def _refuse(
    code: str, what: str, where: str, expected: str, *, fix: str = _TEMPLATE_FIX
) -> WorkbookUnreadable:
    return WorkbookUnreadable(what, where=where, expected=expected, fix=fix, code=code)


def _together(refusals: Sequence[WorkbookUnreadable], file: str) -> WorkbookUnreadable:
    """Several refusals as one, each part by part, under the reason code of the first."""
    first = refusals[0]
    if len(refusals) == 1:
        return first
    cells = "、".join(each.where.removeprefix(f"{file} ") for each in refusals)
    whats = "；".join(each.what for each in refusals)
    expected = "\n".join(f"{_spot(each)}：{each.expected}" for each in refusals)
    fix = "\n".join(f"{_spot(each)}：{each.fix}" for each in refusals)
    return _refuse(
        first.code,
        f"封面有 {len(refusals)} 处有误：{whats}",
        f"{file} {cells}",
        expected,
        fix=fix,
    )


def _spot(refusal: WorkbookUnreadable) -> str:
    """The address that a refusal is about."""
    return refusal.where.rpartition("!")[2]
