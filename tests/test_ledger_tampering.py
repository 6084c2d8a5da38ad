"""Nothing in a ledger can be changed: the database refuses, and what it does not is found."""

from __future__ import annotations

import pytest
from ledgers import BANK, Place, filing, one_of_each

from supervise.errors import LedgerError
from supervise.ledger.records import OFFICE
from supervise.ledger.schema import TABLES
from supervise.ledger.verifying import Broken


def kept(place: Place) -> None:
    with place.open() as ledger:
        ledger.start_run("run-1", "0.2.0", "evaluate")
        filings = [filing(), filing(sequence=2), filing(period="2026Q4"), filing("B2")]
        ledger.append_evaluations(filings)
        ledger.finish_run()


def broken(place: Place) -> list[tuple[str, int, str]]:
    with place.open() as ledger:
        return [(one.institution, one.number, one.why) for one in ledger.verify().broken]


def test_the_database_refuses_to_change_or_delete_any_row_of_any_table(place: Place) -> None:
    kept(place)
    own, office = one_of_each()
    with place.open() as ledger:
        ledger.append(BANK, own)
        ledger.append(OFFICE, office)
        rows = list(ledger.export())
    for table in TABLES:
        for statement in ("UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"):
            column = f'"{table.columns.keys()[-1]}"'
            with pytest.raises(Exception, match="only added to"):
                place.plainly(statement.format(table.name, column))
    with place.open() as ledger:
        assert list(ledger.export()) == rows


def test_the_postgresql_server_refuses_to_empty_a_table(place: Place) -> None:
    if not place.on_file:
        with pytest.raises(Exception, match="only added to"):
            place.plainly("TRUNCATE submissions")


@pytest.mark.parametrize(
    ("statement", "number", "why"),
    [
        ("UPDATE submissions SET reason = 'x' WHERE number = 1", 1, "changed"),
        ("UPDATE evaluations SET total = '99' WHERE number = 2", 2, "changed"),
        ("UPDATE measures SET value = '0.5' WHERE number = 4 AND part = ''", 4, "changed"),
        ("UPDATE measures SET number = 5 WHERE number = 4 AND part = ''", 4, "changed"),
        ("DELETE FROM measures WHERE number = 4 AND part = ''", 4, "changed"),
        ("UPDATE findings SET severity = 'advisory' WHERE number = 6", 6, "changed"),
        ("DELETE FROM submissions WHERE number = 3", 3, "missing_record"),
        ("UPDATE documents SET document = past WHERE number = 2", 2, "changed_document"),
        ("DELETE FROM documents WHERE number = 4", 4, "changed_document"),
        ("UPDATE links SET digest = 'x' WHERE number = 3", 3, "changed"),
        ("UPDATE links SET key = 'x' WHERE number = 3", 3, "changed_key"),
        ("UPDATE links SET kind = 'x' WHERE number = 3", 3, "missing_record"),
        ("UPDATE links SET chain = 'x' WHERE number = 3", 3, "broken_chain"),
        ("UPDATE links SET previous = 'x' WHERE number = 5", 5, "broken_chain"),
        ("DELETE FROM links WHERE number = 3", 3, "gap"),
        ("UPDATE links SET number = 9 WHERE number = 6", 6, "gap"),
    ],
)
def test_what_was_changed_behind_the_triggers_is_named(
    place: Place, statement: str, number: int, why: str
) -> None:
    kept(place)
    assert broken(place) == []
    place.tamper(f"{statement} AND institution = '{BANK}'")
    assert broken(place)[0] == (BANK, number, why)
    assert {who for who, _, _ in broken(place)} == {BANK}


def test_a_row_slipped_in_is_named(place: Place) -> None:
    kept(place)
    place.tamper(
        "INSERT INTO judgements (institution, number, period, indicator, part, points, reason,"
        " \"by\", \"on\") VALUES ('B2', 7, '2026Q3', 'i', 'p', '9', 'r', 'b', 'o')"
    )
    assert broken(place) == [("B2", 7, "stray_row")]


def test_a_record_whose_digests_were_all_made_to_fit_breaks_the_next_link(place: Place) -> None:
    from supervise.ledger.canonical import BEGINNING, chained, digest

    kept(place)
    fresh = chained(BEGINNING, BANK, 1, "submission", digest("forged"))
    place.tamper(f"UPDATE links SET chain = '{fresh}' WHERE number = 1 AND institution = '{BANK}'")
    assert broken(place)[0][:2] == (BANK, 1)


def test_a_chain_cut_at_its_end_is_noticed_by_the_runs_that_saw_it_longer(place: Place) -> None:
    kept(place)
    tables = ("links", "evaluations", "measures", "findings", "documents")
    place.tamper(*(f"DELETE FROM {t} WHERE institution = 'B2' AND number = 2" for t in tables))
    assert broken(place) == [("B2", 2, "cut_short")]


def test_an_institution_struck_out_entirely_is_noticed(place: Place) -> None:
    kept(place)
    tables = ("links", "submissions", "evaluations", "measures", "findings", "documents")
    place.tamper(*(f"DELETE FROM {t} WHERE institution = 'B2'" for t in tables))
    assert broken(place) == [("B2", 2, "cut_short")]


def test_a_run_struck_out_is_noticed_by_whoever_has_its_manifest(place: Place) -> None:
    kept(place)
    with place.open() as ledger:
        head = ledger.verify().head
        ledger.append_evaluations([filing("B3")])
        assert head in ledger.verify().runs
    tables = ("run_ends", "heads")
    place.tamper(
        *(f"DELETE FROM {t} WHERE institution = '{OFFICE}'" for t in tables),
        "DELETE FROM links WHERE kind = 'run_end'",
    )
    with place.open() as ledger:
        found = ledger.verify()
        assert head not in (*found.runs, found.head)


def test_a_tampered_ledger_can_still_be_looked_at(place: Place) -> None:
    kept(place)
    place.tamper("UPDATE links SET kind = 'x' WHERE number = 3")
    with place.open() as ledger:
        assert isinstance(ledger.verify().broken[0], Broken)
        with pytest.raises(LedgerError) as caught:
            list(ledger.export())
        assert caught.value.code == "chain_broken"
