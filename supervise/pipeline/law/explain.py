"""What a check or an indicator means, for people: ``supervise explain`` and ``docs/rules/``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from supervise.core.law import Check, Indicator, Rulebook
from supervise.errors import UsageError
from supervise.json_text import to_json
from supervise.pipeline.law.check_examples import changed_cells, finding_of
from supervise.pipeline.law.rules import RuleCase
from supervise.read.law_check_examples import CheckExample, read_check_examples
from supervise.read.law_examples import Example, read_examples
from supervise.read.law_words import CORE
from supervise.read.overlay import LawTree
from supervise.read.prose import Prose, read_prose
from supervise.read.rulebook import SOURCE
from supervise.read.words import Words, read_words
from supervise.read.yaml import nearest
from supervise.record import replace
from supervise.settings import Settings
from supervise.write.document_indicator import decimal_text
from supervise.write.rule_page import PageWriter
from supervise.write.rule_page_parts import RulePage, Shown
from supervise.write.rule_page_print import page_markdown, page_text

MOST_ALIKE = 5
"""Rules named to somebody who asked for none that is there."""


def explain_text(rule: str, case: RuleCase, settings: Settings, form: str = "text") -> str:
    """The page of one rule.

    Args:
        rule: Id of a check or an indicator, in any case, or its name.
        case: The law it is wanted from.
        settings: Overlay and language.
        form: ``text``, ``markdown`` or ``json``.

    Raises:
        UsageError: No such rule; the message names those that look most like it.
    """
    law = case.law(settings)
    wanted = _id_of(rule.strip(), case, settings)
    page = page_of(wanted, Explainer(law, settings))
    if form == "json":
        return to_json(_document(page))
    return page_text(page) if form == "text" else page_markdown(page)


def _id_of(rule: str, case: RuleCase, settings: Settings) -> str:
    """The id of a rule called by its Chinese name, whatever the language of the page."""
    if rule.isascii() or settings.lang == SOURCE:
        return rule
    law = case.law(replace(settings, lang=SOURCE))
    rules: tuple[Check | Indicator, ...] = (*law.checks, *law.indicators)
    found = [one.id for one in rules if one.name == rule]
    return found[0] if len(found) == 1 else rule


class Explainer:
    """Makes pages of one law, reading names and examples once."""

    def __init__(self, law: Rulebook, settings: Settings) -> None:
        self.law = law
        self.overlay, self.lang = settings.overlay, settings.lang
        self.prose = read_prose(settings.lang)
        self.words = read_words(settings.lang)
        self.names = _names(law, settings.overlay, self.prose)
        self.writer = PageWriter(law, self.names, self.words)

    def check(self, check: Check) -> RulePage:
        """The page of a check, its worked example run."""
        example = _check_examples(self.overlay).get(check.id)
        return self.writer.check(check, self._shown(example) if example else Shown())

    def indicator(self, law: Indicator) -> RulePage:
        """The page of an indicator with its worked examples."""
        listed = _indicator_examples(self.overlay).get(law.id, ())
        told = tuple(self._told(example) for example in listed)
        return self.writer.indicator(law, told)

    def _shown(self, example: CheckExample) -> Shown:
        return Shown(
            finding=finding_of(example, self.overlay, self.lang),
            boundary=changed_cells(example, self.overlay),
            why_none=self._said("checks.no_boundary", example.no_boundary),
        )

    def _told(self, example: Example) -> str:
        """One worked example as a sentence: what is given, what comes out."""
        words = self.words
        semicolon = words("report.list_semicolon")
        given = semicolon.join(
            f"{self.names.get(item, item)} {self._typed(value)}"
            for item, value in example.given.items()
        )
        comes = semicolon.join(_promised(example, words))
        return words("explain.example_line", period=example.period, given=given, comes=comes)

    def _typed(self, value: str | tuple[str, ...]) -> str:
        if isinstance(value, str):
            return self._said(CORE, value)
        listed = self.words("report.list_comma").join(self._said(CORE, one) for one in value)
        return f"[{listed}]"

    def _said(self, section: str, text: str) -> str:
        return text if self.prose is None else self.prose(section, text)


def page_of(rule: str, explainer: Explainer) -> RulePage:
    """The page of the rule with that id, or of the only one with that name.

    Raises:
        UsageError: No such rule, or several.
    """
    law = explainer.law
    rules: tuple[Check | Indicator, ...] = (*law.checks, *law.indicators)
    found = [one for one in rules if one.id.casefold() == rule.casefold()]
    found = found or [one for one in rules if one.name == rule]
    if len(found) == 1:
        only = found[0]
        return explainer.check(only) if isinstance(only, Check) else explainer.indicator(only)
    alike = "、".join(f"{one.id}（{one.name}）" for one in found or _alike(rule, rules))
    raise UsageError(
        f"没有编号或名称为“{rule}”的校核或指标"
        if not found
        else f"名称为“{rule}”的校核或指标有 {len(found)} 项",
        expected=f"相近的编号：{alike or '无'}",
        fix="用 supervise rules list 查看全部编号。",
        code="unknown_rule",
    )


def _alike(rule: str, rules: Sequence[Check | Indicator]) -> list[Check | Indicator]:
    """A few rules whose name holds the word or whose id or name looks most like it."""
    if not rule:
        return []
    within = [one for one in rules if rule in one.name]
    by_id, by_name = {one.id: one for one in rules}, {one.name: one for one in rules}
    near = nearest(rule.upper(), by_id) or nearest(rule, by_id)
    if within or near:
        return within[:MOST_ALIKE] or [by_id[near]]
    name = nearest(rule, by_name)
    return [by_name[name]] if name else []


def _names(law: Rulebook, overlay: Path | None, prose: Prose | None) -> dict[str, str]:
    tree = LawTree.open(None, overlay)
    definitions = tree.read("definitions.yaml")
    names = {name: definitions.map(name).text("name", name) for name in definitions}
    if prose is not None:
        names = {key: prose("tables.definition", name) for key, name in names.items()}
    names |= {item.id: item.name for item in law.forms.items.values()}
    names |= {parameter.id: parameter.name for parameter in law.parameters.values()}
    names |= {indicator.id: indicator.name for indicator in law.indicators}
    return names


@cache
def _check_examples(overlay: Path | None) -> Mapping[str, CheckExample]:
    return read_check_examples(overlay=overlay)


@cache
def _indicator_examples(overlay: Path | None) -> Mapping[str, tuple[Example, ...]]:
    found: dict[str, tuple[Example, ...]] = {}
    for example in read_examples(overlay=overlay):
        if not example.province or example.province == "330000":
            found[example.indicator] = (*found.get(example.indicator, ()), example)
    return found


def _promised(example: Example, words: Words) -> Iterator[str]:
    if example.value is not None:
        yield words("explain.example_value", n=decimal_text(example.value))
    if example.not_computable:
        yield words("explain.example_not_computable", name=example.not_computable)
    if example.not_applicable:
        yield words("explain.example_not_applicable")
    if example.points is not None:
        yield words("explain.example_points", n=decimal_text(example.points))
    for status in example.requirements.values():
        yield words(f"explain.requirement_status.{status}")


def _document(page: RulePage) -> dict[str, Any]:
    return {
        "schema": "supervise/rule/1",
        "id": page.id,
        "name": page.name,
        "lead": page.lead,
        "sections": [
            {"title": s.title, "lines": list(s.lines), "rows": [list(row) for row in s.rows]}
            for s in page.sections
        ],
    }
