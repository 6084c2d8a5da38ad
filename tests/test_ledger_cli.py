"""supervise ledger upgrade|export|verify, and a check that looks things up."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from kept_runs import filed_first, kept
from ledgers import BANK, Place, file_place, filed_as, filing

from supervise.cli import main
from supervise.json_text import to_json
from supervise.pipeline.case import check_file
from supervise.pipeline.ledger.filings import refused_of
from supervise.settings import Settings
from supervise.write.document import evaluation_document

SAMPLES = Path(__file__).parents[1] / "sample_submissions"
NOW = SAMPLES / "2026Q3" / "rc01-yunting.xlsx"
BEFORE = SAMPLES / "2025Q4" / "rc01-yunting.xlsx"
Console = pytest.CaptureFixture[str]


def run(capsys: Console, *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    told = capsys.readouterr()
    assert isinstance(left.value.code, int)
    return left.value.code, told.out, told.err


def test_a_ledger_is_made_once_and_then_current(capsys: Console, tmp_path: Path) -> None:
    path = tmp_path / "台账.db"
    code, _, err = run(capsys, "ledger", "upgrade", "--ledger", path)
    assert (code, "已建立台账" in err) == (0, True)
    code, _, err = run(capsys, "ledger", "upgrade", "--ledger", path)
    assert (code, "无需升级" in err) == (0, True)
    code, out, _ = run(capsys, "ledger", "verify", "--ledger", path)
    assert (code, "台账完好" in out) == (0, True)


def test_the_ledger_may_be_named_in_the_environment(
    place: Place, capsys: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPERVISE_LEDGER", place.url)
    code, out, _ = run(capsys, "ledger", "verify", "--format", "json")
    assert (code, json.loads(out)["intact"]) == (0, True)


def test_without_a_name_the_command_says_how_to_name_one(capsys: Console) -> None:
    code, _, err = run(capsys, "ledger", "verify")
    assert (code, "ledger_unnamed" in err) == (2, True)


def test_a_ledger_that_does_not_exist_ends_with_5(capsys: Console, tmp_path: Path) -> None:
    for command in (["ledger", "verify"], ["ledger", "export"], ["check", str(NOW)]):
        code, out, err = run(capsys, *command, "--ledger", tmp_path / "none.db")
        assert (code, out) == (5, "")
        assert "ledger_missing" in err
        assert "处理" in err


def test_without_sqlalchemy_it_says_what_to_install(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "sys.modules['sqlalchemy'] = None\n"
        "from supervise.cli import main\n"
        f"main(['ledger', 'verify', '--ledger', {str(tmp_path / 'a.db')!r}])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )
    assert (done.returncode, "pip install 'sqlalchemy'" in done.stderr) == (5, True)


def test_a_password_on_the_command_line_is_refused_and_not_repeated(capsys: Console) -> None:
    url = "postgresql+psycopg://u:s3cret@host/db"
    code, _, err = run(capsys, "ledger", "verify", "--ledger", url)
    assert (code, "secret_in_url" in err, "s3cret" in err) == (5, True, False)


def test_a_broken_chain_ends_with_5_and_names_the_first_record(
    place: Place, capsys: Console
) -> None:
    with place.open() as ledger:
        ledger.append_evaluations([filing(), filing("B2")])
    place.tamper("UPDATE evaluations SET total = '99' WHERE institution = 'B2'")
    code, out, err = run(capsys, "ledger", "verify", "--ledger", place.url)
    assert (code, out) == (5, "")
    assert "B2 第 2 条 evaluation" in err
    code, out, _ = run(capsys, "ledger", "verify", "--ledger", place.url, "--format", "json")
    document = json.loads(out)
    assert (code, document["intact"]) == (5, False)
    assert [(one["institution"], one["why"]) for one in document["broken"]] == [("B2", "changed")]


def test_the_head_of_a_manifest_is_looked_for(place: Place, capsys: Console) -> None:
    with place.open() as ledger:
        ledger.start_run("run-1", "0.2.0", "evaluate")
        ledger.append_evaluations([filing()])
        head = ledger.finish_run()
        ledger.append_evaluations([filing(sequence=2)])
    code, out, _ = run(capsys, "ledger", "verify", "--ledger", place.url, "--head", head)
    assert (code, head in out) == (0, True)
    code, _, err = run(capsys, "ledger", "verify", "--ledger", place.url, "--head", "0" * 64)
    assert (code, "head_unknown" in err) == (5, True)


def test_an_export_goes_to_stdout_or_whole_into_a_file(
    place: Place, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    with place.open() as ledger:
        ledger.append_evaluations([filing()])
        lines = "".join(ledger.export(without_runs=True)).encode()
    target = tmp_path / "导出.jsonl"
    for more in ([], ["-o", str(target)]):
        with pytest.raises(SystemExit) as left:
            main(["ledger", "export", "--ledger", place.url, "--without-runs", *more])
        assert left.value.code == 0
    assert capfdbinary.readouterr().out == lines == target.read_bytes()
    assert list(tmp_path.glob("*.part")) == []


def test_an_export_that_cannot_be_written_says_so(
    place: Place, capsys: Console, tmp_path: Path
) -> None:
    (tmp_path / "no").write_bytes(b"no folder")
    target = tmp_path / "no" / "x.jsonl"
    code, _, err = run(capsys, "ledger", "export", "--ledger", place.url, "-o", target)
    assert (code, "cannot_write" in err) == (2, True)


@pytest.mark.parametrize(
    "command",
    [
        ("ledger", "export"),
        ("status", "2026Q3", "--format", "xlsx", "--register"),
        ("history", "B0001H233000001", "--format", "xlsx"),
        ("judge", "overdue", "--format", "xlsx"),
        ("judge", "template", "2026Q3"),
    ],
    ids=" ".join,
)
def test_no_result_is_written_over_a_ledger(
    capsys: Console, tmp_path: Path, command: tuple[str, ...]
) -> None:
    place = file_place(tmp_path / "quarter.db")
    filed_first(tmp_path / "filed" / "1.xlsx", COVER_bank_code="B0001H233000001")
    kept(tmp_path / "filed", tmp_path / "out", place.url)
    lines = (
        "机构代码,机构名称,机构类型,省份,报送期限",
        "B0001H233000001,示例,农村商业银行,浙江省,2026-10-15",
    )
    (tmp_path / "banks.csv").write_text("\n".join(lines), "utf-8")
    more = [tmp_path / "banks.csv"] if "--register" in command else []
    before = (tmp_path / "quarter.db").read_bytes()
    told = [*command, *more, "--ledger", place.url, "-o", tmp_path / "quarter.db"]
    code, _, err = run(capsys, *told)
    assert (code, "over_ledger" in err) == (2, True), err
    assert (tmp_path / "quarter.db").read_bytes() == before


def test_a_check_says_the_same_with_a_ledger_as_with_documents(
    place: Place, capsys: Console, tmp_path: Path
) -> None:
    found = check_file(BEFORE, Settings()).evaluation
    assert found is not None
    (tmp_path / "d.json").write_text(to_json(evaluation_document(found)), encoding="utf-8")
    with place.open() as ledger:
        ledger.append_evaluations([filed_as(found, "2026-01-12")])
    code, out, _ = run(capsys, "check", NOW, "--format", "json", "--ledger", place.url)
    assert (code, out.count('"source": "ledger"') > 0) == (0, True)
    code, by_documents, _ = run(capsys, "check", NOW, "--format", "json", "--history", tmp_path)
    told = json.loads(out.replace('"source": "ledger"', '"source": "history"'))
    expected = json.loads(by_documents)
    assert told.pop("digest") != expected.pop("digest"), "it says where its figures come from"
    assert told == expected
    _, alone, _ = run(capsys, "check", NOW, "--format", "json")
    assert json.loads(alone)["indicators"] != expected["indicators"]


def test_a_check_writes_nothing_into_the_ledger(place: Place, capsys: Console) -> None:
    run(capsys, "check", NOW, "--ledger", place.url)
    with place.open() as ledger:
        assert ledger.heads() == {}


def test_a_check_without_a_ledger_loads_nothing_of_one() -> None:
    program = (
        "import sys\n"
        "from supervise.cli import main\n"
        f"try: main(['check', {str(NOW)!r}])\n"
        "except SystemExit: pass\n"
        "loaded = {name for name in sys.modules if 'sqlalchemy' in name or 'ledger' in name}\n"
        "print(sorted(loaded - {'supervise.cli.ledger'}), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stderr.strip() == "[]"


def test_a_refused_file_has_its_place(place: Place) -> None:
    outcome = check_file(Path(__file__), Settings())
    assert outcome.refusal is not None
    made = refused_of("a.xlsx", outcome.sha256, "2026Q3", outcome.refusal)
    with place.open() as ledger:
        ledger.append("@office", [made])
        assert ledger.append("@office", [made]).added == 0
        assert ledger.records(type(made)) == [("@office", made)]
        assert BANK not in ledger.heads()
