"""下一期目标 as sentences that a manager understands: what must reach what, and what it brings.

In: the targets of an evaluation. Out: one sentence each, in their order. Limits stand on whole
steps of the form and gains are rounded down, so that what is read is never less than enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from supervise.core.evaluation import Evaluation, NextTarget
from supervise.core.period import Period
from supervise.write.numbers import Numbers, Words, format_fixed, format_near

_WAN = 10_000
_DIGITS = {"yuan": 2, "ratio": 2, "pp": 2, "days": 1}
_SCALES = {"yuan": Fraction(1, _WAN), "ratio": Fraction(100), "pp": Fraction(100)}
_HOUSEHOLDS = "户"


def target_sentences(evaluation: Evaluation, words: Words) -> tuple[str, ...]:
    """One sentence for each target, the largest gain first; none for a blocked submission.

    Args:
        evaluation: Holds the targets.
        words: Wordings of the language; ``targets.*`` is used.
    """
    names = {item.id: item.name for item in evaluation.rulebook.forms.items.values()}
    names |= {law.id: law.name for law in evaluation.rulebook.indicators}
    return tuple(_Sentence(target, names, words).text for target in evaluation.targets)


def target_goal(evaluation: Evaluation, target: NextTarget, words: Words) -> tuple[str, str]:
    """One target in short: what must reach what, and the points that it brings."""
    names = {item.id: item.name for item in evaluation.rulebook.forms.items.values()}
    sentence = _Sentence(target, names, words)
    return sentence.goal, sentence.gain


class _Sentence:
    """The clauses of one sentence."""

    def __init__(self, target: NextTarget, names: dict[str, str], words: Words) -> None:
        self.target = target
        self.names = names  # of items and indicators
        self.words = words

    @property
    def text(self) -> str:
        """The whole sentence, without a full stop."""
        goal = self.goal + "".join(self._notes())
        indicator = self.names[self.target.indicator]
        told = self.words("targets.sentence", goal=goal, gain=self.gain, indicator=indicator)
        return told + self._base()

    @property
    def gain(self) -> str:
        """The points, rounded down."""
        return format_fixed(Fraction(int(self.target.gain * 100), 100), 2)

    @property
    def goal(self) -> str:
        """What must reach what, or be put in place."""
        target = self.target
        return self.words(
            f"targets.{self._key()}",
            name=target.name,
            at_least=self._figure(target.at_least, target.unit),
            now=self._figure(target.now, target.unit, target.at_least),
            below=target.below,
        )

    def _key(self) -> str:
        target = self.target
        if target.kind == "rows" and target.unit == "flag":
            return "rows_flag"
        if target.kind == "figure" and target.now == 0 and _is_least(target):
            return "any"
        return target.kind

    def _notes(self) -> Iterator[str]:
        target = self.target
        unlike = target.value is not None and target.value != target.at_least
        if target.kind == "figure" and unlike and target.value_unit in ("ratio", "pp"):
            assert target.value is not None
            yield self.words("targets.value", value=self._figure(target.value, target.value_unit))
        if target.lacking and target.kind != "mechanism":
            listed = [self.names.get(item, item) for item in target.lacking]
            joined = self.words("report.list_comma").join(listed)
            yield self.words("targets.lacking", items=joined)

    def _base(self) -> str:
        target = self.target
        if not target.base_period or self._key() == "any":
            return ""
        period = Numbers(self.words).period(Period.parse(target.base_period))
        return self.words(
            "targets.base_assumed" if target.base_assumed else "targets.base", period=period
        )

    def _figure(self, value: Fraction, unit: str, near: Fraction | None = None) -> str:
        """A figure as the forms have it: amounts in 万元, never in 亿元."""
        scale, digits = _SCALES.get(unit, Fraction(1)), _DIGITS.get(unit, 0)
        if unit == "bp" and value.denominator != 1:
            digits = 2
        limits = () if near is None else (near * scale,)
        figure = format_near(value * scale, limits, digits)
        if unit == "yuan":
            return self.words("units.sheet_yuan", n=figure)
        if unit == "count" and _HOUSEHOLDS in self.names.get(self.target.item, ""):
            return self.words("targets.households", n=figure)
        return self.words(f"units.{unit}", n=figure) if unit != "flag" else figure


def _is_least(target: NextTarget) -> bool:
    """Whether anything above zero is enough: the limit is one step of the form."""
    steps = {"yuan": Fraction(100), "count": Fraction(1)}
    return target.at_least == steps.get(target.unit)
