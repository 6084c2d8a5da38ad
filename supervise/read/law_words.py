"""A resolved law in another language: the same ids, formulas and digests, other prose.

Only what is shown is put into words: labels, drop-downs and names of sheets stay as they stand in
the workbook, for the reader compares them with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from supervise.core.diagnosis import Diagnosis, Slip
from supervise.core.driver import Driver
from supervise.core.law import (
    Band,
    Case,
    Check,
    Curve,
    Deduction,
    Element,
    Indicator,
    Parameter,
    PartLaw,
    Requirement,
    Rulebook,
    Veto,
)
from supervise.core.layout import Form, FormSet, Item, OpenTable
from supervise.core.references import BankType, PolicyItem, Source
from supervise.read.prose import Prose
from supervise.record import replace

ARTICLES = "sources.article"
CORE = "program.core"
READER = "program.read"
SHOWN: Mapping[type, Mapping[str, str]] = {
    Rulebook: {
        "province_name": "tables.province",
        "standing_rules": "tables.rule",
        "notices": "tables.notice",
    },
    BankType: {"name": "tables.bank_type", "note": "tables.bank_type_note"},
    Source: {"title": "sources.title", "number": "sources.number", "status": "sources.status"},
    Element: {"name": "tables.element"},
    Band: {"label": "tables.band", "use": "tables.use"},
    Veto: {"name": "tables.veto"},
    Parameter: {"name": "tables.parameter", "value": "tables.parameter_value"},
    PolicyItem: {"title": "tables.policy", "note": "tables.policy_note"},
    Check: {
        "name": "checks.name",
        "message": "checks.message",
        "fix": "checks.fix",
        "why": "checks.why",
    },
    Slip: {"label": "checks.slip"},
    Diagnosis: {"settled": "checks.settled"},
    Indicator: {
        "name": "indicators.name",
        "what": "indicators.what",
        "why": "indicators.why",
        "remark": "indicators.remark",
    },
    PartLaw: {"name": "indicators.part"},
    Requirement: {"name": "indicators.requirement", "mend": "indicators.mend"},
    Driver: {"name": "indicators.driver"},
    Case: {"label": "indicators.case"},
    Deduction: {"label": "indicators.deduction"},
    Item: {"name": "items.name", "what": "items.what"},
    Form: {"title": "forms.title"},
    OpenTable: {"name": "forms.table"},
}
"""Each kind of record, with its fields that people read and the section that puts them."""

HOLDING: Mapping[type, tuple[str, ...]] = {
    Rulebook: (
        "bank_type",
        "forms",
        "sources",
        "checks",
        "elements",
        "indicators",
        "parameters",
        "bands",
        "vetoes",
        "policy_items",
        "bank_types",
    ),
    Check: ("diagnosis",),
    Diagnosis: ("slips",),
    Indicator: ("parts", "requirements"),
    PartLaw: ("curve", "driver"),
    Curve: ("cases", "deductions"),
    FormSet: ("forms", "items"),
    Form: ("tables",),
}
"""Each kind of record that holds others, with the fields that do."""


def in_words(law: Rulebook, prose: Prose) -> Rulebook:
    """The law in the language of ``prose``; what it does not know stays as it is."""
    told: Rulebook = _told(law, _Once(prose))
    benchmarks = tuple(_series(row, prose) for row in law.benchmarks)
    cited = {
        key: replace(told.sources[key], short=prose.find("sources.short", old.title) or "")
        for key, old in law.sources.items()
    }
    return replace(
        told,
        sources=cited,
        benchmarks=benchmarks,
        wording=prose.section(CORE),
        articles=prose.section(ARTICLES),
    )


class _Once:
    """Translates each value once: many rules share a basis.

    Args:
        prose: The texts.
    """

    def __init__(self, prose: Prose) -> None:
        self.prose = prose
        self.made: dict[int, Any] = {}


def _told(value: Any, once: _Once) -> Any:
    if isinstance(value, tuple):
        return tuple([_told(one, once) for one in value])
    if isinstance(value, Mapping):
        return {key: _told(one, once) for key, one in value.items()}
    kind = type(value)
    shown, holding = SHOWN.get(kind, {}), HOLDING.get(kind, ())
    if not (shown or holding):
        return value
    if id(value) not in once.made:
        changes = {name: _text(getattr(value, name), shown[name], once.prose) for name in shown}
        changes |= {name: _told(getattr(value, name), once) for name in holding}
        once.made[id(value)] = replace(value, **changes)
    return once.made[id(value)]


def _text(value: Any, section: str, prose: Prose) -> Any:
    if isinstance(value, str):
        return prose(section, value)
    if isinstance(value, tuple):
        return tuple(prose(section, text) for text in value)
    if isinstance(value, Mapping):
        return {key: prose(section, text) for key, text in value.items()}
    return value


def _series(row: Mapping[str, Any], prose: Prose) -> Mapping[str, Any]:
    """Scope and dates identify a series: how they read stands beside them."""
    named = {key: prose("tables.benchmark", row[key]) for key in ("name", "source") if key in row}
    shown = {f"{key}_shown": row[key] for key in ("scope", "period") if key in row}
    return {**row, **named, **{key: prose("tables.benchmark", text) for key, text in shown.items()}}
