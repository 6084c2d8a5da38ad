"""The command line: exit codes of the contract, messages in four parts, any console."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from builders import law, nil_bank, workbook

from supervise.cli import main
from supervise.errors import RenderingError
from supervise.pipeline.case import opened

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One workbook that passes, one that is blocked, one that is no workbook."""
    folder = tmp_path_factory.mktemp("filed")
    workbook(folder / "good.xlsx", nil_bank())
    other = nil_bank(COVER_bank_code="B0002H233000001", COVER_prepared_by=None)
    workbook(folder / "blocked.xlsx", other)
    (folder / "text.xlsx").write_text("不是工作簿", encoding="utf-8")
    return folder


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    told = capsys.readouterr()
    assert isinstance(left.value.code, int)
    return left.value.code, told.out, told.err


def spawn(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    known = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    command = [sys.executable, "-m", "supervise", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, env=known, check=False)


Console = pytest.CaptureFixture[str]


def test_a_good_file_passes_with_nothing_on_stderr(capsys: Console, folder: Path) -> None:
    code, out, err = run(capsys, "check", folder / "good.xlsx")
    assert (code, err) == (0, "")
    assert "可以报送" in out
    assert "\x1b[" not in out


def test_a_blocked_file_ends_with_one(capsys: Console, folder: Path) -> None:
    code, out, _ = run(capsys, "check", folder / "blocked.xlsx")
    assert code == 1
    assert "[阻断]" in out


def test_a_file_that_cannot_be_read_ends_with_three_and_wins_over_one(
    capsys: Console, folder: Path
) -> None:
    code, out, _ = run(capsys, "check", *sorted(folder.glob("*.xlsx")))
    assert code == 3
    for part in ("text.xlsx", "位置", "应为", "处理", "拒收 1", "阻断 1", "可以报送 1"):
        assert part in out


def test_a_file_that_is_not_there_is_one_that_cannot_be_read(
    capsys: Console, tmp_path: Path
) -> None:
    code, out, _ = run(capsys, "check", tmp_path / "none.xlsx", "--format", "json")
    assert code == 3
    assert json.loads(out)["refusal"]["code"] == "cannot_open"


def test_json_is_one_document_and_nothing_else(capsys: Console, folder: Path) -> None:
    code, out, err = run(capsys, "check", folder / "good.xlsx", "--format", "json")
    document = json.loads(out)
    assert (code, err, document["status"]) == (0, "", "passed")
    assert document["submission"]["file"] == "good.xlsx"
    code, out, _ = run(
        capsys, "check", folder / "good.xlsx", folder / "text.xlsx", "--format", "json"
    )
    assert [d["status"] for d in json.loads(out)] == ["passed", "refused"]
    assert code == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", "a.xlsx", "--format", "xml"),
        ("no-such-command",),
        ("check", "a.xlsx", "--lang", "fr"),
        ("evaluate", "nowhere", "-o", "out"),
        ("evaluate", "nowhere"),
        ("evaluate", "a", "-o", "out", "--workers", "0"),
        ("template", "--period", "2026Q3"),
        ("template", "--period", "2026Q9", "--items"),
        ("template", "--period", "2026Q3", "--bank-type", "农信", "-o", "x.xlsx"),
        ("rules", "show", "no_such_rule"),
        ("rules", "list", "--period", "Q3"),
    ],
)
def test_wrong_usage_ends_with_two(
    capsys: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("make", "code"),
    [("missing", "rulebook_unreadable"), ("stray", "rulebook_invalid"), ("broken", "yaml")],
)
def test_wrong_law_ends_with_four(
    capsys: Console, folder: Path, tmp_path: Path, make: str, code: str
) -> None:
    overlay = tmp_path / "office"
    if make != "missing":
        overlay.mkdir()
    if make == "stray":
        (overlay / "parameter.yaml").write_text("a: b\n", encoding="utf-8")
    if make == "broken":
        (overlay / "parameters.yaml").write_text("kpi_weight_floor: [\n", encoding="utf-8")
    found, out, err = run(capsys, "check", folder / "good.xlsx", "--rulebook", overlay)
    assert (found, out) == (4, "")
    assert code in err
    for label in ("错误：", "位置：", "处理："):
        assert label in err


