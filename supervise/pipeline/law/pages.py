"""All rules as Markdown: a page a form or family of checks, a page an indicator, an index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from supervise.core.law import Check
from supervise.pipeline.law.explain import Explainer
from supervise.write.rule_page_print import page_markdown

_FAMILIES = {
    "R": "读取校核",
    "CF": "表间校核",
    "CP": "跨期校核",
    "PL": "合理性校核",
    "UM": "单位诊断",
}


def rule_pages(explainer: Explainer) -> dict[str, str]:
    """Every page by its path; ``README.md`` is the index."""
    law = explainer.law
    families: dict[str, list[Check]] = {}
    for check in law.checks:
        families.setdefault(check.id.rpartition("_")[0], []).append(check)
    titles = {form.id: f"{form.id} {form.title}" for form in law.forms.forms} | _FAMILIES
    pages = {}
    for family, checks in families.items():
        title = titles.get(family, family)
        pages[f"checks/{family}.md"] = _family_page(title, checks, explainer)
    for indicator in law.indicators:
        page = explainer.indicator(indicator)
        pages[f"indicators/{indicator.id}.md"] = page_markdown(page).rstrip("\n") + "\n"
    pages["README.md"] = "\n".join(_index(explainer, families, titles)) + "\n"
    return pages


def _family_page(title: str, checks: Iterable[Check], explainer: Explainer) -> str:
    parts = [f"# {title}", ""]
    parts += [page_markdown(explainer.check(check), 2) for check in checks]
    return "\n".join(parts).rstrip("\n") + "\n"


def _index(
    explainer: Explainer, families: dict[str, list[Check]], titles: dict[str, str]
) -> Iterator[str]:
    law, words = explainer.law, explainer.words
    yield from (
        "# 校核与指标",
        "",
        "由规则数据生成（`python scripts/make_rule_pages.py`），",
        "与 `supervise explain 编号` 所示相同。",
        f"所示为 {law.period}、{law.bank_type.name}适用的规则 {law.version}。",
        "",
        "## 指标",
        "",
        "| 要素 | 编号 | 指标 |",
        "|---|---|---|",
    )
    elements = {element.id: element.name for element in law.elements}
    for indicator in law.indicators:
        link = f"[{indicator.id}](indicators/{indicator.id}.md)"
        element = elements.get(indicator.element, indicator.element)
        yield f"| {element} | {link} | {indicator.name} |"
    yield from ("", f"## 校核（{len(law.checks)} 项）")
    for family, checks in families.items():
        page = f"checks/{family}.md"
        yield from ("", f"### [{titles.get(family, family)}]({page})", "")
        yield from ("| 编号 | 后果 | 校核 |", "|---|---|---|")
        for check in checks:
            severity = words(f"report.severity.{check.severity}")
            yield f"| {check.id} | {severity} | {check.name} |"
