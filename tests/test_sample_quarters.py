"""The samples of earlier quarters: each follows from the one before, and a trend can be seen."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from sample_files import ALL, EARLIER, HOME, checked, evaluated, named
from sample_scores import work_out
from samples.catalogue import LONG, Sample

from supervise.core.evaluation import Evaluation
from supervise.core.trend import series, total_series
from supervise.json_text import to_json
from supervise.read.history import read_history
from supervise.write.document import evaluation_document

PERIODS = ["2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3"]
RESTATED = "rc14-shanwu"


def in_order(file: str) -> list[Sample]:
    return sorted((s for s in ALL if s.name == file), key=lambda sample: sample.period)


@pytest.fixture(scope="module")
def chains(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Evaluation]]:
    """Each bank's evaluations, every one judged with those before it as its history."""
    folder = tmp_path_factory.mktemp("history")
    found: dict[str, list[Evaluation]] = {}
    for file in LONG:
        for sample in in_order(file):
            judged = evaluated(sample.path, history=read_history(folder))
            found.setdefault(file, []).append(judged)
            told = to_json(evaluation_document(judged))
            (folder / f"{file}-{sample.period}.json").write_text(told, encoding="utf-8")
    return found


def test_a_few_banks_have_every_quarter_for_which_the_forms_are_in_force() -> None:
    for file in LONG:
        assert [sample.period for sample in in_order(file)] == PERIODS


@pytest.mark.parametrize("sample", EARLIER, ids=named)
def test_an_earlier_quarter_is_without_findings(sample: Sample) -> None:
    found = checked(sample.path).evaluation
    assert found is not None
    assert (found.status, found.findings) == ("passed", ())


@pytest.mark.parametrize("sample", EARLIER, ids=named)
def test_its_points_agree_with_those_worked_on_their_own(sample: Sample) -> None:
    spans, regular, bonus = work_out(HOME / sample.path)
    found = checked(sample.path).evaluation
    assert found is not None
    by_element = {e.id: (e.low, e.high) for e in found.elements if e.raw_max and e.id != "bonus"}
    assert by_element == spans
    assert (found.score.regular_low, found.score.regular_high) == regular
    assert found.score.bonus == bonus


def test_each_quarter_follows_from_those_before(chains: dict[str, list[Evaluation]]) -> None:
    for judged in chains.values():
        for evaluation in judged:
            assert [f for f in evaluation.findings if f.scope == "cross_period"] == []
        for state in judged[-1].states:
            assert state.state != "no_predecessor", state.check


def test_the_last_quarter_shows_a_trend_of_seven(chains: dict[str, list[Evaluation]]) -> None:
    for judged in chains.values():
        assert [p.period for p in total_series(judged[-1])] == PERIODS
        for indicator in ("credit_loan", "loan_cost", "inclusive_loan_share", "first_loan"):
            points = series(judged[-1], indicator)
            assert len({p.value for p in points}) == len(PERIODS), indicator


def test_ratios_move_by_small_steps(chains: dict[str, list[Evaluation]]) -> None:
    for judged in chains.values():
        for indicator in ("credit_loan", "medium_long_term", "inclusive_loan_share"):
            values = [p.value for p in series(judged[-1], indicator)]
            for before, after in pairwise(values):
                assert before is not None
                assert after is not None
                assert abs(after - before) < Fraction(1, 100)


def test_a_restated_opening_breaks_the_trend_and_no_other(
    chains: dict[str, list[Evaluation]],
) -> None:
    for file, judged in chains.items():
        broken = [p.period for p in series(judged[-1], "inclusive_loan_share") if p.broken]
        assert broken == (["2026Q3"] if file == RESTATED else [])
