"""What a check or an indicator means, for people: ``supervise explain`` and ``docs/rules/``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from supervise.core.law import Check, Indicator, Rulebook
from supervise.errors import UsageError
from supervise.pipeline.check_examples import changed_cells, finding_of
from supervise.pipeline.rules import RuleCase
from supervise.read.law_check_examples import CheckExample, read_check_examples
from supervise.read.law_examples import Example, read_examples
from supervise.read.overlay import LawTree
from supervise.read.words import Words, read_words
from supervise.read.yaml import nearest
from supervise.settings import Settings
from supervise.write.document import to_json
from supervise.write.document_indicator import decimal_text
from supervise.write.rule_page import PageWriter, RulePage, Shown
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
    page = page_of(rule.strip(), Explainer(law, settings))
    if form == "json":
        return to_json(_document(page))
    return page_text(page) if form == "text" else page_markdown(page)


class Explainer:
    """Makes pages of one law, reading names and examples once."""

    def __init__(self, law: Rulebook, settings: Settings) -> None:
        self.law = law
        self.overlay = settings.overlay
        self.words = read_words(settings.lang)
        self.names = _names(law, settings.overlay)
        self.writer = PageWriter(law, self.names, self.words)

    def check(self, check: Check) -> RulePage:
        """The page of a check, its worked example run."""
        example = _check_examples(self.overlay).get(check.id)
        return self.writer.check(check, self._shown(example) if example else Shown())

    def indicator(self, law: Indicator) -> RulePage:
        """The page of an indicator with its worked examples."""
        listed = _indicator_examples(self.overlay).get(law.id, ())
        told = tuple(_told(example, self.names, self.words) for example in listed)
        return self.writer.indicator(law, told)

    def _shown(self, example: CheckExample) -> Shown:
        return Shown(
            finding=finding_of(example, self.overlay),
            boundary=changed_cells(example, self.overlay),
            why_none=example.no_boundary,
        )


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


def _names(law: Rulebook, overlay: Path | None) -> dict[str, str]:
    tree = LawTree.open(None, overlay)
    definitions = tree.read("definitions.yaml")
    names = {name: definitions.map(name).text("name", name) for name in definitions}
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


def _told(example: Example, names: Mapping[str, str], words: Words) -> str:
    """One worked example as a sentence: what is given, what comes out."""
    given = "；".join(
        f"{names.get(item, item)} {_typed(value)}" for item, value in example.given.items()
    )
    return f"{example.period}　{given} → {'；'.join(_promised(example, words))}"


def _typed(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else f"[{'、'.join(value)}]"


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
