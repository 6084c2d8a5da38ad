"""监管评分 and 监管调整 of a judging workbook → records, each held against law and filing."""

from __future__ import annotations

from fractions import Fraction

from supervise.core.judge_book import WITHDRAW
from supervise.core.law import Curve
from supervise.pipeline.judge.desk import BankFile, PlacedFigure
from supervise.pipeline.judge.hearing import Hearing
from supervise.read.judge_entry import Entry
from supervise.read.text import fold, shorten
from supervise.read.yaml import nearest
from supervise.write.document_indicator import decimal_text

_STALE_FIX = "重新生成评分工作簿，看过现有的再填。"


def take_marks(hearing: Hearing) -> None:
    """Every row of the sheet 监管评分."""
    seen: set[tuple[str, str]] = set()
    for entry in hearing.book.entries["marks"]:
        _take_mark(hearing, entry, seen)


def _take_mark(hearing: Hearing, entry: Entry, seen: set[tuple[str, str]]) -> None:
    from supervise.ledger.canonical import exact_text
    from supervise.ledger.later_records import Judged

    file = hearing.file(entry)
    points, reason, by = entry.points("points"), entry.needed("reason"), entry.needed("by")
    on, name = hearing.day(entry, file), entry.needed("part")
    if file is None or not (name and reason and by and on) or points is None:
        return
    if not (_single(entry, (file.stands.bank, name), seen) and _fits(entry, file, name, points)):
        return
    indicator, _, part = name.partition(".")
    told = exact_text(points) if isinstance(points, Fraction) else None
    made = Judged(
        period=hearing.period, indicator=indicator, part=part, points=told,
        reason=reason, by=by, on=on,
    )  # fmt: skip
    before = file.judged.get(name)
    if made == before:
        hearing.known(entry)
        return
    if not (hearing.filing_stands(entry, file) and hearing.takes_marks(entry, file)):
        return
    if _current(entry, file.mark(name), "points", withdraws=told is None):
        hearing.put(entry, file.stands.bank, made, replaces=before is not None)
        hearing.note_marked(file.stands.bank)


def _single(entry: Entry, key: tuple[str, str], seen: set[tuple[str, str]]) -> bool:
    if key in seen:
        column = entry.sheet.columns[2].key if entry.sheet.id == "marks" else "item"
        entry.fail(
            column,
            f"{key[0]} {shorten(key[1])} 写了两行",
            expected="一家机构一项一行",
            fix="只留有效的一行。",
        )
        return False
    seen.add(key)
    return True


def _fits(entry: Entry, file: BankFile, name: str, points: Fraction | str) -> bool:
    """Whether the law lets a supervisor mark this part for this bank, and so high."""
    part = file.parts.get(name)
    if part is None:
        near = nearest(name, file.parts)
        entry.fail(
            "part",
            f"“{shorten(name)}”不是该机构的定性评分项",
            expected=f"评价规则对该机构适用的定性评分项；相近的：{near or '无'}",
            fix="改正评分项编号；不适用的删去该行。",
        )
        return False
    return isinstance(points, str) or _in_range(entry, part.curve, points)


def _in_range(entry: Entry, curve: Curve, points: Fraction) -> bool:
    if curve.low <= points <= curve.high:
        return True
    entry.fail(
        "points",
        f"分值 {decimal_text(points)} 超出范围",
        expected=f"{decimal_text(curve.low)} 至 {decimal_text(curve.high)} 分（评价规则）",
        fix="改正分值。",
    )
    return False


def _current(entry: Entry, in_force: str, key: str, *, withdraws: bool) -> bool:
    """Whether the row was written in view of what is in force; a fault if not."""
    if fold(entry.text("present")) != fold(in_force):
        entry.fail(
            key,
            f"其间已另有登记：现为 {in_force or '无'}",
            expected=f"填写时所见（{entry.text('present') or '无'}）就是现有的",
            fix=_STALE_FIX,
        )
        return False
    if withdraws and not in_force:
        entry.fail(key, "没有可以撤销的", expected="先有评分或调整", fix="清空该行。")
        return False
    return True


