"""整改 past its day, of all banks: what the office demanded, and days set in evaluations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from supervise.core.demands import Demand
from supervise.core.supervision import OPEN
from supervise.pipeline.ledger.marks import all_demands
from supervise.pipeline.ledger.opening import require_ledger
from supervise.read.words import read_words
from supervise.record import record
from supervise.settings import Settings

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.ledger import Ledger
    from supervise.ledger.standing import Standing

SCHEMA = "supervise/overdue/1"
COLUMNS = ("code", "name", "since", "id", "what", "due", "days", "state", "evidence")
_WIDTHS = {"name": 34.0, "id": 30.0, "what": 48.0, "evidence": 40.0}
Form = Literal["text", "json", "xlsx"]


@record(kw_only=True)
class Overdue:
    """One item that is past its day."""

    bank: str
    name: str
    demand: Demand
    days: int


def overdue_items(ledger: Ledger, day: date) -> list[Overdue]:
    """Every open item past its day, the longest overdue first."""
    latest = dict(_latest(ledger))
    found: list[Overdue] = []
    for bank in sorted({*latest, *(demands := all_demands(ledger))}):
        stands = latest.get(bank)
        for demand in _open(ledger, stands, demands.get(bank, [])):
            if days := demand.days_over(day) if demand.due else 0:
                name = stands.filed.name if stands is not None else ""
                found.append(Overdue(bank=bank, name=name, demand=demand, days=days))
    return sorted(found, key=lambda o: (-o.days, o.bank, o.demand.period, o.demand.id))


def _latest(ledger: Ledger) -> Iterator[tuple[str, Standing]]:
    """Each bank's standing filing of the latest period for which it has an evaluation."""
    from supervise.ledger.records import Evaluated

    last: dict[str, str] = {}
    for bank, one in ledger.records(Evaluated):
        last[bank] = max(last.get(bank, ""), one.period)
    for period in sorted(set(last.values())):
        for bank, stands in ledger.all_standing(period).items():
            if last.get(bank) == period:
                yield bank, stands


def _open(ledger: Ledger, stands: Standing | None, demands: list[Demand]) -> list[Demand]:
    """What the office demanded, and items with a day that only the evaluation has."""
    told = {(one.period, one.id) for one in demands}
    packed = ledger.document(stands) if stands is not None else None
    items: list[dict[str, Any]] = json.loads(packed)["rectification"] if packed else []
    return demands + [
        Demand(
            period=item["since"], id=item["id"], requirement=item["requirement"],
            text=item["requirement"], due=item["due"], evidence=item["evidence"] or "",
        )
        for item in items
        if item["due"] and item["status"] in OPEN and (item["since"], item["id"]) not in told
    ]  # fmt: skip


def overdue_data(option: str | None, day: date, form: Form, settings: Settings) -> bytes:
    """The list in one of its forms.

    Raises:
        UsageError: No ledger was named.
        LedgerError: It cannot be used.
    """
    with require_ledger(option) as ledger:
        found = overdue_items(ledger, day)
    if form == "json":
        from supervise.json_text import to_json

        return to_json(_document(found, day)).encode()
    if form == "xlsx":
        return _workbook(found, day, settings)
    return _text(found, day, settings).encode("utf-8", "replace")


def _document(found: list[Overdue], day: date) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "on": day.isoformat(),
        "items": [
            {
                "bank": {"code": one.bank, "name": one.name},
                "since": one.demand.period,
                "id": one.demand.id,
                "requirement": one.demand.requirement,
                "text": one.demand.text,
                "due": one.demand.due,
                "days_overdue": one.days,
                "state": one.demand.state,
                "evidence": one.demand.evidence or None,
            }
            for one in found
        ],
    }


def _cells(one: Overdue, settings: Settings) -> tuple[str, ...]:
    demand = one.demand
    state = read_words(settings.lang)(f"judge.demand.{demand.state}")
    return (
        one.bank, one.name, demand.period, demand.id, demand.text, demand.due, str(one.days),
        state, demand.evidence,
    )  # fmt: skip


def _text(found: list[Overdue], day: date, settings: Settings) -> str:
    words = read_words(settings.lang)
    if not found:
        return words("judge.overdue.none", day=day) + "\n"
    banks = len({one.bank for one in found})
    lines = [words("judge.overdue.head", day=day, n=len(found), banks=banks)]
    for one in found:
        told = dict(zip(COLUMNS, _cells(one, settings), strict=True))
        lines.append(words("judge.overdue.line", **told))
    return "\n".join(lines) + "\n"


def _workbook(found: list[Overdue], day: date, settings: Settings) -> bytes:
    import io

    from supervise.write.sheet_list import Column, Table, draw_tables
    from supervise.write.sheet_pack import finish

    words = read_words(settings.lang)
    columns = tuple(
        Column(words(f"judge.overdue.{name}"), _WIDTHS.get(name, 20.0), figures=name == "days")
        for name in COLUMNS
    )
    rows = tuple(_cells(one, settings) for one in found)
    title = words("judge.overdue.title", day=day)
    none = words("judge.overdue.none", day=day)
    table = Table(words("judge.overdue.sheet"), (), columns, rows, ("",) * len(rows), none)
    target = io.BytesIO()
    draw_tables([table], title, words("check.list.heading")).save(target)
    return finish(target.getvalue(), {}, day)
