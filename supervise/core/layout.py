"""Nouns of a form: what a datum means (``Item``) and where it sits (``Form``).

Items outlive form versions; a form is one version's layout of one sheet. Formulas name items,
never cells. Pure values: ``read/forms.py`` fills them from ``supervise/forms/``.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from supervise.core.derived import Gathered, Laid
from supervise.record import record

ItemUnit = Literal[
    "yuan", "ratio", "bp", "count", "days", "points", "flag", "date", "text", "choice"
]
AsOf = Literal["now", "year_start", "year_ago", "last_year"]

BANNER = "A2"
"""Address, on every sheet but the cover, of the line that shows bank and period: no datum."""


@record
class Item:
    """What a datum means 数据项.

    Attributes:
        id: ``[A-Za-z_][A-Za-z0-9_]*``, never reused.
        name: Chinese name as on the form.
        unit: Base unit of its value; ``yuan``, ``ratio``, ``bp``, ``count``, ``days`` and
            ``points`` are numbers.
        signed: Whether a negative figure can be right.
        choices: Allowed texts when ``unit`` is ``choice``.
        of: For a comparative, the item it is the earlier value of.
        as_of: For a comparative, when: ``year_start``, ``year_ago`` or ``last_year``.
        code: The real 1104 code, only for a real 1104 line.
        required: Whether leaving it blank is a fault of the filing.
        what: One sentence of definition for people.
    """

    id: str
    name: str
    unit: ItemUnit
    signed: bool = False
    choices: tuple[str, ...] = ()
    of: str = ""
    as_of: AsOf = "now"
    code: str = ""
    required: bool = True
    what: str = ""


ONE = Fraction(1)
TEN_THOUSAND = Fraction(10_000)
NUMERIC: frozenset[str] = frozenset({"yuan", "ratio", "bp", "count", "days", "points"})


@record
class Placed:
    """An item at its place on a sheet.

    Attributes:
        address: Cell such as ``C14``.
        kind: ``input``; ``total`` (written as ``formula``, still the bank's figure when read);
            ``reference`` (locked, shows another cell); ``fixed`` (locked text ``formula``).
        formula: Spreadsheet formula without ``=`` for ``total`` and ``reference``, the text for
            ``fixed``.
    """

    item: str
    address: str
    kind: Literal["input", "total", "reference", "fixed"] = "input"
    formula: str = ""


@record
class OpenTable:
    """Repeated rows on a sheet 可变行表, one per branch for example.

    Attributes:
        columns: Column letter to item id, in sheet order.
        key: The item whose cell names the row.
        first_row: First data row; rows are read until the sheet ends, all-blank rows skipped.
        template_rows: How many formatted rows the blank workbook offers.
    """

    id: str
    name: str
    header_row: int
    first_row: int
    template_rows: int
    columns: Mapping[str, str]
    key: str


@record
class Form(Laid):
    """One sheet in one version 表.

    Attributes:
        id: ``S71_I``, ``XW2``, ``COVER``.
        sheet: Name of the worksheet.
        version: ``2025``.
        money_scale: 元 per unit typed: 10000 for 万元.
        blank: ``zero`` 空白即零 or ``missing`` 空白即未填.
        labels: Address to text of every locked label, row labels and headings alike.
        placed: Every item with its cell.
        undefined: Grey locked addresses that the form does not define.
        tables: Open tables on the sheet.
        status_item: Item on the cover that says 正常 / 零报送 / 不适用; empty for the cover.
    """

    id: str
    sheet: str
    title: str
    version: str
    money_scale: Decimal
    blank: Literal["zero", "missing"]
    labels: Mapping[str, str]
    placed: tuple[Placed, ...]
    undefined: tuple[str, ...] = ()
    tables: tuple[OpenTable, ...] = ()
    status_item: str = ""
    notes: tuple[str, ...] = ()


@record
class FormSet(Gathered):
    """All forms in force for a period, and every item they place.

    Attributes:
        bases: ``(item, as_of)`` to the comparative item that carries it.
        columns: Item id of an open-table column to its table's id.
    """

    version: str
    forms: tuple[Form, ...]
    items: Mapping[str, Item]
    bases: Mapping[tuple[str, str], str]
    columns: Mapping[str, str]

    def form(self, form_id: str) -> Form:
        """The form of that id.

        Raises:
            KeyError: No such form.
        """
        for form in self.forms:
            if form.id == form_id:
                return form
        raise KeyError(form_id)

    def scale(self, unit: str, sheet: str) -> Fraction:
        """Base units per unit typed: 元 for an amount, which counts in 万元 on no sheet; else 1."""
        if unit != "yuan":
            return ONE
        for form in self.forms:
            if form.sheet == sheet:
                return Fraction(form.money_scale)
        return TEN_THOUSAND
