"""A check or an indicator as a page for people: what, why, how it is computed, how to mend it.

In: the law's values, names, and what a worked example showed. Out: ``RulePage``, printed on a
terminal or as Markdown by ``write/rule_page_print.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from supervise.core.formula import Expression
from supervise.core.law import Check, Curve, Indicator, PartLaw, Requirement, Rulebook
from supervise.core.model import Basis, Provenance
from supervise.record import replace
from supervise.write.document_indicator import decimal_text
from supervise.write.formula_words import Saying, in_words
from supervise.write.numbers import Words
from supervise.write.rule_page_parts import RulePage, Section, Shown

_SLOT = re.compile(r"{([^{}]*)}")


class PageWriter:
    """Makes pages from one resolved law.

    Args:
        law: The law at a period for a bank type and province.
        names: Ids of items, definitions and parameters to Chinese names.
        words: Wordings.
    """

    def __init__(self, law: Rulebook, names: Mapping[str, str], words: Words) -> None:
        self.law = law
        scopes = {name: words(f"report.scope.{name}") for name in ("ex_bills", "with_bills")}
        days = {name: words(f"explain.name.{name}") for name in ("period_end", "period_start")}
        self.names = {**names, **scopes, **days}
        self.words = words
        self.saying = Saying(self.names, words, law.say)

    def check(self, check: Check, shown: Shown) -> RulePage:
        """The page of a check."""
        words = self.words
        lead = words(
            "explain.check_lead",
            severity=words(f"report.severity.{check.severity}"),
            consequence=words(f"explain.consequence.{check.severity}"),
            scope=words(f"explain.scope.{check.scope}"),
        )
        sections = (
            Section(words("explain.why"), (self._plain(check.why),)),
            *self._relation(check),
            Section(words("explain.mend"), (self._plain(check.fix),)),
            *self._shown(shown),
            Section(words("explain.basis"), (self.basis(check.basis, check.provenance),)),
        )
        heading = self._titled(check.id, self._plain(check.name))
        return RulePage(check.id, self._plain(check.name), heading, lead, sections)

    def indicator(self, law: Indicator, examples: Iterable[str]) -> RulePage:
        """The page of an indicator; ``examples`` are sentences."""
        words = self.words
        element = next((e.name for e in self.law.elements if e.id == law.element), law.element)
        lead = words(
            "explain.indicator_lead",
            kind=words(f"explain.kind.{law.kind}"),
            element=element,
            most=self._most(law),
        )
        listed = tuple(examples)
        sections = (
            Section(words("explain.what"), (law.what,)),
            Section(words("explain.why"), (law.why,)),
            *self._value(law),
            *(self._part(part) for part in law.parts if part.curve is not None),
            *self._requirements(law.requirements),
            *self._raise(law),
            *self._items(law),
            *self._definitions(law),
            *((Section(words("explain.examples"), listed),) if listed else ()),
            Section(words("explain.basis"), (self.basis(law.basis, law.provenance),)),
        )
        return RulePage(law.id, law.name, self._titled(law.id, law.name), lead, sections)

    def _titled(self, rule: str, name: str) -> str:
        return self.words("explain.title", id=rule, name=name)

    def basis(self, basis: Basis, provenance: Provenance) -> str:
        """Instrument, number, article, date in force, and how sure we are."""
        source = self.law.sources.get(basis.source)
        mark = self.words(f"report.provenance.{provenance}")
        if source is None:
            article = f"{basis.source} {self.law.article(basis)}"
            names = {"title": article, "number": "", "article": "", "since": ""}
            return self.words("explain.basis_of", mark=mark, **names)
        told = source.number if source.number != source.title else ""
        names = {
            "title": source.title,
            "number": self._if_any("explain.basis_number", number=told),
            "article": self._if_any("explain.basis_article", article=self.law.article(basis)),
            "since": self._if_any("explain.since", date=source.in_force_on),
        }
        return self.words("explain.basis_of", mark=mark, **names)

    def _if_any(self, key: str, **names: str) -> str:
        return self.words(key, **names) if all(names.values()) else ""

    def _relation(self, check: Check) -> Iterator[Section]:
        if check.holds is None:
            return
        words = self.words
        saying = replace(self.saying, variables=check.bindings[0])
        lines = [in_words(check.holds.tree, saying)]
        if check.given is not None:
            given = in_words(check.given.tree, saying)
            lines.append(words("explain.given", text=given))
        if check.rows_of:
            lines.append(words("explain.each_row"))
        lines.append(words("explain.tolerance", text=self._tolerance(check.tolerance)))
        if check.needs:
            lines.append(words("explain.needs", text=words(f"explain.base.{check.needs}")))
        yield Section(words("explain.relation"), tuple(lines))
        yield Section(words("explain.formula"), tuple(self._written(check)))

    def _written(self, check: Check) -> Iterator[str]:
        assert check.holds is not None
        yield f"`{check.holds.text}`"
        if check.given is not None:
            yield self.words("explain.given", text=f"`{check.given.text}`")
        words = self.words
        if len(check.bindings) > 1:
            yield words("explain.instances", n=len(check.bindings))
            for name in check.bindings[0]:
                values = dict.fromkeys(binding[name] for binding in check.bindings)
                yield f"{{{name}}} = {words('report.list_comma').join(values)}"

    def _tolerance(self, mode: str) -> str:
        if self.words.has(f"explain.mode.{mode}"):
            return self.words(f"explain.mode.{mode}")
        return self.words("explain.mode.absolute", n=mode)

    def _shown(self, shown: Shown) -> Iterator[Section]:
        words = self.words
        lines = []
        finding = shown.finding
        if finding is not None:
            lines.append(words("explain.fails", text=finding.message))
        if shown.boundary:
            listed = words("report.list_semicolon").join(shown.boundary)
            lines.append(words("explain.boundary", text=listed))
        elif shown.why_none:
            lines.append(words("explain.no_boundary", text=shown.why_none))
        if lines:
            yield Section(words("explain.example"), tuple(lines))

    def _most(self, law: Indicator) -> str:
        if law.kind == "monitored":
            return self.words("explain.unscored")
        curves = (part.curve.high for part in law.parts if part.curve is not None)
        return self.words("explain.most", n=decimal_text(sum(curves, Fraction(0))))

    def _value(self, law: Indicator) -> Iterator[Section]:
        if law.value is None:
            return
        lines = (in_words(law.value.tree, self.saying), f"`{law.value.text}`")
        yield Section(self.words("explain.value"), lines)

    def _part(self, part: PartLaw) -> Section:
        assert part.curve is not None
        lines = []
        if part.value is not None:
            lines.append(self.words("explain.part_value", text=self._both(part.value)))
        if part.base is not None:
            lines.append(self.words("explain.part_base", text=self._both(part.base)))
        if part.judged:
            lines.append(self.words("explain.judged"))
        if part.annual_only:
            lines.append(self.words("explain.annual_only"))
        title = self.words("explain.part", name=part.name, n=decimal_text(part.curve.high))
        return Section(title, tuple(lines), tuple(self._cases(part.curve)))

    def _both(self, expression: Expression) -> str:
        said = in_words(expression.tree, self.saying)
        if said == expression.text:
            return said
        return self.words("explain.both", said=said, text=expression.text)

    def _cases(self, curve: Curve) -> Iterator[tuple[str, ...]]:
        words = self.words
        names = {
            **self.names, "value": words("explain.name.value"), "base": words("explain.name.base"),
            "max": words("explain.name.max"), "min": words("explain.name.min"),
        }  # fmt: skip
        saying = replace(self.saying, names=names)
        for case in curve.cases:
            when = in_words(case.when.tree, saying) if case.when else words("explain.otherwise")
            points = in_words(case.points.tree, saying)
            yield when, points, words(f"report.provenance.{case.provenance}")
        for cut in curve.deductions:
            when = words("explain.deduction", text=in_words(cut.when.tree, saying))
            mark = words(f"report.provenance.{cut.provenance}")
            yield when, decimal_text(cut.points) or "0", mark

    def _requirements(self, listed: tuple[Requirement, ...]) -> Iterator[Section]:
        if not listed:
            return
        lines = []
        for one in listed:
            kind = self.words(f"explain.requirement.{one.kind}")
            scope = "" if one.applies else self.words("explain.other_types")
            basis = self.basis(one.basis, one.provenance)
            names = {"kind": kind, "name": one.name, "scope": scope, "basis": basis}
            lines.append(self.words("explain.requirement_line", **names))
        yield Section(self.words("explain.requirements"), tuple(lines))

    def _raise(self, law: Indicator) -> Iterator[Section]:
        names = [part.name for part in law.parts if part.advisable]
        if names:
            listed = self.words("report.list_comma").join(names)
            line = self.words("explain.raise_parts", names=listed)
            yield Section(self.words("explain.raise"), (line,))

    def _items(self, law: Indicator) -> Iterator[Section]:
        used = self._used(law)
        rows = tuple(self._place(item) for item in used if item in self.law.forms.items)
        if rows:
            yield Section(self.words("explain.items"), rows=rows)

    def _definitions(self, law: Indicator) -> Iterator[Section]:
        used = self._used(law)
        rows = tuple(
            (self.names.get(name, name), in_words(self.law.definitions[name].tree, self.saying))
            for name in used
            if name in self.law.definitions
        )
        if rows:
            yield Section(self.words("explain.definitions"), rows=rows)

    def _used(self, law: Indicator) -> dict[str, None]:
        used: dict[str, None] = {}
        for expression in _expressions(law):
            self._collect(expression, used)
        return used

    def _collect(self, expression: Expression, used: dict[str, None]) -> None:
        """Items and definitions that a formula rests on, each once, in the order met."""
        for name in sorted(expression.names()):
            definition = self.law.definitions.get(name)
            if definition is not None and name not in used:
                used.setdefault(name)
                self._collect(definition, used)
            elif name in self.law.forms.items:
                used.setdefault(name)

    def _place(self, item: str) -> tuple[str, ...]:
        for form in self.law.forms.forms:
            for placed in form.placed:
                if placed.item == item:
                    return f"{form.sheet}!{placed.address}", self.names.get(item, item), item
            for table in form.tables:
                for letter, column in table.columns.items():
                    if column == item:
                        return f"{form.sheet}!{letter}", self.names.get(item, item), item
        return "", self.names.get(item, item), item

    def _plain(self, text: str) -> str:
        """A wording with slots, each slot replaced by what would stand there."""

        def said(found: re.Match[str]) -> str:
            key = f"explain.slot.{found[1]}"
            return self.words(key) if self.words.has(key) else "…"

        return _SLOT.sub(said, text)


def _expressions(law: Indicator) -> Iterator[Expression]:
    if law.value is not None:
        yield law.value
    for part in law.parts:
        for expression in (part.value, part.base):
            if expression is not None:
                yield expression
