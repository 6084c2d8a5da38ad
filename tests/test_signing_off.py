"""Which sign-off counts: of the standing evaluation, of these very files, of different persons."""

from __future__ import annotations

from typing import Any

import pytest
from ledgers import BANK, PERIOD, Place, filing, judged_again, sha

from supervise.core.persons import person_key
from supervise.ledger.drafting import packed_documents
from supervise.ledger.filing import Filing
from supervise.ledger.later_records import SignedOff
from supervise.ledger.ledger import Ledger
from supervise.pipeline.signing.signed import signed_off
from supervise.record import replace


def sign(one: Filing, by: str = "张三", **changes: Any) -> SignedOff:
    made: dict[str, Any] = {
        "period": PERIOD, "sequence": one.filed.sequence, "submission": one.filed.sha256,
        "document": one.evaluated.document, "report": sha("report"),
        "evaluation_json": sha("json"), "marked": sha("marked"), "audience": "bank",
        "state": "signed", "reason": "", "role": "处长", "on": "2026-11-10",
    }  # fmt: skip
    return SignedOff(by=by, **(made | changes))


def names(ledger: Ledger, eyes: int = 1) -> list[str]:
    found = signed_off(ledger, PERIOD, eyes=eyes).get(BANK)
    return [] if found is None else [one.by for one in found.signers]


def test_a_sign_off_names_the_files_and_the_person(place: Place) -> None:
    one = filing()
    with place.open() as ledger:
        assert signed_off(ledger, PERIOD) == {}
        ledger.append_evaluations([one])
        ledger.append(BANK, [sign(one)])
        found = signed_off(ledger, PERIOD)[BANK]
    assert (found.document, found.report) == (one.evaluated.document, sha("report"))
    assert (found.evaluation_json, found.marked) == (sha("json"), sha("marked"))
    assert found.audience == "bank"
    assert found.stands.filed == one.filed
    assert [(one.by, one.role, one.on) for one in found.signers] == [("张三", "处长", "2026-11-10")]


def test_a_newer_evaluation_makes_it_void_and_the_old_one_again_does_not(place: Place) -> None:
    one = filing()
    documents = packed_documents(b'{"new": 1}', b"{}")
    again = replace(
        judged_again(one, document=documents.document, past=documents.past), documents=documents
    )
    with place.open() as ledger:
        ledger.append_evaluations([one])
        ledger.append(BANK, [sign(one)])
        ledger.append_evaluations([again])
        assert names(ledger) == []
        ledger.append_evaluations([one])
        assert names(ledger) == ["张三"]


@pytest.mark.parametrize(("status", "left"), [("passed", []), ("blocked", ["张三"])])
def test_an_accepted_resubmission_makes_it_void(place: Place, status: str, left: list[str]) -> None:
    one = filing()
    with place.open() as ledger:
        ledger.append_evaluations([one])
        ledger.append(BANK, [sign(one)])
        ledger.append_evaluations([filing(sequence=2, status=status, total="70")])
        assert names(ledger) == left


def test_four_eyes_are_two_persons_however_they_are_spelt(place: Place) -> None:
    one = filing()
    with place.open() as ledger:
        ledger.append_evaluations([one])
        ledger.append(BANK, [sign(one), sign(one, "张　三"), sign(one, " 张三 ")])
        assert names(ledger, eyes=2) == []
        ledger.append(BANK, [sign(one, "李四", on="2026-11-11")])
        assert names(ledger, eyes=2) == ["张三", "李四"]
        assert names(ledger, eyes=3) == []


def test_who_signed_other_files_does_not_count(place: Place) -> None:
    one = filing()
    with place.open() as ledger:
        ledger.append_evaluations([one])
        ledger.append(BANK, [sign(one), sign(one, "李四", report=sha("printed anew"))])
        assert names(ledger, eyes=2) == []
        assert names(ledger) == ["李四"]


def test_a_withdrawal_takes_back_what_everybody_signed(place: Place) -> None:
    one = filing()
    with place.open() as ledger:
        ledger.append_evaluations([one])
        ledger.append(BANK, [sign(one), sign(one, "李四")])
        ledger.append(BANK, [sign(one, "王五", state="withdrawn", reason="附件有误")])
        assert names(ledger) == []
        ledger.append(BANK, [sign(one, "李四")])
        assert names(ledger) == ["李四"]


def test_a_period_is_asked_alone(place: Place) -> None:
    one = filing()
    with place.open() as ledger:
        ledger.append_evaluations([one])
        ledger.append(BANK, [sign(one)])
        assert signed_off(ledger, "2026Q2") == {}


def test_names_are_one_persons_whatever_the_keyboard_made_of_them() -> None:
    assert person_key("Ｌｉ　Si") == person_key("li si") == "lisi"
    assert person_key("张三") != person_key("张叁")
