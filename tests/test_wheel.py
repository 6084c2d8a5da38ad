"""The wheel alone, in an empty environment away from the checkout, does the main job."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "sample_submissions" / "2026Q3"
SOURCES = (
    "supervise",
    "templates",
    "setup.cfg",
    "setup.py",
    "pyproject.toml",
    "README.md",
    "LICENSE",
)

pytestmark = pytest.mark.real


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run(
        command, cwd=cwd, env=kept, capture_output=True, encoding="utf-8", check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that nothing left lying in the checkout gets in."""
    copy = tmp_path_factory.mktemp("source")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, copy / name)
    pip = (sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", "dist")
    built = run(*pip, ".", cwd=copy)
    assert built.returncode == 0, built.stderr
    return next((copy / "dist").glob("supervise-*.whl"))


@pytest.fixture(scope="module")
def away(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder far from the checkout, for results."""
    return tmp_path_factory.mktemp("away")


@pytest.fixture(scope="module")
def supervise(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, installed with its dependencies and nothing else."""
    home = tmp_path_factory.mktemp("empty")
    made = run(sys.executable, "-m", "venv", home, cwd=home)
    assert made.returncode == 0, made.stderr
    constraints = ROOT / "constraints.txt"
    installed = run(home / "bin" / "pip", "install", "-c", constraints, wheel, cwd=home)
    assert installed.returncode == 0, installed.stderr
    return home / "bin" / "supervise"


def sample() -> Path:
    return min(SAMPLES.glob("*.xlsx"))


def test_the_wheel_carries_its_data_and_the_compiled_law(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "supervise/compiled.jsonl",
        "supervise/rulebook/grades.yaml",
        "supervise/forms/S71_I/2025.yaml",
        "supervise/locale/zh.yaml",
        "supervise/templates/report.css",
        "supervise/fonts/SuperviseSansSC-Regular.ttf",
    ):
        assert wanted in names


def test_help_is_printed(supervise: Path, away: Path) -> None:
    shown = run(supervise, "--help", cwd=away)
    assert shown.returncode == 0, shown.stderr
    assert "evaluate" in shown.stdout


def test_doctor_finds_nothing_amiss(supervise: Path, away: Path) -> None:
    shown = run(supervise, "doctor", cwd=away)
    assert shown.returncode == 0, shown.stdout + shown.stderr


def test_a_blank_workbook_is_written(supervise: Path, away: Path) -> None:
    kind = ("--period", "2026Q3", "--bank-type", "rural_commercial")
    written = run(supervise, "template", *kind, "-o", "blank.xlsx", cwd=away)
    assert written.returncode == 0, written.stderr
    assert (away / "blank.xlsx").read_bytes().startswith(b"PK")


def test_a_sample_is_checked(supervise: Path, away: Path) -> None:
    checked = run(supervise, "check", sample(), "--format", "json", cwd=away)
    assert checked.returncode in {0, 1}, checked.stderr
    document = json.loads(checked.stdout)
    assert document["schema"] == "supervise/evaluation/1"
    assert document["indicators"]


def test_a_sample_becomes_a_report(supervise: Path, away: Path) -> None:
    made = run(supervise, "evaluate", sample(), "-o", "reports", cwd=away)
    assert made.returncode in {0, 1}, made.stderr
    report = next((away / "reports").rglob("*.pdf"))
    assert report.read_bytes().startswith(b"%PDF-")
    assert next((away / "reports").rglob("*.json"))
