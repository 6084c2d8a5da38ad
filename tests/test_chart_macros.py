"""Chart macros: well-formed SVG with a title, presentation attributes only, few marks."""

from __future__ import annotations

import re
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from builders import evaluated, filed, law, past

from supervise.core.context import Context
from supervise.core.evaluation import Evaluation
from supervise.core.peers import TOTAL, element_key
from supervise.read.words import read_words
from supervise.record import replace
from supervise.write.report import Renderer

MOST_TEXTS = 50
INDICATORS = ("credit_loan", "inclusive_loan_share", "loan_cost", "branch_kpi_weight")


def judged() -> Evaluation:
    """Eight quarters with a gap, among twelve peers."""
    quarters = ("2024Q4", "2025Q1", "2025Q2", "2025Q4", "2026Q1", "2026Q2")
    history = {
        period: past(
            period,
            total=Fraction(70 + n),
            high=Fraction(75),
            parts={(name, ""): Fraction(n + 1, 100) for name in INDICATORS},
        )
        for n, period in enumerate(quarters)
    }
    values = tuple(Fraction(n) for n in range(12))
    known = {TOTAL: values, element_key("supply"): values}
    book = law()
    submission = filed(book, S71_I_6_A5="10亿", S71_I_6_1_A5="3亿", G01_loans="30亿", G01_bills=0)
    context = Context(history=history, peers=known, peer_group="<农商行>")
    return replace(evaluated(book, submission, context), status="passed")


@pytest.fixture(scope="module")
def drawings() -> list[ElementTree.Element]:
    html = Renderer(words=read_words()).html(judged(), audience="internal")
    found = re.findall(r'<svg class="(?:lines|strip-chart)".*?</svg>', html, re.DOTALL)
    return [ElementTree.fromstring(text) for text in found]


def test_every_chart_is_well_formed_and_there_are_some(
    drawings: list[ElementTree.Element],
) -> None:
    kinds = [each.get("class") for each in drawings]
    assert kinds.count("lines") >= 3
    assert kinds.count("strip-chart") == 2


def test_every_chart_is_an_image_with_a_title(drawings: list[ElementTree.Element]) -> None:
    for svg in drawings:
        assert svg.get("role") == "img"
        title = svg.find("title")
        assert title is not None
        assert title.text == svg.get("aria-label")
        assert title.text


def test_charts_are_cheap_to_lay_out(drawings: list[ElementTree.Element]) -> None:
    for svg in drawings:
        tags = [each.tag for each in svg.iter()]
        assert "style" not in tags
        assert tags.count("text") <= MOST_TEXTS
        assert len(tags) < 90
        assert not any(each.get("style") for each in svg.iter())


def test_no_coordinate_has_more_than_one_decimal(drawings: list[ElementTree.Element]) -> None:
    for svg in drawings:
        for each in svg.iter():
            for name in ("x", "y", "cx", "cy", "points", "d", "x1", "y1"):
                assert not re.search(r"\.\d\d", each.get(name, "")), (name, each.get(name))


def test_lines_differ_in_grey_print(drawings: list[ElementTree.Element]) -> None:
    pens = {
        (line.get("stroke-width"), line.get("stroke-dasharray"))
        for svg in drawings
        for line in svg.iter("polyline")
    }
    colours = {line.get("stroke") for svg in drawings for line in svg.iter("polyline")}
    assert len(pens) == len(colours)
