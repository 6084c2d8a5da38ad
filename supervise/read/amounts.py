"""Typed text to numbers and dates, exactly; None for whatever cannot be one.

Figures are rounded to 15 significant digits, all that a spreadsheet shows, so that the binary
residue in ``0.30000000000000004`` does not become a difference.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal

from supervise.read.text import half_width
from supervise.record import record

FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP)
ZERO = Decimal(0)
_LARGEST = 20
_SMALLEST = -30
_LONGEST = 60
_STORED = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_TYPED = re.compile(
    r"(?P<open>\()?(?P<sign>[+-]|负)?¥?"
    r"(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"
    r"(?P<power>[eE][+-]?[0-9]{1,3})?(?P<close>\))?\s*(?P<unit>[^0-9.,()\s]*)"
)
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?([T\s][0-9:.]+Z?)?")
_EIGHT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_LEAP_BUG = 60
_LAST_YEAR = 2100


@record
class Typed:
    """A number as a person wrote it: the amount, and the unit behind it, empty if none."""

    amount: Decimal
    unit: str


def stored_number(text: str) -> Decimal | None:
    """The number in a numeric cell; None if not finite or beyond any sum of money."""
    text = text.strip()
    if text.isdigit() and text.isascii() and len(text) < FIFTEEN.prec:
        return Decimal(text)
    return _bounded(Decimal(text)) if _STORED.fullmatch(text) else None


def typed_number(text: str) -> Typed | None:
    """The number in a text such as ``１,234.50``, ``(12.3)`` or ``12.3%``.

    Example:
        >>> typed_number("（1,234.50）万元")
        Typed(amount=Decimal('-1234.50'), unit='万元')
    """
    plain = half_width(text)
    match = _TYPED.fullmatch(plain) if len(plain) <= _LONGEST else None
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    if match["open"] and match["sign"]:
        return None
    amount = _bounded(Decimal(match["digits"].replace(",", "") + (match["power"] or "")))
    if amount is None:
        return None
    negative = match["open"] or match["sign"] in ("-", "负")
    return Typed(-amount if negative and amount else amount, match["unit"])


def _bounded(number: Decimal) -> Decimal | None:
    if not number or number.adjusted() < _SMALLEST:
        return ZERO
    if number.adjusted() > _LARGEST:
        return None
    return FIFTEEN.plus(number)


def typed_date(text: str) -> date | None:
    """The date in ``2026-10-12``, ``2026/10/12`` or ``2026年10月12日``, a time of day left out."""
    match = _DAY.fullmatch(half_width(text))
    return _day(match) if match else None


def packed_date(text: str) -> date | None:
    """The date in ``20261012``."""
    match = _EIGHT.fullmatch(half_width(text))
    return _day(match) if match else None


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def serial_date(serial: Decimal, date1904: bool) -> date | None:
    """The date of a serial number in the workbook's date system.

    None for a negative serial, for one before March 1900 in the 1900 system (its 29 February
    1900, serial 60, never was, and nothing before it is a date of banking) and after 2100.
    """
    days = int(serial)
    if serial < 0 or (not date1904 and days <= _LEAP_BUG) or days > 100_000:
        return None
    first = date(1904, 1, 1) if date1904 else date(1899, 12, 30)
    day = first + timedelta(days=days)
    return day if day.year <= _LAST_YEAR else None


def plain(number: Decimal) -> str:
    """The digits of ``number`` without exponent or trailing zeros."""
    return format(number.normalize(), "f") if number else "0"
