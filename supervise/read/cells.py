"""One raw cell read as one item: typed value, state, and what had to be said about it.

Nothing is guessed in silence: a reading that needed an interpretation carries a remark, and a
content that allows two readings is ``invalid``.
"""

from __future__ import annotations

import re
from decimal import Decimal

from supervise.core.layout import NUMERIC, Item
from supervise.core.model import FactState, Value
from supervise.read import findings as f
from supervise.read.amounts import (
    ZERO,
    Typed,
    packed_date,
    plain,
    serial_date,
    stored_number,
    typed_date,
    typed_number,
)
from supervise.read.findings import Remark
from supervise.read.ordinary import ordinary_figure
from supervise.read.raw import RawCell
from supervise.read.text import NOT_APPLICABLE, clean, fold, half_width, shorten
from supervise.record import record

ONE = Decimal(1)
_CENT = Decimal("0.01")
_RESIDUE = Decimal("0.000001")
_EXTERNAL = re.compile(r"\[[0-9]+\]|\[[^\]]+\.xl\w+\]", re.IGNORECASE)
_PICTURE = re.compile(r"=?(_xlfn\.)?DISPIMG\(", re.IGNORECASE)
_ENDLESS = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?")
_ERRORS = frozenset({"#REF!", "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#VALUE!"})
_YES = frozenset({"y", "yes", "true", "√", "✓", "✔", "对", "1"})
_NO = frozenset({"n", "no", "false", "×", "✗", "✘", "x", "0"})
_MONEY = {"元": ONE, "万": Decimal(10_000), "万元": Decimal(10_000)}
_MONEY |= {"亿": Decimal(100_000_000), "亿元": Decimal(100_000_000)}
_UNITS: dict[str, dict[str, Decimal]] = {
    "yuan": _MONEY,
    "ratio": {"%": _CENT, "‰": Decimal("0.001")},
    "bp": dict.fromkeys(("bp", "个bp", "基点", "个基点"), ONE),
    "count": dict.fromkeys(("户", "笔", "家", "个", "人", "人次", "次", "件"), ONE),
    "days": dict.fromkeys(("天", "日", "个工作日", "工作日"), ONE),
    "points": {"分": ONE},
}
_SHOWN_UNIT = {"bp": " BP", "days": " 天", "points": " 分"}
_MONEY_NAME = {1: "元", 10_000: "万元", 100_000_000: "亿元"}


@record
class Manner:
    """How a sheet wants its cells read.

    Attributes:
        money_scale: 元 per unit typed.
        blank_is_zero: A blank number means zero.
        date1904: The workbook counts days from 1904.
    """

    money_scale: Decimal = ONE
    blank_is_zero: bool = False
    date1904: bool = False


@record
class Reading:
    """What one cell says."""

    state: FactState
    value: Value | None = None
    text: str = ""
    remarks: tuple[Remark, ...] = ()


def is_blank(cell: RawCell | None) -> bool:
    """Nothing stands there: no text, and no formula waiting to be calculated."""
    if cell is None:
        return True
    return not clean(cell.text) and (cell.kind != "none" or cell.formula is None)


def has_data(cell: RawCell | None) -> bool:
    """Something stands there other than zero, a dash, 不适用 or an uncalculated formula."""
    if cell is None or not clean(cell.text):
        return False
    if cell.kind == "number":
        return stored_number(cell.text) != ZERO
    return fold(cell.text) not in (NOT_APPLICABLE, "-", "—", "/")


def read_cell(cell: RawCell | None, item: Item, manner: Manner) -> Reading:
    """Read ``cell`` as ``item``; amounts come back in base units."""
    if cell is None:
        return _blank(item, manner)
    figure = ordinary_figure(cell, item.unit, manner.money_scale)
    if figure is not None:
        return Reading("given", figure, cell.text.strip(), ())
    return read_closely(cell, item, manner)


def read_closely(cell: RawCell, item: Item, manner: Manner) -> Reading:
    """``read_cell`` of a cell that may hold anything."""
    text = clean(cell.text)
    if not text and is_blank(cell):
        return _blank(item, manner)
    fault = _obstacle(cell)
    if fault is not None:
        return Reading("invalid", None, text, (fault,))
    if _not_applicable(cell, text) and NOT_APPLICABLE not in item.choices:
        return Reading("not_applicable", None, text)
    value, remarks = _typed(cell, item, manner)
    if cell.formula is not None and _EXTERNAL.search(cell.formula):
        remarks = (*remarks, Remark(f.EXTERNAL_LINK, {"text": cell.formula}))
    return Reading("invalid" if value is None else "given", value, text, remarks)


def _not_applicable(cell: RawCell, text: str) -> bool:
    return cell.kind == "text" and fold(text) == NOT_APPLICABLE


def shown(value: Decimal, item: Item, manner: Manner) -> str:
    """A number as the bank sees it on its sheet, with its unit."""
    if item.unit == "ratio":
        return f"{plain(value * 100)}%"
    if item.unit == "yuan":
        name = _MONEY_NAME.get(int(manner.money_scale), "元")
        return f"{plain(value / manner.money_scale)} {name}"
    return plain(value) + _SHOWN_UNIT.get(item.unit, "")


def _blank(item: Item, manner: Manner) -> Reading:
    if manner.blank_is_zero and item.unit in NUMERIC:
        return Reading("zero", ZERO)
    return Reading("blank")


