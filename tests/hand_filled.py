"""Forms and workbooks made by hand: three small sheets behind a cover, filled in well."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from supervise.core.law import Check
from supervise.core.layout import Form, FormSet, Item, OpenTable, Placed
from supervise.core.model import Basis, Finding, Submission
from supervise.core.period import Period
from supervise.errors import WorkbookUnreadable
from supervise.read.labels import position
from supervise.read.raw import RawCell, RawSheet, RawWorkbook
from supervise.read.submission import bind, recognise
from supervise.read.yaml import YamlMap, read_yaml
from supervise.record import replace

READING = Path(__file__).parents[1] / "supervise" / "rulebook" / "checks" / "reading.yaml"
ENTRIES = {entry.text("id"): entry for entry in read_yaml(READING).maps("checks")}
TYPES = {"农村商业银行": "rural_commercial", "大型商业银行": "large"}
PROVINCES = {"浙江省": "330000"}
STATUS = ("正常", "零报送", "不适用")
WAN = Decimal(10_000)


def _check(entry: YamlMap) -> Check:
    return Check(
        id=entry.text("id"),
        name=entry.text("name"),
        severity=entry.text("severity"),  # type: ignore[arg-type]
        scope="reading",
        holds=None,
        given=None,
        message=entry.text("message"),
        fix=entry.text("fix"),
        basis=Basis(entry.map("basis").text("source"), entry.map("basis").text("article")),
        provenance="provisional",
        why=entry.text("why"),
    )


CHECKS = {name: _check(entry) for name, entry in ENTRIES.items()}

COVER_ROWS: list[tuple[str, str, str]] = [
    ("template_version", "模板版本", "2025"),
    ("period", "报告期", "2026Q3"),
    ("bank_code", "机构编码", "B9001H233000001"),
    ("code_system", "编码体系", "金融许可证机构编码"),
    ("bank_name", "机构名称", "示例农村商业银行"),
    ("bank_type", "机构类型", "农村商业银行"),
    ("level", "机构层级", "法人"),
    ("parent_code", "法人代码", ""),
    ("province", "省份", "浙江省"),
    ("sequence", "报送序号", "1"),
    ("resubmission_reason", "重报原因", ""),
    ("prepared_by", "填报人", "甲"),
    ("filed_on", "报送日期", "2026-10-12"),
    ("scope", "数据范围", "境内"),
    ("status_G01", "G01 状态", "正常"),
    ("status_XW2", "XW2 状态", "正常"),
    ("status_XW3", "XW3 状态", "正常"),
]
UNITS = {"sequence": "count", "filed_on": "date"}
CHOICES = {"level": ("法人", "一级分行"), "status_G01": STATUS}
CHOICES |= {"status_XW2": STATUS, "status_XW3": STATUS}
OPTIONAL = {"parent_code", "resubmission_reason", "status_G01", "status_XW2", "status_XW3"}
FIXED = {"template_version": "2025", "period": "2026Q3", "scope": "境内"}


def _cover_item(name: str, label: str) -> Item:
    unit = "choice" if name in CHOICES else UNITS.get(name, "text")
    return Item(
        f"COVER_{name}",
        label,
        unit,  # type: ignore[arg-type]
        choices=CHOICES.get(name, ()),
        required=name not in OPTIONAL,
    )


def _form(form: str, sheet: str, labels: Mapping[str, str], places: list[Placed]) -> Form:
    return Form(form, sheet, f"{sheet}表", "2025", WAN, "missing", labels, tuple(places))


COVER = _form(
    "COVER",
    "封面",
    {f"B{row}": label for row, (_, label, _) in enumerate(COVER_ROWS, 3)},
    [
        Placed(
            f"COVER_{name}", f"C{row}", "fixed" if name in FIXED else "input", FIXED.get(name, "")
        )
        for row, (name, _, _) in enumerate(COVER_ROWS, 3)
    ],
)
G01 = replace(
    _form(
        "G01",
        "G01",
        {"A5": "行次", "B5": "项目", "C5": "期末", "A6": "1", "B6": "各项贷款", "A7": "2"}
        | {"B7": "票据融资", "B8": "合计", "B9": "户数"},
        [
            Placed("G01_loans", "C6"),
            Placed("G01_bills", "C7"),
            Placed("G01_total", "C8", "total", "C6+C7"),
            Placed("G01_count", "C9"),
        ],
    ),
    blank="zero",
    undefined=("D6", "D7"),
    status_item="COVER_status_G01",
)
XW2 = replace(
    _form("XW2", "XW2分支机构", {"B3": "机构数"}, [Placed("XW2_branch_count", "C3")]),
    tables=(
        OpenTable(
            "XW2_branches", "机构", 6, 7, 20, {"B": "XW2_branch_name", "C": "XW2_kpi_weight"},
            "XW2_branch_name",
        ),
    ),
    status_item="COVER_status_XW2",
)  # fmt: skip
XW3 = replace(
    _form(
        "XW3",
        "XW3不良处置与核销",
        {"B3": "年初", "B4": "核销"},
        [Placed("XW3_opening_all", "C3", "reference", "'G01'!$C$7"), Placed("XW3_writeoff", "C4")],
    ),
    status_item="COVER_status_XW3",
)
GUIDE = _form("GUIDE", "填报说明", {"A1": "填报说明"}, [])
ITEMS = [_cover_item(name, label) for name, label, _ in COVER_ROWS] + [
    Item("G01_loans", "各项贷款", "yuan"),
    Item("G01_bills", "票据融资", "yuan"),
    Item("G01_total", "合计", "yuan"),
    Item("G01_count", "户数", "count"),
    Item("XW2_branch_count", "机构数", "count"),
    Item("XW2_branch_name", "机构名称", "text"),
    Item("XW2_kpi_weight", "考核权重", "ratio"),
    Item("XW3_opening_all", "年初不良", "yuan"),
    Item("XW3_writeoff", "核销", "yuan", required=False),
]
FORMS = FormSet(
    "2025",
    (COVER, GUIDE, G01, XW2, XW3),
    {item.id: item for item in ITEMS},
    {},
    {"XW2_branch_name": "XW2_branches", "XW2_kpi_weight": "XW2_branches"},
)


def cell(address: str, text: str, kind: str = "text", **more: object) -> RawCell:
    row, column = position(address)
    return RawCell(address, row, column, text, kind, **more)  # type: ignore[arg-type]


def number(address: str, text: str, **more: object) -> RawCell:
    return cell(address, text, "number", **more)


def sheet(name: str, *cells: RawCell, **more: object) -> RawSheet:
    return RawSheet(name, **({"state": "visible", "cells": {c.address: c for c in cells}} | more))  # type: ignore[arg-type]


def labels(form: Form) -> list[RawCell]:
    return [cell(address, text) for address, text in form.labels.items()]


def cover(**changed: str) -> RawSheet:
    cells = labels(COVER)
    for row, (name, _, text) in enumerate(COVER_ROWS, 3):
        kind = "number" if name == "sequence" else "text"
        if changed.get(name, text):
            cells.append(cell(f"C{row}", changed.get(name, text), kind))
    return sheet("封面", *cells)


def good(form: Form, *cells: RawCell) -> RawSheet:
    return sheet(form.sheet, *labels(form), *cells)


def g01(*cells: RawCell) -> RawSheet:
    return good(
        G01, number("C6", "100"), number("C7", "20"), number("C8", "120", formula="C6+C7"), *cells
    )


def xw2(*cells: RawCell) -> RawSheet:
    return good(XW2, number("C3", "1"), cell("B6", "机构名称"), *cells)


def xw3(*cells: RawCell) -> RawSheet:
    return good(XW3, number("C3", "20", formula="'G01'!C7"), *cells)


def workbook(*sheets: RawSheet, **more: object) -> RawWorkbook:
    given = {other.name: other for other in sheets}
    usual = [cover(), sheet("填报说明", cell("A1", "填报说明")), g01(), xw2(), xw3()]
    every = [given.pop(one.name, one) for one in usual] + list(given.values())
    return RawWorkbook(
        file="示例.xlsx",
        sha256="0" * 64,
        sheets=tuple(every),
        date1904=False,
        **more,  # type: ignore[arg-type]
    )


def bound(raw: RawWorkbook) -> Submission:
    return bind(raw, FORMS, bank_types=TYPES, provinces=PROVINCES, checks=CHECKS)


def filed(*sheets: RawSheet) -> Submission:
    return bound(workbook(*sheets))


def found(submission: Submission) -> list[tuple[str, tuple[str, ...]]]:
    return [(finding.check, finding.cells) for finding in submission.reading]


def only(submission: Submission) -> Finding:
    assert len(submission.reading) == 1, found(submission)
    return submission.reading[0]


def refusal(raw: RawWorkbook, expected: Period | None = None) -> WorkbookUnreadable:
    with pytest.raises(WorkbookUnreadable) as caught:
        recognise(raw, FORMS, bank_types=TYPES, provinces=PROVINCES, expected=expected)
    assert all(caught.value.parts().values())
    return caught.value


def without(raw: RawWorkbook, name: str) -> RawWorkbook:
    return replace(raw, sheets=tuple(one for one in raw.sheets if one.name != name))
