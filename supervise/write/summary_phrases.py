"""Phrases that several sections of a regional summary use: points, shares, changes, law."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from supervise.core.law import Unit
from supervise.core.model import Basis
from supervise.core.region.region import Region
from supervise.record import record
from supervise.write.citing import cited
from supervise.write.numbers import Numbers, Words, format_fixed, format_near, round_half_up

_MINUS = "\u2212"
_DASH = "—"


@record
class Plot:
    """Extremes, quartiles and median of a group on an axis; places in per cent of its width.

    An empty text is a place that there is none of.
    """

    least: str
    lower: str
    median: str
    upper: str
    most: str
    width: str
    inner: str


class RegionPhrases:
    """What every section needs to say the same things in the same words.

    Args:
        region: What is being told.
        words: Wordings of the document's language.
    """

    def __init__(self, region: Region, words: Words) -> None:
        self.region = region
        self.words = words
        self.numbers = Numbers(words)
        self.limits = tuple(band.at_least for band in region.law.bands)

    def say(self, key: str, /, **names: object) -> str:
        """A wording of the section ``summary``."""
        return self.words(f"summary.{key}", **names)

    @property
    def kind(self) -> str:
        """``annual`` or ``monitoring``; without a period nothing may look like a grade."""
        return self.region.period.kind if self.region.period else "monitoring"

    @property
    def period(self) -> str:
        """``2026年三季度``, or that no file told one."""
        known = self.region.period
        return self.numbers.period(known) if known else self.say("no_period")

    @property
    def level(self) -> str:
        """Of whom distribution and groups are: 法人机构 or 一级分行."""
        return self.say(f"level.{self.region.level}")

    def points(self, value: Fraction | None, beside: Iterable[Fraction] = ()) -> str:
        """Points on their side of each grade limit, and of the totals ``beside`` them."""
        return self.numbers.points(value, (*self.limits, *beside))

    def signed(self, value: Fraction | None) -> str:
        """A change with its sign; a dash for none."""
        if value is None:
            return _DASH
        text = format_near(abs(value), Fraction(0))
        return f"{'+' if value > 0 else _MINUS if value < 0 else ''}{text}"

    def percent(self, n: int, of: int) -> str:
        """``n`` of ``of`` in whole per cent, never 0 or 100 unless it is; a dash of none."""
        if of == 0:
            return _DASH
        share = format_near(Fraction(n * 100, of), (Fraction(0), Fraction(100)), 0)
        return self.words("units.ratio", n=share)

    def value(self, value: Fraction | None, unit: Unit) -> str:
        """A value of an indicator with its unit."""
        return self.numbers.value(value, unit)

    def middle(self, value: Fraction | None, unit: Unit) -> str:
        """A median or quartile with its unit; of counts to whole ones."""
        if unit == "count" and value is not None:
            value = round_half_up(value, 0)
        return self.numbers.value(value, unit)

    def bare(self, value: Fraction | None, unit: Unit) -> str:
        """The same for a table whose head names 个百分点 or BP."""
        if unit not in ("pp", "bp") or value is None:
            return self.middle(value, unit)
        return format_fixed(value * (100 if unit == "pp" else 1), 2)

    def basis(self, basis: Basis) -> str:
        """An instrument and its article, shortened to its number when it has one."""
        law = self.region.law
        return cited(basis, law.sources, law.articles, self.words)

    def listed(
        self, names: Iterable[str], most: int = 3, between: str = "report.list_comma"
    ) -> str:
        """Names one after another, at most so many; more are counted."""
        known = list(names)
        shown = self.words(between).join(known[:most])
        if len(known) <= most:
            return shown
        return self.words("report.and_more", names=shown, n=len(known))

    def grade(self, grade: str) -> str:
        """Label of a grade; 未定档 for none."""
        labels = {band.id: band.label for band in self.region.law.bands}
        return labels.get(grade) or self.say("ungraded")


def place(value: Fraction, low: Fraction, high: Fraction) -> Fraction:
    """Place on an axis in per cent, inside it; the middle of an axis without length."""
    if high <= low:
        return Fraction(50)
    return min(max((value - low) / (high - low) * 100, Fraction(0)), Fraction(100))


def shown(value: Fraction) -> str:
    """A place or a length for a drawing."""
    return format_fixed(value, 2).replace(",", "")
