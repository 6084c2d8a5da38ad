"""One judging workbook held against the ledger: what is new, what is known, what is wrong.

Nothing is appended here. Each fault has its cell; a fault that concerns all rows of a bank is told
once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from supervise.core.objection import Objection
from supervise.core.procedure import TAKES_MARKS, Step, signed_stage
from supervise.pipeline.judge.desk import BankFile, Desk
from supervise.read.judge_book import JudgeBook
from supervise.read.judge_entry import CellFaults, Entry
from supervise.read.text import half_width, shorten
from supervise.read.yaml import nearest
from supervise.record import record

if TYPE_CHECKING:  # only where a ledger is named
    from supervise.ledger.kinds import Record
    from supervise.ledger.later_records import Succession

_REMADE = "重新生成评分工作簿，核对后再填。"


@record(frozen=False)
class Counts:
    """What a sheet brings."""

    new: int = 0
    replaced: int = 0
    unchanged: int = 0


class Hearing:
    """Takes rows one by one.

    Args:
        desk: The banks of the period.
        book: The workbook.
        faults: Takes what is wrong.
        today: No row may be dated later.

    Attributes:
        records: What is to be appended, by bank.
        counts: By sheet id.
    """

    def __init__(self, desk: Desk, book: JudgeBook, faults: CellFaults, today: date) -> None:
        self.desk = desk
        self.book = book
        self.faults = faults
        self.today = today
        self.period = str(desk.period)
        self.records: dict[str, list[Record]] = {}
        self.counts: dict[str, Counts] = {}
        self._shown = _shown(book.told)
        self._kept = _kept(desk)
        self._told: set[tuple[str, str]] = set()
        self._marked: set[str] = set()
        self._steps: dict[str, tuple[Step, ...]] = {}
        self._objections: dict[str, dict[str, Objection]] = {}

    # --- what a row is about ------------------------------------------------------------------

    def file(self, entry: Entry) -> BankFile | None:
        """The bank of a row, if its evaluation is at hand and the workbook was made of it."""
        bank = entry.code("bank")
        found = self.desk.file(bank) if bank else None
        if bank and found is None:
            near = nearest(bank, self.desk.standing)
            self._once(
                entry,
                bank,
                f"台账里没有机构 {shorten(bank)} {self.period} 的评价",
                expected=f"已评价的机构；相近的代码：{near or '无'}",
                fix="改正机构代码；尚未评价的，先运行 supervise evaluate --ledger。",
            )
        elif found is not None and bank not in self._shown:
            self._once(
                entry,
                bank,
                f"本工作簿不是为机构 {bank} 生成的",
                expected="“程序”表列出的机构",
                fix=f"用 --bank {bank} 重新生成评分工作簿。",
            )
            return None
        return found

    def seen(self, file: BankFile) -> str:
        """Digest of the evaluation document that the workbook was made of."""
        return self._shown.get(file.stands.bank, "")

    def filing_stands(self, entry: Entry, file: BankFile) -> bool:
        """Whether the filing that the row speaks of still stands; a fault if not."""
        filed = file.stands.filed
        if (file.stands.bank, self.seen(file), filed.sha256) in self._kept:
            return True
        self._once(
            entry,
            file.stands.bank,
            f"{file.stands.bank} 的有效报送件已换（现为第 {filed.sequence} 次报送），"
            "本工作簿依据的是以前的",
            expected="填写依据的报送件就是有效报送件",
            fix=_REMADE,
        )
        return False

    def evaluation_is_latest(self, entry: Entry, file: BankFile) -> bool:
        """Whether no newer evaluation came since the workbook was made; a fault if one did."""
        if self.seen(file) == file.evaluation.document:
            return True
        self._once(
            entry,
            file.stands.bank,
            f"{file.stands.bank} 已有更新的评价（摘要 {file.evaluation.document[:12]}）",
            expected=f"登记人所见的就是最新评价（工作簿所载 {self.seen(file)[:12] or '无'}）",
            fix=_REMADE,
        )
        return False

    def takes_marks(self, entry: Entry, file: BankFile) -> bool:
        """Whether marks and corrections may still change; a fault if not."""
        stage = signed_stage(file.steps)
        if stage in TAKES_MARKS:
            return True
        archived = stage == "archived"
        self._once(
            entry,
            file.stands.bank,
            f"{file.stands.bank} 的评价{'已归档' if archived else '已经复审'}，评分和调整不再改动",
            expected="复审之前，或异议处理中；已归档的一律不改",
            fix="删去该行。" if archived else "须改的，先登记退回（再登记一次初评）。",
        )
        return False

    def day(self, entry: Entry, file: BankFile | None, key: str = "on") -> str:
        """When something was done: not before the filing came, not after today."""
        day = entry.day(key)
        first = file.stands.filed.received_on if file is not None else ""
        if day and not first <= day <= self.today.isoformat():
            entry.fail(
                key,
                f"日期 {day} 不合理",
                expected=f"不早于收到报送件之日 {first or '—'}，不晚于 {self.today}",
                fix="改正日期。",
            )
            return ""
        return day

    def unnamed(self, entry: Entry, by: str, *keys: str) -> bool:
        """Whether texts that a bank reads do not name the person; a fault if one does."""
        for key in keys:
            if by and by in entry.text(key):
                entry.fail(
                    key,
                    f"机构可见的文字里有人员姓名“{shorten(by)}”",
                    expected="给机构看的文字不写监管人员姓名",
                    fix="删去姓名。",
                )
                return False
        return True

    def _once(self, entry: Entry, bank: str, what: str, *, expected: str, fix: str) -> None:
        if (bank, what) not in self._told:
            self._told.add((bank, what))
            entry.fail("bank", what, expected=expected, fix=fix)

    @cached_property
    def successions(self) -> list[tuple[str, Succession]]:
        """Each with its successor, those of this workbook included."""
        from supervise.ledger.later_records import Succession

        return self.desk.ledger.records(Succession)

    # --- what became of it --------------------------------------------------------------------

    def has(self, bank: str, made: Record) -> bool:
        """Whether the ledger has this very record."""
        return (bank, made) in self._kept

    def put(self, entry: Entry, bank: str, *made: Record, replaces: bool = False) -> None:
        """Something new; the first record is what the row says."""
        count = self._count(entry)
        if replaces:
            count.replaced += 1
        else:
            count.new += 1
        self.records.setdefault(bank, []).extend(made)

    def known(self, entry: Entry) -> None:
        """The ledger has it already."""
        self._count(entry).unchanged += 1

    def note_marked(self, bank: str) -> None:
        """Its marks or corrections change with this workbook."""
        self._marked.add(bank)

    def changes_marks(self, bank: str) -> bool:
        """Whether marks or corrections of a bank change with this workbook."""
        return bank in self._marked

    def steps(self, file: BankFile) -> tuple[Step, ...]:
        """Stages signed so far, those of this workbook included."""
        return self._steps.get(file.stands.bank, file.steps)

    def sign(self, file: BankFile, step: Step) -> None:
        """One more."""
        self._steps[file.stands.bank] = (*self.steps(file), step)

    def objections(self, file: BankFile) -> dict[str, Objection]:
        """To this period's evaluation, by number, those of this workbook included."""
        if file.stands.bank not in self._objections:
            listed = (o for o in file.said.objections if o.period == self.period)
            self._objections[file.stands.bank] = {one.id: one for one in listed}
        return self._objections[file.stands.bank]

    def _count(self, entry: Entry) -> Counts:
        return self.counts.setdefault(entry.sheet.id, Counts())


def _shown(told: Iterable[Entry]) -> dict[str, str]:
    """Digest of the evaluation document by bank, as the workbook was made."""
    return {
        half_width(entry.text("bank")).upper(): entry.text("seen")
        for entry in told
        if entry.text("seen")
    }


def _kept(desk: Desk) -> set[tuple[Any, ...]]:
    """What the ledger has of the kinds whose repeat is known by content.

    Besides, which submission each evaluation document is of.
    """
    from supervise.ledger import later_records as after
    from supervise.ledger.records import Evaluated

    kinds: tuple[type[Any], ...] = (
        after.Objected,
        after.ObjectionStep,
        after.Rectification,
        after.RectificationStep,
        after.StageStep,
        after.Succession,
    )
    kept: set[tuple[Any, ...]] = {
        (bank, one) for kind in kinds for bank, one in desk.ledger.records(kind)
    }
    for bank, one in desk.ledger.records(Evaluated, periods=[str(desk.period)]):
        kept.add((bank, one.document, one.submission))
    return kept