# --- corrections ------------------------------------------------------------------------------


def take_corrections(hearing: Hearing) -> None:
    """Every row of the sheet 监管调整."""
    seen: set[tuple[str, str]] = set()
    for entry in hearing.book.entries["corrections"]:
        _take_correction(hearing, entry, seen)


def _take_correction(hearing: Hearing, entry: Entry, seen: set[tuple[str, str]]) -> None:
    from supervise.ledger.canonical import exact_text
    from supervise.ledger.later_records import Adjusted

    file, figure = hearing.file(entry), _figure(hearing, entry)
    reason, evidence = entry.needed("reason"), entry.needed("evidence")
    by, on = entry.needed("by"), hearing.day(entry, file)
    entry.needed("adjusted")
    if file is None or figure is None or not (reason and evidence and by and on):
        return
    values = _values(entry, figure)
    if values is None or not _single(entry, (file.stands.bank, figure.item.id), seen):
        return
    filed, adjusted = values
    made = Adjusted(
        period=hearing.period, item=figure.item.id, filed=exact_text(filed),
        adjusted=exact_text(adjusted), reason=reason, evidence=evidence, by=by, on=on,
    )  # fmt: skip
    before = file.adjusted.get(figure.item.id)
    if made == before:
        hearing.known(entry)
    elif _may_correct(hearing, entry, file, figure, made_of=(filed, adjusted)):
        hearing.put(entry, file.stands.bank, made, replaces=before is not None)
        hearing.note_marked(file.stands.bank)


def _figure(hearing: Hearing, entry: Entry) -> PlacedFigure | None:
    name = entry.needed("item")
    found = hearing.desk.figures.get(name)
    if name and found is None:
        near = nearest(name, hearing.desk.figures)
        entry.fail(
            "item",
            f"没有可调整的数据项“{shorten(name)}”",
            expected=f"“数据项”表所列编号；相近的：{near or '无'}",
            fix="改正编号。",
        )
    return found


def _values(entry: Entry, figure: PlacedFigure) -> tuple[Fraction | None, Fraction | None] | None:
    """What was filed and what it is corrected to, None for a withdrawal; None after a fault."""
    read, filed = entry.figure("filed", figure.item, figure.manner)
    text = entry.text("adjusted")
    if not read or not text:
        return None
    if fold(text) == WITHDRAW:
        return filed, None
    told, adjusted = entry.figure("adjusted", figure.item, figure.manner)
    if not told:
        return None
    if adjusted is None or adjusted == filed or (adjusted < 0 and not figure.item.signed):
        entry.fail(
            "adjusted",
            f"调整后“{shorten(text)}”不成立",
            expected="与填报值不同的数" + ("" if figure.item.signed else "，不小于零"),
            fix=f"改正；不再调整的写“{WITHDRAW}”。",
        )
        return None
    return filed, adjusted


def _may_correct(
    hearing: Hearing,
    entry: Entry,
    file: BankFile,
    figure: PlacedFigure,
    *,
    made_of: tuple[Fraction | None, Fraction | None],
) -> bool:
    filed, adjusted = made_of
    if not (hearing.filing_stands(entry, file) and hearing.takes_marks(entry, file)):
        return False
    known = file.filed(figure.item.id)
    if decimal_text(filed) != decimal_text(known):
        entry.fail(
            "filed",
            f"填报值 {figure.shown(filed) or '（空）'} 与有效报送件不符",
            expected=f"{figure.sheet}!{figure.address} 填报 {figure.shown(known) or '（空）'}",
            fix="核对报送件，照抄填报值；单位与报送表相同。",
        )
        return False
    return _current(entry, file.correction(figure), "adjusted", withdraws=adjusted is None)
