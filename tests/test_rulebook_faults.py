"""Every fault of a law file is found, with its file, its line and the words that mend it.

Each file of ``rulebook_faults/`` makes one fault in the small law: ``file``, ``old``, ``new``,
and the ``words`` that the message must hold.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from supervise.errors import RulebookError
from supervise.read.lint import Problem, lint
from supervise.read.yaml import read_yaml

HERE = Path(__file__).parent
FAULTS = sorted((HERE / "rulebook_faults").glob("*.yaml"))


def faulty_law(tmp_path: Path, fault: Path) -> Path:
    law = Path(shutil.copytree(HERE / "small_law", tmp_path / "law")) / "rulebook"
    change = read_yaml(fault)
    path = law / change.text("file")
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    old = change.text("old")
    assert text.count(old) == 1 or not text, f"{old!r} stands {text.count(old)} times"
    path.write_text(text.replace(old, change.text("new")) or change.text("new"), encoding="utf-8")
    return law


def said(problem: Problem) -> str:
    return f"{problem.file}:{problem.line} {problem.what} {problem.expected} {problem.fix}"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda path: path.stem)
def test_the_fault_is_found_where_it_is(tmp_path: Path, fault: Path) -> None:
    change = read_yaml(fault)
    problems = lint(faulty_law(tmp_path, fault))
    words = change.texts("words")
    found = [one for one in problems if all(word in said(one) for word in words)]
    assert found, [said(one) for one in problems]
    assert found[0].line > 0
    assert found[0].fix
    if "elsewhere" not in change:
        assert found[0].file.endswith(change.text("file"))


def test_there_is_a_fault_file_for_each_kind_of_fault() -> None:
    assert len(FAULTS) >= 30


def test_lint_collects_the_faults_of_all_files(tmp_path: Path) -> None:
    law = Path(shutil.copytree(HERE / "small_law", tmp_path / "law")) / "rulebook"
    for name, old, new in (
        ("parameters.yaml", "1000万", "一千万"),
        ("definitions.yaml", "G01_bills", "G01_bill"),
        ("checks/across.yaml", "source: house", "source: hose"),
    ):
        path = law / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    files = {Path(problem.file).name for problem in lint(law)}
    assert {"parameters.yaml", "definitions.yaml", "across.yaml"} <= files


def test_a_file_that_no_reader_looks_at_is_said(tmp_path: Path) -> None:
    office = tmp_path / "office"
    (office / "indicator").mkdir(parents=True)
    (office / "indicator" / "x.yaml").write_text("name: x\n", encoding="utf-8")
    problems = lint(HERE / "small_law" / "rulebook", office)
    assert len(problems) == 1
    assert "indicators" in problems[0].fix


def test_a_missing_overlay_is_a_law_fault(tmp_path: Path) -> None:
    with pytest.raises(RulebookError) as caught:
        lint(HERE / "small_law" / "rulebook", tmp_path / "nowhere")
    assert caught.value.exit_code == 4
    assert "--rulebook" in caught.value.fix
