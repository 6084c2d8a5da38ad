"""`supervise evaluate` and its internal folder: written, linked, listed, and nowhere else."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from supervise.cli import main

SAMPLES = Path(__file__).parents[1] / "sample_submissions"
FILES = ("rc01-yunting", "rc02-weidu", "rc09-chengyan", "rc10-luyu-1", "rc10-luyu-2")


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filed")
    for name in FILES:
        shutil.copy(SAMPLES / "2026Q3" / f"{name}.xlsx", folder)
    (folder / "text.xlsx").write_text("不是工作簿", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def out(filed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    assert evaluate(filed, folder, "--workers", "1") == 1
    return folder


def evaluate(paths: Path, folder: Path, *options: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["evaluate", str(paths), "-o", str(folder), *options])
    assert isinstance(left.value.code, int)
    return left.value.code


def summaries(folder: Path) -> list[str]:
    """What lies in the internal folder beside the drafts of opinions and the run's own notes."""
    found = (file.name for file in (folder / "internal").iterdir() if file.is_file())
    return sorted(name for name in found if not name.startswith("opinions"))


def test_summary_and_league_lie_in_a_folder_of_their_own(out: Path) -> None:
    assert summaries(out) == ["league-2026Q3.xlsx", "summary-2026Q3.pdf"]


def test_the_manifest_lists_them_and_the_index_links_them(out: Path) -> None:
    listed = json.loads((out / "manifest.json").read_text("utf-8"))["internal"]
    assert [(one["kind"], one["period"]) for one in listed] == [
        ("summary", "2026Q3"), ("league", "2026Q3"),
    ]  # fmt: skip
    for one in listed:
        assert hashlib.sha256((out / one["path"]).read_bytes()).hexdigest() == one["sha256"]
        assert f'<a href="{one["path"]}">' in (out / "index.html").read_text("utf-8")


def test_a_summary_that_was_changed_afterwards_is_found_out(out: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(out, copy)
    (copy / "internal" / "league-2026Q3.xlsx").write_bytes(b"changed")
    with pytest.raises(SystemExit) as left:
        main(["verify", str(copy / "manifest.json")])
    assert left.value.code == 8


def contents(file: Path) -> str:
    """All that a document says, parts of a workbook unpacked."""
    data = file.read_bytes()
    if not zipfile.is_zipfile(file):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return "".join(package.read(n).decode("utf-8", "replace") for n in package.namelist())


def test_nothing_of_the_internal_folder_is_in_any_banks_folder(out: Path) -> None:
    banks = {f.name for f in out.iterdir() if re.fullmatch(r"B[0-9A-Z]+", f.name)}
    assert len(banks) == 4
    names = {"B9001H233010001": "云汀", "B9002H233010001": "苇渡", "B9009H251010001": "澄堰"}
    for code in banks:
        for file in (out / code).iterdir():
            assert not re.search("summary|league", file.name)
            text = contents(file)
            assert not [c for c in banks - {code} if c in text]
            assert not [name for c, name in names.items() if c != code and name in text]
            assert "区域汇总" not in text


def test_the_pdf_can_be_left_out(filed: Path, tmp_path: Path) -> None:
    evaluate(filed, tmp_path, "--no-pdf", "--workers", "1")
    assert summaries(tmp_path) == ["league-2026Q3.xlsx"]


def test_several_workers_give_the_same_bytes(filed: Path, out: Path, tmp_path: Path) -> None:
    evaluate(filed, tmp_path, "--no-pdf", "--workers", "2")
    name = "internal/league-2026Q3.xlsx"
    assert (tmp_path / name).read_bytes() == (out / name).read_bytes()


def test_each_period_has_its_own_summary(tmp_path: Path) -> None:
    filed = tmp_path / "filed"
    filed.mkdir()
    for period in ("2025Q4", "2026Q3"):
        file = SAMPLES / period / "rc01-yunting.xlsx"
        shutil.copy(file, filed / f"{period}.xlsx")
    evaluate(filed, tmp_path / "out", "--no-pdf", "--workers", "1")
    assert summaries(tmp_path / "out") == ["league-2025Q4.xlsx", "league-2026Q3.xlsx"]


def test_where_every_file_is_refused_the_summary_tells_why(tmp_path: Path) -> None:
    filed = tmp_path / "filed"
    filed.mkdir()
    (filed / "text.xlsx").write_text("不是工作簿", encoding="utf-8")
    assert evaluate(filed, tmp_path / "a") == 1
    assert evaluate(filed, tmp_path / "b", "--period", "2026Q3", "--no-pdf") == 1
    assert summaries(tmp_path / "a") == ["league.xlsx", "summary.pdf"]
    assert summaries(tmp_path / "b") == ["league-2026Q3.xlsx"]
