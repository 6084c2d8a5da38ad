"""Live peers: context from ten banks upwards, never points."""

from __future__ import annotations

from fractions import Fraction

import pytest
from builders import evaluated
from hypothesis import given, settings
from hypothesis import strategies as st

from supervise.core.context import Context, PeerStat
from supervise.core.law import Better
from supervise.core.peers import TOTAL, among, element_key, quantile, standing
from supervise.write.document import evaluation_document

TEN = tuple(Fraction(n) for n in range(1, 11))


def test_under_ten_banks_there_is_no_standing() -> None:
    found = standing(Fraction(5), TEN[:9], "higher", "农村商业银行")
    assert found == PeerStat("农村商业银行", 9, None, None, None, "few_peers")


def test_ten_banks_have_a_median_a_quartile_and_a_trimmed_range() -> None:
    found = standing(Fraction(10), TEN, "higher", "")
    assert found.reason is None
    assert found.n == 10
    assert found.median == Fraction(11, 2)
    assert (found.trimmed_min, found.trimmed_max) == (Fraction(29, 20), Fraction(191, 20))
    assert (found.p25, found.p75) == (Fraction(13, 4), Fraction(31, 4))


@pytest.mark.parametrize(
    ("value", "better", "percentile", "quartile"),
    [(10, "higher", "0.95", 1), (1, "higher", "0.05", 4), (8, "higher", "0.75", 1),
     (7, "higher", "0.65", 2), (10, "lower", "0.05", 4), (1, "lower", "0.95", 1)],
)  # fmt: skip
def test_the_best_quarter_is_the_first(
    value: int, better: Better, percentile: str, quartile: int
) -> None:
    found = standing(Fraction(value), TEN, better, "")
    assert (found.percentile, found.quartile) == (Fraction(percentile), quartile)


def test_a_band_indicator_has_no_quartile() -> None:
    assert standing(Fraction(10), TEN, "band", "").quartile is None


def test_equal_banks_stand_in_the_middle_of_their_equals() -> None:
    same = (Fraction(3),) * 12
    for better in ("higher", "lower"):
        found = standing(Fraction(3), same, better, "")
        assert (found.percentile, found.quartile) == (Fraction(1, 2), 2)
        assert found.trimmed_min == found.median == found.trimmed_max == 3


def test_the_total_and_the_elements_have_a_standing_where_peers_are_known() -> None:
    peers = {TOTAL: TEN, element_key("supply"): TEN}
    found = evaluated(context=Context(peers=peers, peer_group="农村商业银行"))
    assert found.peer == among(
        Context(peers=peers, peer_group="农村商业银行"), TOTAL, found.score.total, "higher"
    )
    assert found.peer is not None
    known = {element.id: element.peer is not None for element in found.elements}
    assert known["supply"]
    assert not known["structure"]


def test_without_peers_there_is_no_standing_of_the_total() -> None:
    found = evaluated()
    assert found.peer is None
    assert "peer" not in evaluation_document(found)["score"]


def test_the_banks_document_has_the_quartile_and_the_internal_one_the_percentile_too() -> None:
    found = evaluated(context=Context(peers={TOTAL: TEN}))
    bank = evaluation_document(found)["score"]["peer"]
    internal = evaluation_document(found, audience="internal")["score"]["peer"]
    assert bank["quartile"] == internal["quartile"]
    assert (bank["p25"], bank["p75"]) == ("3.25", "7.75")
    assert "percentile" not in bank
    assert "percentile" in internal


VALUES = st.lists(st.integers(-50, 50).map(Fraction), min_size=10, max_size=25)
FEW = settings(max_examples=40)


@FEW
@given(VALUES, st.data())
def test_a_better_value_never_stands_lower(values: list[Fraction], data: st.DataObject) -> None:
    group = tuple(sorted(values))
    worse, better = sorted(data.draw(st.tuples(*[st.sampled_from(group)] * 2)))
    low, high = standing(worse, group, "higher", ""), standing(better, group, "higher", "")
    assert low.percentile is not None
    assert high.percentile is not None
    assert low.percentile <= high.percentile
    assert low.quartile is not None
    assert high.quartile is not None
    assert low.quartile >= high.quartile


@FEW
@given(VALUES)
def test_quantiles_rise_from_the_least_to_the_greatest(values: list[Fraction]) -> None:
    group = tuple(sorted(values))
    shares = [quantile(group, Fraction(n, 20)) for n in range(21)]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (group[0], group[-1])
