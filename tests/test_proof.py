"""自检凭证: the same for bank and regulator, whatever else they know; what differs is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from builders import check, evaluated, filed, law, law_with, parent_of, past
from sample_files import HOME, JUDGED, case_of, checked, marks, named
from samples.catalogue import Sample

from supervise.core.context import Adjustment, Context
from supervise.core.evaluation import Evaluation
from supervise.core.proof import Proof, ProofVerdict, of_submission_alone, seal_of
from supervise.errors import NotIntact, UsageError
from supervise.json_text import to_json
from supervise.pipeline.case import Outcome, check_file, judge
from supervise.pipeline.proof import (
    compare_proof,
    proof_summary,
    row_with_proof,
    verify_proof,
    write_proof,
)
from supervise.pipeline.verify.files import intact_line, verify_files
from supervise.read.history import History, read_history
from supervise.read.judgements import NO_MARKS
from supervise.read.proofs import LARGEST, Proofs, read_proofs
from supervise.read.words import read_words
from supervise.record import replace
from supervise.settings import Settings
from supervise.write.document import evaluation_document
from supervise.write.index import index_html
from supervise.write.manifest import RunRow, evaluated_row, manifest_document
from supervise.write.proof import proof_document, proof_of, verdict_document, verdict_words

SETTINGS = Settings()
WORDS = read_words("zh")
MANAGED = "2026Q3/rc01-yunting.xlsx"
RESTATED = "2026Q3/rc14-shanwu.xlsx"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """Last year's evaluations of the banks that filed then."""
    folder = tmp_path_factory.mktemp("history")
    for sample in JUDGED:
        evaluation = checked(sample.path).evaluation
        if sample.path.startswith("2025Q4") and evaluation is not None:
            document = to_json(evaluation_document(evaluation))
            (folder / f"{sample.name}.json").write_text(document, encoding="utf-8")
    return read_history(folder)


def own(path: str) -> Evaluation:
    evaluation = checked(path).evaluation
    assert evaluation is not None
    return evaluation


def covered(evaluation: Evaluation) -> dict[str, Any]:
    """What both sides must agree on: all but the bank's own history and the seal over it."""
    document = proof_document(evaluation)
    return {key: value for key, value in document.items() if key not in ("history", "digest")}


def compared(evaluation: Evaluation, *proofs: Proof) -> ProofVerdict:
    return compare_proof(evaluation, Proofs(tuple(proofs)))


def codes(verdict: ProofVerdict) -> list[str]:
    return [reason.code for reason in verdict.reasons]


