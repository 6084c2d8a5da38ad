"""Rows and columns that moved are noticed before any figure is believed."""

from __future__ import annotations

from decimal import Decimal

from hand_filled import G01, cell, filed, g01, number, only, sheet, xw3

from supervise.read import findings as f


def test_an_inserted_row_is_one_finding_and_nothing_is_misread() -> None:
    moved = [
        c._replace(address=f"{c.address[0]}{c.row + (c.row >= 7)}", row=c.row + (c.row >= 7))
        for c in g01().cells.values()
    ]
    submission = filed(sheet("G01", *moved), xw3(number("C3", "")))
    finding = next(one for one in submission.reading if one.check == f.CELLS_MOVED)
    assert [one.check for one in submission.reading].count(f.CELLS_MOVED) == 1
    assert "第 7 行" in finding.message
    assert "整体下移 1 行" in finding.message
    assert {submission.facts[p.item].state for p in G01.placed} == {"invalid"}


def test_a_deleted_row_and_an_inserted_column_are_seen() -> None:
    cells = [c for c in g01().cells.values() if c.row != 7]
    up = [
        c._replace(address=f"{c.address[0]}{c.row - (c.row > 7)}", row=c.row - (c.row > 7))
        for c in cells
    ]
    assert "整体上移 1 行" in filed(sheet("G01", *up)).reading[0].message
    right = [
        c._replace(address=f"{chr(ord(c.address[0]) + 1)}{c.row}", column=c.column + 1)
        for c in g01().cells.values()
    ]
    assert "整体右移 1 列" in filed(sheet("G01", *right)).reading[0].message


def test_swapped_rows_have_no_common_offset() -> None:
    cells = {c.address: c for c in g01().cells.values()}
    cells["B6"], cells["B7"] = (
        cells["B6"]._replace(text="票据融资"),
        cells["B7"]._replace(text="各项贷款"),
    )
    finding = filed(sheet("G01", *cells.values())).reading[0]
    assert finding.check == f.CELLS_MOVED
    assert "不一致" in finding.message


def test_a_reworded_label_is_explained_and_the_figures_are_read() -> None:
    cells = {c.address: c for c in g01().cells.values()} | {"B6": cell("B6", "贷款合计数")}
    submission = filed(sheet("G01", *cells.values()))
    finding = only(submission)
    assert (finding.check, finding.severity, finding.cells) == (
        f.LABEL_CHANGED,
        "explain",
        ("G01!B6",),
    )
    assert submission.facts["G01_loans"].value == Decimal(1_000_000)


def test_spaces_and_width_in_labels_do_not_matter() -> None:
    cells = {c.address: c for c in g01().cells.values()} | {"B6": cell("B6", " 各项 贷款　")}
    assert filed(sheet("G01", *cells.values())).reading == ()
