"""``context.json``: enough to work an evaluation out again, and of other banks aggregates only."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from builders import branches, filed, law, past
from trust_kit import BRANCH, LARGE, NOW, attachments, report, run_into, two_quarters

from supervise.core.comparing.results import differences, result_digest
from supervise.core.context import Adjustment, Context, Judgement, PeerStat
from supervise.core.evaluate import evaluate
from supervise.core.evaluation import Evaluation
from supervise.core.exact import exact_text
from supervise.core.peers import guarded, standing
from supervise.json_text import to_json
from supervise.read.context_document import read_context
from supervise.write.context_document import context_document
from supervise.write.document import evaluation_document
from supervise.write.report import Renderer

SUBMISSION = filed(
    G01_loans="12亿", S71_I_6_A5="3亿", S71_I_6_A5_year_start="2.9亿", XW4_linked=True,
    tables=branches("12%", "10%"),
)  # fmt: skip
VALUES = tuple(Fraction(n, 77) for n in range(1, 13))
NAMES = [
    name
    for one in law().indicators
    for name in (one.id, *(f"{one.id}.{part.id}" for part in one.parts))
]
FULL = Context(
    history={"2025Q4": past("2025Q4", {"G01_loans": "11亿"})},
    peers=dict.fromkeys(NAMES, VALUES),
    peer_group="农村商业银行",
    judgements=(Judgement("a", "b", Fraction(3, 2), "监管员甲", "已核实", "2026-10-20"),),
    adjustments=(
        Adjustment("G01_loans", Fraction(7), Fraction(3), "核实", "底稿", "监管员乙", "2026-10-21"),
    ),
    first_filing=(1, 2),
    filed=True,
)


def read_back(document: Any) -> Context:
    return read_context(json.loads(to_json(document)), lambda kind, province: law())


def fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in type(value).__slots__}


@pytest.mark.parametrize("audience", ["bank", "internal"])
def test_from_the_context_document_comes_the_same_evaluation(audience: str) -> None:
    evaluation = evaluate(SUBMISSION, law(), context=FULL, stage="preliminary")
    again = evaluate(
        SUBMISSION,
        law(),
        context=read_back(context_document(evaluation, FULL, audience=audience)),
        stage="preliminary",
    )
    told, found = (evaluation_document(one, audience=audience) for one in (evaluation, again))
    assert list(differences(told, found)) == []
    assert result_digest(told) == result_digest(found) == told["digest"]


def test_every_field_of_a_context_is_written_and_read() -> None:
    """A field that is added to one of the records must be added to the document as well."""
    evaluation = evaluate(SUBMISSION, law(), context=FULL, stage="preliminary")
    found = read_back(context_document(evaluation, FULL, audience="internal"))
    told = fields(FULL) | {"peers": {}, "parent": None}
    told["standings"] = {
        name: result.peer
        for name, result in _standing_results(evaluation).items()
    }  # fmt: skip
    assert told["standings"]
    assert fields(found) == told


def _standing_results(evaluation: Any) -> dict[str, Any]:
    results = {one.law.id: one for one in evaluation.indicators}
    results |= {f"{i.law.id}.{p.law.id}": p for i in evaluation.indicators for p in i.parts}
    return {name: one for name, one in results.items() if one.peer is not None}


def test_the_banks_copy_names_no_examiner_and_gives_no_rank() -> None:
    evaluation = evaluate(SUBMISSION, law(), context=FULL, stage="preliminary")
    text = to_json(context_document(evaluation, FULL, audience="bank"))
    assert "监管员" not in text
    document = json.loads(text)
    assert all(one["percentile"] is None for one in document["peers"].values())
    internal = context_document(evaluation, FULL, audience="internal")
    assert "监管员甲" in to_json(internal)


def test_a_median_does_not_tell_the_amounts_it_was_made_of() -> None:
    exact = standing(VALUES[3], (*VALUES, Fraction(1_204_113_077, 98_310_557)), "higher", "组")
    told = guarded(exact)
    assert exact.median is not None
    assert told.median == Fraction("0.0909091")
    assert told.trimmed_max is not None
    assert told.trimmed_max.denominator <= 10**6
    assert (told.n, told.quartile, told.percentile) == (13, exact.quartile, exact.percentile)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(123456789012345, 100), "1234567890123.45"),
        (Fraction(1, 3), "1/3"),
        (Fraction(-22, 7), "-22/7"),
        (Fraction(1, 10**14), "0.00000000000001"),
    ],
)
def test_a_figure_is_told_in_full(value: Fraction, text: str) -> None:
    assert exact_text(value) == text
    assert Fraction(text) == value


def test_a_branch_takes_along_only_what_it_took_from_its_parent(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    runs = two_quarters(tmp_path_factory.mktemp("runs"))
    context = json.loads(attachments(report(runs, BRANCH))["context.json"])
    taken = {one["law"] for one in context["parent"]["indicators"]}
    evaluation = json.loads(attachments(report(runs, LARGE))["evaluation.json"])
    assert context["parent"]["bank"] == LARGE
    assert taken
    assert taken < {one["id"] for one in evaluation["indicators"]}


def test_no_other_bank_is_named_in_what_a_bank_receives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried: dict[tuple[str, str], dict[str, bytes]] = {}

    def printed(renderer: Renderer, evaluation: Evaluation, **given: Any) -> bytes:
        bank = evaluation.submission.bank
        carried[bank.code, bank.name] = {each.name: each.data for each in given["attached"]}
        return b""

    monkeypatch.setattr(Renderer, "pdf", printed)
    run_into(tmp_path, sorted(NOW.glob("rc*.xlsx")))
    assert len(carried) >= 10
    for bank, files in carried.items():
        text = (files["context.json"] + files["evaluation.json"]).decode()
        assert json.loads(files["context.json"])["peers"] or '"blocked"' in text
        assert not [other for other in carried if other != bank and _said(text, other)]


def _said(text: str, names: tuple[str, str]) -> set[str]:
    return {name for name in names if name in text}


def test_a_standing_of_fewer_than_ten_says_only_that() -> None:
    few = guarded(standing(VALUES[0], VALUES[:5], "higher", "组"))
    assert few == PeerStat("组", 5, None, None, None, "few_peers")
