"""The frame: what is packaged, pinned and bundled, and that set-up says what it cannot do."""

from __future__ import annotations

import configparser
import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from supervise import __version__, doctor

ROOT = Path(__file__).parents[1]
FONTS = ROOT / "supervise" / "fonts"


def config() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def pins() -> set[str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {line.partition("==")[0].lower() for line in lines if line and line[0] != "#"}


def test_every_package_of_the_checkout_is_packaged() -> None:
    found = {
        ".".join(folder.parent.relative_to(ROOT).parts)
        for folder in (ROOT / "supervise").rglob("__init__.py")
    }
    assert set(config()["options"]["packages"].split()) == found | {"supervise.templates"}


def test_every_data_file_of_the_checkout_is_packaged() -> None:
    patterns = config()["options.package_data"]
    for package, folder in (
        ("supervise", ROOT / "supervise"),
        ("supervise.templates", ROOT / "templates"),
    ):
        packaged = {file for pattern in patterns[package].split() for file in folder.glob(pattern)}
        there = {
            file
            for file in folder.rglob("*")
            if file.is_file() and file.suffix not in {".py", ".pyc"} and file.name != ".gitkeep"
        }
        assert there - packaged == set()


@pytest.mark.parametrize("section", ["install_requires", "postgres", "test"])
def test_every_requirement_is_pinned(section: str) -> None:
    settings = config()
    text = settings["options"].get(section) or settings["options.extras_require"][section]
    names = [re.split(r"[ <>=\[]", line)[0].lower() for line in text.split("\n") if line]
    assert set(names) <= pins()


def test_the_changelog_knows_the_version() -> None:
    first = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert first
    assert first[1] == __version__


def test_the_bundled_fonts_are_those_that_were_committed() -> None:
    for line in (FONTS / "fonts.sha256").read_text(encoding="ascii").splitlines():
        digest, name = line.split()
        assert hashlib.sha256((FONTS / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize(("style", "weight"), [("Regular", 400), ("Bold", 700)])
def test_each_weight_has_the_family_name_of_its_own(style: str, weight: int) -> None:
    with TTFont(FONTS / f"SuperviseSansSC-{style}.ttf", lazy=True) as font:
        assert font["name"].getDebugName(16) == "Supervise Sans SC"
        assert font["name"].getDebugName(17) == style
        assert font["OS/2"].usWeightClass == weight
        assert "fvar" not in font


@pytest.mark.parametrize("name", doctor.WEIGHTS)
def test_figures_are_of_one_width_so_that_columns_align(name: str) -> None:
    with TTFont(FONTS / name, lazy=True) as font:
        glyphs = font.getBestCmap()
        assert len({font["hmtx"][glyphs[ord(figure)]][0] for figure in "0123456789"}) == 1


def test_names_of_people_outside_gb2312_can_be_printed() -> None:
    from supervise.write.typeface import coverage

    known = coverage([FONTS / name for name in doctor.WEIGHTS])
    assert set(map(ord, "镕喆堃垚珺玥昇龑頔峯")) <= known


def test_doctor_finds_nothing_amiss_here(tmp_path: Path) -> None:
    assert [probe for probe in doctor.examine(tmp_path / "new") if not probe.ok] == []


def test_doctor_says_how_to_mend_a_missing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(doctor.LIBRARIES, "hb-subset", ("libnowhere.so.9",))
    probe = doctor.library("hb-subset")
    assert not probe.ok
    assert "libharfbuzz-subset0" in probe.fix


def test_doctor_notices_a_font_that_was_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(FONTS, tmp_path, dirs_exist_ok=True)
    (tmp_path / doctor.WEIGHTS[1]).write_bytes(b"changed")
    monkeypatch.setattr(doctor, "FONTS", tmp_path)
    probe = doctor.fonts_intact()
    assert not probe.ok
    assert "Bold" in probe.detail


def test_doctor_notices_a_console_that_cannot_print_chinese(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Latin:
        encoding = "latin-1"

    monkeypatch.setattr("sys.stdout", Latin())
    assert not doctor.console().ok


def test_setup_without_its_packages_prints_the_line_to_run_and_stops(tmp_path: Path) -> None:
    """A machine where dpkg knows no package and we are nobody: commands of that name say so."""
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOT / "scripts", checkout / "scripts")
    commands = tmp_path / "bin"
    commands.mkdir()
    for name, script in (("dpkg-query", "exit 1"), ("id", "echo 1000"), ("apt-cache", "exit 0")):
        (commands / name).write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
        (commands / name).chmod(0o755)
    environment = os.environ | {"PATH": f"{commands}:{os.environ['PATH']}"}
    run = subprocess.run(
        [checkout / "scripts" / "setup.sh", "test"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert (
        "sudo apt-get update && sudo apt-get install --no-install-recommends"
        " libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        " libreoffice-calc-nogui poppler-utils qpdf" in run.stderr
    )
    assert not (checkout / ".venv").exists()
