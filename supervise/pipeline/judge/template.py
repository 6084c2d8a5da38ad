"""The judging workbook of a period, made of what the ledger has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from supervise.core import judge_book as book
from supervise.core.demands import Demand
from supervise.core.period import Period
from supervise.core.procedure import next_stages, signed_stage
from supervise.core.supervision import OPEN
from supervise.errors import UsageError
from supervise.pipeline.judge.desk import BankFile, Desk, figure_text
from supervise.pipeline.ledger.opening import require_ledger
from supervise.pipeline.saving import save
from supervise.pipeline.template import parse_period
from supervise.read.words import read_words
from supervise.read.yaml import nearest
from supervise.settings import Settings

_STAGE_NAMES = {stage: name for name, stage in book.STAGES.items()}
_OBJECTION_NAMES = {state: name for name, state in book.OBJECTIONS.items()}
_DEMAND_NAMES = {state: name for name, state in book.DEMANDS.items()}
_SCALES = {1: "元", 10_000: "万元", 100_000_000: "亿元"}
_UNITS = {"ratio": "%", "bp": "BP", "count": "", "days": "天", "points": "分"}
Rows = dict[str, list[dict[str, str]]]


def write_judge_template(
    period: str, output: Path, banks: Sequence[str], option: str | None, settings: Settings
) -> str:
    """Write the workbook; what to tell people.

    Args:
        period: As ``2026Q3``.
        output: The ``.xlsx``.
        banks: Codes; none: all that filed.
        option: What ``--ledger`` says.
        settings: Names overlay and language.

    Raises:
        UsageError: The period, a bank or the file is wrong.
        LedgerError: The ledger cannot be used.
    """
    quarter = parse_period(period)
    with require_ledger(option) as ledger:
        desk = Desk(ledger, quarter, settings)
        files = _files(desk, banks)
        data = judging_bytes(desk, files)
    save(
        output,
        data,
        what="评分工作簿写不进文件",
        expected="可以写入的 .xlsx 文件",
        fix="检查路径和权限；若正在 Excel 或 WPS 中打开，请先关闭。",
    )
    return read_words(settings.lang)("judge.template", n=len(files), period=quarter, path=output)


def judging_bytes(desk: Desk, files: Sequence[BankFile]) -> bytes:
    """The workbook for some banks."""
    from supervise.write.sheet_judge import judging_workbook

    rows: Rows = {}
    for one in files:
        told = {"bank": one.stands.bank, "name": one.stands.filed.name}
        for sheet, found in (
            (book.MARKS, _marks(one)),
            (book.CORRECTIONS, _corrections(one, desk)),
            (book.STAGES_SHEET, _stage(one)),
            (book.OBJECTIONS_SHEET, _objections(one, desk.period)),
            (book.DEMANDS_SHEET, _demands(one)),
        ):
            rows.setdefault(sheet.id, []).extend({**told, **row} for row in found)
    return judging_workbook(desk.period, rows, _items(desk))


def _files(desk: Desk, banks: Sequence[str]) -> list[BankFile]:
    """The banks that were asked for; all that were evaluated by default."""
    found = []
    for bank in banks or desk.standing:
        one = desk.file(bank)
        if one is not None:
            found.append(one)
        elif banks:
            near = nearest(bank, desk.standing)
            raise UsageError(
                f"台账里没有机构 {bank} {desk.period} 的评价",
                expected=f"相近的机构代码：{near or '无'}",
                fix="改正机构代码；尚未评价的，先运行 supervise evaluate --ledger。",
                code="judging_invalid",
            )
    if not found:
        raise UsageError(
            f"台账里没有 {desk.period} 的评价",
            expected="已用 supervise evaluate --ledger 评价过的报告期",
            fix="改正报告期，或先评价。",
            code="judging_invalid",
        )
    return found


def _marks(one: BankFile) -> Iterator[dict[str, str]]:
    for part in one.parts.values():
        yield {
            "part": part.id,
            "what": f"{part.indicator.name}·{part.part.name}",
            "judged": part.indicator.what,
            "max": figure_text(str(part.curve.high)),
            "self": one.document["facts"].get(part.part.self_item, ""),
            "present": one.mark(part.id),
        }


def _corrections(one: BankFile, desk: Desk) -> Iterator[dict[str, str]]:
    for item, made in one.adjusted.items():
        figure = desk.figures.get(item)
        if made.adjusted is not None and figure is not None:
            yield {
                "item": item,
                "name": figure.item.name,
                "filed": figure.shown(one.filed(item)),
                "present": one.correction(figure),
            }


def _stage(one: BankFile) -> Iterator[dict[str, str]]:
    now = signed_stage(one.steps)
    yield {
        "present": _STAGE_NAMES.get(now, book.UNSIGNED),
        "next": "、".join(_STAGE_NAMES[stage] for stage in next_stages(one.steps)),
        "seen": one.evaluation.document,
    }


def _objections(one: BankFile, period: Period) -> Iterator[dict[str, str]]:
    for objection in one.said.objections:
        if objection.period == str(period):
            yield {
                "id": objection.id,
                "subject": objection.subject,
                "text": objection.text,
                "present": _OBJECTION_NAMES[objection.state],
            }


def _demands(one: BankFile) -> Iterator[dict[str, str]]:
    """Items of the evaluation that are open, and what the office demanded and is not closed."""
    told = {(d.period, d.id): d for d in one.said.demands}
    for item in one.document["rectification"]:
        key = (item["since"], item["id"])
        if key not in told and item["status"] in OPEN:
            yield _item_row(item)
    for demand in told.values():
        if not demand.closed:
            yield _demand_row(demand)


def _item_row(item: Mapping[str, Any]) -> dict[str, str]:
    return {
        "since": item["since"],
        "id": item["id"],
        "requirement": item["requirement"],
        "present": book.UNDEMANDED,
        "due_now": item["due"] or "",
    }


def _demand_row(demand: Demand) -> dict[str, str]:
    return {
        "since": demand.period,
        "id": demand.id,
        "requirement": demand.requirement,
        "text": demand.text,
        "present": _DEMAND_NAMES[demand.state],
        "due_now": demand.due,
    }


def _items(desk: Desk) -> list[Any]:
    from supervise.write.sheet_judge_guide import Known

    found = []
    for item, figure in desk.figures.items():
        unit = _UNITS.get(figure.item.unit)
        scale = _SCALES.get(int(figure.manner.money_scale), "元")
        found.append(
            Known(
                item, figure.item.name, scale if unit is None else unit, figure.sheet,
                figure.address,
            )
        )  # fmt: skip
    return found
