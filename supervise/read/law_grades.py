"""Grades 评价等级: bands, vetoes and the bonus cap.

In: ``grades.yaml``. Out: ``Grades`` on the day.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from supervise.core.law import Band, Veto
from supervise.core.model import Basis, Provenance
from supervise.read.law_dated import basis, number, provenance, required_in_force, worst
from supervise.read.law_reading import Reading
from supervise.read.yaml import YamlMap
from supervise.record import record

GRADE_KEYS = ("provenance", "basis", "bands", "vetoes", "bonus_cap")
TOTALS: dict[str, str | None] = {"regular": "points", "total": "points"}


@record
class Grades:
    """How a total becomes a grade.

    Attributes:
        bands: From the best to the worst.
        bonus_cap: Most points that the bonus may add.
    """

    bands: tuple[Band, ...]
    vetoes: tuple[Veto, ...]
    bonus_cap: Fraction
    provenance: Provenance
    basis: Basis


def read_grades(data: YamlMap, at: Reading) -> Grades:
    """Read the grades in force.

    Raises:
        RulebookError: A fault, with file and line.
    """
    data.only(("in_force",))
    dated = data.map("in_force")
    block = dated.map(required_in_force(dated, at.day, "等级"))
    block.only(GRADE_KEYS)
    bands = tuple(_band(row) for row in block.maps("bands"))
    if not bands:
        block.fail("没有等级", key="bands", expected="从高到低的等级", fix="补上 bands。")
    for better, worse in pairwise(bands):
        if better.at_least <= worse.at_least:
            block.fail(
                f"等级 {worse.id} 的下限不低于 {better.id}",
                key="bands",
                expected="从高到低排列",
                fix="改正下限或次序。",
            )
    cap = block.map("bonus_cap")
    cap.only(("value", "provenance", "basis"))
    basis(cap, at.sources)
    return Grades(
        bands=bands,
        vetoes=tuple(_veto(row, {band.id for band in bands}, at) for row in block.maps("vetoes")),
        bonus_cap=number(cap, "value"),
        provenance=worst((provenance(block), provenance(cap))),
        basis=basis(block, at.sources),
    )


def _band(row: YamlMap) -> Band:
    row.only(("id", "label", "at_least", "provenance", "use"))
    return Band(
        row.text("id"),
        row.text("label"),
        number(row, "at_least"),
        provenance(row),
        row.text("use", ""),
    )


def _veto(row: YamlMap, grades: set[str], at: Reading) -> Veto:
    row.only(("id", "name", "when", "grade", "basis", "provenance"))
    if row.text("grade") not in grades:
        row.fail(
            f"否决指向不存在的等级 {row.text('grade')!r}",
            key="grade",
            expected="、".join(sorted(grades)),
            fix="改为已有等级的 id。",
        )
    return Veto(
        id=row.text("id"),
        name=row.text("name"),
        when=at.formula(row, "when", "condition", local=dict(TOTALS)),
        grade=row.text("grade"),
        basis=basis(row, at.sources),
        provenance=provenance(row),
    )
