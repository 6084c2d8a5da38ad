"""Work for processes that a test of the ledger starts; they import it by name."""

from __future__ import annotations

import sys
from itertools import cycle, islice

from ledgers import filing

from supervise.ledger.address import parse_address
from supervise.ledger.filing import Filing
from supervise.ledger.later_records import Judged
from supervise.ledger.ledger import Ledger

BANKS = 40


def quarter(banks: int = BANKS) -> list[Filing]:
    """A run's results: every fourth bank filed again, every seventh of them was blocked."""
    found = []
    for n in range(banks):
        bank = f"B{n:04d}"
        found.append(filing(bank))
        if n % 4 == 0:
            found.append(filing(bank, sequence=2, status="blocked" if n % 7 == 0 else "passed"))
    return found


def append_all(url: str, run: str, at_once: int = 3) -> None:
    """One run from beginning to end; says when it is under way."""
    with Ledger(parse_address(url)) as ledger:
        ledger.start_run(run, "0.2.0", "evaluate")
        print("ready", flush=True)
        for one in quarter():
            ledger.append_evaluations([one], at_once=at_once)
        ledger.finish_run()


def append_for_ever(url: str, run: str) -> None:
    """Until it is killed: judgements that differ each time, between the results."""
    with Ledger(parse_address(url)) as ledger:
        ledger.start_run(run, "0.2.0", "evaluate")
        print("ready", flush=True)
        for n, one in enumerate(islice(cycle(quarter()), 100_000)):
            ledger.append_evaluations([one])
            mark = Judged(
                period="2026Q3", indicator="i", part="p", points=str(n), reason=run, by="张三",
                on="2026-10-20",
            )  # fmt: skip
            ledger.append(one.bank, [mark])


if __name__ == "__main__":
    {"all": append_all, "ever": append_for_ever}[sys.argv[1]](sys.argv[2], sys.argv[3])
