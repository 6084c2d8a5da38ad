"""Many files are told as they are checked; none is kept once it has been told."""

from __future__ import annotations

import weakref
from pathlib import Path
from typing import Any

import pytest

from supervise.cli import main
from supervise.core.evaluation import Evaluation
from supervise.json_text import to_json
from supervise.pipeline.case import Outcome, check_file
from supervise.settings import Settings
from supervise.write.document import evaluation_document, refusal_document

SAMPLES = Path(__file__).parents[1] / "sample_submissions" / "2026Q3"
GOOD, BLOCKED = SAMPLES / "rc01-yunting.xlsx", SAMPLES / "rc10-luyu-1.xlsx"
MANY = 40
FIELDS = Evaluation.__slots__  # type: ignore[attr-defined]  # set by ``record``
Printed = pytest.CaptureFixture[bytes]


class Watched(Evaluation):
    """An evaluation that tells whether it is still there."""

    __slots__ = ("__weakref__",)


class Checking:
    """Checks one workbook under every name, and counts the evaluations that are kept meanwhile.

    Attributes:
        made: Every evaluation so far.
        most: How many were still there when the next file's turn came.
    """

    def __init__(self, interrupted_at: int = -1) -> None:
        self.made: list[weakref.ref[Watched]] = []
        self.most = 0
        self._interrupted_at = interrupted_at

    def __call__(self, path: Path, settings: Settings, **_: Any) -> Outcome:
        if len(self.made) == self._interrupted_at:
            raise KeyboardInterrupt
        self.most = max(self.most, sum(one() is not None for one in self.made))
        checked = check_file(GOOD, settings)
        fields = {name: getattr(checked.evaluation, name) for name in FIELDS}
        evaluation = Watched(**fields)
        self.made.append(weakref.ref(evaluation))
        return Outcome(path, checked.sha256, evaluation)


def ended(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    assert isinstance(left.value.code, int)
    return left.value.code


def files(n: int) -> list[str]:
    return [f"{number:02}.xlsx" for number in range(n)]


@pytest.mark.parametrize(
    ("form", "to_file"),
    [("text", False), ("csv", False), ("json", False), ("json", True), ("xlsx", True)],
)
def test_an_evaluation_is_let_go_once_it_has_been_told(
    form: str, to_file: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfdbinary: Printed
) -> None:
    checking = Checking()
    monkeypatch.setattr("supervise.pipeline.precheck.check.check_file", checking)
    place = ("-o", tmp_path / "out") if to_file else ()
    assert ended("check", *files(MANY), "--format", form, *place) == 0
    assert len(checking.made) == MANY
    assert checking.most <= 1
    assert (tmp_path / "out").exists() == bool(place)
    assert not (tmp_path / "out.part").exists()


@pytest.mark.parametrize("form", ["text", "csv", "json"])
def test_a_file_is_told_before_the_next_is_checked(
    form: str, monkeypatch: pytest.MonkeyPatch, capfdbinary: Printed
) -> None:
    monkeypatch.setattr("supervise.pipeline.precheck.check.check_file", Checking(interrupted_at=1))
    assert ended("check", *files(3), "--format", form) == 130
    told = capfdbinary.readouterr().out.decode()
    assert {"text": "可以报送", "csv": "校核编号", "json": '"status": "passed"'}[form] in told


def test_an_interrupted_check_leaves_no_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("supervise.pipeline.precheck.check.check_file", Checking(interrupted_at=2))
    assert ended("check", *files(3), "--format", "json", "-o", tmp_path / "out.json") == 130
    assert list(tmp_path.iterdir()) == []


def test_the_array_is_what_its_documents_would_be_at_once(
    tmp_path: Path, capfdbinary: Printed
) -> None:
    broken = tmp_path / "broken\u2028.xlsx"
    broken.write_bytes(b"no workbook")
    paths = (GOOD, broken, BLOCKED)
    assert ended("check", *paths, "--format", "json") == 3
    documents = []
    for outcome in (check_file(path, Settings()) for path in paths):
        if outcome.evaluation is not None:
            documents.append(evaluation_document(outcome.evaluation))
        else:
            assert outcome.refusal is not None
            documents.append(refusal_document(broken.name, outcome.sha256, outcome.refusal))
    assert len(documents) == 3
    assert capfdbinary.readouterr().out.decode() == to_json(documents)


def test_a_workbook_without_a_place_is_refused_before_any_file_is_checked(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: Printed
) -> None:
    checking = Checking()
    monkeypatch.setattr("supervise.pipeline.precheck.check.check_file", checking)
    assert ended("check", *files(3), "--format", "xlsx") == 2
    assert "xlsx 格式需要写明文件" in capfdbinary.readouterr().err.decode()
    assert checking.made == []
