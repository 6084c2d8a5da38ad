"""Whom a bank is compared with when files arrive over days; on both databases."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from ledgers import PERIOD, Place, filing, sha

from supervise.ledger.records import OFFICE, FrozenReference
from supervise.ledger.store import Store
from supervise.pipeline.ledger.filed_before import NOTHING, filed_before
from supervise.pipeline.run.elsewhere import kept_file
from supervise.pipeline.run.known_peers import NOBODY, known_peers
from supervise.pipeline.run.measured import Brief, Measured
from supervise.pipeline.run.standing import standing

TYPE = "rural_commercial"


def here(bank: str, total: int, **changes: Any) -> Measured:
    given: dict[str, Any] = {
        "code": bank, "period": PERIOD, "sequence": 1, "status": "passed", "type": TYPE,
        "level": "legal_person", "values": {"total": Fraction(total)}, "parent": None,
        "province": "330000", "faults": (0, 0), "aside": {},
    }  # fmt: skip
    given |= changes
    named = sha(f"{bank} {given['period']} {given['sequence']} ")
    return Measured(Path(f"{bank}.xlsx"), named, Brief(**given))


def kept(place: Place, *banks: tuple[str, str], **more: Any) -> None:
    with place.open() as ledger:
        ledger.append_evaluations(
            [filing(bank, compared={"total": total}, **more) for bank, total in banks]
        )


def totals(place: Place | None, *files: Measured, bank_type: str = TYPE) -> Any:
    """The totals that a bank of the type is compared with, as a run puts them together."""
    known, before = NOBODY, NOTHING
    if place is not None:
        with place.open() as ledger:
            known, before = known_peers(files, ledger), filed_before(ledger, [PERIOD])
    if PERIOD in known.frozen:
        return known.frozen[PERIOD][bank_type]["total"]
    own = [one.brief for one in standing(files, before).values() if one.brief is not None]
    peers = [one for one in own if one.filer not in known.elsewhere and one.compared]
    told = [one for one in (*peers, *known.briefs) if one.type == bank_type]
    return tuple(sorted(one.values["total"] for one in told))


def test_a_run_alone_compares_its_own_files() -> None:
    assert totals(None, here("B2", 70), here("B1", 60)) == (60, 70)


def test_what_stands_in_the_ledger_counts_beside_the_files_of_the_run(place: Place) -> None:
    kept(place, ("B1", "60"), ("B2", "241/3"))
    assert totals(place, here("B3", 70)) == (60, 70, Fraction(241, 3))


def test_a_file_that_is_judged_anew_counts_once_and_as_it_is_judged_now(place: Place) -> None:
    kept(place, ("B1", "60"), ("B2", "80"))
    assert totals(place, here("B1", 65)) == (65, 80)
    assert totals(place, here("B1", 65, status="blocked")) == (80,)


def test_a_resubmission_replaces_what_stood_whichever_run_it_is_in(place: Place) -> None:
    kept(place, ("B1", "60"))
    assert totals(place, here("B1", 61, sequence=2)) == (61,)
    kept(place, ("B1", "62"), sequence=3)
    assert totals(place, here("B1", 61, sequence=2)) == (62,)


def test_a_blocked_resubmission_leaves_the_filing_of_the_ledger_standing(place: Place) -> None:
    kept(place, ("B1", "60"))
    assert totals(place, here("B1", 61, sequence=2, status="blocked")) == (60,)


def test_the_first_of_a_bank_that_is_not_blocked_is_nobodys_peer_yet(place: Place) -> None:
    kept(place, ("B1", "60"), status="blocked")
    assert totals(place, here("B2", 70)) == (70,)


def test_branches_and_other_types_are_no_peers(place: Place) -> None:
    kept(place, ("B1", "60"), level="tier1_branch")
    kept(place, ("B2", "61"), bank_type="village")
    assert totals(place, here("B3", 70)) == (70,)
    assert totals(place, here("B3", 70), bank_type="village") == (61,)


def test_another_period_does_not_count(place: Place) -> None:
    kept(place, ("B1", "60"), period="2026Q2")
    assert totals(place, here("B2", 70)) == (70,)


def test_the_order_in_which_files_came_makes_no_difference(place: Place) -> None:
    banks = [("B1", "60"), ("B2", "70"), ("B3", "65")]
    for one in banks:
        kept(place, one)
    late = totals(place, here("B4", 62))
    everything = (here("B4", 62), *(here(bank, int(total)) for bank, total in banks))
    assert late == totals(None, *everything) == totals(place, *everything)


def test_frozen_values_count_whatever_has_come_since(place: Place) -> None:
    def frozen(value: str | None) -> FrozenReference:
        return FrozenReference(
            period=PERIOD, source_period=PERIOD, group=TYPE, measure="total",
            statistic="values", value=value, n=3, digest=sha(str(value)),
        )  # fmt: skip

    with place.open() as ledger:
        ledger.append(OFFICE, [frozen("50 55.5 181/3")])
    assert totals(place, here("B2", 70)) == (50, Fraction(111, 2), Fraction(181, 3))
    with place.open() as ledger:
        assert set(known_peers([here("B2", 70)], ledger).frozen) == {PERIOD}
        ledger.append(OFFICE, [frozen(None)])
        assert known_peers([here("B2", 70)], ledger).frozen == {}


def test_the_file_of_a_parent_that_filed_in_an_earlier_run_is_found(
    place: Place, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    address = Store(store).keep(b"workbook")
    kept(place, ("P1", "60"), kept=address)
    branch = here("B1", 70, level="tier1_branch")
    with place.open() as ledger:
        known = known_peers([branch], ledger)
    found = kept_file(known.elsewhere, ("P1", PERIOD), store)
    assert found is not None
    assert (found[0].read_bytes(), len(found[1])) == (b"workbook", 64)
    assert kept_file(known.elsewhere, ("P1", PERIOD), None) is None
    assert kept_file(known.elsewhere, ("P2", PERIOD), store) is None
    with place.open() as ledger:
        known = known_peers([branch, here("P1", 61)], ledger)
    assert kept_file(known.elsewhere, ("P1", PERIOD), store) is None
