"""Who has filed: the register beside filings from any source."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from supervise.core.filing_status import Filing, FilingStatus, Registered, StatusRow, filing_status
from supervise.core.period import Period

PERIOD = Period(2026, 3)
DUE = date(2026, 10, 20)
BANK = Registered(code="B9001", name="甲银行", type="city", province="330000", due=DUE)
OTHER = Registered(code="B9002", name="乙银行", type="village", province="440000", due=DUE)


def filed(status: str = "passed", **known: Any) -> Filing:
    told = {"bank": "B9001", "period": "2026Q3", "received": DUE, "file": "a.xlsx"}
    return Filing(**{**told, "status": status, **known})


def told(*filings: Filing, on: date | None = None) -> FilingStatus:
    return filing_status(PERIOD, [BANK], filings, on=on)


def row(*filings: Filing, on: date | None = None) -> StatusRow:
    return told(*filings, on=on).rows[0]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("passed", "filed"),
        ("needs_explanation", "awaiting_explanation"),
        ("blocked", "blocked"),
        ("incomplete", "incomplete"),
    ],
)
def test_the_state_of_a_bank_is_what_came_of_its_filing(status: str, state: str) -> None:
    assert row(filed(status)).state == state


def test_a_bank_without_a_filing_is_missing() -> None:
    assert row().state == "missing"
    assert row().days_late is None


def test_a_bank_is_not_missing_before_its_due_date_is_past() -> None:
    assert row(on=DUE).state == "not_due"
    assert row(on=DUE + timedelta(days=1)).state == "missing"


def test_the_due_date_itself_is_in_time() -> None:
    assert row(filed(received=DUE)).days_late == 0
    assert not row(filed(received=DUE)).late
    assert row(filed(received=DUE + timedelta(days=3))).days_late == 3


def test_an_unknown_day_of_receipt_is_neither_late_nor_in_time() -> None:
    one = row(filed(received=None))
    assert one.days_late is None
    assert not one.late
    assert told(filed(received=None)).counts()["undated"] == 1


def test_a_blocked_filing_keeps_no_date() -> None:
    late = filed(sequence=2, received=DUE + timedelta(days=2))
    assert row(filed("blocked"), late).days_late == 2


def test_a_resubmission_after_the_due_date_is_not_late() -> None:
    again = filed(sequence=2, received=DUE + timedelta(days=9))
    one = row(filed(), again)
    assert (one.late, one.resubmitted) == (False, True)
    assert one.standing == again


def test_the_filed_version_stands_until_its_successor_is_accepted() -> None:
    first, second = filed(), filed("blocked", sequence=2)
    one = row(second, first)
    assert (one.state, one.reopened) == ("filed", True)
    assert one.standing == first
    assert not row(first, filed(sequence=2)).reopened


def test_of_blocked_filings_the_last_stands() -> None:
    one = row(filed("blocked"), filed("blocked", sequence=3))
    assert one.state == "blocked"
    assert one.standing is not None
    assert one.standing.sequence == 3


def test_a_refused_file_belongs_to_the_bank_that_its_name_names() -> None:
    refused = filed("refused", bank="", period="", file="b9001-2026Q3（终稿）.xlsx")
    assert row(refused).state == "refused"
    assert not told(refused).unknown


def test_a_refused_file_whose_name_names_two_banks_or_none_is_nobodys() -> None:
    for name in ("B9001-B9002.xlsx", "报送表.xlsx", "XB9001.xlsx"):
        refused = filed("refused", bank="", period="", file=name)
        answer = filing_status(PERIOD, [BANK, OTHER], [refused])
        assert answer.unknown == (refused,)
        assert {each.state for each in answer.rows} == {"missing"}


def test_a_refused_file_beside_one_that_stands_changes_no_state() -> None:
    refused = filed("refused", bank="", period="", file="B9001.xlsx")
    one = row(filed(), refused)
    assert one.state == "filed"
    assert len(one.filings) == 2


def test_a_bank_that_is_not_on_the_register_is_told_apart() -> None:
    stranger = filed(bank="B7777")
    answer = told(filed(), stranger)
    assert answer.strangers == (stranger,)
    assert answer.counts()["not_on_register"] == 1
    assert answer.complete
    assert not told(filed(), filed("blocked", bank="B7777")).complete


def test_filings_of_other_periods_do_not_count() -> None:
    answer = told(filed(period="2026Q2"))
    assert answer.rows[0].state == "missing"
    assert answer.other_periods == 1


def test_a_file_told_twice_counts_once_as_told_last() -> None:
    before, after = (filed(status, sha256="ab") for status in ("blocked", "passed"))
    assert row(before, after).filings == (after,)
    two = [filed(sha256="ab", file=name) for name in ("a.xlsx", "copy.xlsx")]
    assert len(row(*two).filings) == 2


def test_what_filing_and_register_do_not_agree_on_is_told() -> None:
    agreed = filed(name="甲银行", type="city", province="330000")
    assert row(agreed).differs == ()
    assert row(filed(name="甲", type="village", province="330000")).differs == ("name", "type")


@pytest.mark.parametrize("status", ["blocked", "incomplete"])
def test_the_collection_is_not_complete_while_something_is_open(status: str) -> None:
    assert not told(filed(status)).complete
    assert not told().complete
    assert not told(filed(), filed("refused", bank="", period="", file="x.xlsx")).complete


@pytest.mark.parametrize("status", ["passed", "needs_explanation"])
def test_a_filing_that_awaits_an_explanation_leaves_nothing_open(status: str) -> None:
    assert told(filed(status)).complete
    assert told(on=DUE).complete


def test_what_wants_doing_stands_first() -> None:
    answer = filing_status(PERIOD, [BANK, OTHER], [filed()])
    assert [each.bank.code for each in answer.rows] == ["B9002", "B9001"]
