"""Ordinary figures: numeric cells that leave nothing to remark on, which nearly all of them are.

They are told from all others at a glance, for there are some hundred in every workbook; whatever
is not plainly ordinary is looked at by ``cells.py``, which reads the same figure from it.
"""

from __future__ import annotations

import re
from decimal import Decimal

from supervise.core.layout import NUMERIC
from supervise.read.amounts import ZERO, stored_number
from supervise.read.raw import RawCell

_CENT = Decimal("0.01")
_CALLING = frozenset("[(")
"""A formula without either refers to no other workbook and shows no picture."""

_FEW_DIGITS = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?")


def ordinary_figure(cell: RawCell, unit: str, scale: Decimal) -> Decimal | None:
    """The figure in a cell; None: look closer.

    Args:
        cell: The cell.
        unit: Unit of the item.
        scale: 元 per unit typed.

    Returns:
        Base units.
    """
    _, _, _, text, kind, _, is_date, is_percent, formula, _ = cell
    if kind != "number" or is_date or is_percent != (unit == "ratio") or unit not in NUMERIC:
        return None
    if formula is not None and not _CALLING.isdisjoint(formula):
        return None
    short = _FEW_DIGITS.fullmatch(text)
    figure = stored_number(text) if short is None else Decimal(text) or ZERO
    if figure is None or unit not in ("yuan", "count"):
        return figure
    if unit == "count":
        return None if short is None or short[1] else figure
    return figure * scale if short is not None or figure == figure.quantize(_CENT) else None