def save(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def read_back(path: Path, document: object) -> Proof:
    (proof,) = read_proofs(save(path, document)).found
    return proof


# The same on both sides


@pytest.mark.parametrize("sample", JUDGED, ids=named)
def test_bank_and_regulator_agree_whatever_else_they_know(sample: Sample, history: History) -> None:
    alone = own(sample.path)
    case = case_of(sample.path)
    code = case.submission.bank.code
    known = Context(
        history=history.get(code, {}),
        peers={"inclusive_loan_share": (Fraction(1, 10), Fraction(1, 2))},
        parent=parent_of(alone),
        first_filing=(2, 3),
    )
    regulator = judge(case, known, marks() if "2025Q4" in sample.path else NO_MARKS)
    assert covered(regulator) == covered(alone)
    verdict = compared(regulator, proof_of(alone))
    assert (verdict.state, verdict.reasons) == ("consistent", ())


def test_the_banks_own_history_changes_nothing_that_is_compared(history: History) -> None:
    path = HOME / RESTATED
    with_history = check_file(path, SETTINGS, history=history).evaluation
    assert with_history is not None
    assert with_history.history
    assert with_history.states != own(RESTATED).states
    assert covered(with_history) == covered(own(RESTATED))
    told = proof_document(with_history)
    assert told["history"]["periods"] == ["2025Q4"]
    assert told["history"]["status"] == with_history.status
    assert proof_document(own(RESTATED))["history"] is None


def test_a_finding_against_history_stands_apart() -> None:
    doubt = check(
        "G01_loans_year_start = year_start(G01_loans)",
        id="T_CP",
        scope="cross_period",
        severity="explain",
        needs="year_start",
    )
    book = law_with(law(), checks=(doubt,))
    submission = filed(G01_loans_year_start="2万")
    context = Context(history={"2025Q4": past("2025Q4", {"G01_loans": "1万"})})
    seen, plain = evaluated(book, submission, context), evaluated(book, submission)
    assert (seen.status, plain.status) == ("needs_explanation", "passed")
    assert covered(seen) == covered(plain)
    told = proof_document(seen)["history"]
    assert (told["status"], told["checks"]) == ("needs_explanation", {"T_CP": 1})


def test_an_adjusted_figure_is_no_fault_of_the_proof() -> None:
    case = case_of(MANAGED)
    change = Adjustment("S71_I_6_A5", None, Fraction(1), "核实", "台账", "甲", "2026-11-01")
    code = case.submission.bank.code
    adjusted = judge(case, Context(), replace(NO_MARKS, adjustments={code: (change,)}))
    verdict = compared(adjusted, proof_of(own(MANAGED)))
    assert verdict.state == "consistent"
    (note,) = verdict.notes
    assert note.code == "counted_otherwise"
    assert "inclusive_loan_share.level" in [name for name, _, _ in note.about]
    assert verdict_words(verdict, WORDS).startswith(
        "一致：以下得分按往期数据、监管评分或监管调整另计"
    )


def test_a_base_from_history_is_noted_and_is_no_fault_of_the_proof(history: History) -> None:
    case = case_of(MANAGED)
    known = history[case.submission.bank.code]["2025Q4"]
    larger = {name: value * 2 for name, value in known.facts.items()}
    for facts, notes in ((known.facts, []), (larger, ["counted_otherwise"])):
        context = Context(history={"2025Q4": replace(known, facts=facts)})
        verdict = compared(judge(case, context, NO_MARKS), proof_of(own(MANAGED)))
        assert verdict.state == "consistent"
        assert [note.code for note in verdict.notes] == notes


def test_a_judgement_a_mark_of_their_own_and_the_first_filing_are_in_no_proof() -> None:
    for path in (MANAGED, "2025Q4/rc01-yunting.xlsx"):
        evaluation = own(path)
        parts = proof_of(evaluation).parts
        judged = {
            f"{result.law.id}.{part.law.id}"
            for result in evaluation.indicators
            for part in result.parts
            if part.law.judged
        }
        assert judged
        assert not judged & parts.keys()
        assert "data_quality.first_filing" not in parts
        assert len(parts) > 15
    shared = own(MANAGED).indicator("inclusive_loan_share")
    points = {part.law.id: part.points for part in shared.parts}
    assert Fraction(proof_of(own(MANAGED)).parts["inclusive_loan_share.level"]) == points["level"]


def test_a_proof_has_no_clock_no_message_and_no_language() -> None:
    path = "2026Q3/rc11-tongji.xlsx"
    evaluation = own(path)
    assert evaluation.findings
    text = to_json(proof_document(evaluation))
    again = check_file(HOME / path, SETTINGS).evaluation
    assert again is not None
    assert text == to_json(proof_document(again))
    told = replace(evaluation, findings=tuple(_reworded(f) for f in evaluation.findings))
    assert to_json(proof_document(told)) == text
    assert all(finding.message not in text for finding in evaluation.findings)
    other = replace(evaluation.findings[0], found="1")
    changed = replace(evaluation, findings=(other, *evaluation.findings[1:]))
    assert proof_of(changed).findings != proof_of(evaluation).findings
    assert proof_of(changed).points == proof_of(evaluation).points


def _reworded(finding: Any) -> Any:
    return replace(finding, message="another language", fix="do")


def test_the_document_says_what_it_covers() -> None:
    told = proof_document(own("2026Q3/rc11-tongji.xlsx"))
    assert list(told) == [
        "schema", "program", "submission", "rulebook", "status", "counts", "findings", "points",
        "history", "digest",
    ]  # fmt: skip
    assert told["submission"]["sha256"] == checked("2026Q3/rc11-tongji.xlsx").sha256
    assert told["counts"]["explain"] >= 2
    assert told["counts"]["explained"] >= 1
    assert sum(c["count"] for c in told["findings"]["checks"].values()) == len(
        own("2026Q3/rc11-tongji.xlsx").findings
    )
    assert told["digest"] == seal_of(told)


# What differs is named


def test_a_file_changed_after_its_check_is_found_out_with_its_consequences() -> None:
    first, later = own("2026Q3/rc10-luyu-1.xlsx"), own("2026Q3/rc10-luyu-2.xlsx")
    told = replace(proof_of(first), sequence=2)
    verdict = compared(later, told)
    assert (verdict.state, codes(verdict)) == ("inconsistent", ["file", "status", "findings"])
    assert verdict.reasons[2].about == (("CF_001", "1", "0"), ("XW3_001", "1", "0"))
    text = verdict_words(verdict, WORDS)
    assert text.startswith("不一致：报送文件不同")
    assert "校核结论不同（凭证 报送被阻断，本次 校核通过）" in text
    assert "XW3_001（凭证 1，本次 0）" in text


def test_figures_that_differ_within_one_check_are_named_by_the_check() -> None:
    evaluation = own("2026Q3/rc10-luyu-1.xlsx")
    first, *rest = evaluation.findings
    other = replace(evaluation, findings=(replace(first, found="1"), *rest))
    verdict = compared(evaluation, proof_of(other))
    assert verdict.reasons[0].about == ((first.check, "1", "1"),)
    assert verdict_words(verdict, WORDS) == f"不一致：校验发现不同：{first.check}"


def test_points_that_differ_are_named_by_part() -> None:
    evaluation = own(MANAGED)
    told = proof_of(evaluation)
    forged = replace(told, points="0" * 64, parts={**told.parts, "inclusive_loan_share.level": "1"})
    verdict = compared(evaluation, forged)
    assert codes(verdict) == ["points"]
    was = told.parts["inclusive_loan_share.level"]
    assert verdict.reasons[0].about == (("inclusive_loan_share.level", "1", was),)
    assert f"inclusive_loan_share.level（凭证 1，本次 {was}）" in verdict_words(verdict, WORDS)
    gone = replace(told, points="0" * 64, parts={})
    assert "等" in verdict_words(compared(evaluation, gone), WORDS)
    document = verdict_document(verdict, WORDS)
    assert document["state"] == "inconsistent"
    assert document["reasons"][0]["code"] == "points"
    assert document["reasons"][0]["about"] == ["inclusive_loan_share.level"]
    assert document["notes"] == []


def test_another_rulebook_is_a_reason_another_program_only_a_note() -> None:
    evaluation = own(MANAGED)
    told = proof_of(evaluation)
    verdict = compared(evaluation, replace(told, program="0.0.1"))
    assert verdict.state == "consistent"
    assert [note.code for note in verdict.notes] == ["program"]
    verdict = compared(evaluation, replace(told, rulebook="f" * 64, overlay="浙江局"))
    assert (verdict.state, codes(verdict)) == ("inconsistent", ["rulebook"])
    assert "ffffffffffff+浙江局" in verdict_words(verdict, WORDS)
    both = compared(evaluation, replace(told, program="0.0.1", status="blocked"))
    assert codes(both) == ["status", "program"]


def test_an_offices_overlay_shows_as_another_rulebook(tmp_path: Path) -> None:
    overlay = tmp_path / "office"
    overlay.mkdir()
    (overlay / "parameters.yaml").write_text(
        "small_sample_count:\n  values:\n    2026-07-01:"
        " {value: 20, provenance: provisional, basis: {source: house, article: 本局}}\n",
        encoding="utf-8",
    )
    regulator = check_file(HOME / MANAGED, Settings(overlay=overlay)).evaluation
    assert regulator is not None
    verdict = compared(regulator, proof_of(own(MANAGED)))
    assert verdict.state == "inconsistent"
    assert codes(verdict)[0] == "rulebook"
    assert "+office）" in verdict_words(verdict, WORDS)


def test_without_a_proof_of_this_very_filing_there_is_none() -> None:
    evaluation = own(MANAGED)
    told = proof_of(evaluation)
    assert compared(evaluation) == ProofVerdict("absent")
    assert compared(evaluation, replace(told, bank="B0002")).state == "absent"
    assert compared(evaluation, replace(told, period="2026Q2")).state == "absent"
    other = compared(evaluation, replace(told, sequence=2), replace(told, sequence=3))
    assert other.state == "absent"
    assert verdict_words(other, WORDS) == "无凭证：该机构有其他报送序号的凭证：2, 3"


def test_of_several_proofs_the_one_of_this_file_counts() -> None:
    evaluation = own(MANAGED)
    told = proof_of(evaluation)
    earlier = replace(told, sha256="0" * 64, source="早.json")
    broken = replace(told, intact=False)
    for proofs in ((earlier, broken, told), (told, broken, earlier)):
        assert compared(evaluation, *proofs).state == "consistent"
    assert codes(compared(evaluation, broken)) == ["tampered"]


# Files


def test_what_was_written_is_read_back_and_agrees(tmp_path: Path) -> None:
    outcome = checked(MANAGED)
    path = tmp_path / "out" / "proof.json"
    assert write_proof([outcome], path) == path
    (proof,) = read_proofs(path).found
    assert proof == replace(proof_of(own(MANAGED)), source="proof.json")
    assert verify_proof(path) == proof
    (told,) = verify_files([path], SETTINGS)
    line = intact_line(told, SETTINGS)
    assert proof.bank in line
    assert proof.rulebook[:12] in line
    assert compared(own(MANAGED), proof).state == "consistent"


def test_a_proof_that_was_changed_does_not_verify_and_does_not_agree(tmp_path: Path) -> None:
    document = proof_document(own(MANAGED))
    document["status"] = "needs_explanation"
    path = tmp_path / "p.json"
    proof = read_back(path, document)
    assert not proof.intact
    verdict = compared(own(MANAGED), proof)
    assert (verdict.state, codes(verdict)) == ("inconsistent", ["tampered"])
    with pytest.raises(NotIntact) as caught:
        verify_proof(path)
    assert caught.value.exit_code == 8
    assert all(caught.value.parts().values())
    document["digest"] = seal_of(document)
    assert codes(compared(own(MANAGED), read_back(path, document))) == ["status"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "proof_unreadable"),
        (b"\xff\xfe\x00", "proof_unreadable"),
        (b"[" * 200_000, "proof_unreadable"),
        (b'{"schema": "supervise/proof/1", "schema": "supervise/proof/1"}', "proof_unreadable"),
        (b" " * (LARGEST + 1), "proof_unreadable"),
        (b"[]", "not_a_proof"),
        (b'{"schema": "other/1"}', "not_a_proof"),
        (b'{"schema": "supervise/proof/1"}', "proof_incomplete"),
    ],
    ids=["empty", "binary", "deep", "twice", "large", "list", "other", "bare"],
)
def test_a_file_that_is_no_proof_is_said_and_stops_nothing(
    tmp_path: Path, content: bytes, code: str
) -> None:
    save(tmp_path / "good.json", proof_document(own(MANAGED)))
    (tmp_path / "bad.json").write_bytes(content)
    proofs = read_proofs(tmp_path)
    assert len(proofs.found) == 1
    (fault,) = proofs.faults
    assert fault.code == code
    assert all(fault.parts().values())
    with pytest.raises((UsageError, NotIntact)):
        verify_proof(tmp_path / "bad.json")


