"""程序 and 异议 of a judging workbook → records, each held against the rules of the procedure."""

from __future__ import annotations

import re
from fractions import Fraction

from supervise.core import judge_book as book
from supervise.core.objection import ENDS, Objection, any_open
from supervise.core.procedure import (
    TAKES_OBJECTIONS,
    Step,
    next_stages,
    signed_stage,
    why_not,
)
from supervise.pipeline.judge.desk import BankFile
from supervise.pipeline.judge.hearing import Hearing
from supervise.read.amounts import typed_date
from supervise.read.judge_entry import Entry
from supervise.read.text import fold, shorten
from supervise.record import replace
from supervise.write.document_indicator import decimal_text

NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")
NUMBERED = "1 至 20 位字母、数字、点或横线，如 Y1"
_NAMES = {stage: name for name, stage in book.STAGES.items()}
_BY_ROW = {name: stage for name, stage in book.STAGES.items() if stage != "objected"}
_AFTER_MARKS = ("reviewed", "notified", "final", "archived")
_RAISED, _RAISED_ROLE = "提出", "登记异议"
_LAST = ("final", "archived")
_WHY = {
    "archived": ("评价已归档，不再登记环节", "归档之后不再改动", "删去该行。"),
    "same_person": ("复审人与初评人是同一人", "初评、复审由不同的人", "由另一人复审。"),
    "objection_open": ("还有异议没有处理完", "异议处理完毕之后终评", "先登记异议的处理结果。"),
    "earlier_day": ("日期早于上一环节", "环节按先后登记", "改正日期。"),
}


def take_procedure(hearing: Hearing) -> None:
    """Every row of the sheets 程序 and 异议, day by day; of one day in the order of the sheets.

    On one day an objection follows the notice, and a final evaluation the answer.
    """
    for entry in sorted(
        (*_entries(hearing, "stages"), *_entries(hearing, "objections")), key=_turn
    ):
        if entry.sheet.id == "stages":
            _take_stage(hearing, entry)
        else:
            _take_objection(hearing, entry)


def _entries(hearing: Hearing, sheet: str) -> tuple[Entry, ...]:
    return hearing.book.entries[sheet]


def _turn(entry: Entry) -> tuple[str, int]:
    day = typed_date(entry.text("on"))
    if entry.sheet.id == "objections":
        rank = 1 if fold(entry.text("state")) == _RAISED else 2
    else:
        rank = 3 if _BY_ROW.get(entry.text("stage")) in _LAST else 0
    return day.isoformat() if day is not None else "", rank


def _take_stage(hearing: Hearing, entry: Entry) -> None:
    from supervise.ledger.later_records import StageStep

    file, stage = hearing.file(entry), entry.choice("stage", _BY_ROW)
    by, role, on = entry.needed("by"), entry.needed("role"), hearing.day(entry, file)
    if file is None or stage is None or not (by and role and on):
        return
    seen, bank = hearing.seen(file), file.stands.bank
    made = StageStep(period=hearing.period, stage=stage, digest=seen, by=by, role=role, on=on)
    if hearing.has(bank, made):
        hearing.known(entry)
        return
    step = Step(stage=stage, digest=seen, by=by, role=role, on=on)
    if (
        hearing.evaluation_is_latest(entry, file)
        and _not_blocked(entry, file)
        and _may_follow(hearing, entry, file, step)
        and (stage not in _AFTER_MARKS or _marks_counted(hearing, entry, file))
    ):
        hearing.sign(file, step)
        hearing.put(entry, bank, made)


def _not_blocked(entry: Entry, file: BankFile) -> bool:
    if file.evaluation.status != "blocked":
        return True
    entry.fail(
        "stage",
        "报送件被阻断，不能登记环节",
        expected="可以评价的报送件（通则 12）",
        fix="待机构更正重报、重新评价之后再登记。",
    )
    return False


def _may_follow(hearing: Hearing, entry: Entry, file: BankFile, step: Step) -> bool:
    steps = hearing.steps(file)
    opened = any_open(hearing.objections(file).values(), hearing.period)
    why = why_not(steps, step, objections_open=opened)
    if why is None:
        return True
    if why == "order":
        now = _NAMES.get(signed_stage(steps), book.UNSIGNED)
        following = "、".join(_NAMES[s] for s in next_stages(steps) if s != "objected")
        entry.fail(
            "stage",
            f"现环节是“{now}”，不能登记“{_NAMES[step.stage]}”",
            expected=f"接着可登记：{following}（程序次序，暂定）",
            fix="按次序登记。",
        )
        return False
    what, expected, fix = _WHY[why]
    key = {"same_person": "by", "earlier_day": "on"}.get(why, "stage")
    entry.fail(key, what, expected=expected, fix=fix)
    return False


def _marks_counted(hearing: Hearing, entry: Entry, file: BankFile) -> bool:
    """Whether the evaluation that was seen counts the marks and corrections in force."""
    if not hearing.changes_marks(file.stands.bank) and counts_marks(file):
        return True
    entry.fail(
        "stage",
        "有评分或调整还没有计入这份评价",
        expected="登记人所见的评价已计入全部评分和调整",
        fix="先导入评分，运行 supervise evaluate --ledger，再重新生成工作簿登记。",
    )
    return False


