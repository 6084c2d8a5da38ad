"""What is worked out once is worked out right: for other content, names and worlds anew."""

from __future__ import annotations

import gc
import pickle

import pytest
from builders import book_of, branches, filed, law, law_with, number, value_of
from plain_workbook import CELLS, SHEET, parts, plain, with_parts, worksheet
from sample_files import HOME

from supervise.core.compute import compute
from supervise.core.evaluation import Measure
from supervise.core.formula import parse
from supervise.core.frame import UNTRACED, Absent, Frame
from supervise.core.later import Later
from supervise.core.world import Book
from supervise.errors import WorkbookUnreadable
from supervise.ooxml.once import once
from supervise.ooxml.rewriting.source import Source
from supervise.ooxml.rewriting.tree import parse_tree
from supervise.pipeline.calm import calm, settle
from supervise.pipeline.precheck.check import check_files
from supervise.read.workbook import read_workbook
from supervise.settings import Settings


def test_bytes_are_understood_once_and_other_bytes_anew() -> None:
    asked = []

    @once
    def length(*pieces: bytes) -> int:
        asked.append(pieces)
        return sum(map(len, pieces))

    assert [length(b"ab"), length(b"ab"), length(b"a", b"b"), length(b"abc")] == [2, 2, 2, 3]
    assert asked == [(b"ab",), (b"a", b"b"), (b"abc",)]
    large = b"x" * (1 << 19)
    assert length(large) == length(large)
    assert asked[3:] == [(large,), (large,)]


def test_what_was_refused_is_refused_again_in_its_own_name() -> None:
    broken = with_parts({"xl/styles.xml": parts()["xl/styles.xml"].replace(b"</", b"<", 1)})
    for name in ("甲.xlsx", "乙.xlsx"):
        with pytest.raises(WorkbookUnreadable) as refused:
            read_workbook(broken, name)
        assert refused.value.where == f"{name} · xl/styles.xml"


def test_another_style_or_column_in_the_same_place_is_seen() -> None:
    styles = parts()["xl/styles.xml"].replace(b'<xf numFmtId="10"/>', b'<xf numFmtId="14"/>')
    hidden = worksheet(CELLS, '<cols><col min="2" max="2" hidden="1"/></cols>')
    for data, percent, concealed in (
        (plain(), True, False),
        (with_parts({"xl/styles.xml": styles}), False, False),
        (with_parts({SHEET: hidden}), True, True),
        (plain(), True, False),
    ):
        cell = read_workbook(data, "a.xlsx").sheets[0].cells["B2"]
        assert (cell.is_percent, cell.hidden) == (percent, concealed)


def test_a_text_is_written_when_it_is_read_and_only_then() -> None:
    written = []

    def write() -> str:
        written.append("1 + 1")
        return written[-1]

    later = Later(write)
    measure = Measure(number("2"), None, (), (), later)
    assert written == []
    assert measure.workings == measure.workings == "1 + 1"
    assert written == ["1 + 1"]
    assert later == Later(lambda: "1 + 1") == "1 + 1"
    assert later != Later(lambda: "2")
    assert later != 2
    assert hash(later) == hash("1 + 1")
    assert repr(later) == "'1 + 1'"
    assert pickle.loads(pickle.dumps(measure)) == measure  # noqa: S301  # our own bytes
    assert type(pickle.loads(pickle.dumps(later))) is str  # noqa: S301  # our own bytes


def told(formula: str, book: Book, **local: str) -> tuple[object, list[str]]:
    """A formula's value, and the items in its trace."""
    frame = Frame(local={name: number(text) for name, text in local.items()})
    value = compute(parse(formula).tree, book, frame)
    return value, [term.item for term in frame.trace]


def test_a_definition_leaves_its_trace_each_time() -> None:
    book = book_of(filed(S71_I_6_A5="3亿", S71_I_6_A5_year_start="2亿"))
    first = told("inclusive_increment", book)
    assert first[0] == number("1亿")
    assert first[1] == ["bill_scope", "S71_I_6_A5", "bill_scope", "S71_I_6_A5_year_start"]
    assert told("inclusive_increment", book) == first
    assert told("inclusive_increment + 1", book)[1] == first[1]
    assert told("year_start(inclusive_balance)", book)[0] == number("2亿")


