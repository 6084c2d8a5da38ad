"""What is to be mended is carried from period to period until it is done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from builders import CODE, HOUSE, filed, indicator, law_with, past, reading_finding, requirement

from supervise.core.context import Context
from supervise.core.evaluate import evaluate
from supervise.core.evaluation import Evaluation
from supervise.core.rectification import carried_items
from supervise.core.supervision import (
    AddedOpinion,
    ItemEdit,
    OpinionEdit,
    OpinionEdits,
    RectificationItem,
)
from supervise.errors import LedgerError
from supervise.json_text import to_json
from supervise.read.history import read_history
from supervise.read.words import read_words
from supervise.record import replace
from supervise.write.document import evaluation_document
from supervise.write.phrases import Phrases
from supervise.write.view_rectification import rectification

ID = "duty.plan.duty"
LAW = law_with(indicators=(indicator("plan", requirements=(requirement("G01_loans >= 10"),)),))


def item(**changes: Any) -> RectificationItem:
    plain = RectificationItem(
        id=ID, requirement="要求", indicator="plan", since="2025Q4", basis=HOUSE, status="open"
    )
    return replace(plain, **changes)


def judged(
    loans: int,
    *items: RectificationItem,
    edits: OpinionEdits | None = None,
    stage: str = "preliminary",
    law: Any = LAW,
) -> Evaluation:
    history = {"2026Q2": past("2026Q2", rectification=items)} if items else {}
    context = Context(history=history, edits=edits or OpinionEdits())
    return evaluate(filed(law, {"G01_loans": loans}), law, context=context, stage=stage)


def only(found: Evaluation) -> RectificationItem:
    (one,) = found.rectification
    return one


def test_an_unmet_duty_opens_an_item_of_this_period_without_a_date() -> None:
    one = only(judged(9))
    assert (one.id, one.since, one.status, one.due) == (ID, "2026Q3", "open", "")


def test_a_met_duty_opens_none() -> None:
    assert judged(10).rectification == ()


def test_a_banks_own_check_opens_none_and_shows_what_was_open() -> None:
    assert judged(9, stage="self").rectification == ()
    assert only(judged(9, item(), stage="self")).since == "2025Q4"


@pytest.mark.parametrize(
    ("loans", "due", "status"),
    [
        (10, "2026-06-30", "mended"),
        (9, "", "open"),
        (9, "2026-09-30", "open"),
        (9, "2026-09-29", "overdue"),
    ],
)
def test_the_figures_and_the_day_say_where_an_item_stands(
    loans: int, due: str, status: str
) -> None:
    one = only(judged(loans, item(due=due)))
    assert (one.status, one.since, one.stated) == (status, "2025Q4", False)


@pytest.mark.parametrize("gone", ["not_for_this_bank", "no_longer_law"])
def test_what_the_law_no_longer_asks_is_no_longer_to_be_mended(gone: str) -> None:
    changed = replace(LAW.indicators[0].requirements[0], applies=False)
    plan = replace(LAW.indicators[0], requirements=(changed,))
    law = law_with(indicators=(plan,) if gone == "not_for_this_bank" else ())
    assert only(judged(9, item(), law=law)).status == "not_applicable"


def test_what_is_done_is_told_once_and_a_relapse_is_a_new_item() -> None:
    assert judged(10, item(status="mended")).rectification == ()
    assert only(judged(9, item(status="mended"))).since == "2026Q3"


def test_only_the_latest_earlier_evaluation_counts() -> None:
    history = {
        "2025Q4": past("2025Q4", rectification=(item(id="duty.old.duty"),)),
        "2026Q2": past("2026Q2", rectification=(item(),)),
        "2026Q4": past("2026Q4", rectification=(item(id="duty.later.duty"),)),
    }
    found = evaluate(filed(LAW, {"G01_loans": 9}), LAW, context=Context(history=history))
    assert [one.id for one in found.rectification] == [ID]


def test_a_blocked_submission_mends_nothing_and_opens_nothing() -> None:
    submission = replace(filed(LAW, {"G01_loans": 10}), reading=(reading_finding(),))
    history = {"2026Q2": past("2026Q2", rectification=(item(due="2026-07-01"),))}
    found = evaluate(submission, LAW, context=Context(history=history), stage="preliminary")
    assert [one.status for one in found.rectification] == ["overdue"]
    empty = evaluate(submission, LAW, stage="preliminary")
    assert empty.rectification == ()


def test_a_supervisors_word_goes_before_the_figures() -> None:
    said = OpinionEdits(items=(ItemEdit(id=ID, status="mended", evidence="核实单 3"),))
    one = only(judged(9, item(), edits=said))
    assert (one.status, one.evidence, one.stated) == ("mended", "核实单 3", True)


def test_a_later_day_set_now_moves_what_is_overdue() -> None:
    said = OpinionEdits(opinions=(OpinionEdit(id=ID, due="2026-12-31"),))
    one = only(judged(9, item(due="2026-06-30"), edits=said))
    assert (one.status, one.due) == ("open", "2026-12-31")


def test_what_is_left_out_opens_no_item() -> None:
    said = OpinionEdits(opinions=(OpinionEdit(id=ID, drop="已另行处理"),))
    assert judged(9, edits=said).rectification == ()


def test_what_a_supervisor_added_stays_open_until_it_is_said_to_be_done() -> None:
    added = AddedOpinion(id="added.2026Q3.1", problem="", text="报送台账。", basis="约谈纪要")
    one = only(judged(10, edits=OpinionEdits(added=(added,))))
    assert (one.requirement, one.since, one.basis.article) == ("报送台账。", "2026Q3", "约谈纪要")
    later = replace(one, since="2026Q2")
    assert only(judged(10, later)).status == "open"


def test_items_travel_through_the_document(tmp_path: Path) -> None:
    found = judged(9, item(due="2026-06-30", evidence="方案"))
    document = evaluation_document(found)
    (told,) = document["rectification"]
    assert (told["requirement"], told["due"], told["status"]) == ("要求", "2026-06-30", "overdue")
    (tmp_path / "a.json").write_text(to_json({**document, "status": "passed"}), encoding="utf-8")
    past_one = read_history(tmp_path)[CODE]["2026Q3"]
    assert past_one.rectification == found.rectification


@pytest.mark.parametrize(
    ("key", "value"), [("status", "done"), ("due", "2026-13-01"), ("since", "Q3"), ("basis", None)]
)
def test_a_broken_item_of_an_earlier_document_is_refused(
    tmp_path: Path, key: str, value: object
) -> None:
    document = json.loads(to_json(evaluation_document(judged(9))))
    document["status"] = "passed"
    document["rectification"][0][key] = value
    (tmp_path / "a.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(LedgerError) as caught:
        read_history(tmp_path)
    assert caught.value.code == "history_invalid"


def test_the_section_tells_of_earlier_items_only_or_says_there_are_none() -> None:
    words = read_words()
    none = rectification(Phrases(judged(9), words, "bank"))
    assert (none.summary, none.rows) == ("没有往期遗留的整改事项。", ())
    shown = rectification(Phrases(judged(9, item(due="2026-06-30")), words, "bank"))
    (row,) = shown.rows
    assert (row.since, row.due, row.status.text) == ("2025年四季度", "2026年6月30日前", "逾期")
    assert "逾期 1 项" in shown.summary
    assert "仍不能显示" in row.evidence


def test_carried_items_are_those_of_earlier_periods() -> None:
    assert carried_items(judged(9)) == ()
    assert len(carried_items(judged(9, item()))) == 1
