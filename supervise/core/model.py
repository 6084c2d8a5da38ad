"""Nouns of a submission: who filed, what was filed, what was found.

Amounts are in base units (元, plain ratio, count, basis point); the form's own unit was removed
once, while reading. ``Fact.text`` keeps what was typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from supervise.core.period import Period
from supervise.record import field, record

Value = Decimal | str | bool | date
Severity = Literal["blocking", "explain", "advisory"]
Provenance = Literal["confirmed", "extracted", "provisional"]
Scope = Literal["reading", "form", "cross_form", "cross_period", "plausibility"]
FactState = Literal["given", "zero", "blank", "not_applicable", "invalid"]
NOTHING: Mapping[str, str] = MappingProxyType({})


@record
class Cell:
    """Where a datum stands on the bank's screen: sheet name and address such as ``C14``."""

    sheet: str
    address: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.address}"


@record
class Fact:
    """One filed datum 填报值.

    Attributes:
        item: Item id.
        value: Decimal in base units, text, yes/no, or date; None unless ``state`` is
            ``given`` or ``zero``.
        state: ``given``: filled in. ``zero``: blank on a sheet where blank means zero, or a nil
            sheet 零报送. ``blank``: not answered. ``not_applicable``: 不适用. ``invalid``:
            something is there that cannot be read as this item; a reading finding says so.
        cell: Where it stands.
        text: As typed, before any conversion.
    """

    item: str
    value: Value | None
    state: FactState
    cell: Cell
    text: str = ""


Row = Mapping[str, Fact]


@record
class Bank:
    """The institution 机构.

    Attributes:
        code: Licence or credit code as filed.
        code_system: ``licence`` 金融许可证机构编码 or ``uscc`` 统一社会信用代码.
        type: Bank type id, e.g. ``rural_commercial``.
        level: ``legal_person`` 法人 or ``tier1_branch`` 一级分行.
        parent: Legal person's code when ``level`` is ``tier1_branch``.
        province: Six-digit province code, e.g. ``330000``.
    """

    code: str
    code_system: str
    name: str
    type: str
    level: str
    parent: str | None
    province: str


@record
class Basis:
    """What a rule rests on 法规依据: an instrument of ``sources.yaml`` and an article."""

    source: str
    article: str = ""


@record
class Explanation:
    """The bank's answer to a finding (sheet XW8); ``state``: given, accepted or rejected."""

    text: str
    state: str = "given"


@record
class Correction:
    """What a cell should hold, where that follows from the bank's other figures 更正值.

    Attributes:
        value: In base units.
        shown: The same in the unit of the cell, as the bank would type it.
    """

    item: str
    cell: str
    value: Fraction
    shown: str


@record
class Finding:
    """A bank's mistake or oddity 校验发现, as a value.

    ``found``, ``expected``, ``difference`` and ``tolerance`` are texts in the unit of the cell
    as the bank sees it (万元, 户, %), empty where they mean nothing. ``cells`` holds every cell
    involved, the first being the one to look at.

    Attributes:
        score_impact: Points that the total gains (or loses) once ``corrections`` are made; None
            where the right value does not follow from other cells (standing rule 13).
        corrections: Every cell whose right value is known, with that value.
    """

    check: str
    severity: Severity
    scope: Scope
    cells: tuple[str, ...]
    message: str
    fix: str
    basis: Basis
    found: str = ""
    expected: str = ""
    difference: str = ""
    tolerance: str = ""
    score_impact: Fraction | None = None
    explanation: Explanation | None = None
    corrections: tuple[Correction, ...] = ()


@record(kw_only=True)
class Submission:
    """One bank's filing for one period 报送件.

    Attributes:
        sequence: 1 for a first filing, more for a resubmission 重报.
        reason: Why it was filed again; empty on a first filing.
        form_version: Version of the template it was filled in on.
        file: Base name of the workbook.
        sha256: Digest of the workbook's bytes.
        facts: By item id; holds every item that the forms define, blank ones too.
        tables: By open-table id: rows in sheet order, each by item id.
        sheet_status: By sheet name: ``normal``, ``nil`` or ``not_applicable``.
        reading: Findings made while reading.
        reference: Extra cells that the bank keeps for itself, passed through: cell to text.
    """

    bank: Bank
    period: Period
    sequence: int = 1
    reason: str = ""
    form_version: str
    file: str = ""
    sha256: str = ""
    facts: Mapping[str, Fact]
    tables: Mapping[str, tuple[Row, ...]] = field(default_factory=lambda: MappingProxyType({}))
    sheet_status: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    reading: tuple[Finding, ...] = ()
    reference: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    def every_fact(self) -> Iterator[Fact]:
        """Each fact once, those of open tables row by row after the others."""
        yield from self.facts.values()
        for rows in self.tables.values():
            for row in rows:
                yield from row.values()