def test_the_overlay_may_stand_in_the_environment(
    capsys: Console, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SUPERVISE_RULEBOOK", str(tmp_path / "none"))
    assert run(capsys, "check", folder / "good.xlsx")[0] == 4


def test_history_that_is_not_there_ends_with_five(
    capsys: Console, folder: Path, tmp_path: Path
) -> None:
    code, out, err = run(capsys, "check", folder / "good.xlsx", "--history", tmp_path / "none")
    assert (code, out) == (5, "")
    assert "history_missing" in err


def test_a_machine_that_cannot_render_ends_with_seven(
    capsys: Console, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Any:
        raise RenderingError("缺少 Pango", expected="libpango", fix="安装。", code="pango_missing")

    monkeypatch.setattr("supervise.pipeline.outputs._renderer", broken)
    code, _, err = run(capsys, "evaluate", folder / "good.xlsx", "-o", tmp_path, "--workers", "1")
    assert code == 7
    assert "pango_missing" in err
    assert "处理：安装。" in err


def test_a_doctor_who_finds_something_missing_ends_with_seven(
    capsys: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    from supervise.doctor import Probe

    for ok, code in ((True, 0), (False, 7)):
        probe = Probe(name="Pango", ok=ok, detail="1.50", fix="" if ok else "安装。")
        monkeypatch.setattr("supervise.doctor.examine", lambda _, probe=probe: (probe,))
        found, out, _ = run(capsys, "doctor")
        assert found == code
        assert "Pango" in out
        assert ("处理：安装。" in out) is not ok


def _raising(error: BaseException) -> Any:
    def broken(*_: object, **__: object) -> None:
        raise error

    return broken


def test_a_fault_of_ours_ends_with_seventy_one_line_and_a_log(
    capsys: Console, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(
        "supervise.pipeline.precheck.check.check_file", _raising(RuntimeError("oh"))
    )
    code, out, err = run(capsys, "check", folder / "good.xlsx")
    assert (code, out) == (70, "")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    log = (tmp_path / "supervise-error-RuntimeError.log").read_text(encoding="utf-8")
    assert "RuntimeError: oh" in log


def test_an_interruption_ends_with_a_hundred_and_thirty(
    capsys: Console, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "supervise.pipeline.precheck.check.check_file", _raising(KeyboardInterrupt())
    )
    code, _, err = run(capsys, "check", folder / "good.xlsx")
    assert (code, err.strip()) == (130, "已中断。")


def test_debug_shows_the_traceback_and_keeps_the_exit_code(
    capsys: Console, folder: Path, tmp_path: Path
) -> None:
    wrong = ("check", folder / "good.xlsx", "--rulebook", tmp_path / "none")
    code, _, err = run(capsys, *wrong, "--debug")
    assert code == 4
    assert "Traceback" in err
    assert "Traceback" not in run(capsys, *wrong)[2]


def test_evaluate_writes_documents_index_and_manifest_and_one_bad_file_stops_nobody(
    capsys: Console, folder: Path, tmp_path: Path
) -> None:
    code, out, err = run(capsys, "evaluate", folder, "-o", tmp_path, "--no-pdf", "--workers", "1")
    assert (code, out) == (1, "")
    assert "index.html" in err
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    statuses = {row["file"]: row["status"] for row in manifest["submissions"]}
    assert statuses["text.xlsx"] == "refused"
    assert statuses["good.xlsx"] == "passed"
    for row in manifest["submissions"]:
        for written in row["documents"]:
            assert (tmp_path / written["path"]).is_file()
    assert (tmp_path / "index.html").is_file()


def test_a_fault_of_ours_on_one_bank_stays_with_that_bank(
    capsys: Console, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def sometimes(data: bytes, name: str, *more: Any, **named: Any) -> Any:
        if name == "blocked.xlsx":
            raise ZeroDivisionError("ours")
        return opened(data, name, *more, **named)

    monkeypatch.setattr("supervise.pipeline.run.judging.opened", sometimes)
    code, _, err = run(capsys, "evaluate", folder, "-o", tmp_path, "--no-pdf", "--workers", "1")
    assert code == 1
    assert "ZeroDivisionError" in err
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    refusals = {row["file"]: row["refusal"] for row in manifest["submissions"]}
    assert refusals["blocked.xlsx"] == "our_fault"
    assert refusals["good.xlsx"] is None


def test_official_is_refused_and_names_what_is_not_confirmed(
    capsys: Console, folder: Path, tmp_path: Path
) -> None:
    code, _, err = run(
        capsys, "evaluate", folder / "good.xlsx", "-o", tmp_path, "--no-pdf", "--official",
        "--workers", "1",
    )  # fmt: skip
    assert code == 4
    assert "not_official" in err
    assert "asset_quality.gap" in err


def test_help_and_version_end_with_nothing_amiss(capsys: Console) -> None:
    for arguments in (("--help",), ("--version",), ("check", "--help"), ("rules", "--help")):
        code, out, err = run(capsys, *arguments)
        assert (code, err) == (0, "")
        assert out


def test_rules_can_be_linted_listed_and_shown(capsys: Console) -> None:
    assert run(capsys, "rules", "lint")[0] == 0
    code, out, _ = run(capsys, "rules", "list", "--format", "json")
    ids = {one["id"] for one in json.loads(out)["indicators"]}
    assert (code, ids) == (0, {one.id for one in law(province="330000").indicators})
    for rule in ("branch_kpi_weight", "CF_001", "kpi_weight_floor"):
        code, out, _ = run(capsys, "rules", "show", rule)
        assert code == 0
        assert rule in out


def test_the_template_lists_its_items_and_can_be_filled(capsys: Console, tmp_path: Path) -> None:
    code, out, _ = run(capsys, "template", "--period", "2026Q3", "--items", "--format", "json")
    assert code == 0
    assert {row["id"] for row in json.loads(out)} >= {"G01_loans", "XW2_kpi_weight"}
    values = tmp_path / "values.json"
    values.write_text('{"items": {"G01_loans": "1200000000"}}', encoding="utf-8")
    code, _, err = run(
        capsys, "template", "--period", "2026Q3", "--bank-type", "rural_commercial",
        "-o", tmp_path / "t.xlsx", "--values", values,
    )  # fmt: skip
    assert (code, (tmp_path / "t.xlsx").is_file()) == (0, True)
    assert "已生成" in err


def test_a_gbk_console_breaks_nothing(folder: Path) -> None:
    done = spawn("check", folder / "blocked.xlsx", PYTHONIOENCODING="gbk", PYTHONUTF8="0")
    assert done.returncode == 1
    assert "不能报送" in done.stdout.decode("gbk")
    ascii_only = spawn("check", folder / "good.xlsx", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ascii_only.returncode == 0
    assert b"Traceback" not in ascii_only.stderr


def test_a_process_ends_with_its_exit_code_and_four_parts_on_stderr(tmp_path: Path) -> None:
    done = spawn("check", "x.xlsx", "--history", tmp_path / "none", PYTHONIOENCODING="utf-8")
    assert done.returncode == 5
    lines = done.stderr.decode().rstrip("\n").split("\n")
    assert [line.strip()[:2] for line in lines] == ["错误", "位置", "应为", "处理"]


HEAVY = ("openpyxl", "pandas", "weasyprint", "jinja2", "fontTools")


def test_a_check_imports_no_heavy_library(folder: Path) -> None:
    script = (
        "import sys\nfrom supervise.cli import main\n"
        "try: main(sys.argv[1:])\nexcept SystemExit: pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    command = [sys.executable, "-c", script, "check", str(folder / "good.xlsx")]
    known = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, env=known, check=True)
    assert done.stderr.decode().strip().endswith("[]")
