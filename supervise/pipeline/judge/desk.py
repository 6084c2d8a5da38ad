"""A supervisor's desk: of each bank the filing that stands, its evaluation, what the ledger says.

The judging workbook is made of it, and what comes back is held against it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from supervise.core.exact import bare
from supervise.core.law import Curve, Indicator, PartLaw, Rulebook
from supervise.core.layout import NUMERIC, FormSet, Item, Placed
from supervise.core.period import Period
from supervise.core.procedure import Step
from supervise.pipeline.ledger.marks import NOTHING_SAID, Said, all_said
from supervise.read.cells import Manner
from supervise.read.rulebook import read_law
from supervise.record import record
from supervise.settings import Settings
from supervise.write.document_indicator import decimal_text

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.later_records import Adjusted, Judged
    from supervise.ledger.ledger import Ledger
    from supervise.ledger.records import Evaluated
    from supervise.ledger.standing import Standing

LAPSED = "已失效"
"""Of a correction: the figure was filed anew, otherwise than it was corrected."""


@record
class JudgedPart:
    """A qualitative part that a supervisor marks."""

    indicator: Indicator
    part: PartLaw
    curve: Curve

    @property
    def id(self) -> str:
        """``indicator.part``."""
        return f"{self.indicator.id}.{self.part.id}"


@record
class PlacedFigure:
    """A figure that may be corrected, with its place and the sheet's unit."""

    item: Item
    sheet: str
    address: str
    manner: Manner

    def shown(self, value: Fraction | None) -> str:
        """A value as it stands on the bank's sheet; empty: none."""
        if value is None:
            return ""
        if self.item.unit == "ratio":
            return f"{decimal_text(value * 100)}%"
        scale = Fraction(self.manner.money_scale) if self.item.unit == "yuan" else Fraction(1)
        return decimal_text(value / scale) or ""


class BankFile:
    """One bank whose filing was evaluated.

    Args:
        stands: The filing that stands.
        evaluation: Its latest evaluation.
        said: What the ledger says beside it.
        law: What it was judged by.
        packed: Its evaluation document.
    """

    def __init__(
        self,
        stands: Standing,
        evaluation: Evaluated,
        said: Said,
        law: Rulebook,
        packed: bytes,
    ) -> None:
        self.stands = stands
        self.evaluation = evaluation
        self.said = said
        self.law = law
        self._packed = packed

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """Its evaluation document."""
        found: Mapping[str, Any] = json.loads(self._packed)
        return found

    @property
    def steps(self) -> tuple[Step, ...]:
        """Stages that were signed over evaluations of this filing."""
        return self.said.steps_of(self.stands.filed.sha256)

    @cached_property
    def parts(self) -> Mapping[str, JudgedPart]:
        """Every qualitative part that applies to this bank, by id."""
        applying = {
            f"{i['id']}.{p['id']}"
            for i in self.document["indicators"]
            if i["applicability"] == "applies"
            for p in i["parts"]
            if p["applies"]
        }
        found = {one.id: one for one in judged_parts(self.law, self.stands.filed.level)}
        return {name: one for name, one in found.items() if name in applying}

    @cached_property
    def judged(self) -> Mapping[str, Judged]:
        """The latest mark of each part, withdrawn ones too."""
        return {f"{one.indicator}.{one.part}": one for one in self.said.judged}

    @cached_property
    def adjusted(self) -> Mapping[str, Adjusted]:
        """The latest correction of each figure, withdrawn ones too."""
        return {one.item: one for one in self.said.adjusted}

    def filed(self, item: str) -> Fraction | None:
        """A figure as it was filed, whatever it was corrected to."""
        for one in self.document["adjustments"]:
            if one["item"] == item:
                return None if one["filed"] is None else Fraction(one["filed"])
        text = self.document["facts"].get(item)
        return None if text is None else Fraction(text)

    def mark(self, part: str) -> str:
        """The mark in force, as the workbook shows it; empty: none."""
        one = self.judged.get(part)
        return "" if one is None or one.points is None else figure_text(one.points)

    def correction(self, figure: PlacedFigure) -> str:
        """The correction in force, as the workbook shows it; empty: none."""
        one = self.adjusted.get(figure.item.id)
        if one is None or one.adjusted is None:
            return ""
        known = None if one.filed is None else Fraction(one.filed)
        if decimal_text(known) != decimal_text(self.filed(figure.item.id)):
            return LAPSED
        return figure.shown(Fraction(one.adjusted))


class Desk:
    """All banks of a period, as the ledger has them.

    Args:
        ledger: Where to look.
        period: Of the evaluations.
        settings: Names the office's overlay.

    Raises:
        RulebookError: The law is wrong.
    """

    def __init__(self, ledger: Ledger, period: Period, settings: Settings) -> None:
        self.period = period
        self.ledger = ledger
        self.standing = ledger.all_standing(str(period))
        self._said = all_said(ledger, str(period))
        self._law = read_law(settings.overlay)
        self._files: dict[str, BankFile | None] = {}

    def file(self, bank: str) -> BankFile | None:
        """What is known of a bank; None if it did not file, or was not evaluated yet."""
        if bank not in self._files:
            self._files[bank] = self._opened(bank)
        return self._files[bank]

    def _opened(self, bank: str) -> BankFile | None:
        stands = self.standing.get(bank)
        if stands is None or stands.evaluation is None:
            return None
        filed = stands.filed
        law = self._law.rulebook(self.period, filed.bank_type, filed.province)
        packed = self.ledger.document(stands) or b"{}"
        return BankFile(stands, stands.evaluation, self._said.get(bank, NOTHING_SAID), law, packed)

    @cached_property
    def forms(self) -> FormSet:
        """The forms of the period."""
        return self._law.forms(self.period)

    @cached_property
    def figures(self) -> Mapping[str, PlacedFigure]:
        """Every figure that may be corrected, by item."""
        return {one.item.id: one for one in placed_figures(self.forms)}


def judged_parts(law: Rulebook, level: str) -> Iterator[JudgedPart]:
    """Qualitative parts that the law lets a supervisor mark for banks of a level."""
    for indicator in law.indicators:
        if level in indicator.levels:
            for part in indicator.parts:
                if part.judged and part.curve is not None:
                    yield JudgedPart(indicator, part, part.curve)


def placed_figures(forms: FormSet) -> Iterator[PlacedFigure]:
    """Figures with a cell of their own, in the order of the sheets."""
    for form in forms.forms:
        manner = Manner(money_scale=form.money_scale, blank_is_zero=form.blank == "zero")
        for placed in form.placed:
            item = forms.items[placed.item]
            if _is_figure(item, placed, form.id):
                yield PlacedFigure(item, form.sheet, placed.address, manner)


def _is_figure(item: Item, placed: Placed, form: str) -> bool:
    return item.unit in NUMERIC and form != "COVER" and placed.kind in ("input", "total")


def figure_text(exact: str) -> str:
    """An exact figure of the ledger as a decimal."""
    value = Fraction(exact)
    return bare(Decimal(value.numerator) / Decimal(value.denominator))
