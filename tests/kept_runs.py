"""Runs with a ledger, for tests and for the processes that a test starts and kills."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from builders import nil_bank, workbook

from supervise.batch import Mapper
from supervise.ledger.address import parse_address
from supervise.ledger.ledger import Ledger
from supervise.pipeline.outputs import Row, Target
from supervise.pipeline.run.evaluate import evaluate_many
from supervise.pipeline.run.items import Done, Job, Run
from supervise.pipeline.run.keeping import keeper_of, keeping_of
from supervise.settings import Settings

TESTS = Path(__file__).parent
BANKS = 5
JOURNAL = "/internal/run/"


def asked(output: Path, url: str | None, **more: Any) -> Run:
    """What a regulator asks for: documents alone, kept in a ledger."""
    target = Target(folder=output, pdf=False)
    keeping = keeping_of(url, more.pop("store", None)) if url is not None else None
    return Run(settings=Settings(), target=target, keeping=keeping, **more)


def kept(folder: Path, output: Path, url: str | None, **more: Any) -> list[Row]:
    """A run over a folder, recorded in a ledger."""
    run = asked(output, url, **more)
    with keeper_of(run) as keeper:
        return evaluate_many([folder], run, Mapper(1), keeper=keeper)


def statuses(rows: list[Row]) -> dict[str, str]:
    return {row.file: row.reason or row.status for row in rows}


def filed_again(path: Path, **changes: Any) -> Path:
    """A bank's second filing of the quarter."""
    path.parent.mkdir(parents=True, exist_ok=True)
    given: dict[str, Any] = {
        "COVER_filing": "重报",
        "COVER_sequence": 2,
        "COVER_resubmission_reason": "更正",
    }
    return workbook(path, nil_bank(**(given | changes)))


def filed_first(path: Path, period: str = "2026Q3", **changes: Any) -> Path:
    """A bank's first filing of the quarter."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return workbook(path, nil_bank(**changes), period=period)


def quarter(folder: Path) -> Path:
    """Some banks, one of which filed twice, and a file that is no workbook."""
    for number in range(1, BANKS):
        filed_first(folder / f"{number}.xlsx", COVER_bank_code=f"B{number:04}H233000001")
    filed_again(folder / "0-again.xlsx")
    (folder / "broken.xlsx").write_bytes(b"no workbook")
    return folder


def exported(url: str) -> list[str]:
    """Everything but runs and places, documents included."""
    with Ledger(parse_address(url)) as ledger:
        assert ledger.verify().broken == ()
        return list(ledger.export(without_runs=True, documents=True))


def documents(folder: Path) -> Mapping[str, bytes]:
    """What a run wrote: everything but what it remembers of itself, which has a clock."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and JOURNAL not in path.as_posix()
    }


class KilledAfter(Mapper):
    """Kills its own process, as nothing can be cleaned up after, when some banks are written."""

    def __init__(self, banks: int) -> None:
        super().__init__(1)
        self.banks = banks

    def __call__(self, work: Any, lost: Any) -> Any:
        def over(jobs: Any) -> Iterator[Done]:
            for number, job in enumerate(jobs):
                if isinstance(job, Job) and number == self.banks:
                    os.kill(os.getpid(), signal.SIGKILL)
                yield work(job)

        return over


def started(*arguments: object) -> subprocess.Popen[bytes]:
    """This file as a process: folder, output, ledger, banks until it is killed, batch."""
    command = [sys.executable, str(Path(__file__)), *map(str, arguments)]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(TESTS)})


if __name__ == "__main__":
    from supervise.pipeline.run import keeping as module

    folder, output, url, banks, batch = sys.argv[1:]
    module._AT_ONCE = int(batch)
    run = asked(Path(output), url)
    mapper = KilledAfter(int(banks)) if int(banks) >= 0 else Mapper(1)
    with keeper_of(run) as keeper:
        evaluate_many([Path(folder)], run, mapper, keeper=keeper)