def test_a_local_of_the_same_name_counts_in_a_definition() -> None:
    book = book_of(filed(S71_I_6_A5="3亿"))
    assert told("inclusive_balance", book)[0] == number("3亿")
    assert told("inclusive_balance", book, S71_I_6_A5="7亿")[0] == number("7亿")
    assert told("inclusive_balance", book)[0] == number("3亿")
    other = book_of(filed(S71_I_6_A5="3亿"))
    assert told("inclusive_balance", other, S71_I_6_A5="7亿")[0] == number("7亿")
    assert told("inclusive_balance", other)[0] == number("3亿")


def test_a_definition_over_a_row_is_computed_for_each_row() -> None:
    rows = branches("10%", "20%")["XW2_branches"]
    rows[0]["XW2_branch_level"] = "境外机构"
    book = book_of(filed(tables={"XW2_branches": rows}))
    assert told("sum(XW2_kpi_weight where domestic_in_business)", book)[0] == number("20%")


def test_a_definition_that_asks_for_another_indicator_is_asked_each_time() -> None:
    rulebook = law_with(definitions={"other": parse("measure(x) + 1")})
    book = book_of(filed(law()), rulebook)
    book.measured = lambda indicator, part: number("1")
    assert told("other", book)[0] == number("2")
    book.measured = lambda indicator, part: number("5")
    assert told("other", book)[0] == number("6")


def test_an_absent_definition_says_why_each_time() -> None:
    book = book_of(filed())
    for _ in range(2):
        assert value_of("tolerance_gap", book) == Absent("missing", ("XW4_tolerance_form",))


def test_a_formula_without_a_trace_comes_to_the_same() -> None:
    book = book_of(filed(S71_I_6_A5="3亿", S71_I_6_A5_year_start="2亿"))
    tree = parse("inclusive_growth > 10%").tree
    assert compute(tree, book, Frame(trace=UNTRACED)) is True
    assert UNTRACED == []
    frame = Frame()
    assert compute(tree, book, frame) is True
    assert [term.item for term in frame.trace][1::2] == ["S71_I_6_A5", "S71_I_6_A5_year_start"]


def test_what_computes_a_formula_is_no_part_of_it() -> None:
    one, other = parse("1 + x"), parse("1  +  x")
    value_of(one.text, x=number("1"))
    assert hasattr(one.tree, "run")
    assert one.tree == other.tree
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301  # our own bytes
    assert repr(one.tree) == repr(other.tree)


@calm()
def _broken() -> float:
    return 1 / 0


def test_the_search_for_cycles_is_as_before_when_calm_is_over() -> None:
    with calm():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError):
        _broken()
    assert gc.isenabled()
    gc.disable()
    try:
        with calm():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.parametrize("name", ["rc01-yunting", "rc09-chengyan", "rcc02-heqing", "vb03-ouxi"])
def test_what_a_check_made_is_gone_without_a_search(name: str) -> None:
    sample = HOME / "2026Q3" / f"{name}.xlsx"
    check_files([sample], Settings())
    gc.collect()
    gc.disable()
    try:
        outcomes = check_files([sample], Settings())
        assert len(outcomes) == 1
        del outcomes
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_nothing_is_searched_behind_a_calm_stretch() -> None:
    settle.cache_clear()  # a run in this process may have settled it
    searched: list[str] = []
    gc.callbacks.append(lambda phase, info: searched.append(phase))
    try:
        with calm():
            made = [[number] for number in range(10_000)]
        assert len([*made, []]) == len(made) + 1
    finally:
        gc.callbacks.pop()
    assert not searched


def test_a_tree_is_shared_by_files_and_a_refusal_is_not() -> None:
    text = b"<a>" + b"<b/>" * 100 + b"</a>"
    assert parse_tree(Source(text, "甲.xlsx")) is parse_tree(Source(text, "乙.xlsx"))
    with pytest.raises(WorkbookUnreadable, match="最外层"):
        parse_tree(Source(text, "甲.xlsx"), "b")
    for name in ("甲.xlsx", "乙.xlsx"):
        with pytest.raises(WorkbookUnreadable) as refused:
            parse_tree(Source(text[:-1], name))
        assert refused.value.where == name
