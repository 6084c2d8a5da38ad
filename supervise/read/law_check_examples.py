"""Worked examples of checks: which change of a good filing passes, which just passes, which fails.

In: ``examples`` of a check, in a form's file or in ``rulebook/checks/``. Out: ``CheckExample``
values; running them on the model filing needs the whole pipeline and happens there.

::

    fails: {S71_I_1_A0: S71_I_1_A0 + 0.05万}      # item: formula over the model filing
    boundary: {S71_I_1_A0: S71_I_1_A0 + 0.02万}   # the last figure that still passes
    also: [CF_004]                                # what such a filing fails besides, of necessity

An item of an open table is written ``item@2`` (second row) or ``item@all``. What is no number
stands as typed: 是, a date, a text; 空 is a blank cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from supervise.core.period import Period
from supervise.read.overlay import LawTree
from supervise.read.yaml import YamlMap, nearest, read_yaml
from supervise.record import record

MODEL_PERIOD: Final = Period(2026, 3)
KINDS: Final = ("passes", "boundary", "fails")
KEYS: Final = (*KINDS, "also", "period", "history", "given", "no_boundary", "parameters")
Changes = Mapping[str, str]


@record
class CheckExample:
    """What one check says of the model filing, changed in three ways.

    Attributes:
        period: The period it is filed for.
        given: Changes that all three share: what makes the check apply.
        passes: Changes under which it passes; none: as it is.
        boundary: Changes after which it only just passes; None where there is no such thing.
        no_boundary: Why there is none.
        fails: Changes after which it fails.
        also: Other checks that fail then, of necessity.
        history: Period text to item to formula: what was filed before.
        parameters: Parameter to a value that an office may set instead of the shipped one.
        where: ``file:line``.
    """

    check: str
    period: Period
    given: Changes
    passes: Changes
    boundary: Changes | None
    no_boundary: str
    fails: Changes
    also: tuple[str, ...]
    history: Mapping[str, Changes]
    parameters: Changes
    where: str


def read_check_examples(
    directory: Path | None = None, *, overlay: Path | None = None
) -> dict[str, CheckExample]:
    """Every check's example by check id; reading checks have none, for no figure shows them.

    Raises:
        RulebookError: An example that is not well formed, with file and line.
    """
    tree = LawTree.open(directory, overlay)
    found = {}
    for entry in check_entries(tree):
        if "examples" in entry:
            found[entry.text("id")] = _example(entry.map("examples"), entry.text("id"))
    return found


def check_entries(tree: LawTree) -> Iterator[YamlMap]:
    """Every entry that defines a check, in whichever file it stands."""
    for path in tree.paths("checks"):
        yield from tree.read(path).maps("checks")
    forms = tree.forms() or tree.base.parent / "forms"
    for file in sorted(forms.rglob("*.yaml")):
        yield from read_yaml(file).maps("checks")


def _example(entry: YamlMap, check: str) -> CheckExample:
    entry.only(KEYS)
    if "fails" not in entry:
        entry.fail("例子没有 'fails'", expected="使校核不通过的改动", fix="补上 fails。")
    if ("boundary" in entry) is ("no_boundary" in entry):
        entry.fail(
            "应写 'boundary' 或 'no_boundary' 之一",
            expected="恰好通过的改动；或没有临界值的理由",
            fix="补上其中一个。",
        )
    history = entry.map("history")
    return CheckExample(
        check=check,
        period=_period(entry),
        given=_changes(entry, "given"),
        passes=_changes(entry, "passes"),
        boundary=_changes(entry, "boundary") if "boundary" in entry else None,
        no_boundary=entry.text("no_boundary", ""),
        fails=_changes(entry, "fails"),
        also=entry.texts("also"),
        history={period: _changes(history, period) for period in history},
        parameters=_changes(entry, "parameters"),
        where=entry.where(),
    )


def _changes(entry: YamlMap, key: str) -> Changes:
    table = entry.map(key)
    return {item: table.text(item) for item in table}


def _period(entry: YamlMap) -> Period:
    text = entry.text("period", str(MODEL_PERIOD))
    try:
        return Period.parse(text)
    except ValueError:
        entry.fail(
            f"报告期 {text!r} 写错",
            key="period",
            expected="例如 2026Q3",
            fix=f"改为 {nearest(text, (str(MODEL_PERIOD),)) or MODEL_PERIOD}。",
        )
