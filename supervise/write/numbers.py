"""How exact numbers are printed: amounts, percentages, points, periods, dates.

In: exact ``Fraction`` values in base units. Out: texts. Rounding is half up, for display only
(standing rule 9); where it would move a value onto or across a limit, more digits are shown.
Words of units come from the caller, so that a language is data.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Protocol

from supervise.core.exact import is_less
from supervise.core.period import Period

MOST_DIGITS = 12
_SCALES = {"ratio": 100, "pp": 100}
_DIGITS = {
    "ratio": 2,
    "pp": 2,
    "bp": 2,
    "yuan": 2,
    "count": 0,
    "days": 1,
    "points": 2,
}


class Words(Protocol):
    """Strict lookup of wordings: a dotted key to a text with its names filled in."""

    @property
    def lang(self) -> str:
        """Language tag of a document in this language, e.g. ``zh-CN``."""
        ...

    def __call__(self, key: str, /, **names: object) -> str:
        """The wording under ``key``; a missing key is an error."""
        ...

    def has(self, key: str) -> bool:
        """Whether there is such a wording."""
        ...


def round_half_up(value: Fraction, digits: int) -> Fraction:
    """Round to ``digits`` decimals, halves away from zero.

    Example:
        >>> round_half_up(Fraction(25, 1000), 2)
        Fraction(3, 100)
    """
    return Fraction(_last_digits(value, digits), 10**digits)


def _last_digits(value: Fraction, digits: int) -> int:
    """How many units of the last of ``digits`` decimals a value is, halves away from zero."""
    above, below = value.as_integer_ratio()
    whole: int = (abs(above) * 10**digits * 2 + below) // (below * 2)
    return whole if above >= 0 else -whole


def format_fixed(value: Fraction, digits: int) -> str:
    """Fixed decimals, thousands separated by commas, half up.

    Example:
        >>> format_fixed(Fraction("1234.565"), 2)
        '1,234.57'
    """
    rounded = _last_digits(value, digits)
    whole, rest = divmod(abs(rounded), 10**digits)
    text = f"{whole:,}" + (f".{rest:0{digits}d}" if digits else "")
    return f"-{text}" if rounded < 0 else text


def format_near(value: Fraction, limits: Fraction | Iterable[Fraction], digits: int = 2) -> str:
    """Fixed decimals, and as many more as keep ``value`` visibly on its side of each limit.

    Args:
        value: What is printed, already in the printed unit.
        limits: One limit or several, in the same unit.
        digits: Usual number of decimals.

    Example:
        >>> format_near(Fraction("9.9996"), Fraction(10))
        '9.9996'
        >>> format_near(Fraction(10), Fraction(10))
        '10.00'
    """
    all_limits = (limits,) if isinstance(limits, Fraction) else tuple(limits)
    while digits < MOST_DIGITS and any(_crosses(value, limit, digits) for limit in all_limits):
        digits += 1
    return format_fixed(value, digits)


def _crosses(value: Fraction, limit: Fraction, digits: int) -> bool:
    if value == limit:
        return False
    shown, bound = _last_digits(value, digits), _last_digits(limit, digits)
    return (shown < bound) != is_less(value, limit) or shown == bound


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".")


class Numbers:
    """Prints values in their units with the words of one language.

    Args:
        words: Wordings; ``units.*`` is used.
    """

    def __init__(self, words: Words) -> None:
        self._words = words
        self._large = int(words("units.yi_yuan_step"))
        self._small = int(words("units.wan_yuan_step"))

    def value(self, value: Fraction | None, unit: str, *, near: Fraction | None = None) -> str:
        """A value with its unit, an em dash for none.

        Args:
            value: In base units: 0.03 for 3 个百分点, 元 for amounts.
            unit: A unit of the law or of a form.
            near: Limit that it is compared with, in base units.
        """
        if value is None:
            return "—"
        if unit == "flag":
            return self._words("units.yes" if value else "units.no")
        if unit == "yuan":
            return self.money(value, near=near)
        limits = () if near is None else (near * _SCALES.get(unit, 1),)
        return self._words(
            f"units.{unit}", n=self._plain(value * _SCALES.get(unit, 1), unit, limits)
        )

    def range(self, low: Fraction, high: Fraction, unit: str) -> str:
        """Two values with their unit said once, ``27.60–29.78%``; amounts each with its own."""
        if unit not in _DIGITS or unit == "yuan":
            return f"{self.value(low, unit)}–{self.value(high, unit)}"
        factor = _SCALES.get(unit, 1)
        ends = (self._plain(value * factor, unit, ()) for value in (low, high))
        return self._words(f"units.{unit}", n="–".join(ends))

    @staticmethod
    def _plain(value: Fraction, unit: str, limits: tuple[Fraction, ...]) -> str:
        digits = _DIGITS.get(unit, 2)
        if unit in ("bp", "count", "days") and value.denominator == 1:
            digits = 0
        elif unit == "count":
            digits = 2
        return format_near(value, limits, digits)

    def money(self, value: Fraction, *, near: Fraction | None = None) -> str:
        """An amount in the larger unit of the language (亿元), below one of it in the smaller."""
        scale, word = self._money_unit(value)
        limits = () if near is None else (near / scale,)
        return self._words(word, n=format_near(value / scale, limits, 2 if scale > 1 else 0))

    def _money_unit(self, value: Fraction) -> tuple[int, str]:
        """Yuan to the unit, and its wording."""
        large = abs(value) >= self._large
        return (self._large, "units.yi_yuan") if large else (self._small, "units.wan_yuan")

    def points(self, value: Fraction | None, limits: Iterable[Fraction] = ()) -> str:
        """Points without a unit, an em dash for none."""
        return "—" if value is None else format_near(value, limits, 2)

    def short(self, value: Fraction | None) -> str:
        """A maximum or a limit with no more decimals than it has (at most two)."""
        if value is None:
            return "—"
        return _trimmed(format_fixed(value, 2))

    def limit(self, value: Fraction | None, unit: str) -> str:
        """A limit of the law with its unit and no padding zeros."""
        if value is None:
            return "—"
        if unit == "flag":
            return self.value(value, unit)
        if unit == "yuan":
            scale, word = self._money_unit(value)
            return self._words(word, n=_trimmed(format_fixed(value / scale, 2)))
        return self._words(f"units.{unit}", n=self.short(value * _SCALES.get(unit, 1)))

    def points_change(self, change: Fraction) -> str:
        """By how many points a score moved, with its sign; never a sign before nothing."""
        if not change:
            return self.points(change)
        sign = "+" if change > 0 else "−"
        return f"{sign}{self.points(abs(change))}"

    def period(self, period: Period) -> str:
        """``2026年三季度``."""
        quarter = self._words(f"units.quarter_{period.quarter}")
        return self._words("units.period", year=period.year, quarter=quarter)

    def day(self, day: date) -> str:
        """``2026年9月30日``."""
        return self._words("units.date", year=day.year, month=day.month, day=day.day)
