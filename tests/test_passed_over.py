"""What the ledger says of a bank and its evaluation leaves out: whose it is, and why."""

from __future__ import annotations

from pathlib import Path

import pytest
from judging_kit import YUNTING, Office, document, evaluated
from killed_runs import events

from supervise.batch import Mapper
from supervise.ledger.later_records import Adjusted, Judged
from supervise.pipeline.run.evaluate import evaluate_many
from supervise.pipeline.run.keeping import keeper_of
from supervise.pipeline.run.log import RunLog
from supervise.pipeline.run.told import summary
from supervise.record import replace

PERIOD = "2026Q3"
ITEM = "S71_I_6_A5"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office whose ledger says things that fit and things that do not."""
    office = evaluated(tmp_path_factory.mktemp("office"))
    with office.place.open() as ledger:
        ledger.append(YUNTING, [*_marks(), *_corrections(document(office.evaluate(YUNTING)))])
    return office


def _marks() -> list[Judged]:
    told = {"period": PERIOD, "reason": "复核", "by": "李评", "on": "2026-10-20"}
    return [
        Judged(indicator=indicator, part=part, points=points, **told)
        for indicator, part, points in (
            ("due_diligence_exemption", "rules", "2"),
            ("due_diligence_exemption", "linked", "99"),
            ("inclusive_loan_growth", "rate", "1"),
            ("first_loan", "withdrawn", None),
        )
    ]


def _corrections(known: dict[str, dict[str, str]]) -> list[Adjusted]:
    told = {
        "period": PERIOD,
        "reason": "错报",
        "evidence": "底稿",
        "by": "王查",
        "on": "2026-10-22",
    }
    figure = known["facts"][ITEM]
    return [
        Adjusted(item=ITEM, filed=f"{figure}1", adjusted="5", **told),
        Adjusted(item="S71_I_99_Z9", filed="1", adjusted="2", **told),
    ]


def told(office: Office, lang: str) -> tuple[list[str], Path]:
    """Lines that a run says about it, and its folder."""
    from kept_runs import asked

    run = asked(office.folder / f"run-{lang}", office.url)
    run = replace(run, settings=replace(run.settings, lang=lang))
    with keeper_of(run) as keeper, RunLog() as watcher:
        rows = evaluate_many([office.folder / "in"], run, Mapper(1), keeper=keeper, watcher=watcher)
        lines = summary(rows, run, keeper, watcher).splitlines()
    return [line for line in lines if YUNTING in line], run.target.folder


def test_each_is_told_with_whose_it_is_and_why(office: Office) -> None:
    lines, folder = told(office, "zh")
    assert lines == [
        f"  台账中的评分未采用 {YUNTING} due_diligence_exemption.linked："
        "超出现行规则的分值范围，请重新评分（李评，2026-10-20）",
        f"  台账中的评分未采用 {YUNTING} inclusive_loan_growth.rate："
        "现行规则在此不由监管评分（李评，2026-10-20）",
        f"  台账中的修正未采用 {YUNTING} {ITEM}："
        "所报数据已不是修正时的数据，请重新核定（王查，2026-10-22）",
        f"  台账中的修正未采用 {YUNTING} S71_I_99_Z9：现行报送表没有此项（王查，2026-10-22）",
    ]
    noted = [one for one in events(folder) if one["event"] == "passed_over"]
    assert [one["reason"] for one in noted] == [
        "out_of_range", "not_asked", "filed_anew", "no_item",
    ]  # fmt: skip
    again, _ = told(office, "zh")
    assert again == lines, "also where the evaluation is taken over"


def test_it_is_told_in_english_too(office: Office) -> None:
    lines, _ = told(office, "en")
    assert len(lines) == 4
    assert all("in the ledger does not count" in line for line in lines)


def test_none_of_it_is_in_what_goes_to_the_bank(office: Office) -> None:
    _, folder = told(office, "zh")
    [own] = folder.glob(f"{YUNTING}*/*.json")
    assert "S71_I_99_Z9" not in own.read_text(encoding="utf-8")
