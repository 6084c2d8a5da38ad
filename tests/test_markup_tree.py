"""Markup read as XML: the same tree and the same bytes, or nothing."""

from __future__ import annotations

from datetime import date
from xml.etree.ElementTree import Element

import pytest
import tinyhtml5
from factories_report import evaluation

from supervise.read.words import read_words
from supervise.write.markup_tree import tree_of
from supervise.write.press import Credits, Press
from supervise.write.report import Renderer
from supervise.write.typeface import SHIPPED

TOLD = Credits(title="t", author="a", subject="s", keywords=(), day=date(2026, 9, 30))


@pytest.fixture(scope="module", params=["zh", "en"])
def markup(request: pytest.FixtureRequest) -> str:
    return Renderer(words=read_words(request.param)).html(evaluation())


def flat(element: Element) -> list[tuple[object, ...]]:
    """Every element in order with its attributes and the text in it; blanks apart."""
    own = (element.tag, dict(element.attrib), (element.text or "").strip(), len(element))
    below = [each for inner in element for each in flat(inner)]
    return [own, *below, (element.tag, (element.tail or "").strip())]


def test_a_report_is_read_as_an_html_parser_reads_it(markup: str) -> None:
    tree = tree_of(markup)
    assert tree is not None
    assert flat(tree) == flat(tinyhtml5.parse(markup, namespace_html_elements=False))


def test_its_pages_are_the_same_to_the_byte(markup: str) -> None:
    style = Renderer(words=read_words()).sheet()
    quick, slow = (Press(style, [SHIPPED], quick=quick) for quick in (True, False))
    assert quick.print(markup, TOLD) == slow.print(markup, TOLD)


@pytest.mark.parametrize(
    "body",
    [
        "<p>one<p>two",
        "<p><div>in a paragraph</div></p>",
        "<table><tr><td>no body</td></tr></table>",
        "<table><tbody><td>no row</td></tbody></table>",
        "<table><tbody><tr><p>no cell</p></tr></tbody></table>",
        "a&nbsp;name that XML does not know",
        "<b>left open",
    ],
)
def test_what_an_html_parser_would_mend_is_left_to_it(body: str) -> None:
    assert tree_of(f"<!DOCTYPE html><html><head></head><body>{body}</body></html>") is None


def test_markup_without_its_first_line_is_left_to_it() -> None:
    assert tree_of("<html></html>") is None
