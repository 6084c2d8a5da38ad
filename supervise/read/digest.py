"""The digest of resolved law: what decides a verdict, and no prose.

In: a ``Rulebook``. Out: SHA-256 of canonical JSON. Names, messages, explanations, instruments'
titles and everything dated later stay out, and the order of files and entries does not count,
so that neither a translation nor a lawful later entry changes what a period was judged by.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from hashlib import sha256
from typing import Any

from supervise import json_text
from supervise.core.diagnosis import Diagnosis
from supervise.core.driver import Driver
from supervise.core.formula import Expression
from supervise.core.law import Check, Curve, Indicator, PartLaw, Requirement, Rulebook
from supervise.core.layout import Form, Item
from supervise.core.model import Basis
from supervise.record import replace

SCHEMA = "supervise/rulebook/1"
_SPACE = re.compile(r"\s+")
_TIGHT = re.compile(r"\s*([-+*/()<>=,%!])\s*")


def digest_of(rulebook: Rulebook) -> str:
    """SHA-256, in hex, of what the rulebook decides."""
    law = content_of(rulebook)
    return sha256(json_text.canonical(law).encode()).hexdigest()


def sealed(rulebook: Rulebook) -> Rulebook:
    """The rulebook with its digest filled in."""
    return replace(rulebook, digest=digest_of(rulebook))


def content_of(rulebook: Rulebook) -> dict[str, Any]:
    """What the digest covers, as plain lists, mappings and texts."""
    kind = rulebook.bank_type
    return {
        "schema": SCHEMA,
        "bank_type": [kind.id, sorted(kind.groups), kind.by_reference],
        "items": sorted(_item(item) for item in rulebook.forms.items.values()),
        "forms": {form.id: _form(form, str(rulebook.period)) for form in rulebook.forms.forms},
        "checks": {check.id: _check(check) for check in rulebook.checks},
        "indicators": {one.id: _indicator(one) for one in rulebook.indicators},
        "elements": {one.id: [_exact(one.max), one.provenance] for one in rulebook.elements},
        "definitions": {key: _text(value) for key, value in rulebook.definitions.items()},
        "parameters": {
            one.id: [one.unit, _exact(one.value), one.provenance, _basis(one.basis)]
            for one in rulebook.parameters.values()
        },
        "peer_references": sorted(
            [one.indicator, one.group, one.period, _exact(one.value), one.n, one.provenance]
            for one in rulebook.peer_references
        ),
        "grades": _grades(rulebook),
    }


@cache
def canonical(formula: str) -> str:
    """A formula's text without the spaces that mean nothing; text literals stay whole."""
    pieces = formula.split("'")
    for place in range(0, len(pieces), 2):
        pieces[place] = _TIGHT.sub(r"\1", _SPACE.sub(" ", pieces[place]))
    return "'".join(pieces).strip()


def _text(expression: Expression | None) -> str:
    return canonical(expression.text) if expression else ""


def _exact(value: Fraction | str | None) -> str | None:
    return None if value is None else str(value)


def _basis(basis: Basis) -> list[str]:
    return [basis.source, basis.article]


def _item(item: Item) -> list[Any]:
    return [
        item.id, item.unit, item.signed, list(item.choices), item.of, item.as_of, item.code,
        item.required,
    ]  # fmt: skip


def _form(form: Form, period: str) -> dict[str, Any]:
    """A layout; the period that a locked cell shows is no law."""
    return {
        "sheet": form.sheet,
        "version": form.version,
        "scale": str(form.money_scale),
        "blank": form.blank,
        "placed": sorted(
            [one.item, one.address, one.kind, one.formula if one.formula != period else ""]
            for one in form.placed
        ),
        "undefined": sorted(form.undefined),
        "status_item": form.status_item,
        "tables": {
            table.id: [table.first_row, table.key, sorted(table.columns.items())]
            for table in form.tables
        },
    }


def _check(check: Check) -> list[Any]:
    return [
        check.severity, check.scope, _text(check.holds), _text(check.given), check.tolerance,
        sorted(sorted(binding.items()) for binding in check.bindings), check.rows_of,
        check.needs, sorted(check.implies), _basis(check.basis), check.provenance,
        _diagnosis(check.diagnosis),
    ]  # fmt: skip


def _diagnosis(diagnosis: Diagnosis | None) -> list[Any] | None:
    """What makes a shared mistake; the order of slips and anchors decides which is found."""
    if diagnosis is None:
        return None
    factors = [_exact(slip.factor) for slip in diagnosis.slips]
    return [
        sorted(diagnosis.units), factors, list(diagnosis.anchors), _exact(diagnosis.evident),
        sorted([check, _exact(least)] for check, least in diagnosis.evident_at.items()),
    ]  # fmt: skip


def _indicator(one: Indicator) -> dict[str, Any]:
    return {
        "law": [
            one.element, one.kind, one.unit, one.better, one.headline, sorted(one.levels),
            one.applies, _text(one.applies_when), one.annual_only, one.provenance,
            _basis(one.basis), _text(one.value), _text(one.memo),
        ],
        "parts": {part.id: _part(part) for part in one.parts},
        "requirements": {duty.id: _requirement(duty) for duty in one.requirements},
    }  # fmt: skip


def _part(part: PartLaw) -> list[Any]:
    return [
        part.unit, part.better, _text(part.value), _text(part.base), _curve(part.curve),
        part.judged, part.self_item, _text(part.applies), part.annual_only, part.advisable,
        _driver(part.driver),
    ]  # fmt: skip


def _driver(driver: Driver | None) -> list[Any] | None:
    """What advice may raise; what people call it is prose."""
    if driver is None:
        return None
    established = [[item, _text(formula)] for item, formula in driver.establish]
    return [driver.item, driver.cumulative, _text(driver.where), established]


def _curve(curve: Curve | None) -> list[Any] | None:
    if curve is None:
        return None
    cases = [[_text(case.when), _text(case.points), case.provenance] for case in curve.cases]
    worse = [[_text(one.when), _exact(one.points), one.provenance] for one in curve.deductions]
    return [
        _exact(curve.high), _exact(curve.low), cases, sorted(worse), curve.provenance,
        _basis(curve.basis),
    ]  # fmt: skip


def _requirement(duty: Requirement) -> list[Any]:
    return [
        duty.kind, duty.test, _text(duty.value), _text(duty.limit), duty.applies,
        _text(duty.applies_when), _basis(duty.basis), duty.provenance,
    ]  # fmt: skip


def _grades(rulebook: Rulebook) -> list[Any]:
    return [
        _exact(rulebook.bonus_cap),
        rulebook.grades_provenance,
        sorted([band.id, _exact(band.at_least), band.provenance] for band in rulebook.bands),
        sorted(
            [veto.id, _text(veto.when), veto.grade, _basis(veto.basis), veto.provenance]
            for veto in rulebook.vetoes
        ),
    ]
