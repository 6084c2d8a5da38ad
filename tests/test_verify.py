"""``supervise verify``: a report, a manifest, a proof; intact, and the same result again."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from test_cli import Console, run
from trust_kit import (
    BRANCH,
    FILES,
    LARGE,
    NOW,
    RURAL,
    attachments,
    bomb,
    changed,
    codes,
    report,
    run_into,
    two_quarters,
    verified,
    with_attachments,
)

from supervise.core.comparing.results import result_digest
from supervise.pipeline.case import case_of, check_file
from supervise.read.words import read_words
from supervise.settings import Settings
from supervise.write.evidence import evidence
from supervise.write.report import Renderer


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return two_quarters(tmp_path_factory.mktemp("runs"))


def forged(
    target: Path, source: Path, change: Callable[[Any], None], *, context: bytes = b""
) -> Path:
    """A report printed and sealed anew, whose evaluation document says something else."""
    files = attachments(source)
    document = json.loads(files["evaluation.json"])
    change(document)
    document["digest"] = result_digest(document)
    outcome = check_file(NOW / FILES[0], Settings())
    assert outcome.evaluation is not None
    attached = evidence(
        json.dumps(document).encode(), context or files["context.json"], files["submission.xlsx"],
        FILES[0], read_words(),
    )  # fmt: skip
    target.write_bytes(Renderer(words=read_words()).pdf(outcome.evaluation, attached=attached))
    return target


@pytest.mark.parametrize(
    ("bank", "quarter", "period"),
    [
        (RURAL, "last", "2025Q4"),
        (RURAL, "now", "2026Q3"),
        (LARGE, "now", "2026Q3"),
        (BRANCH, "now", "2026Q3"),
    ],
    ids=["judged", "with history", "parent", "branch"],
)
def test_a_report_is_intact_and_its_workbook_comes_to_the_same_again(
    runs: Path, bank: str, quarter: str, period: str
) -> None:
    found = verified(report(runs, bank, quarter, period))
    assert (found.result, found.repeated, found.differences) == ("intact", True, ())


@pytest.mark.parametrize("wanted", [{"audience": "internal"}, {"lang": "en"}], ids=str)
def test_another_audience_and_another_language_verify_as_well(
    runs: Path, tmp_path: Path, wanted: dict[str, str]
) -> None:
    run_into(tmp_path / "now", [NOW / FILES[0]], history=runs / "last", **wanted)
    assert verified(report(tmp_path)).repeated is True
    here, there = attachments(report(tmp_path)), attachments(report(runs))
    mine, theirs = (json.loads(files["evaluation.json"]) for files in (here, there))
    assert (mine["digest"] == theirs["digest"]) is ("lang" in wanted)


def test_one_changed_byte_of_a_page_shows(runs: Path, tmp_path: Path) -> None:
    data = bytearray(report(runs).read_bytes())
    place = data.index(b"stream\n") + 40
    data[place] ^= 1
    file = tmp_path / "r.pdf"
    file.write_bytes(data)
    found = verified(file)
    assert found.result == "not_intact"
    assert codes(found)[0] in ("report_altered", "pdf_damaged")


def test_a_report_saved_by_another_program_is_altered_though_its_evidence_holds(
    runs: Path, tmp_path: Path
) -> None:
    found = verified(with_attachments(report(runs), tmp_path / "r.pdf", {}))
    assert codes(found) == ["report_altered"]
    assert found.repeated is True


@pytest.mark.parametrize("name", ["evaluation.json", "context.json", "submission.xlsx"])
def test_a_missing_attachment_is_named(runs: Path, tmp_path: Path, name: str) -> None:
    found = verified(with_attachments(report(runs), tmp_path / "r.pdf", {name: None}))
    assert codes(found) == ["report_altered", "attachment_missing"]
    assert name in found.faults[1].what
    assert found.repeated is None


@pytest.mark.parametrize("name", ["evaluation.json", "context.json", "submission.xlsx"])
def test_an_altered_attachment_is_named(runs: Path, tmp_path: Path, name: str) -> None:
    data = attachments(report(runs))[name]
    if name == "evaluation.json":
        data = changed(data, lambda it: it["score"].update(total="99"))
    else:
        data += b"\n"
    found = verified(with_attachments(report(runs), tmp_path / "r.pdf", {name: data}))
    assert "attachment_altered" in codes(found)
    fault = next(one for one in found.faults if one.code == "attachment_altered")
    assert (fault.where, fault.exit_code) == (name, 8)
    assert all(fault.parts().values())


def test_a_forged_result_that_seals_itself_is_found_by_working_it_out_again(
    runs: Path, tmp_path: Path
) -> None:
    file = forged(tmp_path / "r.pdf", report(runs), lambda it: it["score"].update(total="99"))
    found = verified(file)
    assert (codes(found), found.repeated) == (["result_differs"], False)
    assert [one.path for one in found.differences] == ["score.total"]
    assert "score.total（报告 99，本次 " in found.faults[0].what


def test_a_report_by_another_rulebook_says_by_which(runs: Path, tmp_path: Path) -> None:
    def other(document: Any) -> None:
        document["rulebook"].update(digest="ab" * 32, version="9.9", overlay="某局规则")

    found = verified(forged(tmp_path / "r.pdf", report(runs), other))
    assert codes(found) == ["rulebook_differs"]
    assert "9.9，摘要 abababababab，本局规则 某局规则" in found.faults[0].what
    assert "--rulebook" in found.faults[0].fix
    assert found.repeated is None


def test_another_program_version_with_the_same_result_is_only_told(
    capsys: Console, runs: Path, tmp_path: Path
) -> None:
    file = forged(tmp_path / "r.pdf", report(runs), lambda it: it.update(program="0.9.9"))
    code, out, err = run(capsys, "verify", file)
    assert (code, err) == (0, "")
    assert "由 supervise 0.9.9 写出" in out


@pytest.mark.parametrize(
    "odd", [None, True, -1, 1.5, "x" * 500, "\x1b[31m", "\ud800", [], {}], ids=repr
)
def test_no_odd_content_of_the_evidence_breaks_verification(
    capsys: Console, runs: Path, tmp_path: Path, odd: object
) -> None:
    base = attachments(report(runs))
    for name, keys in (
        ("evaluation.json", ("submission", "rulebook", "findings", "digest", "program", "context")),
        ("context.json", ("history", "peers", "judgements", "adjustments", "parent", "filed")),
    ):
        for key in keys:
            data = json.loads(base[name]) | {key: odd}
            spoilt = {name: json.dumps(data).encode()}
            file = with_attachments(report(runs), tmp_path / "r.pdf", spoilt)
            code, _, err = run(capsys, "verify", file)
            assert code == 8
            assert "\x1b" not in err


@pytest.mark.parametrize(
    "spoilt",
    [
        {"history": [{"period": "2025Q4"}]},
        {"peers": {"first_loan": {"n": "many"}}},
        {"first_filing": {"blocking": True, "unanswered": 0}},
        {"parent": {"type": "no_such_type", "province": "330000", "indicators": []}},
        {"judgements": [{"indicator": "no_such", "part": "x", "points": "1"}]},
        {"schema": "supervise/context/2"},
    ],
    ids=lambda spoilt: next(iter(spoilt)),
)
def test_a_context_that_is_not_ours_is_refused_even_where_its_digest_fits(
    runs: Path, tmp_path: Path, spoilt: dict[str, Any]
) -> None:
    context = changed(attachments(report(runs))["context.json"], lambda it: it.update(spoilt))

    def fitting(document: Any) -> None:
        document["context"]["sha256"] = hashlib.sha256(context).hexdigest()

    file = forged(tmp_path / "r.pdf", report(runs), fitting, context=context)
    assert codes(verified(file)) == ["context_invalid"]


def test_a_pdf_of_somebody_else_is_no_report(capsys: Console, tmp_path: Path) -> None:
    file = tmp_path / "other.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(file)
    code, out, err = run(capsys, "verify", file)
    assert (code, out) == (2, "")
    assert "not_a_report" in err


def test_a_report_without_its_end_or_locked_or_garbled_is_not_intact(
    runs: Path, tmp_path: Path
) -> None:
    whole = report(runs).read_bytes()
    file = tmp_path / "r.pdf"
    for spoilt, code in (
        (whole[: len(whole) // 2], "pdf_truncated"),
        (b"%PDF-1.7\n" + b"\xff" * 2000 + b"%%EOF", "pdf_damaged"),
        (b"%PDF-1.7\nstartxref\n0\n%%EOF", "pdf_damaged"),
    ):
        file.write_bytes(spoilt)
        found = verified(file)
        assert (found.result, codes(found)) == ("not_intact", [code])
    with pikepdf.open(report(runs)) as pdf:
        pdf.save(file, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert codes(verified(file)) == ["pdf_encrypted"]


@pytest.mark.parametrize("twice", [False, True])
def test_a_pdf_bomb_is_refused_in_little_memory(tmp_path: Path, twice: bool) -> None:
    file = tmp_path / "bomb.pdf"
    file.write_bytes(bomb(1000 if twice else 300, twice=twice))
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from supervise.pipeline.verify.files import verify_files\n"
        "from supervise.settings import Settings\n"
        "found = verify_files([Path(sys.argv[1])], Settings())\n"
        "lines = Path('/proc/self/status').read_text().splitlines()\n"
        "peak = next(line for line in lines if line.startswith('VmHWM')).split()[1]\n"
        "print(found[0].faults[0].code, peak)\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", script, file], check=True, capture_output=True, text=True
    )
    code, peak = done.stdout.split()
    assert code == "pdf_damaged"
    assert int(peak) < 250 * 1024


def test_a_manifest_names_what_is_missing_and_what_was_altered(runs: Path, tmp_path: Path) -> None:
    run_into(tmp_path, [NOW / FILES[0]], history=runs / "last")
    manifest = tmp_path / "manifest.json"
    assert verified(manifest).result == "intact"
    (tmp_path / "index.html").write_text("x", encoding="utf-8")
    report(tmp_path.parent, RURAL, tmp_path.name).unlink()
    found = verified(manifest)
    assert codes(found) == ["document_missing", "document_altered"]
    assert f"{RURAL}/{RURAL}-2026Q3.pdf" in found.faults[0].what
    assert "index.html" in found.faults[1].what


def test_a_manifest_that_was_edited_or_leads_outside_is_not_intact(
    runs: Path, tmp_path: Path
) -> None:
    data = (runs / "now" / "manifest.json").read_bytes()
    file = tmp_path / "m.json"
    file.write_bytes(changed(data, lambda it: it.update(program="0")))
    assert codes(verified(file))[0] == "manifest_altered"
    for path in ("../secret", "/etc/passwd", "C:\\x", "a/../../b", "\x1b[31m"):
        listed = {"documents": [{"path": path, "sha256": "0" * 64}]}
        file.write_bytes(json.dumps({**json.loads(data), **listed}).encode())
        assert codes(verified(file)) == ["path_outside"]


def test_an_evaluation_document_is_held_against_its_own_digest(runs: Path, tmp_path: Path) -> None:
    path = report(runs).with_suffix(".json")
    assert verified(path).result == "intact"
    file = tmp_path / "e.json"
    file.write_bytes(changed(path.read_bytes(), lambda it: it["facts"].update(G01_loans="1")))
    assert codes(verified(file)) == ["document_altered"]
    file.write_bytes(changed(path.read_bytes(), lambda it: it.pop("digest")))
    assert codes(verified(file)) == ["no_digest"]


def test_files_of_mixed_kinds_are_all_looked_at(
    capsys: Console, runs: Path, tmp_path: Path
) -> None:
    proof = tmp_path / "p.json"
    run(capsys, "check", NOW / FILES[0], "--proof", proof)
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(report(runs).read_bytes()[:5000])
    given = [report(runs), runs / "now" / "manifest.json", proof, NOW / FILES[0], cut]
    code, out, err = run(capsys, "verify", *given)
    assert code == 8
    assert out.count("完好") == 3
    assert "完好 3，不符 1，不能核验 1" in err
    assert run(capsys, "verify", *given[:-1])[0] == 2
    code, out, err = run(capsys, "verify", *given, "--format", "json")
    documents = json.loads(out)
    assert (code, err) == (8, "")
    assert {one["schema"] for one in documents} == {"supervise/verification/1"}
    assert [one["kind"] for one in documents] == [
        "report", "manifest", "proof", "unknown", "report",
    ]  # fmt: skip
    assert [one["result"] for one in documents] == [
        "intact", "intact", "intact", "unreadable", "not_intact",
    ]  # fmt: skip
    assert documents[0]["repeated"] is True
    assert documents[4]["faults"][0].keys() == {"code", "message", "where", "expected", "fix"}


def test_a_summary_of_many_banks_carries_nothing_and_only_its_bytes_count(
    runs: Path, tmp_path: Path
) -> None:
    summary = next((runs / "now" / "internal").glob("*.pdf"))
    found = verified(summary)
    assert (found.kind, found.result, found.repeated) == ("summary", "intact", None)
    file = tmp_path / "s.pdf"
    file.write_bytes(summary.read_bytes().replace(b"%PDF-1.7", b"%PDF-1.6"))
    assert codes(verified(file)) == ["report_altered"]
    stripped = with_attachments(
        report(runs), tmp_path / "r.pdf", dict.fromkeys(attachments(report(runs)))
    )
    assert codes(verified(stripped)) == ["report_altered", "attachment_missing"]


def test_the_attached_workbook_is_the_banks_own_file(runs: Path) -> None:
    files = attachments(report(runs))
    assert sorted(files) == ["context.json", "evaluation.json", "submission.xlsx"]
    assert files["submission.xlsx"] == (NOW / FILES[0]).read_bytes()
    assert files["evaluation.json"] == report(runs).with_suffix(".json").read_bytes()
    assert case_of(files["submission.xlsx"], "x", Settings()).submission.bank.code == RURAL
