"""What a ledger keeps and answers, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from ledgers import (
    BANK,
    PERIOD,
    Place,
    document,
    filing,
    judged_again,
    mark,
    one_of_each,
    recall,
    step,
)

from supervise.core.context import Adjustment, Judgement
from supervise.core.period import Period
from supervise.errors import LedgerError
from supervise.json_text import canonical
from supervise.ledger.canonical import digest, exact_text
from supervise.ledger.later_records import Adjusted, Judged, Objected, ObjectionStep
from supervise.ledger.records import OFFICE, RulebookUsed
from supervise.pipeline.ledger.filings import adjusted_of, judged_of
from supervise.record import replace


def test_a_new_ledger_is_empty_and_intact(place: Place) -> None:
    with place.open() as ledger:
        assert ledger.heads() == {}
        found = ledger.verify()
        assert (found.institutions, found.records, found.broken) == (0, 0, ())
        assert list(ledger.export()) == []


def test_what_was_appended_is_read_back_to_the_digit(place: Place) -> None:
    one = filing()
    with place.open() as ledger:
        assert ledger.append_evaluations([one]).added == 2
        stands = ledger.standing(BANK, PERIOD)
        assert stands is not None
        assert (stands.filed, stands.accepted, stands.filings) == (one.filed, True, 1)
        assert ledger.evaluation(stands) == one.evaluated
        assert ledger.document(stands) == canonical(document()).encode()
        assert ledger.records(RulebookUsed) == [(OFFICE, one.rulebook)]


def test_the_same_result_twice_is_one_record(place: Place) -> None:
    with place.open() as ledger:
        ledger.append_evaluations([filing()])
        before = ledger.heads()
        again = ledger.append_evaluations([filing(received_on="2026-10-13"), filing()])
        assert (again.added, again.known, again.rejected) == (0, 4, ())
        assert ledger.heads() == before


def test_the_same_result_twice_in_one_go_is_one_record(place: Place) -> None:
    with place.open() as ledger:
        done = ledger.append_evaluations([filing(), filing()])
        assert (done.added, done.known) == (2, 2)


def test_a_later_result_of_the_same_file_counts_and_the_earlier_is_kept(place: Place) -> None:
    one = filing()
    with place.open() as ledger:
        for total in ("88.5", "90", "88.5"):
            ledger.append_evaluations([judged_again(one, total=total)])
        stands = ledger.standing(BANK, PERIOD)
        assert stands is not None
        assert stands.evaluation is not None
        assert stands.evaluation.total == "88.5"
        assert ledger.heads()[BANK][0] == 4


def test_the_filed_version_stands_until_its_successor_is_accepted(place: Place) -> None:
    with place.open() as ledger:
        ledger.append_evaluations([filing(), filing(sequence=2, status="blocked")])
        stands = ledger.standing(BANK, PERIOD)
        assert stands is not None
        assert (stands.filed.sequence, stands.filings) == (1, 2)
        ledger.append_evaluations([filing(sequence=3)])
        stands = ledger.standing(BANK, PERIOD)
        assert stands is not None
        assert (stands.filed.sequence, stands.filed.reason, stands.filings) == (3, "更正", 3)


def test_a_resubmission_that_nobody_judged_yet_replaces_nothing(place: Place) -> None:
    with place.open() as ledger:
        ledger.append_evaluations([filing()])
        ledger.append(BANK, [filing(sequence=2).filed])
        stands = ledger.standing(BANK, PERIOD)
        assert stands is not None
        assert stands.filed.sequence == 1


def test_of_blocked_filings_the_last_one_stands_and_is_not_accepted(place: Place) -> None:
    with place.open() as ledger:
        ledger.append_evaluations([filing(sequence=n, status="blocked") for n in (1, 2)])
        stands = ledger.standing(BANK, PERIOD)
        assert stands is not None
        assert (stands.filed.sequence, stands.accepted) == (2, False)


def test_who_has_not_filed_has_nothing_standing(place: Place) -> None:
    with place.open() as ledger:
        ledger.append_evaluations([filing(), filing("B2", "2026Q2")])
        assert ledger.standing("B2", PERIOD) is None
        assert list(ledger.all_standing(PERIOD)) == [BANK]


def test_another_file_under_a_sequence_already_taken_is_rejected_alone(place: Place) -> None:
    with place.open() as ledger:
        ledger.append_evaluations([filing()])
        done = ledger.append_evaluations([filing(content="another"), filing("B2")])
        assert done.added == 2
        assert [(who, error.code) for who, error in done.rejected] == [(BANK, "sequence_taken")]
        assert done.rejected[0][1].fix
        assert ledger.heads()[BANK][0] == 2


def test_two_files_under_one_sequence_in_one_go_leave_the_first(place: Place) -> None:
    with place.open() as ledger:
        done = ledger.append_evaluations([filing(), filing(content="another")])
        assert [error.code for _, error in done.rejected] == ["sequence_taken"]
        assert ledger.verify().broken == ()


def test_the_faults_of_the_first_filing_are_remembered(place: Place) -> None:
    with place.open() as ledger:
        assert ledger.first_filing(BANK, PERIOD) is None
        ledger.append_evaluations([filing(status="blocked", blocking=2, unanswered=3)])
        ledger.append_evaluations([filing(sequence=2)])
        assert ledger.first_filing(BANK, PERIOD) == (2, 3)


def test_of_a_resubmission_alone_the_first_filing_is_not_known(place: Place) -> None:
    with place.open() as ledger:
        ledger.append_evaluations([filing(sequence=2)])
        assert ledger.first_filing(BANK, PERIOD) is None


def test_every_change_of_a_judgement_is_kept_and_the_latest_counts(place: Place) -> None:
    with place.open() as ledger:
        for points in ("3", "4", "4", "3", None):
            ledger.append(BANK, [mark(points)])
        kept = [one.points for _, one in ledger.records(Judged)]
        assert kept == ["3", "4", "3", None]
        assert ledger.records(Judged, latest=True) == [(BANK, mark(None))]


def test_a_step_repeated_is_one_and_a_new_one_follows(place: Place) -> None:
    asked = Objected(
        period=PERIOD, objection="Y1", subject="share", text="口径", by="某行", on="2026-11-02"
    )
    heard = ObjectionStep(
        period=PERIOD, objection="Y1", state="upheld", text="", by="李四", on="2026-11-05"
    )
    with place.open() as ledger:
        ledger.append(BANK, [asked, heard])
        assert ledger.append(BANK, [asked, heard]).added == 0
        assert ledger.append(BANK, [replace(heard, state="rejected")]).added == 1
        assert [one.state for _, one in ledger.records(ObjectionStep)] == ["upheld", "rejected"]


def test_what_is_registered_once_is_not_registered_otherwise(place: Place) -> None:
    asked = Objected(
        period=PERIOD, objection="Y1", subject="share", text="口径", by="某行", on="2026-11-02"
    )
    with place.open() as ledger:
        ledger.append(BANK, [asked])
        with pytest.raises(LedgerError) as caught:
            ledger.append(BANK, [mark(), replace(asked, text="另一件事")])
        assert caught.value.code == "already_recorded"
        assert ledger.records(Judged) == [], "all or nothing"


def test_every_kind_of_record_is_kept(place: Place) -> None:
    own, office = one_of_each()
    with place.open() as ledger:
        ledger.append(BANK, own)
        ledger.append(OFFICE, office)
        for made in (*own, *office):
            assert [one for _, one in ledger.records(type(made))] == [made]
        assert ledger.verify().broken == ()


def test_only_one_of_two_senders_takes_a_parcel(place: Place) -> None:
    with place.open() as one, place.open() as other:
        assert one.advance(BANK, step("prepared"), after=None)
        assert one.advance(BANK, step("sending", 1), after="prepared")
        assert not other.advance(BANK, step("sending", 1), after="prepared")
        assert other.advance(BANK, step("accepted", 1), after="sending")


def test_texts_that_no_database_holds_are_kept_readable(place: Place) -> None:
    with place.open() as ledger:
        odd = [mark(reason="a\x00b\ud83dc"), mark(part="𠮷", reason="\u0001")]
        ledger.append(BANK, [*odd, mark(part="x", reason="\udcff")])
        found = [one.reason for _, one in ledger.records(Judged)]
        assert found == ["a\\x00b\\ud83dc", "\u0001", "\\udcff"]
        assert ledger.verify().broken == ()
        assert ledger.append(BANK, [mark(reason="a\x00b\ud83dc")]).added == 0


def test_the_ledger_names_the_run_that_appended_and_its_end(place: Place) -> None:
    with place.open() as ledger:
        ledger.start_run("run-1", "0.2.0", "evaluate")
        ledger.append_evaluations([filing(), filing("B2")])
        head = ledger.finish_run()
        found = ledger.verify()
        assert (found.runs, found.head, found.broken) == ((head,), head, ())
        runs = {json.loads(line)["run"] for line in ledger.export()}
        assert runs == {"run-1"}


def test_the_head_is_that_of_the_filings_however_often_they_were_run(
    place: Place, tmp_path: object
) -> None:
    with place.open() as ledger:
        for run in ("a", "b"):
            ledger.start_run(run, "0.2.0", "evaluate")
            ledger.append_evaluations([filing(), filing("B2")], at_once=1)
            head = ledger.finish_run()
        assert set(ledger.verify().runs) == {head}
        ledger.append_evaluations([filing("B3")])
        assert ledger.verify().head != head


def test_an_export_is_sorted_and_without_runs_only_says_what_is_known(place: Place) -> None:
    with place.open() as ledger:
        ledger.start_run("run-1", "0.2.0", "evaluate")
        ledger.append_evaluations([filing("B2"), filing()])
        ledger.finish_run()
        lines = [json.loads(line) for line in ledger.export(without_runs=True)]
    places = [(line["institution"], line["kind"], line["key"]) for line in lines]
    assert places == sorted(places)
    assert {line["kind"] for line in lines} == {"rulebook", "submission", "evaluation"}
    assert all({"run", "at", "number", "chain", "previous"}.isdisjoint(one) for one in lines)
    assert lines[1]["record"]["measures"][0]["value"] == "1/3"


def test_documents_are_exported_where_asked_for(place: Place) -> None:
    with place.open() as ledger:
        ledger.append_evaluations([filing()])
        lines = [json.loads(line) for line in ledger.export(documents=True)]
    kept = [json.loads(line["document"]) for line in lines if "document" in line]
    assert kept == [document()]


def test_many_quarters_are_served_and_no_more_than_asked_for(place: Place) -> None:
    with place.open() as ledger:
        period = Period(2023, 1)
        while period < Period(2026, 3):
            ledger.append_evaluations([filing(period=str(period), total=str(period.year))])
            period = period.next
        known = recall(ledger, BANK, Period(2026, 3))
        assert list(known) == [
            "2024Q3", "2024Q4", "2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1", "2026Q2",
        ]  # fmt: skip
        assert known["2025Q4"].kind == "annual"
        assert known["2025Q4"].total == 2025
        assert known["2025Q4"].parts["share", "level"] == Fraction(1, 5)
        assert known["2025Q4"].source == "ledger"


@pytest.mark.parametrize(
    ("value", "text"),
    [("0", "0"), ("-3", "-3"), ("1/8", "0.125"), ("-5/2", "-2.5"), ("1/3", "1/3"),
     ("100", "100"), ("-1/7", "-1/7"), ("1234567890123.45", "1234567890123.45")],
)  # fmt: skip
def test_figures_are_exact_texts(value: str, text: str) -> None:
    assert exact_text(Fraction(value)) == text
    assert Fraction(text) == Fraction(value)


def test_marks_and_corrections_of_an_evaluation_become_records(place: Place) -> None:
    judgement = Judgement("share", "level", Fraction(1, 3), "张三", "制度齐备", "2026-10-20")
    adjustment = Adjustment("G01_loans", None, Fraction(5, 2), "核实", "底稿", "李四", "2026-10-21")
    with place.open() as ledger:
        ledger.append(BANK, [judged_of(PERIOD, judgement), adjusted_of(PERIOD, adjustment)])
        judged = ledger.records(Judged)[0][1]
        adjusted = ledger.records(Adjusted)[0][1]
    assert (judged.points, judged.by, judged.on) == ("1/3", "张三", "2026-10-20")
    assert (adjusted.filed, adjusted.adjusted, adjusted.evidence) == (None, "2.5", "底稿")


def test_an_evaluation_without_its_document_is_not_appended(place: Place) -> None:
    with place.open() as ledger, pytest.raises(ValueError, match="document"):
        ledger.append(BANK, [filing().evaluated])


def test_documents_that_the_record_does_not_name_are_not_appended(place: Place) -> None:
    wrong = replace(filing(), evaluated=replace(filing().evaluated, document=digest("other")))
    with place.open() as ledger, pytest.raises(ValueError, match="documents"):
        ledger.append_evaluations([wrong])
