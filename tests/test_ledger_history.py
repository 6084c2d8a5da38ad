"""A ledger serves the same context as documents do, and follows mergers."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from builders import evaluated, law
from builders import filed as submission
from ledgers import BANK, Place, file_place, filed_as, filing, recall

from supervise.core.context import Context
from supervise.core.period import Period
from supervise.json_text import to_json
from supervise.ledger.filing import Filing
from supervise.ledger.later_records import Succession
from supervise.ledger.past import constituents
from supervise.pipeline.case import check_file
from supervise.pipeline.ledger.opening import history_from, recalled, summable
from supervise.read.history import read_history
from supervise.record import replace
from supervise.settings import Settings
from supervise.write.document import evaluation_document

SAMPLES = Path(__file__).parents[1] / "sample_submissions"
Q3 = Period(2026, 3)


def amounts(item: str) -> bool:
    return not item.endswith("_rate")


def merged(predecessor: str, start: str = "2026Q3", *, continues: bool = False) -> Succession:
    return Succession(
        predecessor=predecessor, from_period=start, continues=continues, basis="批复", by="办公室",
        on="2026-07-01",
    )  # fmt: skip


def loans(period: str, bank: str, figure: str) -> Filing:
    return filing(bank, period, facts={"G01_loans": figure, "G01_rate": "0.05"})


@pytest.mark.parametrize("path", sorted((SAMPLES / "2025Q4").glob("*.xlsx")), ids=lambda p: p.stem)
def test_the_ledger_serves_what_the_documents_say(path: Path, tmp_path: Path) -> None:
    found = check_file(path, Settings()).evaluation
    if found is None:
        return  # refused: neither has anything to say
    (tmp_path / "d.json").write_text(to_json(evaluation_document(found)), encoding="utf-8")
    code = found.submission.bank.code
    place = file_place(tmp_path / "quarter.db")
    with place.open() as ledger:
        ledger.append_evaluations([filed_as(found, "2026-01-12")])
        known = history_from(ledger, code, Q3, found.rulebook.forms)
    by_documents = read_history(tmp_path).get(code, {})
    assert known.keys() == by_documents.keys()
    for period, past in by_documents.items():
        alike = replace(known[period], file=past.file, source=past.source, digest=past.digest)
        assert alike == past


def test_a_later_run_compares_with_the_ledger_and_says_so(place: Place) -> None:
    last = evaluated(law("2025Q4"), submission(law("2025Q4"), {"S71_I_6_A5": "3亿"}))
    now = submission(law(), {"S71_I_6_A5": "3.3亿"})
    with place.open() as ledger:
        ledger.append_evaluations([filed_as(replace(last, status="passed"), "2026-01-12")])
        context = recalled(ledger, now.bank.code, law(), {})
    assert context.first_filing is None
    found = evaluated(law(), now, context).indicator("inclusive_loan_growth")
    assert found.measure.value == Fraction(1, 10)
    assert "ledger" in {term.source for term in found.measure.terms}
    document = json.loads(to_json(evaluation_document(evaluated(law(), now, context))))
    growth = next(i for i in document["indicators"] if i["id"] == "inclusive_loan_growth")
    bases = [part["base"] for part in growth["parts"] if part["base"]]
    assert all(base["source"] == "ledger" for base in bases)


def test_the_first_filing_counts_its_own_faults_in_a_resubmission(place: Place) -> None:
    first = submission(law(), {"G01_loans": "1亿"})
    with place.open() as ledger:
        made = filed_as(evaluated(law(), first), "2026-10-12")
        ledger.append_evaluations([made])
        context = recalled(ledger, first.bank.code, law(), {})
    assert context.first_filing == (made.evaluated.blocking, made.evaluated.unanswered)


def test_the_ledger_comes_before_documents_where_both_know_a_period(place: Place) -> None:
    now = submission(law(), {})
    with place.open() as ledger:
        ledger.append_evaluations([filing(now.bank.code, "2026Q2", total="7")])
        one = recall(ledger, now.bank.code, Q3, summable=amounts)["2026Q2"]
        others = {p: replace(one, period=p, total=Fraction(1)) for p in ("2026Q1", "2026Q2")}
        context = recalled(ledger, now.bank.code, law(), others)
    assert isinstance(context, Context)
    assert {p: past.total for p, past in context.history.items()} == {"2026Q1": 1, "2026Q2": 7}


def test_what_is_blocked_is_no_history(place: Place) -> None:
    with place.open() as ledger:
        ledger.append_evaluations([filing(period="2026Q2", status="blocked")])
        assert recall(ledger, BANK, Q3, summable=amounts) == {}


def test_a_merged_bank_compares_with_the_sum_of_those_it_was_made_of(place: Place) -> None:
    with place.open() as ledger:
        ledger.append_evaluations([loans("2026Q2", "A", "100"), loans("2026Q2", "B", "20.5")])
        ledger.append("N", [merged("A"), merged("B")])
        past = recall(ledger, "N", Q3, summable=amounts)["2026Q2"]
    assert past.facts == {"G01_loans": Fraction("120.5")}, "a rate is never added"
    assert (past.total, past.grade, dict(past.parts), dict(past.elements)) == (None, None, {}, {})


def test_a_bank_that_took_another_over_counts_its_own_past_too(place: Place) -> None:
    with place.open() as ledger:
        ledger.append_evaluations([loans("2026Q2", "A", "100"), loans("2026Q2", "B", "20")])
        ledger.append("A", [merged("B", continues=True)])
        found = recall(ledger, "A", Q3, summable=amounts)
        assert found["2026Q2"].facts["G01_loans"] == 120
        ledger.append_evaluations([loans("2026Q3", "A", "130")])
        found = recall(ledger, "A", Period(2026, 4), summable=amounts)
        assert found["2026Q3"].facts["G01_loans"] == 130, "from then on it files for both"


def test_part_of_a_sum_never_passes_for_the_whole(place: Place) -> None:
    with place.open() as ledger:
        ledger.append_evaluations([loans("2026Q2", "A", "100")])
        ledger.append("N", [merged("A"), merged("B")])
        assert recall(ledger, "N", Q3, summable=amounts) == {}
        ledger.append_evaluations([filing("B", "2026Q2", facts={"other": "1"})])
        assert dict(recall(ledger, "N", Q3, summable=amounts)["2026Q2"].facts) == {}


def test_a_bank_with_a_new_code_keeps_its_whole_past(place: Place) -> None:
    with place.open() as ledger:
        ledger.append_evaluations([filing("OLD", "2026Q2", total="77")])
        ledger.append("NEW", [merged("OLD")])
        past = recall(ledger, "NEW", Q3, summable=amounts)["2026Q2"]
    told = (past.total, past.grade, past.facts["G01_rate"])
    assert told == (Fraction(77), "2A", Fraction(1, 20))


def test_mergers_of_mergers_are_followed_and_rings_end() -> None:
    successions = [
        ("N", merged("A", "2025Q1")),
        ("N", merged("B", "2025Q1")),
        ("N", merged("D", "2026Q1", continues=True)),
        ("A", merged("A0", "2024Q1")),
        ("A0", merged("N", "2024Q3")),
    ]
    assert constituents("N", Period(2026, 1), successions) == ("N",)
    assert constituents("N", Period(2025, 4), successions) == ("N", "D")
    assert constituents("N", Period(2024, 4), successions) == ("A", "B", "D")
    assert constituents("N", Period(2023, 4), successions) == ("B", "D")


def test_amounts_and_counts_add_up_and_nothing_else_does() -> None:
    may_add = summable(law().forms)
    items = law().forms.items
    added = {item for item in items if may_add(item)}
    assert {items[item].unit for item in added} == {"yuan", "count"}
    assert "G01_loans" in added


def test_the_largest_of_something_is_known_by_its_name() -> None:
    may_add = summable(law().forms)
    for item in law().forms.items.values():
        if any(word in item.name + item.what for word in ("最大", "最高", "最低", "最小")):
            assert not may_add(item.id), item.id
