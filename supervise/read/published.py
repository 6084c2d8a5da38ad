"""Published law cannot move: a recorded period must still resolve to its recorded digest.

In: ``published.yaml``, period to bank type (``rural_commercial``, or
``rural_commercial/330000`` where a province has law of its own) to digest. Out: faults.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from supervise.core.period import Period
from supervise.errors import RulebookError
from supervise.read.law_resolve import Case, resolve
from supervise.read.overlay import LawTree
from supervise.read.yaml import YamlMap

FILE = "published.yaml"
ANYWHERE = "110000"


def check_published(directory: Path | None = None) -> list[RulebookError]:
    """Every recorded digest that the shipped law no longer resolves to."""
    return list(published_faults(LawTree.open(directory, None)))


def published_faults(tree: LawTree) -> Iterator[RulebookError]:
    """The same for an open tree, whose overlay is left aside: it is no published law."""
    plain = tree.shipped()
    if not plain.has(FILE):
        return
    data = plain.read(FILE)
    for period in data:
        recorded = data.map(period)
        for key in recorded:
            try:
                yield from _moved(plain, recorded, period, key)
            except RulebookError as error:
                yield error


def _moved(tree: LawTree, recorded: YamlMap, period_text: str, key: str) -> Iterator[RulebookError]:
    try:
        period = Period.parse(period_text)
    except ValueError:
        recorded.fail(f"{period_text!r} 不是报告期", expected="例如 2025Q4", fix="改写。")
    bank_type, _, province = key.partition("/")
    rulebook, _ = resolve(tree, Case.of(period, bank_type, province or ANYWHERE))
    if rulebook.digest != recorded.text(key):
        yield RulebookError(
            f"{period_text} 已公布的规则（{key}）被改动：摘要现为 {rulebook.digest[:12]}…",
            where=recorded.where(key),
            expected=f"{recorded.text(key)[:12]}…；已公布的期间不得改动",
            fix="恢复旧条目，把变更写成更晚日期的新条目。",
            code="published_law_moved",
        )