ODD: tuple[object, ...] = (None, True, -1, 1.5, "x" * 500, "\x1b[31m", "\ud800", [], {}, {"a": 1})


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:12])
def test_no_odd_content_of_a_proof_breaks_a_run(tmp_path: Path, odd: object) -> None:
    evaluation = own(MANAGED)
    for change in _everywhere(proof_document(evaluation)):
        document = proof_document(evaluation)
        change(document, odd)
        document["digest"] = seal_of(document)
        path = tmp_path / "p.json"
        path.write_text(json.dumps(document), encoding="ascii")
        proofs = read_proofs(path)
        text = verdict_words(compare_proof(evaluation, proofs), WORDS)
        assert text.isprintable()
        assert len(text) < 2000
        summary = proof_summary([], proofs, WORDS)
        assert len(proofs.found) + len(proofs.faults) <= 1
        assert all(line.isprintable() for line in summary)


def _everywhere(document: dict[str, Any]) -> list[Callable[[dict[str, Any], object], None]]:
    """One change for every key of the document, however deep."""
    found: list[Callable[[dict[str, Any], object], None]] = []

    def walk(tree: dict[str, Any], steps: tuple[str, ...]) -> None:
        for key, value in tree.items():
            found.append(_setter((*steps, key)))
            if isinstance(value, dict) and len(steps) < 2:
                walk(dict(list(value.items())[:3]), (*steps, key))

    walk({key: value for key, value in document.items() if key != "digest"}, ())
    return found


