"""``supervise signoff``: a person bound to what was judged, bank by bank, and to nothing else."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from signing_kit import BLOCKED, GOOD, OTHER, PERIOD, Quarter
from test_cli import Console, run

from supervise.core.proof import seal_of
from supervise.ledger.address import parse_address
from supervise.ledger.later_records import SignedOff
from supervise.ledger.ledger import Ledger
from supervise.pipeline.signing.signed import signed_off


@pytest.fixture
def quarter(judged: Quarter, tmp_path: Path) -> Quarter:
    return judged.copied(tmp_path / "quarter")


def signoff(capsys: Console, quarter: Quarter, *more: object, by: str = "张三") -> tuple[int, Any]:
    code, out, err = run(
        capsys, "signoff", PERIOD, *quarter.who, "--by", by, "--format", "json", *more
    )
    return code, json.loads(out) if out else err


def results(told: Any) -> dict[str, str]:
    return {one["bank"]: one["reason"] or one["result"] for one in told["banks"]}


def records(quarter: Quarter) -> list[tuple[str, SignedOff]]:
    with Ledger(parse_address(quarter.url)) as ledger:
        return ledger.records(SignedOff)


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_all_that_can_be_signed_is_and_the_rest_is_told(capsys: Console, quarter: Quarter) -> None:
    code, told = signoff(capsys, quarter, "--on", "2026-10-20")
    assert code == 6
    assert results(told) == {GOOD: "signed", OTHER: "signed", BLOCKED: "blocked"}
    assert told["counts"] == {"signed": 2, "already": 0, "withdrawn": 0, "refused": 1}
    (bank, one), _ = records(quarter)
    assert bank == GOOD
    assert (one.by, one.role, one.on, one.audience) == ("张三", "处长", "2026-10-20", "bank")
    assert one.report == sha(quarter.file())
    assert one.evaluation_json == sha(quarter.file(end=".json"))
    assert one.marked == sha(quarter.file(end="-marked.xlsx"))


def test_people_are_told_who_is_left_and_why(capsys: Console, quarter: Quarter) -> None:
    code, out, _ = run(
        capsys, "signoff", PERIOD, *quarter.who, "--by", "张三", "--eyes", "2", "--bank", GOOD,
        "--bank", BLOCKED,
    )  # fmt: skip
    assert code == 6
    assert out.splitlines() == [
        "2026Q3 新签发 1 家",
        "2026Q3 不能办理 1 家：",
        f"  {BLOCKED}　澄堰农村商业银行股份有限公司：校核阻断，须更正重报后再评价",
        "其中 1 家尚不足 2 人签发",
    ]


def test_the_same_again_adds_nothing(capsys: Console, quarter: Quarter) -> None:
    assert signoff(capsys, quarter, "--bank", GOOD)[0] == 0
    code, told = signoff(capsys, quarter, "--bank", GOOD, by="张　三")
    assert (code, results(told)) == (0, {GOOD: "already"})
    assert len(records(quarter)) == 1


def test_four_eyes_are_complete_with_the_second_person(capsys: Console, quarter: Quarter) -> None:
    _, first = signoff(capsys, quarter, "--bank", GOOD, "--eyes", 2)
    _, second = signoff(capsys, quarter, "--bank", GOOD, "--eyes", 2, by="李四")
    assert [one["banks"][0]["complete"] for one in (first, second)] == [False, True]
    assert [one["by"] for one in second["banks"][0]["signers"]] == ["张三", "李四"]
    with Ledger(parse_address(quarter.url)) as ledger:
        assert list(signed_off(ledger, PERIOD, eyes=2)) == [GOOD]


@pytest.mark.parametrize("end", [".pdf", ".json", "-marked.xlsx"])
def test_a_file_that_was_touched_stops_its_bank_alone(
    capsys: Console, quarter: Quarter, end: str
) -> None:
    file = quarter.file(end=end)
    file.write_bytes(file.read_bytes() + b"\n")
    _, told = signoff(capsys, quarter)
    assert results(told) == {GOOD: "altered", OTHER: "signed", BLOCKED: "blocked"}


def test_a_report_of_another_bank_is_not_signed(capsys: Console, quarter: Quarter) -> None:
    """Somebody put it there and sealed the manifest anew."""
    quarter.file().write_bytes(quarter.file(OTHER).read_bytes())
    path = quarter.reports / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for row in manifest["submissions"]:
        for one in row["documents"]:
            if one["path"].endswith(".pdf") and row["bank"] == GOOD:
                one["sha256"] = sha(quarter.file())
    manifest["digest"] = seal_of(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")
    _, told = signoff(capsys, quarter, "--bank", GOOD)
    assert results(told) == {GOOD: "other_report"}


def test_only_the_latest_evaluation_is_signed(capsys: Console, quarter: Quarter) -> None:
    """And what is for the office alone is signed as such."""
    signoff(capsys, quarter, "--bank", GOOD)
    before = quarter.reports
    quarter.reports = quarter.folder / "internal"
    quarter.evaluate(audience="internal", files=("rc01-yunting.xlsx",))
    _, told = signoff(capsys, quarter, "--bank", GOOD, "--bank", OTHER)
    assert results(told) == {GOOD: "signed", OTHER: "no_papers"}
    assert records(quarter)[-1][1].audience == "internal"
    quarter.reports = before
    _, told = signoff(capsys, quarter, "--bank", GOOD)
    assert results(told) == {GOOD: "other_evaluation"}


def test_a_run_without_reports_is_not_signed(capsys: Console, quarter: Quarter) -> None:
    quarter.reports = quarter.folder / "bare"
    quarter.evaluate(pdf=False, files=("rc01-yunting.xlsx",))
    code, told = signoff(capsys, quarter, "--bank", GOOD, "--bank", "B0000H233000000")
    assert code == 6
    assert results(told) == {GOOD: "no_report", "B0000H233000000": "not_filed"}


def test_a_withdrawal_takes_the_signed_copy_away_too(capsys: Console, quarter: Quarter) -> None:
    signoff(capsys, quarter)
    copy = quarter.file(end="-signed.pdf")
    copy.write_bytes(b"signed")
    more = ("--withdraw", "--reason", "附件有误", "--bank", GOOD)
    code, told = signoff(capsys, quarter, *more, by="李四")
    assert (code, results(told)) == (0, {GOOD: "withdrawn"})
    assert not copy.exists()
    assert records(quarter)[1][1].reason == "附件有误"
    with Ledger(parse_address(quarter.url)) as ledger:
        assert list(signed_off(ledger, PERIOD)) == [OTHER]
    code, told = signoff(capsys, quarter, *more, by="李四")
    assert (code, results(told)) == (6, {GOOD: "not_signed"})
    assert results(signoff(capsys, quarter, "--bank", GOOD)[1]) == {GOOD: "signed"}


def test_a_folder_that_is_no_run_is_refused(capsys: Console, quarter: Quarter) -> None:
    path = quarter.reports / "manifest.json"
    for spoilt in ("{}", path.read_text(encoding="utf-8").replace("passed", "blocked"), None):
        path.unlink() if spoilt is None else path.write_text(spoilt, encoding="utf-8")
        code, told = signoff(capsys, quarter)
        assert code == 6
        assert "run_unreadable" in told
    assert records(quarter) == []


def test_a_period_that_nobody_filed_is_refused(capsys: Console, quarter: Quarter) -> None:
    code, _, told = run(capsys, "signoff", "2026Q2", *quarter.who, "--by", "张三")
    assert code == 6
    assert "period_unknown" in told


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--by", " "), "signer_invalid"),
        (("--by", "张\x1b[2J三"), "signer_invalid"),
        (("--by", "张" * 61), "signer_invalid"),
        (("--on", "2999-01-01"), "day_invalid"),
        (("--on", "十月"), "day_invalid"),
        (("--reason", "误"), "reason_without_withdraw"),
        (("--withdraw",), "reason_missing"),
    ],
)
def test_a_call_that_makes_no_sense_records_nothing(
    capsys: Console, quarter: Quarter, more: tuple[str, ...], code: str
) -> None:
    left, told = signoff(capsys, quarter, *more)
    assert left == 2
    assert code in told
    assert records(quarter) == []


def test_what_is_told_is_told_in_english_too(capsys: Console, quarter: Quarter) -> None:
    _, out, _ = run(
        capsys, "signoff", PERIOD, *quarter.who, "--by", "Zhang San", "--bank", GOOD, "--lang", "en"
    )
    assert out == "2026Q3: 1 signed off\n"
