"""Whatever is filed in whatever order, the ledger says the same as a few lines of Python."""

from __future__ import annotations

from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from ledgers import PERIOD, Place, filing, judged_again

from supervise.ledger.filing import Filing
from supervise.record import record

_BANKS = count(1)
Step = tuple[int, str, str, str]
steps = some.lists(
    some.tuples(
        some.integers(1, 4),
        some.sampled_from(["passed", "needs_explanation", "incomplete", "blocked"]),
        some.sampled_from(["88.5", "1/3"]),
        some.sampled_from(["", "", "", "another file"]),
    ),
    max_size=12,
)


@record(frozen=False)
class Model:
    """The rules, told once more: first file of a sequence, latest result of a file."""

    files: dict[int, str]
    results: dict[int, tuple[str, str]]
    records: int = 0
    rejected: int = 0

    def take(self, sequence: int, status: str, total: str, content: str) -> None:
        if self.files.setdefault(sequence, content) != content:
            self.rejected += 1
            return
        fresh = sequence not in self.results
        self.records += fresh + (self.results.get(sequence) != (status, total))
        self.results[sequence] = (status, total)

    def stands(self) -> int | None:
        accepted = [n for n, (status, _) in self.results.items() if status != "blocked"]
        return max(accepted or self.results, default=None)


def told(bank: str, step: Step) -> Filing:
    sequence, status, total, content = step
    one = filing(bank, sequence=sequence, status=status, content=content, blocking=0)
    return judged_again(one, total=total)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(taken=steps, at_once=some.sampled_from([1, 2, 64]))
def test_the_filing_that_stands_is_what_the_rules_say(
    place: Place, taken: list[Step], at_once: int
) -> None:
    bank = f"H{next(_BANKS):05d}"
    model = Model({}, {})
    for step in taken:
        model.take(*step)
    with place.open() as ledger:
        done = ledger.append_evaluations([told(bank, step) for step in taken], at_once=at_once)
        stands = ledger.standing(bank, PERIOD)
        assert len(done.rejected) == model.rejected
        assert ledger.heads().get(bank, (0, ""))[0] == model.records
        assert (stands.filed.sequence if stands else None) == model.stands()
        if stands is not None and stands.evaluation is not None:
            found = (stands.evaluation.status, stands.evaluation.total)
            assert found == model.results[stands.filed.sequence]
            assert stands.filings == len(model.results)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(taken=steps)
def test_running_again_what_is_there_changes_nothing(place: Place, taken: list[Step]) -> None:
    bank = f"R{next(_BANKS):05d}"
    last = {(step[0], step[3]): step for step in taken}  # one result a file, as in a run
    filings = [told(bank, step) for step in last.values()]
    with place.open() as ledger:
        first = ledger.append_evaluations(filings)
        before = ledger.heads()
        again = ledger.append_evaluations(filings)
        assert (again.added, len(again.rejected)) == (0, len(first.rejected))
        assert ledger.heads() == before
        assert ledger.verify().broken == ()