def _setter(steps: tuple[str, ...]) -> Callable[[dict[str, Any], object], None]:
    def change(document: dict[str, Any], odd: object) -> None:
        tree = document
        for step in steps[:-1]:
            tree = tree[step]
        tree[steps[-1]] = odd

    return change


def test_our_other_documents_in_the_folder_are_passed_over(tmp_path: Path) -> None:
    save(tmp_path / "evaluation.json", {"schema": "supervise/evaluation/1"})
    (tmp_path / "a").mkdir()
    save(tmp_path / "a" / "proof.json", proof_document(own(MANAGED)))
    proofs = read_proofs(tmp_path)
    assert (len(proofs.found), proofs.faults) == (1, ())
    (fault,) = read_proofs(tmp_path / "evaluation.json").faults
    assert fault.code == "not_a_proof"
    with pytest.raises(UsageError) as caught:
        read_proofs(tmp_path / "none")
    assert caught.value.code == "proofs_missing"


def test_a_proof_is_of_one_file_and_never_written_over_it(tmp_path: Path) -> None:
    outcome = checked(MANAGED)
    with pytest.raises(UsageError) as caught:
        write_proof([outcome, outcome], tmp_path / "p.json")
    assert caught.value.code == "one_proof_one_file"
    copy = tmp_path / "mine.xlsx"
    copy.write_bytes(b"mine")
    with pytest.raises(UsageError) as caught:
        write_proof([replace(outcome, path=copy)], copy)
    assert caught.value.code == "over_submission"
    assert copy.read_bytes() == b"mine"


