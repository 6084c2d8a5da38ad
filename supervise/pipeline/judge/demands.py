"""整改 and 承继 of a judging workbook → records, each held against what the ledger has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from supervise.core import judge_book as book
from supervise.core.demands import Demand
from supervise.core.period import quarter_of
from supervise.core.procedure import signed_stage
from supervise.pipeline.judge.desk import BankFile
from supervise.pipeline.judge.hearing import Hearing
from supervise.pipeline.judge.steps import NUMBER
from supervise.read.judge_entry import Entry
from supervise.read.text import shorten
from supervise.record import record, replace

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.later_records import Rectification, RectificationStep, Succession

ADDED = "added."
_DATED = ("demanded", "extended")


@record(kw_only=True)
class _Row:
    """A row of 整改 whose own cells are sound."""

    file: BankFile
    period: str
    id: str
    state: str
    evidence: str
    due: str
    by: str
    on: str

    @property
    def bank(self) -> str:
        """Its code."""
        return self.file.stands.bank


def take_demands(hearing: Hearing) -> None:
    """Every row of the sheet 整改."""
    told: dict[tuple[str, str, str], Demand] = {}
    for entry in hearing.book.entries["demands"]:
        row = _row(hearing, entry)
        if row is None:
            continue
        key = (row.bank, row.period, row.id)
        known = told.get(key) or _known(row)
        if row.state == "demanded":
            made = _demanded(hearing, entry, row, known)
        else:
            made = _stepped(hearing, entry, row, known)
        if made is not None:
            told[key] = made


def _row(hearing: Hearing, entry: Entry) -> _Row | None:
    file, state = hearing.file(entry), entry.choice("state", book.DEMANDS)
    by, on, number = entry.needed("by"), hearing.day(entry, file), entry.needed("id")
    dated = state in _DATED
    due = entry.day("due") if dated else ""
    evidence = entry.text("evidence") if state == "demanded" else entry.needed("evidence")
    since = _since(hearing, entry)
    if not dated and state is not None and entry.text("due"):
        entry.fail("due", "这个动作不填整改期限", expected="下达、延期才填期限", fix="清空期限。")
    if file is None or state is None or not (by and on and number and since):
        return None
    if (dated and not due) or (not evidence and state != "demanded"):
        return None
    if dated and due < on:
        entry.fail("due", f"期限 {due} 早于登记日期", expected=f"不早于 {on}", fix="改正期限。")
        return None
    name = number if "." in number else f"{ADDED}{number}"
    return _Row(
        file=file, period=since, id=name, state=state, evidence=evidence, due=due, by=by, on=on
    )


def _since(hearing: Hearing, entry: Entry) -> str:
    """The period in which an item was first found; this one where the cell is blank."""
    text = entry.text("since") or hearing.period
    found = quarter_of(text)
    if found is None or found > hearing.desk.period:
        entry.fail(
            "since",
            f"起始报告期“{shorten(text)}”不对",
            expected=f"不晚于 {hearing.period} 的报告期",
            fix="改正；新增的留空。",
        )
        return ""
    return str(found)


def _known(row: _Row) -> Demand | None:
    return next(
        (d for d in row.file.said.demands if (d.period, d.id) == (row.period, row.id)), None
    )


def _demanded(hearing: Hearing, entry: Entry, row: _Row, known: Demand | None) -> Demand | None:
    from supervise.ledger.later_records import Rectification

    found = _of_evaluation(row)
    if found is None and not _may_be_added(hearing, entry, row):
        return None
    requirement = entry.needed("requirement")
    text = entry.text("text") or (requirement if found is not None else entry.needed("text"))
    if not (requirement and text):
        return None
    made = Rectification(
        period=row.period, rectification=row.id, requirement=requirement, text=text,
        due=row.due, by=row.by, on=row.on,
    )  # fmt: skip
    if hearing.has(row.bank, made):
        hearing.known(entry)
        return known
    if not (_may_demand(hearing, entry, row, known) and _unnamed(hearing, entry, row)):
        return None
    hearing.put(entry, row.bank, made)
    return _as_demand(made)


def _as_demand(made: Rectification) -> Demand:
    return Demand(
        period=made.period, id=made.rectification, requirement=made.requirement,
        text=made.text, due=made.due, on=made.on,
    )  # fmt: skip


def _of_evaluation(row: _Row) -> Mapping[str, object] | None:
    """The item of the evaluation that the row speaks of."""
    for item in row.file.document["rectification"]:
        if (item["since"], item["id"]) == (row.period, row.id):
            found: Mapping[str, object] = item
            return found
    return None


def _may_be_added(hearing: Hearing, entry: Entry, row: _Row) -> bool:
    """Whether an item that the evaluation does not have may be added under this number."""
    number = row.id.removeprefix(ADDED)
    if row.id.startswith(ADDED) and NUMBER.fullmatch(number) and row.period == hearing.period:
        return True
    entry.fail(
        "id",
        f"评价里没有整改事项 {shorten(row.id)}（{row.period}）",
        expected="所列事项的编号；另增的用本期、自定编号，如 A1",
        fix="改正编号；另增的把起始报告期留空。",
    )
    return False


def _may_demand(hearing: Hearing, entry: Entry, row: _Row, known: Demand | None) -> bool:
    if known is not None:
        entry.fail(
            "state",
            f"整改 {shorten(row.id)} 已经下达，期限 {known.due}",
            expected="一项下达一次",
            fix="改期限用“延期”；另一项换一个编号。",
        )
        return False
    if signed_stage(row.file.steps) == "archived" and row.period == hearing.period:
        entry.fail(
            "state",
            "评价已归档，不再下达整改",
            expected="归档之前下达；之后只登记进展",
            fix="删去该行；新的问题在下一期下达。",
        )
        return False
    return hearing.filing_stands(entry, row.file)


def _stepped(hearing: Hearing, entry: Entry, row: _Row, known: Demand | None) -> Demand | None:
    from supervise.ledger.later_records import RectificationStep

    made = RectificationStep(
        period=row.period, rectification=row.id, state=row.state, evidence=row.evidence,
        due=row.due or None, by=row.by, on=row.on,
    )  # fmt: skip
    if hearing.has(row.bank, made):
        hearing.known(entry)
        return known
    if not (_may_step(entry, row, known) and _unnamed(hearing, entry, row)):
        return None
    hearing.put(entry, row.bank, made)
    return _moved(known, made) if known is not None else None


def _moved(demand: Demand, made: RectificationStep) -> Demand:
    state: dict[str, object] = {"state": made.state}
    due = made.due or demand.due
    return replace(demand, evidence=made.evidence, due=due, on=made.on, **state)


def _may_step(entry: Entry, row: _Row, known: Demand | None) -> bool:
    if known is None:
        what = f"整改 {shorten(row.id)}（{row.period}）还没有下达"
        entry.fail("state", what, expected="先下达，再登记进展", fix="先登记下达和期限。")
    elif known.closed:
        what = f"整改 {shorten(row.id)} 已经了结"
        entry.fail("state", what, expected="未了结的整改", fix="删去该行。")
    elif row.on < known.on:
        what = f"日期 {row.on} 早于上一次登记 {known.on}"
        entry.fail("on", what, expected="按先后登记", fix="改正日期。")
    elif row.state == "extended" and row.due <= known.due:
        what = f"新期限 {row.due} 不晚于现期限 {known.due}"
        entry.fail("due", what, expected=f"晚于 {known.due}", fix="改正期限。")
    else:
        return True
    return False


def _unnamed(hearing: Hearing, entry: Entry, row: _Row) -> bool:
    return hearing.unnamed(entry, row.by, "requirement", "text", "evidence")


# --- successions ------------------------------------------------------------------------------


def take_successions(hearing: Hearing) -> None:
    """Every row of the sheet 承继."""
    from supervise.ledger.later_records import Succession
    from supervise.ledger.records import Filed

    entries = hearing.book.entries["successions"]
    filers = {bank for bank, _ in hearing.desk.ledger.records(Filed)} if entries else set()
    for entry in entries:
        file, before = hearing.file(entry), entry.code("predecessor")
        start, basis = entry.needed("from_period"), entry.needed("basis")
        continues = entry.choice("continues", {book.YES: True, book.NO: False})
        by, on = entry.needed("by"), hearing.day(entry, None)
        if file is None or continues is None or not (before and start and basis and by and on):
            continue
        if not _succeeds(entry, file.stands.bank, before, start, filers):
            continue
        made = Succession(
            predecessor=before, from_period=start, continues=continues,
            basis=basis, by=by, on=on,
        )  # fmt: skip
        if hearing.has(file.stands.bank, made):
            hearing.known(entry)
        elif _first_told(hearing, entry, made):
            hearing.put(entry, file.stands.bank, made)


def _succeeds(entry: Entry, bank: str, before: str, start: str, filers: set[str]) -> bool:
    if quarter_of(start) is None:
        what = f"起始报告期“{shorten(start)}”不能识别"
        entry.fail("from_period", what, expected="如 2026Q1", fix="改正报告期。")
        return False
    if before == bank or before not in filers:
        what = f"被承继机构 {shorten(before)} " + ("就是本机构" if before == bank else "没有报送过")
        entry.fail("predecessor", what, expected="台账里报送过的另一机构", fix="改正机构代码。")
        return False
    return True


def _first_told(hearing: Hearing, entry: Entry, made: Succession) -> bool:
    """Whether no other succession of the same predecessor is known; a fault if one is."""
    for to, one in hearing.successions:
        if one.predecessor == made.predecessor:
            what = f"机构 {one.predecessor} 已登记由 {to} 自 {one.from_period} 承继"
            entry.fail("predecessor", what, expected="一家机构只被承继一次", fix="删去该行。")
            return False
    hearing.successions.append((entry.code("bank"), made))
    return True
