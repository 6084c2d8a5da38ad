"""The evaluation document that scripts rely on."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from builders import (
    CODE,
    branches,
    check,
    evaluated,
    filed,
    law,
    law_with,
    past,
    points,
    reading_finding,
)
from hypothesis import given
from hypothesis import strategies as st

from supervise import __version__
from supervise.core.context import Adjustment, Context, Judgement
from supervise.errors import WorkbookUnreadable
from supervise.json_text import to_json
from supervise.record import replace
from supervise.write.document import evaluation_document, refusal_document
from supervise.write.document_indicator import decimal_text

KEYS = [
    "schema", "program", "status", "evaluation", "submission", "rulebook", "refusal", "findings",
    "coverage", "indicators", "adjustments", "rectification", "elements", "score", "grade",
]  # fmt: skip
INDICATOR_KEYS = {
    "id", "element", "name", "kind", "headline", "applicability", "value", "unit", "reason",
    "parts", "requirements", "judgement", "score", "trace",
}  # fmt: skip
ADJUSTED = Adjustment(
    "G01_loans", Fraction(7), Fraction(3), "现场核实", "底稿", "监管员甲", "2026-10-20"
)


def document(audience: str = "bank", **context: Any) -> dict[str, Any]:
    submission = filed(
        G01_loans="12亿", S71_I_6_A5="3亿", S71_I_6_A5_year_start="2.9亿", XW4_linked=True,
        tables=branches("12%", "10%"),
    )  # fmt: skip
    return evaluation_document(evaluated(law(), submission, Context(**context)), audience=audience)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 10), "0.1"),
        (Fraction(0), "0"),
        (Fraction(100), "100"),
        (Fraction(1, 3), "0.333333333333"),
        (Fraction(2, 3), "0.666666666667"),
        (Fraction(-5, 2), "-2.5"),
        (Fraction(10**15), "1000000000000000"),
        (Fraction(123456789012345), "123456789012000"),
        (Fraction(1, 10**12), "0.000000000001"),
        (Fraction("0.0999999999999999"), "0.1"),
        (None, None),
    ],
)
def test_a_number_is_a_decimal_text(value: Fraction | None, text: str | None) -> None:
    assert decimal_text(value) == text


@given(st.fractions())
def test_no_number_has_an_exponent_or_trailing_zeros(value: Fraction) -> None:
    text = decimal_text(value)
    assert text is not None
    assert set(text) <= set("-.0123456789")
    assert "." not in text or text[-1] not in "0."
    assert len(text.replace("-", "").replace(".", "").strip("0")) <= 12
    assert abs(Fraction(text) - value) <= abs(value) / 10**11
    assert decimal_text(Fraction(text)) == text


def test_a_document_has_the_keys_of_the_contract_in_its_order() -> None:
    found = document()
    assert list(found)[: len(KEYS)] == KEYS
    assert found["schema"] == "supervise/evaluation/1"
    assert found["program"] == __version__
    for one in found["indicators"]:
        assert one.keys() >= INDICATOR_KEYS


def texts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in texts(each)]
    if isinstance(value, list):
        return [leaf for each in value for leaf in texts(each)]
    return [value]


def test_amounts_are_texts_and_never_floats() -> None:
    leaves = texts(document())
    assert not [leaf for leaf in leaves if isinstance(leaf, float)]
    assert {type(leaf) for leaf in leaves} <= {str, int, bool, type(None)}


def test_the_bank_and_its_file_are_named() -> None:
    filing = document()["submission"]
    assert (filing["period"], filing["sequence"], filing["supersedes"]) == ("2026Q3", 1, None)
    assert filing["bank"] == {
        "code": CODE, "code_system": "licence", "name": "示例农商行", "type": "rural_commercial",
        "level": "legal_person", "parent": None, "province": "510000",
    }  # fmt: skip


def test_a_resubmission_says_what_it_supersedes() -> None:
    again = evaluated(law_with(), replace(filed(), sequence=3))
    assert evaluation_document(again)["submission"]["supersedes"] == 2


def test_coverage_counts_every_check_once() -> None:
    checks = (
        check("G01_loans = 0", id="T_001"),
        check("G01_loans = 1", id="T_002"),
        check("XW1_due = 1", id="T_003"),
        check("previous(XW1_due) = 1", id="T_004"),
        check("loan_cost_level = 1", id="T_005"),
    )
    found = evaluation_document(evaluated(law_with(checks=checks)))
    assert found["coverage"] == {
        "passed": 1, "failed": 1, "vacuous": 1, "no_predecessor": 1, "not_evaluated": 1,
    }  # fmt: skip
    assert found["status"] == "blocked"
    assert found["grade"]["id"] is None
    assert found["grade"]["reason"] == "blocked"


def test_an_unfinished_check_makes_the_submission_incomplete() -> None:
    checks = (check("loan_cost_level = 1"),)
    assert evaluation_document(evaluated(law_with(checks=checks)))["status"] == "incomplete"


def test_a_finding_carries_its_cells_figures_and_basis() -> None:
    checks = (check("G01_bills / G01_loans <= 10%"),)
    found = evaluation_document(evaluated(law_with(checks=checks), filed(G01_loans=8, G01_bills=1)))
    one = found["findings"][0]
    cells = [str(filed().facts[i].cell) for i in ("G01_bills", "G01_loans")]
    assert one["cells"] == cells
    assert (one["found"], one["expected"], one["difference"]) == ("12.5%", "10%", "2.5%")
    assert one["basis"] == {"source": "house", "article": "测试"}
    assert one["explanation"] is None


def test_an_indicator_can_be_walked_home_to_its_cells() -> None:
    found = {one["id"]: one for one in document()["indicators"]}
    kpi = found["branch_kpi_weight"]
    cells = {term["cell"] for term in kpi["trace"] if term["source"] == "cell"}
    weights = [
        row["XW2_kpi_weight"] for row in filed(tables=branches("12%", "10%")).tables["XW2_branches"]
    ]
    assert {str(w.cell) for w in weights} <= cells
    assert (kpi["value"], kpi["unit"], kpi["reason"]) == ("0.1", "ratio", None)
    share = found["inclusive_loan_growth"]["parts"][0]
    assert share["base"] is None or share["base"]["source"] == "form"


def test_a_base_names_its_period_and_source() -> None:
    history = {
        "2025Q4": past("2025Q4", {"S71_I_6_A5": "2.9亿", "G01_loans": "11亿", "G01_bills": 0})
    }
    bases = [
        p["base"]
        for one in document(history=history)["indicators"]
        for p in one["parts"]
        if p["base"]
    ]
    assert {"2025Q4"} <= {base["period"] for base in bases}
    assert {base["source"] for base in bases} == {"form", "history"}


def test_only_the_internal_document_names_the_examiner_and_the_rank() -> None:
    peers = {"branch_kpi_weight": tuple(Fraction(n, 100) for n in range(1, 13))}
    more: dict[str, Any] = {"adjustments": (ADJUSTED,), "peers": peers, "peer_group": "农商行"}
    bank, internal = document(**more), document("internal", **more)
    assert [a["by"] for a in bank["adjustments"]] == [None]
    assert [a["by"] for a in internal["adjustments"]] == ["监管员甲"]
    assert (bank["adjustments"][0]["filed"], bank["adjustments"][0]["adjusted"]) == ("7", "3")
    ranks = [
        next(i["peer"] for i in found["indicators"] if i["id"] == "branch_kpi_weight")
        for found in (bank, internal)
    ]
    assert "percentile" not in ranks[0]
    assert ranks[1]["percentile"] is not None
    assert ranks[0]["n"] == 12


def test_a_peer_of_a_part_is_in_the_document() -> None:
    peers = {"x.x": tuple(Fraction(n) for n in range(1, 13))}
    rulebook = law_with(indicators=(points("x", "5"),))
    found = evaluation_document(evaluated(rulebook, filed(), Context(peers=peers)))
    assert found["indicators"][0]["parts"][0]["peer"]["n"] == 12
    assert found["indicators"][0]["peer"] is None


def test_the_marks_of_judged_parts_are_added_up() -> None:
    marks = tuple(
        Judgement("due_diligence_exemption", part, Fraction(n), "甲", "现场", "2026-10-20")
        for part, n in (("rules", 3), ("linked", 1))
    )
    found = document(judgements=marks)
    told = {i["id"]: i["judgement"] for i in found["indicators"]}["due_diligence_exemption"]
    assert told["supervisor"] == "4"
    assert told["counted"] == "mixed"


def test_facts_are_the_filed_numbers_with_corrections() -> None:
    facts = document(adjustments=(ADJUSTED,))["facts"]
    assert facts["G01_loans"] == "3"
    assert facts["S71_I_6_A5"] == "300000000"
    assert "XW1_due" not in facts
    assert not [name for name in facts if name.startswith("COVER_")]


def test_a_refusal_is_the_same_document_with_empty_lists() -> None:
    error = WorkbookUnreadable(
        "不是工作簿", where="a.xlsx", expected=".xlsx", fix="另存为 .xlsx。", code="not_a_workbook"
    )
    found = refusal_document("a.xlsx", "ab" * 32, error)
    assert found.keys() == document().keys()
    assert found["status"] == "refused"
    assert found["refusal"]["code"] == "not_a_workbook"
    assert found["refusal"]["message"] == "不是工作簿"
    assert [found[k] for k in ("findings", "indicators", "adjustments", "elements")] == [[]] * 4


def test_the_text_of_a_document_is_readable_and_ends_its_line() -> None:
    text = to_json(document())
    assert json.loads(text) == document()
    assert "示例农商行" in text
    assert text.endswith("}\n")


def test_a_blocked_document_shows_its_measures_and_no_grade() -> None:
    blocked = replace(filed(G01_loans=5), reading=(reading_finding(),))
    found = evaluation_document(evaluated(law(), blocked))
    assert found["grade"] == {**found["grade"], "id": None, "label": None, "reason": "blocked"}
    assert found["score"]["total"] is not None
    assert found["indicators"]