def counts_marks(file: BankFile) -> bool:
    """Whether a bank's evaluation document counts the marks and corrections of the ledger."""
    marks: dict[str, Fraction] = {}
    for name, one in file.judged.items():
        if one.points is not None and name in file.parts:
            marks[one.indicator] = marks.get(one.indicator, Fraction(0)) + Fraction(one.points)
    told = {i["id"]: (i["judgement"] or {}).get("supervisor") for i in file.document["indicators"]}
    counted = {name: points for name, points in told.items() if points is not None}
    corrected = {one["item"]: one["adjusted"] for one in file.document["adjustments"]}
    return counted == {n: decimal_text(p) for n, p in marks.items()} and corrected == {
        item: decimal_text(Fraction(one.adjusted))
        for item, one in file.adjusted.items()
        if one.adjusted is not None and _stands(file, item, one.filed)
    }


def _stands(file: BankFile, item: str, filed: str | None) -> bool:
    known = None if filed is None else Fraction(filed)
    return decimal_text(known) == decimal_text(file.filed(item))


# --- objections -------------------------------------------------------------------------------


def _take_objection(hearing: Hearing, entry: Entry) -> None:
    file = hearing.file(entry)
    state = entry.choice("state", book.OBJECTIONS)
    by, on = entry.needed("by"), hearing.day(entry, file)
    number = entry.needed("id")
    if file is None or state is None or not (by and on and number):
        return
    if state == "raised":
        _raise(hearing, entry, file, (number, by, on))
    else:
        _answer(hearing, entry, file, state, (number, by, on))


def _raise(hearing: Hearing, entry: Entry, file: BankFile, signed: tuple[str, str, str]) -> None:
    from supervise.ledger.later_records import Objected, StageStep

    number, by, on = signed
    subject, text = entry.needed("subject"), entry.needed("text")
    bank, known = file.stands.bank, hearing.objections(file)
    made = Objected(
        period=hearing.period, objection=number, subject=subject, text=text, by=by, on=on
    )
    if hearing.has(bank, made):
        hearing.known(entry)
        return
    if not (subject and text and _free(entry, number, known)):
        return
    if not hearing.unnamed(entry, by, "subject", "text"):
        return
    digest = file.evaluation.document
    step = Step(stage="objected", digest=digest, by=by, role=_RAISED_ROLE, on=on)
    if not (hearing.evaluation_is_latest(entry, file) and _may_object(hearing, entry, file)):
        return
    known[number] = Objection(period=hearing.period, id=number, subject=subject, text=text, on=on)
    if signed_stage(hearing.steps(file)) == "objected":
        hearing.put(entry, bank, made)
        return
    hearing.sign(file, step)
    role = _RAISED_ROLE
    moved = StageStep(
        period=hearing.period, stage="objected", digest=digest, by=by, role=role, on=on
    )
    hearing.put(entry, bank, made, moved)


def _free(entry: Entry, number: str, known: dict[str, Objection]) -> bool:
    if not NUMBER.fullmatch(number):
        entry.fail("id", f"编号“{shorten(number)}”不能用", expected=NUMBERED, fix="另写一个编号。")
        return False
    if number in known:
        entry.fail(
            "id", f"编号 {number} 已经用过", expected="一项异议一个编号", fix="另写一个编号。"
        )
        return False
    return True


def _may_object(hearing: Hearing, entry: Entry, file: BankFile) -> bool:
    stage = signed_stage(hearing.steps(file))
    if stage in TAKES_OBJECTIONS:
        return True
    entry.fail(
        "state",
        f"现环节是“{_NAMES.get(stage, book.UNSIGNED)}”，不能提出异议",
        expected="通报之后、终评之前（程序次序，暂定）",
        fix="先登记通报；终评之后的不再登记异议。",
    )
    return False


def _answer(
    hearing: Hearing, entry: Entry, file: BankFile, state: str, signed: tuple[str, str, str]
) -> None:
    from supervise.ledger.later_records import ObjectionStep

    number, by, on = signed
    answered = state in ENDS and state != "withdrawn"  # the bank itself took it back
    answer = entry.needed("answer") if answered else entry.text("answer")
    bank, known = file.stands.bank, hearing.objections(file).get(number)
    made = ObjectionStep(
        period=hearing.period, objection=number, state=state, text=answer, by=by, on=on
    )
    if hearing.has(bank, made):
        hearing.known(entry)
        return
    if known is None or known.concluded or on < (known.stated_on or known.on):
        entry.fail(
            "id",
            f"异议 {shorten(number)} " + _why_no_answer(known),
            expected="已提出、未处理完的异议，按先后登记",
            fix="改正编号或日期。",
        )
    elif (answer or not answered) and hearing.unnamed(entry, by, "answer"):
        told = replace(known, state=state, answer=answer, stated_on=on)
        hearing.objections(file)[number] = told
        hearing.put(entry, bank, made)


def _why_no_answer(known: Objection | None) -> str:
    if known is None:
        return "没有提出过"
    return "已经处理完" if known.concluded else "的处理日期早于上一次登记"
