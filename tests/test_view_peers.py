"""The peer section: strips and quartile words, or why nothing is compared."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import pytest
from builders import evaluated, filed, law

from supervise.core.context import Context, PeerStat
from supervise.core.evaluation import Evaluation
from supervise.core.law import Better
from supervise.core.peers import TOTAL, element_key, standing
from supervise.read.words import read_words
from supervise.record import replace
from supervise.write.chart_strip import strip
from supervise.write.phrases import Phrases
from supervise.write.view_peers import PeerRow, Peers, peers

F = Fraction
TEN = tuple(F(n) for n in range(1, 11))
Audience = Literal["bank", "internal"]


def judged(n: int = 12) -> Evaluation:
    """A bank among ``n``, with its total, one element and one headline indicator compared."""
    values = tuple(F(k) for k in range(n))
    known = {TOTAL: values, element_key("supply"): values, "first_loan": values}
    context = Context(peers=known, peer_group="农村商业银行")
    return replace(evaluated(law(), filed(XW1_first_count_total_incl=5), context), status="passed")


def shown(evaluation: Evaluation, audience: Audience = "bank", lang: str = "zh") -> Peers:
    return peers(Phrases(evaluation, read_words(lang), audience))


def rows(found: Peers) -> tuple[PeerRow, ...]:
    return tuple(row for group in found.groups for row in group.rows)


def test_a_bank_without_peers_is_told_so() -> None:
    found = shown(evaluated())
    assert (found.why_not, found.groups) == ("没有可比的同业数据，不作比较。", ())


def test_a_blocked_submission_is_not_compared() -> None:
    assert "阻断" in shown(replace(judged(), status="blocked")).why_not


def test_under_ten_banks_the_banks_copy_gives_no_number_of_them() -> None:
    found = shown(judged(7))
    assert "不足 10 家" in found.why_not
    assert "7" not in found.why_not
    assert found.groups == ()


def test_under_ten_banks_the_internal_copy_gives_their_number() -> None:
    assert "7" in shown(judged(7), "internal").why_not


def test_the_banks_copy_has_quartiles_and_no_percentile() -> None:
    found = shown(judged())
    assert "四分之一" in found.title
    assert "优于" not in found.title
    assert {row.percentile for row in rows(found)} == {""}


def test_the_internal_copy_has_percentiles_too() -> None:
    found = shown(judged(), "internal")
    assert "优于" in found.title
    assert all(row.percentile for row in rows(found))


def test_the_total_elements_and_headlines_are_compared() -> None:
    found = shown(judged())
    assert [group.title for group in found.groups] == ["", "要素得分", "核心指标"]
    assert [row.name for row in rows(found)] == ["总分", "信贷总体投放情况", "首贷"]


@pytest.mark.parametrize(
    ("value", "better", "words"),
    [(10, "higher", "前四分之一"), (7, "higher", "中上四分之一"), (4, "higher", "中下四分之一"),
     (1, "higher", "后四分之一"), (1, "lower", "前四分之一"), (5, "band", "不分优劣")],
)  # fmt: skip
def test_a_standing_is_said_in_quarters(value: int, better: Better, words: str) -> None:
    stat = standing(F(value), TEN, better, "农村商业银行")
    evaluation = judged()
    element = replace(evaluation.elements[0], points=F(value), peer=stat)
    found = shown(replace(evaluation, elements=(element,)))
    assert found.groups[1].rows[0].place == words
    assert words in found.groups[1].rows[0].text


def test_a_unit_is_said_once_in_a_range() -> None:
    stat = standing(F(3, 100), tuple(F(n, 100) for n in range(1, 12)), "higher", "")
    evaluation = judged()
    results = tuple(
        replace(r, measure=replace(r.measure, value=F(3, 100)), peer=stat)
        if r.law.id in ("credit_loan", "npl_tolerance")
        else r
        for r in evaluation.indicators
    )
    ranges = {row.name: row.box for row in rows(shown(replace(evaluation, indicators=results)))}
    assert ranges["信用贷款"] == "3.50–8.50%"
    assert ranges["不良容忍度"] == "3.50–8.50 个百分点"


def test_places_on_a_strip_rise_from_the_lower_end_to_the_upper() -> None:
    stat = standing(F(4), TEN, "higher", "")
    made = strip(F(4), stat)
    assert made is not None
    ends = [F(made.low), F(made.box[0]), F(made.here), F(made.median), F(made.high)]
    assert ends == sorted(ends)
    assert F(made.box[0]) + F(made.box[1]) < F(made.high)
    assert (made.outside, made.flat) == ("", False)


def test_a_value_outside_the_trimmed_range_is_held_at_the_edge() -> None:
    stat = standing(F(1), TEN, "higher", "")
    low, high = strip(F(-900), stat), strip(F(900), stat)
    assert low is not None
    assert high is not None
    assert (low.outside, high.outside) == ("left", "right")
    assert 0 < F(low.here) < F(low.low) < F(high.high) < F(high.here) < F(high.width)


def test_peers_that_are_all_alike_have_a_strip_without_a_box() -> None:
    made = strip(F(3), standing(F(3), (F(3),) * 12, "higher", ""))
    assert made is not None
    assert made.flat
    assert made.low == made.high == made.here == made.median


def test_too_few_peers_have_no_strip() -> None:
    assert strip(F(3), PeerStat("", 4, None, None, None, "few_peers")) is None


def test_no_other_bank_is_named_in_english_either() -> None:
    found = shown(judged(), lang="en")
    assert "quarter" in found.title
    assert "B0" not in found.remark