def _obstacle(cell: RawCell) -> Remark | None:
    shown_text = {"text": cell.text or f"={cell.formula}"}
    if _PICTURE.match(cell.formula or cell.text):
        return Remark(f.PICTURE, shown_text)
    if cell.kind == "error" or (cell.kind == "text" and cell.text.strip() in _ERRORS):
        return Remark(f.ERROR_VALUE, shown_text)
    if cell.kind == "none":
        return Remark(f.NEVER_CALCULATED, shown_text)
    return None


_Result = tuple[Value | None, tuple[Remark, ...]]


def _typed(cell: RawCell, item: Item, manner: Manner) -> _Result:
    if item.unit in NUMERIC:
        return _number(cell, item, manner)
    if item.unit == "date":
        return _date(cell, manner)
    if item.unit == "flag":
        return _flag(cell)
    if item.unit == "choice":
        return _choice(cell, item)
    return _words(cell, manner), ()


def _fail(check: str, cell: RawCell, **words: str) -> _Result:
    return None, (Remark(check, {"text": cell.text, **words}),)


def _number(cell: RawCell, item: Item, manner: Manner) -> _Result:
    if cell.kind == "date" or (cell.kind == "number" and cell.is_date):
        return _fail(f.DATE_FOR_NUMBER, cell, text=_day_shown(cell, manner))
    if cell.kind == "number":
        amount = stored_number(cell.text)
        if amount is None:
            return _fail(f.OUT_OF_RANGE, cell)
        scale = manner.money_scale if item.unit == "yuan" else ONE
        return _judged(cell, item, manner, amount * scale)
    typed = typed_number(cell.text) if cell.kind == "text" else None
    return (
        _fail(_why_no_number(cell), cell)
        if typed is None
        else _text_number(cell, item, manner, typed)
    )


def _day_shown(cell: RawCell, manner: Manner) -> str:
    """What the bank sees in a cell with the format of a date; stored is a count of days."""
    serial = stored_number(cell.text) if cell.kind == "number" else None
    day = None if serial is None else serial_date(serial, manner.date1904)
    return cell.text if day is None else day.isoformat()


def _why_no_number(cell: RawCell) -> str:
    if typed_date(cell.text):
        return f.DATE_FOR_NUMBER
    return f.OUT_OF_RANGE if _ENDLESS.fullmatch(half_width(cell.text)) else f.NOT_A_NUMBER


def _text_number(cell: RawCell, item: Item, manner: Manner, typed: Typed) -> _Result:
    if item.unit == "ratio" and not typed.unit and typed.amount:
        digits = plain(typed.amount)
        return _fail(f.RATIO_WITHOUT_PERCENT, cell, value=f"{digits}%")
    scale = _UNITS[item.unit].get(typed.unit.casefold())
    if not typed.unit:
        scale = manner.money_scale if item.unit == "yuan" else ONE
    if scale is None:
        return _fail(f.NOT_A_NUMBER, cell)
    value, remarks = _judged(cell, item, manner, typed.amount * scale)
    if isinstance(value, Decimal):
        said = {"text": cell.text, "value": shown(value, item, manner)}
        remarks = (Remark(f.NUMBER_AS_TEXT, said), *remarks)
    return value, remarks


def _judged(cell: RawCell, item: Item, manner: Manner, value: Decimal) -> _Result:
    check = ""
    if item.unit == "count" and value != value.to_integral_value():
        check = f.NOT_WHOLE
    elif _format_disagrees(cell, item, value):
        check = f.FORMAT_DISAGREES
    elif item.unit == "yuan" and _too_precise(value / manner.money_scale):
        check = f.TOO_PRECISE
    if not check:
        return value, ()
    said = {"text": cell.text, "value": shown(value, item, manner)}
    return None if check == f.NOT_WHOLE else value, (Remark(check, said),)


def _too_precise(typed: Decimal) -> bool:
    return abs(typed - typed.quantize(_CENT)) > _RESIDUE


def _format_disagrees(cell: RawCell, item: Item, value: Decimal) -> bool:
    if cell.kind != "number" or not value:
        return False
    if item.unit == "ratio":
        return not cell.is_percent and abs(value) > 1
    return cell.is_percent


def _date(cell: RawCell, manner: Manner) -> _Result:
    packed = packed_date(cell.text)
    if packed is not None:
        return packed, (Remark(f.DATE_GUESSED, _said(cell, packed.isoformat())),)
    if cell.kind != "number":
        day = typed_date(cell.text)
        return (day, ()) if day else _fail(f.NOT_A_DATE, cell)
    serial = stored_number(cell.text)
    day = None if serial is None else serial_date(serial, manner.date1904)
    if day is None:
        return _fail(f.NOT_A_DATE, cell)
    return day, () if cell.is_date else (Remark(f.DATE_GUESSED, _said(cell, day.isoformat())),)


def _said(cell: RawCell, value: str) -> dict[str, str]:
    return {"text": cell.text, "value": value}


def _flag(cell: RawCell) -> _Result:
    word = fold(cell.text)
    if word in ("是", "否"):
        return word == "是", ()
    if word not in _YES | _NO:
        return _fail(f.NOT_A_FLAG, cell)
    yes = word in _YES
    return yes, (Remark(f.FLAG_TOLERATED, _said(cell, "是" if yes else "否")),)


def _choice(cell: RawCell, item: Item) -> _Result:
    word = fold(cell.text)
    for choice in item.choices:
        if fold(choice) == word:
            return choice, ()
    return _fail(f.NOT_A_CHOICE, cell, expected="、".join(shorten(c) for c in item.choices))


def _words(cell: RawCell, manner: Manner) -> str:
    number = stored_number(cell.text) if cell.kind == "number" else None
    if number is None:
        return clean(cell.text)
    day = serial_date(number, manner.date1904) if cell.is_date else None
    return day.isoformat() if day else plain(number)
