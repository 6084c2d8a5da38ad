"""An office with two evaluated banks, and its supervisors who fill in the judging workbook."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from kept_runs import asked
from ledgers import file_place
from openpyxl import load_workbook

from supervise.batch import Mapper
from supervise.core.judge_book import ITEMS, SHEETS
from supervise.pipeline.judge.importing import Imported, import_judging
from supervise.pipeline.judge.template import write_judge_template
from supervise.pipeline.run.evaluate import evaluate_many
from supervise.pipeline.run.keeping import keeper_of
from supervise.record import replace
from supervise.settings import Settings

SAMPLES = Path(__file__).parents[1] / "sample_submissions"
NAMES = ("rc01-yunting.xlsx", "rc02-weidu.xlsx")
YUNTING, WEIDU = "B9001H233010001", "B9002H233010001"
PERIOD = "2026Q3"
RECEIVED = "2026-10-15"
TODAY = date(2026, 11, 20)
PART = "due_diligence_exemption.rules"
PLANS = {sheet.name: sheet for sheet in SHEETS}
HEAD = 3
_MADE: dict[tuple[str, tuple[str, ...]], bytes] = {}
Filled = dict[str, Any]


class Office:
    """Evaluates, makes workbooks, imports them; everything below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = str(folder / "quarter.db")
        self.place = file_place(folder / "quarter.db")

    def evaluate(self, filings: str = "in", **more: Any) -> Path:
        """A run over one of the office's folders, by default both samples; its folder."""
        out = self.folder / f"out-{len(list(self.folder.glob('out-*')))}"
        papers = {name: more.pop(name) for name in ("pdf", "html") if name in more}
        run = asked(out, self.url, **more)
        assert run.keeping is not None
        keeping = replace(run.keeping, received_on=RECEIVED)
        run = replace(run, keeping=keeping, target=replace(run.target, **papers))
        with keeper_of(run) as keeper:
            evaluate_many([self.folder / filings], run, Mapper(1), keeper=keeper)
        return out

    def template(self, *banks: str) -> Path:
        """A judging workbook to be filled in: what to look figures up in is left out.

        The same state of a ledger gives the same workbook, so it is made once.
        """
        with self.place.open() as ledger:
            state = (str(sorted(ledger.heads().items())), banks)
        path = self._next()
        if state not in _MADE:
            self.issued(*banks, path=path)
            book = load_workbook(path)
            del book[ITEMS]
            book.save(path)
            _MADE[state] = path.read_bytes()
        path.write_bytes(_MADE[state])
        return path

    def issued(self, *banks: str, path: Path | None = None) -> Path:
        """A judging workbook, as supervisors get it."""
        path = path if path is not None else self._next()
        write_judge_template(PERIOD, path, banks, self.url, Settings())
        return path

    def _next(self) -> Path:
        return self.folder / f"judge-{len(list(self.folder.glob('judge-*')))}.xlsx"

    def imported(self, path: Path, *, today: date = TODAY, dry_run: bool = False) -> Imported:
        """What becomes of a workbook."""
        return import_judging(path, self.url, Settings(), today=today, dry_run=dry_run)

    def done(self, path: Path) -> Imported:
        """The same of one that must be right."""
        found = self.imported(path)
        assert [fault.parts() for fault in found.faults] == []
        return found

    def records(self, kind: type[Any]) -> list[Any]:
        """Records of a kind, in order."""
        with self.place.open() as ledger:
            return [one for _, one in ledger.records(kind)]


def evaluated(folder: Path) -> Office:
    """An office whose ledger has both banks' evaluations."""
    (folder / "in").mkdir(parents=True)
    for name, bank in zip(NAMES, (YUNTING, WEIDU), strict=True):
        (folder / bank).mkdir()
        for place in ("in", bank):
            shutil.copy(SAMPLES / PERIOD / name, folder / place)
    office = Office(folder)
    office.evaluate()
    return office


def copied(office: Office, folder: Path) -> Office:
    """The same office again, for one test to change."""
    shutil.copytree(office.folder, folder, dirs_exist_ok=True)
    return Office(folder)


def fill(path: Path, sheet: str, where: Filled | None, **values: Any) -> str:
    """Write into a row: the one with these cells, or the first blank one.

    Returns:
        Number of the row, as a text.
    """
    book = load_workbook(path)
    page, plan = book[sheet], PLANS[sheet]
    at = {column.key: n for n, column in enumerate(plan.columns, 1)}
    row = HEAD + 1
    while not _is(page, at, row, where):
        row += 1
        assert row <= page.max_row, f"no such row: {where}"
    for key, value in values.items():
        cell = page.cell(row, at[key], value)
        if isinstance(value, str) and not (key == "points" and value.startswith("=")):
            cell.data_type = "s"
    book.save(path)
    return str(row)


def _is(page: Any, at: dict[str, int], row: int, where: Filled | None) -> bool:
    if where is None:
        return all(page.cell(row, n).value is None for n in at.values())
    return all(page.cell(row, at[key]).value == value for key, value in where.items())


def mark(path: Path, points: Any = 2, *, bank: str = YUNTING, part: str = PART, **more: Any) -> str:
    """A supervisor's mark."""
    given = {"reason": "现场核实制度文本", "by": "李评", "on": date(2026, 10, 20), **more}
    return fill(path, "监管评分", {"bank": bank, "part": part}, points=points, **given)


def step(path: Path, stage: str, by: str, *, bank: str = YUNTING, **more: Any) -> str:
    """A step of the procedure in the bank's own row, or below if that is filled in."""
    given = {"role": "科长", "on": date(2026, 10, 21), **more}
    try:
        where: Filled | None = {"bank": bank, "stage": None, "role": None}
        return fill(path, "程序", where, stage=stage, by=by, **given)
    except AssertionError:
        return fill(path, "程序", None, bank=bank, stage=stage, by=by, **given)


def procedure(office: Office, *steps: tuple[str, str], bank: str = YUNTING) -> None:
    """Stages signed one after the other, each over the latest evaluation."""
    for n, (stage, by) in enumerate(steps):
        path = office.template(bank)
        step(path, stage, by, bank=bank, on=date(2026, 10, 21 + n))
        office.done(path)


def document(out: Path, bank: str = YUNTING, period: str = PERIOD) -> Any:
    """A bank's evaluation document."""
    return json.loads((out / bank / f"{bank}-{period}.json").read_text(encoding="utf-8"))


def judgement(told: Any, indicator: str = "due_diligence_exemption") -> Any:
    """What a document says of an indicator's marks."""
    return next(one for one in told["indicators"] if one["id"] == indicator)["judgement"]


def faults(found: Imported) -> list[tuple[str, str]]:
    """Place and text of each fault."""
    assert all(all(fault.parts().values()) for fault in found.faults)
    return [(fault.where.partition(" ")[2], fault.what) for fault in found.faults]


Fill = Callable[[Path], object]
