"""Totals that follow the figures which they add up, as the formulas of a form make them.

A clerk types the parts. One of them in the wrong unit makes every total over it wrong as well,
and by no factor that could be told: so a total that agrees with its parts goes with them when
they are corrected. One that does not agree was typed, and is a figure of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from supervise.core.layout import FormSet
from supervise.core.model import Fact
from supervise.core.tolerance import HALF_LAST_DIGIT
from supervise.record import record

_CELL = re.compile(r"(?:'([^']+)'!)?([A-Z]{1,2}[1-9][0-9]*)")
Facts = Mapping[str, Fact]
NOTHING = Decimal(0)


@record
class Total:
    """An item that the form computes.

    Attributes:
        item: What it is.
        cell: Where it stands.
        parts: The items that it adds up.
        slack: How far it may lie from their sum; base units.
    """

    item: str
    cell: str
    parts: tuple[str, ...]
    slack: Fraction


class Totals:
    """The totals of a set of forms.

    Args:
        forms: Where they are placed.

    Attributes:
        of: Each by its item.
        ordered: Parts before wholes.
    """

    def __init__(self, forms: FormSet) -> None:
        self._item_at = {f"{f.sheet}!{p.address}": p.item for f in forms.forms for p in f.placed}
        every = {total.item: total for total in self._read(forms)}
        self.ordered = tuple(sorted(every.values(), key=lambda total: _depth(total, every)))
        self._over: dict[str, list[Total]] = {}
        for total in self.ordered:
            for part in total.parts:
                self._over.setdefault(part, []).append(total)
        self.of = every

    def over(self, items: Iterable[str]) -> tuple[Total, ...]:
        """The totals that rest on some items, those of totals included; parts before wholes."""
        found: set[str] = set()
        waiting = list(items)
        while waiting:
            new = [t.item for t in self._over.get(waiting.pop(), ()) if t.item not in found]
            found.update(new)
            waiting += new
        return tuple(total for total in self.ordered if total.item in found) if found else ()

    def under(self, item: str) -> Iterator[str]:
        """What an item adds up, and what that adds up; nothing if it is no total."""
        if item in self.of:
            for part in self.of[item].parts:
                yield part
                yield from self.under(part)

    def carried(self, filed: Facts, made: Facts) -> Iterator[tuple[Total, Decimal]]:
        """What the totals over some figures come to, once those figures are others.

        Args:
            filed: All figures before.
            made: The figures that changed, each as it is now. A total among them stays so.
        """
        moved = {item: _value(fact) - _value(filed.get(item)) for item, fact in made.items()}
        for total in self.over(made):
            if total.item not in made and agrees(total, filed):
                by = sum((moved.get(part, NOTHING) for part in total.parts), NOTHING)
                moved[total.item] = by
                yield total, _value(filed[total.item]) + by

    def _read(self, forms: FormSet) -> Iterator[Total]:
        for form in forms.forms:
            for placed in form.placed:
                if placed.kind == "total":
                    spots = dict.fromkeys(_CELL.findall(placed.formula))
                    cells = (f"{sheet or form.sheet}!{address}" for sheet, address in spots)
                    parts = tuple(self._item_at[cell] for cell in cells if cell in self._item_at)
                    scale = forms.scale(forms.items[placed.item].unit, form.sheet)
                    slack = (len(parts) + 1) * HALF_LAST_DIGIT * scale if scale > 1 else Fraction()
                    yield Total(placed.item, f"{form.sheet}!{placed.address}", parts, slack)


def agrees(total: Total, facts: Facts) -> bool:
    """Whether a total is there and comes to the sum of its parts."""
    own = facts.get(total.item)
    if own is None or not isinstance(own.value, Decimal):
        return False
    parts = sum((_value(facts.get(part)) for part in total.parts), NOTHING)
    return abs(own.value - parts) <= total.slack


def _value(fact: Fact | None) -> Decimal:
    """The number of a fact; what holds none adds nothing."""
    return fact.value if fact is not None and isinstance(fact.value, Decimal) else NOTHING


def _depth(total: Total, every: Mapping[str, Total]) -> int:
    """How many totals stand one upon another below it."""
    below = [every[part] for part in total.parts if part in every]
    return 1 + max((_depth(each, every) for each in below), default=0)
