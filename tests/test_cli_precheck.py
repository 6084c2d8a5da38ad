"""The bank's commands: what check writes when asked, diff, explain, verify, wrong use."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from supervise.cli import main

SAMPLES = Path(__file__).parents[1] / "sample_submissions" / "2026Q3"
GOOD = SAMPLES / "rc01-yunting.xlsx"
BLOCKED = SAMPLES / "rc10-luyu-1.xlsx"
MENDED = SAMPLES / "rc10-luyu-2.xlsx"
OTHER = SAMPLES / "rc02-weidu.xlsx"
Console = pytest.CaptureFixture[str]
Bytes = pytest.CaptureFixture[bytes]


def ended(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    assert isinstance(left.value.code, int)
    return left.value.code


def run(capsys: Console, *arguments: object) -> tuple[int, str, str]:
    code = ended(*arguments)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_check_gives_the_workbook_back_marked_and_leaves_the_filed_one_alone(
    capsys: Console, tmp_path: Path
) -> None:
    before = BLOCKED.read_bytes()
    marked = tmp_path / "标注.xlsx"
    code, _, err = run(capsys, "check", BLOCKED, "--annotate", marked)
    assert code == 1
    assert "标注件已写入" in err
    assert openpyxl.load_workbook(marked).sheetnames[0] == "校核结果"
    assert BLOCKED.read_bytes() == before
    again, out, _ = run(capsys, "check", marked, "--format", "json")
    assert again == 1
    checks = [finding["check"] for finding in json.loads(out)["findings"]]
    assert checks == ["XW3_001", "CF_001"]


def test_csv_goes_to_stdout_and_totals_to_stderr(capfdbinary: Bytes) -> None:
    code = ended("check", BLOCKED, GOOD, "--format", "csv")
    told = capfdbinary.readouterr()
    assert code == 1
    assert told.out.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(told.out.decode("utf-8-sig"))))
    assert [row["校核编号"] for row in rows] == ["XW3_001", "CF_001"]
    assert "共 2 份：可以报送 1，待说明 0，阻断 1" in told.err.decode()


def test_a_list_of_findings_is_written_as_a_workbook(capsys: Console, tmp_path: Path) -> None:
    target = tmp_path / "清单.xlsx"
    code, out, err = run(capsys, "check", BLOCKED, "--format", "xlsx", "-o", target)
    assert (code, out) == (1, "")
    assert "结果已写入" in err
    assert openpyxl.load_workbook(target).sheetnames[0] == "最重要"


def test_an_earlier_version_is_compared_beside_the_findings(capsys: Console) -> None:
    code, out, _ = run(capsys, "check", MENDED, "--previous", BLOCKED)
    assert code == 0
    assert "新增 0，复发 0，仍在 0，已改 2" in out
    _, text, _ = run(capsys, "check", BLOCKED, "--previous", BLOCKED, "--format", "json")
    document = json.loads(text)
    assert document["previous"]["counts"]["still"] == 2


def test_a_proof_is_written_verified_and_found_consistent(capsys: Console, tmp_path: Path) -> None:
    proof = tmp_path / "proofs" / "rc01.json"
    code, _, err = run(capsys, "check", GOOD, "--proof", proof)
    assert code == 0
    assert "自检凭证已写入" in err
    code, out, _ = run(capsys, "verify", proof)
    assert code == 0
    assert "自检凭证完好" in out
    code, _, err = run(
        capsys, "evaluate", GOOD, OTHER, "-o", tmp_path / "run", "--no-pdf", "--workers", 1,
        "--proofs", proof.parent,
    )  # fmt: skip
    assert code == 0
    assert "一致 1，不一致 0，无凭证 1" in err
    document = json.loads(
        (tmp_path / "run/B9001H233010001/B9001H233010001-2026Q3.json").read_text()
    )
    assert document["proof"] == {"state": "consistent", "reasons": [], "notes": []}
    assert (tmp_path / "run/B9001H233010001/B9001H233010001-2026Q3-marked.xlsx").is_file()


def test_a_proof_that_was_touched_is_not_intact(capsys: Console, tmp_path: Path) -> None:
    proof = tmp_path / "p.json"
    run(capsys, "check", GOOD, "--proof", proof)
    text = proof.read_text(encoding="utf-8")
    proof.write_text(text.replace("B9001H233010001", "B9002H233010001"), encoding="utf-8")
    code, _, err = run(capsys, "verify", proof)
    assert code == 8
    assert "proof_tampered" in err


def test_diff_shows_values_findings_and_score(capsys: Console) -> None:
    code, out, _ = run(capsys, "diff", BLOCKED, MENDED)
    assert code == 0
    for said in ("新增 0，复发 0，仍在 0，已改 2", "XW3不良处置与核销!E16", "得分没有变化"):
        assert said in out
    code, out, _ = run(capsys, "diff", MENDED, BLOCKED, "--format", "json")
    assert code == 1
    assert json.loads(out)["schema"] == "supervise/diff/1"


def test_explain_prints_a_page(capsys: Console) -> None:
    code, out, _ = run(capsys, "explain", "XW3_001")
    assert code == 0
    assert "怎样更正" in out
    code, out, _ = run(capsys, "explain", "首贷", "--format", "json")
    assert json.loads(out)["id"] == "first_loan"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check", GOOD, OTHER, "--annotate", "x.xlsx"), "one_file_only"),
        (("check", GOOD, OTHER, "--previous", GOOD), "one_file_only"),
        (("check", GOOD, OTHER, "--proof", "x.json"), "one_proof_one_file"),
        (("check", GOOD, "--format", "xlsx"), "output_missing"),
        (("check", GOOD, "--annotate", GOOD), "over_submission"),
        (("check", GOOD, "--proof", GOOD), "over_submission"),
        (("check", GOOD, "--format", "csv", "-o", GOOD), "over_submission"),
        (("check", GOOD, "--annotate", "m.xlsm"), "other_suffix"),
        (("check", GOOD, "--proof", "x.json", "-o", "./x.json"), "same_output"),
        (("check", GOOD, "--previous", OTHER, "--annotate", OTHER), "over_submission"),
        (("check", GOOD, "--previous", OTHER), "different_banks"),
        (("diff", GOOD), "nothing_to_compare"),
        (("diff", GOOD, OTHER), "different_banks"),
        (("explain", "S71_I_999"), "unknown_rule"),
        (("verify", GOOD), "not_verifiable"),
    ],
)
def test_wrong_use_is_said_in_four_parts(
    capsys: Console, arguments: tuple[object, ...], code: str
) -> None:
    before = GOOD.read_bytes()
    ended_with, out, err = run(capsys, *arguments)
    assert (ended_with, out) == (2, "")
    assert f"（{code}）" in err
    assert "处理：" in err
    assert GOOD.read_bytes() == before


def test_a_file_that_is_not_there_is_told_from_a_folder(capsys: Console, tmp_path: Path) -> None:
    """In the user's language, not in the system's."""
    for path, why in ((tmp_path / "x.xlsx", "没有这个文件或文件夹"), (tmp_path, "不是文件")):
        code, out, _ = run(capsys, "check", path)
        assert (code, why in out) == (3, True)


def test_a_refused_file_gets_no_marked_copy_and_no_proof(capsys: Console, tmp_path: Path) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"not a workbook")
    code, out, err = run(
        capsys, "check", bad, "--annotate", tmp_path / "m.xlsx", "--proof", tmp_path / "p.json"
    )
    assert code == 3
    assert "结论：不能读取" in out
    assert "没有写标注件" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.xlsx"]
