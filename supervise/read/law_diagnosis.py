"""What a mistake that many cells share looks like: the ``diagnose`` of a check → ``Diagnosis``.

::

    made_by: engine
    diagnose:
      units: [yuan]                     # of the items that it befalls
      slips: {以元填报: 10000}           # what stands in the cell ÷ what should stand there
      anchors: [PL_010, CF_001]         # failing checks that start the search, the surest first
      evident: 100                      # how far beyond its limit a figure must be to prove it
      evident_at: {PL_019: 10}          # the same for checks whose limit is far from the usual
      settled: 更正后：                  # before a finding that is computed on corrected figures
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import get_args

from supervise.core.diagnosis import Diagnosis, Slip
from supervise.core.law import Check
from supervise.core.layout import NUMERIC, ItemUnit
from supervise.errors import RulebookError
from supervise.read.law_dated import number, read_number
from supervise.read.yaml import YamlMap, nearest

KEY = "diagnose"
_KEYS = ("units", "slips", "anchors", "evident", "evident_at", "settled")


def read_diagnosis(entry: YamlMap) -> Diagnosis | None:
    """The diagnosis of a check; None if it has none.

    Raises:
        RulebookError: A fault, with file and line.
    """
    if KEY not in entry:
        return None
    if entry.text("made_by", "") != "engine":
        entry.fail("有 'diagnose' 而非程序作出", key=KEY, expected="made_by: engine", fix="补上。")
    block = entry.map(KEY)
    block.only(_KEYS)
    nearer = block.map("evident_at")
    return Diagnosis(
        units=_units(block),
        slips=tuple(_slips(block.map("slips"))),
        anchors=block.texts("anchors"),
        evident=number(block, "evident", "1"),
        evident_at={check: number(nearer, check) for check in nearer},
        settled=block.text("settled"),
    )


def _units(block: YamlMap) -> tuple[str, ...]:
    units = block.texts("units")
    known = [unit for unit in get_args(ItemUnit) if unit in NUMERIC]
    for unit in units:
        if unit not in known:
            block.fail(
                f"单位 {unit!r} 不是数",
                key="units",
                expected="、".join(known),
                fix=f"改为 {nearest(unit, known) or 'yuan'!r}。",
            )
    return units


def _slips(block: YamlMap) -> Iterator[Slip]:
    for label in block:
        factor = read_number(block.text(label))
        if factor is None or not _is_slip(factor):
            block.fail(
                f"倍数 {block.text(label)!r} 无效",
                key=label,
                expected="1 以外的 10 的整数次幂，例如 10000、0.01；或 -1",
                fix="改写倍数。",
            )
        yield Slip(label, factor)


def _is_slip(factor: Fraction) -> bool:
    if factor == -1:
        return True
    digits = str(max(factor, 1 / factor) if factor > 0 else 0)
    return digits.startswith("10") and not digits.strip("10") and digits.count("1") == 1


def anchored(checks: Iterable[tuple[YamlMap, Check]]) -> Iterator[RulebookError]:
    """Faults of anchors: a check that does not exist, or one that has a diagnosis itself."""
    pairs = list(checks)
    plain = {check.id for _, check in pairs if check.diagnosis is None}
    for entry, check in pairs:
        named = (*check.diagnosis.anchors, *check.diagnosis.evident_at) if check.diagnosis else ()
        for anchor in named:
            if anchor not in plain:
                yield RulebookError(
                    f"诊断所依的校核 {anchor!r} 不存在，或自身也是诊断",
                    where=entry.map(KEY).where("anchors"),
                    expected="已有校核的编号",
                    fix=f"改为 {nearest(anchor, plain)!r}，或删去。",
                    code="rulebook_invalid",
                )
