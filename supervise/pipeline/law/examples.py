"""Worked examples of the law, run: given figures → value, points, requirement as written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

from supervise.core.context import NO_CONTEXT
from supervise.core.evaluation import IndicatorResult
from supervise.core.exact import as_decimal
from supervise.core.formula import Number, parse
from supervise.core.indicators import measure_indicators
from supervise.core.law import Rulebook
from supervise.core.layout import NUMERIC, FormSet, Item
from supervise.core.model import Bank, Cell, Fact, Row, Submission, Value
from supervise.core.world import Book
from supervise.errors import RulebookError
from supervise.read.law_examples import Example, read_examples
from supervise.read.rulebook import read_rulebook
from supervise.record import record

ANY_PROVINCE = "510000"
_TRUE = ("是", "true")


@record
class Failure:
    """An example that came out differently."""

    example: Example
    what: str
    expected: str
    found: str


def run_examples(overlay: Path | None = None) -> tuple[int, list[Failure]]:
    """Run every example of the law.

    Returns:
        How many were run, and those that failed.

    Raises:
        RulebookError: The law or an example is wrong.
    """
    examples = read_examples(overlay=overlay)
    failures: list[Failure] = []
    for example in examples:
        failures += list(run_example(example, overlay))
    return len(examples), failures


def run_example(example: Example, overlay: Path | None = None) -> Iterator[Failure]:
    """Differences between an example's promises and the engine's results."""
    province = example.province or ANY_PROVINCE
    law = read_rulebook(example.period, example.bank_type, province, overlay=overlay)
    book = Book(submission_of(example, law), law, NO_CONTEXT)
    results = {result.law.id: result for result in measure_indicators(book)}
    result = results.get(example.indicator)
    if result is None:
        yield Failure(example, "指标", "在规则中", "不在规则中")
        return
    yield from _differences(example, result)


def _differences(example: Example, result: IndicatorResult) -> Iterator[Failure]:
    if example.not_applicable:
        if result.applies:
            yield Failure(example, "适用性", "不适用", "适用")
        return
    if example.not_computable:
        causes = _causes(result)
        if example.not_computable not in causes:
            yield Failure(example, "不可计算", example.not_computable, "、".join(sorted(causes)))
    for what, expected, found in _promises(example, result):
        if expected != found:
            yield Failure(example, what, str(expected), str(found))


def _promises(
    example: Example, result: IndicatorResult
) -> Iterator[tuple[str, Fraction | str | None, Fraction | str | None]]:
    """What an example promises beside what came out."""
    if example.value is not None:
        yield "指标值", example.value, result.measure.value
    if example.points is not None:
        yield "得分", example.points, result.points
    points = {part.law.id: part.points for part in result.parts}
    for part, expected in example.parts.items():
        yield f"得分 {part}", expected, points.get(part)
    statuses: dict[str, str] = {r.law.id: r.status for r in result.requirements}
    for requirement, wanted in example.requirements.items():
        only = next(iter(statuses.values()), "无要求") if not requirement else "无此要求"
        yield f"要求 {requirement}", wanted, statuses.get(requirement, only)


def _causes(result: IndicatorResult) -> set[str]:
    measures = [result.measure, *(p.measure for p in result.parts)]
    measures += [p.base for p in result.parts if p.base is not None]
    causes = {about for m in measures for about in m.about}
    causes |= {m.reason for m in measures if m.reason}
    return causes | {p.note for p in result.parts if p.note}


def submission_of(example: Example, law: Rulebook) -> Submission:
    """A submission that holds what the example gives; everything else is not answered.

    Raises:
        RulebookError: A given text does not fit its item.
    """
    forms = law.forms
    scalars = {k: v for k, v in example.given.items() if isinstance(v, str)}
    facts = {
        item.id: _fact(item, scalars.get(item.id), example.where)
        for item in forms.items.values()
        if item.id not in forms.columns
    }
    bank = Bank(
        "EXAMPLE1", "licence", "示例", example.bank_type, example.level, None, example.province
    )
    return Submission(
        bank=bank,
        period=example.period,
        form_version=forms.version,
        facts=facts,
        tables=_tables(example.given, forms, example.where),
    )


def _tables(
    given: Mapping[str, str | tuple[str, ...]], forms: FormSet, where: str
) -> dict[str, tuple[Row, ...]]:
    tables: dict[str, tuple[Row, ...]] = {}
    for form in forms.forms:
        for table in form.tables:
            columns = {i: given[i] for i in table.columns.values() if i in given}
            length = max((len(v) for v in columns.values() if isinstance(v, tuple)), default=0)
            tables[table.id] = tuple(
                {
                    item: _fact(forms.items[item], _at(columns.get(item), n), where)
                    for item in table.columns.values()
                }
                for n in range(length)
            )
    return tables


def _at(column: str | tuple[str, ...] | None, n: int) -> str | None:
    if column is None or isinstance(column, str):
        return column
    return column[n] if n < len(column) else None


def _fact(item: Item, text: str | None, where: str) -> Fact:
    cell = Cell("示例", item.id)
    if text is None or text == "":
        return Fact(item.id, None, "blank", cell)
    return Fact(item.id, _value(item, text, where), "given", cell, text)


def _value(item: Item, text: str, where: str) -> Value:
    if item.unit == "flag":
        return text in _TRUE
    if item.unit == "date":
        return date.fromisoformat(text)
    if item.unit not in NUMERIC:
        return text
    negative = text.startswith("-")
    tree = parse(text.removeprefix("-"), where=where).tree
    if not isinstance(tree, Number):
        raise RulebookError(
            f"示例的 {item.id} 不是数：{text}",
            where=where,
            expected="如 12亿、10%、437",
            fix="改为数字。",
            code="example_invalid",
        )
    return as_decimal(-tree.value if negative else tree.value)