def test_a_refused_file_has_no_proof(tmp_path: Path) -> None:
    refused = Outcome(tmp_path / "x.xlsx", "", refusal=UsageError("x"))
    assert write_proof([refused], tmp_path / "p.json") is None
    assert not (tmp_path / "p.json").exists()


# The regulator's run


def rows() -> list[RunRow]:
    made = []
    for path, told in (
        (MANAGED, proof_of(own(MANAGED))),
        ("2026Q3/rc02-weidu.xlsx", replace(proof_of(own("2026Q3/rc02-weidu.xlsx")), sha256="0")),
        ("2026Q3/rc03-yanxi.xlsx", None),
    ):
        verdict = compare_proof(own(path), Proofs((told,) if told else ()))
        made.append(row_with_proof(evaluated_row(own(path), (), superseded=False), verdict, WORDS))
    return made


def test_the_run_says_which_proofs_agree_which_do_not_and_why() -> None:
    lost = replace(proof_of(own(MANAGED)), bank="B0009", source="lost.json")
    fault = UsageError("自检凭证不能读取", where="x.json", fix="重报。")
    lines = proof_summary(rows(), Proofs((lost,), (fault,)), WORDS)
    assert lines[0] == "自检凭证：一致 1，不一致 1，无凭证 1"
    assert lines[1].startswith("  凭证不一致 rc02-weidu.xlsx：不一致：报送文件不同")
    assert "lost.json 没有对应的报送件（B0009，2026Q3，序号 1）" in lines[2]
    assert lines[3] == "  凭证不能采用 x.json：自检凭证不能读取。重报。"


def test_manifest_and_index_carry_the_verdict_only_where_proofs_were_asked_for() -> None:
    told = [row.get("proof") for row in manifest_document(rows())["submissions"]]
    assert told == ["consistent", "inconsistent", "absent"]
    page = index_html(rows(), words=WORDS)
    assert "<th>自检凭证</th>" in page
    assert "自查之后文件有改动" in page
    assert "无凭证" in page
    plain = [replace(row, proof="", proof_told="") for row in rows()]
    assert all("proof" not in row for row in manifest_document(plain)["submissions"])
    assert "自检凭证" not in index_html(plain, words=WORDS)


def test_what_is_known_to_be_plain_is_not_worked_out_again() -> None:
    evaluation = own(MANAGED)
    assert of_submission_alone(evaluation) is evaluation
    again = of_submission_alone(replace(evaluation, stage="preliminary"))
    assert again is not evaluation
    assert (again.findings, again.score) == (evaluation.findings, evaluation.score)
