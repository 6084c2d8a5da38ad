"""English is complete, says the same names, and changes nothing but texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sample_files import HOME

from supervise.core.comparing.results import differences
from supervise.core.evaluation import Evaluation
from supervise.core.law import Rulebook
from supervise.core.model import Basis
from supervise.core.period import Period
from supervise.core.proof import told_findings
from supervise.errors import RulebookError, WorkbookUnreadable
from supervise.ooxml.carriers import CARRIERS, carrier_refusal
from supervise.ooxml.refusals import REASONS, refusal
from supervise.pipeline.case import check_file
from supervise.pipeline.law.explain import Explainer, page_of
from supervise.pipeline.law.rules import RuleCase
from supervise.read.error_words import in_language
from supervise.read.law_check_examples import read_check_examples
from supervise.read.law_words import HOLDING, SHOWN, in_words
from supervise.read.prose import FOLDER, Prose, prose_tree, read_prose
from supervise.read.rulebook import read_law, read_rulebook
from supervise.read.yaml import read_yaml
from supervise.settings import Settings
from supervise.write.document import evaluation_document

HAN = re.compile("[\u3400-\u9fff]")
WORDY = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef·]")
QUOTED = re.compile('"[^"]*"|[(][^()]*[)]|[^\\s]*![A-Z]+[0-9]*')
CASES = [("2026Q3", "330000"), ("2026Q3", "440000"), ("2026Q4", "110000"), ("2025Q1", "110000")]
Text = tuple[str, str, str]


def english() -> Prose:
    prose = read_prose("en")
    assert prose is not None
    return prose


@cache
def laws(period: str, province: str) -> tuple[Rulebook, ...]:
    law = read_law()
    kinds = law.bank_types.values()
    return tuple(law.rulebook(Period.parse(period), kind, province) for kind in kinds)


def shown(value: Any) -> Iterator[Text]:
    """Section, id and text of everything that a law shows."""
    if isinstance(value, tuple):
        for one in value:
            yield from shown(one)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from shown(one)
    else:
        for name, section in SHOWN.get(type(value), {}).items():
            for text in plain(getattr(value, name)):
                yield section, str(getattr(value, "id", "")), text
        for name in HOLDING.get(type(value), ()):
            yield from shown(getattr(value, name))


def bases_of(value: Any) -> Iterator[Basis]:
    """Every basis anywhere in a law."""
    if isinstance(value, Basis):
        yield value
    elif isinstance(value, Mapping | tuple):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from bases_of(one)
    else:
        for name in getattr(type(value), "__slots__", ()):
            yield from bases_of(getattr(value, name))


def plain(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | Mapping):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from plain(one)


@pytest.mark.parametrize(("period", "province"), CASES)
def test_every_text_that_the_law_shows_has_an_english_one(period: str, province: str) -> None:
    prose = english()
    lacking = {
        f"{section} ({of or 'no id'}): {text}"
        for law in laws(period, province)
        for section, of, text in shown(law)
        if HAN.search(text) and prose.find(section, text) is None
    }
    assert not lacking, "\n".join(sorted(lacking))


def test_every_series_and_every_name_of_a_definition_has_an_english_one() -> None:
    prose = english()
    root = FOLDER.parent / "rulebook"
    texts = [
        ("tables.definition", row["name"]) for row in read_yaml(root / "definitions.yaml").values()
    ]
    texts += [("tables.province", name) for name in read_yaml(root / "provinces.yaml").values()]
    for row in read_yaml(root / "benchmarks.yaml").maps("benchmarks"):
        texts += [("tables.benchmark", text) for text in row.values()]
    bases = {basis.article for law in laws("2026Q3", "440000") for basis in bases_of(law)}
    texts += [("sources.article", article) for article in bases]
    texts += [("checks.no_boundary", one.no_boundary) for one in read_check_examples().values()]
    assert not [pair for pair in texts if HAN.search(pair[1]) and prose.find(*pair) is None]


def test_english_says_nothing_that_the_law_no_longer_says() -> None:
    said = {
        (section, text) for case in CASES for law in laws(*case) for section, _, text in shown(law)
    }
    prose = english()
    others = {"tables.definition", "tables.benchmark", "tables.province", "checks.no_boundary"}
    known = {section for table in SHOWN.values() for section in table.values()} - others
    stale = {
        (section, text)
        for section in known - {"items.name", "items.what"}
        for text in prose.section(section)
        if (section, text) not in said
    }
    assert not stale


def test_no_english_text_holds_chinese_but_what_the_bank_must_find_and_titles_of_law() -> None:
    left = {}
    for section in english().sections():
        if section in ("program.core", "sources.title", "sources.number", "sources.short"):
            continue
        for text in english().section(section).values():
            if WORDY.search(QUOTED.sub("", text)):
                left[section] = text
    assert not left


def test_titles_of_law_are_shown_in_both_languages() -> None:
    law = read_rulebook(Period.parse("2026Q3"), "city", "330000", lang="en")
    method = law.sources["method-2024"]
    assert method.title.startswith("Measures for the Supervisory Evaluation")
    assert method.title.endswith("(银行业金融机构小微企业金融服务监管评价办法)")
    assert method.number == "Jin Gui [2024] No. 18 (金规〔2024〕18号)"
    assert law.vetoes[0].basis.article == "第七条"
    assert law.article(law.vetoes[0].basis) == "Article 7"


@cache
def both(path: Path) -> tuple[Evaluation | None, Evaluation | None]:
    told = (check_file(path, Settings(lang=lang)).evaluation for lang in ("zh", "en"))
    first, second = told
    return first, second


@pytest.mark.parametrize("path", sorted(HOME.glob("*/*.xlsx")), ids=lambda path: path.stem)
def test_a_language_changes_texts_and_nothing_else(path: Path) -> None:
    chinese, in_english = both(path)
    if chinese is None or in_english is None:
        assert chinese is in_english
        return
    told, found = evaluation_document(chinese), evaluation_document(in_english)
    assert told["digest"] == found["digest"]
    assert not list(differences(told, found))
    assert told_findings(chinese) == told_findings(in_english)
    for finding in in_english.findings:
        typed = re.sub('"[^"]*"', "", finding.message)
        for cell in finding.cells:
            typed = typed.replace(cell.partition("!")[0], "")
        assert not HAN.search(typed.replace("封面", "")), finding.message


def test_a_law_in_english_has_the_digest_ids_and_formulas_of_the_chinese_one() -> None:
    chinese = laws("2026Q3", "330000")[0]
    told = in_words(chinese, english())
    assert told.digest == chinese.digest
    for old, new in zip(chinese.checks, told.checks, strict=True):
        assert (old.id, old.holds, old.bindings) == (new.id, new.holds, new.bindings)
    labels = [(form.sheet, form.labels, form.placed) for form in chinese.forms.forms]
    assert labels == [(form.sheet, form.labels, form.placed) for form in told.forms.forms]
    choices = [item.choices for item in chinese.forms.items.values()]
    assert choices == [item.choices for item in told.forms.items.values()]


def test_an_office_that_words_a_shipped_check_otherwise_is_told_in_its_own_words(
    tmp_path: Path,
) -> None:
    shipped = FOLDER.parent / "rulebook" / "checks" / "cross_form.yaml"
    (tmp_path / "checks").mkdir()
    own = shipped.read_text(encoding="utf-8").replace("核对两处的填报口径", "请联系本局核对口径", 1)
    (tmp_path / "checks" / "cross_form.yaml").write_text(own, encoding="utf-8")
    law = read_rulebook(Period.parse("2026Q3"), "city", "330000", overlay=tmp_path, lang="en")
    checks = {check.id: check for check in law.checks}
    assert checks["CF_001"].fix == "请联系本局核对口径，更正有误的单元格。"
    assert checks["CF_003"].fix == "Check the scope on both sheets; correct the wrong cell."


def test_the_compiled_english_is_that_of_the_files() -> None:
    law = read_law()._compiled
    assert law is not None
    assert law.prose("en") == prose_tree(FOLDER / "en")
    assert law.prose("fr") is None


def test_a_translation_with_another_name_in_braces_is_refused(tmp_path: Path) -> None:
    text = 'message:\n  "{cell} 有误": "{sheet} is wrong"\n'
    (tmp_path / "checks.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        prose_tree(tmp_path)
    assert caught.value.where.endswith("checks.yaml:2")


@pytest.mark.parametrize("code", REASONS)
def test_every_refusal_is_told_in_english(code: str) -> None:
    assert not WORDY.search("".join(parts(in_language(refusal(code, "a.xlsx"), "en"))))


@pytest.mark.parametrize("kind", CARRIERS)
@pytest.mark.parametrize("file", ["a.bin", "a.xlsx"])
def test_every_carrier_is_told_in_english(kind: str, file: str) -> None:
    told = in_language(carrier_refusal(kind, file), "en")
    assert isinstance(told, WorkbookUnreadable)
    assert not WORDY.search("".join(parts(told)))


def parts(error: WorkbookUnreadable) -> tuple[str, str, str]:
    return error.what, error.expected, error.fix


def test_a_detail_from_the_file_stays_in_a_refusal_told_in_english() -> None:
    error = refusal("damaged", "a.xlsx", "工作表“甲”重复")
    assert in_language(error, "en").what == 'The workbook is damaged: sheet "甲" twice'
    assert in_language(error, "zh") is error


def test_every_page_of_a_rule_is_english_but_for_what_an_example_fills_in() -> None:
    settings = Settings(lang="en")
    law = RuleCase("2026Q3", "rural_commercial", "330000").law(settings)
    explainer = Explainer(law, settings)
    examples = {explainer.words(f"explain.{key}") for key in ("example", "examples")}
    rules = [*(check.id for check in law.checks), *(one.id for one in law.indicators)]
    for rule in rules:
        page = page_of(rule, explainer)
        for section in page.sections:
            told = [section.title, *section.lines, *(text for row in section.rows for text in row)]
            for line in told if section.title not in examples else ():
                written = re.sub("`[^`]*`", "", line)
                assert not HAN.search(QUOTED.sub("", written)), (rule, line)
