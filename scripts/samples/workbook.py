"""From an invented bank's values to the bytes of its submission workbook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache

from samples.figures import FILED_ON, values_of
from samples.mechanisms import branches
from samples.profile import Profile
from supervise.core.layout import FormSet
from supervise.core.model import Value
from supervise.core.period import Period
from supervise.read.forms import read_forms
from supervise.write.sheets import write_template

STATUS = "COVER_status_"


@cache
def forms_of(period: str) -> FormSet:
    """The forms in force for a period; read once."""
    return read_forms(Period.parse(period)).forms


def typed_in(forms: FormSet, values: Mapping[str, Value]) -> dict[str, Value]:
    """What the bank types itself: no total, no reference, nothing on a sheet without figures."""
    kept: dict[str, Value] = {}
    for form in forms.forms:
        if values.get(form.status_item, "正常") == "正常":
            for placed in form.placed:
                if placed.kind == "input" and placed.item in values:
                    kept[placed.item] = values[placed.item]
    return kept


def explanations(profile: Profile, period: str) -> list[dict[str, Value]]:
    """Rows of sheet XW8."""
    day: date = FILED_ON[period]
    return [
        {
            "XW8_check": check,
            "XW8_cell": cell,
            "XW8_reason_code": reason,
            "XW8_text": text,
            "XW8_by": "示例甲",
            "XW8_on": day,
        }
        for check, cell, reason, text in profile.explained
    ]


def workbook(profile: Profile, period: str, changed: Mapping[str, Value] | None = None) -> bytes:
    """A bank's filled workbook.

    Args:
        profile: The bank.
        period: ``2026Q3``.
        changed: Items that this file shows differently, totals and references included.
    """
    forms = forms_of(period)
    values = typed_in(forms, values_of(profile, period)) | dict(changed or {})
    tables: dict[str, list[dict[str, Value]]] = {}
    if "XW2" not in profile.not_applicable:
        tables["XW2_branches"] = branches(profile, FILED_ON[period].year)
    if profile.explained:
        tables["XW8_explanations"] = explanations(profile, period)
    return write_template(forms, period=Period.parse(period), values=values, tables=tables)


def resubmitted(reason: str) -> dict[str, Value]:
    """What the cover of a second filing says."""
    return {
        "COVER_filing": "重报",
        "COVER_sequence": Decimal(2),
        "COVER_resubmission_reason": reason,
        "COVER_filed_on": date(2026, 10, 21),
    }
