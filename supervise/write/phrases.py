"""Phrases that several sections of a report use: marks, reasons, values, law.

In: one ``Evaluation`` with the words of a language. Out: ready texts. Nothing is computed.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from supervise.core.confidential import seen_by
from supervise.core.evaluation import (
    Evaluation,
    IndicatorResult,
    Measure,
    RequirementResult,
)
from supervise.core.formula import Number
from supervise.core.model import Basis, Provenance
from supervise.record import record
from supervise.write.citing import cited
from supervise.write.numbers import Numbers, Words

Audience = Literal["bank", "internal"]
Tone = Literal["good", "bad", "unsure", "plain"]
_TONES: dict[str, Tone] = {
    "met": "good",
    "unmet": "bad",
    "not_computable": "unsure",
    "not_applicable": "plain",
}
_PROVENANCE_TONES: dict[str, Tone] = {
    "confirmed": "good",
    "extracted": "unsure",
    "provisional": "plain",
}


@record
class Mark:
    """A short label with a tone; the text alone carries the meaning."""

    text: str
    tone: Tone


@record
class Pair:
    """A labelled text."""

    label: str
    text: str


class Phrases:
    """What every section needs to say the same things in the same words.

    Args:
        evaluation: The result being printed.
        words: Wordings of the document's language.
        audience: ``bank`` hides examiners' names and draft stages.
    """

    def __init__(self, evaluation: Evaluation, words: Words, audience: Audience) -> None:
        self.evaluation = seen_by(evaluation, audience)
        self.words = words
        self.audience = audience
        self.numbers = Numbers(words)

    @property
    def results(self) -> tuple[IndicatorResult, ...]:
        """The indicators in the order of their elements, monitored ones last."""
        order = {element.id: n for n, element in enumerate(self.evaluation.rulebook.elements)}
        return tuple(
            sorted(
                self.evaluation.indicators,
                key=lambda r: (r.law.kind == "monitored", order.get(r.law.element, len(order))),
            )
        )

    @property
    def blocked(self) -> bool:
        """Whether measures are only 测算 (standing rule 12)."""
        return self.evaluation.status == "blocked"

    def provenance(self, provenance: Provenance) -> Mark:
        """已确认, 待核对原文 or 暂定 (standing rule 1)."""
        return Mark(self.words(f"report.provenance.{provenance}"), _PROVENANCE_TONES[provenance])

    def requirement(self, result: RequirementResult) -> Mark:
        """达标/未达标 for a duty, 符合导向/未体现 for guidance (standing rule 3)."""
        tone = _TONES[result.status]
        if result.law.kind == "guidance" and tone == "bad":
            tone = "unsure"
        return Mark(self.words(f"report.requirement.{result.law.kind}.{result.status}"), tone)

    def unit(self, requirement: RequirementResult, result: IndicatorResult) -> str:
        """Unit of what a requirement compares, which need not be the indicator's own."""
        rulebook = self.evaluation.rulebook
        parts: dict[str, str] = {part.id: part.unit for part in result.law.parts}
        for expression in (requirement.law.value, requirement.law.limit):
            name = expression.text if expression is not None else ""
            if name in rulebook.forms.items:
                return rulebook.forms.items[name].unit
            if name in parts:
                return parts[name]
            if name in rulebook.parameters and name != "value":
                return rulebook.parameters[name].unit
        return result.law.unit

    def found(self, requirement: RequirementResult, result: IndicatorResult) -> str:
        """What was found: a value, or whether the condition holds."""
        if requirement.law.test == "holds":
            known = {"met": "units.yes", "unmet": "units.no"}
            return self.words(known[requirement.status]) if requirement.status in known else "—"
        return self.numbers.value(
            requirement.value, self.unit(requirement, result), near=requirement.limit
        )

    def demand(self, result: RequirementResult, unit: str) -> str:
        """What a requirement demands: ``≥ 10%``, or that it holds."""
        if result.law.test == "holds":
            return self.words("report.requirement.holds")
        limit = self._limit(result)
        if limit is None:
            return "—"
        return self.words(
            f"report.requirement.{result.law.test}", limit=self.numbers.limit(limit, unit)
        )

    def _limit(self, result: RequirementResult) -> Fraction | None:
        """The limit; where none was computed, the one that the law names outright."""
        return result.limit if result.limit is not None else self.fixed_limit(result)

    def fixed_limit(self, result: RequirementResult) -> Fraction | None:
        """The limit that the law names outright, the same for every bank; else None."""
        if result.law.limit is None:
            return None
        tree = result.law.limit.tree
        if isinstance(tree, Number):
            return tree.value
        parameter = self.evaluation.rulebook.parameters.get(result.law.limit.text)
        value = parameter.value if parameter is not None else None
        return value if isinstance(value, Fraction) else None

    def reason(self, measure: Measure) -> str:
        """Why there is no value, with the names of what it is about; empty if there is one."""
        if measure.reason is None:
            return ""
        text = self.words(f"reasons.{measure.reason}")
        names = [self.name(about) for about in measure.about]
        if not names:
            return text
        shown = self.words("report.list_comma").join(names[:3])
        if len(names) > 3:
            shown = self.words("report.and_more", names=shown, n=len(names))
        return self.words("report.reason_about", reason=text, about=shown)

    def name(self, about: str) -> str:
        """Name of an item, parameter, indicator, part, element or band; else the id itself."""
        rulebook = self.evaluation.rulebook
        item = rulebook.forms.items.get(about)
        if item is not None:
            return item.name
        parameter = rulebook.parameters.get(about)
        if parameter is not None:
            return parameter.name
        if self.words.has(f"report.about.{about}"):
            return self.words(f"report.about.{about}")
        kind, _, rest = about.partition(".")
        if rest and self.words.has(f"report.name.{kind}"):
            return self.words(f"report.name.{kind}", name=self._named(kind, rest))
        return self._row(about)

    def _named(self, kind: str, name: str) -> str:
        rulebook = self.evaluation.rulebook
        if kind == "peer_reference":
            return self._row(name)
        known = {
            "element": {element.id: element.name for element in rulebook.elements},
            "grade": {band.id: band.label for band in rulebook.bands},
            "veto": {veto.id: veto.name for veto in rulebook.vetoes},
        }
        return known.get(kind, {}).get(name, name)

    def _row(self, about: str) -> str:
        """Name of an indicator, of one of its parts or of one of its requirements."""
        indicator_id, _, rest = about.partition(".")
        for indicator in self.evaluation.rulebook.indicators:
            if indicator.id != indicator_id:
                continue
            parts = {part.id: part.name for part in indicator.parts}
            parts |= {f"requirement.{r.id}": r.name for r in indicator.requirements}
            inner = parts.get(rest, "")
            if inner in ("", indicator.name):
                return indicator.name
            return self.words("report.part_of", indicator=indicator.name, part=inner)
        return about

    def basis(self, basis: Basis) -> str:
        """An instrument and its article, shortened to its number when it has one."""
        law = self.evaluation.rulebook
        return cited(basis, law.sources, law.articles, self.words)

    def parameter(self, name: str, otherwise: str) -> str:
        """Text of a parameter of the law, or a wording where the law has none."""
        parameter = self.evaluation.rulebook.parameters.get(name)
        if parameter is not None and isinstance(parameter.value, str):
            return parameter.value
        return self.words(otherwise)

    def span(self, low: Fraction | None, high: Fraction | None) -> str:
        """``80.25–90.25``, or one figure where both agree."""
        limits = self.band_limits()
        if low is None or high is None or low == high:
            return self.numbers.points(low if low is not None else high, limits)
        return f"{self.numbers.points(low, limits)}–{self.numbers.points(high, limits)}"

    def band_limits(self) -> tuple[Fraction, ...]:
        """Limits that a total must not seem to cross when printed (standing rule 9)."""
        return tuple(band.at_least for band in self.evaluation.rulebook.bands)


def limit_of(result: IndicatorResult) -> Fraction | None:
    """The first limit that a requirement sets for an indicator's value."""
    return next((r.limit for r in result.requirements if r.limit is not None), None)
