"""The three things to do: in order of weight, short, with figures."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from factories_report import evaluation
from sample_files import EVERY, checked, named
from samples.catalogue import Sample

from supervise.core.evaluation import Evaluation, NextTarget
from supervise.core.model import Basis
from supervise.core.supervision import RectificationItem
from supervise.read.words import read_words
from supervise.record import replace
from supervise.write.phrases import Phrases
from supervise.write.view_priorities import LONGEST, three_things

HOUSE = Basis("house", "")


def things(found: Evaluation, lang: str = "zh") -> tuple[str, ...]:
    return three_things(Phrases(found, read_words(lang), "bank"))


def target(**changes: Any) -> NextTarget:
    plain = NextTarget(
        indicator="first_loan",
        part="count",
        name="首贷户数",
        item="XW1_first_loans",
        unit="count",
        now=Fraction(900),
        at_least=Fraction(1000),
        gain=Fraction("2.999"),
        points=Fraction(3),
        period="2026Q4",
    )
    return replace(plain, **changes)


def late(**changes: Any) -> RectificationItem:
    plain = RectificationItem(
        id="duty.renewal.mechanism",
        requirement="建立续贷机制",
        indicator="无还本续贷",
        since="2025Q4",
        basis=HOUSE,
        status="overdue",
        due="2026-06-30",
    )
    return replace(plain, **changes)


def calm() -> Evaluation:
    """Nothing found, nothing unmet, no veto."""
    made = evaluation(specs=(), findings=())
    return replace(made, grade=replace(made.grade, vetoes=()))


def test_what_blocks_comes_before_what_is_unmet_and_before_what_would_gain() -> None:
    found = replace(evaluation(blocked=True), targets=(target(),))
    first, second, third = things(found)
    assert first == "更正 1 项阻断发现（首处 S71_I!C14）并重报，否则不定档次、不进入同业比较"
    assert second == "机构考核（普惠金融绩效考核权重）本期 9.996%，要求 ≥ 10%，未达标，须整改"
    assert third == "首贷户数需达 1,000以上（本期 900），下期可多得 2.99 分"


def test_an_overdue_item_comes_after_unmet_duties_and_names_its_day() -> None:
    found = replace(evaluation(), rectification=(late(), late(status="open", id="x")))
    assert things(found)[1] == "立即完成已逾期的整改“建立续贷机制”（期限 2026年6月30日）"


def test_a_duty_that_is_overdue_is_said_once() -> None:
    overdue = late(id="duty.branch_kpi_weight.r", requirement="考核权重不低于10%")
    found = replace(evaluation(), rectification=(overdue,))
    told = things(found)
    assert [line for line in told if "考核权重" in line] == [told[0]]
    assert "逾期" in told[0]


def test_many_unmet_duties_leave_room_for_others() -> None:
    result = next(r for r in evaluation().indicators if r.law.id == "branch_kpi_weight")
    more = tuple(
        replace(result.requirements[0], law=replace(result.requirements[0].law, id=f"r{n}"))
        for n in range(4)
    )
    found = replace(
        evaluation(), indicators=(replace(result, requirements=more),), targets=(target(),)
    )
    first, second = things(found)
    assert first.startswith("落实 4 项未达标的要求")
    assert "2.99 分" in second


def test_an_indicator_is_named_once_however_many_targets_it_has() -> None:
    twice = (
        target(),
        target(part="share", gain=Fraction(2)),
        target(indicator="renewal", name="续贷"),
    )
    told = things(replace(calm(), targets=twice))
    assert [line[:2] for line in told] == ["首贷", "续贷"]
    unmet = replace(evaluation(), targets=(target(indicator="branch_kpi_weight"),))
    assert not any("可多得" in line for line in things(unmet))


def test_a_veto_names_the_points() -> None:
    found = evaluation(period="2025Q4", points_factor="0.3")
    assert found.grade.vetoes
    assert "否决" in things(found)[0]
    assert "分）" in things(found)[0]


def test_a_long_name_is_cut_and_figures_never_are() -> None:
    long = target(name="普惠型小微企业信用贷款" * 9 + "（含个体工商户和小微企业主）")
    told = things(replace(calm(), targets=(long,)))[-1]
    assert len(told) == LONGEST
    assert "…" in told
    assert told.endswith("需达 1,000以上（本期 900），下期可多得 2.99 分")


def test_nothing_to_do_gives_no_sentence() -> None:
    assert things(calm()) == ()


@pytest.mark.parametrize("sample", EVERY, ids=named)
def test_every_sample_gets_at_most_three_short_ones_in_both_languages(sample: Sample) -> None:
    found = checked(sample.path).evaluation
    if found is None:
        return
    told = things(found)
    assert len(told) <= 3
    assert all(len(line) <= LONGEST for line in told), told
    assert all(any(c.isdigit() or c == "“" for c in line) for line in told), told
    assert len(things(found, "en")) == len(told)
