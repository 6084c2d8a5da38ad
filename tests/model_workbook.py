"""A submission in memory written as the workbook that a bank would have filed."""

from __future__ import annotations

from supervise.core.layout import FormSet
from supervise.core.model import Fact, Value
from supervise.pipeline.case import Case
from supervise.pipeline.law.model_filing import NOT_APPLICABLE
from supervise.write.sheets import write_template

LOCKED = ("fixed", "reference")


def workbook_of(case: Case) -> bytes:
    """A submission written as a workbook, every figure as it is, totals included."""
    filed = case.submission
    locked = _locked(case.rulebook.forms)
    values = {
        item: value
        for item, fact in filed.facts.items()
        if item not in locked and (value := _written(fact)) is not None
    }
    tables = {
        name: [{i: v for i, f in row.items() if (v := _written(f)) is not None} for row in rows]
        for name, rows in filed.tables.items()
    }
    return write_template(case.rulebook.forms, period=filed.period, values=values, tables=tables)


def _written(fact: Fact) -> Value | None:
    if fact.state == "not_applicable":
        return NOT_APPLICABLE
    return fact.value if fact.state == "given" else None


def _locked(forms: FormSet) -> frozenset[str]:
    return frozenset(p.item for form in forms.forms for p in form.placed if p.kind in LOCKED)
