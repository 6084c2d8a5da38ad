"""What the rulebook says, and whether it is sound: behind ``supervise rules``."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from supervise.core.law import Check, Curve, Indicator, Parameter, Rulebook
from supervise.errors import UsageError
from supervise.json_text import to_json
from supervise.pipeline.law.check_examples import run_check_examples
from supervise.pipeline.law.examples import run_examples
from supervise.pipeline.template import parse_period
from supervise.read.lint import lint
from supervise.read.rulebook import read_rulebook
from supervise.read.words import read_words
from supervise.read.yaml import nearest
from supervise.record import record
from supervise.settings import Settings
from supervise.write.document_indicator import decimal_text
from supervise.write.terminal import aligned


@record
class RuleCase:
    """Which law: period, bank type, province."""

    period: str
    bank_type: str
    province: str

    def law(self, settings: Settings) -> Rulebook:
        """The rulebook of the case.

        Raises:
            UsageError: The period is none.
            RulebookError: The law is wrong, or the type or province unknown.
        """
        period = parse_period(self.period)
        return read_rulebook(
            period, self.bank_type, self.province, overlay=settings.overlay, lang=settings.lang
        )


def lint_text(settings: Settings) -> tuple[str, int]:
    """Every problem with file and line, and how many there are."""
    problems = lint(overlay=settings.overlay)
    lines: list[str] = []
    for problem in problems:
        lines.append(f"{problem.file}:{problem.line}: {problem.what}（{problem.code}）")
        lines += [f"    应为：{problem.expected}"] if problem.expected else []
        lines += [f"    处理：{problem.fix}"] if problem.fix else []
    lines.append(f"规则检查：{len(problems)} 个问题。" if problems else "规则检查：没有问题。")
    return "\n".join(lines) + "\n", len(problems)


def test_text(settings: Settings) -> tuple[str, int]:
    """Every example that came out differently, and how many there are."""
    count, failures = run_examples(settings.overlay)
    lines = [
        f"{f.example.where}: {f.example.indicator} {f.what}：应为 {f.expected}，实为 {f.found}"
        for f in failures
    ]
    filings, wrong = run_check_examples(settings.overlay)
    lines += [f"{one.where}: {one.check} {what}" for one, what in wrong]
    failed = len(failures) + len(wrong)
    lines.append(f"规则示例：运行 {count + filings} 个，{failed} 处不符。")
    return "\n".join(lines) + "\n", failed


def list_text(case: RuleCase, settings: Settings, form: str) -> str:
    """Indicators, checks and parameters with points, provenance and basis."""
    law = case.law(settings)
    if form == "json":
        return to_json(_listing(law))
    words = read_words(settings.lang)
    lines = [f"规则 {law.version}　{law.digest}", "", "指标"]
    names = {element.id: element.name for element in law.elements}
    rows = [
        (i.id, i.name, names.get(i.element, i.element), _most(i), words(_mark(i.provenance)))
        for i in law.indicators
    ]
    lines += [*aligned(rows), "", "校核"]
    checks = [(c.id, words(f"report.severity.{c.severity}"), c.name) for c in law.checks]
    lines += [*aligned(checks), "", "参数"]
    values = [(p.id, p.name, _shown(p), words(_mark(p.provenance))) for p in _parameters(law)]
    lines += [*aligned(values), *(f"提示：{notice}" for notice in law.notices)]
    return "\n".join(lines) + "\n"


def show_text(rule: str, case: RuleCase, settings: Settings) -> str:
    """One indicator, check or parameter in full.

    Raises:
        UsageError: No such id; the message names the nearest one.
    """
    law = case.law(settings)
    for indicator in law.indicators:
        if indicator.id == rule:
            return "\n".join(_indicator_lines(indicator)) + "\n"
    for check in law.checks:
        if check.id == rule:
            return "\n".join(_check_lines(check)) + "\n"
    if rule in law.parameters:
        parameter = law.parameters[rule]
        basis = f"{parameter.basis.source} {parameter.basis.article}"
        return f"{rule}　{parameter.name}：{_shown(parameter)}（{parameter.provenance}，{basis}）\n"
    known = [*(i.id for i in law.indicators), *(c.id for c in law.checks), *law.parameters]
    raise UsageError(
        f"没有编号 {rule!r}",
        expected=f"相近的编号：{nearest(rule, known) or '无'}",
        fix="用 supervise rules list 查看全部编号。",
        code="unknown_rule",
    )


def _parameters(law: Rulebook) -> Iterator[Parameter]:
    return iter(law.parameters.values())


def _most(indicator: Indicator) -> str:
    maxima = (part.curve.high for part in indicator.parts if part.curve is not None)
    total = sum(maxima, Fraction(0))
    return f"{decimal_text(total)} 分" if indicator.kind != "monitored" else "监测"


def _mark(provenance: str) -> str:
    return f"report.provenance.{provenance}"


def _shown(parameter: Parameter) -> str:
    value = parameter.value
    if value is None:
        return "未设定"
    return value if isinstance(value, str) else f"{decimal_text(value)} {parameter.unit}"


def _indicator_lines(law: Indicator) -> Iterator[str]:
    yield f"{law.id}　{law.name}（{law.element}，{law.provenance}）"
    yield f"  {law.what}"
    yield f"  {law.why}"
    if law.value_text:
        yield f"  公式　{law.value_text}"
    for part in law.parts:
        yield f"  部分　{part.id}　{part.name}"
        if part.value is not None:
            yield f"    值　　{part.value.text}"
        if part.base is not None:
            yield f"    基准　{part.base.text}"
        if part.curve is not None:
            yield from (f"    {line}" for line in _curve_lines(part.curve))
    for requirement in law.requirements:
        limit = requirement.limit.text if requirement.limit is not None else ""
        basis = f"{requirement.basis.source} {requirement.basis.article}"
        test = f"{requirement.value.text} {requirement.test} {limit}".strip()
        yield f"  要求　{requirement.name}：{test}（{requirement.kind}，{basis}）"


def _curve_lines(curve: Curve) -> Iterator[str]:
    yield f"满分　{decimal_text(curve.high)}，最低 {decimal_text(curve.low)}（{curve.provenance}）"
    for case in curve.cases:
        condition = case.when.text if case.when is not None else "其他"
        yield f"{condition} → {case.points.text}（{case.provenance}）"
    for deduction in curve.deductions:
        yield f"扣分：{deduction.when.text} → {decimal_text(deduction.points)}"


def _check_lines(check: Check) -> Iterator[str]:
    yield f"{check.id}　{check.name}（{check.severity}，{check.scope}，{check.provenance}）"
    if check.given is not None:
        yield f"  条件　{check.given.text}"
    if check.holds is not None:
        yield f"  关系　{check.holds.text}　容差 {check.tolerance}　{len(check.bindings)} 组"
    for label, text in (("说明", check.why), ("信息", check.message), ("处理", check.fix)):
        yield f"  {label}　{text}"
    yield f"  依据　{check.basis.source} {check.basis.article}"


def _listing(law: Rulebook) -> dict[str, Any]:
    return {
        "version": law.version,
        "digest": law.digest,
        "overlay": law.overlay,
        "indicators": [
            {"id": i.id, "name": i.name, "element": i.element, "provenance": i.provenance}
            for i in law.indicators
        ],
        "checks": [
            {"id": c.id, "name": c.name, "severity": c.severity, "scope": c.scope}
            for c in law.checks
        ],
        "parameters": [
            {"id": p.id, "name": p.name, "value": _shown(p), "provenance": p.provenance}
            for p in law.parameters.values()
        ],
        "notices": list(law.notices),
    }
